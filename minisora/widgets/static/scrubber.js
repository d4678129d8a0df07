// The `DenoiseScrubber` widget: two sliders, one for the steps of the sampling and one for the frames of the clip.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { el, freshId, root, setAttribute } from "./dom.js";
import { labelled, numberField, onEnter, readWhole, textField } from "./fields.js";
import { Maker } from "./maker.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

const WANTED = 320; // pixels on the screen for each view
const VIEWS = {
  noisy: ["noisy latent", "its first three channels as colours; grey is 0"],
  clean: ["guessed clean video", "what the network believes, decoded"],
  velocity: ["velocity", "from clean to noise, the same three channels"],
};

class Scrubber extends Maker {
  constructor(model, host) {
    super(model, "Make the steps");
    this.turn = 0;
    this.clock = new Clock();
    const form = model.get("form");
    this.prompt = textField("sentence", { value: form.prompt });
    this.seed = numberField("seed", { value: form.seed, min: 0, step: 1 });
    this.count = numberField("steps", { value: form.steps, min: 1, step: 1 });
    this.views = Object.entries(VIEWS).map(([name, [title, note]]) => this.view(name, title, note));
    this.transport = new Transport(this.clock, this.views.map((view) => view.stage), { zoom: false });
    this.step = el("input", { type: "range", class: "ms-scrub", min: 0, max: 0, step: 1, value: 0, id: freshId("step") });
    this.where = el("output", { class: "ms-count" });
    this.step.addEventListener("input", () => this.show());
    this.lay(root(host, "ms-compare", "ms-scrubber"));
    this.listen({ "change:shown": () => this.arrive() });
    this.arrive();
    this.update();
  }

  view(name, title, note) {
    const stage = new Stage(this.clock, { wanted: WANTED, label: title });
    const node = el("figure", { class: "ms-cell" }, el("div", { class: "ms-compare-words" }, title), el("div", {}, stage.node),
      el("div", { class: "ms-note" }, note));
    return { name, stage, node };
  }

  lay(host) {
    const grid = el("div", { class: "ms-compare-grid" }, ...this.views.map((view) => view.node));
    grid.style.setProperty("--ms-cell", `${WANTED + 2}px`);
    const focus = el("div", { class: "ms-focus", tabindex: 0, role: "group", "aria-label": "the three views in step" }, grid);
    focus.addEventListener("keydown", (event) => this.key(event));
    const steps = el("div", { class: "ms-transport-row" }, el("label", { for: this.step.id }, "step"), this.step, this.where);
    const form = el("div", { class: "ms-compare-form ms-scrubber-form" }, labelled("sentence", this.prompt), labelled("seed", this.seed),
      labelled("steps", this.count), this.go);
    this.status.classList.add("ms-compare-status");
    host.append(form, this.status, this.track, focus, steps, this.transport.node);
    onEnter([this.prompt, this.seed, this.count], () => this.begin());
  }

  form() {
    return { prompt: this.prompt.value, seed: readWhole(this.seed), steps: readWhole(this.count) };
  }

  // Up and down go through the steps, all other keys through the frames.
  key(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by && !event.shiftKey) {
      this.step.value = Number(this.step.value) + by;
      this.show();
      event.preventDefault();
      event.stopPropagation();
    } else this.transport.key(event);
  }

  // While steps are being made the newest is shown, afterwards the one that the slider says.
  arrive() {
    const steps = this.model.get("steps");
    this.step.max = Math.max(0, steps.length - 1);
    const latest = this.model.get("latest");
    if (latest.clean) {
      this.showMoment(latest, "");
      this.making = true;
      return;
    }
    if (this.making || !this.shownOnce) this.step.value = this.step.max;
    this.making = false;
    this.show();
  }

  show() {
    const moment = this.model.get("steps")[Number(this.step.value)];
    if (!moment) return;
    const place = `${Number(this.step.value) + 1} / ${Number(this.step.max) + 1}`;
    setAttribute(this.step, "aria-valuetext", `step ${place}, noise ${moment.time.toFixed(2)}`);
    this.showMoment(moment, `${place} · time ${moment.time.toFixed(2)}`);
  }

  async showMoment(moment, place) {
    this.turn += 1;
    const turn = this.turn;
    const clips = await Promise.all(this.views.map(({ name }) => readClip(moment[name].picture, moment[name].sheet)));
    if (turn !== this.turn) {
      for (const clip of clips) clip.close();
      return;
    }
    this.clock.set(clips[0].frames, this.model.get("fps"));
    this.views.forEach(({ stage }, k) => stage.show(clips[k]));
    this.where.textContent = place || `time ${moment.time.toFixed(2)}`;
    if (!this.shownOnce) this.clock.start();
    this.shownOnce = true;
  }

  close() {
    super.close();
    this.turn += 1;
    this.transport.close();
    for (const { stage } of this.views) stage.close();
    this.clock.close();
  }
}

function render({ model, el: host }) {
  const scrubber = new Scrubber(model, host);
  return () => scrubber.close();
}

export default { render };
