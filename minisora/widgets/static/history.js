// What was made, newest first: a picture from the middle of each clip. A click brings it back.

import { el, said } from "./dom.js";

const SIDE = 64;

export class History {
  constructor(onrestore) {
    this.onrestore = onrestore;
    this.urls = [];
    this.strip = el("div", { class: "ms-strip", role: "list" });
    this.hint = el("div", { class: "ms-note" }, "Clips that you make are kept here. A click brings one back.");
    this.node = el("section", { class: "ms-history", "aria-label": "history" }, el("div", { class: "ms-label" }, "History"),
      this.strip, this.hint);
  }

  show(cards, current) {
    const focused = this.strip.contains(document.activeElement);
    this.release();
    this.hint.hidden = cards.length > 0;
    const nodes = [...cards].reverse().map((card) => this.card(card, card.id === current));
    this.strip.replaceChildren(...nodes);
    if (focused) this.strip.querySelector("[aria-current]")?.focus();
  }

  card({ id, prompt, seed, note, right, height, width, picture }, chosen) {
    const url = URL.createObjectURL(new Blob([picture], { type: "image/png" }));
    this.urls.push(url);
    const factor = Math.max(1, Math.floor(SIDE / Math.max(height, width)));
    const image = el("img", { src: url, alt: "", width: width * factor, height: height * factor, draggable: "false" });
    const name = `Restore clip ${id}: ${prompt}, ${note}, seed ${seed}, ${right ? "every word right" : "not every word right"}`;
    const mark = el("span", { class: "ms-mark", "aria-hidden": true }, right ? "✓" : "✗");
    const button = el("button", {
      type: "button", class: "ms-card", "aria-label": name, title: prompt, "aria-current": chosen ? "true" : null,
      onclick: () => this.onrestore(id),
    }, image, el("span", { class: "ms-card-note" }, mark, " ", said(note)));
    return el("div", { role: "listitem" }, button);
  }

  release() {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
  }
}
