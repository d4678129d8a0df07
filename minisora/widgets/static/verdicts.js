// The sentence as it was understood, and what became of each word. A verdict is a mark, an outline and a text.

import { el, reducedMotion, said } from "./dom.js";

const MARKS = { right: "✓", wrong: "✗", asked: "", open: "" };
const NAMES = { right: "right", wrong: "wrong", asked: "asked for", open: "not asked for" };
const LIGHT_UP = 60; // milliseconds from one word to the next

export class Verdicts {
  constructor() {
    this.title = el("div", { class: "ms-label" });
    this.list = el("div", { class: "ms-verdicts" });
    this.node = el("section", { class: "ms-grade", "aria-label": "grade, word by word" }, this.title, this.list);
  }

  show(rows, verdict) {
    const graded = Boolean(verdict);
    const lightUp = graded && !this.graded && !reducedMotion();
    this.graded = graded;
    this.title.classList.toggle("ms-title", graded);
    this.title.textContent = verdict || "What the words ask for";
    let place = 0;
    const nodes = rows.map((row) => {
      const words = row.words.map((word) => {
        const node = verdictOf(word);
        if (lightUp) node.style.animationDelay = `${(place += 1) * LIGHT_UP}ms`;
        if (lightUp) node.classList.add("ms-lights-up");
        return node;
      });
      const who = el("div", { class: "ms-who" }, said(row.who));
      return el("div", { class: "ms-verdict-row" }, who, el("ul", { class: "ms-words", "aria-label": row.who }, ...words));
    });
    this.list.replaceChildren(...nodes);
  }
}

function verdictOf({ attribute, wanted, found, state }) {
  const mark = MARKS[state] ? el("span", { class: "ms-mark", "aria-hidden": true }, MARKS[state]) : null;
  const text = el("span", {}, said(wanted || attribute));
  const instead = found ? el("em", {}, "→ ", said(found)) : null;
  const name = `${attribute}${wanted ? ` ${wanted}` : ""}: ${NAMES[state]}${found ? `, found ${found}` : ""}`;
  return el("li", { class: `ms-word ms-${state}`, "aria-label": name, title: name }, mark, text, instead);
}
