// Part 5: the air that each gateway used, hour by hour, against what the law allows.

(function drawAir() {
  const data = DATA.air;
  if (!data) return;
  const most = Math.max(...data.cells.map((cell) => cell[2]));
  const names = data.gateways;

  addChart("air-chart", "svg", (chart) => {
    const theme = pageTheme();
    const narrow = chart.getWidth() < 560;
    return {
      ...baseOption(),
      grid: { left: narrow ? 80 : 130, right: narrow ? 60 : 100, top: 10, bottom: 55 },
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
        axisLabel: { color: theme.quiet, width: narrow ? 68 : 115, overflow: "truncate" },
      }),
      visualMap: {
        type: "continuous",
        min: 0,
        max: data.hasLimit ? 1 : most,
        dimension: 2,
        calculable: false,
        right: 5,
        top: "middle",
        itemHeight: Math.min(120, 16 * Math.max(names.length, 3) + 10),
        textStyle: { color: theme.quiet },
        inRange: {
          color: theme.dark
            ? ["#1c2f3d", "#0072B2", "#56B4E9", "#eaf5fc"]
            : ["#eaf3fa", "#56B4E9", "#0072B2", "#00304d"],
        },
        outOfRange: { color: "#D55E00" }, // above the legal limit
        text: data.hasLimit ? ["limit", "0 %"] : [formatShare(most), "0 %"],
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
