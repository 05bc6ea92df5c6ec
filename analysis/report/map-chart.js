// Part 3: the map one can play. ECharts draws its axes; the marks lie on a canvas of their own above
// them, since twenty thousand of them change with every step of time. The legend filters.

(function drawMap() {
  const data = DATA.map;
  if (!data) return;
  const marks = data.dots ? new DotMarks(data) : new HexagonMarks(data);
  const frames = data.frames;
  const element = document.getElementById("map-chart");
  const story = document.getElementById("map-story");
  const hidden = new Set();
  let selection = null; // ids of devices, or null for all
  let frame = Math.max(frames.length - 1, 0);
  let pointed = null; // index of the mark that is told of, or null
  let pinned = false; // by the keyboard or a click: it stays while time passes
  let pen = null;

  const MARGINS = { left: 60, right: 20, top: 15, bottom: 50 };
  const pad = data.hexagons ? 1.3 * data.hexagons.radius : 0;
  const bounds = (data.dots || data.hexagons.cells).map(([x, y]) => [x, y])
    .concat(data.gateways.map((gateway) => [gateway.x, gateway.y]))
    .reduce(
      (box, [x, y]) => [Math.min(box[0], x), Math.max(box[1], x), Math.min(box[2], y), Math.max(box[3], y)],
      [Infinity, -Infinity, Infinity, -Infinity],
    );
  const now = () => (frames.length > 0 && frame < frames.length - 1 ? frames[frame] : Infinity);

  /** Bounds of both axes so that a metre is as long east as it is north. */
  function makeBounds(chart) {
    const width = Math.max(chart.getWidth() - MARGINS.left - MARGINS.right, 100);
    const height = Math.max(chart.getHeight() - MARGINS.top - MARGINS.bottom, 100);
    const spanX = (bounds[1] - bounds[0]) * 1.06 + 2 * pad || 100;
    const spanY = (bounds[3] - bounds[2]) * 1.06 + 2 * pad || 100;
    const scale = Math.max(spanX / width, spanY / height);
    const [middleX, middleY] = [(bounds[0] + bounds[1]) / 2, (bounds[2] + bounds[3]) / 2];
    return {
      x: [middleX - (scale * width) / 2, middleX + (scale * width) / 2],
      y: [middleY - (scale * height) / 2, middleY + (scale * height) / 2],
      metre: 1 / scale,
      useKm: scale * Math.max(width, height) > 3000,
    };
  }

  function makeAxis(name, range, useKm, gap) {
    return axis(`${name} (${useKm ? "km" : "m"})`, {
      min: range[0],
      max: range[1],
      nameGap: gap,
      splitLine: { show: false },
      axisLabel: {
        color: pageTheme().quiet,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (metres) => formatTick(useKm ? metres / 1000 : metres),
      },
    });
  }

  const canvas = document.createElement("canvas");
  canvas.className = "marks";
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;

  /** Fits the canvas to the chart and prepares what the marks are drawn with. */
  function makePen(chart, area) {
    const scale = Math.max(devicePixelRatio, pageTheme.onPaper ? 3 : 1);
    const [width, height] = [chart.getWidth(), chart.getHeight()];
    canvas.width = width * scale;
    canvas.height = height * scale;
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    pen = {
      context, scale, hidden, width, height, metre: area.metre, selection,
      place: (x, y) => [MARGINS.left + (x - area.x[0]) * area.metre, MARGINS.top + (area.y[1] - y) * area.metre],
    };
  }

  /** Air that a gateway has used so far, in s. */
  function airOf(gateway) {
    if (now() === Infinity || gateway.hours.length === 0) return gateway.air;
    let air = 0;
    for (const [hour, sum] of gateway.hours) if (3600 * (hour + 1) <= now()) air = sum;
    return air;
  }

  const mostAir = Math.max(...data.gateways.map((gateway) => gateway.air), 1e-9);
  const gatewaySide = (gateway) => 8 + 20 * Math.sqrt(airOf(gateway) / mostAir);

  function drawGateways() {
    const theme = pageTheme();
    const { context } = pen;
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
    for (const gateway of data.gateways) {
      const [x, y] = pen.place(gateway.x, gateway.y);
      const side = gatewaySide(gateway);
      for (const [color, width] of [[theme.page, 4], [theme.text, 2]]) {
        context.strokeStyle = color;
        context.lineWidth = width;
        context.strokeRect(x - side / 2, y - side / 2, side, side);
      }
      if (data.gateways.length > 12) continue;
      context.strokeStyle = theme.page;
      context.lineWidth = 3;
      context.strokeText(gateway.name, x + side / 2 + 5, y);
      context.fillStyle = theme.text;
      context.fillText(gateway.name, x + side / 2 + 5, y);
    }
  }

  function drawPointed() {
    if (pointed === null) return;
    const item = marks.items(pen).find(({ index }) => index === pointed);
    if (!item) return;
    pen.context.strokeStyle = pageTheme().text;
    pen.context.lineWidth = 2;
    pen.context.beginPath();
    pen.context.arc(item.x, item.y, Math.max(item.reach * 0.8, 7), 0, 2 * Math.PI);
    pen.context.stroke();
  }

  function drawMarks() {
    pen.selection = selection;
    pen.context.clearRect(0, 0, pen.width, pen.height);
    pen.context.lineWidth = 1;
    marks.draw(pen);
    drawGateways();
    drawPointed();
  }

  const entry = addChart("map-chart", "canvas", (chart) => {
    const area = makeBounds(chart);
    makePen(chart, area);
    drawMarks();
    return {
      ...baseOption(),
      grid: MARGINS,
      tooltip: { show: false },
      xAxis: makeAxis("east", area.x, area.useKm, 30),
      yAxis: makeAxis("north", area.y, area.useKm, 42),
      series: [{ type: "scatter", data: [], silent: true }],
    };
  });
  element.append(canvas, tip);

  // The legend: counts of the instant, filter.
  const buttons = new Map();
  function updateLegend() {
    const counts = marks.counts();
    data.states.forEach((state, number) => {
      const button = buttons.get(state.id);
      if (!button) return;
      button.lastChild.textContent = `${state.label} (${formatCount(counts[number])})`;
      button.setAttribute("aria-pressed", String(!hidden.has(state.id)));
    });
  }

  function showFrame(next) {
    frame = next;
    marks.setFrame(frame);
    updateLegend();
    drawMarks();
    if (pointed !== null) tellPointed();
  }

  function refresh(message) {
    updateLegend();
    drawMarks();
    if (message !== undefined) story.textContent = message;
  }

  /** States that a device is ever in: those have a button. */
  function everSeen() {
    const seen = new Set();
    if (data.dots) {
      data.dots.forEach((dot) => {
        seen.add(dot[DOT.END]);
        for (let i = 2; i < dot[DOT.STORY].length; i += 3) seen.add(dot[DOT.STORY][i]);
      });
    } else {
      data.hexagons.cells.forEach(([, , changes]) => changes.forEach((list, state) => list.length > 0 && seen.add(state)));
    }
    if (frames.length > 0) seen.add(data.states.findIndex((state) => state.id === "not-enrolled"));
    return seen;
  }

  const legend = document.getElementById("map-legend");
  const seen = everSeen();
  data.states.forEach((state, number) => {
    if (!seen.has(number)) return;
    const button = addToggle(legend, state.label, makeSwatch(state), true, () => {
      if (!hidden.delete(state.id)) hidden.add(state.id);
      refresh();
    });
    button.title = state.meaning;
    button.dataset.state = state.id;
    buttons.set(state.id, button);
  });
  const all = document.createElement("button");
  all.type = "button";
  all.className = "all";
  all.textContent = "Show all";
  all.addEventListener("click", () => {
    hidden.clear();
    selection = null;
    point(null, false);
    refresh("");
  });
  legend.append(all);

  // Pointing at marks: by mouse, by touch, by keyboard.
  function tellPointed() {
    story.textContent = pointed === null ? "" : marks.tell(pointed, now(), hidden);
  }

  function point(index, pin) {
    pointed = index;
    pinned = pin && index !== null;
    tellPointed();
    drawMarks();
  }

  function nearest(x, y) {
    let best = null;
    let bestSquare = Infinity;
    for (const item of marks.items(pen)) {
      const square = (item.x - x) ** 2 + (item.y - y) ** 2;
      if (square < bestSquare && square <= item.reach ** 2) [best, bestSquare] = [item, square];
    }
    return best;
  }

  function gatewayAt(x, y) {
    return data.gateways.find((gateway) => {
      const [left, top] = pen.place(gateway.x, gateway.y);
      const reach = gatewaySide(gateway) / 2 + 2;
      return Math.abs(left - x) <= reach && Math.abs(top - y) <= reach;
    });
  }

  function placeTip(x, y, text) {
    tip.textContent = text;
    tip.hidden = text === "";
    if (tip.hidden) return;
    const left = Math.min(Math.max(x + 14, 4), pen.width - tip.offsetWidth - 4);
    const top = y + 18 + tip.offsetHeight > pen.height ? y - tip.offsetHeight - 12 : y + 18;
    Object.assign(tip.style, { left: `${Math.max(left, 4)}px`, top: `${Math.max(top, 0)}px` });
  }

  function position(event) {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  element.addEventListener("mousemove", (event) => {
    const [x, y] = position(event);
    const gateway = gatewayAt(x, y);
    const item = gateway ? null : nearest(x, y);
    placeTip(x, y, gateway ? gateway.story : item ? marks.tell(item.index, now(), hidden) : "");
    element.style.cursor = item && data.dots ? "pointer" : "default";
    if (!pinned && (item ? item.index : null) !== pointed) point(item ? item.index : null, false);
  });
  element.addEventListener("mouseleave", () => {
    placeTip(0, 0, "");
    if (!pinned) point(null, false);
  });
  element.addEventListener("click", (event) => {
    const item = nearest(...position(event));
    if (!item) return point(null, false);
    const kept = marks.stateOf(item.index);
    if (kept !== null) {
      for (const state of data.states) hidden.add(state.id);
      hidden.delete(data.states[kept].id);
    }
    point(item.index, true);
    refresh();
  });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") point(null, false);
    if (!step) return;
    event.preventDefault();
    const items = marks.items(pen).sort((a, b) => a.x - b.x || a.y - b.y);
    if (items.length === 0) return;
    const place = items.findIndex(({ index }) => index === pointed);
    const next = place < 0 ? (step > 0 ? 0 : items.length - 1) : (place + step + items.length) % items.length;
    point(items[next].index, true);
  });

  for (const button of document.querySelectorAll("button.show")) {
    button.addEventListener("click", () => {
      selection = new Set(DATA.selections[button.dataset.selection]);
      hidden.clear();
      refresh(`Only the ${formatCount(selection.size)} devices of “${button.dataset.selection}” are shown.`);
      document.getElementById("map").scrollIntoView();
    });
  }

  updateLegend();
  if (frames.length > 0) addTimeControls(frames, showFrame);
})();
