// SPDX-License-Identifier: GPL-2.0-only
//
// Uses the map of a report as a reader would: the slider, play, the mouse, the filter, the keys.

"use strict";

const SETTLE = "new Promise((resolve) => setTimeout(resolve, 100))";

/** What is to be seen on the map: a sum over all pixels, and the counts in the legend. */
const LOOK = `(() => {
  const canvas = document.querySelector("#map-chart .marks");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) % 4294967291;
  const counts = [...document.querySelectorAll("#map-legend button[data-state]")].map((button) =>
    [button.dataset.state, Number(button.textContent.match(/\\(([\\d,]+)\\)$/)[1].replace(/,/g, ""))]);
  return { sum, counts: Object.fromEntries(counts), story: document.getElementById("map-story").textContent };
})()`;

async function look(browser) {
  await browser.evaluate(SETTLE);
  return browser.evaluate(LOOK);
}

function total(view) {
  return Object.values(view.counts).reduce((sum, count) => sum + count, 0);
}

/** Moves the slider by keys and by play; the colours change and no device is lost. */
async function useTime(browser, problems, end) {
  const value = () => browser.evaluate(`Number(document.getElementById("map-time").value)`);
  await browser.evaluate(`document.getElementById("map-time").focus()`);
  await browser.press("Home");
  const start = await look(browser);
  const [first, last] = [await value(), await browser.evaluate(`Number(document.getElementById("map-time").max)`)];
  if (first !== 0) problems.push(`the slider stands at ${first} after Home`);
  if (start.sum === end.sum) problems.push("the map is the same at the start and at the end");
  if (total(start) !== total(end)) problems.push(`${total(start)} devices at the start, ${total(end)} at the end`);
  await browser.press("ArrowRight");
  if ((await value()) !== 1) problems.push("an arrow key does not move the slider");
  const clock = await browser.evaluate(`document.getElementById("map-time").getAttribute("aria-valuetext")`);
  if (!/ of /.test(clock)) problems.push(`the slider says “${clock}” to a screen reader`);
  await browser.evaluate(`document.getElementById("map-play").focus()`);
  await browser.press(" ");
  await browser.evaluate("new Promise((resolve) => setTimeout(resolve, 700))");
  const played = await value();
  if (played < 2 || played >= last) problems.push(`play went from 1 to ${played} of ${last} in 0.7 s`);
  await browser.press(" ");
  const stopped = await value();
  await browser.evaluate("new Promise((resolve) => setTimeout(resolve, 400))");
  if ((await value()) !== stopped) problems.push("pause does not stop");
  await browser.evaluate(`document.getElementById("map-time").focus()`);
  await browser.press("End");
  const again = await look(browser);
  if (again.sum !== end.sum) problems.push("the map at the end differs from itself");
  return { frames: last + 1, start: start.counts };
}

/** Looks for a mark with the mouse; its story shows beside it, and a click filters. */
async function usePointer(browser, problems, hasDots) {
  await browser.evaluate(`document.getElementById("map-chart").scrollIntoView({ block: "center", behavior: "instant" })`);
  await browser.evaluate(SETTLE);
  const box = await browser.evaluate(`(({ x, y, width, height }) => ({ x, y, width, height }))(document.getElementById("map-chart").getBoundingClientRect())`);
  const tip = () => browser.evaluate(`(() => { const tip = document.querySelector("#map-chart .tip"); return tip.hidden ? "" : tip.textContent; })()`);
  for (let i = 0; i < 200; i += 1) {
    const x = box.x + box.width * (0.5 + 0.3 * Math.cos(i) * (i / 200));
    const y = box.y + box.height * (0.5 + 0.3 * Math.sin(i) * (i / 200));
    await browser.point(x, y);
    const text = await tip();
    if (!text || / frames \(/.test(text)) continue;
    await browser.point(x, y, true);
    const off = await browser.evaluate(`document.querySelectorAll('#map-legend button[aria-pressed="false"]').length`);
    if (hasDots && off === 0) problems.push("a click on a device does not filter");
    await browser.evaluate(`document.querySelector("#map-legend .all").click()`);
    return text;
  }
  problems.push("no mark has a tooltip");
  return "";
}

async function useFilter(browser, problems, end) {
  const state = Object.entries(end.counts).find(([, count]) => count > 0)[0];
  await browser.evaluate(`document.querySelector('#map-legend button[data-state="${state}"]').click()`);
  const filtered = await look(browser);
  if (filtered.sum === end.sum) problems.push(`hiding “${state}” changes nothing`);
  await browser.evaluate(`document.querySelector("#map-legend .all").click()`);
  const shown = await look(browser);
  if (shown.sum !== end.sum) problems.push("showing all again differs");
}

async function useKeys(browser, problems) {
  await browser.evaluate(`document.getElementById("map-chart").focus()`);
  const stories = [];
  for (let i = 0; i < 2; i += 1) {
    await browser.press("ArrowRight");
    stories.push((await look(browser)).story);
  }
  if (!stories[0] || stories[0] === stories[1]) problems.push("the arrow keys do not move along the devices");
  await browser.press("Escape");
  return stories[0];
}

async function useMap(browser, problems) {
  if (!(await browser.evaluate(`document.querySelector("#map-chart .marks") !== null`))) return null;
  const hasTime = await browser.evaluate(`document.getElementById("map-time") !== null`);
  const hasDots = await browser.evaluate(`document.querySelector("#map .scale") === null`);
  const end = await look(browser);
  const time = hasTime ? await useTime(browser, problems, end) : null;
  await useFilter(browser, problems, end);
  const tip = await usePointer(browser, problems, hasDots);
  const story = await useKeys(browser, problems);
  return { ...time, end: end.counts, tip, story };
}

module.exports = { useMap };
