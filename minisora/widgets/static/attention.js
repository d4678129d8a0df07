// The `AttentionViewer` widget: the clip with a grid of places, its words, a strip of times, and a table of heads.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { el, root, said, setAttribute } from "./dom.js";
import { labelled, numberField, onEnter, readWhole, textField } from "./fields.js";
import { HeadTable } from "./head_table.js";
import { Maker } from "./maker.js";
import { Overlay } from "./overlay.js";
import { rangeField } from "./sliders.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

const WANTED = 384; // pixels on the screen for the clip
const SMALL = 128; // and for each of the times
const PLACE_KEYS = "places of the frame: arrow keys move to another one, Page Up and Page Down to another frame";

class Attention extends Maker {
  constructor(model, host) {
    super(model, "Make a clip");
    this.turn = 0;
    this.clock = new Clock();
    const form = model.get("form");
    this.prompt = textField("sentence", { value: form.prompt });
    this.seed = numberField("seed", { value: form.seed, min: 0, step: 1 });
    this.stage = new Stage(this.clock, { wanted: WANTED });
    this.stage.reserve(64, 64);
    this.overlay = new Overlay({ label: PLACE_KEYS, onpick: (row, column) => this.look({ kind: "place", row, column, frame: this.latent() }) });
    this.overlay.node.addEventListener("keydown", (event) => this.key(event));
    this.stage.frame.append(this.overlay.node);
    this.transport = new Transport(this.clock, [this.stage], { zoom: false, slices: false });
    this.words = el("div", { class: "ms-look-words", role: "group", "aria-label": "words of the sentence" });
    this.plan = el("div", { class: "ms-look-plan", role: "list", "aria-label": "rows of the plan" });
    this.times = el("div", { class: "ms-look-times", role: "group", "aria-label": "times" });
    this.step = rangeField("step", { min: 0, max: 0, step: 1, value: 0 });
    this.where = el("output", { class: "ms-count" });
    this.line = el("div", { class: "ms-look-line", role: "status", "aria-live": "polite" });
    this.table = new HeadTable((layer, head) => this.look({ layer, head }));
    this.lay(root(host, "ms-attention", "ms-compare"));
    this.step.addEventListener("input", () => this.look({ step: Number(this.step.value) }));
    onEnter([this.prompt, this.seed], () => this.begin());
    this.clock.listen(() => this.drawHeat());
    this.listen({ "change:shown": () => this.arrive(), "change:look change:chosen": () => this.show() });
    this.arrive();
    this.update();
  }

  lay(host) {
    const form = el("div", { class: "ms-compare-form ms-look-form" }, labelled("sentence", this.prompt), labelled("seed", this.seed), this.go);
    const hero = el("section", { class: "ms-look-hero", "aria-label": "clip" }, el("div", {}, this.stage.node), this.transport.node);
    const steps = el("div", { class: "ms-transport-row" }, el("label", { for: this.step.id }, "step"), this.step, this.where);
    const desk = el("section", { class: "ms-look-desk", "aria-label": "where it looks" },
      titled("Words", this.words), titled("Rows of the plan", this.plan), titled("Layers and heads", this.table.node), steps);
    this.status.classList.add("ms-compare-status");
    host.append(form, this.status, this.track, el("div", { class: "ms-look-grid" }, hero, desk), titled("Times", this.times), this.line);
  }

  form() {
    return { prompt: this.prompt.value, seed: readWhole(this.seed) };
  }

  look(chosen) {
    this.say("look", { chosen });
  }

  // Which latent frame is shown: the first one stands for one frame, each later one for four.
  latent() {
    const { frames = [] } = this.model.get("about");
    return Math.max(0, frames.findLastIndex((_, k) => this.clock.frame >= firstOf(k)));
  }

