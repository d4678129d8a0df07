"""Checks of lesson 03, From noise to data: the line, the velocity, one step, and where to spend five of them.

Times are 0 for clean and 1 for noise, and come with axes of length 1, so that they multiply what they belong to.
"""

import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, require, same_shape, unlike

__all__ = ["euler_step", "five_times", "interpolate", "star", "velocity_target"]

MEAN, STD = 0.7, 0.4  # of the Gaussian whose flow is known exactly


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _line(clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
    return (1 - time) * clean + time * noise


def _direction(clean: Tensor, noise: Tensor) -> Tensor:
    return noise - clean


def _step(noisy: Tensor, velocity: Tensor, now: Tensor, after: Tensor) -> Tensor:
    return noisy + (after - now) * velocity


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_line)
def interpolate(yours: Any) -> Iterator[str]:
    """The point at a time on the straight line from clean to noise."""
    clean, noise = torch.tensor([[2.0, 0.0], [1.0, 3.0]]), torch.tensor([[-1.0, 1.0], [0.0, 0.5]])
    start, half, end = (torch.full((2, 1), time) for time in (0.0, 0.5, 1.0))

    got, unchanged = attempt(yours, clean, noise, start), "At time 0 the clean points should come back unchanged"
    same_shape(got, (2, 2), "The noisy points")
    unlike(got, noise, f"{unchanged}; yours gave the noise: are the two weights swapped?")
    asked = "How much noise may there be at time 0?"
    like(got, clean, f"{unchanged}; {_numbers(clean[0])} went in, yours gave {_numbers(got[0])}. {asked}")
    yield "at time 0 the clean points come back"

    got = attempt(yours, clean, noise, end)
    asked = "What should their weight be by then?"
    unlike(got, clean + noise, f"At time 1 the clean points are still there under the noise. {asked}")
    given = f"yours gave {_numbers(got[0])} where the noise is {_numbers(noise[0])}"
    like(got, noise, f"At time 1 nothing but noise should be left; {given}.")
    yield "at time 1 only the noise is left"

    got = attempt(yours, clean, noise, half)
    given = f"Half way between 2 and -1 lies 0.5, and yours gave {float(got[0, 0]):.2f}"
    like(got, (clean + noise) / 2, f"Both ends are right. {given}: do your two weights add up to 1 on the way?")
    yield "half way lies half way"

    clips, times = torch.ones(3, 4, 2, 2), torch.tensor([0.0, 0.25, 1.0]).view(3, 1, 1, 1)
    got = attempt(yours, clips, torch.zeros_like(clips), times)
    same_shape(got, (3, 4, 2, 2), "A batch of clips")
    like(got, (1 - times) * clips, "With one time for each clip of a batch, every clip should use its own.")
    yield "each clip of a batch has a time of its own"


@exercise(instead=_direction)
def velocity_target(yours: Any) -> Iterator[str]:
    """The change per unit of time along the line."""
    clean, noise = torch.tensor([[2.0, 0.0]]), torch.tensor([[-1.0, 1.0]])
    got = attempt(yours, clean, noise)
    same_shape(got, (1, 2), "The velocity")
    asked = "Time 1 is noise: in which direction does a point move while time grows?"
    unlike(got, clean - noise, f"Yours points from the noise to the data. {asked}")
    asked = "If clean and noise are the same point, nothing moves: which operation gives 0 then?"
    unlike(got, clean + noise, f"Yours grows when both ends grow. {asked}")
    unlike(
        got, (noise - clean) / 2, "Yours is half of what it should be: the whole line is walked in one unit of time."
    )
    unit = (noise - clean) / (noise - clean).norm()
    unlike(got, unit, "Yours has the length 1. A longer line is walked in the same time, so its velocity is larger.")
    like(got, noise - clean, f"From 2 to -1 in one unit of time is a velocity of -3; yours is {float(got[0, 0]):.2f}.")
    yield "from 2 to -1 in one unit of time is -3"

    clips, blurs = torch.randn(5, 3, 2, 2), torch.randn(5, 3, 2, 2)
    like(attempt(yours, clips, blurs), blurs - clips, "One point is right, a batch of clips is not. Are axes mixed up?")
    yield "a batch of clips works too"


