// Sliders and choices, each with an id for its label.

import { el, freshId } from "./dom.js";

export function rangeField(name, attributes = {}) {
  return el("input", { type: "range", class: "ms-scrub", id: freshId(name), ...attributes });
}

// options: [[value, text], …].
export function choiceField(name, options, value, onchange) {
  const node = el("select", { class: "ms-select", id: freshId(name), onchange: () => onchange(node.value) });
  for (const [key, text] of options) node.append(el("option", { value: key, selected: key === value }, text));
  return node;
}
