"""The denoiser's training step: what counts, what is known, what can be repeated."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from minisora.diffusion.noise_levels import LayoutMixture, NoiseMixture, sample_joint_levels
from minisora.models.text_encoder import TextStates
from minisora.models.transformer import Guess, Noisy, TransformerConfig, VideoTransformer
from minisora.training.diffusion_module import (
    SIZE_WEIGHTS,
    USUAL_SHARE,
    DenoiserLoss,
    DiffusionModule,
    layout_loss,
    place_weights,
)
from minisora.training.latents import LatentBatch, LatentBatches, LatentFolder, LayoutFolder
from minisora.training.optimizer import MuonAdamW
from minisora.training.stages import denoiser_module, grown
from minisora.world import SHAPES

TINY = TransformerConfig(
    latent_channels=4, patch=4, width=32, depth=2, heads=2, text_width=16, layout_channels=32, text_states=8
)
ALONG = LayoutMixture(along=1.0, without=0.0, read=0.0)
READ = LayoutMixture(along=0.0, without=0.0, read=1.0)


@pytest.fixture
def module(tiny_weights: Path) -> DiffusionModule:
    torch.manual_seed(0)
    return denoiser_module(tiny_weights, network=TINY)


@pytest.fixture
def batch(tiny_latents: LatentFolder, tiny_layouts: LayoutFolder) -> LatentBatch:
    return LatentBatches(SHAPES, [tiny_latents], batch_size=6, scenes=[tiny_layouts], num_scenes=5).batch(3)


def test_loss_depends_on_batch_and_seed_alone(module: DiffusionModule, batch: LatentBatch) -> None:
    first, second = module.loss_of(batch), module.loss_of(batch)
    other = module.loss_of(replace(batch, step=4))
    assert first["loss"].item() == second["loss"].item()
    assert first["loss"].item() != other["loss"].item()


def test_captions_that_workers_cut_into_tokens_are_read_alike(
    tiny_weights: Path, tiny_latents: LatentFolder, tiny_layouts: LayoutFolder, batch: LatentBatch
) -> None:
    """Some of them are dropped, so an empty sentence made of padding is compared, too."""
    module = denoiser_module(tiny_weights, network=TINY, loss=DenoiserLoss(no_words=0.5))
    for weight in module.denoiser.parameters():  # a fresh one takes no notice of the words
        torch.nn.init.normal_(weight, std=0.1)
    data = LatentBatches(
        SHAPES, [tiny_latents], 6, scenes=[tiny_layouts], num_scenes=5, tokenize=module.text_encoder.tokenize
    )
    cut = data.batch(3)
    assert cut.tokens is not None
    assert cut.captions == batch.captions
    torch.testing.assert_close(module.loss_of(cut), module.loss_of(batch))
    assert module.loss_of(replace(cut, tokens=cut.tokens.flip(0)))["loss"] != module.loss_of(batch)["loss"]


def test_fresh_network_has_the_loss_of_guessing_the_mean(tiny_weights: Path, batch: LatentBatch) -> None:
    """It answers zero, so the loss is the weighted mean of the squared latents, which is worked out here by hand."""
    mixture = NoiseMixture(1.0, 0.0, 0.0, 0.0)
    module = denoiser_module(tiny_weights, network=TINY, mixture=mixture, layouts=ALONG)
    time = sample_joint_levels(6, 2, mixture, ALONG, torch.Generator().manual_seed(batch.step)).video.time
    weight = place_weights(batch.covers, 5.0)
    by_time = (0.3 + 0.7 * (1 - time))[..., None, None, None]
    channels = batch.latents.shape[-1]
    expected = (batch.latents.square() * by_time * weight).sum() / (weight.sum() * channels)
    torch.testing.assert_close(module.loss_of(batch)["flow"], expected)


def test_a_fresh_network_has_the_loss_of_guessing_the_mean_layout(tiny_weights: Path, batch: LatentBatch) -> None:
    mixture = NoiseMixture(1.0, 0.0, 0.0, 0.0)
    module = denoiser_module(tiny_weights, network=TINY, mixture=mixture, layouts=READ)
    time = sample_joint_levels(6, 2, mixture, READ, torch.Generator().manual_seed(batch.step)).layout_time
    assert batch.layouts is not None
    by_time, counts = 1 / time.clamp(min=0.1).square(), time > READ.layout_time
    expected = ((batch.layouts.square().mean((2, 3)) * by_time)[counts]).mean()
    torch.testing.assert_close(module.loss_of(batch)["layout"], expected)


def test_no_loss_on_context(tiny_weights: Path, batch: LatentBatch) -> None:
    mixture = NoiseMixture(0.0, 1.0, 0.0, 0.0)
    module = denoiser_module(tiny_weights, network=TINY, mixture=mixture, layouts=ALONG)
    levels = sample_joint_levels(6, 2, mixture, ALONG, torch.Generator().manual_seed(batch.step)).video
    clean = replace(batch, latents=batch.latents * ~levels.is_context[..., None, None, None])
    assert levels.is_context.any()
    assert not torch.equal(clean.latents, batch.latents)
    # A fresh network answers zero whatever it sees, so only places that count can change the loss.
    assert module.loss_of(clean)["flow"].item() == pytest.approx(module.loss_of(batch)["flow"].item())


def test_late_clips_are_learned_from_given_frames_only(tiny_weights: Path, batch: LatentBatch) -> None:
    """What has happened before cannot be known from words: no row of a late batch is all noise."""
    mixture = NoiseMixture(1.0, 0.0, 0.0, 0.0)
    module = denoiser_module(tiny_weights, network=TINY, mixture=mixture, layouts=ALONG)
    assert batch.scenes is not None
    seen: list[torch.Tensor] = []
    both = module.denoiser.both

    def spy(video: Noisy | None, layout: Noisy | None, *rest: Any, **named: Any) -> Guess:
        given = layout if video is None else video
        assert given is not None
        seen.append(given.time)
        return both(video, layout, *rest, **named)

    module.denoiser.both = spy  # type: ignore[method-assign]
    module.loss_of(batch)
    assert all((time == time[:, :1]).all() for time in seen)  # one time for all frames
    late = torch.arange(len(batch.scenes.captions)) < 2
    module.loss_of(replace(batch, late=True, scenes=replace(batch.scenes, late=late)))
    given = [(time <= 0.1).any(dim=1) for time in seen[2:]]
    assert given[0].all()
    assert given[1].tolist()[:2] == [True, True]
    assert (seen[3][2:] == seen[3][2:, :1]).all()


def test_known_layouts_teach_no_layouts(tiny_weights: Path, batch: LatentBatch) -> None:
    """Where the layout is given nearly clean, copying it is no feat."""
    module = denoiser_module(tiny_weights, network=TINY, layouts=ALONG)
    assert module.loss_of(batch)["layout"].item() == 0.0


def test_scenes_without_pixels_are_learned_too(module: DiffusionModule, batch: LatentBatch) -> None:
    parts = module.loss_of(batch)
    assert parts["plan"].item() > 0
    torch.testing.assert_close(parts["loss"], parts["flow"] + 0.3 * parts["layout"] + 0.3 * parts["plan"])
    assert "plan" not in module.loss_of(replace(batch, scenes=None))


def test_clips_without_a_layout_teach_pixels_alone(module: DiffusionModule, batch: LatentBatch) -> None:
    parts = module.loss_of(replace(batch, layouts=None, scenes=None))
    assert set(parts) == {"loss", "flow"}


def test_a_network_that_knows_no_layouts_learns_pixels(tiny_weights: Path, batch: LatentBatch) -> None:
    module = denoiser_module(tiny_weights, network=replace(TINY, layout_channels=0))
    assert set(module.loss_of(batch)) == {"loss", "flow"}


def test_layout_loss_by_hand() -> None:
    clean = torch.zeros(1, 2, 4, 32)
    guess = torch.stack([torch.full((4, 32), 2.0), torch.full((4, 32), 3.0)])[None]
    time = torch.tensor([[0.5, 0.01]])
    both = layout_loss(guess, clean, time, torch.tensor([[True, True]]))
    assert both.item() == pytest.approx((4 / 0.25 + 9 / 0.01) / 2)
    assert layout_loss(guess, clean, time, torch.tensor([[True, False]])).item() == pytest.approx(4 / 0.25)


def test_a_network_grows_without_forgetting() -> None:
    """What is new answers zero at first, so the guess of the latents is what it was."""
    torch.manual_seed(0)
    small = VideoTransformer(replace(TINY, layout_channels=0))
    torch.nn.init.normal_(small.to_patches.weight)
    large = grown(small, replace(TINY, finish=8))
    assert large.config == replace(TINY, finish=8)
    noisy, time = torch.randn(2, 3, 8, 8, 4), torch.rand(2, 3)
    text = TextStates(torch.randn(2, 8, 16), torch.randn(2, 16))
    torch.testing.assert_close(large(noisy, time, text), small(noisy, time, text))
    assert grown(large, TINY) is large
    deeper = grown(large, replace(TINY, depth=TINY.depth + 2, aspects=True))
    assert (len(deeper.blocks), deeper.config.aspects) == (TINY.depth + 2, True)
    torch.testing.assert_close(deeper(noisy, time, text), small(noisy, time, text))


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


def test_place_weights_reach_one_place_further() -> None:
    covers = torch.zeros(1, 3, 1, 6, 8)
    covers[0, 1, 0, 2, 2] = 0.4
    weights = place_weights(covers, 5.0)[0, 0, :, :, 0]
    there = weights[1:4, 1:4]
    torch.testing.assert_close(there, torch.full((3, 3), 5 * USUAL_SHARE / (9 / 48)))
    assert (weights > 1).sum() == 9
    assert weights.min() == 1


def test_a_small_actor_weighs_more_a_place_than_a_large_one() -> None:
    covers = torch.zeros(1, 3, 2, 16, 16)
    covers[0, 0, 0, 4, 4] = covers[0, 1, 0, 8:15, 8:15] = 1.0
    weights = place_weights(covers, 5.0)[0, :, :, :, 0]
    assert weights[0, 4, 4] == 5 * SIZE_WEIGHTS[1]
    assert weights[0, 10, 10] == pytest.approx(5 * USUAL_SHARE / (81 / 256))
    assert (weights[1] == 1).all()  # nobody is there


def test_a_loss_that_is_no_number_stops(module: DiffusionModule, batch: LatentBatch) -> None:
    broken = replace(batch, latents=torch.full_like(batch.latents, torch.nan))
    with pytest.raises(FloatingPointError, match="step"):
        module.training_step(broken, 0)


@pytest.mark.gpu
def test_a_step_on_cuda_is_the_step_on_the_processor(module: DiffusionModule, batch: LatentBatch) -> None:
    """Noise is drawn on each device by its own generator, so the losses are alike and the weights all move."""
    here = module.loss_of(batch)["loss"].item()
    there = module.to("cuda")
    optimizer = there.configure_optimizers()
    before = [p.detach().clone() for p in there.denoiser.parameters()]
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = there.loss_of(batch.to(torch.device("cuda")))["loss"]
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[0] == pytest.approx(here, rel=0.5)
    assert losses[-1] < losses[0]
    assert any(not torch.equal(p, old) for p, old in zip(there.denoiser.parameters(), before, strict=True))
