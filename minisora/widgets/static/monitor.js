// The `TrainingMonitor` widget: figures, the curve of the loss, and what the model draws, one drawing after the other.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { Curve } from "./curve.js";
import { el, freshId, root, said, setAttribute } from "./dom.js";
import { button } from "./maker.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

const WANTED = 192; // pixels on the screen for each clip
const KEPT = 24; // drawings

class Monitor {
  constructor(model, host) {
    this.model = model;
    this.clock = new Clock();
    this.turn = 0;
    this.drawings = [];
    this.cells = [];
    this.stop = button("Stop", () => model.send({ do: "stop" }), "ms-stop ms-go");
    this.status = el("div", { class: "ms-status", role: "status", "aria-live": "polite" });
    this.bar = el("div", { class: "ms-bar", role: "progressbar", "aria-label": "progress", "aria-valuemin": 0, "aria-valuemax": 100 });
    this.figures = Object.fromEntries(["step", "loss", "clips a second", "left"].map((name) => [name, el("output", { class: "ms-big" }, "–")]));
    this.curve = new Curve();
    this.grid = el("div", { class: "ms-compare-grid" });
    this.grid.style.setProperty("--ms-cell", `${WANTED + 2}px`);
    this.transport = new Transport(this.clock, [], { zoom: false });
    this.which = el("input", { type: "range", class: "ms-scrub", min: 0, max: 0, step: 1, id: freshId("drawing") });
    this.where = el("output", { class: "ms-count" });
    this.lay(root(host, "ms-monitor", "ms-compare"));
    this.which.addEventListener("input", () => this.showDrawing(Number(this.which.value)));
    this.events = {
      "change:curve": () => this.showCurve(),
      "change:figures": () => this.showFigures(),
      "change:clips_shown": () => this.arrive(),
      "change:status": () => this.showState(),
      "change:running": () => this.showState(),
      "change:stopping": () => this.showState(),
      "change:trouble": () => this.showState(),
      "msg:custom": (message) => message?.kind === "who" && this.model.send({ do: "seen" }),
    };
    for (const [name, call] of Object.entries(this.events)) {
      model.on(name, call);
      call();
    }
    model.send({ do: "seen" });
  }

  lay(host) {
    const figures = el("dl", { class: "ms-figures" }, ...Object.entries(this.figures).map(([name, output]) =>
      el("div", {}, el("dt", { class: "ms-label" }, name), el("dd", {}, output))));
    const focus = el("div", { class: "ms-focus", tabindex: 0, role: "group", "aria-label": "what the model draws" }, this.grid);
    focus.addEventListener("keydown", (event) => this.transport.key(event));
    const drawing = el("div", { class: "ms-transport-row" }, el("label", { for: this.which.id }, "drawn at"), this.which, this.where);
    this.drawn = el("section", { class: "ms-drawn", "aria-label": "drawings", hidden: true }, focus, drawing, this.transport.node);
    host.append(el("div", { class: "ms-act" }, this.stop, this.status), el("div", { class: "ms-track" }, this.bar),
      el("div", { class: "ms-monitor-grid" }, figures, this.curve.node), this.drawn);
  }

  showState() {
    const { model } = this;
    this.stop.disabled = !model.get("running") || model.get("stopping");
    if (this.status.textContent !== model.get("status")) this.status.replaceChildren(said(model.get("status")));
    this.status.classList.toggle("ms-trouble", model.get("trouble"));
  }

  showFigures() {
    const { step, total, loss, speed, left } = this.model.get("figures");
    if (step === undefined) return;
    this.figures.step.textContent = step.toLocaleString("en") + (total ? ` / ${total.toLocaleString("en")}` : "");
    this.figures.loss.textContent = loss === null ? "–" : loss.toPrecision(3);
    this.figures["clips a second"].textContent = speed === null ? "–" : speed.toPrecision(3);
    this.figures.left.textContent = left === null ? "–" : duration(left);
    const share = total ? Math.round((100 * step) / total) : 0;
    this.bar.style.width = `${share}%`;
    setAttribute(this.bar, "aria-valuenow", share);
  }

  showCurve() {
    this.curve.show(this.model.get("curve"), this.model.get("figures").total ?? null);
  }

  // A drawing more; the slider goes on with it, unless somebody looks at an earlier one.
  arrive() {
    const shown = this.model.get("clips_shown");
    if (!shown.clips) return;
    const following = !this.drawings.length || Number(this.which.value) === this.drawings.length - 1;
    this.drawings = [...this.drawings, shown].slice(-KEPT);
    this.which.max = this.drawings.length - 1;
    if (following) this.which.value = this.drawings.length - 1;
    this.drawn.hidden = false;
    this.showDrawing(Number(this.which.value));
  }

  async showDrawing(k) {
    const { step, fps, clips } = this.drawings[k];
    this.where.textContent = `step ${step.toLocaleString("en")}`;
    setAttribute(this.which, "aria-valuetext", this.where.textContent);
    if (this.cells.length !== clips.length) this.build(clips.length);
    this.turn += 1;
    const turn = this.turn;
    const read = await Promise.all(clips.map(({ picture, sheet }) => readClip(picture, sheet)));
    if (turn !== this.turn) {
      for (const clip of read) clip.close();
      return;
    }
    this.clock.set(Math.max(...read.map((clip) => clip.frames)), fps);
    this.cells.forEach(({ stage, words }, j) => {
      words.replaceChildren(said(clips[j].prompt));
      stage.name(clips[j].prompt);
      stage.show(read[j]);
    });
    if (!this.started) this.clock.start();
    this.started = true;
  }

  build(count) {
    for (const { stage } of this.cells) stage.close();
    this.cells = Array.from({ length: count }, () => {
      const stage = new Stage(this.clock, { wanted: WANTED });
      const words = el("div", { class: "ms-note" });
      return { stage, words, node: el("figure", { class: "ms-cell" }, el("div", {}, stage.node), words) };
    });
    this.grid.replaceChildren(...this.cells.map(({ node }) => node));
    this.transport.stages = this.cells.map(({ stage }) => stage);
    for (const { stage } of this.cells) stage.fit();
  }

  close() {
    for (const [name, call] of Object.entries(this.events)) this.model.off(name, call);
    this.model.send({ do: "unseen" });
    this.turn += 1;
    this.transport.close();
    for (const { stage } of this.cells) stage.close();
    this.clock.close();
  }
}

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function render({ model, el: host }) {
  const monitor = new Monitor(model, host);
  return () => monitor.close();
}

export default { render };
