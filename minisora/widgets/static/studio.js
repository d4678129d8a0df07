// The `PromptStudio` widget. Python decides everything; this file lays it out and says what was clicked.

import { Chips } from "./chips.js";
import { calmly, el, freshId, root, setAttribute } from "./dom.js";
import { History } from "./history.js";
import { Maker, button } from "./maker.js";
import { PromptField } from "./prompt_field.js";
import { Screen } from "./screen.js";
import { Settings } from "./settings.js";
import { Verdicts } from "./verdicts.js";

const TYPING = 80; // milliseconds without a key until a text is read

class Studio extends Maker {
  constructor(model, host) {
    super(model, "Generate");
    this.turn = 0;
    this.id = freshId("view");
    const { chips, sizes, formats, example } = model.get("about");
    this.screen = new Screen({ wanted: 448, empty: "The video appears here." });
    this.field = new PromptField({
      label: "Sentence", example, onchange: calmly(TYPING, () => this.typed()), onenter: () => this.begin(),
    });
    this.settings = new Settings(sizes, () => this.typed());
    this.verdicts = new Verdicts();
    this.chips = new Chips(chips, (axis, name, actor) => this.say("chip", { axis, name, actor }));
    this.history = new History((id) => this.say("restore", { id }));
    this.example = button("Surprise me", () => this.say("example"));
    this.after = this.makeAfter(formats);
    this.lay(root(host, "ms-studio"));
    this.follow();
    this.fill();
    this.showClip();
    this.update();
    this.typed();
  }

  // What can be done with the clip that is shown.
  makeAfter(formats) {
    this.format = el("select", { class: "ms-select", "aria-label": "format" });
    for (const format of formats) this.format.append(el("option", { value: format }, format.slice(1)));
    const frame = () => this.screen.clock.frame;
    return [
      button("Extend", () => this.say("extend"), "", "Two seconds more"),
      button("Animate from here", () => this.say("animate", { frame: frame() }), "", "A clip that begins with this frame"),
      button("Loop", () => this.say("loop"), "", "Lead it back to its beginning"),
      button("Edit", () => this.say("edit"), "", "The same paths with the words that stand in the field"),
      el("span", { class: "ms-joined" }, button("Save", () => this.save()), this.format),
      button("Copy as Python", () => this.copy()),
    ];
  }

  lay(host) {
    const after = el("div", { class: "ms-after", role: "group", "aria-label": "with this clip" }, ...this.after);
    this.screen.transport.node.before(this.track);
    const hero = el("section", { class: "ms-hero", "aria-label": "video" }, this.screen.node, after);
    const act = el("div", { class: "ms-act" }, this.go, this.example, this.status);
    const desk = el("section", { class: "ms-desk", "aria-label": "sentence and settings" }, this.field.node, act,
      this.settings.node, this.verdicts.node, this.chips.node);
    host.append(el("div", { class: "ms-studio-grid" }, hero, desk, this.history.node));
  }

  follow() {
    const { model } = this;
    const rows = () => this.verdicts.show(model.get("rows"), model.get("verdict"));
    const chips = () => this.chips.update(model.get("pressed"));
    const history = () => this.history.show(model.get("history"), model.get("current"));
    this.listen({
      "change:shown": () => this.showClip(),
      "change:filled": () => this.fill(),
      "change:live": () => this.update(),
      "change:current": () => {
        this.update();
        history();
      },
      "change:rows change:verdict": rows,
      "change:pressed": chips,
      "change:history": history,
      "msg:custom": (message, buffers) => this.hear(message, buffers),
    });
    rows();
    chips();
    history();
  }

  // --- to Python ------------------------------------------------------------------------------------------------------

  form() {
    return { prompt: this.field.text, ...this.settings.read() };
  }

  typed() {
    this.turn += 1;
    this.say("typed", { caret: this.field.area.selectionStart ?? this.field.text.length, turn: this.turn });
  }

  // Of several views of one studio, the one that was clicked gets the file.
  save() {
    this.say("save", { format: this.format.value, view: this.id });
  }

  async copy() {
    const code = this.model.get("code");
    if (!code) return;
    try {
      await navigator.clipboard.writeText(code);
      this.tell("Copied. Paste it into a cell or a file.");
    } catch {
      this.tell("The browser keeps its clipboard closed. In a notebook, print(studio.code) shows the same lines.");
    }
  }

  // --- from Python ----------------------------------------------------------------------------------------------------

  hear(message, buffers) {
    if (message.kind === "help" && (message.turn === this.turn || message.turn === -1)) this.field.help(message);
    if (message.kind === "file" && message.view === this.id) keep(message, buffers[0]);
  }

  fill() {
    const form = this.model.get("form");
    this.field.text = form.prompt;
    this.settings.fill(form);
    if (!this.screen.shown) this.screen.stage.reserve(form.height, form.width);
  }

  showClip() {
    const { model } = this;
    const live = model.get("live");
    if (live && !this.live) this.screen.clock.start(); // what is being made plays, whatever was paused before
    this.live = live;
    this.screen.show(model.get("picture"), model.get("sheet"), model.get("fps"), model.get("label"), { restart: !live });
  }

  update() {
    super.update();
    const { model } = this;
    setAttribute(this.screen.node, "data-live", model.get("live") ? "true" : null);
    const idle = !model.get("running") && model.get("current") > 0;
    for (const node of this.after) for (const field of [node, ...node.querySelectorAll("button, select")]) field.disabled = !idle;
  }

  close() {
    super.close();
    this.screen.close();
  }
}

// Hand a file to the browser, as a download.
function keep({ name, type }, buffer) {
  const url = URL.createObjectURL(new Blob([buffer], { type }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function render({ model, el: host }) {
  const studio = new Studio(model, host);
  return () => studio.close();
}

export default { render };
