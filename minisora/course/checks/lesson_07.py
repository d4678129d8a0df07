"""Checks of lesson 07, Better and faster samplers: a step that looks ahead, where the steps lie, which settings pay.

A velocity is a function of points and a time, 0 for clean and 1 for noise. Where its flow is known exactly, a sampler's
error is a number.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from minisora.course.checking import Symptom, attempt, exercise, like, near, require, same_shape, unlike
from minisora.diffusion import flow

__all__ = ["frontier", "heun_step", "mean_velocity", "shift_times", "six_calls", "star"]

SPREAD = 0.5  # of the Gaussian whose flow is known exactly
CALLS = 6  # of the star's velocity that a sampler may make
Velocity = Callable[[Tensor, Tensor], Tensor]


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _ahead(velocity: Velocity, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    here = velocity(noisy, now)
    return noisy + (after - now) * (here + velocity(noisy + (after - now) * here, after)) / 2


def _unbeaten(work: Sequence[float], right: Sequence[float]) -> list[bool]:
    pairs = list(zip(work, right, strict=True))
    return [not any(w <= a and r >= b and (w, r) != (a, b) for w, r in pairs) for a, b in pairs]


def _mean(velocity: Velocity, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    at = noisy
    for k in range(parts):
        at = at - span / parts * velocity(at, now - k * span / parts)
    return (noisy - at) / span


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_ahead)
def heun_step(yours: Any) -> Iterator[str]:
    """A step along the mean of the velocities at its two ends."""
    times: list[float] = []

    def velocity(noisy: Tensor, now: Tensor) -> Tensor:
        times.append(float(now))
        return 10 * now * torch.ones_like(noisy) + noisy

    noisy, now, after = torch.tensor([[2.0, 0.0]]), torch.tensor(1.0), torch.tensor(0.5)
    got = attempt(yours, velocity, noisy, now, after)
    same_shape(got, (1, 2), "The points after the step")
    asked = f"at {', '.join(f'time {time:g}' for time in times) or 'no time'}"
    require(len(times) == 2, f"Heun's step asks for the velocity twice; yours asked {len(times)} times, {asked}.")
    require(
        times[1] != 1.0, "Yours told the velocity the old time on its second look. Which time is it at the far end?"
    )
    require(times == [1.0, 0.5], f"From time 1 to time 0.5 it should ask at 1 and then at 0.5; yours asked {asked}.")
    here = velocity(noisy, now)
    away, ahead = noisy - (after - now) * here, noisy + (after - now) * here
    there, stayed = velocity(ahead, after), velocity(noisy, after)
    asked = "Sum, or mean? And is the trial step thrown away?"
    unlike(got, noisy + (after - now) * (here + there), f"Yours goes as far as two Euler steps in a row. {asked}")
    unlike(got, ahead + (after - now) * (here + there) / 2, "Yours starts its real step where the trial step ended.")
    asked = "What does it take along from the first look?"
    unlike(got, noisy + (after - now) * there, f"Yours goes along the velocity at the far end alone. {asked}")
    asked = "Where would Euler's step have led?"
    unlike(got, noisy + (after - now) * (here + stayed) / 2, f"Your second look is at the old place. {asked}")
    wrong_way = noisy + (after - now) * (here + velocity(away, after)) / 2
    unlike(got, wrong_way, "Your trial step went towards more noise: which sign has `after - now`?")
    unlike(got, noisy + (now - after) * (here + there) / 2, "Your real step goes towards more noise: which sign?")
    unlike(got, (here + there) / 2, "Yours gives the mean velocity. Where does a step along it lead?")
    given = f"yours gives {float(got[0, 0]):.3g} where {float((noisy + (after - now) * (here + there) / 2)[0, 0]):.3g}"
    like(got, noisy + (after - now) * (here + there) / 2, f"It asks at the right times, but {given} is wanted.")
    yield "it asks at both ends, and goes along the mean"

    errors = {steps: _gaussian_error(yours, steps) for steps in (5, 50)}
    require(
        errors[50] < errors[5] / 40, f"Ten times the steps should leave a hundredth; yours leaves {_table(errors)}."
    )
    yield f"against a Gaussian, whose flow is known exactly, it is off by {_table(errors)}"


@exercise(instead=flow.shift_times)
def shift_times(yours: Any) -> Iterator[str]:
    """The odds of noise against data, multiplied."""
    times = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
    got = attempt(yours, times, 1.0)
    same_shape(got, (5,), "The shifted times")
    require(
        bool(got.isfinite().all()), "At one of the ends yours divides by 0. Turn the formula around before you code it."
    )
    like(got, times, f"A shift of 1 should change nothing; yours makes {_numbers(got)} of {_numbers(times)}.")
    yield "a shift of 1 changes nothing"

    got = attempt(yours, times, 3.0)
    require(
        bool(got.isfinite().all()), "At one of the ends yours divides by 0. Turn the formula around before you code it."
    )
    unlike(
        got, times / (3 - 2 * times), "Yours moves times towards the clean end. Odds three times as high: more noise."
    )
    unlike(got, 3 * times, "Yours multiplies the time itself, and leaves the range from 0 to 1. What are the odds?")
    asked = "What has to stand below the fraction so that time 1 gives 1?"
    require(near(got[-1], torch.tensor(1.0)), f"Time 1 should stay 1; yours makes it {float(got[-1]):.3g}. {asked}")
    require(near(got[0], torch.tensor(0.0)), f"Time 0 should stay 0; yours makes it {float(got[0]):.3g}.")
    given = f"yours gives {float(got[2]):.3g}"
    require(
        near(got[2], torch.tensor(0.75)), f"At time 0.5 the odds are 1, with a shift of 3 they are 3; {given}, not 3/4."
    )
    like(got, flow.shift_times(times, 3.0), "0, 0.5 and 1 are right, the times between them are not.")
    yield "with a shift of 3, time 0.5 becomes 0.75, and both ends stay"

    back = attempt(yours, got, 1 / 3)
    like(back, times, "A shift of 3 and then one of 1/3 should lead back to where it began; yours does not.")
    yield "a shift of 3 is undone by one of 1/3"


@exercise(instead=_unbeaten)
def frontier(yours: Any) -> Iterator[str]:
    """Which settings no other one beats."""
    work, right = [1, 2, 4, 8], [5, 9, 7, 12]
    got = _flags(yours, work, right)
    asked = "The third works more than the second and gets fewer right: is it not beaten?"
    require(got != [True] * 4, f"Yours keeps all four settings. {asked}")
    asked = "Is it beaten because something is quicker, or because something is better?"
    require(got[0], f"Yours drops the quickest setting, though nothing else is as quick. {asked}")
    require(got[3], "Yours drops the setting with the most right clips, though nothing else gets as many.")
    require(got[1], "Yours drops the second of four, which nobody beats: those that get more right work more.")
    require(not got[2], "Yours keeps a setting that works more than another one and gets fewer right.")
    yield "of four settings, the beaten one is out"

    got = _flags(yours, [8, 4, 1, 2], [12, 7, 5, 9])
    require(got == [True, False, True, True], "The same four in another order give another answer. Did you sort them?")
    yield "their order does not matter"

    got = _flags(yours, [3, 3, 5], [6, 6, 6])
    asked = "Must the other one be better in both, or only as good in one and better in the other?"
    require(not got[2], f"Two settings get the same right and one of them works less: it beats the other. {asked}")
    asked = "Is either of them better in anything?"
    require(
        got[:2] == [True, True], f"Two settings with the same work and the same score beat each other in yours. {asked}"
    )
    got = _flags(yours, [3, 3], [6, 8])
    require(got == [False, True], "With the same work, the one with fewer right is beaten; yours says otherwise.")
    yield "ties are settled"


@exercise(instead=_mean)
def mean_velocity(yours: Any) -> Iterator[str]:
    """What a long step should do: where many short ones lead, over its length."""
    noisy, now, span = torch.tensor([[1.0], [-2.0]]), torch.tensor([[1.0], [0.75]]), torch.tensor([[1.0], [0.25]])
    seen: list[Tensor] = []

    def even(at: Tensor, time: Tensor) -> Tensor:
        seen.append(torch.as_tensor(time))
        return torch.full_like(at, 3.0)

    got = attempt(yours, even, noisy, now, span, 4)
    same_shape(got, (2, 1), "The mean velocity")
    end = noisy - 3 * span
    unlike(got, end, "Yours gives where the way ends. How far is that from its start, in one unit of time?")
    unlike(
        got, torch.full_like(got, -3.0), "Yours points backwards: a velocity says how points move while time *grows*."
    )
    unlike(got, 3 * span, "Yours gives how far the way leads. Per unit of time, that is …?")
    asked = "Are the short steps of the right length, and is the whole divided by `span`?"
    given = f"yours is {', '.join(f'{value:.3g}' for value in got.flatten().tolist())}"
    like(got, torch.full_like(got, 3.0), f"If the velocity is 3 everywhere, the mean velocity is 3; {given}. {asked}")
    require(len(seen) == 4, f"With four parts the velocity should be asked four times; yours asked {len(seen)} times.")
    yield "where the velocity is the same everywhere, so is its mean"

    last = seen[-1].expand(2, 1) if seen[-1].ndim < 2 else seen[-1]
    require(not near(last, now), "All your short steps ask at the same time. What time is it after the first one?")
    require(
        bool((last < now).all()), "Time grows in yours from one short step to the next. We go down, towards the data."
    )
    asked = "At which time does the last of four short steps begin?"
    like(last, now - 0.75 * span, f"The times at which yours asks are not a quarter of the span apart. {asked}")
    got = attempt(yours, lambda at, time: at, torch.tensor([[1.0]]), torch.ones(1, 1), torch.ones(1, 1), 2)
    asked = "Does each short step ask at the place where the one before it ended?"
    like(
        got, torch.tensor([[0.75]]), f"Two halves of a step, 1 to 0.5 to 0.25, are 0.75 in all; yours differs. {asked}"
    )
    yield "each short step goes on where the one before it ended"

    got = attempt(yours, _gaussian_velocity, torch.ones(1, 1), torch.ones(1, 1), torch.ones(1, 1), 400)
    like(got.round(decimals=2), torch.tensor([[0.5]]), "Along the Gaussian, whose way is known, yours ends elsewhere.")
    yield "one such step lands where 400 short ones do"


@exercise()
def six_calls(yours: Any) -> Iterator[str]:
    """A sampler that may ask six times, on the star's exact velocity."""
    require(callable(yours), "This time the answer is a function of a velocity and noise.")
    noise, data, calls = _star_noise(), _star_data(), 0

    def velocity(noisy: Tensor, now: Any) -> Tensor:
        nonlocal calls
        calls, time = calls + 1, float(torch.as_tensor(now).flatten()[0])
        if calls > CALLS:
            raise Symptom(f"Yours asked for the velocity more than {CALLS} times.")
        if not 0 < time <= 1 + 1e-6:
            raise Symptom(f"Yours asked for the velocity at time {time:g}. Ask at times above 0, up to 1.")
        return _star_velocity(noisy, time, data)

    got = attempt(yours, velocity, noise)
    same_shape(got, tuple(noise.shape), "The points at time 0")
    require(calls > 0, "Yours never asked for the velocity, so it cannot know where the star is.")
    require(bool(got.isfinite().all()), "Some of your points are no numbers any more. Is something divided by 0?")
    yield f"it asks {calls} times"

    even, mine = _even_error(), float((got - _star_end()).norm(dim=1).mean())
    asked = "Where must steps be short? And what did you know already that you asked for again, or threw away?"
    wanted = f"six even Euler steps by {even:.3f}; get below {even / 3:.3f}"
    require(mine < even / 3, f"Yours is off by {mine:.3f}, {wanted}. {asked}")
    yield f"off by {mine:.3f}; six even Euler steps are off by {even:.3f}"


