// The `Compare` widget: clips on one clock, the words that differ, and where the pixels do.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { el, freshId, root, said } from "./dom.js";
import { labelled, numberField, onEnter, readWhole, textField } from "./fields.js";
import { Maker } from "./maker.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

const WORDS = "two sentences";
const LARGE = 320; // pixels on the screen for two clips side by side
const SMALL = 192; // and for many

class Compare extends Maker {
  constructor(model, host) {
    super(model, "Compare");
    this.clock = new Clock();
    this.cells = [];
    this.mode = el("select", { class: "ms-select", id: freshId("mode"), onchange: () => this.modeChanged() });
    for (const mode of model.get("about").modes) this.mode.append(el("option", { value: mode }, mode));
    this.one = textField("one");
    this.other = textField("other");
    this.values = textField("values");
    this.seed = numberField("seed", { min: 0, step: 1 });
    this.grid = el("div", { class: "ms-compare-grid" });
    this.focus = el("div", { class: "ms-focus", tabindex: 0, role: "group", "aria-label": "clips in step" }, this.grid);
    this.transport = new Transport(this.clock, [], { zoom: false });
    this.focus.addEventListener("keydown", (event) => this.transport.key(event));
    this.lay(root(host, "ms-compare"));
    this.listen({ "change:shown": () => this.show(), "change:form": () => this.fill() });
    this.fill();
    this.show();
    this.update();
  }

  lay(host) {
    this.oneRow = labelled("sentence", this.one);
    this.otherRow = labelled("other sentence", this.other);
    this.valuesRow = labelled("values", this.values);
    const form = el("div", { class: "ms-compare-form" }, labelled("what changes", this.mode), this.oneRow, this.otherRow,
      this.valuesRow, labelled("seed", this.seed), this.go);
    onEnter([this.one, this.other, this.values, this.seed], () => this.begin());
    this.status.classList.add("ms-compare-status");
    host.append(form, this.status, this.track, this.focus, this.transport.node);
  }

  form() {
    return {
      mode: this.mode.value, one: this.one.value, other: this.other.value, values: this.values.value, seed: readWhole(this.seed),
    };
  }

  fill() {
    const form = this.model.get("form");
    this.mode.value = form.mode;
    for (const name of ["one", "other", "values", "seed"]) this[name].value = form[name];
    this.modeChanged();
  }

  modeChanged() {
    const words = this.mode.value === WORDS;
    this.otherRow.hidden = !words;
    this.valuesRow.hidden = words;
    this.values.placeholder = this.model.get("about").usual[this.mode.value] ?? "";
  }

  // One cell for each clip, and one for the difference of two; cells stay, only what they show changes.
  show() {
    const { model } = this;
    const cells = model.get("cells");
    const apart = model.get("apart");
    const wanted = cells.length === 2 ? 3 : cells.length;
    if (this.cells.length !== wanted) this.build(wanted, cells.length);
    cells.forEach((cell, k) => this.showCell(this.cells[k], cell));
    if (wanted === 3 && cells.length === 2) {
      this.showCell(this.cells[2], { words: [["difference", false]], verdict: "black where they are equal", ...apart });
    }
  }

  build(count, clips) {
    for (const cell of this.cells) cell.stage.close();
    const wanted = clips <= 2 ? LARGE : SMALL;
    this.cells = Array.from({ length: count }, () => {
      const stage = new Stage(this.clock, { wanted });
      const words = el("div", { class: "ms-compare-words" });
      const verdict = el("div", { class: "ms-note" });
      return { stage, words, verdict, bytes: null, node: el("figure", { class: "ms-cell" }, words, el("div", {}, stage.node), verdict) };
    });
    this.grid.replaceChildren(...this.cells.map((cell) => cell.node));
    this.grid.style.setProperty("--ms-cell", `${wanted + 2}px`);
    this.transport.stages = this.cells.map((cell) => cell.stage);
    for (const stage of this.transport.stages) stage.fit();
    this.transport.setSlice("");
  }

  async showCell(cell, { words, verdict, picture, sheet }) {
    cell.words.replaceChildren(...words.flatMap(([word, changed]) => {
      const bare = word.trimEnd();
      return [changed ? el("mark", {}, said(bare)) : said(bare), word.slice(bare.length)];
    }));
    cell.verdict.textContent = verdict || "\u00a0";
    if (picture === cell.bytes) return;
    cell.bytes = picture;
    if (!picture?.byteLength) {
      cell.stage.show(null);
      return;
    }
    const clip = await readClip(picture, sheet);
    if (picture !== cell.bytes || !this.cells.includes(cell)) { // a newer one came, or the cell is gone
      clip.close();
      return;
    }
    cell.stage.name(words.map(([word]) => word).join(""));
    cell.stage.show(clip);
    this.clock.set(Math.max(...this.cells.map((each) => each.stage.clip?.frames ?? 1)), this.model.get("fps"));
    if (!this.started) this.clock.start();
    this.started = true;
  }

  close() {
    super.close();
    this.transport.close();
    for (const cell of this.cells) cell.stage.close();
    this.cells = [];
    this.clock.close();
  }
}

function render({ model, el: host }) {
  const compare = new Compare(model, host);
  return () => compare.close();
}

export default { render };
