// The field for a sentence: unknown words are marked under what is typed, and the row below it says how to go on.

import { el, freshId, said, setAttribute } from "./dom.js";

const LONGEST_SHOWN = 24; // letters of an unknown word that are shown

export class PromptField {
  // options: { label, example, onchange (text, caret), onenter }.
  constructor(options) {
    this.options = options;
    this.marks = [];
    this.completions = [];
    const id = freshId("prompt");
    this.notes = el("div", { class: "ms-row", role: "group", "aria-label": "words that are not known" });
    this.list = el("div", { class: "ms-row", role: "listbox", id: freshId("suggestions"), "aria-label": "how it may go on" });
    this.back = el("div", { class: "ms-field-back", "aria-hidden": true });
    this.area = el("textarea", {
      id, class: "ms-field-area", rows: 3, spellcheck: "false", autocomplete: "off", dir: "auto",
      placeholder: options.example, "aria-autocomplete": "list", "aria-controls": this.list.id,
    });
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("scroll", () => this.scroll());
    this.area.addEventListener("click", () => this.ask());
    const field = el("div", { class: "ms-field" }, this.back, this.area);
    const row = el("div", { class: "ms-suggestions" }, this.notes, this.list);
    this.node = el("div", { class: "ms-prompt" }, el("label", { for: id, class: "ms-label" }, options.label), field, row);
    this.chosen = -1;
    this.offered = [];
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    if (this.area.value !== value) this.area.value = value;
    this.marks = [];
    this.paint();
  }

  changed() {
    this.marks = this.marks.filter((mark) => this.text.slice(mark.start, mark.stop).toLowerCase() === mark.word);
    this.paint();
    this.ask();
  }

  ask() {
    this.options.onchange(this.text, this.area.selectionStart ?? this.text.length);
  }

  // What Python knows about the text: unknown words, and how it may go on.
  help({ marks, completions, message }) {
    this.marks = marks;
    this.completions = completions;
    this.message = message;
    this.paint();
    this.suggest();
  }

  // The same text once more, unseen, with a wavy line under what is not known.
  paint() {
    const parts = [];
    let at = 0;
    for (const mark of this.marks) {
      if (mark.start < at) continue;
      parts.push(this.text.slice(at, mark.start), el("mark", { class: "ms-unknown" }, this.text.slice(mark.start, mark.stop)));
      at = mark.stop;
    }
    parts.push(`${this.text.slice(at)}\n`);
    this.back.replaceChildren(...parts);
    setAttribute(this.area, "aria-invalid", this.marks.length ? "true" : null);
    this.scroll();
  }

  scroll() {
    this.back.scrollTop = this.area.scrollTop;
  }

  // One row, always as high: first what to do about unknown words, then how to go on.
  suggest() {
    this.chosen = -1;
    const notes = [];
    const seen = new Set();
    for (const mark of this.marks) {
      if (seen.has(mark.word) || seen.size > 2) continue;
      seen.add(mark.word);
      const word = mark.word.length > LONGEST_SHOWN ? `${mark.word.slice(0, LONGEST_SHOWN)}…` : mark.word;
      notes.push(el("span", { class: "ms-note" }, "“", said(word), mark.nearest.length ? "” is not known:" : "” is not known."));
      for (const near of mark.nearest) {
        notes.push(this.chip(near, mark.start, mark.stop, { "aria-label": `Replace ${word} with ${near}` }));
      }
    }
    if (this.message) notes.push(el("span", { class: "ms-note ms-trouble" }, this.message));
    const caret = this.area.selectionStart ?? this.text.length;
    const option = () => ({ role: "option", "aria-selected": "false", tabindex: -1, id: freshId("option") });
    this.offered = this.completions.map(({ start, text }) => this.chip(text, start, caret, option()));
    this.notes.replaceChildren(...notes);
    this.list.replaceChildren(...this.offered);
    setAttribute(this.area, "aria-activedescendant", null);
  }

  chip(text, start, stop, attributes) {
    const node = el("button", { type: "button", class: "ms-chip", onclick: () => this.take(text, start, stop), ...attributes }, text);
    node.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays where it is
    return node;
  }

  take(text, start, stop) {
    const rest = this.text.slice(stop);
    const space = /^[\s.,;:!?]/.test(rest) ? "" : " ";
    this.area.value = this.text.slice(0, start) + text + space + rest;
    const caret = start + text.length + 1;
    this.area.focus();
    this.area.setSelectionRange(caret, caret);
    this.changed();
  }

  choose(index) {
    const options = this.offered;
    if (!options.length) return;
    this.chosen = (index + options.length) % options.length;
    options.forEach((node, k) => setAttribute(node, "aria-selected", k === this.chosen ? "true" : "false"));
    options[this.chosen].scrollIntoView({ block: "nearest", inline: "nearest" });
    setAttribute(this.area, "aria-activedescendant", options[this.chosen].id);
  }

  key(event) {
    if (event.isComposing) return;
    const options = this.offered;
    if (event.key === "ArrowDown" && options.length && this.atEnd()) this.choose(this.chosen + 1);
    else if (event.key === "ArrowUp" && this.chosen >= 0) this.choose(this.chosen - 1);
    else if (event.key === "Escape" && this.chosen >= 0) this.suggest();
    else if (event.key === "Enter" && this.chosen >= 0) options[this.chosen].click();
    else if (event.key === "Enter" && !event.shiftKey) this.options.onenter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  atEnd() {
    return !this.text.slice(this.area.selectionEnd).includes("\n");
  }
}
