"""Typical wrong answers to the exercises of lesson 04, and what is said to each."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checks import lesson_04 as check
from tests.course.answers import symptom


def nothing(*inputs: Any) -> None:
    print(len(inputs))


def scores(query: Tensor, key: Tensor) -> Tensor:
    return query @ key.transpose(-2, -1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda q, k, v: scores(q, k) @ v, "mixes with the scores"),
        (lambda q, k, v: (scores(q, k) / math.sqrt(q.shape[-1])).softmax(-1) @ v, "already scaled"),
        (lambda q, k, v: scores(q, k).softmax(-2) @ v, "counts the keys"),
        (lambda q, k, v: scores(q, k).softmax(-1), "One answer of one number"),
        (lambda q, k, v: scores(q, k).sigmoid() @ v, "By hand it was"),
        (lambda q, k, v: (q @ k).softmax(-1) @ v, "stopped"),
        (lambda q, k, v: (scores(q, k).softmax(-1) @ v)[:1].expand(len(q), -1, -1, -1), "mixed up"),
    ],
)
def test_attend(wrong: Any, says: str) -> None:
    assert says in symptom(check.attend, wrong)


def halves(x: Tensor) -> tuple[Tensor, Tensor]:
    first, second = x.chunk(2, dim=-1)
    return first, second


def other_way(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = halves(x)
    return torch.cat([first * cosine + second * sine, second * cosine - first * sine], dim=-1)


def stale(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = halves(x)
    first = first * cosine - second * sine
    return torch.cat([first, first * sine + second * cosine], dim=-1)


def neighbours(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = x[..., ::2], x[..., 1::2]
    turned = (first * cosine - second * sine, first * sine + second * cosine)
    return torch.stack(turned, dim=-1).flatten(-2)


def neighbours_apart(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    return torch.cat([neighbours(x, cosine, sine)[..., ::2], neighbours(x, cosine, sine)[..., 1::2]], dim=-1)


def no_minus(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = halves(x)
    return torch.cat([first * cosine + second * sine, first * sine + second * cosine], dim=-1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (other_way, "turns the other way"),
        (stale, "takes (1, 0) to (0, 1)"),
        (no_minus, "takes (0, 1) to (-1, 0)"),
        (neighbours, "channel 0 with channel 1"),
        (neighbours_apart, "neighbours for pairs"),
        (lambda x, cosine, sine: x * torch.cat([cosine, cosine], -1), "takes (1, 0) to (0, 1)"),
        (lambda x, cosine, sine: x[..., :1], "One turned pair"),
    ],
)
def test_apply_rotary(wrong: Any, says: str) -> None:
    assert says in symptom(check.apply_rotary, wrong)


def by_token(frames: int, tokens: int, words: int) -> Tensor:
    n = frames * tokens
    return torch.cat([torch.ones(n, n).tril(), torch.ones(n, words)], dim=1).bool()


def frame_of_each(frames: int, tokens: int) -> Tensor:
    return torch.arange(frames).repeat_interleave(tokens)


def masked(frame: Tensor, words: Tensor) -> Tensor:
    return torch.cat([frame[:, None] >= frame, words.bool()], dim=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (by_token, "Which frame does token 4"),
        (lambda f, t, w: by_token(f, t, w).float(), "where a token may look"),
        (lambda f, t, w: masked(-frame_of_each(f, t), torch.ones(f * t, w)), "what they look at"),
        (lambda f, t, w: ~masked(frame_of_each(f, t), torch.zeros(f * t, w)), "the future is all"),
        (lambda f, t, w: torch.ones(f * t, f * t + w, dtype=torch.bool), "Which frames are the future"),
        (lambda f, t, w: torch.ones(f, f).tril(-1).bool(), "may not look at itself"),
        (lambda f, t, w: masked(torch.arange(f).repeat(t), torch.ones(f * t, w)), "come first"),
        (lambda f, t, w: masked(frame_of_each(f, t), torch.zeros(f * t, w)), "Words have no time"),
        (lambda f, t, w: masked(frame_of_each(f, t), torch.ones(f * t, 0)), "Where do the three words go"),
        (lambda f, t, w: torch.ones(f * t + w, f * t + w).tril().bool(), "Which frame does token 4"),
    ],
)
def test_causal_mask(wrong: Any, says: str) -> None:
    assert says in symptom(check.causal_mask, wrong)


@pytest.fixture(scope="module")
def harms() -> dict[tuple[int, int], float]:
    return check._harms()  # loads the model before anything is timed


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([(layer, head) for layer in range(3) for head in range(3)][:8], "(0, 2) is missed most"),
        ([(layer, 0) for layer in range(8)], "Silence each head alone"),
        ([(2, 1), (2, 2)], "yours are 2"),
        ([(2, 1)] * 8, "named twice"),
        ([(layer, 3) for layer in range(8)], "heads from 0 to 2"),
        (list(range(8)), "pairs of numbers"),
        (lambda: 0, "a list of pairs"),
    ],
)
def test_quiet_heads(wrong: Any, says: str, harms: dict[tuple[int, int], float]) -> None:
    assert says in symptom(check.quiet_heads, wrong)


def test_the_heads_that_are_missed_least_pass(harms: dict[tuple[int, int], float]) -> None:
    answer = check.quiet_heads.answer(sorted(harms, key=harms.__getitem__)[:8])
    assert answer.passed
    assert "without a third of its heads" in str(answer)


def test_the_three_ways_of_being_wrong_are_told_apart() -> None:
    for wrong in (lambda: 0, lambda *inputs: None, lambda *inputs: "text"):
        assert symptom(check.attend, wrong)
        assert symptom(check.apply_rotary, wrong)
        assert symptom(check.causal_mask, wrong)


def test_silenced_heads_come_back(harms: dict[tuple[int, int], float]) -> None:
    denoiser, at = check._model_and_pass()
    before = [value.clone() for value in denoiser.state_dict().values()]
    with check.silenced(denoiser, [(0, 2)]):
        assert check.change_without(denoiser, at, []) == 0
    assert all(torch.equal(old, new) for old, new in zip(before, denoiser.state_dict().values(), strict=True))
    assert max(harms, key=harms.__getitem__) == (0, 2)


def test_each_check_is_asked_for_three_wrong_answers() -> None:
    """The same three, by name, so that every exercise is seen to answer them."""
    assert "stopped" in symptom(check.attend, lambda q: q)
    assert "gave nothing back" in symptom(check.attend, nothing)
    assert "stopped" in symptom(check.apply_rotary, lambda x: x)
    assert "gave nothing back" in symptom(check.apply_rotary, nothing)
    assert "stopped" in symptom(check.causal_mask, lambda frames: frames)
    assert "gave nothing back" in symptom(check.causal_mask, nothing)
    assert "Eight heads" in symptom(check.quiet_heads, [])
    assert "not there" in symptom(check.quiet_heads, [(8, head) for head in range(8)])
