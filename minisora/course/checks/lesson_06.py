"""Checks of lesson 06: the rate over a training, an average of weights, a ruler for the loss, what a gain is worth."""

import math
from collections.abc import Iterator
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from minisora.course.checking import attempt, exercise, like, near, require, unlike
from minisora.training.schedule import trapezoid_at

FLOOR = 0.06  # of a factor: whether a rise begins at 0 or a hair above it is nobody's business
LEAST_GAIN = 0.02


@exercise(instead=trapezoid_at)
def trapezoid(yours: Any) -> Iterator[str]:
    """Up, level, down to zero."""

    def factor(progress: float, warm: float = 0.1, decay: float = 0.4) -> float:
        got = attempt(yours, progress, warm, decay)
        one = isinstance(got, Real) or (isinstance(got, Tensor) and got.numel() == 1)
        require(one, f"The factor is one number; yours is a {type(got).__name__}.")
        return float(got)

    level = factor(0.5)
    high = "In the middle of a training the rate is as the recipe says, so the factor is 1"
    require(level <= 1.0001, f"{high}; yours is {level:g}. What keeps a growing number from passing 1?")
    asked = "With decay=0.4 the fall begins when 0.4 is left, not when 0.4 is done: where is that?"
    require(level > 0.9999, f"{high}; yours is {level:g}. {asked}")
    yield "in the middle the factor is 1"

    start, half_up = factor(0.0), factor(0.05)
    require(start < FLOOR, f"At the very start the factor should be 0, or a hair above; yours is {start:g}.")
    near_half = abs(half_up - 0.5) < FLOOR
    given = f"Half way through the warm-up (progress 0.05, warm 0.1) it should be 0.5; yours is {half_up:g}"
    require(near_half, f"{given}. Which share of the rise is done by then?")
    yield "it rises from 0 to 1"

    end, half_down = factor(1.0), factor(0.8)
    require(end > -1e-6, f"At the end the factor should be 0; yours is {end:g}, and walks backwards.")
    require(end < FLOOR, f"At the end the factor should be 0; yours is still {end:g}. What is left by then?")
    given = f"With half of the decay to go (progress 0.8, decay 0.4) it should be 0.5; yours is {half_down:g}"
    require(abs(half_down - 0.5) < FLOOR, f"{given}. Divide what is left by how long the fall lasts.")
    yield "it falls to 0, and is there exactly at the end"

    short = [factor(progress, 0.02, 0.2) for progress in (0.01, 0.5, 0.79, 0.9)]
    right = all(abs(got - wanted) < FLOOR for got, wanted in zip(short, (0.5, 1, 1, 0.5), strict=True))
    require(right, "With warm=0.02 and decay=0.2 it is off. Does yours use both of its arguments?")
    yield "other lengths of rise and fall work, too"


def _ema(average: Tensor, now: Tensor, decay: float) -> Tensor:
    return decay * average + (1 - decay) * now


@exercise(instead=_ema)
def ema_step(yours: Any) -> Iterator[str]:
    """An average that forgets."""
    average, now = torch.tensor([1.0, 5.0]), torch.tensor([3.0, 5.0])
    got = attempt(yours, average, now, 0.9)
    unlike(got, torch.tensor([2.8, 5.0]), "Yours forgets nine tenths at every step. Which of the two is to stay?")
    unlike(got, 0.9 * average + now, "The average of 5 and 5 came out above 5. Do your two weights add up to 1?")
    unlike(got, (average + now) / 2, "Yours is the plain mean of both. Where does the decay come in?")
    unlike(got, now, "Yours is the newest weights, as if there had been no others.")
    wanted = "From 1, with a new 3 and a decay of 0.9, a tenth of the way to 3 is 1.2"
    first = float(torch.as_tensor(got).flatten()[0]) if isinstance(got, Tensor | Real) else math.nan
    like(got, torch.tensor([1.2, 5.0]), f"{wanted}; yours is {first:g}.")
    yield "one step is right"

    for decay, kept, meaning in ((1.0, average, "keeps all of the old"), (0.0, now, "keeps none of it")):
        like(attempt(yours, average, now, decay), kept, f"A decay of {decay:g} {meaning}; yours does not.")
    yield "a decay of 1 never moves, a decay of 0 follows at once"

    moving = torch.zeros(3, 2)
    for _ in range(200):
        moving = attempt(yours, moving, torch.ones(3, 2), 0.995)
    away = float(moving.mean())
    require(near(moving, torch.full((3, 2), 1 - 0.995**200)), f"After 200 steps yours has come to {away:.3f}.")
    yield f"after 200 steps with 0.995 it has come {away:.0%} of the way"


