// A curve of the loss: every step faint, the smoothed one in the accent, on a scale of powers where that helps.

import { el, setAttribute } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 240;
const [LEAST, USUAL, MOST] = [320, 640, 960]; // of its width
const SIDES = { left: 56, right: 72, top: 12, bottom: 40 };
const RATIO = 8; // from the least to the most: from there on the scale is one of powers

export class Curve {
  constructor() {
    this.svg = node("svg", { width: USUAL, height: HEIGHT, class: "ms-curve", role: "img", "aria-label": "loss over steps: nothing yet" });
    this.node = el("div", { class: "ms-curve-box" }, this.svg);
  }

  // points: [step, loss, smoothed loss], …; total: steps of the whole training, or null.
  show(points, total) {
    if (!points.length) {
      this.svg.replaceChildren();
      return;
    }
    const width = Math.min(Math.max(this.node.clientWidth || USUAL, LEAST), MOST); // drawn as wide as it is shown
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.svg.setAttribute("width", width);
    const values = points.flatMap(([, raw, calm]) => [raw, calm]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const powers = low > 0 && high / low > RATIO;
    const scale = powers ? Math.log10 : (value) => value;
    const [bottom, top] = spread(scale(low), scale(high));
    const first = Math.min(points[0][0], total ? 0 : points[0][0]);
    const last = Math.max(points.at(-1)[0], total ?? 0, first + 1);
    const x = (step) => SIDES.left + ((step - first) / (last - first)) * (width - SIDES.left - SIDES.right);
    const y = (value) => HEIGHT - SIDES.bottom - ((scale(value) - bottom) / (top - bottom)) * (HEIGHT - SIDES.top - SIDES.bottom);
    const line = (column, name) => node("polyline", { class: name, points: points.map((point) => `${x(point[0]).toFixed(1)},${y(point[column]).toFixed(1)}`).join(" ") });
    const marks = (powers ? powerMarks(low, high) : evenMarks(low, high)).flatMap((value) => [
      node("line", { class: "ms-rule", x1: SIDES.left, x2: width - SIDES.right, y1: y(value), y2: y(value) }),
      text(short(value), SIDES.left - 8, y(value) + 4, "end"),
    ]);
    const steps = [first, (first + last) / 2, last].map((step) => text(Math.round(step).toLocaleString("en"), x(step), HEIGHT - SIDES.bottom + 20, "middle"));
    const [step, , calm] = points.at(-1);
    const now = [node("circle", { class: "ms-tip", cx: x(step), cy: y(calm), r: 3 }), text(short(calm), x(step) + 8, y(calm) + 4, "start", "ms-figure")];
    this.svg.replaceChildren(...marks, ...steps, text("steps", width - SIDES.right, HEIGHT - 4, "end"), text("loss", 4, SIDES.top + 4, "start"),
      line(1, "ms-raw"), line(2, "ms-calm"), ...now);
    setAttribute(this.svg, "aria-label", `loss over steps: ${short(points[0][2])} at step ${points[0][0]}, ${short(calm)} at step ${step}, smoothed`);
  }
}

function node(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function text(words, x, y, anchor, name = "ms-axis-text") {
  const made = node("text", { x, y, "text-anchor": anchor, class: name });
  made.textContent = words;
  return made;
}

function spread(low, high) {
  const more = (high - low) * 0.06 || Math.max(Math.abs(high), 1) * 0.06;
  return [low - more, high + more];
}

function evenMarks(low, high) {
  if (high === low) return [low];
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= rough);
  const marks = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-6; value += step) marks.push(value);
  return marks;
}

function powerMarks(low, high) {
  const marks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of high / low > 1000 ? [1] : [1, 3]) {
      const value = factor * 10 ** power;
      if (value >= low && value <= high) marks.push(value);
    }
  }
  return marks;
}

function short(value) {
  return Number(value.toPrecision(3)).toString();
}
