"""Typical wrong answers to the exercises of lesson 06, and what is said to each."""

from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checks import lesson_06 as check
from tests.course.answers import symptom


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda progress, warm, decay: min(progress / warm, (1 - progress) / decay), "passing 1"),
        (lambda progress, warm, decay: min(1.0, progress / warm, 1 - progress), "where is that"),
        (lambda progress, warm, decay: min(1.0, progress / warm, (decay - progress) / decay), "where is that"),
        (lambda progress, warm, decay: 1.0, "At the very start"),
        (lambda progress, warm, decay: min(1.0, progress / warm), "still 1"),
        (lambda progress, warm, decay: min(1.0, 2 * progress / warm, (1 - progress) / decay), "Half way"),
        (lambda progress, warm, decay: min(1.0, progress / warm, (0.9 - progress) / decay), "walks backwards"),
        (lambda progress, warm, decay: min(1.0, progress / 0.1, (1 - progress) / 0.4), "both of its arguments"),
        (lambda progress, warm, decay: (progress / warm, 1.0), "one number"),
    ],
)
def test_trapezoid(wrong: Any, says: str) -> None:
    assert says in symptom(check.trapezoid, wrong)


def in_place(average: Tensor, now: Tensor, decay: float) -> Tensor:
    average *= decay
    average += (1 - decay) * now
    return average


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda average, now, decay: (1 - decay) * average + decay * now, "Which of the two is to stay"),
        (lambda average, now, decay: decay * average + now, "add up to 1"),
        (lambda average, now, decay: (average + now) / 2, "plain mean"),
        (lambda average, now, decay: now, "newest weights"),
        (lambda average, now, decay: average, "yours is 1"),
        (lambda average, now, decay: 0.9 * average + 0.1 * now, "A decay of 1"),
        (in_place, "changed what it was given"),
    ],
)
def test_ema_step(wrong: Any, says: str) -> None:
    assert says in symptom(check.ema_step, wrong)


def learning(module: Any, batches: Any) -> float:
    loss = sum(module.loss_of(batch)["loss"] for batch in batches) / len(batches)
    loss.backward()
    return float(loss)


def quiet(what: Any) -> Any:
    def ruler(module: Any, batches: Any) -> Any:
        with torch.no_grad():
            return what(module, batches)

    return ruler


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (quiet(lambda module, batches: sum(module.loss_of(batch)["loss"] for batch in batches)), "twice as much"),
        (quiet(lambda module, batches: module.loss_of(batches[-1])["loss"]), "Which of the batches"),
        (quiet(lambda module, batches: module.loss_of(batches[0])), "gives a dict"),
        (quiet(lambda module, batches: sum(module.loss_of(batch)["flow"] for batch in batches) / 3), "is a part"),
        (quiet(lambda module, batches: [module.loss_of(batch)["loss"] for batch in batches]), "one number"),
        (quiet(lambda module, batches: sum(module.loss_of(batch)["loss"] for batch in batches) / 3), "single batch"),
        (lambda module, batches: sum(module.loss_of(batch)["loss"] for batch in batches) / 3, "only looks"),
        (learning, "only looks"),
    ],
)
def test_ruler_loss(wrong: Any, says: str) -> None:
    assert says in symptom(check.ruler_loss, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ((26, 30, 32), "tell a gain from luck"),
        ((400, 344, 512), "It got worse"),
        ((400, 405, 512), "the task asks for two"),
        ((0.78, 0.82, 512), "three whole numbers"),
        ((30, 40, 32), "above the last"),
        (82, "three whole numbers"),
    ],
)
def test_better(wrong: Any, says: str) -> None:
    assert says in symptom(check.better, wrong)
