"""Typical wrong answers to the exercises of lesson 09, and what is said to each."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_09 as check
from minisora.pipeline import Clips
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings
from minisora.world import SHAPES, Camera, Scene
from minisora.world.staging import Part, stage
from tests.course.answers import symptom


def follow(velocity: Any, noisy: Tensor, times: Tensor) -> Tensor:
    for now, after in pairwise(times):
        noisy = noisy + (after - now) * velocity(noisy, now)
    return noisy


def way(strength: float, steps: int) -> Tensor:
    return torch.linspace(strength, 0, steps + 1)


def from_clean(velocity: Any, clean: Tensor, noise: Tensor, strength: float, steps: int) -> Tensor:
    return follow(velocity, clean, way(strength, steps))


def swapped(velocity: Any, clean: Tensor, noise: Tensor, strength: float, steps: int) -> Tensor:
    return follow(velocity, strength * clean + (1 - strength) * noise, way(strength, steps))


def mixed(clean: Tensor, noise: Tensor, strength: float) -> Tensor:
    return (1 - strength) * clean + strength * noise


SDEDIT: list[tuple[Any, str]] = [
    (from_clean, "Without any noise"),
    (swapped, "Which weight is whose"),
    (lambda v, c, n, s, k: follow(v, n, way(s, k)), "starts from pure noise"),
    (lambda v, c, n, s, k: follow(v, c + s * n, way(s, k)), "nothing of the clean points was taken away"),
    (lambda v, c, n, s, k: follow(v, mixed(c, n, s), way(1, k)), "When does the way begin"),
    (lambda v, c, n, s, k: follow(v, mixed(c, n, s), way(s, k - 1)), "5 steps ask 5 times"),
    (lambda v, c, n, s, k: follow(v, mixed(c, n, s), way(s, k).flip(0)), "begins at 0.00"),
    (lambda v, c, n, s, k: mixed(c, n, s), "never asked for a velocity"),
    (lambda v, c, n, s, k: mixed(c, n, s) - 0 * follow(v, mixed(c, n, s), way(s, k)), "not where the velocity led"),
]


def square(middles: Tensor, reach: float, height: int, width: int) -> Tensor:
    x, y = torch.arange(width), torch.arange(height)[:, None]
    return ((x - middles[:, 0, None, None]).abs() <= reach) & ((y - middles[:, 1, None, None]).abs() <= reach)


def cross(middles: Tensor, reach: float, height: int, width: int) -> Tensor:
    x, y = torch.arange(width), torch.arange(height)[:, None]
    return ((x - middles[:, 0, None, None]).abs() <= reach) | ((y - middles[:, 1, None, None]).abs() <= reach)


def cut_out(middles: Tensor, reach: float, height: int, width: int) -> Tensor:
    """By slices: a negative start counts from the other side."""
    mask = torch.zeros(len(middles), height, width, dtype=torch.bool)
    for frame, (x, y) in zip(mask, middles.int().tolist(), strict=True):
        frame[int(y - reach) : int(y + reach) + 1, int(x - reach) : int(x + reach) + 1] = True
    return mask


MOVING_MASK: list[tuple[Any, str]] = [
    (cross, "not a square"),
    (cut_out, "At the edge of the frame"),
    (lambda m, r, h, w: ~square(m, r, h, w), "True everywhere but in the square"),
    (lambda m, r, h, w: square(m.flip(1), r, h, w), "Which axis is x"),
    (lambda m, r, h, w: square(m[:1], r, h, w).expand(len(m), -1, -1), "Each frame has a middle"),
    (lambda m, r, h, w: square(m, r, h, w).any(0).expand(len(m), -1, -1), "each needs its own square"),
    (lambda m, r, h, w: square(m, r / 2, h, w), "yours is 1 × 1"),
    (lambda m, r, h, w: square(m, r, h, w).float(), "its type is bool"),
    (lambda m, r, h, w: square(m, r, w, h), "should have the shape"),
]


def best(first: Tensor, later: Tensor, shifts: range, edge: int) -> int:
    inner = slice(edge, first.shape[1] - edge)
    return min(shifts, key=lambda shift: float((later.roll(-shift, 1) - first)[:, inner].abs().mean()))


GROUND_SHIFT: list[tuple[Any, str]] = [
    (lambda first, later, most: -best(first, later, range(-most, most + 1), most), "which way"),
    (lambda first, later, most: best(first, later, range(-most, most + 1), most) + most, "which is 5 + 12"),
    (lambda first, later, most: best(first, later, range(0, most + 1), most), "Are shifts to both sides tried"),
    (lambda first, later, most: abs(best(first, later, range(-most, most + 1), most)), "forgets the side"),
    (lambda first, later, most: best(first, later, range(-most, most + 1), 0), "Which columns may be compared"),
    (lambda first, later, most: (first - later).abs(), "A shift is one number"),
    (lambda first, later, most: 0, "yours says 0"),
]


# --- a film of rendered shots -----------------------------------------------------------------------------------------


def shot(words: str, motion: str, start: tuple[float, float], frames: int = 17, **other: Any) -> Clips:
    """A perfect clip of one large red star, as if the model had made it."""
    looks = {"shape": "star", "colour": "red"} | {key: other[key] for key in ("shape", "colour") if key in other}
    scene: Scene = stage(SHAPES, "navy", [Part(size="large", motion=motion, speed="plain", start=start, **looks)])
    scene = replace(scene, texture=other.get("texture", ""), camera=Camera(*other.get("camera", ("still", 0.0))))
    video = SHAPES.render(scene, frames)
    return Clips(video[None], (words,), (Segment((words,), frames),), (0,), Settings(num_frames=frames), SHAPES)


RIGHT = shot("a large red star moving right", "moving right", (-0.2, 0.0))
TURN = shot("a large red star spinning", "spinning", (0.2, 0.0))
ZOOM = shot(
    "a large red star staying still on navy with a starfield, the camera zooming out",
    "staying still",
    (0.2, 0.0),
    texture="starfield",
    camera=("zooming out", 0.22),
)
STILL = shot("a large red star staying still", "staying still", (0.2, 0.0))
FAR = shot("a large red star spinning", "spinning", (-0.3, 0.2))
BLUE = shot("a large blue star spinning", "spinning", (0.2, 0.0), colour="blue")
LIES = shot("a large red star moving up", "moving right", (-0.2, 0.0))
SHORT = shot("a large red star spinning", "spinning", (0.2, 0.0), frames=9)


def test_a_film_of_three_shots_passes() -> None:
    assert check.three_shots.answer([RIGHT, TURN, ZOOM]).passed


THREE_SHOTS: list[tuple[Any, str]] = [
    ([RIGHT, TURN], "yours has 2"),
    (RIGHT, "put three calls into a list"),
    ([RIGHT.frames, TURN, ZOOM], "is no clip but a Tensor"),
    ([RIGHT, SHORT, ZOOM], "has 9 frames"),
    ([RIGHT, BLUE, ZOOM], "Shot 2 has another hero"),
    ([RIGHT, RIGHT, ZOOM], "the same thing happens"),
    ([RIGHT, TURN, STILL], "The camera stands still"),
    ([LIES, TURN, ZOOM], "In shot 1 not every word is right"),
    ([RIGHT, FAR, ZOOM], "the eye must look for it"),
    ("three shots", "yours is a str"),
]

WRONG: list[tuple[Exercise, Any, str]] = [
    *((check.sdedit, wrong, says) for wrong, says in SDEDIT),
    *((check.moving_mask, wrong, says) for wrong, says in MOVING_MASK),
    *((check.ground_shift, wrong, says) for wrong, says in GROUND_SHIFT),
    *((check.three_shots, wrong, says) for wrong, says in THREE_SHOTS),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


def test_the_jumps_are_those_of_the_scene() -> None:
    """From where a shot ends to where the next one begins, within a pixel."""
    said = check.three_shots.answer([RIGHT, TURN, ZOOM]).right[-1]
    first, second = (float(number) for number in re.findall(r"\d+\.\d", said))
    ends = [-0.2 + 2 * np.mean([0.18, 0.24]), 0.2]
    assert first == pytest.approx(abs(ends[0] - ends[1]) * 64, abs=1)
    assert second == pytest.approx(0, abs=1)
