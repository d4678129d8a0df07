"""Latents pushed, mixed and followed."""

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.pipeline import TextToVideoPipeline
from minisora.pipeline.exploring import follow, mix, push, still_clip


@pytest.fixture
def frames(tiny_pipe: TextToVideoPipeline) -> Tensor:
    rng = np.random.default_rng(0)
    return tiny_pipe.world.render(tiny_pipe.world.sample(rng, "one"), 9, 32, 48)


@pytest.fixture
def latents(tiny_pipe: TextToVideoPipeline, frames: Tensor) -> Tensor:
    return tiny_pipe.encode(frames[None])[0]


def test_a_push_moves_one_channel_and_nothing_else(latents: Tensor) -> None:
    moved = push(latents, 1, 2.5)
    assert (moved - latents)[..., 0].abs().max() == 0
    torch.testing.assert_close((moved - latents)[..., 1], torch.full(latents.shape[:3], 2.5))
    part = push(latents, 0, -1.0, patch=(1, 2)) - latents
    assert int((part != 0).sum()) == 3 * 4 * 4
    torch.testing.assert_close(part[:, 4:8, 8:12, 0], torch.full((3, 4, 4), -1.0))


def test_a_mix_lies_between(latents: Tensor) -> None:
    other = torch.randn(2, *latents.shape[1:])
    assert torch.equal(mix(latents, other, 0.0), latents[:2])
    assert torch.equal(mix(latents, other, 1.0), other)
    expected = [0.75 * float(a) + 0.25 * float(b) for a, b in zip(latents[:2].flatten(), other.flatten(), strict=True)]
    torch.testing.assert_close(mix(latents, other, 0.25).flatten(), torch.tensor(expected))


def test_a_patch_is_followed_to_its_token_and_back(
    tiny_pipe: TextToVideoPipeline, frames: Tensor, latents: Tensor
) -> None:
    patch = follow(tiny_pipe, frames, latents, 2, (1, 2))
    assert torch.equal(patch.pixels, frames[5:9, 16:32, 32:48])
    assert torch.equal(patch.latent, latents[2, 4:8, 8:12])
    assert torch.equal(patch.pixels_back, tiny_pipe.decode(latents[None])[0, 5:9, 16:32, 32:48])
    assert follow(tiny_pipe, frames, latents, 0, (0, 0)).pixels.shape == (1, 16, 16, 3)
    # A token of 32 numbers holds a patch of 4 × 4 × 2 whole, since its matrix can be undone.
    torch.testing.assert_close(patch.latent_back, patch.latent, atol=1e-3, rtol=1e-3)
    # And it is what stands before the first block: a change of it alone moves that token alone.
    seen = []
    layer = tiny_pipe.parts.denoiser.from_patches
    hook = layer.register_forward_hook(lambda _m, _given, answer: seen.append(answer))
    with torch.inference_mode():
        tiny_pipe.parts.denoiser(latents[None], torch.zeros(1, 3), tiny_pipe.states(["a star"]))
    hook.remove()
    torch.testing.assert_close(seen[0][0, 2, 1 * 3 + 2], patch.token)


def test_a_picture_stands_still() -> None:
    picture = torch.randint(0, 256, (8, 12, 3), dtype=torch.uint8)
    clip = still_clip(picture, 5)
    assert clip.shape == (5, 8, 12, 3)
    assert all(torch.equal(frame, picture) for frame in clip)


def test_what_is_not_there_is_refused(tiny_pipe: TextToVideoPipeline, frames: Tensor, latents: Tensor) -> None:
    with pytest.raises(SettingError, match="channel=2"):
        push(latents, 2, 1.0)
    with pytest.raises(SettingError, match="patch="):
        push(latents, 0, 1.0, patch=(2, 0))
    with pytest.raises(SettingError, match="share="):
        mix(latents, latents, 1.5)
    with pytest.raises(ShapeError):
        mix(latents, latents[:, :4], 0.5)
    with pytest.raises(SettingError, match="frame=3"):
        follow(tiny_pipe, frames, latents, 3, (0, 0))
