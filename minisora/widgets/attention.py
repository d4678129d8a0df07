"""`AttentionViewer`: click a place in a frame and see where it looks, or a word and see who looks at it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets
from torch import Tensor

from minisora.errors import SettingError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.pipeline.looking import KINDS, Looks, Pass, looks_of, passes_of
from minisora.widgets.assets import script, style
from minisora.widgets.fields import read_seed
from minisora.widgets.heat import frame_of, frames_name, heat_on, look_line, plan_names
from minisora.widgets.maker import Action, Maker
from minisora.widgets.quick import Quick
from minisora.widgets.sheets import pack_frames
from minisora.widgets.watched import Watched
from minisora.widgets.worker import Finished

__all__ = ["AttentionViewer"]

EXAMPLE = "a small red circle moving right and a large blue star staying still"
PLACE, WORD = "place", "word"
Chosen = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A clip, what the denoiser was given at each step of it, and all attention of one of them."""

    clips: Clips
    passes: tuple[Pass, ...]
    looks: Looks
    step: int


class AttentionViewer(Maker):
    """The viewer as a widget. `.looks` holds the attention of the step that is looked at, `.clips` the clip."""

    _esm = script("attention.js")
    _css = style("base.css", "player.css", "form.css", "compare.css", "attention.css")

    picture = traitlets.Bytes(b"").tag(sync=True)
    sheet = traitlets.Dict().tag(sync=True)
    fps = traitlets.Float(8.0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    about = traitlets.Dict().tag(sync=True)  # what there is to choose from: words, places, layers, heads, steps
    chosen = traitlets.Dict().tag(sync=True)
    look = traitlets.Dict().tag(sync=True)  # what is seen there
    shown = traitlets.Int(0).tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, prompt: str = EXAMPLE, seed: int = 0, opening: bool = True) -> None:
        """Lay out the viewer.

        Args:
            pipe: makes the clip.
            prompt: stands in the field at first.
            seed: of the noise.
            opening: make a first clip when it is shown, so that there is something to see at once.
        """
        super().__init__(pipe, form={"prompt": prompt, "seed": seed}, fps=pipe.settings().fps)
        self.opening = opening
        self._seen: Seen | None = None
        self._quick = Quick(pipe, self._step_seen, lambda line: self._say(line, trouble=True))

    @property
    def clips(self) -> Clips | None:
        """The last clip; None before there is one."""
        return None if self._seen is None else self._seen.clips

    @property
    def looks(self) -> Looks | None:
        """All attention of the step that is looked at; None before there is a clip."""
        return None if self._seen is None else self._seen.looks

    def generate(self) -> bool:
        """Begin with what stands in the fields; nothing happens while a clip is being made.

        Returns:
            Whether it was begun.
        Raises:
            SettingError: the seed is no number.
        """
        if self._worker.running:
            return False
        prompt, seed = self.form["prompt"], read_seed(self.form)
        return self._begin(lambda pipe: self._make(pipe, prompt, seed))

    def choose(self, **chosen: Any) -> None:
        """Look somewhere else.

        Args:
            chosen: any of kind ("place" or "word"), frame (latent), row, column, word, step, and layer and head, of
                which -1 is the mean of all.
        Raises:
            SettingError: there is no clip yet, or nothing there.
        """
        if self._seen is None:
            raise SettingError("There is no clip to look at yet. Press Make a clip first.")
        new = {**self.chosen, **chosen}
        self._check(new)
        self.chosen = new
        if new["step"] != self._seen.step:
            self._ask()
        else:
            self._show_look()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for what is being made and looked up.

        Args:
            seconds: at most so long for each; None is as long as it takes.
        Returns:
            Whether all is done.
        """
        return super().wait(seconds) and self._quick.wait(seconds)

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {"generate": lambda _: self.generate(), "look": lambda said: self.choose(**said["chosen"])}

    def _check(self, chosen: Chosen) -> None:
        """Refuse what is not there, before anything is shown of it."""
        least = {"layer": -1, "head": -1}
        if set(chosen) != {"kind", *self.about["counts"]} or chosen["kind"] not in (PLACE, WORD):
            raise SettingError(f"What can be chosen is kind, {', '.join(self.about['counts'])}; kind is place or word.")
        for name, count in self.about["counts"].items():
            value, low = chosen[name], least.get(name, 0)
            if not isinstance(value, int) or not low <= value < count:
                raise SettingError(f"{name}={value!r}, but it goes from {low} to {count - 1}. Use {name}={low}.")

    # --- making -------------------------------------------------------------------------------------------------------

    def _make(self, pipe: Watched, prompt: str, seed: int) -> Seen:
        """In the thread: keep what the denoiser is given at each step, then look at one in the middle."""
        sampling = pipe.stream(prompt, seed=seed)
        passes = []
        for at in passes_of(sampling):
            passes.append(at)
            pipe.report("pixels", len(passes), sampling.total)
        step = len(passes) // 2
        return Seen(sampling.result(), tuple(passes), looks_of(pipe, passes[step], prompt), step)

    def _finish(self, event: Finished) -> None:
        seen: Seen = event.result
        self._seen = seen
        picture, sheet = pack_frames(seen.clips.frames[0])
        with self._together():
            self.picture, self.sheet, self.label = picture, sheet, seen.clips.prompts[0]
            self.about = _about(seen)
            self.chosen = _first_choice(seen)
            self._show_look()
            self.shown += 1
            self._end(f"{len(seen.passes)} steps in {event.seconds:.1f} s. Click a place in the frame, or a word.")

    def _ask(self) -> None:
        """Have another step looked at."""
        seen, step = self._seen, self.chosen["step"]
        if seen is None:
            return
        prompt = seen.clips.prompts[0]
        self._quick.ask(lambda pipe: Seen(seen.clips, seen.passes, looks_of(pipe, seen.passes[step], prompt), step))

    def _step_seen(self, seen: Seen) -> None:
        """Called in the thread with another step, unless another clip has come meanwhile."""
        if self._seen is not None and seen.clips is self._seen.clips:
            self._seen = seen
            self._show_look()

    def _show_look(self) -> None:
        assert self._seen is not None  # noqa: S101 - for the type checker
        self.look = {"step": self._seen.step, **_look(self._seen.looks, self.chosen)}

    def _forget(self) -> None:
        self._quick.close()
        self._seen = None
        self.picture, self.look = b"", {}

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """A frame of each group with what is looked at there; a first clip is made where there is none yet."""
        if self._seen is None:
            self._open(self.generate)
        if self._seen is None:
            return None, "minisora attention: press Make a clip (needs a running kernel)"
        frames = heat_on(self._seen.clips.frames[0], self.look["places"])
        return frames, f"{self._seen.clips.prompts[0]}, step {self._seen.step + 1}. {self.look['line']}"


def _about(seen: Seen) -> dict[str, Any]:
    """What there is to choose from."""
    looks = seen.looks
    layers, heads = looks.weights.shape[:2]
    z, y, x = looks.grid
    return {
        "words": list(looks.words),
        "plan": plan_names(looks.rows),
        "kinds": list(KINDS),
        "frames": [{"name": frames_name(k), "frame": frame_of(k)} for k in range(z)],
        "times": [round(float(at.time.max()), 3) for at in seen.passes],
        "counts": {
            "frame": z, "row": y, "column": x, "word": len(looks.words), "step": len(seen.passes),
            "layer": layers, "head": heads,
        },
    }  # fmt: skip


def _first_choice(seen: Seen) -> Chosen:
    """Where there is most to see: the liveliest place in the middle of the clip."""
    z, y, x = seen.looks.grid
    middle = z // 2
    frame = seen.clips.frames[0, frame_of(middle)].numpy().astype(np.float64)
    patches = frame.reshape(y, frame.shape[0] // y, x, frame.shape[1] // x, 3)
    row, column = divmod(int(patches.std(axis=(1, 3)).sum(axis=-1).argmax()), x)
    place = {"frame": middle, "row": row, "column": column, "word": 0}
    return {"kind": PLACE, **place, "step": seen.step, "layer": -1, "head": -1}


def _look(looks: Looks, chosen: Chosen) -> dict[str, Any]:
    """What is seen from there, ready for JSON."""
    layer, head = (None if chosen[name] < 0 else chosen[name] for name in ("layer", "head"))
    if chosen["kind"] == WORD:
        return _look_at_word(looks, chosen["word"], layer, head)
    place = chosen["frame"], chosen["row"], chosen["column"]
    look, heads = looks.from_place(*place, layer, head), looks.by_head(*place)
    mean = heads if layer is None else heads[layer : layer + 1]
    mean = mean if head is None else mean[:, head : head + 1]
    where = f"Row {place[1] + 1}, column {place[2] + 1} of {frames_name(place[0])}"
    return {
        "places": _numbers(look.places),
        "plan": _numbers(look.plan),
        "words": _numbers(look.words),
        "heads": _numbers(heads),
        "line": f"{where} looks: {look_line(look, mean.mean(dim=(0, 1)).tolist(), looks.words)}",
    }


def _look_at_word(looks: Looks, word: int, layer: int | None, head: int | None) -> dict[str, Any]:
    places = looks.from_word(word, layer, head)
    words = [0.0] * len(looks.words)
    words[word] = 1.0
    z, y, x = np.unravel_index(int(places.argmax()), looks.grid)
    line = (
        f"“{looks.words[word]}” gets {100 * float(places.mean()):.1f} % of what all places look at, most from row "
        f"{y + 1}, column {x + 1} of {frames_name(int(z))}: {100 * float(places.max()):.1f} %."
    )
    heads = looks.by_head_on_word(word)[..., None]
    return {"places": _numbers(places), "plan": [], "words": words, "heads": _numbers(heads), "line": line}


def _numbers(values: Tensor) -> Any:
    return [_numbers(row) for row in values] if values.ndim > 1 else [round(float(value), 5) for value in values]
