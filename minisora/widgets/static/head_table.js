// A table of layers and heads: what each of them looks at, as a bar of four parts; a click chooses one.

import { el, setAttribute } from "./dom.js";

const ALL = -1; // the mean of all

export class HeadTable {
  // onchoose(layer, head), each from 0, or -1 for all of them.
  constructor(onchoose) {
    this.onchoose = onchoose;
    this.cells = [];
    this.body = el("div", { class: "ms-heads", role: "group", "aria-label": "layers and heads" });
    this.legend = el("div", { class: "ms-legend" });
    this.node = el("div", {}, this.body, this.legend);
  }

  // heads[layer][head] is a list of shares, one for each of `kinds`, or of one for a word.
  show(heads, chosen, kinds, word) {
    if (this.shape !== `${heads.length}×${heads[0].length}`) this.build(heads.length, heads[0].length);
    const most = word ? Math.max(...heads.flat(2), 1e-9) : 1;
    const names = word ? [`on “${word}”`] : kinds;
    for (const { layer, head, node, bar } of this.cells) {
      const shares = mean(heads, layer, head);
      bar.replaceChildren(...shares.map((share, k) => {
        const part = el("span", { class: word ? "ms-part-3" : `ms-part-${k}` });
        part.style.width = `${(100 * share) / most}%`;
        return part;
      }));
      const told = shares.map((share, k) => `${(100 * share).toFixed(word ? 1 : 0)} % ${names[k]}`).join(", ");
      const name = `${layer === ALL ? "all layers" : `layer ${layer + 1}`}, ${head === ALL ? "all heads" : `head ${head + 1}`}: ${told}`;
      setAttribute(node, "aria-label", name);
      setAttribute(node, "title", name);
      setAttribute(node, "aria-pressed", layer === chosen.layer && head === chosen.head ? "true" : "false");
    }
    const swatch = (k) => el("span", { class: `ms-part-${k}`, "aria-hidden": true });
    this.legend.replaceChildren(...(word ? [el("span", {}, swatch(3), "looks at the word, beside the head that does most")] : kinds.map((kind, k) => el("span", {}, swatch(k), kind))));
  }

  build(layers, heads) {
    this.shape = `${layers}×${heads}`;
    const columns = [ALL, ...Array(heads).keys()];
    const rows = [ALL, ...Array(layers).keys()];
    const head = (text) => el("span", { class: "ms-note ms-heads-title", "aria-hidden": true }, text);
    this.cells = [];
    const nodes = [head("layer"), ...columns.map((k) => head(k === ALL ? "all heads" : `head ${k + 1}`))];
    for (const layer of rows) nodes.push(head(layer === ALL ? "all" : layer + 1), ...columns.map((k) => this.cell(layer, k)));
    this.body.style.gridTemplateColumns = `40px repeat(${columns.length}, minmax(40px, 1fr))`;
    this.body.replaceChildren(...nodes);
  }

  cell(layer, head) {
    const bar = el("span", { class: "ms-stack", "aria-hidden": true });
    const node = el("button", { type: "button", class: "ms-head", onclick: () => this.onchoose(layer, head) }, bar);
    this.cells.push({ layer, head, node, bar });
    return node;
  }
}

function mean(heads, layer, head) {
  const chosen = (layer === ALL ? heads : [heads[layer]]).flatMap((row) => (head === ALL ? row : [row[head]]));
  return chosen[0].map((_, k) => chosen.reduce((sum, shares) => sum + shares[k], 0) / chosen.length);
}
