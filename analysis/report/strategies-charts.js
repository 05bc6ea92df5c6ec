// Part 7: strategies side by side. Progress curves with bands, and two metrics of the reader's choice
// against each other.

const STROKES = ["solid", [7, 4], [2, 3]];

function fillSelect(id, names, chosen, onChange) {
  const select = document.getElementById(id);
  for (const { name, title } of names) {
    const option = document.createElement("option");
    option.value = name;
    option.textContent = name;
    if (title) option.title = title;
    select.append(option);
  }
  select.value = chosen;
  select.addEventListener("change", () => onChange(select.value));
}

(function drawCurves() {
  const data = DATA.strategies;
  if (!data || data.lines.length === 0) return;
  const hidden = new Set();
  const unit = timeUnit(data.t[data.t.length - 1]);
  let line = data.lines[0];

  function shownVariants() {
    return data.variants.map((variant, i) => ({ variant, curve: line.curves[i] }))
      .filter(({ variant, curve }) => curve && !hidden.has(variant.name));
  }

  const points = (shares) => data.t.map((t, i) => [t / unit.divisor, shares[i] === null ? null : 100 * shares[i]]);

  function makeCurve({ variant, curve }) {
    return {
      name: variant.name,
      type: "line",
      showSymbol: false,
      color: colorOf(variant),
      lineStyle: { width: 2.5, type: STROKES[variant.stroke] },
      emphasis: { focus: "series" },
      data: points(curve.median),
    };
  }

  function makeCurveBand({ variant, curve }) {
    return curve.low ? makeBand(variant.name, points(curve.low), points(curve.high), colorOf(variant), data.variants.length > 3 ? 0.1 : 0.2) : [];
  }

  function describe(items) {
    const shown = items.filter((item) => !isBand(item) && item.value[1] !== null && item.value[1] !== undefined);
    if (shown.length === 0) return "";
    const lines = shown.map((item) => {
      const { curve } = shownVariants().find(({ variant }) => variant.name === item.seriesName);
      const at = (shares) => formatShare(shares[item.dataIndex]);
      const band = curve.low ? `, band ${at(curve.low)} to ${at(curve.high)}` : "";
      return `${item.marker}${escapeHtml(item.seriesName)}: ${at(curve.median)}${band}`;
    });
    return [`after ${formatInstant(shown[0].value[0] * unit.divisor)}`, ...lines].join("<br>");
  }

  const entry = addChart("strategies-chart", "svg", () => ({
    ...baseOption(),
    grid: { left: 60, right: 25, top: 15, bottom: 50 },
    tooltip: { ...baseOption().tooltip, trigger: "axis", formatter: describe },
    xAxis: axis(`time since the rollout began (${unit.name})`, {
      min: 0,
      max: data.t[data.t.length - 1] / unit.divisor,
      axisLabel: { color: pageTheme().quiet, formatter: formatNumber, showMaxLabel: false },
    }),
    yAxis: axis(`devices ${line.name} (% of all)`, { min: 0, nameGap: 40 }),
    series: [...shownVariants().flatMap(makeCurveBand), ...shownVariants().map(makeCurve)],
  }));

  fillSelect("strategies-line", data.lines, line.name, (name) => {
    line = data.lines.find((one) => one.name === name);
    entry.draw();
  });
  const legend = document.getElementById("strategies-legend");
  data.variants.slice(0, line.curves.length).forEach((variant) => {
    const dash = variant.stroke > 0 ? ` stroke-dasharray="${STROKES[variant.stroke].join(" ")}"` : "";
    const swatch = `<svg width="30" height="10" aria-hidden="true"><line x1="0" x2="30" y1="5" y2="5" ${styleColor("stroke", variant)} stroke-width="3"${dash}/></svg>`;
    addToggle(legend, variant.name, swatch, true, (button) => {
      if (!hidden.delete(variant.name)) hidden.add(variant.name);
      button.setAttribute("aria-pressed", String(!hidden.has(variant.name)));
      entry.draw();
    });
  });
})();

