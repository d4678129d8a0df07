"""Long steps: where they begin, and that they lead where many short ones do."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from minisora.diffusion.flow import velocity_from_clean
from minisora.errors import SettingError
from minisora.models.transformer import TransformerConfig
from minisora.training.latents import LatentBatch, LatentBatches, LatentFolder, LayoutFolder
from minisora.training.stages import denoiser_module
from minisora.training.strides import LongSteps, Strides, draw_long_steps, mean_clean
from minisora.world import SHAPES

TINY = TransformerConfig(
    latent_channels=4, patch=4, width=32, depth=2, heads=2, text_width=16, layout_channels=32, text_states=8
)
STD = 0.4  # of the Gaussian that stands for the data


def teacher(noisy: Tensor, time: Tensor) -> Tensor:
    """The best guess of clean values that are normal around 0: a flow with a closed form, `flowed`."""
    t = time[..., None, None]
    return (1 - t) * STD**2 / ((1 - t) ** 2 * STD**2 + t**2) * noisy


def spread(t: Tensor) -> Tensor:
    """Standard deviation of noisy values at a time."""
    return ((1 - t) ** 2 * STD**2 + t**2).sqrt()


def drawn(strides: Strides, late: bool = False, batch: int = 400) -> LongSteps:
    """Many long steps of five frames."""
    flags = torch.full((batch,), late)
    return draw_long_steps(strides, batch, 5, flags, torch.Generator().manual_seed(0))


def test_long_steps_lie_on_a_samplers_plan() -> None:
    steps = drawn(Strides(rows=1, steps=(2, 4), begun=0.0))
    count = 1 / steps.span
    assert set(count.unique().tolist()) == {2.0, 4.0}
    left = steps.time * count
    torch.testing.assert_close(left, left.round())
    assert left.min() == 1
    assert (left <= count).all()
    assert (steps.time == steps.time[:, :1]).all()


def test_given_frames_stay_and_late_rows_always_have_some() -> None:
    some = drawn(Strides(rows=1, begun=0.5))
    assert 0.4 < (some.span == 0).any(dim=1).float().mean() < 0.6
    every = drawn(Strides(rows=1, begun=0.0), late=True)
    assert (every.span == 0).any(dim=1).all()
    assert (every.span > 0).any(dim=1).all()
    assert (every.time[every.span == 0] == 0).all()


def test_one_long_step_leads_where_the_flow_does() -> None:
    generator = torch.Generator().manual_seed(1)
    time, span = torch.tensor([[1.0, 0.5, 0.25, 0.0]]), torch.tensor([[0.25, 0.25, 0.25, 0.0]])
    noisy = torch.randn(1, 4, 2, 3, generator=generator) * spread(time)[..., None, None]
    answer = mean_clean(teacher, noisy, LongSteps(time, span), substeps=400)
    landed = noisy - span[..., None, None] * velocity_from_clean(noisy, answer, time)
    flowed = noisy * (spread(time - span) / spread(time))[..., None, None]
    torch.testing.assert_close(landed[:, :3], flowed[:, :3], atol=2e-3, rtol=0)
    torch.testing.assert_close(landed[:, 3], noisy[:, 3])  # a frame that is given stays
    few = mean_clean(teacher, noisy, LongSteps(time, span), substeps=1)
    torch.testing.assert_close(few[:, 0], teacher(noisy, time)[:, 0])  # one short step is the plain velocity


@pytest.fixture
def batch(tiny_latents: LatentFolder, tiny_layouts: LayoutFolder) -> LatentBatch:
    return LatentBatches(SHAPES, [tiny_latents], batch_size=2, scenes=[tiny_layouts], num_scenes=8).batch(3)


def test_a_network_learns_the_long_steps_of_what_it_was(tiny_weights: Path, batch: LatentBatch) -> None:
    torch.manual_seed(0)
    module = denoiser_module(tiny_weights, network=TINY, strides=Strides(rows=8, steps=(2,), substeps=4))
    assert module.teacher is not None
    with torch.no_grad():  # a teacher with something to say: a fresh one always guesses the mean
        torch.nn.init.normal_(module.teacher.to_layout.weight, std=0.05)
    before = [parameter.clone() for parameter in module.teacher.parameters()]
    optimizer, losses = torch.optim.Adam(module.denoiser.parameters(), lr=3e-3), []
    for step in range(60):
        loss = module.loss_of(replace(batch, step=step))["stride"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert sum(losses[-10:]) < 0.5 * sum(losses[:10])
    assert all(torch.equal(p, old) for p, old in zip(module.teacher.parameters(), before, strict=True))


def test_without_rows_nothing_is_learned_of_them(tiny_weights: Path, batch: LatentBatch) -> None:
    module = denoiser_module(tiny_weights, network=TINY)
    assert module.teacher is None
    assert "stride" not in module.loss_of(batch)


@pytest.mark.parametrize("wrong", [{"rows": -1}, {"steps": ()}, {"steps": (0,)}, {"substeps": 0}, {"begun": math.inf}])
def test_numbers_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingError, match="out of range"):
        Strides(**wrong)  # type: ignore[arg-type]
