// A picture to draw on, pixel by pixel: with a pointer, or with the arrow keys and the space bar.

import { el, freshId, setAttribute } from "./dom.js";

const FACTOR = 4; // pixels on the screen of one pixel of the drawing
const BRUSHES = [2, 4, 8, 16];

export class Paint {
  // options: { height, width, palette [[name, rgb], …], inks, onchange(drawing) }.
  constructor(options) {
    this.options = options;
    const { height, width, palette } = options;
    this.inks = [];
    this.ink = palette.length - 1;
    this.brush = 8;
    this.at = [Math.floor(height / 2), Math.floor(width / 2)];
    const help = el("span", { class: "ms-hidden", id: freshId("paint") }, "Arrow keys move the brush, space paints.");
    this.canvas = el("canvas", { class: "ms-canvas", width, height, tabindex: 0, role: "img", "aria-label": "drawing", "aria-describedby": help.id });
    this.canvas.style.width = `${width * FACTOR}px`;
    this.canvas.style.height = `${height * FACTOR}px`;
    this.cursor = el("div", { class: "ms-spot", hidden: true });
    this.frame = el("div", { class: "ms-frame ms-paper" }, this.canvas, this.cursor);
    this.colours = el("div", { class: "ms-chips", role: "group", "aria-label": "colour" }, ...palette.map(([name, rgb], k) => this.colour(name, rgb, k)));
    const brush = el("select", { class: "ms-select", id: freshId("brush"), onchange: () => (this.brush = Number(brush.value)) });
    for (const size of BRUSHES) brush.append(el("option", { value: size }, `${size} pixels`));
    brush.value = this.brush;
    const clear = el("button", { type: "button", class: "ms-button", onclick: () => this.clear() }, "Clear");
    this.node = el("div", { class: "ms-paint" }, this.frame, help,
      el("div", { class: "ms-paint-tools" }, this.colours, el("label", { class: "ms-labelled", for: brush.id }, "brush", brush), clear));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons === 1 && this.drag(event));
    this.canvas.addEventListener("pointerup", () => this.done());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("blur", () => (this.cursor.hidden = true));
    this.choose(this.ink);
  }

  colour(name, rgb, k) {
    const swatch = el("span", { class: "ms-swatch", "aria-hidden": true });
    swatch.style.background = rgb;
    return el("button", { type: "button", class: "ms-chip", onclick: () => this.choose(k) }, swatch, name);
  }

  choose(k) {
    this.ink = k;
    [...this.colours.children].forEach((node, j) => setAttribute(node, "aria-pressed", j === k ? "true" : "false"));
  }

  // The drawing as Python reads it: a letter for each pixel.
  get text() {
    return this.inks.map((ink) => this.options.inks[ink]).join("");
  }

  set text(value) {
    this.inks = [...value].map((letter) => this.options.inks.indexOf(letter));
    this.draw();
  }

  clear() {
    this.inks.fill(this.ink);
    this.draw();
    this.done();
  }

  draw() {
    const { height, width, palette } = this.options;
    const context = this.canvas.getContext("2d");
    this.inks.forEach((ink, k) => {
      context.fillStyle = palette[ink][1];
      context.fillRect(k % width, Math.floor(k / width), 1, 1);
    });
    if (this.inks.length !== height * width) context.clearRect(0, 0, width, height);
  }

  press(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.last = null;
    this.drag(event);
  }

  drag(event) {
    const box = this.canvas.getBoundingClientRect();
    const { height, width } = this.options;
    const to = [((event.clientY - box.top) / box.height) * height, ((event.clientX - box.left) / box.width) * width];
    const from = this.last ?? to;
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let k = 1; k <= steps; k += 1) this.dot(from[0] + ((to[0] - from[0]) * k) / steps, from[1] + ((to[1] - from[1]) * k) / steps);
    this.last = to;
    this.at = to.map(Math.floor);
    this.draw();
  }

  // A round brush; a pixel is painted where its middle lies inside.
  dot(y, x) {
    const { height, width } = this.options;
    const reach = this.brush / 2;
    for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, y + reach); row += 1) {
      for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(width, x + reach); column += 1) {
        if (Math.hypot(row + 0.5 - y, column + 0.5 - x) <= reach) this.inks[row * width + column] = this.ink;
      }
    }
  }

  key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const { height, width } = this.options;
    if (by) this.at = this.at.map((at, k) => Math.min(Math.max(0, at + by[k] * 2), [height, width][k] - 1));
    else {
      this.dot(...this.at);
      this.draw();
      this.done();
    }
    const reach = this.brush / 2;
    this.cursor.hidden = false;
    this.cursor.style.top = `${(this.at[0] - reach) * FACTOR}px`;
    this.cursor.style.left = `${(this.at[1] - reach) * FACTOR}px`;
    this.cursor.style.width = `${this.brush * FACTOR}px`;
    this.cursor.style.height = `${this.brush * FACTOR}px`;
  }

  done() {
    this.options.onchange(this.text);
  }
}
