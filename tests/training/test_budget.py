"""A training ends by steps or by the clock, and the learning rate knows both."""

from types import SimpleNamespace
from typing import Any

import pytest

from minisora.training import budget as budget_module
from minisora.training.budget import Budget


def trainer(step: int, most: int) -> Any:
    group = {"lr": 1.0}
    return SimpleNamespace(
        global_step=step, max_steps=most, optimizers=[SimpleNamespace(param_groups=[group])], should_stop=False
    )


def test_rate_follows_steps() -> None:
    budget, fake = Budget(warm=0.1, decay=0.5), trainer(0, 100)
    rates = []
    for step in range(0, 100, 10):
        fake.global_step = step
        budget.on_train_batch_start(fake, None, None, 0)  # type: ignore[arg-type]
        rates.append(fake.optimizers[0].param_groups[0]["lr"])
    assert rates[0] < 0.02
    assert rates[2:6] == [1.0] * 4
    assert rates[9] == pytest.approx(0.2)


def test_clock_ends_the_training_and_survives_a_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(budget_module.time, "monotonic", lambda: now[0])
    budget, fake = Budget(minutes=1.0), trainer(5, -1)
    for _ in range(4):
        budget.on_train_batch_end(fake)
        now[0] += 10.0
    assert budget.progress(fake) == pytest.approx(0.5)
    resumed = Budget(minutes=1.0)
    resumed.load_state_dict(budget.state_dict())
    now[0] += 1000.0  # the pause between two runs does not count
    for _ in range(4):
        resumed.on_train_batch_end(fake)
        now[0] += 10.0
    assert fake.should_stop


def test_a_sitting_ends_before_the_training_and_the_next_one_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(budget_module.time, "monotonic", lambda: now[0])

    def sit(budget: Budget) -> None:
        for _ in range(100):
            budget.on_train_batch_end(trainer(5, -1))
            now[0] += 10.0

    first = Budget(minutes=4.0, sitting=2.5)
    with pytest.raises(KeyboardInterrupt):
        sit(first)
    assert first.resting
    assert first.used == 150
    second = Budget(minutes=4.0, sitting=2.5)
    second.load_state_dict(first.state_dict())
    fake = trainer(5, -1)
    while not fake.should_stop:
        second.on_train_batch_end(fake)
        now[0] += 10.0
    assert not second.resting
    assert second.used == 240
