// The `SceneBuilder` widget: the true video with a handle on everybody, beside it what the model makes of the sentence.

import { Actors } from "./actors.js";
import { Chips } from "./chips.js";
import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { el, root, said } from "./dom.js";
import { labelled, numberField, onEnter, readWhole } from "./fields.js";
import { Maker, button } from "./maker.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";
import { Verdicts } from "./verdicts.js";

const WANTED = 384; // pixels on the screen for each of the two videos

class Scenes extends Maker {
  constructor(model, host) {
    super(model, "Let the model draw it");
    this.turns = { true: 0, drawn: 0 };
    this.clock = new Clock();
    const { chips, half, height, width, most } = model.get("about");
    this.most = most;
    this.stages = Object.fromEntries(["true", "drawn"].map((name) => [name, new Stage(this.clock, { wanted: WANTED })]));
    for (const stage of Object.values(this.stages)) stage.reserve(height, width);
    this.empty = el("div", { class: "ms-empty" }, "The model's video appears here.");
    this.stages.drawn.frame.append(this.empty);
    this.actors = new Actors({
      half, onmove: this.moved(), onchoose: (actor) => this.choose(actor), onremove: (actor) => this.say("remove", { actor }),
    });
    this.stages.true.frame.append(this.actors.node);
    this.transport = new Transport(this.clock, Object.values(this.stages), { zoom: false });
    this.chips = new Chips(chips, (axis, name, actor) => this.say("chip", { axis, name, actor }));
    this.chips.node.open = true;
    this.chips.node.querySelector("summary").textContent = "Who is in it";
    this.chips.tabs.addEventListener("click", () => this.actors.choose(this.chips.actor));
    this.verdicts = new Verdicts();
    this.sentence = el("div", { class: "ms-sentence", role: "status", "aria-live": "polite" });
    this.notes = { true: el("div", { class: "ms-note" }), drawn: el("div", { class: "ms-note" }) };
    this.seed = numberField("seed", { value: model.get("form").seed, min: 0, step: 1 });
    this.lay(root(host, "ms-scenes", "ms-compare"));
    onEnter([this.seed], () => this.begin());
    this.listen({ "change:cast": () => this.showCast(), "change:true": () => this.showTrue(), "change:drawn": () => this.showDrawn() });
    this.showCast();
    this.showTrue();
    this.showDrawn();
    this.update();
    if (!model.get("true").picture) this.say("stage");
  }

  // Dragging tells Python of the last place only, but of one every so often.
  moved() {
    let waiting = null;
    let last = null;
    return (actor, x, y) => {
      last = { actor, x, y };
      if (waiting) return;
      waiting = setTimeout(() => {
        waiting = null;
        this.say("move", last);
      }, 60);
    };
  }

  lay(host) {
    const cell = (name, title, note) => el("figure", { class: "ms-cell" }, el("div", { class: "ms-compare-words" }, title),
      el("div", {}, this.stages[name].node), note);
    const grid = el("div", { class: "ms-compare-grid" }, cell("true", "True video: drag anybody to where it should begin", this.notes.true),
      cell("drawn", "The model's video of the sentence", this.notes.drawn));
    grid.style.setProperty("--ms-cell", `${WANTED + 2}px`);
    const focus = el("div", { class: "ms-focus", tabindex: 0, role: "group", "aria-label": "both videos in step" }, grid);
    focus.addEventListener("keydown", (event) => event.target.closest(".ms-handle") || this.transport.key(event));
    const reword = button("Say it otherwise", () => this.say("reword"), "", "Another sentence about the same scene");
    const remove = button("Remove actor", () => this.say("remove", { actor: this.chips.actor }), "", "Take away the actor that is chosen");
    const act = el("div", { class: "ms-act" }, this.go, reword, remove, labelled("seed", this.seed), this.status);
    const desk = el("div", { class: "ms-scene-desk" }, this.chips.node, this.verdicts.node);
    host.append(el("div", {}, el("div", { class: "ms-label" }, "Sentence"), this.sentence), act, this.track, focus, this.transport.node, desk);
  }

  form() {
    return { seed: readWhole(this.seed) };
  }

  choose(actor) {
    if (this.chips.actor === actor) return;
    this.chips.actor = actor;
    this.chips.update(this.chips.pressed);
    this.actors.choose(actor);
  }

  showCast() {
    const { background, parts } = this.model.get("cast");
    const pressed = parts.map(({ start, ...words }) => ({ ...words, background }));
    if (this.chips.actor > Math.min(parts.length, this.most - 1)) this.chips.actor = Math.max(0, parts.length - 1);
    this.chips.update(pressed);
    this.actors.show(parts, this.model.get("true").tracks ?? []);
    this.actors.choose(this.chips.actor);
  }

  showTrue() {
    const shown = this.model.get("true");
    if (!shown.picture) return;
    this.actors.show(this.model.get("cast").parts, shown.tracks);
    this.sentence.replaceChildren(said(shown.caption));
    this.notes.true.textContent = `Read by the grader: ${shown.verdict}`;
    this.showClip("true", shown, `true video: ${shown.caption}`);
    this.noteDrawn();
  }

  showDrawn() {
    const drawn = this.model.get("drawn");
    this.empty.hidden = Boolean(drawn.picture);
    this.verdicts.node.hidden = !drawn.verdict;
    if (!drawn.picture) {
      this.stages.drawn.show(null);
      this.notes.drawn.textContent = "\u00a0";
      return;
    }
    this.showClip("drawn", drawn, `the model's video: ${drawn.caption}`);
    if (drawn.verdict) this.verdicts.show(drawn.rows, drawn.verdict);
    this.noteDrawn();
  }

  // A video that was drawn before the scene changed says so.
  noteDrawn() {
    const drawn = this.model.get("drawn");
    if (!drawn.picture) return;
    const old = drawn.caption !== this.model.get("true").caption;
    this.notes.drawn.textContent = old ? `Of an earlier scene: ${drawn.caption}` : drawn.verdict || "Being drawn";
  }

  async showClip(name, { picture, sheet }, label) {
    this.turns[name] += 1;
    const turn = this.turns[name];
    const clip = await readClip(picture, sheet);
    if (turn !== this.turns[name]) {
      clip.close();
      return;
    }
    const stage = this.stages[name];
    stage.name(label);
    this.clock.set(clip.frames, this.model.get("fps"));
    stage.show(clip);
    if (!this.started) this.clock.start();
    this.started = true;
  }

  close() {
    super.close();
    this.turns = { true: -1, drawn: -1 };
    this.transport.close();
    for (const stage of Object.values(this.stages)) stage.close();
    this.clock.close();
  }
}

function render({ model, el: host }) {
  const scenes = new Scenes(model, host);
  return () => scenes.close();
}

export default { render };
