// A grid of places over a clip: how strongly each one counts, and which one is chosen, by a click or by the arrow keys.

import { el, setAttribute } from "./dom.js";

const HEAT = [38, 198, 218]; // the world's cyan: clips are dark in both themes
const STRONGEST = 191; // of 255

export class Overlay {
  // options: { label, onpick(row, column) }; without onpick nothing can be chosen.
  constructor(options = {}) {
    this.options = options;
    this.rows = 1;
    this.columns = 1;
    this.place = null;
    this.canvas = el("canvas", { class: "ms-heat", width: 1, height: 1, "aria-hidden": true });
    this.spot = el("div", { class: "ms-spot", hidden: true });
    this.node = el("div", { class: "ms-over" }, this.canvas, this.spot);
    if (!options.onpick) return;
    for (const [name, value] of Object.entries({ tabindex: 0, role: "group", "aria-label": options.label })) setAttribute(this.node, name, value);
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  // values: rows of shares, from 0 to `most`; null shows none.
  show(values, most) {
    this.canvas.hidden = !values;
    if (!values) return;
    this.rows = values.length;
    this.columns = values[0].length;
    const picture = new ImageData(this.columns, this.rows);
    values.flat().forEach((value, k) => picture.data.set([...HEAT, most > 0 ? (STRONGEST * value) / most : 0], 4 * k));
    this.canvas.width = this.columns;
    this.canvas.height = this.rows;
    this.canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  size(rows, columns) {
    this.rows = rows;
    this.columns = columns;
  }

  // place: [row, column], or null.
  choose(place) {
    this.place = place;
    this.spot.hidden = !place;
    if (!place) return;
    const [row, column] = place;
    const sides = { top: row / this.rows, left: column / this.columns, width: 1 / this.columns, height: 1 / this.rows };
    for (const [side, share] of Object.entries(sides)) this.spot.style[side] = `${100 * share}%`;
  }

  click(event) {
    event.stopPropagation();
    const box = this.node.getBoundingClientRect();
    const cell = (at, size, count) => Math.min(Math.max(0, Math.floor((at / size) * count)), count - 1);
    this.pick(cell(event.clientY - box.top, box.height, this.rows), cell(event.clientX - box.left, box.width, this.columns));
  }

  key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [row, column] = this.place ?? [0, 0];
    const inside = (value, count) => Math.min(Math.max(0, value), count - 1);
    this.pick(inside(row + by[0], this.rows), inside(column + by[1], this.columns));
  }

  pick(row, column) {
    this.choose([row, column]);
    this.options.onpick(row, column);
  }
}
