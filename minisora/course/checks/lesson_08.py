"""Checks of lesson 08, Foresight: a time for every frame, plans of times, the measures of a seam and of a memory."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, near, require, same_shape, unlike
from minisora.diffusion import flow

__all__ = ["held_plan", "interpolate", "live_plan", "ruler", "seam_error"]

FRAMES, LEAST, MOST = 12, 4, 4  # of a live plan: frames, steps for each, frames that a step may change
Path = NDArray[np.float64]


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _held(steps: int, frames: int, given: list[int]) -> Tensor:
    times = torch.linspace(1, 0, steps + 1)[:, None].repeat(1, frames)
    times[:, given] = 0
    return times


def _seam(found: Path, true: Path, seam: int) -> float:
    wrong = np.diff((found - true)[seam - 2 : seam + 3], axis=0)
    return float(np.sqrt((wrong**2).sum(axis=1).mean()))


def _line(path: Path, seen: int, frames: int) -> Path:
    slope, start = np.polyfit(np.arange(seen), path[:seen], 1)
    return np.asarray(start + np.arange(frames)[:, None] * slope)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=flow.interpolate)
def interpolate(yours: Any) -> Iterator[str]:
    """The line from clean to noise, with a time for every frame."""
    clean, noise = torch.tensor([[[2.0], [4.0], [6.0]]]), torch.tensor([[[-1.0], [1.0], [0.0]]])  # (1, 3, 1)
    got = attempt(yours, clean, noise, torch.tensor([[0.0, 0.5, 1.0]]))
    same_shape(got, (1, 3, 1), "The noisy frames")
    swapped = torch.tensor([[[-1.0], [2.5], [6.0]]])
    unlike(
        got, swapped, "The frame at time 0 is noise in yours, and the one at time 1 is clean: are the weights swapped?"
    )
    given = ", ".join(f"{value:g}" for value in got.flatten().tolist())
    like(
        got,
        torch.tensor([[[2.0], [2.5], [0.0]]]),
        f"Three frames, at times 0, 0.5 and 1, make 2, 2.5, 0; yours {given}.",
    )
    yield "each of three frames has its own time"

    clips, blurs, times = (
        torch.ones(2, 3, 3, 3),
        torch.zeros(2, 3, 3, 3),
        torch.tensor([[0.0, 0.25, 1.0], [1.0, 0.5, 0.0]]),
    )
    got = attempt(yours, clips, blurs, times)
    same_shape(got, (2, 3, 3, 3), "Two clips of three frames of 3 × 3")
    wanted = (1 - times)[:, :, None, None].expand(2, 3, 3, 3)
    columns = (1 - times)[:, None, None, :].expand(2, 3, 3, 3)
    rows = (1 - times)[:, None, :, None].expand(2, 3, 3, 3)
    asked = "PyTorch lines axes up from the last one: what must stand behind (b, z)?"
    unlike(got, columns, f"In yours the times run over the columns of each picture, not over frames. {asked}")
    unlike(got, rows, f"In yours the times run over the rows of each picture, not over frames. {asked}")
    one_time = (1 - times[:1])[:, :, None, None].expand(2, 3, 3, 3)
    unlike(got, one_time, "Both clips of a batch get the times of the first one in yours.")
    like(got, wanted, f"For clips (2, 3, 3, 3) some frames are not at their own time. {asked}")
    yield "so has each frame of a batch of clips"

    clean, time = torch.randn(2, 5, 4, 4, 8), torch.rand(2, 5)
    got = attempt(yours, clean, torch.zeros_like(clean), time)
    same_shape(got, (2, 5, 4, 4, 8), "Latents with one axis more")
    asked = "How many axes of length 1 does a time need there?"
    like(
        got,
        (1 - time)[..., None, None, None] * clean,
        f"Latents have one axis more, and yours mixes them wrongly. {asked}",
    )
    yield "and latents, which have one axis more"


@exercise(instead=_held)
def held_plan(yours: Any) -> Iterator[str]:
    """Times from 1 to 0, but for given frames."""
    got = attempt(yours, 4, 3, [0])
    require(isinstance(got, Tensor), f"A plan is a tensor of times; yours is a {type(got).__name__}.")
    asked = "Four steps lie between how many rows?"
    require(got.shape != (4, 3), f"Yours has 4 rows for 4 steps. {asked}")
    require(got.shape != (3, 5), "Yours has a row for each frame. A row is a step, a column is a frame.")
    same_shape(got, (5, 3), "A plan of four steps for three frames")
    wanted = _held(4, 3, [0])
    unlike(got, wanted.flip(0), "Time rises in yours from row to row. Sampling starts in noise: which time is that?")
    require(not near(got, _held(4, 3, [])), "Frame 0 is given, and starts as noise in yours.")
    unlike(got, torch.where(wanted == 0, 1.0, 0.0), "Given frames stay noise in yours, and the others are clean.")
    asked = "Which time means clean?"
    require(not bool((got[:, 0] == 1).all()), f"The given frame stays at time 1 in yours: pure noise. {asked}")
    require(bool((got[:, 0] == 0).all()), "The given frame does not stay at time 0 in all rows of yours.")
    require(bool((got[-1] == 0).all()), "In the last row all frames should be clean, at time 0.")
    like(
        got, wanted, "The first and the last row may be right; the rows between are not evenly spaced, or not for all."
    )
    yield "the table of the lesson comes out"

    got = attempt(yours, 10, 6, [4, 5])
    same_shape(got, (11, 6), "A plan of ten steps for six frames")
    like(
        got,
        _held(10, 6, [4, 5]),
        "With frames 4 and 5 of six given, yours is wrong: does it always hold the first ones?",
    )
    yield "any frames may be given"

    got = attempt(yours, 2, 4, [])
    same_shape(got, (3, 4), "A plan with no frame given")
    like(
        got, _held(2, 4, []), "With no frame given, all frames should fall from 1 to 0 together; in yours they do not."
    )
    yield "or none"


@exercise(instead=_seam)
def seam_error(yours: Any) -> Iterator[str]:
    """How wrong the steps around a seam are."""
    true = np.stack([2.0 * np.arange(20), np.zeros(20)], axis=1)
    got = _number(attempt(yours, true, true, 10))
    require(got == 0, f"Where the path is the true one the error is 0; yours gives {got:.3g}.")
    got = _number(attempt(yours, true + np.array([5.0, -3.0]), true, 10))
    asked = "A whole path that lies 5 pixels aside has no wrong step. Do you compare places, or steps?"
    require(abs(got) < 1e-9, f"{asked} Yours gives {got:.3g}.")
    yield "it compares steps, not places"

    jump = true.copy()
    jump[10:] += [3.0, 4.0]  # one step that is 5 pixels wrong
    got = _number(attempt(yours, jump, true, 10))
    asked = "One step in four is wrong by 5 pixels, and the others by nothing"
    require(got > 0, f"{asked}; yours gives 0. Is the seam among the frames that you look at?")
    require(abs(got - 5) > 1e-6, f"{asked}; yours gives 5. Do you take the mean over the four steps?")
    require(abs(got - 6.25) > 1e-6, f"{asked}; yours gives 6.25, the mean of the squares. What is still to do?")
    require(abs(got - 1.25) > 1e-6, f"{asked}; yours gives 1.25, the mean length. The squares come before the mean.")
    halved = 5 / np.sqrt(8)
    require(abs(got - halved) > 1e-6, f"{asked}; yours gives {got:.3g}: the mean over x and y, too, halves it.")
    more = {5 / np.sqrt(n): n for n in (2, 3, 5, 6, 18, 19)}
    counted = next((n for value, n in more.items() if abs(got - value) < 1e-6), None)
    require(counted is None, f"{asked}. Yours seems to look at {counted} steps. Four steps need how many places?")
    require(abs(got - 2.5) < 1e-6, f"{asked}, so the root of the mean of squares is 2.5; yours is {got:.3g}.")
    yield "one wrong step of 5 pixels in four makes 2.5"

    for frame, name in ((8, "before"), (12, "after")):
        moved = true.copy()
        moved[frame] += [0.0, 2.0]
        got, wanted = _number(attempt(yours, moved, true, 10)), _seam(moved, true, 10)
        asked = "The first of the four steps starts two frames before the seam, the last one ends two after it."
        require(
            abs(got - wanted) < 1e-6,
            f"A frame two {name} the seam is off by 2; you get {got:.3g}, not {wanted:.3g}. {asked}",
        )
    yield "it looks from two frames before the seam to two after it"


@exercise(instead=_line)
def ruler(yours: Any) -> Iterator[str]:
    """A straight line at an even pace, through what was seen."""
    true = np.stack([3.0 * np.arange(17) - 20, -1.0 * np.arange(17) + 5], axis=1)
    got = np.asarray(attempt(yours, true.copy(), 5, 17), dtype=float)
    require(got.shape != (12, 2), "Yours gives only the frames that were not seen. Give all 17, the seen ones too.")
    require(got.shape == (17, 2), f"Seventeen places of x and y are (17, 2); yours has the shape {got.shape}.")
    stays = np.concatenate([true[:5], np.repeat(true[4:5], 12, axis=0)])
    require(
        not np.allclose(got, stays), "In yours the figure stands still behind the wall. It had a velocity, which stays."
    )
    late = true[4] + np.arange(17)[:, None] * np.array([3.0, -1.0])
    require(not np.allclose(got, late), "Yours starts at the last seen place. At which frame was it there?")
    off = float(np.abs(got - true).max())
    asked = "Is frame 0 where it began, and is the slope that of one frame?"
    require(off < 1e-6, f"What moves evenly should be found exactly; yours is off by up to {off:.3g} pixels. {asked}")
    yield "what moves evenly is found exactly"

    bent = true.copy()
    bent[5:] += [40.0, 40.0]
    got = np.asarray(attempt(yours, bent, 5, 17), dtype=float)
    require(np.allclose(got, true), "Yours looks at frames that were not seen. Only the first five may count.")
    yield "only what was seen counts"

    rng = np.random.default_rng(0)
    seen = [true + rng.normal(0, 0.3, true.shape) for _ in range(50)]
    ours, theirs = (
        float(np.mean([np.abs(np.asarray(line(each, 9, 17))[-1] - true[-1]).mean() for each in seen]))
        for line in (yours, _line)
    )
    asked = "Does every seen place count, or only two of them?"
    require(
        ours < 1.15 * theirs,
        f"With places that are 0.3 pixels off, yours ends {ours:.2f} off; {theirs:.2f} can be had. {asked}",
    )
    yield "it makes the best of places that are not exact"


@exercise()
def live_plan(yours: Any) -> Iterator[str]:
    """The plan of a film that is watched while it is made."""
    plan = attempt(yours) if callable(yours) else yours
    plan = torch.as_tensor(plan, dtype=torch.float64)
    require(plan.ndim == 2 and plan.shape[1] == FRAMES, f"A plan is (rows, {FRAMES}); yours is {tuple(plan.shape)}.")
    require(bool((plan[0] == 1).all()), "In the first row every frame is pure noise, at time 1; not in yours.")
    require(bool((plan[-1] == 0).all()), "In the last row every frame is clean, at time 0; not in yours.")
    require(bool((plan.diff(dim=0) <= 0).all()), "A time rises in yours from one row to the next.")
    yield "times fall from 1 to 0"

    moves = plan.diff(dim=0) < 0  # (steps, frames)
    least = int(moves.sum(0).min())
    require(least >= LEAST, f"One of your frames comes from 1 to 0 in {least} steps; at least {LEAST} are asked for.")
    most = int(moves.sum(1).max())
    asked = f"at most {MOST} fit into memory"
    require(most <= MOST, f"One of your steps changes {most} frames; {asked}. Must all frames start at once?")
    yield f"each frame has {least} steps or more, each step changes {most} frames at most"

    ready = (plan > 0).sum(0)  # the row in which each frame is clean
    first = int(ready[0])
    require(first == LEAST, f"The first frame is clean after {first} steps in yours; {LEAST} are wanted.")
    require(bool((ready.diff() >= 0).all()), "A later frame is finished before an earlier one in yours.")
    gaps = ready.diff()
    if not bool((gaps == 1).all()):
        frame = int((gaps != 1).nonzero()[0, 0])
        wait = int(gaps[frame])
        require(
            False,
            f"Between your frames {frame} and {frame + 1} lie {wait} steps: the viewer sees a jerk. One is wanted.",
        )
    yield f"from step {LEAST} on each step finishes one more, {len(plan)} rows in all"


# --- helpers ----------------------------------------------------------------------------------------------------------


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        require(False, f"The error is one number; yours is a {type(value).__name__} of shape {np.shape(value)}.")
        raise
