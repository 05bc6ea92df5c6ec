// SPDX-License-Identifier: GPL-2.0-only
//
// Goes through a report with the Tab key alone: everything that does something must be reached.

"use strict";

const MAX_STEPS = 400;

async function visitByKeyboard(browser, problems) {
  await browser.evaluate(`(() => {
    document.querySelectorAll("a, button, input, select, summary, [tabindex]").forEach((element, i) => { element.dataset.stop = i; });
    document.querySelector("[data-stop]").focus(); // where Tab begins in a page just opened
  })()`);
  const wanted = new Set(
    await browser.evaluate(`[...document.querySelectorAll("[data-stop]")].filter((element) => element.checkVisibility() && !element.disabled).map((element) => element.dataset.stop)`),
  );
  const reached = new Set(["0"]);
  for (let i = 0; i < MAX_STEPS; i += 1) {
    await browser.press("Tab");
    const stop = await browser.evaluate(`document.activeElement.dataset.stop ?? null`);
    if (stop === null || reached.has(stop)) break;
    reached.add(stop);
  }
  const missed = [...wanted].filter((stop) => !reached.has(stop));
  for (const stop of missed) {
    problems.push(`Tab does not reach ${await browser.evaluate(`document.querySelector('[data-stop="${stop}"]').outerHTML.slice(0, 120)`)}`);
  }
  const unnamed = await browser.evaluate(`[...document.querySelectorAll("button, input, select")].filter((element) =>
    !element.textContent.trim() && !element.getAttribute("aria-label") && !(element.labels && element.labels.length)).length`);
  if (unnamed > 0) problems.push(`${unnamed} controls have no name`);
  return reached.size;
}

module.exports = { visitByKeyboard };
