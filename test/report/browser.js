// SPDX-License-Identifier: GPL-2.0-only
//
// A headless Chromium driven by the DevTools protocol over a pipe, so that it needs Node and Chromium
// and no package.

"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

function findBrowser() {
  const folders = (process.env.PATH || "").split(":");
  for (const name of BROWSERS) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (fs.existsSync(file)) return file;
    }
  }
  return null;
}

/** A running browser; `send` calls a method of the protocol, `on` listens to its events. */
class Browser {
  constructor(file, profile) {
    this.process = spawn(
      file,
      ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
        `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    this.waiting = new Map();
    this.listeners = [];
    this.next = 1;
    let buffer = "";
    this.process.stdio[4].on("data", (bytes) => {
      buffer += bytes;
      const messages = buffer.split("\0");
      buffer = messages.pop();
      messages.forEach((text) => this.receive(JSON.parse(text)));
    });
  }

  receive(message) {
    const waiting = this.waiting.get(message.id);
    if (!waiting) {
      this.listeners.forEach((listener) => listener(message.method, message.params));
      return;
    }
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new Error(message.error.message));
    else waiting.resolve(message.result);
  }

  send(method, params = {}) {
    const id = this.next++;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId: this.session }) + "\0");
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Value of an expression in the page. */
  async evaluate(expression) {
    const answer = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) throw new Error(`${expression}: ${answer.exceptionDetails.exception.description}`);
    return answer.result.value;
  }

  /** A key pressed and released on whatever has the focus. */
  async press(key) {
    const codes = { Tab: 9, Enter: 13, Escape: 27, " ": 32, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
    const event = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: codes[key], text: key === " " || key === "Enter" ? key.replace("Enter", "\r") : undefined };
    await this.send("Input.dispatchKeyEvent", { type: event.text ? "keyDown" : "rawKeyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** The mouse moved to a point of the window, and clicked there if asked. */
  async point(x, y, click = false) {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
    if (!click) return;
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  async open(url) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    this.session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.send(`${domain}.enable`);
    const loaded = new Promise((resolve) => {
      this.listeners.push((method) => method === "Page.loadEventFired" && resolve());
    });
    await this.send("Page.navigate", { url });
    await loaded;
  }
}

/** Errors on the console, uncaught exceptions, and requests for anything but the file itself. */
function watch(browser, url, problems) {
  browser.listeners.push((method, params) => {
    if (method === "Runtime.exceptionThrown") {
      const details = params.exceptionDetails;
      problems.push(`exception: ${(details.exception && details.exception.description) || details.text}`);
    } else if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) {
      problems.push(`log: ${params.entry.text}`);
    } else if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
      problems.push(`console: ${params.args.map((arg) => arg.value || arg.description).join(" ")}`);
    } else if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("data:") && params.request.url.split("#")[0] !== url) {
      problems.push(`request: ${params.request.url}`);
    } else if (method === "Page.javascriptDialogOpening") {
      problems.push(`injected script ran: ${params.message}`);
      browser.send("Page.handleJavaScriptDialog", { accept: true });
    }
  });
}

module.exports = { Browser, findBrowser, watch };
