// Part 2: shares of devices over time, truth solid and belief dashed, waves as bands.

(function drawProgress() {
  const data = DATA.progress;
  if (!data) return;
  const hidden = new Set(data.waves.length > 0 ? ["believed enrolled"] : []);
  const end = data.t[data.t.length - 1];
  const unit = timeUnit(end);
  const stops = data.waves.filter((wave) => ["pause", "abort", "roll-back"].includes(wave.decision));

  const GRID = { left: 60, right: 150, top: 46, bottom: 50 };
  const NARROW_PX = 560; // no room for names beside the lines: the legend has them

  const LABEL_HEIGHT = 15;

  /** Heights of the names at the right ends of the lines: by value, none above another. */
  function placeLabels(lines, chart) {
    const top = GRID.top;
    const bottom = chart.getHeight() - GRID.bottom;
    const last = (line) => line.counts.findLast((count) => count !== null) / data.devices;
    const labels = lines
      .map((line) => ({ name: line.name, y: bottom - last(line) * (bottom - top) }))
      .sort((a, b) => a.y - b.y);
    // Down from the top, then up again from the lowest place that is left.
    labels.forEach((label, i) => {
      if (i > 0) label.y = Math.max(label.y, labels[i - 1].y + LABEL_HEIGHT);
    });
    labels.reverse().forEach((label, i) => {
      label.y = Math.min(label.y, i > 0 ? labels[i - 1].y - LABEL_HEIGHT : bottom + 6);
    });
    return new Map(labels.map((label) => [label.name, label.y]));
  }

  const share = (t, count) => [t / unit.divisor, count === null ? null : (100 * count) / data.devices];

  function makeLineBand(line) {
    if (!line.low || line.belief) return [];
    const points = (counts) => data.t.map((t, i) => share(t, counts[i]));
    return makeBand(line.name, points(line.low), points(line.high), colorOf(line), 0.22, "end");
  }

  function makeLine(line, places, chart) {
    return {
      name: line.name,
      type: "line",
      step: "end",
      showSymbol: false,
      color: colorOf(line),
      lineStyle: { width: line.belief ? 2 : 2.5, type: line.belief ? [6, 5] : "solid" },
      endLabel: {
        show: chart.getWidth() >= NARROW_PX,
        color: pageTheme().text,
        fontSize: 12,
        formatter: () => `{line|${line.belief ? "╍╍" : "━━"}} ${line.name}`,
        rich: { line: { color: colorOf(line), fontSize: 12, fontWeight: "bold" } },
      },
      labelLayout: { x: chart.getWidth() - GRID.right + 8, y: places.get(line.name), verticalAlign: "middle" },
      emphasis: { focus: "series" },
      data: data.t.map((t, i) => share(t, line.counts[i])),
    };
  }

  function makeWaves() {
    const theme = pageTheme();
    return {
      name: "waves",
      type: "line",
      data: [],
      markArea: {
        silent: true,
        itemStyle: { color: theme.band, borderColor: theme.line, borderWidth: 1 },
        label: { color: theme.quiet, position: "top", fontSize: 12 },
        data: data.waves.map((wave) => [
          { name: `wave ${wave.wave}`, xAxis: wave.start / unit.divisor },
          { xAxis: wave.end / unit.divisor },
        ]),
      },
      markLine: {
        silent: true,
        symbol: "none",
        lineStyle: { color: theme.text, width: 1.5, type: "solid" },
        label: {
          color: theme.text,
          backgroundColor: theme.page,
          padding: 3,
          position: "end",
          distance: [0, 18],
          align: "right",
          width: 420,
          overflow: "truncate",
          formatter: (mark) => mark.name,
        },
        data: stops.map((wave) => ({
          name: `${{ abort: "✗ aborted", pause: "‖ paused" }[wave.decision] ?? "↺ rolled back"}: ${wave.reason}`,
          xAxis: wave.end / unit.divisor,
        })),
      },
    };
  }

  function describePoint(points) {
    const shown = points.filter((point) => !isBand(point) && point.value[1] !== null && point.value[1] !== undefined);
    if (shown.length === 0) return "";
    const head = `after ${formatDuration(shown[0].value[0] * unit.divisor)}`;
    const lines = shown.map((point) => {
      const count = Math.round((point.value[1] * data.devices) / 100);
      const line = data.lines.find(({ name }) => name === point.seriesName);
      const at = (counts) => formatShare(counts[point.dataIndex] / data.devices);
      const band = line.low ? `, band ${at(line.low)} to ${at(line.high)}` : "";
      return `${point.marker}${escapeHtml(point.seriesName)}: ${formatShare(point.value[1] / 100)} (${formatCount(count)})${band}`;
    });
    return [head, ...lines].join("<br>");
  }

  function makeOption(chart) {
    const shown = data.lines.filter((line) => !hidden.has(line.name));
    const places = placeLabels(shown, chart);
    return {
      ...baseOption(),
      grid: chart.getWidth() < NARROW_PX ? { ...GRID, left: 48, right: 16 } : GRID,
      tooltip: { ...baseOption().tooltip, trigger: "axis", formatter: describePoint },
      xAxis: axis(`simulated time (${unit.name})`, {
        min: 0,
        max: end / unit.divisor,
        axisLabel: { color: pageTheme().quiet, formatter: formatTick, hideOverlap: true, showMaxLabel: false },
      }),
      yAxis: axis("share of all devices (%)", { min: 0, max: 100, nameGap: 32 }),
      series: [makeWaves(), ...shown.flatMap(makeLineBand), ...shown.map((line) => makeLine(line, places, chart))],
    };
  }
  const entry = addChart("progress-chart", "svg", makeOption);

  const legend = document.getElementById("progress-legend");
  for (const line of data.lines) {
    const dash = line.belief ? ' stroke-dasharray="5 3"' : "";
    const swatch = `<svg width="26" height="10" aria-hidden="true"><line x1="0" x2="26" y1="5" y2="5" ${styleColor("stroke", line)} stroke-width="3"${dash}/></svg>`;
    addToggle(legend, line.name, swatch, !hidden.has(line.name), (button) => {
      if (!hidden.delete(line.name)) hidden.add(line.name);
      button.setAttribute("aria-pressed", String(!hidden.has(line.name)));
      entry.draw();
    });
  }
})();