(function drawPareto() {
  const data = DATA.strategies;
  if (!data || !document.getElementById("pareto-chart")) return;
  const metric = (name) => data.metrics.find((one) => one.name === name);
  let [x, y] = [metric(data.x), metric(data.y)];

  function show(of, value) {
    if (of.kind === "duration") return formatDuration(Math.max(value, 0));
    if (of.kind === "share") return formatShare(value);
    return `${formatNumber(value)}${of.unit ? ` ${of.unit}` : ""}`;
  }

  /** A metric's values in the unit of its axis: { divisor, title }. */
  function scaleOf(of) {
    const most = Math.max(...of.values.filter((value) => value).map((value) => value.high));
    if (of.kind === "share") return { divisor: 0.01, title: `${of.name} (%)` };
    if (of.kind !== "duration") return { divisor: 1, title: of.unit ? `${of.name} (${of.unit})` : of.name };
    const unit = timeUnit(most);
    return { divisor: unit.divisor, title: `${of.name} (${unit.name})` };
  }

  function known() {
    return data.variants.map((variant, i) => ({ variant, x: x.values[i], y: y.values[i] })).filter((item) => item.x && item.y);
  }

  /** Strategies that no other beats in both metrics, along x. */
  function front() {
    const cost = (of, value) => (of.larger ? -value.mean : value.mean);
    const items = known();
    const beats = (a, b) =>
      cost(x, a.x) <= cost(x, b.x) && cost(y, a.y) <= cost(y, b.y) && (cost(x, a.x) < cost(x, b.x) || cost(y, a.y) < cost(y, b.y));
    return items.filter((item) => !items.some((other) => beats(other, item))).sort((a, b) => a.x.mean - b.x.mean);
  }

  function makeStrategy({ variant, x: along, y: up }, scaleX, scaleY) {
    const color = colorOf(variant);
    const at = (valueX, valueY) => [valueX / scaleX.divisor, valueY / scaleY.divisor];
    const tooltip = {
      formatter: () => [escapeHtml(variant.name), ...[[x, along], [y, up]].map(([of, value]) =>
        `${escapeHtml(of.name)}: ${show(of, value.mean)}${value.runs.length > 1 ? ` (95 % interval ${show(of, value.low)} to ${show(of, value.high)})` : ""}`)].join("<br>"),
    };
    const segment = (from, to) => ({
      type: "line", data: [from, to], symbol: "none", color, lineStyle: { width: 1.5 }, silent: true, name: variant.name,
    });
    const several = along.runs.length > 1;
    return [
      ...(several ? [segment(at(along.low, up.mean), at(along.high, up.mean)), segment(at(along.mean, up.low), at(along.mean, up.high))] : []),
      {
        type: "scatter", symbolSize: 4, itemStyle: { color, opacity: 0.5 }, silent: true, name: variant.name,
        data: several ? along.runs.map((value, i) => at(value, up.runs[i])) : [],
      },
      {
        type: "scatter", name: variant.name, symbol: variant.mark, symbolSize: 13, z: 4, tooltip,
        itemStyle: { color, borderColor: pageTheme().page, borderWidth: 1 },
        label: {
          show: true, position: "right", formatter: () => variant.name, color: pageTheme().text, fontSize: 12, opacity: 1,
          textBorderColor: pageTheme().page, textBorderWidth: 3, width: 180, overflow: "truncate",
        },
        labelLayout: { hideOverlap: false, moveOverlap: "shiftY" },
        data: [at(along.mean, up.mean)],
      },
    ];
  }

  function tell() {
    const names = front().map(({ variant }) => `“${variant.name}”`);
    const direction = (of) => (of.larger ? "larger" : "smaller");
    document.getElementById("pareto-front").textContent = names.length === 0
      ? "No strategy has both metrics in all its runs."
      : `Not beaten in both: ${names.join(", ")} (${x.name}: ${direction(x)} is better; ${y.name}: ${direction(y)} is better).`;
  }

  const entry = addChart("pareto-chart", "svg", () => {
    const [scaleX, scaleY] = [scaleOf(x), scaleOf(y)];
    const label = { color: pageTheme().quiet, formatter: formatNumber, hideOverlap: true };
    return {
      ...baseOption(),
      grid: { left: 75, right: 130, top: 20, bottom: 55 },
      tooltip: { ...baseOption().tooltip, trigger: "item" },
      xAxis: axis(scaleX.title, { scale: true, axisLabel: label }),
      yAxis: axis(scaleY.title, { scale: true, nameGap: 55, axisLabel: label }),
      series: [
        {
          type: "line", name: "Pareto front", silent: true, symbol: "none",
          lineStyle: { color: pageTheme().quiet, width: 1, type: [4, 4] },
          data: front().map((item) => [item.x.mean / scaleX.divisor, item.y.mean / scaleY.divisor]),
        },
        ...known().flatMap((item) => makeStrategy(item, scaleX, scaleY)),
      ],
    };
  });
  const names = data.metrics.map(({ name, meaning }) => ({ name, title: meaning }));
  const choose = (set) => (name) => {
    set(metric(name));
    entry.draw();
    tell();
  };
  fillSelect("pareto-x", names, x.name, choose((of) => { x = of; }));
  fillSelect("pareto-y", names, y.name, choose((of) => { y = of; }));
  tell();
})();
