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

async function useStrategies(browser, problems) {
  if (!(await browser.evaluate(`document.getElementById("strategies") !== null`))) return null;
  await choose(browser, problems, "strategies-line", "strategies-chart");
  if (!(await browser.evaluate(`document.getElementById("pareto-chart") !== null`))) return null;
  await choose(browser, problems, "pareto-x", "pareto-chart");
  await choose(browser, problems, "pareto-y", "pareto-chart");
  const front = await browser.evaluate(`document.getElementById("pareto-front").textContent`);
  if (!/^(Not beaten|No strategy)/.test(front)) problems.push(`the Pareto front says “${front}”`);
  return front;
}

module.exports = { useStrategies };
