"""Typical wrong answers to the exercises of lesson 02, and what is said to each."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_02 as check
from tests.course.answers import symptom


def mse(clip: Tensor, reference: Tensor) -> float:
    return (clip.double() - reference.double()).square().mean().item()


def wrapping(clip: Tensor, reference: Tensor) -> float:
    error = (clip - reference).float().square().mean().item()
    return 10 * math.log10(255**2 / error) if error else 100.0


def or_100(formula: Any) -> Any:
    return lambda clip, reference: formula(clip, reference) if mse(clip, reference) else 100.0


def start_padded(clip: Tensor, count: int) -> Tensor:
    dark = torch.zeros_like(clip[:1]).expand(count - 1, *clip.shape[1:])
    return torch.cat([dark, clip]).unflatten(0, (-1, count))


def end_padded(clip: Tensor, count: int) -> Tensor:
    return torch.cat([clip, clip[-1:].expand(count - 1, *clip.shape[1:])]).unflatten(0, (-1, count))


def interleaved(clip: Tensor, count: int) -> Tensor:
    again = torch.cat([clip[:1].expand(count - 1, *clip.shape[1:]), clip])
    return again.unflatten(0, (count, -1)).transpose(0, 1)


def mirrored(clip: Tensor, count: int) -> Tensor:
    again = torch.cat([clip[1:count].flip(0), clip])
    return again.unflatten(0, (-1, count))


def fours(clip: Tensor, count: int) -> Tensor:
    return torch.cat([clip[:1].expand(3, *clip.shape[1:]), clip]).unflatten(0, (-1, 4))


def mixed(x: Tensor, weights: Tensor, before: int, after: int = 0) -> Tensor:
    padded = torch.cat([x.new_zeros(before, *x.shape[1:]), x, x.new_zeros(after, *x.shape[1:])])
    count = len(padded) - len(weights) + 1
    return torch.stack([weights[k] * padded[k : k + count] for k in range(len(weights))]).sum(0)


def rolled(x: Tensor, weights: Tensor) -> Tensor:
    taps = len(weights)
    return torch.stack([weights[k] * x.roll(taps - 1 - k, 0) for k in range(taps)]).sum(0)


def held(x: Tensor, weights: Tensor) -> Tensor:
    taps = len(weights)
    padded = torch.cat([x[:1].expand(taps - 1, *x.shape[1:]), x])
    return torch.stack([weights[k] * padded[k : k + len(x)] for k in range(taps)]).sum(0)


def threes(x: Tensor, weights: Tensor) -> Tensor:
    return mixed(x, weights[:3], min(len(weights), 3) - 1)


WRONG: list[tuple[Exercise, Any, str]] = [
    (check.psnr, wrapping, "no negative numbers"),
    (check.psnr, lambda clip, reference: 10 * math.log10(255**2 / mse(clip, reference)), "ZeroDivisionError"),
    (check.psnr, or_100(lambda clip, reference: -10 * math.log10(255**2 / mse(clip, reference))), "The sign"),
    (check.psnr, or_100(lambda clip, reference: 10 * math.log10(1 / mse(clip, reference))), "for bytes"),
    (check.psnr, or_100(lambda clip, reference: 10 * math.log10(255**2 / mse(clip, reference) ** 0.5)), "a root"),
    (check.psnr, or_100(lambda clip, reference: 10 * math.log(255**2 / mse(clip, reference))), "Which base"),
    (
        check.psnr,
        or_100(lambda clip, reference: 10 * math.log10(255**2 / mse(clip, reference) / clip.numel())),
        "each part of the fraction",
    ),
    (check.psnr, lambda clip, reference: clip.double() - reference.double(), "one number"),
    (check.psnr, or_100(lambda clip, reference: 10 * math.log10(255**2 / 240**2)), "a quarter of the pixels"),
    (check.group, start_padded, "begins in the dark"),
    (check.group, end_padded, "Which of the two ends"),
    (check.group, lambda clip, count: clip[1:].unflatten(0, (-1, count)), "should have the shape (2, 4, 2, 3, 3)"),
    (check.group, interleaved, "The first group should be the first frame"),
    (check.group, mirrored, "The first group should be the first frame"),
    (check.group, lambda clip, count: start_padded(clip, count).flip(1), "The first group should be"),
    (check.group, fours, "Five frames in groups of two"),
    (check.causal_mix, lambda x, weights: mixed(x, weights, 1, 1), "looks one frame ahead"),
    (check.causal_mix, lambda x, weights: mixed(x, weights, 0, 2), "ahead instead of back"),
    (check.causal_mix, lambda x, weights: mixed(x, weights.flip(0), 2), "belong to the newest"),
    (check.causal_mix, lambda x, weights: mixed(x, weights, 0), "3 came out"),
    (check.causal_mix, lambda x, weights: mixed(x, weights, 2, 2), "7 came out"),
    (check.causal_mix, rolled, "round in a circle"),
    (check.causal_mix, held, "counted more than once"),
    (check.causal_mix, threes, "Is the number three"),
    (check.causal_mix, lambda x, weights: weights.sum() * x, "should give 0, 0, 0.7"),
    (check.split, (4, 4, 8), "larger, or smaller, in space"),
    (check.split, (1, 2, 1), "Use fewer channels"),
    (check.split, (16, 8, 81), "Use fewer channels"),
    (check.split, (3, 4, 8), "can be cut into them"),
    (check.split, (4, 16, 120), "a side of 2, 4, 8"),
    (check.split, (4, 8, 0), "at least one number"),
    (check.split, (1, 2, 13), "more numbers than it has"),
    (check.split, (2, 8, 17), "above"),
    (check.split, (4, 8), "Three numbers are needed"),
    (check.split, lambda: 0, "three numbers"),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


@pytest.mark.parametrize("right", [(4, 8, 32), (8, 8, 53), (16, 8, 80), [4, 8, 32]])
def test_good_ways_to_spend_pass_and_say_how_good(right: Any) -> None:
    answer = check.split.answer(right)
    assert answer.passed
    assert "dB; the lesson's" in str(answer)


def test_other_ways_to_the_same_answer_pass() -> None:
    assert check.psnr.answer(
        or_100(lambda clip, reference: 20 * torch.log10(255 / torch.tensor(mse(clip, reference)).sqrt()))
    ).passed

    def in_loops(x: Tensor, weights: Tensor) -> Tensor:
        out = torch.zeros_like(x)
        for i in range(len(x)):
            for back in range(min(len(weights), i + 1)):
                out[i] += weights[-1 - back] * x[i - back]
        return out

    assert check.causal_mix.answer(in_loops).passed
