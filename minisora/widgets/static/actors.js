// Handles over a clip, one for each actor at the place where it begins, and the path that it will take.

import { el, setAttribute } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.02; // shorter sides, of an arrow key
const LEAST = 0.04; // of a handle's radius, so that it can be caught

export class Actors {
  // options: { half [x, y], onmove(actor, x, y), onchoose(actor), onremove(actor) }.
  constructor(options) {
    this.options = options;
    this.chosen = 0;
    this.parts = [];
    this.tracks = [];
    const [x, y] = options.half;
    this.paths = document.createElementNS(SVG, "svg");
    this.paths.setAttribute("viewBox", `${-x} ${-y} ${2 * x} ${2 * y}`);
    this.paths.setAttribute("class", "ms-paths");
    this.paths.setAttribute("aria-hidden", "true");
    this.handles = el("div", { class: "ms-handles" });
    this.node = el("div", { class: "ms-over" }, this.paths, this.handles);
    this.node.addEventListener("click", (event) => event.target.closest(".ms-handle") && event.stopPropagation());
  }

  // parts: as Python has them; tracks: where they go, of the scene that was staged last.
  show(parts, tracks) {
    this.tracks = tracks;
    if (this.dragging) {
      this.drawPaths();
      return;
    }
    this.parts = parts;
    const focused = [...this.handles.children].indexOf(document.activeElement);
    this.handles.replaceChildren(...parts.map((part, k) => this.handle(part, k)));
    if (focused >= 0) this.handles.children[Math.min(focused, parts.length - 1)]?.focus();
    this.drawPaths();
  }

  choose(actor) {
    this.chosen = actor;
    [...this.handles.children].forEach((node, k) => setAttribute(node, "aria-pressed", k === actor ? "true" : "false"));
    this.drawPaths();
  }

  drawPaths() {
    this.paths.replaceChildren(...this.tracks.slice(0, this.parts.length).map(({ path }, k) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("points", path.map((place) => place.join(",")).join(" "));
      line.setAttribute("class", k === this.chosen ? "ms-path ms-path-chosen" : "ms-path");
      return line;
    }));
  }

  handle({ colour, shape, start }, k) {
    const name = `the ${colour} ${shape}: arrow keys move it, Delete takes it away`;
    const node = el("button", {
      type: "button", class: "ms-handle", "aria-label": name, title: name, "aria-pressed": k === this.chosen ? "true" : "false",
    });
    this.place(node, start, this.tracks[k]?.radius ?? LEAST);
    node.addEventListener("pointerdown", (event) => this.drag(event, node, k));
    node.addEventListener("focus", () => this.options.onchoose(k));
    node.addEventListener("keydown", (event) => this.key(event, k));
    return node;
  }

  place(node, [x, y], radius) {
    const [width, height] = this.options.half.map((side) => 2 * side);
    const reach = Math.max(radius, LEAST);
    node.style.left = `${(100 * (x - reach)) / width + 50}%`;
    node.style.top = `${(100 * (y - reach)) / height + 50}%`;
    node.style.width = `${(200 * reach) / width}%`;
    node.style.height = `${(200 * reach) / height}%`;
  }

  inside(at) {
    return at.map((value, k) => Math.min(Math.max(value, -this.options.half[k]), this.options.half[k]));
  }

  // It follows the pointer at once; Python hears of it as often as it can stage the scene.
  drag(event, node, k) {
    if (event.button !== 0) return;
    event.preventDefault();
    node.focus();
    const box = this.node.getBoundingClientRect();
    const side = Math.min(box.width, box.height);
    const from = [event.clientX, event.clientY];
    const [x, y] = this.parts[k].start;
    this.dragging = true;
    let at = [x, y];
    const move = (each) => {
      at = this.inside([x + (each.clientX - from[0]) / side, y + (each.clientY - from[1]) / side]);
      this.place(node, at, this.tracks[k]?.radius ?? LEAST);
      this.options.onmove(k, ...at);
    };
    const end = () => {
      this.dragging = false;
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      this.parts = this.parts.map((part, j) => (j === k ? { ...part, start: at } : part));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }

  key(event, k) {
    const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") this.options.onremove(k);
    else if (by) this.options.onmove(k, ...this.inside(this.parts[k].start.map((at, j) => at + STEP * by[j])));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
