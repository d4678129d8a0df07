// Every word of the world as a chip: a click says it, another takes it back.

import { el, setAttribute } from "./dom.js";

const MOST_ACTORS = 3;

export class Chips {
  // groups: from Python. onclick(axis, name, actor).
  constructor(groups, onclick) {
    this.groups = groups;
    this.onclick = onclick;
    this.actor = 0;
    this.pressed = [{}];
    this.buttons = new Map();
    this.tabs = el("div", { class: "ms-tabs", role: "group", "aria-label": "whom the chips are about" });
    const rows = groups.map((group) => this.row(group));
    this.node = el(
      "details", { class: "ms-build" }, el("summary", {}, "Build it from words"),
      el("div", { class: "ms-build-body" }, this.tabs, ...rows),
    );
    this.update([{}]);
  }

  row({ axis, title, chips }) {
    const nodes = chips.map(({ name, word, rgb }) => {
      const swatch = rgb ? el("span", { class: "ms-swatch", "aria-hidden": true }) : null;
      if (swatch) swatch.style.background = rgb;
      const node = el("button", {
        type: "button", class: "ms-chip", "aria-pressed": "false", onclick: () => this.onclick(axis, name, this.actor),
      }, swatch, word);
      this.buttons.set(`${axis} ${name}`, node);
      return node;
    });
    return el("div", { class: "ms-chip-row", role: "group", "aria-label": title }, el("div", { class: "ms-who" }, title),
      el("div", { class: "ms-chips" }, ...nodes));
  }

  // pressed: for each actor { axis: name }.
  update(pressed) {
    this.pressed = pressed.length ? pressed : [{}];
    if (this.actor > this.pressed.length) this.actor = this.pressed.length - 1;
    const said = this.pressed[this.actor] ?? {};
    for (const [key, node] of this.buttons) {
      const [axis] = key.split(" ", 1);
      setAttribute(node, "aria-pressed", said[axis] !== undefined && key === `${axis} ${said[axis]}` ? "true" : "false");
    }
    this.drawTabs();
  }

  drawTabs() {
    const count = Math.min(this.pressed.length + 1, MOST_ACTORS);
    const nodes = [];
    for (let k = 0; k < count; k += 1) {
      const there = k < this.pressed.length;
      const { colour, shape } = this.pressed[k] ?? {};
      const name = there ? `the ${[colour, shape ?? "thing"].filter(Boolean).join(" ")}` : "one more";
      nodes.push(el("button", {
        type: "button", class: "ms-chip ms-tab", "aria-pressed": k === this.actor ? "true" : "false",
        onclick: () => {
          this.actor = k;
          this.update(this.pressed);
          this.tabs.children[k]?.focus();
        },
      }, name));
    }
    this.tabs.replaceChildren(...nodes);
  }
}
