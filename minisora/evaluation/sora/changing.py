"""Tasks in which something is said otherwise: edit, inpaint, vary, and the words of a storyboard."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor

from minisora.evaluation.records import Verdict
from minisora.evaluation.sora.case import FPS, WINDOW, Case, Rng, held, sample_where, until, within, words_right
from minisora.evaluation.sora.paths import grade_and_paths, path_error, true_paths
from minisora.world import Actor, Caption, Scene, World
from minisora.world.render import clip_times, pixel_centres, pose_of, screen_track
from minisora.world.swapping import swap_words

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["Edit", "Inpaint", "Storyboard", "Vary"]

SECOND = 16  # frames of a storyboard's second part
PATH = 3.0  # pixels by which a path may differ
MARGIN = 0.06  # shorter sides round an actor that a mask covers


@dataclass(frozen=True)
class Edit(Case):
    """A video is given, and its colour, shape or ground is to be another.

    Attributes:
        before: the scene that is given.
    """

    before: Scene

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One actor, one change; see `Case.draw`."""
        before = world.sample(rng, "one")
        after, _ = _changed(world, before, rng)
        return cls(after, world.write(after, rng, short=0.0), seed, before)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the scene as it was, and the words for what it shall be."""
        return pipe.edit(pipe.world.render(self.before, WINDOW), self.caption.text, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every new word is right, and the path is the old one."""
        grade, found = grade_and_paths(world, answer, self.caption.request)
        away = path_error(found, true_paths(world, self.scene, self.caption, len(answer)))
        return [*words_right(grade), within("path", away, PATH, "pixels")]


@dataclass(frozen=True)
class Vary(Case):
    """The same seed, one word changed; the answer is the clip and its version, one after the other.

    Attributes:
        before: the scene that the first words are about.
        words: the first words.
        axis: what changes.
    """

    before: Scene
    words: Caption
    axis: str

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One actor, one change; see `Case.draw`."""
        before = world.sample(rng, "one")
        after, axis = _changed(world, before, rng)
        words = world.write(before, rng, short=0.0)
        new = _word(after, axis)
        text = swap_words(world, words.text, {axis: new}).text
        actor = words.request.actors[0]
        request = (
            replace(words.request, background=new)
            if axis == "background"
            else replace(words.request, actors=(replace(actor, **{axis: new}),))
        )
        return cls(after, Caption(text, request, words.order), seed, before, words, axis)

    def truth(self, world: World) -> Tensor:
        """Both scenes."""
        return torch.cat([world.render(self.before, WINDOW), world.render(self.scene, WINDOW)])

    def takes(self, truth: Tensor) -> list[Tensor]:
        """The two versions are clips of their own."""
        return [truth[:WINDOW], truth[WINDOW:]]

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """A clip from the first words, and its version."""
        clip = pipe(self.words.text, seed=self.seed)
        version = pipe.vary(clip, change={self.axis: _word(self.scene, self.axis)})
        return torch.cat([clip.frames[0], version.frames[0]])

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """The changed word is right, every other word is as right as before, and the path is the same."""
        one, other = answer[:WINDOW], answer[WINDOW:]
        was, before = grade_and_paths(world, one, self.words.request)
        now, after = grade_and_paths(world, other, self.caption.request)
        same = [
            Verdict(new.attribute, old.found, new.found, new.found == old.found)
            for old, new in zip(was.verdicts, now.verdicts, strict=True)
            if new.attribute != self.axis
        ]
        changed = words_right(now, (self.axis,), {self.axis: "changed word"})
        return [*changed, *same, within("path", path_error(after, before), PATH, "pixels")]


def _word(scene: Scene, axis: str) -> str:
    """What a scene has on an axis."""
    return scene.background if axis == "background" else str(getattr(scene.actors[0], axis))


def _changed(world: World, scene: Scene, rng: Rng) -> tuple[Scene, str]:
    """The same scene with another colour, shape or ground, and which of these it is."""
    axis, actor = str(rng.choice(["colour", "shape", "background"])), scene.actors[0]
    turns = world.motions[actor.motion].needs_turn
    tables = {
        "colour": [name for name in world.colours if name != actor.colour],
        "shape": [name for name, shape in world.shapes.items() if name != actor.shape and (shape.fold or not turns)],
        "background": [name for name in world.backgrounds if name != scene.background],
    }
    new = str(rng.choice(tables[axis]))
    if axis == "background":
        return replace(scene, background=new), axis
    looks: dict[str, Any] = {axis: new}
    return replace(scene, actors=(replace(actor, **looks), *scene.actors[1:])), axis


@dataclass(frozen=True)
class Inpaint(Case):
    """One of two actors is covered by a mask, and another one shall be there.

    Attributes:
        before: the scene that is given.
        box: left, top, right, bottom of the mask in shorter sides from the middle.
    """

    before: Scene
    box: tuple[float, float, float, float]

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """Two actors who never come into each other's box; see `Case.draw`."""

        def apart(scene: Scene) -> bool:
            return not _touches(world, scene, scene.actors[1], _box(world, scene, scene.actors[0]))

        before = sample_where(world, rng, apart, "two")
        taken = before.actors[1].colour
        after, axis = _changed(world, before, rng)
        while axis == "background" or after.actors[0].colour == taken:
            after, axis = _changed(world, before, rng)
        box = _box(world, before, before.actors[0])
        return cls(after, world.write(after, rng, short=0.0), seed, before, box)

    def mask(self) -> Tensor:
        """bool (64, 64), True inside the box."""
        x, y = pixel_centres(64, 64)
        left, top, right, bottom = self.box
        return ((y >= top) & (y <= bottom))[:, None] & ((x >= left) & (x <= right))

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the scene as it was, the mask, and the words for what it shall be."""
        given = pipe.world.render(self.before, WINDOW)
        return pipe.inpaint(given, self.mask(), self.caption.text, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Outside the mask nothing has changed, and every word is right."""
        outside, given = ~self.mask(), world.render(self.before, WINDOW)
        parts = [clip[:, outside][:, None] for clip in (answer, given, ceiling)]
        return [held(*parts), *words_right(world.grade(answer, self.caption.request))]


