// What was made, newest first: a picture from the middle of each clip. A click brings it back.

import { el, pngImage, said } from "./dom.js";

const SIDE = 64;

export class History {
  constructor(onrestore) {
    this.onrestore = onrestore;
    this.strip = el("div", { class: "ms-strip", role: "list" });
    this.hint = el("div", { class: "ms-note" }, "Clips that you make are kept here. A click brings one back.");
    this.node = el("section", { class: "ms-history", "aria-label": "history" }, el("div", { class: "ms-label" }, "History"),
      this.strip, this.hint);
  }

  show(cards, current) {
    const focused = this.strip.contains(document.activeElement);
    this.hint.hidden = cards.length > 0;
    const nodes = [...cards].reverse().map((card) => this.card(card, card.id === current));
    this.strip.replaceChildren(...nodes);
    if (focused) this.strip.querySelector("[aria-current]")?.focus();
  }

  card({ id, prompt, seed, note, right, height, width, picture: bytes }, chosen) {
    const factor = Math.max(1, Math.floor(SIDE / Math.max(height, width)));
    const image = pngImage(bytes, { width: width * factor, height: height * factor });
    const name = `Restore clip ${id}: ${prompt}, ${note}, seed ${seed}, ${right ? "every word right" : "not every word right"}`;
    const mark = el("span", { class: "ms-mark", "aria-hidden": true }, right ? "✓" : "✗");
    const button = el("button", {
      type: "button", class: "ms-card", "aria-label": name, title: prompt, "aria-current": chosen ? "true" : null,
      onclick: () => this.onrestore(id),
    }, image, el("span", { class: "ms-card-note" }, mark, " ", said(note)));
    return el("div", { role: "listitem" }, button);
  }
}
