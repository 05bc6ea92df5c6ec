// What the charts share: the data, the page's colours, numbers and durations as people read them,
// and charts that are drawn anew when the page changes between light, dark and paper.

const DATA = JSON.parse(document.getElementById("report-data").textContent);
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Colours of the page as they are now; paper is always light. */
function pageTheme() {
  const dark = DARK.matches && !pageTheme.onPaper;
  return dark
    ? { dark, page: "#14181d", text: "#e6e9ec", quiet: "#9aa4ae", line: "#363e47", band: "rgba(255,255,255,.055)" }
    : { dark, page: "#ffffff", text: "#1b1f24", quiet: "#57606a", line: "#d0d7de", band: "rgba(0,60,120,.055)" };
}
pageTheme.onPaper = false;

/** The colour of a line or a state in the present theme. */
function colorOf(item) {
  return pageTheme().dark ? item.colorDark : item.color;
}

/** The same for the style of an element that outlives a change of theme. */
function styleColor(property, item) {
  return `${property}="${item.color}" style="${property}: light-dark(${item.color}, ${item.colorDark})"`;
}

/** Three significant digits, grouped by commas. */
function formatNumber(value) {
  if (value === 0) return "0";
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A tick of an axis, which is a round number: all of its digits, lest neighbours look the same. */
function formatTick(value) {
  return Number(value.toPrecision(12)).toLocaleString("en", { maximumFractionDigits: 12 });
}

function formatCount(count) {
  return count.toLocaleString("en");
}

function formatShare(share) {
  const percent = share < 1 && share > 0.9995 ? 99.9 : 100 * share;
  return `${formatNumber(percent)} %`;
}

function formatSi(value, unit) {
  const prefixes = ["n", "µ", "m", "", "k", "M", "G"];
  if (value === 0) return `0 ${unit}`;
  const thousands = Math.floor(Math.log10(Number(Math.abs(value).toPrecision(3))) / 3 + 1e-9);
  const index = Math.min(Math.max(thousands + 3, 0), prefixes.length - 1);
  return `${formatNumber(value / 1000 ** (index - 3))} ${prefixes[index]}${unit}`;
}

/** "2 d 4 h": a whole number of the large unit and the rest in the small one, if any. */
function twoUnits(seconds, large, small, largeName, smallName) {
  const total = Math.round(seconds / small);
  const whole = Math.floor(total / (large / small));
  const rest = total - whole * (large / small);
  return rest > 0 ? `${whole} ${largeName} ${rest} ${smallName}` : `${whole} ${largeName}`;
}

function formatDuration(seconds) {
  if (seconds < 59.95) return `${formatNumber(seconds)} s`;
  if (seconds < 3599.5) return twoUnits(seconds, 60, 1, "min", "s");
  if (seconds < 36000) return twoUnits(seconds, 3600, 60, "h", "min");
  if (seconds < 171000) return `${Math.round(seconds / 3600)} h`;
  if (seconds < 864000) return twoUnits(seconds, 86400, 3600, "d", "h");
  return `${formatNumber(seconds / 86400)} d`;
}

/** An instant of a run to the minute (to the second in its first hour): "2 d 3 h 12 min". */
function formatInstant(seconds) {
  if (seconds < 3600) return formatDuration(seconds);
  const minutes = Math.round(seconds / 60);
  const [d, h, min] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  return `${d > 0 ? `${d} d ` : ""}${h} h ${min} min`;
}

/** A time axis in the unit that suits its length: { divisor in s, name }. */
function timeUnit(lengthS) {
  if (lengthS <= 600) return { divisor: 1, name: "s" };
  if (lengthS <= 3 * 3600) return { divisor: 60, name: "min" };
  if (lengthS <= 4 * 86400) return { divisor: 3600, name: "h" };
  return { divisor: 86400, name: "d" };
}

/** Text from the database is data: nothing of it may become markup in a tooltip. */
function escapeHtml(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** What every chart has in common. */
function baseOption() {
  const theme = pageTheme();
  return {
    animation: false,
    textStyle: { color: theme.text, fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      backgroundColor: theme.page,
      borderColor: theme.line,
      textStyle: { color: theme.text, fontSize: 13 },
      confine: true,
      extraCssText: "max-width: 26rem; white-space: normal; overflow-wrap: anywhere;",
    },
  };
}

/** An axis with a title, in the page's colours. */
function axis(name, more) {
  const theme = pageTheme();
  return Object.assign(
    {
      type: "value",
      name,
      nameLocation: "middle",
      nameGap: 32,
      nameTextStyle: { color: theme.quiet, fontSize: 12 },
      axisLabel: { color: theme.quiet, fontSize: 12, hideOverlap: true },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } },
      axisTick: { show: true, lineStyle: { color: theme.line } },
      splitLine: { lineStyle: { color: theme.line, opacity: 0.6 } },
    },
    more,
  );
}

/**
 * The band of a line as two series of ECharts: an invisible one from zero to `low` and, stacked on it,
 * a filled one up to `high`. Both are arrays of [x, y] or null.
 */
function makeBand(name, low, high, color, opacity, step) {
  const common = { type: "line", stack: `band ${name}`, step, silent: true, symbol: "none", lineStyle: { width: 0 }, color };
  return [
    { ...common, name: `band below ${name}`, data: low },
    {
      ...common,
      name: `band of ${name}`,
      areaStyle: { opacity },
      data: high.map(([x, y], i) => [x, y === null || low[i][1] === null ? null : y - low[i][1]]),
    },
  ];
}

function isBand(point) {
  return point.seriesName.startsWith("band ");
}

const CHARTS = [];

/**
 * A chart in element `id`; `makeOption(chart)` gives ECharts' option and is called again whenever
 * the theme, the filter or the medium changes.
 */
function addChart(id, renderer, makeOption) {
  const element = document.getElementById(id);
  if (!element) return null;
  const chart = echarts.init(element, null, { renderer });
  const entry = {
    chart,
    element,
    draw() {
      chart.setOption(makeOption(chart), { notMerge: true });
      chart.getZr().flush(); // now, not with the next frame: paper does not wait for it
    },
  };
  CHARTS.push(entry);
  entry.draw();
  return entry;
}

function redrawAll() {
  for (const { chart, draw } of CHARTS) {
    chart.resize();
    draw();
  }
}

let resizeTimer = 0;
addEventListener("resize", () => {
  clearTimeout(resizeTimer);
  resizeTimer = setTimeout(redrawAll, 100);
});
DARK.addEventListener("change", redrawAll);

/** Charts for paper are light and as wide as the paper, whatever the window is. */
function setPaper(onPaper) {
  pageTheme.onPaper = onPaper;
  document.documentElement.classList.toggle("paper", onPaper);
  redrawAll();
}
addEventListener("beforeprint", () => setPaper(true));
addEventListener("afterprint", () => setPaper(false));

/** A button of a legend: it shows and hides one item, by mouse and by keyboard. */
function addToggle(legend, label, swatch, isOn, onToggle) {
  const button = document.createElement("button");
  button.type = "button";
  button.innerHTML = swatch;
  button.append(label);
  button.setAttribute("aria-pressed", String(isOn));
  button.addEventListener("click", () => onToggle(button));
  legend.append(button);
  return button;
}
