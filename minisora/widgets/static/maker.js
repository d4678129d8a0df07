// What all widgets that make clips share: the button that becomes Stop, the bar, the line that says what is being done.

import { el, setAttribute } from "./dom.js";

export class Maker {
  // verb: what the button says while nothing is being made.
  constructor(model, verb) {
    this.model = model;
    this.verb = verb;
    this.events = [];
    this.go = button(verb, () => this.press(), "ms-primary ms-go");
    this.bar = el("div", { class: "ms-bar", role: "progressbar", "aria-label": "progress", "aria-valuemin": 0, "aria-valuemax": 100 });
    this.track = el("div", { class: "ms-track" }, this.bar);
    this.status = el("div", { class: "ms-status", role: "status", "aria-live": "polite" });
  }

  // What stands in the fields; for each widget to say.
  form() {
    return {};
  }

  say(what, more = {}) {
    this.model.send({ do: what, form: this.form(), ...more });
  }

  press() {
    this.say(this.model.get("running") ? "stop" : "generate");
  }

  // What Enter in a field does: begin, but never stop what is being made.
  begin() {
    if (!this.model.get("running")) this.say("generate");
  }

  // events: { "change:one change:other": call }. All are forgotten again by `close`.
  listen(events) {
    const own = {
      "change:running change:progress change:status change:trouble": () => this.update(),
      "msg:custom": (message) => this.answer(message),
    };
    const all = [...Object.entries(own), ...Object.entries(events)];
    this.events = all.flatMap(([names, call]) => names.split(" ").map((name) => [name, call]));
    for (const [name, call] of this.events) this.model.on(name, call);
    this.model.send({ do: "seen" });
  }

  // Python asks who is still there, since a page that is loaded anew says no goodbye.
  answer({ kind }) {
    if (kind === "who") this.model.send({ do: "seen" });
  }

  update() {
    const { model } = this;
    const running = model.get("running");
    const share = Math.round(100 * (model.get("progress").share ?? 0));
    this.go.textContent = running ? "Stop" : this.verb;
    this.go.classList.toggle("ms-primary", !running);
    this.go.classList.toggle("ms-stop", running);
    this.bar.style.width = `${running ? Math.max(share, 2) : 0}%`;
    setAttribute(this.bar, "aria-valuenow", share);
    this.tell(model.get("status"), model.get("trouble"));
  }

  tell(text, trouble = false) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("ms-trouble", trouble);
  }

  close() {
    for (const [name, call] of this.events) this.model.off(name, call);
    this.say("unseen");
  }
}

export function button(text, onclick, more = "", title = null) {
  return el("button", { type: "button", class: `ms-button ${more}`, onclick, title }, text);
}
