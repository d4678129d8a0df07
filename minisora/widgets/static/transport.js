// The row of controls under a clip: play, step, scrub, which frame, how fast, how large, the slice through time.

import { el, freshId, icon, setAttribute } from "./dom.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const SPEED_NAMES = { 0.25: "quarter speed", 0.5: "half speed", 1: "full speed", 2: "double speed" };
const SLICES = ["", "row", "column"];
const SLICE_NAMES = { "": "off", row: "along a row", column: "along a column" };

export class Transport {
  // stages: all that this row steers. options: { slices, zoom }.
  constructor(clock, stages, options = {}) {
    this.clock = clock;
    this.stages = stages;
    this.play = el("button", { type: "button", class: "ms-tool ms-play", onclick: () => clock.toggle() });
    this.back = tool("back", "One frame back", () => clock.step(-1));
    this.on = tool("forward", "One frame on", () => clock.step(1));
    this.scrub = el("input", { type: "range", class: "ms-scrub", min: 0, max: 0, step: 1, value: 0, "aria-label": "frame" });
    this.scrub.addEventListener("input", () => {
      clock.pause();
      clock.go(Number(this.scrub.value));
    });
    this.count = el("output", { class: "ms-count" });
    const speed = choice("speed", SPEEDS.map((value) => [value, `${value}×`, SPEED_NAMES[value]]), 1, (value) => {
      clock.speed = Number(value);
    });
    const zoom = choice("zoom", [[0, "fit"], ...[1, 2, 4, 6, 8].map((value) => [value, `${value}×`])], 0, (value) => {
      for (const stage of this.stages) {
        stage.zoom = Number(value);
        stage.fit();
      }
    });
    this.sliceButton = tool("slice", "", () => this.nextSlice());
    this.slicing = "";
    const first = el("div", { class: "ms-transport-row" }, this.back, this.play, this.on, this.scrub, this.count);
    const second = el("div", { class: "ms-transport-row ms-transport-second" }, speed);
    if (options.zoom !== false) second.append(zoom);
    if (options.slices !== false) second.append(el("span", { class: "ms-labelled" }, "x–t slice", this.sliceButton));
    this.node = el("div", { class: "ms-transport", role: "group", "aria-label": "player" }, first, second);
    this.unlisten = clock.listen(() => this.update());
    this.setSlice("");
    this.update();
  }

  update() {
    const { frame, frames, playing, fps } = this.clock;
    setAttribute(this.play, "aria-label", playing ? "Pause" : "Play");
    setAttribute(this.play, "title", playing ? "Pause (space)" : "Play (space)");
    if (this.shown !== playing) {
      this.play.replaceChildren(icon(playing ? "pause" : "play"));
      this.shown = playing;
    }
    this.scrub.max = frames - 1;
    this.scrub.value = frame;
    setAttribute(this.scrub, "aria-valuetext", `frame ${frame + 1} of ${frames}`);
    const digits = String(frames).length;
    const number = String(frame + 1).padStart(digits, "\u2007");
    this.count.textContent = `${number} / ${frames} · ${(frame / fps).toFixed(2)} s`;
  }

  nextSlice() {
    this.setSlice(SLICES[(SLICES.indexOf(this.slicing) + 1) % SLICES.length]);
  }

  setSlice(kind) {
    this.slicing = kind;
    const name = `x–t slice: ${SLICE_NAMES[kind]}`;
    setAttribute(this.sliceButton, "aria-label", name);
    setAttribute(this.sliceButton, "title", `${name} (x)`);
    setAttribute(this.sliceButton, "aria-pressed", kind ? "true" : "false");
    setAttribute(this.sliceButton, "data-slice", kind);
    for (const stage of this.stages) stage.slice(kind);
  }

  // Keys that a stage with the focus takes. Answers whether this was one.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const line = event.shiftKey && this.slicing;
    const keys = {
      " ": () => this.clock.toggle(),
      ArrowRight: () => (line ? this.moveLines(1) : this.clock.step(1)),
      ArrowLeft: () => (line ? this.moveLines(-1) : this.clock.step(-1)),
      ArrowUp: () => (line ? this.moveLines(-1) : this.clock.step(1)),
      ArrowDown: () => (line ? this.moveLines(1) : this.clock.step(-1)),
      Home: () => this.jump(0),
      End: () => this.jump(this.clock.frames - 1),
      x: () => this.nextSlice(),
    };
    if (!keys[event.key]) return false;
    keys[event.key]();
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  moveLines(by) {
    for (const stage of this.stages) stage.moveLine(by);
  }

  jump(frame) {
    this.clock.pause();
    this.clock.go(frame);
  }

  close() {
    this.unlisten();
  }
}

function tool(name, label, onclick) {
  return el("button", { type: "button", class: "ms-tool", "aria-label": label, title: label, onclick }, icon(name));
}

function choice(label, options, value, onchange) {
  const id = freshId(label);
  const select = el("select", { id, class: "ms-select", onchange: () => onchange(select.value) });
  for (const [key, text, name] of options) {
    select.append(el("option", { value: key, selected: key === value, "aria-label": name }, text));
  }
  return el("label", { class: "ms-labelled", for: id }, label, select);
}
