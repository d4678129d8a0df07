// The `LatentExplorer` widget: two clips, what their latents mix and decode to, every channel, and one patch on its way.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { calmly, el, pngImage, root, said, setAttribute } from "./dom.js";
import { labelled, numberField, onEnter, readWhole, textField } from "./fields.js";
import { Maker } from "./maker.js";
import { Overlay } from "./overlay.js";
import { Paint } from "./paint.js";
import { choiceField, rangeField } from "./sliders.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

const LARGE = 384; // pixels on the screen for what is decoded
const SMALL = 128; // for a clip beside it, and for a station of the patch
const TINY = 96; // for a channel
const SLOTS = { a: "clip A", b: "clip B" };
const PATCH_KEYS = "patches of the frame: arrow keys follow another one";

class Explorer extends Maker {
  constructor(model, host) {
    super(model, "Load the clips");
    this.clock = new Clock();
    this.turn = 0;
    const { height, width, channels, rows, columns, frames, farthest } = model.get("about");
    const form = model.get("form");
    this.fields = { mix: form.mix, channel: form.channel, push: form.push, only: form.only, frame: form.frame, row: form.row, column: form.column };
    this.sources = Object.fromEntries(Object.keys(SLOTS).map((slot) => [slot, this.source(slot, form[slot])]));
    this.stage = new Stage(this.clock, { wanted: LARGE, label: "decoded" });
    this.stage.reserve(height, width);
    this.overlay = new Overlay({ label: PATCH_KEYS, onpick: (row, column) => this.change({ row, column, frame: this.latent() }) });
    this.overlay.node.addEventListener("keydown", (event) => event.defaultPrevented || this.transport.key(event));
    this.overlay.size(rows, columns);
    this.overlay.show(null);
    this.stage.frame.append(this.overlay.node);
    this.inputs = Object.fromEntries(Object.entries(SLOTS).map(([slot, name]) => [slot, new Stage(this.clock, { wanted: SMALL, label: name })]));
    for (const stage of Object.values(this.inputs)) stage.reserve(height, width);
    this.channels = Array.from({ length: channels }, (_, k) => this.channel(k));
    this.transport = new Transport(this.clock, this.stages(), { zoom: false, slices: false });
    this.mix = rangeField("mix", { min: 0, max: 1, step: 0.05, value: this.fields.mix });
    this.push = rangeField("push", { min: -farthest, max: farthest, step: 0.25, value: this.fields.push });
    this.mixed = el("output", { class: "ms-count" });
    this.pushed = el("output", { class: "ms-count" });
    this.only = el("input", { type: "checkbox", checked: this.fields.only });
    this.rest = el("button", { type: "button", class: "ms-button", onclick: () => this.zero() }, "Back to zero");
    this.line = el("div", { class: "ms-look-line", role: "status", "aria-live": "polite" });
    this.stations = el("div", { class: "ms-stations", role: "list", "aria-label": "the patch on its way" });
    this.where = el("div", { class: "ms-label" });
    this.ask = calmly(40, () => this.say("explore"));
    this.lay(root(host, "ms-explorer", "ms-compare"));
    this.mix.addEventListener("input", () => this.change({ mix: Number(this.mix.value) }));
    this.push.addEventListener("input", () => this.change({ push: Number(this.push.value) }));
    this.only.addEventListener("change", () => this.change({ only: this.only.checked }));
    this.frames = frames;
    this.clock.listen(() => this.drawSpot());
    this.listen({ "change:shown": () => this.show(), "change:clips_shown": () => this.showInputs() });
    this.drawFields();
    this.showInputs();
    this.show();
    this.update();
  }

  stages() {
    return [this.stage, ...Object.values(this.inputs), ...this.channels.map(({ stage }) => stage)];
  }

  // What a clip is loaded from: a kind, and what that kind needs.
  source(slot, given) {
    const { kinds, height, width, palette, inks } = this.model.get("about");
    const text = textField("sentence", { value: given.text });
    const seed = numberField("seed", { value: given.seed, min: 0, step: 1 });
    const paint = new Paint({ height, width, palette, inks, onchange: () => {} });
    paint.text = given.drawing;
    const kind = choiceField("from", kinds.map((each) => [each, each]), given.kind, () => refresh());
    const textPart = labelled("sentence", text);
    const seedPart = labelled("seed", seed);
    const refresh = () => {
      textPart.hidden = kind.value !== kinds[1];
      seedPart.hidden = kind.value === kinds[2];
      paint.node.hidden = kind.value !== kinds[2];
    };
    refresh();
    onEnter([text, seed], () => this.begin());
    const node = el("fieldset", { class: "ms-source" }, el("legend", { class: "ms-label" }, SLOTS[slot]),
      el("div", { class: "ms-source-row" }, labelled("from", kind), textPart, seedPart), paint.node);
    return { node, read: () => ({ kind: kind.value, text: text.value, seed: readWhole(seed), drawing: paint.text }) };
  }

  channel(k) {
    const stage = new Stage(this.clock, { wanted: TINY, label: `channel ${k + 1}` });
    const { height, width } = this.model.get("about");
    stage.reserve(height / 4, width / 4);
    const node = el("button", { type: "button", class: "ms-channel", "aria-label": `channel ${k + 1}` }, stage.node, el("span", { class: "ms-note" }, k + 1));
    node.addEventListener("click", (event) => {
      event.stopPropagation(); // the clip below it goes on playing
      this.change({ channel: k });
    }, true);
    return { node, stage };
  }

