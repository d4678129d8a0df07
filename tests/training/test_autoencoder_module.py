"""The autoencoder's loss and steps, against values worked out by hand and a short training."""

import lightning
import pytest
import torch
from torch.utils.data import DataLoader

from minisora.errors import SettingError
from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.training.autoencoder_module import (
    AutoencoderLoss,
    AutoencoderModule,
    autoencoder_loss,
    background_colour,
    measure_latents,
    pixel_weights,
    to_floats,
    weighted_error,
)

TINY = AutoencoderConfig(latent_channels=4, widths=(8, 16), encoder_blocks=(0, 1), decoder_blocks=(1, 1))


def square_on_navy(batch: int = 4, frames: int = 5) -> torch.Tensor:
    """(b, f, 16, 16, 3) uint8: a red square that moves one pixel a frame."""
    video = torch.tensor([16, 24, 64], dtype=torch.uint8).repeat(batch, frames, 16, 16, 1)
    for b in range(batch):
        for f in range(frames):
            video[b, f, 4 + b : 8 + b, 2 + f : 6 + f] = torch.tensor([230, 57, 53], dtype=torch.uint8)
    return video


def test_the_background_is_the_commonest_colour() -> None:
    assert background_colour(square_on_navy()).tolist() == [[16, 24, 64]] * 4


def test_actors_weigh_more() -> None:
    video = to_floats(square_on_navy())
    weights = pixel_weights(video, background_colour(video), 5.0)
    assert weights.shape == (4, 5, 16, 16, 1)
    assert (weights == 5.0).sum() == 4 * 5 * 16  # the square's pixels
    assert (weights == 1.0).sum() == 4 * 5 * (256 - 16)


def test_error_is_quadratic_then_linear() -> None:
    zeros, ones = torch.zeros(1, 1, 1, 2, 3), torch.ones(1, 1, 1, 2, 1)
    assert weighted_error(zeros + 0.02, zeros, ones, 0.05).item() == pytest.approx(0.02**2 / 0.1)
    assert weighted_error(zeros + 0.5, zeros, ones, 0.05).item() == pytest.approx(0.5 - 0.025)


def test_divergence_of_a_standard_normal_is_zero() -> None:
    model = VideoAutoencoder(TINY)
    torch.nn.init.zeros_(model.to_latent.weight)
    torch.nn.init.zeros_(model.to_latent.bias)
    video = to_floats(square_on_navy())
    parts = autoencoder_loss(model, video, background_colour(video), AutoencoderLoss(half_size=0.5))
    assert parts["divergence"].item() == pytest.approx(0.0)
    total = parts["reconstruction"] + 0.5 * parts["half_size"]
    torch.testing.assert_close(parts["loss"], total)


def test_latents_measured_have_mean_0_and_deviation_1() -> None:
    model = VideoAutoencoder(TINY)
    measure_latents(model, [square_on_navy()])
    with torch.no_grad():
        latents = model.encode(to_floats(square_on_navy())).flatten(0, 3)
    torch.testing.assert_close(latents.mean(dim=0), torch.zeros(4), rtol=0, atol=1e-4)
    torch.testing.assert_close(latents.std(dim=0), torch.ones(4), rtol=0, atol=1e-3)


def test_a_short_training_learns_and_ends_with_the_decoder_alone(tmp_path: object) -> None:
    torch.manual_seed(0)
    batches = [{"video": square_on_navy()}] * 40
    module = AutoencoderModule(TINY, muon_rate=0.02, total_steps=40, decoder_alone=0.25)
    video = to_floats(batches[0]["video"])
    before = autoencoder_loss(module.model, video, background_colour(video), module.loss)["reconstruction"].item()
    trainer = lightning.Trainer(
        max_steps=40, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, default_root_dir=str(tmp_path),
    )  # fmt: skip
    trainer.fit(module, DataLoader(batches, batch_size=None))
    after = autoencoder_loss(module.model, video, background_colour(video), module.loss)["reconstruction"].item()
    assert after < 0.5 * before
    assert not module.model.to_latent.weight.requires_grad
    assert module.model.write.weight.requires_grad


def test_wrong_weights_are_refused() -> None:
    with pytest.raises(SettingError, match="knee"):
        AutoencoderLoss(knee=0.0)
