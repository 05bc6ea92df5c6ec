// Axes and names of the chart of two metrics: round limits, and a place for the name of every mark
// where it covers neither another name nor a mark. Nothing here knows what a metric is.

/** Round limits of an axis that holds all `values`, with about `steps` steps: { min, max, interval }. */
function roundRange(values, steps) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low <= 1e-9 * Math.abs(high)) {
    const pad = 0.05 * Math.abs(high) || 1;
    [low, high] = [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
  }
  const rough = (high - low) / Math.max(steps, 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= rough * (1 - 1e-9));
  const round = (count) => Number((count * interval).toPrecision(12));
  return { min: round(Math.floor(low / interval + 1e-9)), max: round(Math.ceil(high / interval - 1e-9)), interval: round(1) };
}

const NAME_FONT_PX = 12;
const NAME_HEIGHT = 17; // of a name with the ground behind it
const nameContext = document.createElement("canvas").getContext("2d");

/** Width of a name in px, with the ground behind it. */
function measureName(name) {
  nameContext.font = `${NAME_FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
  return nameContext.measureText(name).width + 8;
}

/** A name cut to a width in px. */
function cutName(name, width) {
  if (measureName(name) <= width) return name;
  const letters = [...name];
  while (letters.length > 1 && measureName(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

function isApart(a, b) {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}

/** Places around a mark, the nearest first: beside it above and below, then farther up and down. */
function listPlaces({ x, y, radius }, width) {
  const places = [];
  for (let away = 0; away < 14; ++away) {
    for (const up of [true, false]) {
      const offset = radius + away * NAME_HEIGHT;
      const top = up ? y - offset - NAME_HEIGHT + 4 : y + offset - 4;
      const gap = radius + (away > 0 ? 14 : 0);
      for (const left of [x + gap, x - gap - width]) {
        places.push({ left, right: left + width, top, bottom: top + NAME_HEIGHT, isFar: away > 0 });
      }
    }
  }
  return places;
}

/**
 * A place for each name, in the order of the marks; null where there is room for none.
 * `marks` are { x, y, radius, name } and `lines` boxes to leave free where possible, all in px.
 */
function placeNames(marks, lines, box) {
  const taken = marks.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  return marks.map((mark) => {
    const places = listPlaces(mark, measureName(mark.name)).filter((place) =>
      place.left >= box.left && place.right <= box.right && place.top >= box.top && place.bottom <= box.bottom &&
      taken.every((other) => isApart(place, other)));
    const near = places.filter((place) => !place.isFar);
    const free = (place) => lines.every((line) => isApart(place, line));
    const place = near.find(free) || places.find(free) || places[0] || null;
    if (place) taken.push(place);
    return place;
  });
}
