"""Typical wrong answers to the exercises of lesson 08, and what is said to each."""

from typing import Any

import numpy as np
import pytest
import torch

from minisora import diffusion
from minisora.course.checks import lesson_08 as check
from tests.course.answers import symptom


def behind(time: Any, clean: Any) -> Any:
    return time.view(*time.shape, *[1] * (clean.ndim - 2))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda clean, noise, time: (1 - time) * clean + time * noise, "should have the shape (1, 3, 1)"),
        (lambda clean, noise, time: behind(time, clean) * clean + behind(1 - time, clean) * noise, "swapped"),
        (lambda clean, noise, time: (1 - time[..., None]) * clean + time[..., None] * noise, "over the rows"),
        (
            lambda clean, noise, time: (1 - behind(time, clean)[:1]) * clean + behind(time, clean)[:1] * noise,
            "first one",
        ),
        (
            lambda clean, noise, time: torch.lerp(clean, noise, time.view(*time.shape, *[1] * min(clean.ndim - 2, 2))),
            "must match the size",
        ),
        (lambda clean, noise, time: clean + behind(time, clean) * noise, "make 2, 2.5, 0"),
        (lambda clean, noise, time: clean.mean(), "should have the shape"),
    ],
)
def test_interpolate(wrong: Any, says: str) -> None:
    assert says in symptom(check.interpolate, wrong)


def plan(steps: int, frames: int, given: list[int]) -> torch.Tensor:
    times = torch.linspace(1, 0, steps + 1)[:, None].repeat(1, frames)
    times[:, given] = 0
    return times


def at_noise(steps: int, frames: int, given: list[int]) -> torch.Tensor:
    times = torch.linspace(1, 0, steps + 1)[:, None].repeat(1, frames)
    times[:, given] = 1
    return times


def first_row(steps: int, frames: int, given: list[int]) -> torch.Tensor:
    times = torch.linspace(1, 0, steps + 1)[:, None].repeat(1, frames)
    times[0, given] = 0
    return times


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda steps, frames, given: plan(steps - 1, frames, given), "4 rows for 4 steps"),
        (lambda steps, frames, given: plan(steps, frames, given).T, "a row for each frame"),
        (lambda steps, frames, given: plan(steps, frames, given).flip(0), "Time rises"),
        (lambda steps, frames, given: plan(steps, frames, []), "starts as noise"),
        (at_noise, "Which time means clean"),
        (first_row, "does not stay at time 0"),
        (lambda steps, frames, given: plan(steps, frames, list(range(len(given)))), "always hold the first ones"),
        (lambda steps, frames, given: plan(steps, frames, given) ** 2, "not evenly spaced"),
        (lambda steps, frames, given: [[0] * frames] * steps, "is a tensor"),
    ],
)
def test_held_plan(wrong: Any, says: str) -> None:
    assert says in symptom(check.held_plan, wrong)


def steps_wrong(found: Any, true: Any, around: slice) -> Any:
    return np.diff(found[around], axis=0) - np.diff(true[around], axis=0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda found, true, seam: np.abs(found - true)[seam - 2 : seam + 3].mean(), "places, or steps"),
        (
            lambda found, true, seam: (steps_wrong(found, true, slice(seam - 2, seam + 3)) ** 2).sum(1).mean(),
            "still to do",
        ),
        (
            lambda found, true, seam: np.sqrt((steps_wrong(found, true, slice(seam - 2, seam + 3)) ** 2).mean()),
            "the mean over x and y",
        ),
        (
            lambda found, true, seam: np.sqrt((steps_wrong(found, true, slice(seam - 2, seam + 2)) ** 2).sum(1).mean()),
            "look at 3 steps",
        ),
        (lambda found, true, seam: np.sqrt((steps_wrong(found, true, slice(None)) ** 2).sum(1).mean()), "19 steps"),
        (
            lambda found, true, seam: np.hypot(*steps_wrong(found, true, slice(seam - 2, seam + 3)).T).max(),
            "the mean over the four",
        ),
        (
            lambda found, true, seam: np.hypot(*steps_wrong(found, true, slice(seam - 2, seam + 3)).T).mean(),
            "squares come before the mean",
        ),
        (
            lambda found, true, seam: np.sqrt((steps_wrong(found, true, slice(seam - 3, seam + 2)) ** 2).sum(1).mean()),
            "two before the seam",
        ),
        (lambda found, true, seam: found - true, "is one number"),
    ],
)
def test_seam_error(wrong: Any, says: str) -> None:
    assert says in symptom(check.seam_error, wrong)


