// The numbers of a clip: seed, frames, size, steps, guidance. What is typed is sent as it is; Python says what is wrong.

import { el, freshId, icon } from "./dom.js";
import { labelled, numberField, readNumber, readWhole } from "./fields.js";

const MOST_SEED = 2 ** 31;

export class Settings {
  // sizes: [[height, width], …].
  constructor(sizes, onchange) {
    this.onchange = onchange;
    this.seed = numberField("seed", { min: 0, step: 1, class: "ms-number ms-wide" });
    this.frames = numberField("frames", { min: 1, step: 4 });
    this.steps = numberField("steps", { min: 1, step: 1 });
    this.guidance = numberField("guidance", { min: 0, step: 0.5, placeholder: "auto" });
    this.guidance.title = "How strongly the words are followed. Empty: as the checkpoint recommends.";
    this.size = el("select", { class: "ms-select", id: freshId("size") });
    for (const size of sizes) this.addSize(size);
    const dice = el("button", {
      type: "button", class: "ms-tool", title: "Another seed", "aria-label": "Another seed", onclick: () => this.roll(),
    }, icon("dice"));
    for (const field of [this.seed, this.frames, this.steps, this.guidance, this.size]) {
      field.addEventListener("change", () => this.onchange());
    }
    this.node = el(
      "div", { class: "ms-settings", role: "group", "aria-label": "settings" },
      labelled("seed", this.seed, el("span", { class: "ms-joined" }, this.seed, dice)), labelled("frames", this.frames),
      labelled("size", this.size), labelled("steps", this.steps), labelled("guidance", this.guidance),
    );
  }

  addSize([height, width]) {
    this.size.append(el("option", { value: `${height}×${width}` }, `${width}×${height}`));
  }

  roll() {
    this.seed.value = Math.floor(Math.random() * MOST_SEED);
    this.onchange();
  }

  read() {
    const [height, width] = this.size.value.split("×").map(Number);
    return {
      seed: readWhole(this.seed), num_frames: readWhole(this.frames), height, width, steps: readWhole(this.steps),
      guidance: readNumber(this.guidance),
    };
  }

  fill({ seed, num_frames: frames, height, width, steps, guidance }) {
    this.seed.value = seed;
    this.frames.value = frames;
    this.steps.value = steps;
    this.guidance.value = guidance ?? "";
    const size = `${height}×${width}`;
    if (![...this.size.options].some((option) => option.value === size)) this.addSize([height, width]);
    this.size.value = size;
  }
}
