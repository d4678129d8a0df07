// Small helpers for making elements. Text is always set as text, never as markup, so nothing that a person types can run.

// An element: el("button", { class: "ms-button", onclick: f, "aria-label": "Play" }, "Play", other).
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Set or take away an attribute.
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : String(value));
}

// Text of a person, kept from turning the direction of what stands around it.
export function said(text) {
  return el("bdi", {}, String(text));
}

// A PNG that Python sent. Its address is given back once the picture is there, also where nobody shows it any more.
export function pngImage(bytes, attributes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  const done = () => URL.revokeObjectURL(url);
  return el("img", { alt: "", draggable: "false", onload: done, onerror: done, src: url, ...attributes });
}

let lastId = 0;

// An id that no other element of the page has, however many widgets there are.
export function freshId(prefix) {
  lastId += 1;
  return `ms-${prefix}-${lastId}-${Math.random().toString(36).slice(2, 7)}`;
}

// The root of a widget. JupyterLab's own shortcuts (a, b, dd, …) are kept from acting on keys that are meant for it.
export function root(host, ...classes) {
  host.classList.add("minisora", ...classes);
  host.setAttribute("data-lm-suppress-shortcuts", "true");
  // A notebook looks at what has the focus before it looks at what is around that: without this an arrow key on a
  // slider would move between cells instead.
  host.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  host.setAttribute("data-jp-suppress-context-menu", "true");
  return host;
}

export function reducedMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// Call a function once, `wait` milliseconds after the last of several calls.
export function calmly(wait, call) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), wait);
  };
}

const ICONS = {
  play: "M5 3.5v9l7.5-4.5z",
  pause: "M4.5 3.5h2.5v9H4.5zM9 3.5h2.5v9H9z",
  back: "M4 3.5h1.5v9H4zM12 3.5v9L6 8z",
  forward: "M10.5 3.5H12v9h-1.5zM4 3.5v9L10 8z",
  slice: "M2.5 2.5h11v11h-11zM3.8 3.8v8.4h8.4V3.8zM3.8 7.4h8.4v1.2H3.8z",
  dice: "M3 3h10v10H3zM4.3 4.3v7.4h7.4V4.3zM5.4 5.4H7V7H5.4zM9 9h1.6v1.6H9zM9 5.4h1.6V7H9zM5.4 9H7v1.6H5.4z",
};

// A small picture in the colour of the text around it.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "ms-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
