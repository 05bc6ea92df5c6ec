// Part 3: the map. A dot a device, or hexagons of many; gateways are squares. The legend filters.

(function drawMap() {
  const data = DATA.map;
  if (!data) return;
  // Positions in a device's array, as map-section.cc writes it.
  const [X, Y, STATE, ID, NAME, GROUP, SITE, RATE, ENROLLED, UPDATED, FIRMWARE, REPORTED, UPDATE,
    HEALTH, ACCESS, BELIEF, WAVE] = Array.from({ length: 17 }, (_, i) => i);
  // Paths in a box of 16 by 16; no two states share a shape.
  const SHAPES = {
    cross: "M3 1L8 6L13 1L15 3L10 8L15 13L13 15L8 10L3 15L1 13L6 8L1 3Z",
    diamond: "M8 0L16 8L8 16L0 8Z",
    triangle: "M8 1L16 15L0 15Z",
    square: "M1.5 1.5H14.5V14.5H1.5Z",
    ring: "M8 1A7 7 0 1 1 7.99 1ZM8 4A4 4 0 1 0 8.01 4Z",
    wedge: "M1 1L16 8L1 15Z",
    dot: "M8 4.5A3.5 3.5 0 1 1 7.99 4.5Z",
    disc: "M8 1A7 7 0 1 1 7.99 1Z",
  };
  const hidden = new Set();
  const story = document.getElementById("map-story");
  let selection = null; // ids of devices, or null for all

  function tellStory(device) {
    const word = (position) => data.words[device[position]];
    const parts = [`${device[NAME]} (${word(GROUP)}, ${word(SITE)})`];
    parts.push(device[ENROLLED] === null ? "never enrolled" : `enrolled at ${formatDuration(device[ENROLLED])}`);
    if (device[RATE] !== null) parts.push(`DR${device[RATE]}`);
    if (device[WAVE] !== null) parts.push(`wave ${device[WAVE]}`);
    parts.push(device[UPDATED] === null ? `update ${word(UPDATE)}` : `updated at ${formatDuration(device[UPDATED])}`);
    const reported = device[REPORTED] === null ? "nothing" : data.words[device[REPORTED]];
    parts.push(`runs ${word(FIRMWARE)}, reported ${reported}`);
    parts.push(`${word(HEALTH)}, believed ${word(BELIEF)}, access ${word(ACCESS)}`);
    return parts.join("; ");
  }

  function makeDots(theme) {
    const size = data.dots.length > 5000 ? 5 : data.dots.length > 1000 ? 7 : 10;
    // The gravest states are drawn last, above the others.
    return data.states
      .map((state, number) => ({ state, number }))
      .filter(({ state }) => state.count > 0 && !hidden.has(state.id))
      .reverse()
      .map(({ state, number }) => ({
        name: state.label,
        type: "scatter",
        symbol: `path://${SHAPES[state.shape]}`,
        symbolSize: number < 4 ? size + 4 : size,
        itemStyle: { color: colorOf(state), borderColor: theme.page, borderWidth: number < 4 ? 0.8 : 0 },
        data: data.dots
          .filter((device) => device[STATE] === number && (!selection || selection.has(device[ID])))
          .map((device) => ({ value: [device[X], device[Y]], device })),
        tooltip: { formatter: (point) => escapeHtml(tellStory(point.data.device)) },
      }));
  }

  function countCell(cell) {
    const counts = cell[2].map((count, i) => (hidden.has(data.states[i].id) ? 0 : count));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const updated = data.states.findIndex((state) => state.id === "updated");
    return { counts, total, share: total ? counts[updated] / total : 0 };
  }

  function makeHexagons(theme) {
    const { radius, cells } = data.hexagons;
    const counted = cells.map((cell) => ({ cell, ...countCell(cell) })).filter(({ total }) => total > 0);
    return [
      {
        name: "devices",
        type: "custom",
        data: counted.map((item) => ({ value: [item.cell[0], item.cell[1], item.share], item })),
        renderItem(parameters, api) {
          const x = api.value(0);
          const y = api.value(1);
          const points = Array.from({ length: 6 }, (_, i) => {
            const angle = ((2 * i + 1) * Math.PI) / 6;
            return api.coord([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
          });
          return {
            type: "polygon",
            shape: { points },
            style: { fill: api.visual("color"), stroke: theme.page, lineWidth: 1 },
          };
        },
        tooltip: {
          formatter: ({ data: { item } }) =>
            [`${formatCount(item.total)} devices, ${formatShare(item.share)} updated`]
              .concat(data.states.filter((_, i) => item.counts[i] > 0).map((state) => {
                const count = item.counts[data.states.indexOf(state)];
                return `${escapeHtml(state.label)}: ${formatCount(count)}`;
              }))
              .join("<br>"),
        },
      },
    ];
  }

  function makeGateways(theme) {
    const most = Math.max(...data.gateways.map((gateway) => gateway.air), 1e-9);
    const few = data.gateways.length <= 12;
    return {
      name: "gateways",
      type: "scatter",
      symbol: "rect",
      z: 5,
      itemStyle: { color: "transparent", borderColor: theme.text, borderWidth: 2, opacity: 1 },
      label: {
        show: few,
        position: "right",
        color: theme.text,
        textBorderColor: theme.page,
        textBorderWidth: 3,
        opacity: 1,
        fontSize: 12,
        formatter: (point) => point.data.gateway.name,
      },
      symbolSize: (value, point) => 8 + 20 * Math.sqrt(point.data.gateway.air / most),
      data: data.gateways.map((gateway) => ({ value: [gateway.x, gateway.y], gateway })),
      tooltip: { formatter: (point) => escapeHtml(point.data.gateway.story) },
    };
  }

  const points = (data.dots || data.hexagons.cells).map(([x, y]) => [x, y])
    .concat(data.gateways.map((gateway) => [gateway.x, gateway.y]));
  const pad = data.hexagons ? 1.3 * data.hexagons.radius : 0;
  const bounds = points.reduce(
    (box, [x, y]) => [Math.min(box[0], x), Math.max(box[1], x), Math.min(box[2], y), Math.max(box[3], y)],
    [Infinity, -Infinity, Infinity, -Infinity],
  );

  /** Bounds of both axes so that a metre is as long east as it is north. */
  function makeBounds(chart, margins) {
    const width = Math.max(chart.getWidth() - margins.left - margins.right, 100);
    const height = Math.max(chart.getHeight() - margins.top - margins.bottom, 100);
    const spanX = (bounds[1] - bounds[0]) * 1.06 + 2 * pad || 100;
    const spanY = (bounds[3] - bounds[2]) * 1.06 + 2 * pad || 100;
    const scale = Math.max(spanX / width, spanY / height);
    const [middleX, middleY] = [(bounds[0] + bounds[1]) / 2, (bounds[2] + bounds[3]) / 2];
    return {
      x: [middleX - (scale * width) / 2, middleX + (scale * width) / 2],
      y: [middleY - (scale * height) / 2, middleY + (scale * height) / 2],
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
        formatter: (metres) => formatNumber(useKm ? metres / 1000 : metres),
      },
    });
  }

  const entry = addChart("map-chart", "canvas", (chart) => {
    const theme = pageTheme();
    const margins = { left: 60, right: data.hexagons ? 95 : 20, top: 15, bottom: 50 };
    const area = makeBounds(chart, margins);
    return {
      ...baseOption(),
      grid: margins,
      tooltip: { ...baseOption().tooltip, trigger: "item" },
      xAxis: makeAxis("east", area.x, area.useKm, 30),
      yAxis: makeAxis("north", area.y, area.useKm, 42),
      // Okabe and Ito's blue to green by way of light: readable in grey as well.
      visualMap: data.hexagons && {
        type: "continuous",
        seriesIndex: 0,
        dimension: 2,
        min: 0,
        max: 1,
        calculable: true,
        right: 5,
        top: "middle",
        itemHeight: 180,
        textStyle: { color: theme.quiet },
        formatter: (share) => formatShare(share),
        inRange: { color: ["#D55E00", "#F0E442", "#009E73"] },
      },
      series: data.dots ? [...makeDots(theme), makeGateways(theme)] : [...makeHexagons(theme), makeGateways(theme)],
    };
  });

  const buttons = new Map();
  function update(message) {
    for (const [id, button] of buttons) button.setAttribute("aria-pressed", String(!hidden.has(id)));
    entry.draw();
    if (message !== undefined) story.textContent = message;
  }

  const legend = document.getElementById("map-legend");
  for (const state of data.states.filter(({ count }) => count > 0)) {
    const swatch = `<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[state.shape]}" ${styleColor("fill", state)} fill-rule="evenodd"/></svg>`;
    const button = addToggle(legend, `${state.label} (${formatCount(state.count)})`, swatch, true, () => {
      if (!hidden.delete(state.id)) hidden.add(state.id);
      update();
    });
    button.title = state.meaning;
    buttons.set(state.id, button);
  }
  const all = document.createElement("button");
  all.type = "button";
  all.className = "all";
  all.textContent = "Show all";
  all.addEventListener("click", () => {
    hidden.clear();
    selection = null;
    update("");
  });
  legend.append(all);

  entry.chart.on("click", ({ data: point }) => {
    if (!point || !point.device) return;
    const kept = data.states[point.device[STATE]].id;
    for (const state of data.states) if (state.id !== kept) hidden.add(state.id);
    hidden.delete(kept);
    update(tellStory(point.device));
  });

  for (const button of document.querySelectorAll("button.show")) {
    button.addEventListener("click", () => {
      selection = new Set(DATA.selections[button.dataset.selection]);
      hidden.clear();
      update(`Only the ${formatCount(selection.size)} devices of “${button.dataset.selection}” are shown.`);
      document.getElementById("map").scrollIntoView();
    });
  }
})();
