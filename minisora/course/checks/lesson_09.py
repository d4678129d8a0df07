"""Checks of lesson 09, Directing: an edit through noise, a mask that follows, how far the ground moved, three shots.

Times are 0 for clean and 1 for noise. Places are in pixels, x to the right and y down, from the upper left corner.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, require, same_shape, unlike

__all__ = ["ground_shift", "moving_mask", "sdedit", "three_shots"]

SHOTS, LEAST_FRAMES = 3, 17
EYE = 8.0  # pixels that the hero may jump at a cut

Velocity = Callable[[Tensor, Tensor], Tensor]


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _sdedit(velocity: Velocity, clean: Tensor, noise: Tensor, strength: float, steps: int) -> Tensor:
    noisy = (1 - strength) * clean + strength * noise
    for now, after in pairwise(torch.linspace(strength, 0, steps + 1)):
        noisy = noisy + (after - now) * velocity(noisy, now)
    return noisy


def _moving_mask(middles: Tensor, reach: float, height: int, width: int) -> Tensor:
    x, y = torch.arange(width), torch.arange(height)[:, None]
    across = (x - middles[:, 0, None, None]).abs() <= reach  # (f, 1, w)
    down = (y - middles[:, 1, None, None]).abs() <= reach  # (f, h, 1)
    return across & down


def _ground_shift(first: Tensor, later: Tensor, most: int = 12) -> int:
    inner = slice(most, first.shape[1] - most)

    def apart(shift: int) -> float:
        moved_back = later.roll(-shift, dims=1)
        return float((moved_back - first)[:, inner].abs().mean())

    return min(range(-most, most + 1), key=apart)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_sdedit)
def sdedit(yours: Any) -> Iterator[str]:
    """Part of the way to noise, and back."""
    clean, noise = torch.tensor([[2.0, 0.0]]), torch.tensor([[-1.0, 1.0]])
    asked: list[tuple[float, Tensor]] = []

    def nowhere(noisy: Tensor, now: Any) -> Tensor:
        """A velocity that leaves everything where it is, and remembers what it was asked."""
        asked.append((float(torch.as_tensor(now).flatten()[0]), noisy.clone()))
        return torch.zeros_like(noisy)

    got = attempt(yours, nowhere, clean, noise, 0.25, 5)
    same_shape(got, (1, 2), "The edited points")
    require(bool(asked), "Your function never asked for a velocity, so nothing leads the points back to the data.")
    (begin, start), middle = asked[0], 0.75 * clean + 0.25 * noise
    unlike(start, clean, "Yours starts from the clean points. Without any noise there is nothing to change.")
    unlike(start, noise, "Yours starts from pure noise, so that nothing of what was given is left at strength 0.25.")
    swapped = (
        "At strength 0.25 a quarter should be noise; yours starts with three quarters of it. Which weight is whose?"
    )
    unlike(start, 0.25 * clean + 0.75 * noise, swapped)
    unlike(start, clean + 0.25 * noise, "Noise was added, but nothing of the clean points was taken away for it.")
    like(start, middle, f"Between 2 and -1, at strength 0.25, lies 1.25; yours starts at {float(start[0, 0]):.2f}.")
    yield "it starts where the strength says"

    full = "A network told that a quarter of noise is pure noise takes what it sees for noise. When does the way begin?"
    require(abs(begin - 1) > 1e-4, f"The first time that yours asks for is 1, and the strength is 0.25. {full}")
    require(abs(begin - 0.25) < 1e-4, f"The way back begins at the strength, 0.25; yours begins at {begin:.2f}.")
    require(len(asked) == 5, f"5 steps ask 5 times for a velocity; yours asked {len(asked)} times.")
    times = [time for time, _ in asked]
    require(times == sorted(times, reverse=True), f"Times fall on the way back; yours are {_listed(times)}.")
    yield "it asks at the times from the strength down"

    got = attempt(yours, lambda noisy, now: torch.full_like(noisy, 4.0), clean, noise, 0.5, 8)
    start = (clean + noise) / 2
    unlike(got, start + 2.0, "Yours follows the velocity towards more noise. Which sign has the time that passes?")
    unlike(got, start, "Yours gives back where it started, not where the velocity led.")
    left = "At a velocity of 4, from time 0.5 to 0, a point falls by 2"
    like(got, start - 2.0, f"{left}; yours changed by {float((got - start)[0, 0]):.2f}. Does your way end at time 0?")
    yield "it follows the velocity to the end"

    got = attempt(yours, lambda noisy, now: noisy * 0, clean, noise, 1.0, 3)
    like(got, noise, "At strength 1 nothing of the given points should be left in the start.")
    yield "at strength 1 nothing of what was given is left"


@exercise(instead=_moving_mask)
def moving_mask(yours: Any) -> Iterator[str]:
    """True inside a square that follows a path."""
    middles = torch.tensor([[2.0, 5.0], [6.0, 5.0]])
    got = attempt(yours, middles, 1.0, 9, 12)
    same_shape(got, (2, 9, 12), "The mask of 2 frames of 9 × 12 pixels")
    require(got.dtype == torch.bool, f"A mask says yes or no, so its type is bool; yours is {got.dtype}.")
    wanted = _moving_mask(middles, 1.0, 9, 12)
    unlike(got, ~wanted, "Yours is True everywhere but in the square: True is where something may be painted.")
    turned = _moving_mask(middles.flip(1), 1.0, 9, 12)
    unlike(got, turned, "The middle (2, 5) is at x = 2 and y = 5; yours lies at x = 5 and y = 2. Which axis is x?")
    unlike(
        got, wanted[:1].expand(2, -1, -1), "Your square stays where it is in the first frame. Each frame has a middle."
    )
    unlike(
        got, wanted.any(0).expand(2, -1, -1), "Your frames all have the whole way in them, each needs its own square."
    )
    rows = int(got[0].any(1).sum())
    require(rows != 9, "Yours reaches from the top to the bottom: near in x *or* near in y is a cross, not a square.")
    y, x = torch.arange(9)[:, None], torch.arange(12)
    round_one = torch.stack([(x - mx) ** 2 + (y - my) ** 2 <= 1 for mx, my in middles])
    unlike(got, round_one, "Yours is round. A square is enough here: near in x and near in y.")
    asked = f"a reach of 1 round a pixel is 3 × 3; yours is {int(got[0].any(1).sum())} × {int(got[0].any(0).sum())}"
    like(got, wanted, f"The square is not where it should be, or not as large: {asked}.")
    yield "the square is where the path is, in each frame"

    got = attempt(yours, torch.tensor([[0.0, 0.0], [30.0, 30.0]]), 2.0, 8, 8)
    same_shape(got, (2, 8, 8), "The mask at the edge")
    edge = "At the edge of the frame only the part inside counts, and outside of it nothing"
    sizes = [int(frame.sum()) for frame in got]
    require(sizes == [9, 0], f"{edge}: 9 and 0 pixels here, yours has {sizes[0]} and {sizes[1]}.")
    yield "at the edge it is cut off"


@exercise(instead=_ground_shift)
def ground_shift(yours: Any) -> Iterator[str]:
    """How many pixels to the right the ground has moved between two frames."""
    wide = torch.randn(24, 100)
    frames = {shift: (wide[:, 20:80], wide[:, 20 - shift : 80 - shift]) for shift in (5, -3, 0)}
    got = _whole(attempt(yours, *frames[5], 12))
    moved = "Everything here is 5 pixels further right than before"
    require(got != -5, f"{moved}; yours says -5. Which of the two frames did you move, and which way?")
    require(got != 17, f"{moved}; yours says 17, which is 5 + 12. The first shift that is tried is not 0.")
    require(got == 5, f"{moved}; yours says {got}.")
    yield "5 pixels to the right are 5"

    got = _whole(attempt(yours, *frames[-3], 12))
    require(got != 3, "3 pixels to the left should be -3; yours forgets the side.")
    require(got == -3, f"3 pixels to the left should be -3; yours says {got}. Are shifts to both sides tried?")
    require(_whole(attempt(yours, *frames[0], 12)) == 0, "Two frames that are the same have not moved.")
    yield "3 to the left are -3, and nothing is 0"

    border = torch.zeros(24, 60)
    border[:, :8], border[:, -8:] = 40 * torch.randn(24, 8), 40 * torch.randn(24, 8)  # does not move with the rest
    inside = border == 0
    first, later = wide[:, 20:80] * inside + border, wide[:, 24:84] * inside + border
    got = _whole(attempt(yours, first, later, 12))
    rolled = "What leaves on one side comes in on the other when a frame is rolled. Which columns may be compared?"
    require(got == -4, f"With a border that stays where it is the ground moved by -4, and yours says {got}. {rolled}")
    yield "what comes in at the edges does not disturb it"


@exercise()
def three_shots(yours: Any) -> Iterator[str]:
    """Three clips that are one film."""
    clips = _clips(yours)
    requests, settings = [clip.world.parse(clip.prompts[0]) for clip in clips], clips[0].settings
    sizes = {(clip.settings.height, clip.settings.width, clip.settings.fps) for clip in clips}
    require(len(sizes) == 1, "Your shots differ in size or rate, so they cannot be cut together.")
    require(all(request.actors for request in requests), "There is a shot without anybody in it: name your hero.")
    looks = [(request.actors[0].colour, request.actors[0].shape) for request in requests]
    require(
        all(all(look) for look in looks), "Name the hero's colour and shape in every shot, and name the hero first."
    )
    unlike_first = next((k for k, look in enumerate(looks) if look != looks[0]), None)
    other = "" if unlike_first is None else f"Shot {unlike_first + 1} has another hero than shot 1: "
    require(unlike_first is None, f"{other}{' '.join(looks[unlike_first or 0])} and {' '.join(looks[0])}.")
    does = {(request.actors[0].motion, request.camera) for request in requests}
    require(len(does) == SHOTS, "In two of your shots the same thing happens. Change what the hero or the camera does.")
    cameras = [request.camera for request in requests if request.camera not in (None, "still")]
    require(bool(cameras), "The camera stands still in all three shots. Let it pan or zoom in one of them.")
    yield f"three shots of one hero, the {looks[0][0]} {looks[0][1]}"

    ends = []
    for number, (clip, request) in enumerate(zip(clips, requests, strict=True), start=1):
        wrong, path = _seen(clip, request)
        require(not wrong, f"In shot {number} not every word is right: {wrong}. Try another seed, or other words.")
        seen = path[np.isfinite(path).all(axis=1)]
        ends.append((seen[0], seen[-1]))
    yield "every word of every shot is right"

    jumps = [float(np.hypot(*(after[0] - before[1]))) for before, after in pairwise(ends)]
    worst = int(np.argmax(jumps))
    where = f"From shot {worst + 1} to {worst + 2}"
    said = f"{where} the hero jumps by {jumps[worst]:.0f} pixels, and the eye must look for it"
    require(
        max(jumps) <= EYE, f"{said}. Get below {EYE:.0f} at every cut: where does one shot end, and the next begin?"
    )
    yield f"at the two cuts the hero jumps by {jumps[0]:.1f} and {jumps[1]:.1f} pixels (at {settings.height} rows)"


# --- helpers ----------------------------------------------------------------------------------------------------------


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)


def _whole(value: Any) -> int:
    """A shift as a number; a tensor of one is one."""
    if isinstance(value, Tensor) and value.numel() == 1:
        value = value.item()
    require(isinstance(value, int | float), f"A shift is one number; yours is a {type(value).__name__}.")
    shift = round(float(value))
    require(abs(value - shift) < 1e-6, f"A shift is a whole number of pixels; yours is {value:.2f}.")
    return shift


def _clips(yours: Any) -> list[Any]:
    """Three `Clips` of one clip each."""
    from minisora.pipeline import Clips

    require(not isinstance(yours, Clips), "That is one call. A film has three shots: put three calls into a list.")
    require(isinstance(yours, list | tuple), f"A film is a list of three shots; yours is a {type(yours).__name__}.")
    shots = list(yours)
    require(len(shots) == SHOTS, f"A film has {SHOTS} shots here; yours has {len(shots)}.")
    for number, shot in enumerate(shots, start=1):
        require(
            isinstance(shot, Clips), f"Shot {number} is no clip but a {type(shot).__name__}. What does pipe(…) give?"
        )
        require(len(shot) == 1, f"Shot {number} holds {len(shot)} clips. Which of them do you take?")
        require(len(shot.segments) == 1, f"Shot {number} is a storyboard. A shot has one sentence here.")
        frames = shot.frames.shape[1]
        require(frames >= LEAST_FRAMES, f"Shot {number} has {frames} frames; nobody follows under {LEAST_FRAMES}.")
    return shots


def _seen(clip: Any, request: Any) -> tuple[str, Any]:
    """What is wrong in a shot, and where its hero is: (f, 2) pixels."""
    from minisora.evaluation.sora.paths import grade_and_paths

    grade, paths = grade_and_paths(clip.world, clip.frames[0], request)
    faults = [f"{verdict.attribute} is {verdict.found}" for verdict in grade.verdicts if not verdict.right]
    return ", ".join(faults[:2]), paths[0]
