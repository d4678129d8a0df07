"""`SceneBuilder`: drag actors, and see the sentence, the true video, and the model's video of the same sentence."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray
from torch import Tensor

from minisora.errors import SettingError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.pipeline.settings import Settings
from minisora.widgets.assets import script, style
from minisora.widgets.chips import chip_groups
from minisora.widgets.fields import read_seed
from minisora.widgets.maker import OPENING, Action, Maker
from minisora.widgets.quick import Quick
from minisora.widgets.sheets import pack_frames
from minisora.widgets.verdicts import Row, graded_rows, summary
from minisora.widgets.worker import Finished, Progress
from minisora.world import World
from minisora.world.grader import Grade
from minisora.world.request import Caption
from minisora.world.scene import Scene
from minisora.world.staging import AXES, MOST_PARTS, Part, parts_of, stage, stageable, tracks

__all__ = ["SceneBuilder", "Staged", "stage_and_grade"]

PLACES = ((0.0, 0.0), (-0.25, -0.25), (0.25, 0.25), (0.25, -0.25), (-0.25, 0.25))  # where somebody new is put
SECONDS = 2.0


@dataclass(frozen=True)
class Staged:
    """A scene, the sentence about it, its true video, and how the grader reads that."""

    scene: Scene
    caption: Caption
    frames: Tensor
    grade: Grade


@dataclass(frozen=True)
class Drawn:
    """The model's clip of a sentence, graded against the scene that the sentence is about."""

    clips: Clips
    staged: Staged
    grade: Grade


def stage_and_grade(world: World, background: str, parts: list[Part], settings: Settings, wording: int = 0) -> Staged:
    """Put a scene together, write the sentence about it, draw it, and grade what was drawn.

    Args:
        world: whose words these are.
        background: name of a ground.
        parts: who is in it.
        settings: size, length and rate of the video.
        wording: which of many sentences.
    Returns:
        All of it; the grade is the ceiling for any model.
    Raises:
        SettingError: the parts make no scene.
    """
    length = settings.num_frames / settings.fps
    scene = stage(world, background, parts, settings.width / settings.height, max(length, SECONDS))
    caption = world.write(scene, np.random.default_rng(wording), short=0.0)
    frames = world.render(scene, settings.num_frames, settings.height, settings.width, settings.fps)
    return Staged(scene, caption, frames, world.grade(frames, caption.request, settings.fps))


