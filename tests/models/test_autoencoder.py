"""The autoencoder: shapes, causality both ways, streams, standardised latents, errors; then its training loss."""

import dataclasses
import json

import pytest
import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import AutoencoderConfig, SpaceConv, TimeMix, VideoAutoencoder

TINY = AutoencoderConfig(latent_channels=3, widths=(8, 16), encoder_blocks=(1, 1), decoder_blocks=(1, 1))


def awake(model: VideoAutoencoder) -> VideoAutoencoder:
    """Layers that start at zero would hide a leak between frames: give every weight a value."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn_like(weight) * 0.2)
    return model.eval()


@pytest.fixture
def model() -> VideoAutoencoder:
    return awake(VideoAutoencoder(TINY))


def clip(frames: int, height: int = 16, width: int = 24, batch: int = 2) -> Tensor:
    return torch.rand(batch, frames, height, width, 3) * 2 - 1


@pytest.mark.parametrize(("frames", "latent_frames"), [(1, 1), (5, 2), (9, 3), (17, 5)])
@torch.no_grad()
def test_shapes(model: VideoAutoencoder, frames: int, latent_frames: int) -> None:
    video = clip(frames)
    latents = model.encode(video)
    assert latents.shape == (2, latent_frames, 4, 6, 3)
    assert latents.shape[1:] == model.latent_shape(frames, 16, 24)
    assert model.decode(latents).shape == video.shape


@torch.no_grad()
def test_later_frames_never_change_earlier_latents(model: VideoAutoencoder) -> None:
    video = clip(13)
    changed = video.clone()
    changed[:, 5:] = clip(8)
    before, after = model.encode(video), model.encode(changed)
    torch.testing.assert_close(before[:, :2], after[:, :2], rtol=0, atol=1e-5)
    assert ((before - after)[:, 2:].abs().amax(dim=(0, 2, 3, 4)) > 1e-3).all()


@torch.no_grad()
def test_the_first_latent_is_that_of_the_image(model: VideoAutoencoder) -> None:
    video = clip(9)
    torch.testing.assert_close(model.encode(video)[:, :1], model.encode(video[:, :1]), rtol=0, atol=1e-5)


@torch.no_grad()
def test_later_latents_never_change_earlier_frames(model: VideoAutoencoder) -> None:
    latents = torch.randn(2, 4, 4, 6, 3)
    changed = latents.clone()
    changed[:, 2:] = torch.randn(2, 2, 4, 6, 3)
    before, after = model.decode_raw(latents), model.decode_raw(changed)
    torch.testing.assert_close(before[:, :5], after[:, :5], rtol=0, atol=1e-5)
    assert ((before - after)[:, 5:].abs().amax(dim=(0, 2, 3, 4)) > 1e-3).all()


@pytest.mark.parametrize("pieces", [[1, 1, 1, 1, 1, 1], [2, 4], [5, 1]])
@torch.no_grad()
def test_a_stream_gives_the_same_video(model: VideoAutoencoder, pieces: list[int]) -> None:
    latents = torch.randn(1, 6, 4, 4, 3)
    whole = model.decode(latents)
    streamed = torch.cat(list(model.decode_stream(latents.split(pieces, dim=1))), dim=1)
    torch.testing.assert_close(streamed, whole, rtol=0, atol=1e-5)


@torch.no_grad()
def test_time_reaches_as_far_as_it_says() -> None:
    layer = TimeMix(2, taps=3)
    torch.nn.init.normal_(layer.linear.weight)
    x = torch.zeros(1, 6, 1, 1, 2)
    x[0, 1] = 1.0
    touched = layer(x, None).abs().sum(dim=(0, 2, 3, 4)) > 0
    assert touched.tolist() == [False, True, True, True, False, False]


@torch.no_grad()
def test_space_convolution_is_the_sum_over_the_neighbours() -> None:
    layer = SpaceConv(2, 3)
    x = torch.randn(1, 2, 4, 5, 2)
    kernel = layer.weight.view(3, 3, 3, 2)  # out, row, column, in
    wanted = layer.bias.clone()
    for row in range(3):
        for column in range(3):
            wanted = wanted + kernel[:, row, column] @ x[0, 1, 1 + row, 2 + column]
    torch.testing.assert_close(layer(x)[0, 1, 2, 3], wanted, rtol=0, atol=1e-5)


@torch.no_grad()
def test_latents_are_standardised(model: VideoAutoencoder) -> None:
    mean, _ = model.encode_distribution(clip(5))
    model.latent_mean.copy_(torch.tensor([1.0, -2.0, 0.5]))
    model.latent_std.copy_(torch.tensor([2.0, 0.5, 3.0]))
    torch.manual_seed(1)
    video = clip(5)
    mean, _ = model.encode_distribution(video)
    latents = model.encode(video)
    torch.testing.assert_close(latents[..., 1], (mean[..., 1] + 2.0) / 0.5)
    torch.testing.assert_close(model.decode(latents), model.decode_raw(mean).clamp(-1, 1), rtol=0, atol=1e-4)
    assert {"latent_mean", "latent_std"} <= model.state_dict().keys()


@torch.no_grad()
def test_the_same_twice(model: VideoAutoencoder) -> None:
    video = clip(5)
    assert torch.equal(model.encode(video), model.encode(video))
    latents = model.encode(video)
    assert torch.equal(model.decode(latents), model.decode(latents))


@torch.no_grad()
def test_clips_of_a_batch_do_not_meet(model: VideoAutoencoder) -> None:
    video = clip(5, batch=3)
    torch.testing.assert_close(model.encode(video)[1:2], model.encode(video[1:2]), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ((18, 16, 16), "num_frames=17 or 21"),
        ((16, 16, 16), "num_frames=13 or 17"),
        ((2, 16, 16), "num_frames=1 or 5"),
        ((0, 16, 16), "num_frames=1"),
        ((17, 18, 16), "height=16 or 20"),
        ((17, 16, 63), "width=60 or 64"),
        ((17, 16, 2), "width=4"),
    ],
)
def test_illegal_sizes_name_the_nearest(model: VideoAutoencoder, size: tuple[int, int, int], message: str) -> None:
    with pytest.raises(ShapeError, match=f"Use {message}\\."):
        model.latent_shape(*size)
    if min(size) > 0:
        with pytest.raises(ShapeError, match=message):
            model.encode(torch.zeros(1, *size, 3))


def test_other_axes_are_refused(model: VideoAutoencoder) -> None:
    with pytest.raises(ShapeError, match="colours last"):
        model.encode(torch.zeros(1, 3, 5, 16, 16))
    with pytest.raises(ShapeError, match=r"\(b, z, lh, lw, 3\)"):
        model.decode(torch.zeros(1, 2, 4, 4, 5))


def test_configuration_survives_json() -> None:
    again = AutoencoderConfig(**json.loads(json.dumps(dataclasses.asdict(TINY))))
    assert again == TINY
    assert isinstance(again.widths, tuple)


@pytest.mark.parametrize(
    "wrong",
    [{"latent_channels": 0}, {"taps": 0}, {"widths": (8, 24)}, {"encoder_blocks": (-1, 0)}, {"decoder_blocks": (0, 0)}],
)
def test_impossible_configurations_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingError, match="Use"):
        AutoencoderConfig(**wrong)  # type: ignore[arg-type]
