// Two metrics of the reader's choice against each other: strategies as marks with their intervals, and
// the line of those that no other beats in both.

(function drawPareto() {
  const data = DATA.strategies;
  if (!data || !document.getElementById("pareto-chart")) return;
  const MOST_NAMED = 10; // of more strategies the chart names those on the front, and a legend all
  const MARGIN = { left: 75, right: 25, top: 20, bottom: 55 };
  const metric = (name) => data.metrics.find((one) => one.name === name);
  let [x, y] = [metric(data.x), metric(data.y)];

  function show(of, value) {
    if (of.kind === "duration") return formatDuration(Math.max(value, 0));
    if (of.kind === "share") return formatShare(value);
    return `${formatNumber(value)}${of.unit ? ` ${of.unit}` : ""}`;
  }

  /** The unit of a metric's axis: { divisor, title }. */
  function scaleOf(of) {
    const most = Math.max(...of.values.filter((value) => value).map((value) => value.high));
    if (of.kind === "share") return { divisor: 0.01, title: `${of.title} (%)` };
    if (of.kind !== "duration") return { divisor: 1, title: of.unit ? `${of.title} (${of.unit})` : of.title };
    const unit = timeUnit(most);
    return { divisor: unit.divisor, title: `${of.title} (${unit.name})` };
  }

  function known() {
    return data.variants.map((variant, i) => ({ variant, number: i, x: x.values[i], y: y.values[i] })).filter((item) => item.x && item.y);
  }

  /** Strategies that no other beats in both metrics, along x. */
  function front() {
    const cost = (of, value) => (of.larger ? -value.mean : value.mean);
    const items = known();
    const beats = (a, b) =>
      cost(x, a.x) <= cost(x, b.x) && cost(y, a.y) <= cost(y, b.y) && (cost(x, a.x) < cost(x, b.x) || cost(y, a.y) < cost(y, b.y));
    return items.filter((item) => !items.some((other) => beats(other, item))).sort((a, b) => a.x.mean - b.x.mean);
  }

  /** No metric is below zero, so neither is what an interval says of it. */
  const lowOf = (value) => Math.max(value.low, 0);

  /** Later marks are smaller, so that those of equal strategies are seen around each other. */
  const radiusOf = ({ number }) => 8.5 - 1.3 * (number % 4);

  /** The axis of a metric over a length in px. */
  function makeScale(of, values, length, pxPerStep) {
    const scale = scaleOf(of);
    const shown = values.flatMap((value) => [lowOf(value), value.high, ...value.runs]).map((value) => value / scale.divisor);
    return { ...scale, ...(shown.length > 0 ? roundRange(shown, length / pxPerStep) : { min: 0, max: 1, interval: 1 }), length };
  }

  /** The chart's geometry: scales, and where a point of it stands in px. */
  function measure(chart) {
    const box = { left: MARGIN.left, top: MARGIN.top, right: chart.getWidth() - MARGIN.right, bottom: chart.getHeight() - MARGIN.bottom };
    const along = makeScale(x, known().map((item) => item.x), box.right - box.left, 90);
    const up = makeScale(y, known().map((item) => item.y), box.bottom - box.top, 50);
    const part = (scale, value) => (value / scale.divisor - scale.min) / (scale.max - scale.min);
    return {
      box, along, up,
      px: (valueX, valueY) => [box.left + part(along, valueX) * along.length, box.bottom - part(up, valueY) * up.length],
      point: ([pxX, pxY]) => [
        along.min + ((pxX - box.left) / along.length) * (along.max - along.min),
        up.min + ((box.bottom - pxY) / up.length) * (up.max - up.min),
      ],
    };
  }

  /** The named strategies with the places of their names. */
  function placeAll(geometry) {
    const items = data.variants.length > MOST_NAMED ? front() : known();
    const marks = items.map((item) => {
      const [left, top] = geometry.px(item.x.mean, item.y.mean);
      const widest = 0.45 * (geometry.box.right - geometry.box.left);
      return { item, x: left, y: top, radius: radiusOf(item), name: cutName(item.variant.name, Math.min(widest, 260)) };
    });
    const lines = items.flatMap((item) => {
      const [[left, bottom], [right, top]] = [geometry.px(lowOf(item.x), lowOf(item.y)), geometry.px(item.x.high, item.y.high)];
      const [middleX, middleY] = geometry.px(item.x.mean, item.y.mean);
      return [{ left, right, top: middleY - 1, bottom: middleY + 1 }, { left: middleX - 1, right: middleX + 1, top, bottom }];
    });
    const places = placeNames(marks, lines, geometry.box);
    return marks.map((mark, i) => ({ ...mark, place: places[i] }));
  }

  function makeStrategy(item, geometry) {
    const { variant, x: along, y: up } = item;
    const color = colorOf(variant);
    const at = (valueX, valueY) => [valueX / geometry.along.divisor, valueY / geometry.up.divisor];
    const tooltip = {
      formatter: () => [escapeHtml(variant.name), ...[[x, along], [y, up]].map(([of, value]) =>
        `${escapeHtml(of.title)}: ${show(of, value.mean)}${value.runs.length > 1 ? ` (95 % interval ${show(of, lowOf(value))} to ${show(of, value.high)})` : ""}`)].join("<br>"),
    };
    const segment = (from, to) => ({
      type: "line", data: [from, to], symbol: "none", color, lineStyle: { width: 1.5, opacity: 0.7 }, silent: true, name: variant.name,
    });
    const several = along.runs.length > 1;
    return [
      ...(several ? [segment(at(lowOf(along), up.mean), at(along.high, up.mean)), segment(at(along.mean, lowOf(up)), at(along.mean, up.high))] : []),
      {
        type: "scatter", symbolSize: 4, itemStyle: { color, opacity: 0.5 }, silent: true, name: variant.name,
        data: several ? along.runs.map((value, i) => at(value, up.runs[i])) : [],
      },
      {
        type: "scatter", name: variant.name, symbol: variant.mark, symbolSize: 2 * radiusOf(item), z: 4, tooltip,
        itemStyle: { color, borderColor: pageTheme().page, borderWidth: 1 },
        data: [at(along.mean, up.mean)],
      },
    ];
  }

  /** A name at its place, with a thin line to its mark where it stands away from it. */
  function makeName({ item, name, x: markX, y: markY, radius, place }, geometry) {
    if (!place) return [];
    const isRight = place.left > markX;
    const middle = (place.top + place.bottom) / 2;
    const from = [isRight ? place.left : place.right, middle];
    const leader = {
      type: "line", silent: true, symbol: "none", z: 3, name: item.variant.name, color: colorOf(item.variant), lineStyle: { width: 0.8 },
      data: [geometry.point(from), geometry.point([markX, markY + (middle < markY ? -radius : radius) / 2])],
    };
    const text = {
      type: "scatter", silent: true, symbolSize: 0, z: 5, name: item.variant.name, data: [geometry.point([place.left + 4, middle])],
      label: {
        show: true, position: "right", distance: 0, formatter: () => name, color: pageTheme().text, fontSize: NAME_FONT_PX, opacity: 1,
        backgroundColor: pageTheme().dark ? "rgba(20,24,29,.8)" : "rgba(255,255,255,.8)", padding: [1, 0],
      },
    };
    return place.isFar ? [leader, text] : [text];
  }

  function tell() {
    const names = front().map(({ variant }) => `“${variant.name}”`);
    const direction = (of) => (of.larger ? "larger" : "smaller");
    document.getElementById("pareto-front").textContent = names.length === 0
      ? "No strategy has both metrics in all its runs."
      : `Not beaten in both: ${names.join(", ")} (${x.title}: ${direction(x)} is better; ${y.title}: ${direction(y)} is better).`;
  }

  function makeLegend() {
    const legend = document.getElementById("pareto-legend");
    if (data.variants.length <= MOST_NAMED) return;
    for (const variant of data.variants) {
      const outline = {
        circle: '<circle cx="6" cy="6" r="5"/>', rect: '<rect x="1" y="1" width="10" height="10"/>',
        triangle: '<path d="M6 1L11 11H1z"/>', diamond: '<path d="M6 0L12 6L6 12L0 6z"/>',
      }[variant.mark] || '<path d="M1 1H11L6 11z"/>';
      const item = document.createElement("span");
      item.innerHTML = `<svg width="12" height="12" aria-hidden="true"><g ${styleColor("fill", variant)}>${outline}</g></svg>`;
      item.append(variant.name);
      legend.append(item);
    }
  }

  const entry = addChart("pareto-chart", "svg", (chart) => {
    const geometry = measure(chart);
    const label = { color: pageTheme().quiet, formatter: formatTick, hideOverlap: true };
    const range = ({ min, max, interval }) => ({ min, max, interval, axisLabel: label });
    return {
      ...baseOption(),
      grid: MARGIN,
      tooltip: { ...baseOption().tooltip, trigger: "item" },
      xAxis: axis(geometry.along.title, range(geometry.along)),
      yAxis: axis(geometry.up.title, { nameGap: 55, ...range(geometry.up) }),
      series: [
        {
          type: "line", name: "Pareto front", silent: true, symbol: "none",
          lineStyle: { color: pageTheme().quiet, width: 1, type: [4, 4] },
          data: front().map((item) => [item.x.mean / geometry.along.divisor, item.y.mean / geometry.up.divisor]),
        },
        ...known().flatMap((item) => makeStrategy(item, geometry)),
        ...placeAll(geometry).flatMap((mark) => makeName(mark, geometry)),
      ],
    };
  });
  const names = data.metrics.map(({ name, title, meaning }) => ({ name, text: `${title} – ${name}`, title: meaning }));
  const choose = (set) => (name) => {
    set(metric(name));
    entry.draw();
    tell();
  };
  fillSelect("pareto-x", names, x.name, choose((of) => { x = of; }));
  fillSelect("pareto-y", names, y.name, choose((of) => { y = of; }));
  makeLegend();
  tell();
})();
