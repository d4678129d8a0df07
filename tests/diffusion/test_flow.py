"""The line from clean to noise, and the loss along it."""

import pytest
import torch

from minisora.diffusion.flow import (
    SMALLEST_TIME,
    clean_from_velocity,
    flow_loss,
    interpolate,
    loss_weight,
    sample_times,
    shift_times,
    velocity_from_clean,
    velocity_target,
)
from minisora.errors import SettingError, ShapeError

SHAPE = (2, 3, 4, 5, 6)


def latents(seed: int) -> torch.Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def times(seed: int = 9) -> torch.Tensor:
    return torch.rand(SHAPE[:2], generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_time_zero_is_clean_and_time_one_is_noise() -> None:
    clean, noise = latents(0), latents(1)
    time = torch.tensor([[0.0, 1.0, 0.25]] * 2, dtype=torch.float64)
    noisy = interpolate(clean, noise, time)
    torch.testing.assert_close(noisy[:, 0], clean[:, 0])
    torch.testing.assert_close(noisy[:, 1], noise[:, 1])
    torch.testing.assert_close(noisy[:, 2], 0.75 * clean[:, 2] + 0.25 * noise[:, 2])


def test_velocity_is_the_derivative_of_the_line() -> None:
    clean, noise, time, h = latents(0), latents(1), times() * 0.9, 1e-6
    slope = (interpolate(clean, noise, time + h) - interpolate(clean, noise, time)) / h
    torch.testing.assert_close(velocity_target(clean, noise), slope, atol=1e-8, rtol=1e-8)


def test_clean_and_velocity_follow_from_each_other() -> None:
    clean, noise, time = latents(0), latents(1), times() + SMALLEST_TIME
    noisy = interpolate(clean, noise, time)
    torch.testing.assert_close(velocity_from_clean(noisy, clean, time), noise - clean)
    torch.testing.assert_close(clean_from_velocity(noisy, noise - clean, time), clean)


def test_velocity_is_finite_at_time_zero() -> None:
    velocity = velocity_from_clean(latents(0), latents(1), torch.zeros(SHAPE[:2]))
    assert velocity.isfinite().all()


def test_the_loss_is_the_formula_written_by_hand() -> None:
    clean, noise, time = latents(0), latents(1), times()
    loss = flow_loss(lambda noisy, time: 0.5 * noisy, clean, noise, time)
    total = 0.0
    for b in range(SHAPE[0]):
        for z in range(SHAPE[1]):
            t = time[b, z].item()
            noisy = (1 - t) * clean[b, z] + t * noise[b, z]
            total += (1.0 - 0.7 * t) * ((0.5 * noisy - clean[b, z]) ** 2).mean().item()
    assert loss.item() == pytest.approx(total / 6, rel=1e-12)


def test_a_perfect_guess_has_no_loss_either_way() -> None:
    clean, noise, time = latents(0), latents(1), times()
    assert flow_loss(lambda *_: clean, clean, noise, time).item() == 0
    assert flow_loss(lambda *_: noise - clean, clean, noise, time, predicts="velocity").item() == 0


def test_both_kinds_of_loss_agree_up_to_their_weight() -> None:
    """An error e of the clean guess is an error e / time of the velocity."""
    clean, noise = latents(0), latents(1)
    time = torch.full(SHAPE[:2], 0.4, dtype=torch.float64)
    wrong = latents(3)
    noisy = interpolate(clean, noise, time)
    by_clean = flow_loss(lambda *_: wrong, clean, noise, time)
    as_velocity = velocity_from_clean(noisy, wrong, time)
    by_velocity = flow_loss(lambda *_: as_velocity, clean, noise, time, predicts="velocity")
    torch.testing.assert_close(by_clean / loss_weight(torch.tensor(0.4)), by_velocity * 0.4**2)


def test_nothing_is_learnt_where_the_weight_is_zero() -> None:
    clean, noise, time = latents(0), latents(1), times()
    weight = torch.ones(2, 3, 1, 1, 1)
    weight[:, 0] = 0
    broken = clean.clone()
    broken[:, 0] += 100
    assert flow_loss(lambda *_: broken, clean, noise, time, weight=weight).item() == 0
    plain = flow_loss(lambda noisy, _: noisy, clean, noise, time)
    ones = flow_loss(lambda noisy, _: noisy, clean, noise, time, weight=torch.ones(()))
    torch.testing.assert_close(plain, ones)
    nothing = flow_loss(lambda noisy, _: noisy, clean, noise, time, weight=torch.zeros(()))
    assert nothing.item() == 0


def test_loss_weight_ends() -> None:
    torch.testing.assert_close(loss_weight(torch.tensor([0.0, 0.5, 1.0])), torch.tensor([1.0, 0.65, 0.3]))


def test_shift_keeps_the_ends_and_is_undone_by_its_inverse() -> None:
    time = torch.linspace(0, 1, 11, dtype=torch.float64)
    shifted = shift_times(time, 3.0)
    assert shifted[0] == 0
    assert shifted[-1] == 1
    assert (shifted.diff() > 0).all()
    assert shifted[5].item() == pytest.approx(0.75)
    torch.testing.assert_close(shift_times(shifted, 1 / 3), time)


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_times_are_logit_normal(shift: float) -> None:
    time = sample_times((40_000,), torch.Generator().manual_seed(0), shift).double()
    logit = (time / (1 - time)).log()  # the shift adds log(shift) to the logit
    assert logit.mean().item() == pytest.approx(torch.tensor(shift).log().item(), abs=0.02)
    assert logit.std().item() == pytest.approx(1, abs=0.02)


def test_times_depend_on_the_generator_alone() -> None:
    one, two = (sample_times((5,), torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, two)


def test_what_cannot_be_is_refused() -> None:
    clean, noise, time = latents(0), latents(1), times()
    with pytest.raises(ShapeError, match="of one shape"):
        interpolate(clean, noise[:1], time)
    with pytest.raises(ShapeError, match=r"\(2, 3\) here"):
        interpolate(clean, noise, time[:, :1])
    with pytest.raises(SettingError, match="Use 'velocity'"):
        flow_loss(lambda *_: clean, clean, noise, time, predicts="velocty")  # type: ignore[arg-type]
    for shift in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(SettingError, match="shift"):
            shift_times(time, shift)
