"""The denoiser's training step: what counts, what is known, what can be repeated."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from minisora.diffusion.noise_levels import NoiseMixture
from minisora.models.transformer import TransformerConfig
from minisora.training.diffusion_module import DenoiserLoss, DiffusionModule, TruthHead, place_weights
from minisora.training.latents import LatentBatch, LatentBatches, LatentFolder
from minisora.training.optimizer import MuonAdamW
from minisora.training.stages import denoiser_module
from minisora.world import SHAPES

TINY = TransformerConfig(latent_channels=4, patch=4, width=32, depth=2, heads=2, text_width=16)


@pytest.fixture
def module(tiny_weights: Path) -> DiffusionModule:
    torch.manual_seed(0)
    return denoiser_module(tiny_weights, network=TINY)


@pytest.fixture
def batch(tiny_latents: LatentFolder) -> LatentBatch:
    return LatentBatches(SHAPES, [tiny_latents], batch_size=6).batch(3)


def test_loss_depends_on_batch_and_seed_alone(module: DiffusionModule, batch: LatentBatch) -> None:
    first, second = module.loss_of(batch), module.loss_of(batch)
    other = module.loss_of(replace(batch, step=4))
    assert first["loss"].item() == second["loss"].item()
    assert first["loss"].item() != other["loss"].item()


def test_fresh_network_has_the_loss_of_guessing_the_mean(tiny_weights: Path, batch: LatentBatch) -> None:
    """It answers zero, so the loss is the weighted mean of the squared latents, which is worked out here by hand."""
    module = denoiser_module(
        tiny_weights, network=TINY, mixture=NoiseMixture(1.0, 0.0, 0.0, 0.0), loss=DenoiserLoss(truth=0.0)
    )
    generator = torch.Generator().manual_seed(batch.step)
    from minisora.diffusion.noise_levels import sample_levels

    time = sample_levels(6, 2, module.mixture, generator).time
    weight = place_weights(batch.covers, 5.0)
    by_time = (0.3 + 0.7 * (1 - time))[..., None, None, None]
    channels = batch.latents.shape[-1]
    expected = (batch.latents.square() * by_time * weight).sum() / (weight.sum() * channels)
    torch.testing.assert_close(module.loss_of(batch)["flow"], expected)


def test_no_loss_on_context(tiny_weights: Path, batch: LatentBatch) -> None:
    module = denoiser_module(tiny_weights, network=TINY, mixture=NoiseMixture(0.0, 1.0, 0.0, 0.0))
    module.denoiser.requires_grad_(True)
    from minisora.diffusion.noise_levels import sample_levels

    given = sample_levels(6, 2, module.mixture, torch.Generator().manual_seed(batch.step)).is_context
    spoiled = torch.where(given[..., None, None, None], batch.latents, torch.zeros_like(batch.latents))
    clean = replace(batch, latents=batch.latents * ~given[..., None, None, None])
    assert given.any()
    assert spoiled.abs().sum() > 0
    # A fresh network answers zero whatever it sees, so only places that count can change the loss.
    assert module.loss_of(clean)["flow"].item() == pytest.approx(module.loss_of(batch)["flow"].item())


def test_text_encoder_stays_as_it_is(module: DiffusionModule, batch: LatentBatch) -> None:
    before = [p.clone() for p in module.text_encoder.parameters()]
    optimizer = module.configure_optimizers()
    module.loss_of(batch)["loss"].backward()
    optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(before, module.text_encoder.parameters(), strict=True))


def test_learns_a_batch_by_heart(module: DiffusionModule, batch: LatentBatch) -> None:
    optimizer = module.configure_optimizers()
    assert isinstance(optimizer, MuonAdamW)
    losses = []
    for _ in range(40):
        loss = module.loss_of(batch)["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_truth_head_reads_tokens_that_hold_the_truth() -> None:
    """Tokens that spell out owner and looks must be readable without loss by a trained head."""
    torch.manual_seed(0)
    covers = torch.zeros(4, 3, 2, 4, 4)
    actors = torch.randint(0, 3, (4, 3, 4))
    for row in range(4):
        covers[row, row % 3, :, row, 1:3] = 1.0
    owner = torch.nn.functional.one_hot(torch.where(covers.amax(1) > 0, covers.argmax(1) + 1, 0), 4)
    looks = actors[torch.arange(4)[:, None, None, None], covers.argmax(1)]
    tokens = torch.cat([owner.float(), torch.nn.functional.one_hot(looks, 3).flatten(-2).float()], dim=-1)
    head = TruthHead(16, (3, 3, 3, 3))
    optimizer = torch.optim.Adam(head.parameters(), 0.1)
    for _ in range(150):
        optimizer.zero_grad()
        loss = head.loss(tokens, covers, actors)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


def test_unknown_actors_teach_nothing(module: DiffusionModule, batch: LatentBatch) -> None:
    nobody = replace(batch, actors=torch.full_like(batch.actors, -1), covers=torch.zeros_like(batch.covers))
    assert module.loss_of(nobody)["truth"].item() == 0.0


def test_place_weights_reach_one_place_further() -> None:
    covers = torch.zeros(1, 3, 1, 6, 6)
    covers[0, 1, 0, 2, 2] = 0.4
    weights = place_weights(covers, 5.0)[0, 0, :, :, 0]
    assert (weights[1:4, 1:4] == 5).all()
    assert weights.sum() == 9 * 5 + 27


def test_a_loss_that_is_no_number_stops(module: DiffusionModule, batch: LatentBatch) -> None:
    broken = replace(batch, latents=torch.full_like(batch.latents, torch.nan))
    with pytest.raises(FloatingPointError, match="step"):
        module.training_step(broken, 0)
