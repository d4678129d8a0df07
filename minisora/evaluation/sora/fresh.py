"""Tasks that begin with words alone: loops, a minute, single images, other shapes of clip, how far a camera goes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import torch
from torch import Tensor

from minisora.evaluation.records import Verdict
from minisora.evaluation.rows import ClipSize
from minisora.evaluation.sora.case import (
    FPS,
    WINDOW,
    Case,
    Rng,
    as_good_as,
    looks_only,
    sample_where,
    until,
    within,
    words_right,
)
from minisora.evaluation.sora.meetings import fit_meeting
from minisora.evaluation.sora.paths import found_paths, grade_and_paths
from minisora.models.autoencoder import TIME
from minisora.world import Scene, SceneRequest, World

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["CameraMove", "Clip", "Collide", "Image", "Loop", "Minute", "Physics"]

LOOP_SECONDS = (3.0, 8.0)  # length of a perfect loop
LOOP_TIMES, LOOP_SLACK = 1.5, 1.0  # of the median step between frames, and of 255
MINUTE = 481  # frames
LAST = 41  # frames: five seconds
IN_FRAMES = 0.9  # share of the minute in which everyone must be himself
LAWS = ("bouncing", "falling")
LAW_TIMES, STEP_FLOOR = 3.0, 0.1  # of the error of reading a reconstruction; pixels a frame
MOMENTUM_FLOOR = 0.05  # of the speeds before a collision
CAMERA_SLACK = 0.25  # of a rate, by which a camera may be slower or faster than its range


@dataclass(frozen=True)
class Clip(Case):
    """A sentence becomes a clip of some size, length and rate."""

    size: ClassVar[ClipSize] = ClipSize()
    kind: ClassVar[str] = "one"
    steps: ClassVar[int | None] = None  # None is the checkpoint's own
    guidance: ClassVar[float | None] = None

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """A scene that can be read in such a clip; see `Case.draw`."""
        scene = world.sample(rng, cls.kind, aspect=cls.size.aspect, seconds=max(cls.size.seconds, 1.0))
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    def truth(self, world: World) -> Tensor:
        """Its scene."""
        size = self.size
        return world.render(self.scene, size.num_frames, size.height, size.width, size.fps)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the sentence."""
        size = self.size
        return pipe(
            self.caption.text, num_frames=size.num_frames, height=size.height, width=size.width, fps=size.fps,
            num_inference_steps=self.steps, guidance_scale=self.guidance, seed=self.seed,
        ).frames[0]  # fmt: skip

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every word is right that such a clip can show."""
        return words_right(world.grade(answer, self.caption.request, self.size.fps))


class Image(Clip):
    """A sentence becomes a single image."""

    size: ClassVar[ClipSize] = ClipSize(num_frames=1)


class Physics(Clip):
    """Something bounces or falls, as smoothly as the closed form does."""

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """An actor under one of the laws that are laws of physics; see `Case.draw`."""
        scene = sample_where(world, rng, lambda scene: scene.actors[0].motion in LAWS)
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """The motion is right, and its steps are those of its law to within thrice what reading them leaves."""
        request = self.caption.request
        grades = [world.grade(clip, request) for clip in (answer, ceiling)]
        errors = [grade.errors[0].velocity if grade.errors else float("nan") for grade in grades]
        law = as_good_as("law", errors[0], errors[1], LAW_TIMES, STEP_FLOOR, "pixels a frame")
        return [*words_right(grades[0], ("count", "motion")), law]


class Collide(Clip):
    """Two of equal mass collide, and go on as the law of momentum has it."""

    kind: ClassVar[str] = "collision"

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every word is right; steps and momentum are those of the law to within thrice what reading them leaves."""
        request = self.caption.request
        grade, paths = grade_and_paths(world, answer, request)
        found, floor = fit_meeting(*paths), fit_meeting(*found_paths(world, ceiling, request))
        return [
            *words_right(grade),
            as_good_as("law", found.error, floor.error, LAW_TIMES, STEP_FLOOR, "pixels a frame"),
            as_good_as("momentum", found.momentum, floor.momentum, LAW_TIMES, MOMENTUM_FLOOR, "of it"),
        ]


