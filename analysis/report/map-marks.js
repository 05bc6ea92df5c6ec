// What the map shows at an instant: devices as marks, or hexagons of many. Both kinds have the same
// methods; map-chart.js knows no other difference.
//   setFrame(frame)     the instant, an index into the frames of the data
//   counts()            devices by state, all of them
//   draw(pen)           pen: { context, place(x, y), hidden, selection, scale, metre }
//   items(pen)          what can be pointed at: [{ x, y, reach, index }] in pixels
//   tell(index, timeS)  one item's story in one line; stateOf(index) its state's number, or null

/** Positions in a device's array, as map-data.cc writes it. */
const DOT = Object.freeze({
  X: 0, Y: 1, END: 2, ID: 3, NAME: 4, GROUP: 5, SITE: 6, RATE: 7, FIRMWARE: 8, REPORTED: 9, HEALTH: 10, ACCESS: 11,
  BELIEF: 12, WAVE: 13, STORY: 14,
});

class DotMarks {
  constructor(data) {
    this.data = data;
    this.states = new Uint8Array(data.dots.length);
    this.outside = data.states.findIndex((state) => state.id === "not-enrolled");
    this.setFrame(data.frames.length - 1);
  }

  isEnd(frame) {
    return frame >= this.data.frames.length - 1;
  }

  setFrame(frame) {
    const time = this.data.frames[frame];
    this.data.dots.forEach((dot, i) => {
      this.states[i] = this.isEnd(frame) ? dot[DOT.END] : this.stateAt(dot[DOT.STORY], time);
    });
  }

  /** A story is a flat list of time, event, state after it. */
  stateAt(story, time) {
    let state = this.outside;
    for (let i = 0; i < story.length && story[i] <= time; i += 3) state = story[i + 2];
    return state;
  }

  counts() {
    const counts = new Array(this.data.states.length).fill(0);
    for (const state of this.states) counts[state] += 1;
    return counts;
  }

  isShown(index, pen) {
    return !pen.hidden.has(this.data.states[this.states[index]].id)
      && (!pen.selection || pen.selection.has(this.data.dots[index][DOT.ID]));
  }

  draw(pen) {
    const { dots, states } = this.data;
    const most = dots.length > 5000 ? 5 : dots.length > 1000 ? 7 : 10;
    const size = Math.max(4, Math.round(most * Math.min(1, pen.width / 800))); // of a narrow map, too
    const theme = pageTheme();
    // The gravest states are drawn last, above the others, and somewhat larger.
    for (let number = states.length - 1; number >= 0; number -= 1) {
      const grave = number < 5;
      const stamp = makeStamp(states[number], grave ? size + 4 : size, pen.scale, grave ? theme.page : null);
      const width = stamp.width / pen.scale;
      dots.forEach((dot, i) => {
        if (this.states[i] !== number || !this.isShown(i, pen)) return;
        const [x, y] = pen.place(dot[DOT.X], dot[DOT.Y]);
        pen.context.drawImage(stamp, x - width / 2, y - width / 2, width, width);
      });
    }
  }

  items(pen) {
    const items = [];
    this.data.dots.forEach((dot, index) => {
      if (!this.isShown(index, pen)) return;
      const [x, y] = pen.place(dot[DOT.X], dot[DOT.Y]);
      items.push({ x, y, reach: 12, index });
    });
    return items;
  }

  stateOf(index) {
    return this.states[index];
  }

  tell(index, time) {
    const { data } = this;
    const dot = data.dots[index];
    const word = (position) => data.words[dot[position]];
    const parts = [`${dot[DOT.NAME]} (${word(DOT.GROUP)}, ${word(DOT.SITE)}): ${data.states[this.states[index]].label}`];
    const past = [];
    for (let i = 0; i < dot[DOT.STORY].length && dot[DOT.STORY][i] <= time; i += 3) {
      past.push(`${data.events[dot[DOT.STORY][i + 1]]} at ${formatInstant(dot[DOT.STORY][i])}`);
    }
    if (past.length > 8) past.splice(3, past.length - 7, "…");
    if (past.length > 0) parts.push(past.join(", "));
    if (dot[DOT.WAVE] !== null) parts.push(`wave ${dot[DOT.WAVE]}`);
    if (dot[DOT.RATE] !== null) parts.push(`DR${dot[DOT.RATE]}`);
    const reported = dot[DOT.REPORTED] === null ? "nothing" : data.words[dot[DOT.REPORTED]];
    parts.push(`in the end runs ${word(DOT.FIRMWARE)}, reported ${reported}, ${word(DOT.HEALTH)}, believed ${word(DOT.BELIEF)}, access ${word(DOT.ACCESS)}`);
    return parts.join("; ");
  }
}

class HexagonMarks {
  constructor(data) {
    this.data = data;
    this.updated = data.states.findIndex((state) => state.id === "updated");
    this.cells = data.hexagons.cells.map(([x, y, changes]) => ({ x, y, changes, counts: [] }));
    this.setFrame(Math.max(data.frames.length - 1, 0));
  }

  setFrame(frame) {
    for (const cell of this.cells) {
      // A flat list of frame, count from then on.
      cell.counts = cell.changes.map((changes) => {
        let count = 0;
        for (let i = 0; i < changes.length && changes[i] <= frame; i += 2) count = changes[i + 1];
        return count;
      });
    }
  }

  counts() {
    return this.data.states.map((_, state) => this.cells.reduce((sum, cell) => sum + cell.counts[state], 0));
  }

  /** Devices of a cell in the states that are not hidden, and the updated ones among them. */
  shown(cell, hidden) {
    const counts = cell.counts.map((count, i) => (hidden.has(this.data.states[i].id) ? 0 : count));
    const total = counts.reduce((sum, count) => sum + count, 0);
    return { counts, total, share: total > 0 ? counts[this.updated] / total : 0 };
  }

  draw(pen) {
    const reach = this.data.hexagons.radius;
    pen.context.strokeStyle = pageTheme().page;
    for (const cell of this.cells) {
      const { total, share } = this.shown(cell, pen.hidden);
      if (total === 0) continue;
      pen.context.beginPath();
      for (let i = 0; i < 6; i += 1) {
        const angle = ((2 * i + 1) * Math.PI) / 6;
        pen.context.lineTo(...pen.place(cell.x + reach * Math.cos(angle), cell.y + reach * Math.sin(angle)));
      }
      pen.context.closePath();
      pen.context.fillStyle = rampColor(share);
      pen.context.fill();
      pen.context.stroke();
    }
  }

  items(pen) {
    const items = [];
    this.cells.forEach((cell, index) => {
      if (this.shown(cell, pen.hidden).total === 0) return;
      const [x, y] = pen.place(cell.x, cell.y);
      items.push({ x, y, reach: this.data.hexagons.radius * pen.metre, index });
    });
    return items;
  }

  stateOf() {
    return null;
  }

  tell(index, time, hidden) {
    const { counts, total, share } = this.shown(this.cells[index], hidden);
    const parts = this.data.states.flatMap((state, i) => (counts[i] > 0 ? [`${state.label}: ${formatCount(counts[i])}`] : []));
    return `${formatCount(total)} devices, ${formatShare(share)} updated; ${parts.join(", ")}`;
  }
}