class SceneBuilder(Maker):
    """The builder as a widget. `.staged` is the scene with its sentence and true video, `.clips` the model's clip."""

    _esm = script("scenes.js")
    _css = style("base.css", "player.css", "form.css", "studio.css", "compare.css", "attention.css", "scenes.css")

    about = traitlets.Dict().tag(sync=True)
    cast: Any = traitlets.Dict().tag(sync=True)  # {"background", "parts"}
    true = traitlets.Dict().tag(sync=True)  # {"picture", "sheet", "caption", "verdict", "tracks"}
    drawn = traitlets.Dict().tag(sync=True)  # {"picture", "sheet", "caption", "verdict", "rows", "live"}
    fps = traitlets.Float(8.0).tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, seed: int = 0, opening: bool = True) -> None:
        """Lay out the builder.

        Args:
            pipe: makes the model's videos, and knows the world.
            seed: of the first scene and of the noise.
            opening: stage a scene and have it drawn when it is shown, so that there is something to see at once.
        """
        self._settings = pipe.settings()
        self._world = pipe.world
        first = self._world.sample(np.random.default_rng(seed), kind="two")
        super().__init__(
            pipe, about=_about(self._world, self._settings), form={"seed": seed}, fps=self._settings.fps,
            cast={"background": first.background, "parts": _usable(self._world, parts_of(first))},
        )  # fmt: skip
        self.opening = opening
        self._wording = 0
        self.staged: Staged | None = None
        self._drawn: Drawn | None = None
        self._quick = Quick(pipe, self._show_true, lambda line: self._say(line, trouble=True), alone=False)

    @property
    def clips(self) -> Clips | None:
        """The model's last clip; None before there is one."""
        return None if self._drawn is None else self._drawn.clips

    @property
    def grade(self) -> Grade | None:
        """Its grade, against the scene; None before there is one."""
        return None if self._drawn is None else self._drawn.grade

    def set_scene(self, background: str | None = None, parts: list[Part] | None = None) -> None:
        """Stage another scene.

        Args:
            background: name of a ground; None leaves it.
            parts: who is in it; None leaves them.
        Raises:
            SettingError: that makes no scene; all stays as it was.
        """
        background = background or self.cast["background"]
        parts = self._parts() if parts is None else parts
        stage(self._world, background, parts)
        if self.trouble:
            self._say("")
        self.cast = {"background": background, "parts": [_plain(part) for part in parts]}
        self._restage()

    def generate(self) -> bool:
        """Have the model draw the sentence; nothing happens while it draws.

        Returns:
            Whether it was begun.
        Raises:
            SettingError: the seed is no number.
        """
        if self._worker.running:
            return False
        seed = read_seed(self.form)
        return self._begin(lambda pipe: self._make(pipe, seed))

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for what is being staged and drawn.

        Args:
            seconds: at most so long for each; None is as long as it takes.
        Returns:
            Whether all is done.
        """
        return self._quick.wait(seconds) and super().wait(seconds)

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {
            "generate": lambda _: self.generate(),
            "stage": lambda _: self._restage(),
            "chip": lambda said: self._click(str(said["axis"]), str(said["name"]), int(said["actor"])),
            "move": lambda said: self._move(int(said["actor"]), float(said["x"]), float(said["y"])),
            "remove": lambda said: self._remove(int(said["actor"])),
            "reword": lambda _: self._reword(),
        }

    def _parts(self) -> list[Part]:
        return [Part(**{**part, "start": tuple(part["start"])}) for part in self.cast["parts"]]

    def _click(self, axis: str, name: str, actor: int) -> None:
        """A chip: of the ground, of somebody there, or of somebody new."""
        if axis == "background":
            self.set_scene(background=name)
            return
        if axis not in AXES:
            raise SettingError(f"{axis!r} is nothing that can be built here. Use one of {', '.join(AXES)}.")
        parts = self._parts()
        if actor >= len(parts):
            parts.append(_newcomer(self._world, parts))
        k = min(actor, len(parts) - 1)
        said: Any = {axis: self._world.plain_speed if axis == "speed" and parts[k].speed == name else name}
        parts[k] = replace(parts[k], **said)
        self.set_scene(parts=parts)

    def _move(self, actor: int, x: float, y: float) -> None:
        parts = self._parts()
        if not np.isfinite([x, y]).all() or not 0 <= actor < len(parts):
            raise SettingError(f"Nobody can be put to ({x}, {y}). Drag somebody to a place in the frame.")
        across, down = self.about["half"]
        start = float(np.clip(x, -across, across)), float(np.clip(y, -down, down))
        parts[actor] = replace(parts[actor], start=start)
        self.set_scene(parts=parts)

    def _remove(self, actor: int) -> None:
        parts = self._parts()
        del parts[actor]
        self.set_scene(parts=parts)

    def _reword(self) -> None:
        self._wording += 1
        self._restage()

    # --- making -------------------------------------------------------------------------------------------------------

    def _restage(self) -> None:
        world, background, parts = self._world, self.cast["background"], self._parts()
        settings, wording = self._settings, self._wording
        self._quick.ask(lambda _: stage_and_grade(world, background, parts, settings, wording))

    def _show_true(self, staged: Staged) -> None:
        """Called in the thread with a scene that was staged."""
        if self._closed:
            return
        self.staged = staged
        picture, sheet = pack_frames(staged.frames)
        self.true = {
            "picture": picture,
            "sheet": sheet,
            "caption": staged.caption.text,
            "verdict": summary([staged.grade]),
            "tracks": tracks(self._world, staged.scene, self._settings.num_frames, self._settings.fps),
        }

    def _make(self, pipe: TextToVideoPipeline, seed: int) -> Drawn:
        """In the thread: the clip, then its grade against the scene itself, which may still be being staged."""
        self._quick.wait()
        staged = self.staged
        if staged is None:
            raise SettingError("There is no scene yet. Add somebody first.")
        clips = pipe(staged.caption.text, seed=seed)
        return Drawn(clips, staged, pipe.world.grade(clips.frames[0], staged.caption.request, clips.settings.fps))

    def _show_progress(self, event: Progress) -> None:
        with self._together():
            super()._show_progress(event)
            if event.frames is not None and self.staged is not None:
                self._put(event.frames[0], self.staged.caption.text, "", [], live=True)

    def _finish(self, event: Finished) -> None:
        self._drawn = event.result
        with self._together():
            self._show_last()
            self._end(f"Drawn in {event.seconds:.1f} s and graded against the scene.")

    def _show_last(self) -> None:
        drawn = self._drawn
        if drawn is None:
            self.drawn = {}
            return
        caption = drawn.staged.caption
        rows = graded_rows(self._world, caption.request, drawn.grade)
        self._put(drawn.clips.frames[0], caption.text, summary([drawn.grade]), rows, live=False)

    def _put(self, frames: Any, caption: str, verdict: str, rows: list[Row], live: bool) -> None:
        picture, sheet = pack_frames(frames)
        self.drawn = {
            "picture": picture, "sheet": sheet, "caption": caption, "verdict": verdict, "rows": rows, "live": live,
        }  # fmt: skip

    def _forget(self) -> None:
        self._quick.close()
        self.staged, self._drawn = None, None
        self.true, self.drawn = {}, {}

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """The true video and after it the model's; both are made where there are none yet."""
        if self.opening and self.staged is None and not self._closed:
            self._restage()
            self._quick.wait(OPENING)
        if self._drawn is None:
            self._open(self.generate)
        if self.staged is None:
            return None, "minisora scene: add somebody (needs a running kernel)"
        frames: NDArray[Any] = self.staged.frames.numpy()
        line = f"{self.staged.caption.text}. True video: {summary([self.staged.grade])}"
        if self._drawn is None:
            return frames, line
        both = np.concatenate([self._drawn.staged.frames.numpy(), self._drawn.clips.frames[0].numpy()])
        return both, f"{line}. The model's: {summary([self._drawn.grade])}"