@exercise(instead=_step)
def euler_step(yours: Any) -> Iterator[str]:
    """One step along the velocity, from one time to an earlier one."""
    noisy, velocity = torch.tensor([[1.0, 2.0]]), torch.tensor([[10.0, -20.0]])
    got = attempt(yours, noisy, velocity, torch.tensor(1.0), torch.tensor(0.9))
    same_shape(got, (1, 2), "The points after the step")
    unlike(got, -0.1 * velocity, "Yours gives how far to go, not where that leads. Where did it start?")
    asked = "Time falls from 1 to 0.9 here: which sign has its change?"
    unlike(got, noisy + 0.1 * velocity, f"Yours steps towards more noise. {asked}")
    far = abs(float(got[0, 0] - noisy[0, 0])) > 9.5
    asked = "This step lasts a tenth of one: how much of the velocity belongs to it?"
    require(not far, f"Yours went as far as in a whole unit of time. {asked}")
    unlike(got, noisy - 0.9 * velocity, "Yours went all the way to time 0 at once. The step ends at 0.9.")
    given = f"yours gave {float(got[0, 0]):.2f}"
    like(got, torch.tensor([[0.0, 4.0]]), f"At a velocity of 10, from 1 at time 1 to time 0.9 leads to 0; {given}.")
    yield "one step is right"

    got = attempt(yours, noisy, velocity, torch.tensor(0.5), torch.tensor(0.25))
    asked = "Does the length of your step come from the two times?"
    like(got, torch.tensor([[-1.5, 7.0]]), f"A step of a tenth is right, one of a quarter is not. {asked}")
    yield "steps may have any length"

    errors = {steps: _gaussian_error(yours, steps) for steps in (5, 50, 500)}
    tenth = errors[500] < errors[50] / 5 < errors[5] / 5
    require(tenth, f"Ten times the steps should leave about a tenth of the error; yours leaves {_table(errors)}.")
    yield f"against a Gaussian, whose flow is known exactly, it is off by {_table(errors)}"


@exercise()
def five_times(yours: Any) -> Iterator[str]:
    """Six times from 1 to 0, along which five steps come nearest to the star."""
    require(not callable(yours), "This time the answer is six numbers, not a function.")
    times = torch.as_tensor(yours, dtype=torch.float32).flatten()
    require(len(times) == 6, f"Five steps need six times; yours are {len(times)}.")
    require(float(times[0]) == 1.0, f"Sampling begins in pure noise, at time 1; yours begins at {float(times[0]):g}.")
    require(float(times[-1]) == 0.0, f"Sampling ends clean, at time 0; yours ends at {float(times[-1]):g}.")
    require(bool((times.diff() < 0).all()), f"Times fall at every step; yours are {_numbers(times)}.")
    yield "they are six times that fall from 1 to 0"

    even, got, most = (_star_error(tuple(plan.tolist())) for plan in (_evenly(5), times, _evenly(100)))
    asked = "Where on its way does a point turn most: near the noise, or near the star?"
    wanted = f"five even steps by {even:.3f}; get below {even / 2:.3f}"
    require(got < even / 2, f"Yours are off by {got:.3f}, {wanted}. {asked}")
    yield f"off by {got:.3f}; five even steps are off by {even:.3f}, a hundred by {most:.3f}"


# --- data and flows that are known exactly ----------------------------------------------------------------------------


def star(count: int) -> Tensor:
    """Points on the outline of a five-pointed star.

    Args:
        count: n, how many.
    Returns:
        (n, 2), x and y, around (1.5, 1), y up; drawn from torch's own generator.
    """
    corner = torch.arange(11)
    radius, angle = torch.where(corner % 2 == 0, 1.0, 0.45), corner * math.pi / 5
    corners = torch.stack([radius * angle.sin(), radius * angle.cos()], dim=1)
    side, along = torch.randint(10, (count,)), torch.rand(count, 1)
    return torch.lerp(corners[side], corners[side + 1], along) + torch.tensor([1.5, 1.0])


def _evenly(steps: int) -> Tensor:
    return torch.linspace(1, 0, steps + 1)


def _gaussian_error(step: Any, steps: int) -> float:
    """How far a sampler ends from where the exact flow of a Gaussian carries the same noise."""
    noise = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None]
    noisy = noise
    for now, after in pairwise(_evenly(steps).double()):
        variance = (1 - now) ** 2 * STD**2 + now**2
        clean = MEAN + (1 - now) * STD**2 / variance * (noisy - (1 - now) * MEAN)
        noisy = attempt(step, noisy, (noisy - clean) / now, now, after)
    return float((noisy - (MEAN + STD * noise)).abs().max())


@cache
def _star_error(times: tuple[float, ...]) -> float:
    """How far points that follow the exact velocity of the star end from it, and it from them."""
    generator_state = torch.random.get_rng_state()
    torch.manual_seed(0)
    data, noisy = star(400), torch.randn(300, 2)
    torch.random.set_rng_state(generator_state)
    for now, after in pairwise(times):
        away = (noisy[:, None] - (1 - now) * data).square().sum(-1)
        clean = torch.softmax(-away / (2 * now**2), dim=1) @ data  # the mean of what it may have been
        noisy = noisy + (after - now) * (noisy - clean) / now
    between = torch.cdist(noisy, data)
    return float(between.amin(0).mean() + between.amin(1).mean())


def _numbers(values: Tensor) -> str:
    return ", ".join(f"{value:g}" for value in values.flatten().tolist()[:8])


def _table(errors: dict[int, float]) -> str:
    return ", ".join(f"{error:.4f} in {steps} steps" for steps, error in errors.items())
