"""What a task of the suite asks, and how an answer is judged.

A case is a held-out scene with its caption. It knows what a perfect answer looks like, so the same judgement of the
renderer's and of the autoencoder's answer is the ceiling of the model's.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
from torch import Tensor

from minisora.evaluation.records import Verdict
from minisora.evaluation.sharpness import psnr
from minisora.world import Caption, Scene, SceneRequest, World
from minisora.world.grader import Grade
from minisora.world.render import pose_of

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = [
    "FPS",
    "WINDOW",
    "Case",
    "as_good_as",
    "held",
    "lasting_sizes",
    "looks_only",
    "sample_where",
    "until",
    "within",
    "words_right",
]

Rng = np.random.Generator
Drawn = TypeVar("Drawn")
FPS, WINDOW = 8.0, 17  # frames per second, and frames of a clip, where a task says nothing else
TRIES = 500
SCALE_SLACK = 0.05  # by which an actor may grow and still be as large as the words say
PSNR_LOSS = 1.0  # dB that a given part may lose against the autoencoder's own loss


@dataclass(frozen=True)
class Case(ABC):
    """One question.

    Attributes:
        scene: what a perfect answer shows.
        caption: the sentence that goes with it.
        seed: of the model's noise.
    """

    scene: Scene
    caption: Caption
    seed: int

    @classmethod
    @abstractmethod
    def draw(cls, world: World, rng: Rng, seed: int) -> Self:
        """Draw a case.

        Args:
            world: tables to draw from.
            rng: source of all choices.
            seed: of the model's noise.
        """

    def truth(self, world: World) -> Tensor:
        """A perfect answer, uint8 (f, h, w, 3): its scene, two seconds long, where a task says nothing else."""
        return world.render(self.scene, WINDOW)

    def takes(self, truth: Tensor) -> list[Tensor]:
        """The perfect answer as pieces that the autoencoder packs each by itself: a cut inside a group of four frames
        would be a blur that no model's answer has.

        Args:
            truth: uint8 (f, h, w, 3).
        Returns:
            Pieces in order; together they may be longer than the answer, what is over is cut off.
        """
        return [truth]

    @abstractmethod
    def make(self, pipe: "TextToVideoPipeline") -> Tensor:
        """The model's answer, uint8 (f, h, w, 3)."""

    @abstractmethod
    def judge(self, world: World, answer: Tensor, ceiling: Tensor) -> list[Verdict]:
        """Judge an answer.

        Args:
            world: whose grader judges.
            answer: uint8 (f, h, w, 3).
            ceiling: the perfect answer through the autoencoder and back, from which floors are taken.
        Returns:
            Verdicts; the case is right where all of them are.
        """


def until(draw: Callable[[], Drawn | None]) -> Drawn:
    """The first thing drawn that is one.

    Args:
        draw: gives a candidate, or None where it will not do.
    """
    for _ in range(TRIES):
        found = draw()
        if found is not None:
            return found
    raise AssertionError(f"none of {TRIES} draws will do")  # the tests draw many


def sample_where(world: World, rng: Rng, wanted: Callable[[Scene], bool], kind: str = "one") -> Scene:
    """The first scene drawn for which something holds.

    Args:
        world: tables to draw from.
        rng: source of all choices.
        wanted: what must hold.
        kind: of scene.
    """

    def draw() -> Scene | None:
        scene = world.sample(rng, kind)
        return scene if wanted(scene) else None

    return until(draw)


# --- what verdicts are made of ----------------------------------------------------------------------------------------


def words_right(grade: Grade, only: Sequence[str] = (), name: Mapping[str, str] | None = None) -> list[Verdict]:
    """A grade as verdicts.

    Args:
        grade: of a clip.
        only: attributes to keep; none given keeps all.
        name: attributes that are called otherwise.
    """
    return [
        Verdict((name or {}).get(v.attribute, v.attribute), v.wanted, v.found, v.right)
        for v in grade.verdicts
        if not only or v.attribute in only
    ]


def looks_only(request: SceneRequest) -> SceneRequest:
    """A request without anything that moves: who is there, and what it looks like."""
    actors = tuple(replace(actor, motion=None, speed=None) for actor in request.actors)
    return replace(request, actors=actors, relations=())


def lasting_sizes(world: World, scene: Scene, caption: Caption, request: SceneRequest, seconds: float) -> SceneRequest:
    """A request without the sizes of those who grow or shrink: the word says how large they were at first.

    Args:
        world: tables of the scene's names.
        scene: what happens.
        caption: in whose order the actors are listed.
        request: what is asked for.
        seconds: of the scene.
    """
    times = np.linspace(0.0, seconds, 9)
    scales = [pose_of(world, scene, scene.actors[index], times).scale for index in caption.order]
    actors = tuple(
        actor if np.ptp(scale) < SCALE_SLACK else replace(actor, size=None)
        for actor, scale in zip(request.actors, scales, strict=True)
    )
    return replace(request, actors=actors)


def held(answer: Tensor, given: Tensor, ceiling: Tensor) -> Verdict:
    """Whether what was given is still there, about as well as the autoencoder could keep it.

    Args:
        answer, given, ceiling: the same pixels, uint8 (f, h, w, 3), of the answer, as given, and as given through the
            autoencoder and back.
    """
    least, found = psnr(ceiling, given) - PSNR_LOSS, psnr(answer, given)
    return Verdict("kept", f"at least {least:.1f} dB", f"{found:.1f} dB", found >= least)


def within(attribute: str, value: float, most: float, unit: str) -> Verdict:
    """Whether a number is small enough; NaN is not."""
    return Verdict(attribute, f"at most {most:.2f} {unit}", f"{value:.2f} {unit}", bool(value <= most))


def as_good_as(attribute: str, value: float, ceiling: float, times: float, least: float, unit: str) -> Verdict:
    """Whether an error is at most so many times that of the ceiling.

    Args:
        attribute: what is judged.
        value: the answer's error; NaN is not good.
        ceiling: that of the perfect answer through the autoencoder and back.
        times: how many times it may be as large.
        least: below which a ceiling is luck, or NaN: this counts then.
        unit: of the numbers.
    """
    return within(attribute, value, times * float(np.nanmax([ceiling, least])), unit)
