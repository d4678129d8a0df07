// A clip on a canvas: its own pixels, enlarged by a whole factor, and the slice through time along one line of it.

import { el, setAttribute } from "./dom.js";

const LARGEST = 32;
const TIME_PIXELS = 8; // on the screen, of one frame in a slice

export class Stage {
  // clock: what time it is. options: { label, wanted (pixels on the screen), onslice }.
  constructor(clock, options = {}) {
    this.clock = clock;
    this.wanted = options.wanted ?? 384;
    this.zoom = 0; // 0 fits it into the room there is
    this.clip = null;
    this.slicing = "";
    this.line = 0;
    this.canvas = el("canvas", { class: "ms-canvas", width: 64, height: 64, role: "img" });
    this.cursor = el("div", { class: "ms-line", hidden: true });
    this.frame = el("div", { class: "ms-frame" }, this.canvas, this.cursor);
    this.sliceCanvas = el("canvas", { class: "ms-canvas", role: "img" });
    this.now = el("div", { class: "ms-now" });
    this.sliceBox = el("div", { class: "ms-slice", hidden: true }, this.sliceCanvas, this.now);
    this.node = el("div", { class: "ms-stage" }, this.frame, this.sliceBox);
    this.context = this.canvas.getContext("2d");
    this.name(options.label ?? "");
    this.frame.addEventListener("pointerdown", (event) => event.button === 0 && this.slicing && this.pick(event));
    this.frame.addEventListener("click", () => this.slicing || this.clock.toggle());
    this.frame.addEventListener("pointermove", (event) => event.buttons === 1 && this.slicing && this.pick(event));
    this.sliceBox.addEventListener("pointerdown", (event) => this.seek(event));
    this.sliceBox.addEventListener("pointermove", (event) => event.buttons === 1 && this.seek(event));
    this.unlisten = clock.listen(() => this.draw());
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.node);
  }

  name(label) {
    this.label = label;
    setAttribute(this.canvas, "aria-label", label || "no clip yet");
  }

  show(clip) {
    if (this.clip && this.clip !== clip) this.clip.close();
    this.clip = clip;
    if (clip && (this.canvas.width !== clip.width || this.canvas.height !== clip.height)) {
      this.canvas.width = clip.width;
      this.canvas.height = clip.height;
    }
    this.line = Math.min(this.line || Math.floor((clip?.height ?? 0) / 2), (clip?.height ?? 1) - 1);
    this.fit();
    this.draw();
    this.drawSlice();
  }

  // Room for a clip of this size, before there is one: nothing moves when it arrives.
  reserve(height, width) {
    if (this.clip) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.fit();
  }

  // The largest whole factor that fits into the room, or the one that was chosen.
  fit() {
    const beside = this.slicing === "column" && this.clip ? this.clip.frames * this.timePixels() + 10 : 0;
    const room = Math.max((this.node.parentElement?.clientWidth ?? this.wanted) - beside, 64) - 2;
    const side = Math.max(this.canvas.width, this.canvas.height);
    const fitting = Math.floor(Math.min(room, this.wanted) / side);
    const most = Math.max(1, Math.floor(room / this.canvas.width));
    this.factor = Math.max(1, Math.min(this.zoom || fitting, most, LARGEST));
    this.canvas.style.width = `${this.canvas.width * this.factor}px`;
    this.canvas.style.height = `${this.canvas.height * this.factor}px`;
    this.placeSlice();
    this.placeLine();
  }

  draw() {
    if (!this.clip) return;
    this.clip.draw(this.context, this.clock.frame);
    this.placeNow();
  }

  // --- slices ---------------------------------------------------------------------------------------------------------

  // kind: "" for none, "row" or "column".
  slice(kind) {
    this.slicing = kind;
    setAttribute(this.node, "data-slice", kind);
    this.sliceBox.hidden = !kind || !this.clip;
    this.cursor.hidden = !kind || !this.clip;
    this.fit();
    this.drawSlice();
  }

  moveLine(by) {
    const most = (this.slicing === "row" ? this.canvas.height : this.canvas.width) - 1;
    this.line = Math.min(Math.max(0, this.line + by), most);
    this.drawSlice();
  }

  drawSlice() {
    if (!this.slicing || !this.clip) return;
    this.moveInside();
    this.fit();
    const picture = this.clip.slice(this.slicing, this.line);
    this.sliceCanvas.width = picture.width;
    this.sliceCanvas.height = picture.height;
    this.sliceCanvas.getContext("2d").putImageData(picture, 0, 0);
    const what = this.slicing === "row" ? `row ${this.line}, time downwards` : `column ${this.line}, time to the right`;
    setAttribute(this.sliceCanvas, "aria-label", `space-time picture of ${what}`);
    this.sliceBox.hidden = false;
    this.cursor.hidden = false;
    this.placeNow();
  }

  timePixels() {
    return Math.max(1, Math.min(TIME_PIXELS, Math.floor(256 / this.clip.frames) || 1));
  }

  moveInside() {
    const most = (this.slicing === "row" ? this.canvas.height : this.canvas.width) - 1;
    this.line = Math.min(this.line, most);
  }

  // A slice shares an axis with the frame, so a row's lies under it and a column's beside it.
  placeSlice() {
    if (!this.slicing || !this.clip) return;
    const long = this.timePixels();
    const row = this.slicing === "row";
    this.sliceCanvas.style.width = `${row ? this.clip.width * this.factor : this.clip.frames * long}px`;
    this.sliceCanvas.style.height = `${row ? this.clip.frames * long : this.clip.height * this.factor}px`;
  }

  placeLine() {
    if (!this.slicing) return;
    const row = this.slicing === "row";
    const middle = `${(this.line + 0.5) * this.factor}px`;
    this.cursor.style.top = row ? middle : "0";
    this.cursor.style.left = row ? "0" : middle;
    this.cursor.style.width = row ? "100%" : "0";
    this.cursor.style.height = row ? "0" : "100%";
  }

  placeNow() {
    if (!this.slicing || !this.clip) return;
    const row = this.slicing === "row";
    const middle = `${(100 * (this.clock.frame + 0.5)) / this.clip.frames}%`;
    this.now.style.top = row ? middle : "0";
    this.now.style.left = row ? "0" : middle;
    this.now.style.width = row ? "100%" : "0";
    this.now.style.height = row ? "0" : "100%";
  }

  pick(event) {
    const box = this.canvas.getBoundingClientRect();
    const [at, size] = this.slicing === "row" ? [event.clientY - box.top, box.height] : [event.clientX - box.left, box.width];
    const lines = this.slicing === "row" ? this.canvas.height : this.canvas.width;
    this.line = Math.min(Math.max(0, Math.floor((at / size) * lines)), lines - 1);
    this.drawSlice();
  }

  seek(event) {
    const box = this.sliceCanvas.getBoundingClientRect();
    const [at, size] = this.slicing === "row" ? [event.clientY - box.top, box.height] : [event.clientX - box.left, box.width];
    this.clock.pause();
    this.clock.go(Math.floor((at / size) * this.clip.frames));
  }

  close() {
    this.observer.disconnect();
    this.unlisten();
    this.clip?.close();
    this.clip = null;
  }
}
