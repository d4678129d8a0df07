"""The sampling loop, against steps written by hand, an exact solution and another library."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from minisora.diffusion.flow import interpolate
from minisora.diffusion.noise_levels import chunked, full_sequence, hold_context, pyramid
from minisora.diffusion.samplers import Known, denoise, last_clean
from minisora.errors import SettingError, ShapeError

MEAN, STD = 0.7, 0.4  # of the Gaussian that stands for the data


def make_noise(b: int = 2, z: int = 3, seed: int = 0) -> Tensor:
    return torch.randn(b, z, 2, 2, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def best_guess(noisy: Tensor, time: Tensor) -> Tensor:
    """The mean of the clean value given the noisy one, where clean values are normal: regression to the mean."""
    t = time[..., None, None, None]
    variance = (1 - t) ** 2 * STD**2 + t**2
    return MEAN + (1 - t) * STD**2 / variance * (noisy - (1 - t) * MEAN)


def exact(noise: Tensor, t: float) -> Tensor:
    """Where the flow of `best_guess` carries noise: it keeps the rank of each value in its distribution."""
    return (1 - t) * MEAN + math.sqrt((1 - t) ** 2 * STD**2 + t**2) * noise


def error_after(steps: int, method: str) -> float:
    noise = make_noise()
    result = last_clean(denoise(best_guess, noise, full_sequence(steps, 3, shift=1.0), method))
    return (result - exact(noise, 0.0)).abs().max().item()


def test_the_flow_maps_noise_onto_the_data() -> None:
    noise = make_noise()
    assert error_after(64, "heun") < 2e-3
    result = last_clean(denoise(best_guess, noise, full_sequence(1000, 3), "euler"))
    torch.testing.assert_close(result, exact(noise, 0.0), atol=5e-3, rtol=0)


@pytest.mark.parametrize(("method", "order"), [("euler", 1.0), ("heun", 2.0)])
def test_order_of_convergence(method: str, order: float) -> None:
    """Twice the steps divide the error by 2 (Euler) or 4 (Heun). Stop at 0.1: Heun's step to 0 is one of Euler."""
    noise, errors = make_noise(), []
    for steps in (32, 64, 128):
        plan = torch.linspace(1, 0.1, steps + 1, dtype=torch.float64)[:, None].expand(-1, 3)
        *_, step = denoise(best_guess, noise, plan, method)
        errors.append((step.noisy - exact(noise, 0.1)).abs().max().item())
    slopes = [math.log2(a / b) for a, b in pairwise(errors)]
    assert slopes == pytest.approx([order] * 2, abs=0.15)


def test_strides_of_a_network_that_knows_them_land_exactly() -> None:
    """A guess that names the mean velocity of the whole step leads to the exact flow in any number of steps."""

    def guess(noisy: Tensor, time: Tensor, span: Tensor) -> Tensor:
        t, s = float(time[0, 0]), float(span[0, 0])
        end = exact((noisy - (1 - t) * MEAN) / math.sqrt((1 - t) ** 2 * STD**2 + t**2), t - s)
        return noisy - t * (noisy - end) / s

    noise = make_noise()
    for steps in (1, 2, 5):
        result = last_clean(denoise(guess, noise, full_sequence(steps, 3, shift=1.0), "stride"))
        torch.testing.assert_close(result, exact(noise, 0.0))


def test_heun_is_nearer_than_euler_for_the_same_calls() -> None:
    assert error_after(10, "heun") < error_after(20, "euler")


def test_euler_written_by_hand() -> None:
    noise = make_noise()
    plan = torch.tensor([[1.0, 0.9, 0.4], [0.7, 0.9, 0.0]], dtype=torch.float64)
    (step,) = denoise(best_guess, noise, plan, "euler")
    guess = best_guess(noise, plan[0].expand(2, 3))
    for z, (now, after) in enumerate(zip([1.0, 0.9, 0.4], [0.7, 0.9, 0.0], strict=True)):
        by_hand = noise[:, z] - (now - after) / now * (noise[:, z] - guess[:, z])
        torch.testing.assert_close(step.noisy[:, z], by_hand)
    torch.testing.assert_close(step.clean[:, 2], guess[:, 2])  # a step to time 0 ends at the guess
    assert torch.equal(step.noisy[:, 1], noise[:, 1])  # a frame whose time stays does not move
    assert (step.velocity[:, 1] == 0).all()
    torch.testing.assert_close(step.time, plan[1].expand(2, 3))