def _about(world: World, settings: Settings) -> dict[str, Any]:
    """What a page needs to know once: chips of what can be built, and the form of the frame."""
    groups = [group for group in chip_groups(world) if group["axis"] in (*AXES, "background")]
    usable = set(stageable(world))
    for group in groups:
        if group["axis"] == "motion":
            group["chips"] = [chip for chip in group["chips"] if chip["name"] in usable]
    side = min(settings.height, settings.width)
    half = [settings.width / side / 2, settings.height / side / 2]
    return {
        "chips": groups, "half": half, "height": settings.height, "width": settings.width, "most": MOST_PARTS,
    }  # fmt: skip


def _usable(world: World, parts: list[Part]) -> list[dict[str, Any]]:
    """Parts as the page has them; a motion that cannot be given by hand becomes the first that can."""
    usable = stageable(world)
    return [_plain(part if part.motion in usable else replace(part, motion=usable[0])) for part in parts]


def _newcomer(world: World, parts: list[Part]) -> Part:
    """Somebody of a colour and at a place that nobody has."""
    taken = {part.colour for part in parts}
    colour = next(name for name in world.colours if name not in taken)
    place = max(PLACES, key=lambda at: min([np.hypot(*np.subtract(at, part.start)) for part in parts] or [0.0]))
    first = next(iter(world.shapes)), colour, next(iter(world.sizes)), stageable(world)[0], world.plain_speed
    return Part(*first, start=place)


def _plain(part: Part) -> dict[str, Any]:
    return {**asdict(part), "start": list(part.start)}