def _path(world: World, scene: Scene, actor: Actor) -> tuple[np.ndarray, np.ndarray]:
    return screen_track(world, scene, actor, clip_times(WINDOW, FPS))


def _box(world: World, scene: Scene, actor: Actor) -> tuple[float, float, float, float]:
    """Where an actor is during the clip, with a margin."""
    place, radius = _path(world, scene, actor)
    reach = radius.max() + MARGIN
    (left, top), (right, bottom) = place.min(axis=0) - reach, place.max(axis=0) + reach
    return float(left), float(top), float(right), float(bottom)


def _touches(world: World, scene: Scene, actor: Actor, box: tuple[float, float, float, float]) -> bool:
    """Whether an actor is ever in a box."""
    place, radius = _path(world, scene, actor)
    left, top, right, bottom = box
    inside_x = (place[:, 0] > left - radius) & (place[:, 0] < right + radius)
    inside_y = (place[:, 1] > top - radius) & (place[:, 1] < bottom + radius)
    return bool((inside_x & inside_y).any())


@dataclass(frozen=True)
class Storyboard(Case):
    """Two seconds of one thing, then two of another, by the same actor in one take.

    Attributes:
        later: the scene of the second part, which begins where the first ends.
        words: the second part's words.
    """

    later: Scene
    words: Caption

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """An actor who goes on in another way; see `Case.draw`."""

        def draw() -> tuple[Scene, Scene] | None:
            scene = world.sample(rng, "one")
            later = _continued(world, scene, rng)
            return (scene, later) if later else None

        scene, later = until(draw)
        return cls(scene, world.write(scene, rng, short=0.0), seed, later, world.write(later, rng, short=0.0))

    def truth(self, world: World) -> Tensor:
        """Both scenes, the first frame of the second left out, since it is the first one's last."""
        first, second = world.render(self.scene, WINDOW), world.render(self.later, SECOND + 1)
        return torch.cat([first, second[1:]])

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From both sentences."""
        board = [(0.0, self.caption.text), ((WINDOW - 1) / FPS, self.words.text)]
        return pipe.storyboard(board, WINDOW + SECOND, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every word of either part is right; both name the same looks."""
        parts = (answer[:WINDOW], self.caption), (answer[WINDOW - 1 :], self.words)
        return [verdict for clip, caption in parts for verdict in words_right(world.grade(clip, caption.request))]


def _continued(world: World, scene: Scene, rng: Rng) -> Scene | None:
    """A scene in which the actor of another one goes on in a new way; None where there is no room for that."""
    times, actor = clip_times(WINDOW, FPS), scene.actors[0]
    new = world.sample(rng, "one").actors[0]
    motion, pose = world.motions[new.motion], pose_of(world, scene, actor, times)
    changed = abs(pose.scale[-1] - 1) > 0.05 or abs(pose.angle[-1]) > 0.05  # it would jump back where the parts meet
    if changed or new.motion == actor.motion or (motion.needs_turn and not world.shapes[actor.shape].fold):
        return None
    start = (float(pose.x[-1]), float(pose.y[-1]))
    went_on = replace(new, shape=actor.shape, colour=actor.colour, size=actor.size, radius=actor.radius, start=start)
    path, half = motion.path(went_on, times, scene.half), scene.half
    reach = actor.radius * path.scale
    in_view = (np.abs(path.x) < half[0] - reach).all() and (np.abs(path.y) < half[1] - reach).all()
    if not in_view or (motion.shown is not None and not motion.shown(went_on, times, half)):
        return None
    return replace(scene, actors=(went_on,))
