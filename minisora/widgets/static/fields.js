// Fields of a form: numbers and lines of text, each with its label. What is no number is sent as it was typed.

import { el, freshId } from "./dom.js";

export function numberField(name, attributes = {}) {
  return el("input", { type: "number", class: "ms-number", id: freshId(name), ...attributes });
}

export function textField(name, attributes = {}) {
  return el("input", {
    type: "text", class: "ms-text", id: freshId(name), spellcheck: "false", autocomplete: "off", dir: "auto", ...attributes,
  });
}

// A field under its label; `node` is what is shown where that is more than the field.
export function labelled(text, field, node = field) {
  return el("div", { class: "ms-setting" }, el("label", { for: field.id, class: "ms-label" }, text), node);
}

// A whole number, or what was typed where it is none.
export function readWhole(field) {
  const value = Number(field.value);
  return field.value !== "" && Number.isInteger(value) ? value : field.value;
}

// A number, null where the field is empty, "" where it holds something else.
export function readNumber(field) {
  if (field.value === "") return field.validity.badInput ? "" : null;
  const value = Number(field.value);
  return Number.isFinite(value) ? value : "";
}

// Call a function when Enter is pressed in one of some fields.
export function onEnter(fields, call) {
  for (const field of fields) {
    field.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && call());
  }
}