  lay(host) {
    const sources = el("div", { class: "ms-sources" }, ...Object.values(this.sources).map(({ node }) => node));
    const act = el("div", { class: "ms-act" }, this.go, this.status);
    const hero = el("section", { class: "ms-look-hero", "aria-label": "decoded" },
      el("div", {}, el("div", { class: "ms-label" }, "Decoded"), this.stage.node), this.transport.node);
    const inputs = el("div", { class: "ms-inputs" }, ...Object.entries(this.inputs).map(([slot, stage]) =>
      el("figure", { class: "ms-input" }, el("div", { class: "ms-label" }, SLOTS[slot]), el("div", {}, stage.node))));
    const only = el("label", { class: "ms-labelled" }, this.only, "only in the chosen patch");
    const desk = el("section", { class: "ms-look-desk", "aria-label": "what is done to the latents" },
      inputs, slider("mix A and B", this.mix, this.mixed),
      el("div", {}, el("div", { class: "ms-label" }, "Channels of the latents, grey is 0"),
        el("div", { class: "ms-channels", role: "group", "aria-label": "channels" }, ...this.channels.map(({ node }) => node))),
      slider("push", this.push, this.pushed), el("div", { class: "ms-act" }, only, this.rest), this.line);
    const scope = el("section", { class: "ms-scope", "aria-label": "microscope" }, this.where, this.stations);
    host.append(sources, act, this.track, el("div", { class: "ms-look-grid" }, hero, desk), scope);
  }

  form() {
    return { ...Object.fromEntries(Object.entries(this.sources).map(([slot, { read }]) => [slot, read()])), ...this.fields };
  }

  change(changed) {
    this.fields = { ...this.fields, ...changed };
    this.drawFields();
    this.ask();
  }

  zero() {
    this.mix.value = 0;
    this.push.value = 0;
    this.change({ mix: 0, push: 0 });
  }

  latent() {
    return Math.max(0, this.frames.findLastIndex((_, k) => this.clock.frame >= (k ? 4 * k - 3 : 0)));
  }

  drawFields() {
    const { mix, push, channel } = this.fields;
    this.mixed.textContent = `${Math.round(100 * (1 - mix))} % A · ${Math.round(100 * mix)} % B`;
    setAttribute(this.mix, "aria-valuetext", this.mixed.textContent);
    this.pushed.textContent = `channel ${channel + 1}: ${push > 0 ? "+" : ""}${push.toFixed(2)}`;
    setAttribute(this.push, "aria-valuetext", `${this.pushed.textContent} standard deviations`);
    this.channels.forEach(({ node }, k) => setAttribute(node, "aria-pressed", k === channel ? "true" : "false"));
    this.drawSpot();
  }

  // The patch stays where it is; it is the frame that may be another one.
  drawSpot() {
    this.overlay.choose([this.fields.row, this.fields.column]);
    setAttribute(this.overlay.spot, "data-away", this.latent() === this.fields.frame ? null : "true");
  }

  async showInputs() {
    const shown = this.model.get("clips_shown");
    for (const [slot, stage] of Object.entries(this.inputs)) {
      if (!shown[slot] || shown[slot].picture === stage.bytes) continue;
      stage.bytes = shown[slot].picture;
      stage.name(`${SLOTS[slot]}: ${shown[slot].label}`);
      stage.show(await readClip(shown[slot].picture, shown[slot].sheet));
    }
  }

  async show() {
    const result = this.model.get("result");
    if (!result.picture) return;
    this.turn += 1;
    const turn = this.turn;
    const clips = await Promise.all([result, ...result.channels].map(({ picture, sheet }) => readClip(picture, sheet)));
    if (turn !== this.turn) {
      for (const clip of clips) clip.close();
      return;
    }
    this.clock.set(clips[0].frames, this.model.get("fps"));
    [this.stage, ...this.channels.map(({ stage }) => stage)].forEach((stage, k) => stage.show(clips[k]));
    this.line.replaceChildren(said(result.line));
    this.showPatch(result.patch);
    if (!this.started) this.clock.start();
    this.started = true;
  }

  showPatch({ where, stations }) {
    this.where.textContent = `Microscope: ${where}`;
    const nodes = stations.map(({ name, note, picture, height, width }) => {
      const factor = Math.max(1, Math.floor(SMALL / Math.max(height, width)));
      const image = pngImage(picture, { width: width * factor, height: height * factor, alt: `${name}: ${note}` });
      return el("figure", { class: "ms-station", role: "listitem" }, el("div", { class: "ms-label" }, name), el("div", { class: "ms-plate" }, image),
        el("div", { class: "ms-note" }, note));
    });
    this.stations.replaceChildren(...nodes.flatMap((node, k) => (k ? [el("span", { class: "ms-arrow", "aria-hidden": true }, "→"), node] : [node])));
  }

  close() {
    super.close();
    this.turn += 1;
    this.transport.close();
    for (const stage of this.stages()) stage.close();
    this.clock.close();
  }
}

function slider(name, node, output) {
  return el("div", { class: "ms-transport-row ms-slider" }, el("label", { for: node.id }, name), node, output);
}

function render({ model, el: host }) {
  const explorer = new Explorer(model, host);
  return () => explorer.close();
}

export default { render };