class CameraMove(Clip):
    """The camera pans or zooms, as far as the words say."""

    kind: ClassVar[str] = "camera"

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """The move is right, and its rate lies in the range of its kind."""
        seen = world.read(answer, FPS).camera
        move = world.cameras[self.scene.camera.move]
        low, high = move.low * (1 - CAMERA_SLACK), move.high * (1 + CAMERA_SLACK)
        return [
            Verdict("camera", move.name, seen.move, seen.move == move.name),
            Verdict("rate", f"{low:.3f} to {high:.3f}", f"{seen.rate:.3f}", low <= seen.rate <= high),
        ]


@dataclass(frozen=True)
class Loop(Case):
    """A clip that goes round and round.

    Attributes:
        frames: of a perfect one.
    """

    frames: int

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One actor whose motion comes back to where it began; see `Case.draw`."""

        def draw() -> tuple[Scene, int] | None:
            scene = world.sample(rng, "one")
            frames = _period(world, scene) if _stays(world, scene) else None
            return (scene, frames) if frames else None

        scene, frames = until(draw)
        return cls(scene, world.write(scene, rng, short=0.0), seed, frames)

    def truth(self, world: World) -> Tensor:
        """One round of its scene."""
        return world.render(self.scene, self.frames)

    def takes(self, truth: Tensor) -> list[Tensor]:
        """The round goes on into the next one until the last group is full."""
        return [torch.cat([truth, truth[: -(len(truth) - 1) % TIME]])]

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the sentence."""
        return pipe.loop(self.caption.text, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Every word is right, and the step from the last frame to the first is like the others."""
        pixels = answer.double()
        steps = (pixels.roll(-1, 0) - pixels).square().mean(dim=(1, 2, 3)).sqrt()  # (f,), the last one closes the loop
        most = LOOP_TIMES * float(steps[:-1].median()) + LOOP_SLACK
        step = within("round", float(steps[-1]), most, "of 255")
        return [*words_right(world.grade(answer, self.caption.request)), step]


def _stays(world: World, scene: Scene) -> bool:
    """Whether an actor never leaves the view."""
    return world.motions[scene.actors[0].motion].stays


def _period(world: World, scene: Scene) -> int | None:
    """After how many frames a scene is again as it was in the first one; None where it is not within a few seconds."""
    low, high = (round(seconds * FPS) for seconds in LOOP_SECONDS)
    first, *later = world.render(scene, high + 1).double()
    steps = torch.stack([(frame - first).square().mean().sqrt() for frame in later])  # (high,), after 1, 2, … frames
    between = [(after - before).square().mean().sqrt() for before, after in pairwise(later)]
    usual = float(torch.stack(between).median())
    found = [frames for frames in range(low, high + 1) if float(steps[frames - 1]) <= usual]
    return found[0] if found else None


@dataclass(frozen=True)
class Minute(Case):
    """A minute that stays itself."""

    @classmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """One actor that never leaves the view; see `Case.draw`."""
        scene = sample_where(world, rng, lambda scene: _stays(world, scene))
        return cls(scene, world.write(scene, rng, short=0.0), seed)

    def truth(self, world: World) -> Tensor:
        """A minute of its scene."""
        return world.render(self.scene, MINUTE)

    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """From the sentence."""
        return pipe(self.caption.text, num_frames=MINUTE, seed=self.seed).frames[0]

    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Looks in nine tenths of the minute, and the motion in its last five seconds."""
        looks = looks_only(self.caption.request)
        parts = [answer[first : first + WINDOW] for first in range(0, MINUTE - 1, WINDOW - 1)]
        right = float(np.mean([_looks_right(world, part, looks) for part in parts]))
        end = world.grade(answer[-LAST:], self.caption.request)
        return [
            Verdict("identity", f"in {IN_FRAMES:.0%} of it", f"in {right:.0%}", right >= IN_FRAMES),
            *words_right(end, ("motion",)),
        ]


def _looks_right(world: World, part: Tensor, looks: SceneRequest) -> bool:
    found = words_right(world.grade(part, looks), ("count", "colour", "shape", "size"))
    return all(verdict.right for verdict in found)
