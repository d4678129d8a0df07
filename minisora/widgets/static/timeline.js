// The `Timeline` widget: the take on top, under it the time axis, and a row for each sentence.

import { Axis } from "./axis.js";
import { el, root, setAttribute } from "./dom.js";
import { labelled, numberField, onEnter, readWhole, textField } from "./fields.js";
import { Maker, button } from "./maker.js";
import { Screen } from "./screen.js";

class Timeline extends Maker {
  constructor(model, host) {
    super(model, "Make the take");
    const { group, height, width } = model.get("about");
    this.group = group;
    this.screen = new Screen({ wanted: 384, empty: "The take appears here." });
    this.screen.stage.reserve(height, width);
    this.axis = new Axis({
      group,
      onchange: (parts) => this.change({ parts }),
      onpin: (id, at) => this.say("move", { id, at }),
      onunpin: (id) => this.say("unpin", { id }),
      onseek: (frame) => {
        this.screen.clock.pause();
        this.screen.clock.go(frame);
      },
    });
    this.rows = el("div", { class: "ms-parts" });
    this.length = numberField("seconds", { min: 0.5, step: 0.5 });
    this.seed = numberField("seed", { min: 0, step: 1 });
    this.lay(root(host, "ms-timeline"));
    this.fields = { ...model.get("form") };
    this.length.value = (this.fields.num_frames - 1) / model.get("fps");
    this.seed.value = this.fields.seed;
    this.length.addEventListener("change", () => this.change({ num_frames: this.readLength() }));
    this.seed.addEventListener("change", () => this.change({ seed: readWhole(this.seed) }));
    this.screen.clock.listen((clock) => this.axis.play(clock.frame));
    this.listen({
      "change:shown": () => this.showClip(),
      "change:pins": () => this.draw(),
      "change:verdicts": () => this.drawRows(),
      "change:live": () => this.update(),
    });
    this.drawRows();
    this.draw();
    this.showClip();
    this.update();
  }

  lay(host) {
    const keep = button("Keep this frame", () => this.keep(), "", "The next take must go through it, at this moment");
    const add = button("Add a sentence", () => this.add());
    this.keepButton = keep;
    const fields = el("div", { class: "ms-timeline-fields" }, labelled("seconds", this.length), labelled("seed", this.seed));
    const desk = el("section", { class: "ms-timeline-desk", "aria-label": "sentences" }, this.rows,
      el("div", { class: "ms-act" }, add, keep), fields, el("div", { class: "ms-act" }, this.go, this.status));
    this.screen.transport.node.before(this.track);
    host.append(el("div", { class: "ms-timeline-grid" }, this.screen.node, desk), this.axis.node);
  }

  form() {
    return this.fields;
  }

  // Something stands otherwise on the axis or in the fields.
  change(changed) {
    this.fields = { ...this.fields, ...changed };
    if (changed.parts) this.fields.parts = changed.parts.map((part) => ({ ...part }));
    this.say("typed");
    this.draw();
    this.drawRows();
  }

  readLength() {
    const frames = Number(this.length.value) * this.model.get("fps");
    return 1 + this.group * Math.max(1, Math.round(frames / this.group));
  }

  draw() {
    this.axis.show(this.fields.parts, this.model.get("pins"), this.fields.num_frames, this.model.get("fps"));
    this.axis.play(this.screen.clock.frame);
  }

  // Rows stay as long as their number does, so that nobody loses the caret.
  drawRows() {
    const { parts } = this.fields;
    if (this.rows.children.length !== parts.length) this.rows.replaceChildren(...parts.map((_, k) => this.row(k)));
    const verdicts = this.model.get("verdicts");
    parts.forEach((part, k) => {
      const [when, field, verdict] = ["ms-when", "ms-text", "ms-note"].map((name) => this.rows.children[k].querySelector(`.${name}`));
      when.textContent = `${k + 1} · ${part.start.toFixed(2)} s`;
      if (field.value !== part.text) field.value = part.text;
      verdict.textContent = verdicts[k] ?? "\u00a0";
    });
  }

  row(k) {
    const field = textField("part", { "aria-label": `sentence ${k + 1}` });
    field.addEventListener("input", () => {
      this.fields.parts = this.fields.parts.map((part, j) => (j === k ? { ...part, text: field.value } : part));
      this.draw();
    });
    field.addEventListener("change", () => this.say("typed"));
    onEnter([field], () => this.begin());
    const away = button("Remove", () => this.remove(k));
    away.setAttribute("aria-label", `Remove sentence ${k + 1}`);
    setAttribute(away, "disabled", k === 0);
    return el("div", { class: "ms-part" }, el("span", { class: "ms-when" }), field, away, el("span", { class: "ms-note" }));
  }

  add() {
    const { parts, num_frames: frames } = this.fields;
    const fps = this.model.get("fps");
    const last = parts.at(-1);
    const from = parts.length > 1 ? this.axis.snap(last.start * fps) : 0;
    const place = this.axis.snap((from + frames) / 2);
    if (place <= from || place >= frames) {
      this.tell("There is no room for another sentence. Make the take longer first.", true);
      return;
    }
    this.change({ parts: [...parts, { start: place / fps, text: last.text }] });
    this.rows.lastElementChild.querySelector("input").select();
  }

  remove(k) {
    this.change({ parts: this.fields.parts.filter((_, j) => j !== k) });
  }

  keep() {
    const { frame } = this.screen.clock;
    this.screen.clock.pause();
    this.say("pin", { frame, at: frame });
  }

  async showClip() {
    const { model } = this;
    const live = model.get("live");
    if (live && !this.live) this.screen.clock.start();
    this.live = live;
    await this.screen.show(model.get("picture"), model.get("sheet"), model.get("fps"), model.get("label"), { restart: !live });
  }

  update() {
    super.update();
    setAttribute(this.screen.node, "data-live", this.model.get("live") ? "true" : null);
    this.keepButton.disabled = this.model.get("running") || !this.model.get("code");
  }

  close() {
    super.close();
    this.screen.close();
  }
}

function render({ model, el: host }) {
  const timeline = new Timeline(model, host);
  return () => timeline.close();
}

export default { render };