def ends_only(path: Any, seen: int, frames: int) -> Any:
    slope = (path[seen - 1] - path[0]) / (seen - 1)
    return path[0] + np.arange(frames)[:, None] * slope


def standing(path: Any, seen: int, frames: int) -> Any:
    return np.concatenate([path[:seen], np.repeat(path[seen - 1 : seen], frames - seen, axis=0)])


def late(path: Any, seen: int, frames: int) -> Any:
    return path[seen - 1] + np.arange(frames)[:, None] * (path[1] - path[0])


def everything(path: Any, seen: int, frames: int) -> Any:
    slope, start = np.polyfit(np.arange(len(path)), path, 1)
    return start + np.arange(frames)[:, None] * slope


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (ends_only, "only two of them"),
        (standing, "stands still"),
        (late, "last seen place"),
        (everything, "not seen"),
        (lambda path, seen, frames: ends_only(path, seen, frames)[seen:], "the seen ones too"),
        (lambda path, seen, frames: ends_only(path, seen, frames)[:, 0], "places of x and y"),
        (lambda path, seen, frames: np.arange(frames)[:, None] * (path[1] - path[0]), "found exactly"),
    ],
)
def test_ruler(wrong: Any, says: str) -> None:
    assert says in symptom(check.ruler, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (diffusion.full_sequence(4, 12, 1), "start at once"),
        (diffusion.chunked(4, 12, 4, 1), "lie 0 steps"),
        (diffusion.pyramid(4, 12, 2, 1), "lie 2 steps"),
        (diffusion.pyramid(3, 12, 1, 1), "in 3 steps"),
        (diffusion.pyramid(4, 11, 1, 1), "A plan is (rows, 12)"),
        (diffusion.pyramid(4, 12, 1, 1).flip(0), "pure noise"),
        (diffusion.pyramid(4, 12, 1, 1)[:-1], "In the last row"),
        (diffusion.pyramid(4, 12, 1, 1).flip(1), "first frame is clean after 15"),
    ],
)
def test_live_plan(wrong: Any, says: str) -> None:
    assert says in symptom(check.live_plan, lambda: wrong)


def test_the_pyramid_streams() -> None:
    answer = check.live_plan.answer(lambda: diffusion.pyramid(4, 12, 1, 1))
    assert answer.passed
    assert "16 rows in all" in str(answer)


def test_what_gives_nothing_back_is_told_so() -> None:
    for wrong in (lambda *inputs: None, lambda *inputs: "text"):
        assert symptom(check.interpolate, wrong)
        assert symptom(check.held_plan, wrong)
        assert symptom(check.seam_error, wrong)
        assert symptom(check.ruler, wrong)
        assert symptom(check.live_plan, wrong)


def test_what_takes_other_inputs_is_told_so() -> None:
    def wrong(one: Any, two: Any, three: Any, four: Any, five: Any, six: Any) -> Any:
        return one + six

    assert "stopped" in symptom(check.interpolate, wrong)
    assert "stopped" in symptom(check.held_plan, wrong)
    assert "stopped" in symptom(check.seam_error, wrong)
    assert "stopped" in symptom(check.ruler, wrong)
    assert "stopped" in symptom(check.live_plan, wrong)
