// SPDX-License-Identifier: GPL-2.0-only
//
// Opens a report in headless Chromium as a reader would, uses it, and tells as JSON what happened:
//     node open-report.js REPORT.html [--screenshots PREFIX]
// Exit status: 0 nothing is wrong, 1 something is (it stands in "problems"), 2 no browser.

"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Browser, findBrowser, watch } = require("./browser.js");
const { useMap } = require("./use-map.js");
const { visitByKeyboard } = require("./use-keyboard.js");
const { useStrategies } = require("./use-strategies.js");

const TIMEOUT_MS = 240000; // a loaded machine is slow, which is no fault of the page
const WINDOW = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };

async function screenshot(browser, file) {
  const { cssContentSize } = await browser.send("Page.getLayoutMetrics");
  const { data } = await browser.send("Page.captureScreenshot", {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 },
  });
  fs.writeFileSync(file, Buffer.from(data, "base64"));
}

const PAUSE = "new Promise((resolve) => setTimeout(resolve, 300))";

/** Uses the page: every button of the legends, every fold, dark, narrow, paper. */
async function use(browser, problems, prefix) {
  const state = await browser.evaluate(`({
    title: document.title,
    answer: document.querySelector(".answer").textContent,
    charts: [...document.querySelectorAll(".chart")].map((chart) => ({
      id: chart.id,
      drawn: chart.querySelectorAll("canvas, svg path").length > 0,
      label: chart.getAttribute("aria-label"),
    })),
    buttons: document.querySelectorAll(".legend button").length,
    scripts: document.scripts.length,
    wide: document.documentElement.scrollWidth > innerWidth,
  })`);
  for (const chart of state.charts) {
    if (!chart.drawn) problems.push(`chart ${chart.id} is empty`);
    if (!chart.label) problems.push(`chart ${chart.id} has no label`);
  }
  if (state.scripts !== 3) problems.push(`${state.scripts} scripts instead of 3`);
  if (state.wide) problems.push("the page is wider than the window");
  if (prefix) await screenshot(browser, `${prefix}-light.png`);
  await browser.evaluate(`document.querySelectorAll(".legend button, button.show").forEach((button) => button.click()); ${PAUSE}`);
  await browser.evaluate(`document.querySelectorAll("details").forEach((fold) => { fold.open = true; }); ${PAUSE}`);
  await browser.send("Emulation.setDeviceMetricsOverride", { width: 390, height: 800, deviceScaleFactor: 1, mobile: true });
  await browser.evaluate(PAUSE);
  if (await browser.evaluate("document.documentElement.scrollWidth > innerWidth")) problems.push("too wide for a telephone");
  if (prefix) await screenshot(browser, `${prefix}-narrow.png`);
  await browser.send("Emulation.setDeviceMetricsOverride", WINDOW);
  return state;
}

async function visitMedia(browser, prefix) {
  await browser.send("Page.reload");
  await browser.evaluate(`new Promise((resolve) => setTimeout(resolve, 1000))`);
  await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
  await browser.evaluate(PAUSE);
  if (prefix) await screenshot(browser, `${prefix}-dark.png`);
  const { data } = await browser.send("Page.printToPDF", { preferCSSPageSize: true, printBackground: true });
  const pdf = Buffer.from(data, "base64");
  if (prefix) fs.writeFileSync(`${prefix}-print.pdf`, pdf);
  return pdf.length;
}

async function main() {
  const [file, option, prefix] = process.argv.slice(2);
  const browserFile = findBrowser();
  if (!browserFile) {
    console.error("no Chromium was found");
    process.exit(2);
  }
  const url = `file://${path.resolve(file)}`;
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
  const browser = new Browser(browserFile, profile);
  const problems = [];
  setTimeout(() => {
    console.error("the browser did not answer in time");
    browser.process.kill("SIGKILL");
    process.exit(1);
  }, TIMEOUT_MS).unref();
  watch(browser, url, problems);
  const start = Date.now();
  await browser.open(url);
  await browser.send("Emulation.setDeviceMetricsOverride", WINDOW);
  await browser.evaluate(PAUSE);
  const openMs = Date.now() - start;
  const map = await useMap(browser, problems);
  const front = await useStrategies(browser, problems);
  const reached = await visitByKeyboard(browser, problems);
  const state = await use(browser, problems, option === "--screenshots" ? prefix : null);
  const pdfBytes = await visitMedia(browser, option === "--screenshots" ? prefix : null);
  const ended = new Promise((resolve) => browser.process.on("exit", resolve));
  browser.send("Browser.close").catch(() => {});
  await ended;
  fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  console.log(JSON.stringify({ openMs, pdfBytes, ...state, map, front, reached, problems }, null, 1));
  process.exitCode = problems.length > 0 ? 1 : 0;
}

main();
