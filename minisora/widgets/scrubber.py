"""`DenoiseScrubber`: slide through the steps of a sampling and the frames of its clip."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets

from minisora.errors import SettingError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.widgets.assets import script, style
from minisora.widgets.fields import read_seed, read_whole
from minisora.widgets.maker import Action, Maker
from minisora.widgets.moments import Moment, moments_of
from minisora.widgets.sheets import pack_frames
from minisora.widgets.verdicts import summary
from minisora.widgets.watched import Watched
from minisora.widgets.worker import Finished

__all__ = ["DenoiseScrubber"]

EXAMPLE = "a large yellow star spinning"
MOST_STEPS = 50
VIEWS = ("noisy", "clean", "velocity")


@dataclass(frozen=True)
class Taken:
    """A clip and the moments of its making."""

    clips: Clips
    moments: tuple[Moment, ...]


class DenoiseScrubber(Maker):
    """The scrubber as a widget. `.moments` holds every step, `.clips` what they led to."""

    _esm = script("scrubber.js")
    _css = style("base.css", "player.css", "form.css", "compare.css")

    steps: Any = traitlets.List().tag(sync=True)  # {"time", …} with a {"picture", "sheet"} for each view
    latest = traitlets.Dict().tag(sync=True)  # the step that has just been made
    fps = traitlets.Float(8.0).tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, prompt: str = EXAMPLE, seed: int = 0, opening: bool = True) -> None:
        """Lay out the scrubber.

        Args:
            pipe: makes the clip.
            prompt: stands in the field at first.
            seed: of the noise.
            opening: make a first clip when it is shown, so that there is something to see at once.
        """
        settings = pipe.settings()
        form = {"prompt": prompt, "seed": seed, "steps": settings.num_inference_steps}
        super().__init__(pipe, form=form, fps=settings.fps)
        self.opening = opening
        self._taken: Taken | None = None

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every step of the last clip."""
        return () if self._taken is None else self._taken.moments

    @property
    def clips(self) -> Clips | None:
        """The last clip; None before there is one."""
        return None if self._taken is None else self._taken.clips

    def generate(self) -> bool:
        """Begin with what stands in the fields; nothing happens while a clip is being made.

        Returns:
            Whether it was begun.
        Raises:
            SettingError: a field holds no number, or too large a one.
        """
        if self._worker.running:
            return False
        prompt, seed, steps = self.form["prompt"], read_seed(self.form), read_whole(self.form, "steps", 12)
        if not 1 <= steps <= MOST_STEPS:
            near = min(max(steps, 1), MOST_STEPS)
            raise SettingError(f"steps={steps}, but 1 to {MOST_STEPS} can be slid through. Use {near}.")
        return self._begin(lambda pipe: self._make(pipe, prompt, seed, steps))

    def _actions(self) -> dict[str, Action]:
        return {"generate": lambda _: self.generate()}

    def _make(self, pipe: Watched, prompt: str, seed: int, steps: int) -> Taken:
        """In the thread: step by step."""
        sampling = pipe.stream(prompt, seed=seed, num_inference_steps=steps)
        moments = []
        for moment in moments_of(sampling):
            moments.append(moment)
            with self._together():
                self.latest = _packed(moment)
                self.shown += 1
            pipe.report("pixels", len(moments), sampling.total)
        clips = sampling.result()
        _ = clips.grades
        return Taken(clips, tuple(moments))

    def _finish(self, event: Finished) -> None:
        self._taken = event.result
        with self._together():
            self.steps, self.latest = [_packed(moment) for moment in self.moments], {}
            self.verdict = summary(event.result.clips.grades)
            self.shown += 1
            self._end(f"{len(self.moments)} steps in {event.seconds:.1f} s. Slide through them.")

    def _show_last(self) -> None:
        with self._together():
            self.latest = {}
            self.shown += 1

    def _forget(self) -> None:
        self._taken = None
        self.steps, self.latest = [], {}

    def _still(self) -> tuple[Any, str]:
        """What was guessed at each step; a first clip is made where there is none yet."""
        if self._taken is None:
            self._open(self.generate)
        if self._taken is None:
            return None, "minisora steps: press Make the steps (needs a running kernel)"
        middle = len(self.moments[0].clean) // 2
        frames = np.stack([moment.clean[middle] for moment in self.moments])
        return frames, f"{self.form['prompt']}: what is guessed at each of {len(frames)} steps, one frame"


def _packed(moment: Moment) -> dict[str, Any]:
    packed: dict[str, Any] = {"time": moment.time}
    for view in VIEWS:
        picture, sheet = pack_frames(getattr(moment, view))
        packed[view] = {"picture": picture, "sheet": sheet}
    return packed
