// The marks of the map: one shape and colour a state, and the colours of shares. No two states share
// a shape, so that nothing depends on colour alone.

// Paths in a box of 16 by 16.
const SHAPES = {
  cross: "M3 1L8 6L13 1L15 3L10 8L15 13L13 15L8 10L3 15L1 13L6 8L1 3Z",
  diamond: "M8 0L16 8L8 16L0 8Z",
  triangle: "M8 1L16 15L0 15Z",
  "held-diamond": "M8 0A8 8 0 1 1 7.99 0ZM8 1.7A6.3 6.3 0 1 0 8.01 1.7ZM8 3L13 8L8 13L3 8Z",
  "held-square": "M8 0A8 8 0 1 1 7.99 0ZM8 1.7A6.3 6.3 0 1 0 8.01 1.7ZM5 5H11V11H5Z",
  ring: "M8 1A7 7 0 1 1 7.99 1ZM8 4A4 4 0 1 0 8.01 4Z",
  wedge: "M1 1L16 8L1 15Z",
  dot: "M8 4.5A3.5 3.5 0 1 1 7.99 4.5Z",
  disc: "M8 1A7 7 0 1 1 7.99 1Z",
};

// From nothing to Okabe and Ito's green, the colour of updated devices; lightness alone tells the share.
const RAMP = { light: [[224, 230, 235], [0, 158, 115]], dark: [[48, 56, 64], [38, 185, 143]] };

/** Colour of a share from 0 to 1. */
function rampColor(share) {
  const [none, all] = pageTheme().dark ? RAMP.dark : RAMP.light;
  const part = Math.min(Math.max(share, 0), 1);
  const mixed = none.map((low, i) => Math.round(low + (all[i] - low) * part));
  return `rgb(${mixed.join(",")})`;
}

/**
 * A mark drawn once and stamped often: twenty thousand paths a frame would be slow.
 * `size` in CSS pixels, `scale` device pixels for one of them.
 */
function makeStamp(state, size, scale, outline) {
  const stamp = document.createElement("canvas");
  const width = Math.ceil((size + 2) * scale);
  stamp.width = width;
  stamp.height = width;
  const context = stamp.getContext("2d");
  context.scale(scale, scale);
  context.translate(1, 1);
  context.scale(size / 16, size / 16);
  const path = new Path2D(SHAPES[state.shape]);
  if (outline) {
    context.strokeStyle = outline;
    context.lineWidth = (2 * 16) / size;
    context.stroke(path);
  }
  context.fillStyle = colorOf(state);
  context.fill(path, "evenodd");
  return stamp;
}

/** The same mark for a button of a legend. */
function makeSwatch(state) {
  return `<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[state.shape]}" ${styleColor("fill", state)} fill-rule="evenodd"/></svg>`;
}