  // Arrow keys have been taken by the grid; what is left is the player's, but for those that change the frame.
  key(event) {
    if (event.defaultPrevented || !this.ready) return;
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by) {
      this.transport.key(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const { frames } = this.model.get("about");
    this.goto(Math.min(Math.max(0, this.latent() + by), frames.length - 1));
  }

  goto(frame) {
    this.clock.pause();
    this.clock.go(this.model.get("about").frames[frame].frame);
    if (this.model.get("chosen").kind === "place") this.look({ frame });
  }

  // --- from Python ----------------------------------------------------------------------------------------------------

  async arrive() {
    const { model } = this;
    const bytes = model.get("picture");
    if (!bytes?.byteLength) return;
    this.turn += 1;
    const turn = this.turn;
    const clip = await readClip(bytes, model.get("sheet"));
    if (turn !== this.turn) {
      clip.close();
      return;
    }
    const { frames, words, plan, counts, times } = model.get("about");
    this.overlay.size(counts.row, counts.column);
    this.stage.name(model.get("label"));
    this.clock.set(clip.frames, model.get("fps"));
    this.stage.show(clip);
    this.clock.go(frames[model.get("chosen").frame].frame);
    this.step.max = times.length - 1;
    this.words.replaceChildren(...words.map((word, k) => this.wordButton(word, k)));
    this.plan.replaceChildren(...plan.map((name) => el("div", { class: "ms-look-bar", role: "listitem" }, el("span", {}, name), meter(), el("output", {}))));
    this.strip = frames.map((frame, k) => this.timeButton(frame, k, clip));
    this.times.replaceChildren(...this.strip.map(({ node }) => node));
    this.ready = true;
    this.show();
  }

  wordButton(word, k) {
    return el("button", { type: "button", class: "ms-look-word", onclick: () => this.look({ kind: "word", word: k }) },
      el("span", {}, said(word)), meter(), el("output", {}));
  }

  timeButton({ name, frame }, k, clip) {
    const canvas = el("canvas", { class: "ms-canvas", width: clip.width, height: clip.height, "aria-hidden": true });
    clip.draw(canvas.getContext("2d"), frame);
    const factor = Math.max(1, Math.floor(SMALL / Math.max(clip.width, clip.height)));
    canvas.style.width = `${clip.width * factor}px`;
    const overlay = new Overlay();
    const node = el("button", { type: "button", class: "ms-look-time", onclick: () => this.goto(k) },
      el("span", { class: "ms-frame" }, canvas, overlay.node), meter(), el("span", { class: "ms-note" }, name.replace(" to ", "–")), el("output", {}));
    return { node, overlay, name };
  }

  show() {
    const look = this.model.get("look");
    const chosen = this.model.get("chosen");
    if (!this.ready || !look.places) return;
    const { words, plan, kinds, times } = this.model.get("about");
    this.most = Math.max(...look.places.flat(2));
    this.drawHeat();
    const most = Math.max(...look.words, 1e-9);
    [...this.words.children].forEach((node, k) => {
      const share = look.words[k];
      const pressed = chosen.kind === "word" && chosen.word === k;
      fill(node, chosen.kind === "word" ? (pressed ? 1 : 0) : share / most, chosen.kind === "word" ? "" : percent(share));
      setAttribute(node, "aria-pressed", pressed ? "true" : "false");
      setAttribute(node, "aria-label", pressed ? `${words[k]}, chosen` : `${words[k]}: ${percent(share)}; show who looks at it`);
    });
    this.plan.parentElement.hidden = !plan.length;
    this.plan.parentElement.style.visibility = look.plan.length ? "" : "hidden"; // its place is kept
    const rows = plan.map((_, row) => look.plan.reduce((sum, frame) => sum + frame[row], 0));
    [...this.plan.children].forEach((node, k) => fill(node, rows[k] / Math.max(...rows, 1e-9), percent(rows[k] ?? 0)));
    this.showTimes(look, chosen);
    this.table.show(look.heads, chosen, kinds, chosen.kind === "word" ? words[chosen.word] : "");
    this.step.value = chosen.step;
    const place = `${chosen.step + 1} / ${times.length} · noise ${times[chosen.step].toFixed(2)}`;
    this.where.textContent = place;
    setAttribute(this.step, "aria-valuetext", `step ${place}`);
    this.line.replaceChildren(said(look.line));
  }

  showTimes(look, chosen) {
    const places = chosen.kind === "place" ? 1 : look.places[0].flat().length; // a word's share is that of a place
    const shares = look.places.map((frame) => frame.flat().reduce((sum, share) => sum + share, 0) / places);
    const most = Math.max(...shares, 1e-9);
    this.strip.forEach(({ node, overlay, name }, k) => {
      const here = chosen.kind === "place" && chosen.frame === k;
      overlay.show(look.places[k], this.most);
      overlay.choose(here ? [chosen.row, chosen.column] : null);
      fill(node, shares[k] / most, percent(shares[k]));
      setAttribute(node, "aria-label", `${name}: ${percent(shares[k])}`);
    });
  }

  drawHeat() {
    const look = this.model.get("look");
    if (!this.ready || !look.places) return;
    const chosen = this.model.get("chosen");
    const k = this.latent();
    this.overlay.show(look.places[k], this.most);
    this.overlay.choose(chosen.kind === "place" && chosen.frame === k ? [chosen.row, chosen.column] : null);
    this.strip.forEach(({ node }, j) => setAttribute(node, "aria-current", j === k ? "true" : null));
  }

  close() {
    super.close();
    this.turn += 1;
    this.transport.close();
    this.stage.close();
    this.clock.close();
  }
}

function firstOf(latent) {
  return latent ? 4 * latent - 3 : 0;
}

function percent(share) {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

function meter() {
  return el("span", { class: "ms-meter", "aria-hidden": true }, el("span", {}));
}

// A bar and its number.
function fill(node, share, text) {
  node.querySelector(".ms-meter > span").style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  const output = node.querySelector("output");
  if (output) output.textContent = text;
}

function titled(title, node) {
  return el("section", { class: "ms-look-part" }, el("div", { class: "ms-label" }, title), node);
}

function render({ model, el: host }) {
  const attention = new Attention(model, host);
  return () => attention.close();
}

export default { render };