def test_euler_equals_diffusers() -> None:
    diffusers = pytest.importorskip("diffusers")
    steps, noise = 7, make_noise().float()
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    scheduler.set_timesteps(sigmas=[1 - i / steps for i in range(steps)])
    theirs = noise
    for sigma, timestep in zip(scheduler.sigmas, scheduler.timesteps, strict=False):
        time = sigma.expand(2, 3)
        velocity = (theirs - best_guess(theirs, time)) / sigma
        theirs = scheduler.step(velocity, timestep, theirs).prev_sample
    ours = last_clean(denoise(best_guess, noise, full_sequence(steps, 3, shift=3.0)))
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("method", ["euler", "heun"])
@pytest.mark.parametrize(
    "make", [full_sequence, lambda s, z: chunked(s, z, chunk=2), lambda s, z: pyramid(s, z, delay=3)]
)
def test_frames_with_their_own_times_all_arrive(method: str, make: Callable[[int, int], Tensor]) -> None:
    noise, plan = make_noise(), make(100, 3)
    steps = list(denoise(best_guess, noise, plan, method))
    assert [step.index for step in steps] == list(range(len(plan) - 1))
    torch.testing.assert_close(steps[-1].clean, exact(noise, 0.0), atol=0.05, rtol=0)
    assert torch.equal(steps[-1].clean, steps[-1].noisy)
    for step, row in zip(steps, plan[1:], strict=True):
        torch.testing.assert_close(step.time[0], row)
        settled = row == 0
        assert torch.equal(step.noisy[:, settled], steps[-1].noisy[:, settled])


def test_a_plan_may_differ_between_clips() -> None:
    noise = make_noise()
    slow, quick = full_sequence(6, 3), full_sequence(6, 3, shift=1.0)
    mixed = last_clean(denoise(best_guess, noise, torch.stack([slow, quick], dim=1)))
    torch.testing.assert_close(mixed[:1], last_clean(denoise(best_guess, noise[:1], slow)))
    torch.testing.assert_close(mixed[1:], last_clean(denoise(best_guess, noise[1:], quick)))


@pytest.mark.parametrize("method", ["euler", "heun"])
@pytest.mark.parametrize("context_time", [0.0, 0.05])
def test_context_stays_what_it_is(method: str, context_time: float) -> None:
    noise, given = make_noise(), make_noise(seed=5)
    flags = torch.tensor([True, False, True])
    seen: list[tuple[Tensor, Tensor]] = []

    def watch(noisy: Tensor, time: Tensor) -> Tensor:
        seen.append((noisy, time))
        return best_guess(noisy, time)

    known = Known(given, flags[:, None, None, None])
    steps = list(denoise(watch, noise, hold_context(full_sequence(5, 3), flags, context_time), method, known))
    level = torch.full((2, 3), context_time, dtype=torch.float64)
    for noisy, time in seen:
        torch.testing.assert_close(noisy[:, flags], interpolate(given, noise, level)[:, flags])
        assert (time[:, flags] == level[:, flags]).all()
    for step in steps:
        assert torch.equal(step.clean[:, flags], given[:, flags])
    free = last_clean(denoise(best_guess, noise, full_sequence(5, 3), method))
    torch.testing.assert_close(steps[-1].clean[:, 1], free[:, 1])  # this denoiser looks at one frame at a time


def test_a_mask_keeps_part_of_a_frame() -> None:
    noise, given = make_noise(), make_noise(seed=5)
    where = torch.zeros(2, 3, 2, 2, 1, dtype=torch.bool)
    where[:, :, 0] = True
    plan = full_sequence(6, 3)
    free = last_clean(denoise(best_guess, noise, plan, "heun"))
    result = last_clean(denoise(best_guess, noise, plan, "heun", Known(given, where)))
    assert torch.equal(result[:, :, 0], given[:, :, 0])
    torch.testing.assert_close(result[:, :, 1], free[:, :, 1])  # this denoiser looks at one place at a time


def test_stopping_early_calls_the_network_no_further() -> None:
    calls = []
    steps = denoise(lambda x, t: (calls.append(1), best_guess(x, t))[1], make_noise(), full_sequence(10, 3))
    next(steps)
    next(steps)
    assert len(calls) == 2


def test_what_cannot_be_is_refused_before_the_first_step() -> None:
    noise, plan = make_noise(), full_sequence(4, 3)
    for wrong, message in (
        (plan.flip(0), "never rise"),
        (plan * 2, "from 0, clean, to 1"),
        (plan[:1], "takes no step"),
        (plan * float("nan"), "from 0, clean, to 1"),
    ):
        with pytest.raises(SettingError, match=message):
            denoise(best_guess, noise, wrong)
    with pytest.raises(SettingError, match="Use 'heun'"):
        denoise(best_guess, noise, plan, "huen")
    with pytest.raises(ShapeError, match="steps"):
        denoise(best_guess, noise, full_sequence(4, 2))
    with pytest.raises(SettingError, match="no step"):
        last_clean([])
