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
    Window,
    autoencoder_loss,
    background_colour,
    cut_windows,
    detail_weights,
    measure_latents,
    pixel_weights,
    to_floats,
    usual_picture,
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
    module = AutoencoderModule(TINY, muon_rate=0.02, window=Window(5, 8), decoder_from=0.75)
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


def test_windows_look_at_actors() -> None:
    video = square_on_navy(batch=3, frames=9)
    background = background_colour(video)
    windows, colours = cut_windows(video, background, Window(frames=5, side=8, per_clip=4, on_actor=1.0))
    assert windows.shape == (12, 5, 8, 8, 3)
    assert torch.equal(colours, background.repeat_interleave(4, dim=0))
    seen = (windows != colours[:, None, None, None]).flatten(1).any(dim=1)
    assert seen.all()


def test_windows_are_cut_down_to_a_small_clip() -> None:
    video = square_on_navy(batch=1, frames=1)
    windows, _ = cut_windows(video, background_colour(video), Window(frames=9, side=32, per_clip=1))
    assert torch.equal(windows, video)


def test_windows_of_illegal_sizes_are_refused() -> None:
    with pytest.raises(SettingError, match="1 \\+ 4k"):
        Window(frames=8)


def test_detail_weighs_edges_not_the_commonest_colour() -> None:
    """A place has no one background: two flat halves count 1, what is along their edge counts more."""
    video = torch.zeros(1, 1, 16, 32, 3)
    video[..., 16:, :] = 0.8
    weights = detail_weights(video, 4.0)[0, 0, :, :, 0]
    assert set(weights.unique().tolist()) == {1.0, 4.0}
    assert (weights[:, 12:20] == 4).all()  # four pixels to either side lie in a window across the edge
    assert (weights[:, :12] == 1).all()
    assert (weights[:, 20:] == 1).all()


def test_windows_look_where_something_moves() -> None:
    """Against a clip's usual picture, a busy place is still, and only the moving square is found."""
    generator = torch.Generator().manual_seed(0)
    place = torch.randint(0, 200, (64, 64, 3), generator=generator, dtype=torch.uint8)
    clip = place.expand(9, 64, 64, 3).clone()
    for frame in range(9):
        clip[frame, 40:48, 4 + 6 * frame : 10 + 6 * frame] = 255
    video = clip[None]
    windows, _ = cut_windows(video, usual_picture(video), Window(frames=9, side=16, per_clip=24, on_actor=1.0))
    assert ((windows == 255).all(dim=-1).flatten(1).any(dim=1)).float().mean() > 0.9
