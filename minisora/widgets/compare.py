"""`Compare`: two sentences or several settings, one seed, playing in step; what changed in the words and the pixels."""

from typing import Any

import numpy as np
import traitlets

from minisora.errors import PromptError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.widgets import comparing
from minisora.widgets.assets import script, style
from minisora.widgets.comparing import Variant
from minisora.widgets.fields import read_seed
from minisora.widgets.maker import Action, Maker, stage_line
from minisora.widgets.sheets import pack_frames
from minisora.widgets.verdicts import summary
from minisora.widgets.worker import Finished, Progress

__all__ = ["Compare"]

WORDS = "two sentences"
VISIBLE = 8  # of 255: a difference that can be seen
ONE, OTHER = "a small red circle moving right", "a small blue circle moving right"


class Compare(Maker):
    """The comparison as a widget. `.clips` holds what was made, in order."""

    _esm = script("compare.js")
    _css = style("base.css", "player.css", "form.css", "compare.css")

    about = traitlets.Dict().tag(sync=True)
    cells: Any = traitlets.List().tag(sync=True)  # {"words", "verdict", "picture", "sheet"} for each clip
    apart = traitlets.Dict().tag(sync=True)  # the difference of two clips: {"picture", "sheet", "mean"}
    fps = traitlets.Float(8.0).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, pipe: TextToVideoPipeline, one: str = ONE, other: str = OTHER, seed: int = 0, opening: bool = True
    ) -> None:
        """Lay out the comparison.

        Args:
            pipe: makes the videos.
            one, other: the sentences that stand in the fields at first.
            seed: of all clips.
            opening: compare them when it is shown, so that there is something to see at once.
        """
        form = {"mode": WORDS, "one": one, "other": other, "values": "", "seed": seed}
        super().__init__(pipe, about={"modes": [WORDS, *comparing.AXES], "usual": comparing.USUAL}, form=form)
        self.opening = opening
        self.clips: list[Clips] = []

    # --- the buttons, for Python --------------------------------------------------------------------------------------

    def compare(self, one: str, other: str, seed: int = 0) -> bool:
        """Begin with two sentences; nothing happens while clips are being made.

        Args:
            one, other: the sentences.
            seed: of both.
        Returns:
            Whether it was begun.
        """
        self.form = {**self.form, "mode": WORDS, "one": one, "other": other, "seed": seed}
        return self._start()

    def sweep(self, axis: str, values: list[float], prompt: str | None = None, seed: int = 0) -> bool:
        """Begin with one setting at several values.

        Args:
            axis: "guidance", "steps" or "seed".
            values: of that setting.
            prompt: the sentence; None is the one in the first field.
            seed: of all, unless it is what changes.
        Returns:
            Whether it was begun.
        Raises:
            SettingError: no such axis, no value, or too many.
        """
        text = ", ".join(f"{value:g}" for value in values)
        one = self.form["one"] if prompt is None else prompt
        self.form = {**self.form, "mode": axis, "values": text, "one": one, "seed": seed}
        return self._start()

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {"generate": lambda _: self._start()}

    def _variants(self) -> list[Variant]:
        form = self.form
        seed = read_seed(form)
        if form["mode"] != WORDS:
            values = comparing.read_values(form["mode"], form["values"] or comparing.USUAL[form["mode"]])
            return comparing.sweep(form["mode"], values, form["one"], seed)
        if not form["one"].strip() or not form["other"].strip():
            raise PromptError("Two sentences are compared, and one of them is empty. Type it, or sweep a setting.")
        return [Variant(text, text, seed) for text in (form["one"], form["other"])]

    # --- making -------------------------------------------------------------------------------------------------------

    def _start(self) -> bool:
        if self._worker.running:
            return False
        variants = self._variants()
        words = self._words(variants)
        with self._together():
            self.cells, self.apart = [_cell(row) for row in words], {}
            self.shown += 1
        return self._begin(lambda pipe: self._make(pipe, variants), len(variants))

    def _words(self, variants: list[Variant]) -> list[list[comparing.Word]]:
        """What stands above each clip; of two sentences the words that differ are told apart."""
        if self.form["mode"] == WORDS:
            return [list(row) for row in comparing.changed_words(variants[0].prompt, variants[1].prompt)]
        return [[(variant.label, False)] for variant in variants]

    def _make(self, pipe: TextToVideoPipeline, variants: list[Variant]) -> list[Clips]:
        """In the thread: one after the other, each shown when it is done."""
        made: list[Clips] = []
        for k, variant in enumerate(variants):
            made += comparing.make_variants(pipe, [variant])
            self._put(k, made[k].frames[0], summary(made[k].grades))
        return made

    def _show_progress(self, event: Progress) -> None:
        with self._together():
            self.progress = {"share": event.share}
            self._say(f"Clip {event.call + 1} of {len(self.cells)}. {stage_line(event)}")
            if event.frames is not None and event.call < len(self.cells):
                self._put(event.call, event.frames[0], "")

    def _put(self, place: int, frames: Any, verdict: str) -> None:
        picture, sheet = pack_frames(frames)
        with self._together():
            cell = {**self.cells[place], "picture": picture, "sheet": sheet, "verdict": verdict}
            self.cells = [*self.cells[:place], cell, *self.cells[place + 1 :]]
            self.shown += 1

    def _finish(self, event: Finished) -> None:
        self.clips = event.result
        with self._together():
            self.fps = self.clips[0].settings.fps
            line = f"{len(self.clips)} clips in {event.seconds:.1f} s."
            if len(self.clips) == 2:
                line += f" {self._show_difference()}"
            self.shown += 1
            self._end(line)

    def _show_difference(self) -> str:
        """Show where two clips differ.

        Returns:
            A line about how far.
        """
        apart = comparing.difference(self.clips[0].frames[0], self.clips[1].frames[0])
        picture, sheet = pack_frames(apart)
        self.apart = {"picture": picture, "sheet": sheet}
        seen = np.mean(apart.max(axis=-1) > VISIBLE)
        return f"They are {apart.mean():.1f} of 255 apart on average; {seen:.0%} of the pixels differ."

    def _show_last(self) -> None:
        """What was not finished says so; the clips before it stay."""
        with self._together():
            self.cells = [{**cell, "verdict": cell["verdict"] or "not finished"} for cell in self.cells]
            self.shown += 1

    def _forget(self) -> None:
        self.clips, self.cells, self.apart = [], [], {}

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """The clips one after the other; first ones are made where there are none yet."""
        if not self.clips:
            self._open(self._start)
        if not self.clips:
            return None, "minisora comparison: press Compare (needs a running kernel)"
        frames = np.concatenate([clips.frames[0].numpy() for clips in self.clips])
        labels = " | ".join("".join(word for word, _ in cell["words"]) for cell in self.cells)
        return frames, f"{labels}. {self.status}"


def _cell(words: list[comparing.Word]) -> dict[str, Any]:
    return {"words": [[word, changed] for word, changed in words], "verdict": "", "picture": b"", "sheet": {}}
