// A time axis: sentences from a moment on, given frames at theirs, and where the playing is. All of it can be dragged.

import { el, pngImage, said, setAttribute } from "./dom.js";

const LEAST = 0.5; // of a group: nearer than this to another sentence, a sentence does not go

export class Axis {
  // options: { group (frames), onchange(parts), onpin(id, at), onunpin(id), onseek(frame) }.
  constructor(options) {
    this.options = options;
    this.parts = [];
    this.pins = [];
    this.frames = 17;
    this.fps = 8;
    this.bars = el("div", { class: "ms-axis-bars" });
    this.ticks = el("div", { class: "ms-axis-ticks", "aria-hidden": true });
    this.given = el("div", { class: "ms-axis-pins" });
    this.now = el("div", { class: "ms-axis-now" });
    this.node = el("div", { class: "ms-axis" }, this.given, this.bars, this.ticks, this.now);
    this.bars.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".ms-axis-handle")) this.options.onseek(Math.floor(this.frameAt(event)));
    });
  }

  // Frames as a share of the axis.
  percent(frame) {
    return `${(100 * frame) / this.frames}%`;
  }

  frameAt(event) {
    const box = this.bars.getBoundingClientRect();
    return Math.min(Math.max(0, ((event.clientX - box.left) / box.width) * this.frames), this.frames - 1);
  }

  // The nearest first frame of a group: 0, 5, 9, …
  snap(frame) {
    const { group } = this.options;
    return 1 + group * Math.max(1, Math.round((frame - 1) / group));
  }

  show(parts, pins, frames, fps) {
    this.parts = parts.map((part) => ({ ...part }));
    this.pins = pins;
    this.frames = frames;
    this.fps = fps;
    this.draw();
  }

  draw() {
    const focused = this.bars.contains(document.activeElement) ? document.activeElement.dataset.handle : null;
    this.bars.replaceChildren(...this.parts.flatMap((part, k) => this.bar(part, k)));
    this.drawTicks();
    this.drawPins();
    if (focused) this.bars.querySelector(`[data-handle="${focused}"]`)?.focus();
  }

  startOf(k) {
    return k ? this.snap(this.parts[k].start * this.fps) : 0;
  }

  bar(part, k) {
    const first = this.startOf(k);
    const stop = k + 1 < this.parts.length ? Math.min(this.startOf(k + 1), this.frames) : this.frames;
    const box = el("div", { class: "ms-axis-bar" }, el("span", {}, `${k + 1} `), said(part.text));
    box.style.left = this.percent(first);
    box.style.width = this.percent(Math.max(0, stop - first));
    if (!k) return [box];
    const handle = el("div", {
      class: "ms-axis-handle", role: "slider", tabindex: 0, "data-handle": k, "aria-label": `start of sentence ${k + 1}`,
      "aria-valuemin": 0, "aria-valuemax": ((this.frames - 1) / this.fps).toFixed(2), "aria-valuenow": (first / this.fps).toFixed(2),
      "aria-valuetext": `${(first / this.fps).toFixed(2)} seconds`,
    });
    handle.style.left = this.percent(first);
    drag(handle, (event) => this.move(k, this.frameAt(event)), () => this.options.onchange(this.parts));
    handle.addEventListener("keydown", (event) => this.key(event, (by) => {
      this.move(k, first + by * this.options.group);
      this.options.onchange(this.parts);
    }));
    return [box, handle];
  }

  // A sentence stays between the one before and the one after it.
  move(k, frame) {
    const { group } = this.options;
    const low = k > 1 ? this.startOf(k - 1) + group : 1 + group;
    const high = k + 1 < this.parts.length ? this.startOf(k + 1) - group : this.frames - group * LEAST;
    const place = Math.min(Math.max(this.snap(frame), low), Math.max(low, this.snap(high)));
    this.parts[k].start = place / this.fps;
    this.draw();
  }

  key(event, act) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    act(by);
  }

  drawTicks() {
    const nodes = [];
    for (let second = 0; second * this.fps < this.frames; second += 1) {
      const tick = el("span", {}, `${second} s`);
      tick.style.left = this.percent(second * this.fps);
      nodes.push(tick);
    }
    this.ticks.replaceChildren(...nodes);
  }

  drawPins() {
    this.given.hidden = !this.pins.length;
    this.given.replaceChildren(...this.pins.map((pin) => this.pin(pin)));
  }

  pin({ id, at, picture: bytes }) {
    const name = `given frame at ${(at / this.fps).toFixed(2)} seconds; arrow keys move it, Delete takes it away`;
    const node = el("div", {
      class: "ms-axis-pin", role: "slider", tabindex: 0, "aria-label": name, title: name, "aria-valuemin": 0,
      "aria-valuemax": this.frames - 1, "aria-valuenow": at,
    }, pngImage(bytes));
    node.style.left = this.percent(at + 0.5);
    let there = at;
    drag(node, (event) => {
      there = Math.round(this.frameAt(event));
      node.style.left = this.percent(there + 0.5);
    }, () => there !== at && this.options.onpin(id, there));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") this.options.onunpin(id);
      else this.key(event, (by) => this.options.onpin(id, at + by * this.options.group));
    });
    return node;
  }

  play(frame) {
    this.now.style.left = this.percent(frame + 0.5);
    setAttribute(this.now, "title", `${(frame / this.fps).toFixed(2)} s`);
  }
}

// Follow a pointer from where it is pressed to where it is let go.
function drag(node, onmove, onend) {
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    node.focus();
    const move = (each) => onmove(each);
    const end = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      onend();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  });
}
