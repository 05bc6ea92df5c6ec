// Part 7: strategies side by side. Progress curves with bands; pareto-chart.js sets two metrics against
// each other.

const STROKES = ["solid", [7, 4], [2, 3]];

function fillSelect(id, names, chosen, onChange) {
  const select = document.getElementById(id);
  for (const { name, text, title } of names) {
    const option = document.createElement("option");
    option.value = name;
    option.textContent = text || name;
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
  let line = data.lines[0];

  /** Where the axis ends, in s: soon after the last change of any curve, for nothing follows it. */
  function endOfChanges() {
    const curves = line.curves.flatMap(({ median, low, high }) => [median, low || median, high || median]);
    let last = data.t.length - 1;
    while (last > 1 && curves.every((shares) => shares[last - 1] === shares[last])) --last;
    return Math.min(1.15 * data.t[last], data.t[data.t.length - 1]);
  }

  function shownVariants() {
    return data.variants.map((variant, i) => ({ variant, curve: line.curves[i] }))
      .filter(({ variant, curve }) => curve && !hidden.has(variant.name));
  }

  let [end, unit] = [0, null];
  const points = (shares) => data.t.map((t, i) => [t / unit.divisor, shares[i] === null ? null : 100 * shares[i]])
    .filter((point, i) => i === 0 || data.t[i - 1] < end);

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

  function makeOption() {
    end = endOfChanges();
    unit = timeUnit(end);
    return {
      ...baseOption(),
      grid: { left: 60, right: 25, top: 15, bottom: 50 },
      tooltip: { ...baseOption().tooltip, trigger: "axis", formatter: describe },
      xAxis: axis(`time since the rollout began (${unit.name})`, {
        min: 0,
        max: end / unit.divisor,
        axisLabel: { color: pageTheme().quiet, formatter: formatTick, hideOverlap: true, showMaxLabel: false },
      }),
      yAxis: axis(`devices ${line.name} (% of all)`, { min: 0, nameGap: 40 }),
      series: [...shownVariants().flatMap(makeCurveBand), ...shownVariants().map(makeCurve)],
    };
  }

  const entry = addChart("strategies-chart", "svg", makeOption);

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
