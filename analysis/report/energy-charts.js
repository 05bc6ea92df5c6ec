// Part 5: how energy is spread over the devices, in joules and in days of battery life.

function drawHistogram(id, data, color, title, formatValue) {
  if (!data) return;
  const low = (i) => data.start + i * data.width;
  addChart(id, "svg", () => ({
    ...baseOption(),
    grid: { left: 70, right: 25, top: 15, bottom: 50 },
    tooltip: {
      ...baseOption().tooltip,
      formatter: ({ data: { bin } }) =>
        `${formatValue(low(bin))} to ${formatValue(low(bin + 1))}: ${formatCount(data.counts[bin])} devices`,
    },
    xAxis: axis(title, {
      min: data.start,
      max: low(data.counts.length),
      splitLine: { show: false },
      axisLabel: {
        color: pageTheme().quiet,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: formatTick,
      },
    }),
    yAxis: axis("devices", { nameGap: 48, minInterval: 1, axisLabel: { color: pageTheme().quiet, formatter: formatCount } }),
    series: [
      {
        type: "custom",
        encode: { x: [0, 1], y: 2 },
        data: data.counts.map((count, bin) => ({ value: [low(bin), low(bin + 1), count], bin })),
        renderItem(parameters, api) {
          const [left, top] = api.coord([api.value(0), api.value(2)]);
          const [right, bottom] = api.coord([api.value(1), 0]);
          return {
            type: "rect",
            shape: { x: left, y: top, width: Math.max(right - left - 1, 1), height: bottom - top },
            style: { fill: color },
          };
        },
      },
    ],
  }));
}

drawHistogram("energy-chart", DATA.energy, "#0072B2", "energy of the campaign per device (J)", (value) => formatSi(value, "J"));
drawHistogram("battery-chart", DATA.battery, "#009E73", "battery life spent per device (days)", (value) => `${formatNumber(value)} d`);