# --- data and flows that are known exactly ----------------------------------------------------------------------------


def star(count: int) -> Tensor:
    """Points on the outline of a five-pointed star, as in lesson 03.

    Args:
        count: n, how many.
    Returns:
        (n, 2), x and y, around (1.5, 1), y up; drawn from torch's own generator.
    """
    return _on_star(torch.randint(10, (count,)), torch.rand(count, 1))


def _on_star(side: Tensor, along: Tensor) -> Tensor:
    corner = torch.arange(11)
    radius, angle = torch.where(corner % 2 == 0, 1.0, 0.45), corner * math.pi / 5
    corners = torch.stack([radius * angle.sin(), radius * angle.cos()], dim=1)
    return torch.lerp(corners[side], corners[side + 1], along) + torch.tensor([1.5, 1.0])


@cache
def _star_data() -> Tensor:
    """300 points, evenly along the star."""
    place = torch.arange(300)
    return _on_star(place // 30, (place % 30)[:, None] / 30)


@cache
def _star_noise() -> Tensor:
    return torch.randn(200, 2, generator=torch.Generator().manual_seed(0))


def _star_velocity(noisy: Tensor, now: float, data: Tensor) -> Tensor:
    away = (noisy[:, None] - (1 - now) * data).square().sum(-1)
    clean = torch.softmax(-away / (2 * now**2), dim=1) @ data  # the mean of what it may have been
    return (noisy - clean) / now


@cache
def _star_end() -> Tensor:
    """Where the exact flow carries the noise, to within a thousandth: 60 steps of Heun's."""
    noisy, data = _star_noise(), _star_data()
    for now, after in pairwise((torch.linspace(1, 0, 61) ** 2).tolist()):
        here = there = _star_velocity(noisy, now, data)
        if after > 0:
            there = _star_velocity(noisy + (after - now) * here, after, data)
        noisy = noisy + (after - now) * (here + there) / 2
    return noisy


@cache
def _even_error() -> float:
    noisy, data = _star_noise(), _star_data()
    for now, after in pairwise(torch.linspace(1, 0, CALLS + 1).tolist()):
        noisy = noisy + (after - now) * _star_velocity(noisy, now, data)
    return float((noisy - _star_end()).norm(dim=1).mean())


def _gaussian_velocity(noisy: Tensor, now: Tensor) -> Tensor:
    variance = ((1 - now) * SPREAD) ** 2 + now**2
    return (now - (1 - now) * SPREAD**2) / variance * noisy


def _gaussian_error(step: Any, steps: int) -> float:
    noisy = torch.ones(1, dtype=torch.float64)
    for now, after in pairwise(torch.linspace(1, 0, steps + 1).double()):
        noisy = attempt(step, _gaussian_velocity, noisy, now, after)
    return abs(float(noisy) - SPREAD)


def _flags(yours: Any, work: list[int], right: list[int]) -> list[bool]:
    """What a reader's frontier says, as a list of booleans."""
    got = attempt(yours, list(work), list(right))
    try:
        flags = [bool(flag) for flag in got]
    except (TypeError, ValueError, RuntimeError):
        raise Symptom(f"A list of True and False is wanted; yours is a {type(got).__name__}.") from None
    if len(flags) != len(work) or any(not isinstance(flag, (bool, int)) and not hasattr(flag, "dtype") for flag in got):
        raise Symptom(f"There is one True or False for each of {len(work)} settings; yours gave {str(got)[:60]}.")
    return flags


def _numbers(values: Tensor) -> str:
    return ", ".join(f"{value:.3g}" for value in values.flatten().tolist()[:8])


def _table(errors: dict[int, float]) -> str:
    return ", ".join(f"{error:.5f} in {steps} steps" for steps, error in errors.items())
