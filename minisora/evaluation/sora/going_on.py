"""Tasks in which frames are given and others follow: animate, extend, connect, come back from behind a wall."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import torch
from torch import Tensor

from minisora.evaluation.records import Verdict
from minisora.evaluation.sora.case import (
    FPS,
    WINDOW,
    Case,
    Rng,
    as_good_as,
    held,
    lasting_sizes,
    looks_only,
    within,
    words_right,
)
from minisora.evaluation.sora.paths import (
    found_paths,
    grade_and_paths,
    middle_of_all,
    path_error,
    step_error,
    true_paths,
)
from minisora.world import World
from minisora.world.motions import LEAVING_TURN
from minisora.world.render import clip_times, screen_track
from minisora.world.tables import Array

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["Animate", "Connect", "ExtendBackward", "ExtendForward", "Reappear"]

NEW = 16  # frames added to a window that is given
PASSAGE = 8  # frames between two clips that are connected
SEAM = 2  # steps on either side of a seam that are measured
SEAM_FLOOR = 0.1  # pixels a frame; a reconstruction read better than that by luck is no measure
SEAM_TIMES = 2.0
JUMP_TIMES, JUMP_SLACK = 1.5, 0.5  # of the actor's own step, and pixels by which a middle may be misread
FAINTEST = 0.5  # of what is usually seen of an actor, below which it is not there
GIVEN = 5  # frames before something is hidden
PLACE, SIDE = 3.0, 64  # pixels
HALF = 0.5  # shorter sides from the middle of a square frame to its edge


@dataclass(frozen=True)
class Animate(Case):
    """An image becomes a video."""

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One or two actors; see `Case.draw`."""
        scene = world.sample(rng, str(rng.choice(["one", "two"])))
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the first frame alone."""
        image = pipe.world.render(self.scene, 1)[0]
        return pipe.animate(image, self.caption.text, WINDOW, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """The image is the first frame, and every word is right."""
        kept = held(answer[:1], world.render(self.scene, 1), ceiling[:1])
        return [kept, *words_right(world.grade(answer, self.caption.request))]


@dataclass(frozen=True)
class ExtendForward(Case):
    """Two seconds more after two that are given."""

    direction: ClassVar[str] = "forward"

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One or two actors who can be seen for all of it; see `Case.draw`."""
        scene = world.sample(rng, str(rng.choice(["one", "two"])), seconds=(WINDOW + NEW - 1) / FPS)
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    @property
    def given(self) -> slice:
        """Which frames are given."""
        return slice(0, WINDOW) if self.direction == "forward" else slice(NEW, None)

    def truth(self, world: World) -> Tensor:
        """Its scene, four seconds long."""
        return world.render(self.scene, WINDOW + NEW)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From two seconds of the rendered scene."""
        given = self.truth(pipe.world)[self.given]
        longer = pipe.extend(given, NEW / FPS, self.caption.text, self.direction, seed=self.seed)
        return longer.frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """What was given is kept, no actor changes its speed at the seam, and all keep their looks after it."""
        given, seconds = self.given, (WINDOW + NEW - 1) / FPS
        request = lasting_sizes(world, self.scene, self.caption, looks_only(self.caption.request), seconds)
        true = true_paths(world, self.scene, self.caption, WINDOW + NEW)
        seam = WINDOW if self.direction == "forward" else NEW
        around = slice(seam - SEAM, seam + SEAM + 1)
        errors = [step_error(found_paths(world, clip, request), true, around) for clip in (answer, ceiling)]
        new = answer[WINDOW - 1 :] if self.direction == "forward" else answer[: NEW + 1]
        return [
            held(answer[given], self.truth(world)[given], ceiling[given]),
            as_good_as("seam", errors[0], errors[1], SEAM_TIMES, SEAM_FLOOR, "pixels a frame"),
            *words_right(world.grade(new, request), ("count", "colour", "shape", "size", "background")),
        ]


@dataclass(frozen=True)
class ExtendBackward(ExtendForward):
    """Two seconds more before two that are given."""

    direction: ClassVar[str] = "backward"


@dataclass(frozen=True)
class Connect(Case):
    """A second between two clips, of one thing that goes on or turns into another colour.

    Attributes:
        other: what it is called in the second clip.
    """

    other: str = ""

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One actor for five seconds, in every second case of another colour afterwards; see `Case.draw`."""
        scene = world.sample(rng, "one", seconds=(2 * WINDOW + PASSAGE - 1) / FPS)
        caption, colour = world.write(scene, rng, short=0.0), scene.actors[0].colour
        changes = rng.random() < 0.5
        others = [name for name in world.colours if name != colour]
        return cls(scene, caption, seed, str(rng.choice(others)) if changes else colour)

    def truth(self, world: World) -> Tensor:
        """Its scene, with the colour changed half way."""
        later = replace(self.scene, actors=(replace(self.scene.actors[0], colour=self.other),))
        total = 2 * WINDOW + PASSAGE
        one, other = world.render(self.scene, total), world.render(later, total)
        return torch.cat([one[: total // 2], other[total // 2 :]])

    def takes(self, truth: Tensor) -> list[Tensor]:
        """Where the colour changes, there is a cut."""
        middle = len(truth) // 2
        return [truth] if self.other == self.scene.actors[0].colour else [truth[:middle], truth[middle:]]

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From both ends."""
        truth = self.truth(pipe.world)
        return pipe.connect(truth[:WINDOW], truth[-WINDOW:], self.caption.text, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Both ends are kept, nothing jumps on the way, and nothing is gone."""
        truth = self.truth(world)
        ends = [*range(WINDOW), *range(WINDOW + PASSAGE, len(truth))]
        ground = world.backgrounds[self.scene.background].rgb
        middle, mass = middle_of_all(answer, ground)
        true = true_paths(world, self.scene, self.caption, len(truth))[0]
        passage = slice(WINDOW - 1, WINDOW + PASSAGE + 1)
        steps, usual = np.hypot(*np.diff(middle[passage], axis=0).T), np.hypot(*np.diff(true, axis=0).T).max()
        share = float((mass[passage] / np.minimum(mass[WINDOW - 1], mass[WINDOW + PASSAGE])).min())
        return [
            held(answer[ends], truth[ends], ceiling[ends]),
            within("jump", float(steps.max()), JUMP_TIMES * usual + JUMP_SLACK, "pixels a frame"),
            Verdict("there", "in every frame", f"{share:.2f} of it at least", share >= FAINTEST),
        ]


@dataclass(frozen=True)
class Reappear(Case):
    """Something that is hidden, or has left, and must be itself, in the right place, when it is seen again."""

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """A wall or a leaving actor; see `Case.draw`."""
        scene = world.sample(rng, str(rng.choice(["wall", "leaving"])))
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the first five frames, in which everyone is still in sight."""
        given = self.truth(pipe.world)[:GIVEN]
        return pipe.extend(given, (WINDOW - GIVEN) / FPS, self.caption.text, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every word is right, and everyone comes back in the right place and time."""
        request = self.caption.request
        grade, found = grade_and_paths(world, answer, request)
        verdicts, true = words_right(grade), true_paths(world, self.scene, self.caption, WINDOW)
        if self.scene.wall is not None:
            return [*verdicts, within("place", path_error(found, true, slice(WINDOW - 2, WINDOW)), PLACE, "pixels")]
        return [*verdicts, *self._back(world, found)]

    def _back(self, world: World, found: list[Array]) -> list[Verdict]:
        """Of a leaving actor: on the line on which it left, and as early and late as the world's turns allow.

        When it turns out of sight cannot be seen in what is given.
        """
        index = next(k for k, actor in enumerate(self.scene.actors) if world.motions[actor.motion].common == 0)
        actor = self.scene.actors[index]
        path = found[self.caption.order.index(index)] / SIDE  # (f, 2), shorter sides
        across = np.array([-math.sin(actor.heading), math.cos(actor.heading)])
        aside = np.abs((path - actor.start) @ across)[-2:].max() * SIDE
        times = clip_times(2 * WINDOW, FPS)
        turns = [replace(actor, extent=turn) for turn in LEAVING_TURN]
        frames = [_back_in_view(screen_track(world, self.scene, each, times)[0]) for each in turns]
        frame, low, high = _back_in_view(path), min(frames) - 1, max(frames) + 1
        time = Verdict("time", f"frame {low} to {high}", f"frame {frame}", low <= frame <= high)
        return [within("place", float(aside), PLACE, "pixels"), time]


def _back_in_view(path: Array) -> int:
    """The frame in which a middle that has left the view is in view again; the number of frames if it never is."""
    inside = np.abs(path).max(axis=1) < HALF
    out = np.flatnonzero(~inside)
    back = np.flatnonzero(inside[out[0] :]) if len(out) else out
    return int(out[0] + back[0]) if len(back) else len(path)