class _Toy(nn.Module):
    """Stands for a module in training: its loss is its weight times the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(2.0))
        self.with_gradient, self.seen = False, list[float]()

    def loss_of(self, batch: float) -> dict[str, Tensor]:
        self.with_gradient |= torch.is_grad_enabled()
        self.seen.append(batch)
        return {"loss": self.weight * batch, "flow": self.weight * batch / 4}


def _ruler(module: Any, batches: Any) -> float:
    with torch.no_grad():
        return sum(float(module.loss_of(batch)["loss"]) for batch in batches) / len(batches)


@exercise(instead=_ruler)
def ruler_loss(yours: Any) -> Iterator[str]:
    """The loss on batches that stay the same."""
    toy, batches = _Toy(), [1.0, 2.0, 6.0]
    got = attempt(yours, toy, batches)
    require(not isinstance(got, dict), "`loss_of` gives a dict of several losses; the ruler is the one named `loss`.")
    one = isinstance(got, Real) or (isinstance(got, Tensor) and got.numel() == 1)
    require(one, f"The ruler shows one number; yours gave a {type(got).__name__}.")
    value = float(torch.as_tensor(got).detach())
    told = f"The three batches have the losses 2, 4 and 12; yours says {value:g}."
    require(value not in (18.0, 4.5), f"{told} With twice as many batches, should a ruler show twice as much?")
    require(value not in (12.0, 2.0), f"{told} Which of the batches does it look at?")
    require(value not in (1.5, 0.5, 3.0), f"{told} `flow` is a part of the loss; the whole is named `loss`.")
    require(abs(value - 6.0) < 1e-5, f"{told} What is their mean?")
    yield "it is the mean over the batches"

    asked = "A ruler only looks: tell PyTorch that nothing will be learned from it (`torch.no_grad`)."
    unused = toy.weight.grad is None and not (isinstance(got, Tensor) and got.requires_grad)
    require(unused and not toy.with_gradient, f"Yours kept everything that a gradient would need. {asked}")
    require(toy.weight.item() == 2.0, "Yours changed the weights. A ruler only looks.")
    yield "it computes no gradients and changes nothing"

    require(
        abs(float(attempt(yours, _Toy(), [5.0])) - 10.0) < 1e-5, "With a single batch it should be that one's loss."
    )
    yield "one batch works, too"


@exercise()
def better(yours: Any) -> Iterator[str]:
    """Whether a change made a preset better, or luck did."""
    shape = "Write three whole numbers: right before, right after, and how many clips each was graded on."
    require(isinstance(yours, tuple | list) and len(yours) == 3, shape)
    require(all(isinstance(value, int) and not isinstance(value, bool) for value in yours), shape)
    before, after, clips = yours
    require(
        clips > 0 and min(before, after) >= 0 and max(before, after) <= clips, f"{shape} None can be above the last."
    )
    gain = (after - before) / clips
    yield f"before {before / clips:.1%}, after {after / clips:.1%} of {clips} clips"

    require(gain > 0, "It got worse, or stayed as it was. That belongs into the gallery, too; try another change.")
    require(gain >= LEAST_GAIN, f"It gained {100 * gain:.1f} points; the task asks for two.")
    both = (before + after) / (2 * clips)
    luck = 2 * math.sqrt(2 * max(both * (1 - both), 1 / clips) / clips)
    told = f"It gained {100 * gain:.1f} points, but of {clips} clips luck alone often gives {100 * luck:.1f}"
    require(gain > luck, f"{told}. How many clips would tell a gain from luck?")
    yield f"a gain of {100 * gain:.1f} points, where luck seldom gives more than {100 * luck:.1f}"
