// Part 5: the air that each gateway used, hour by hour, against what the law allows.

(function drawAir() {
  const data = DATA.air;
  if (!data) return;
  const most = Math.max(...data.cells.map((cell) => cell[2]));
  const names = data.gateways;

  addChart("air-chart", "svg", () => {
    const theme = pageTheme();
    return {
      ...baseOption(),
      grid: { left: 130, right: 100, top: 10, bottom: 55 },
      tooltip: {
        ...baseOption().tooltip,
        formatter: ({ value: [column, row, share], data: { band } }) => {
          const hour = data.firstHour + column * data.hoursPerColumn;
          const what = data.hasLimit ? "of the legal air" : "of the hour";
          return escapeHtml(`${names[row]}, hour ${hour}: ${formatShare(share)} ${what} in ${band}`);
        },
      },
      xAxis: axis("hour of the simulation", {
        type: "category",
        data: Array.from({ length: data.columns }, (_, i) => data.firstHour + i * data.hoursPerColumn),
        splitLine: { show: false },
      }),
      yAxis: axis("", {
        type: "category",
        inverse: true,
        data: names,
        splitLine: { show: false },
        axisLabel: { color: theme.quiet, width: 115, overflow: "truncate" },
      }),
      visualMap: {
        type: "continuous",
        min: 0,
        max: data.hasLimit ? Math.max(1, most) : most,
        dimension: 2,
        calculable: true,
        right: 5,
        top: "middle",
        itemHeight: Math.min(120, 16 * Math.max(names.length, 3) + 10),
        textStyle: { color: theme.quiet },
        formatter: (share) => formatShare(share),
        inRange: {
          color: theme.dark
            ? ["#1d3a4f", "#0072B2", "#56B4E9", "#F0E442", "#D55E00"]
            : ["#e8f2f9", "#56B4E9", "#0072B2", "#E69F00", "#D55E00"],
        },
      },
      series: [
        {
          type: "heatmap",
          progressive: 0,
          data: data.cells.map(([column, row, share, band]) => ({ value: [column, row, share], band })),
          itemStyle: { borderColor: theme.page, borderWidth: data.columns > 100 ? 0 : 0.5 },
        },
      ],
    };
  });
})();
