// SPDX-License-Identifier: GPL-2.0-only
//
// Uses the comparison of strategies: the choice of metrics, of a curve, and the legend.

"use strict";

/** Chooses the last entry of a select by keys and tells whether a chart changed by it. */
async function choose(browser, problems, select, chart) {
  const look = () => browser.evaluate(`document.getElementById("${chart}").innerHTML`);
  const before = await look();
  const count = await browser.evaluate(`document.getElementById("${select}").options.length`);
  if (count < 2) return;
  await browser.evaluate(`(() => {
    const select = document.getElementById("${select}");
    select.value = [...select.options].map((option) => option.value).filter((value) => value !== select.value).pop();
    select.dispatchEvent(new Event("change"));
  })(); new Promise((resolve) => setTimeout(resolve, 50))`);
  if ((await look()) === before) problems.push(`${select} changes nothing in ${chart}`);
}

/** Whether the chart of two metrics can be read: ticks that differ, and names apart from each other. */
async function readPareto(browser, problems) {
  const seen = await browser.evaluate(`(() => {
    const element = document.getElementById("pareto-chart");
    const model = echarts.getInstanceByDom(element).getModel();
    const ticksOf = (axis) => model.getComponent(axis).axis.getViewLabels().map((label) => label.formattedLabel);
    const texts = [...element.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const isName = ({ text }) => DATA.strategies.variants.some(({ name }) => text === name || (text.endsWith("…") && name.startsWith(text.slice(0, -1))));
    const frame = element.getBoundingClientRect();
    return {
      ticks: { x: ticksOf("xAxis"), y: ticksOf("yAxis") },
      names: DATA.strategies.variants.length,
      shown: texts.filter(isName).length,
      overlaps: texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => (isName(a) || isName(b)) && a.box.right > b.box.left + 1 && b.box.right > a.box.left + 1 &&
        a.box.bottom > b.box.top + 2 && b.box.bottom > a.box.top + 2).map((b) => [a.text, b.text])),
      outside: texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1).map(({ text }) => text),
    };
  })()`);
  for (const [axis, ticks] of Object.entries(seen.ticks)) {
    if (new Set(ticks).size !== ticks.length) problems.push(`the ticks of ${axis} repeat: ${ticks}`);
  }
  if (seen.shown !== seen.names && seen.names <= 10) problems.push(`${seen.shown} of ${seen.names} strategies are named`);
  seen.overlaps.forEach(([a, b]) => problems.push(`“${a}” and “${b}” overlap`));
  seen.outside.forEach((text) => problems.push(`“${text}” is cut off`));
}

async function useStrategies(browser, problems) {
  if (!(await browser.evaluate(`document.getElementById("strategies") !== null`))) return null;
  await choose(browser, problems, "strategies-line", "strategies-chart");
  if (!(await browser.evaluate(`document.getElementById("pareto-chart") !== null`))) return null;
  await readPareto(browser, problems);
  await choose(browser, problems, "pareto-x", "pareto-chart");
  await choose(browser, problems, "pareto-y", "pareto-chart");
  const front = await browser.evaluate(`document.getElementById("pareto-front").textContent`);
  if (!/^(Not beaten|No strategy)/.test(front)) problems.push(`the Pareto front says “${front}”`);
  return front;
}

module.exports = { useStrategies };
