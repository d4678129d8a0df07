// One clip with its controls: what every widget shows a video with.

import { readClip } from "./clip.js";
import { Clock } from "./clock.js";
import { el, freshId, setAttribute } from "./dom.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

export class Screen {
  // options: { wanted, slices, zoom, empty (a text while there is no clip) }.
  constructor(options = {}) {
    this.clock = new Clock();
    this.stage = new Stage(this.clock, options);
    this.transport = new Transport(this.clock, [this.stage], options);
    this.help = el("span", { class: "ms-hidden", id: freshId("keys") });
    this.help.textContent = "Space plays and pauses, arrow keys step, Home and End jump, x turns the slice on.";
    this.empty = el("div", { class: "ms-empty" }, options.empty ?? "");
    this.focus = el("div", { class: "ms-focus", tabindex: 0, role: "group", "aria-describedby": this.help.id });
    this.focus.append(this.stage.node);
    this.stage.frame.append(this.empty);
    this.focus.addEventListener("keydown", (event) => this.transport.key(event));
    this.node = el("div", { class: "ms-screen" }, this.focus, this.help, this.transport.node);
    this.turn = 0;
    this.shown = false;
  }

  // Show a clip. Of two that come quickly one after the other, the later one counts.
  async show(bytes, sheet, fps, label, { restart = true } = {}) {
    this.turn += 1;
    const turn = this.turn;
    if (!bytes || !bytes.byteLength || !sheet.frames) {
      this.clear();
      return;
    }
    const clip = await readClip(bytes, sheet);
    if (turn !== this.turn) {
      clip.close();
      return;
    }
    this.stage.name(label || "a clip");
    setAttribute(this.focus, "aria-label", `clip: ${label}`);
    this.clock.set(clip.frames, fps);
    if (restart) this.clock.go(0);
    this.stage.show(clip);
    this.empty.hidden = true;
    if (!this.shown) this.clock.start();
    this.shown = true;
  }

  clear() {
    this.stage.show(null);
    this.stage.context.clearRect(0, 0, this.stage.canvas.width, this.stage.canvas.height);
    this.empty.hidden = false;
  }

  close() {
    this.turn += 1;
    this.clock.close();
    this.transport.close();
    this.stage.close();
  }
}
