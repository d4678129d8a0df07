"""All three sizes build, take a training step on a small clip, and sample."""

import pytest
import torch

from minisora.diffusion.flow import flow_loss
from minisora.errors import SettingError
from minisora.models.autoencoder import VideoAutoencoder
from minisora.models.sizes import SIZES, model_size
from minisora.models.storage import Parts
from minisora.models.text_encoder import TextEncoder, train_tokenizer
from minisora.models.transformer import VideoTransformer
from minisora.pipeline import TextToVideoPipeline

PROMPTS = ["a small red circle moving right", "a large blue star"]
HALF_PRECISION_BUDGET = {"nano": 25e6, "mini": 60e6}  # bytes of all parts together


def build(name: str) -> Parts:
    torch.manual_seed(0)
    size = model_size(name)
    tokenizer = train_tokenizer(PROMPTS, 300)
    return Parts(
        VideoAutoencoder(size.autoencoder), TextEncoder(size.text_encoder, tokenizer), VideoTransformer(size.denoiser)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", SIZES)
def test_builds_trains_a_few_steps_and_samples(name: str) -> None:
    parts = build(name)
    video = torch.rand(2, 5, 64, 64, 3) * 2 - 1
    with torch.no_grad():
        clean, text = parts.autoencoder.encode(video), parts.text_encoder(PROMPTS)
    noise, time = torch.randn_like(clean), torch.full(clean.shape[:2], 0.6)
    optimizer = torch.optim.AdamW(parts.denoiser.parameters(), 3e-4)
    losses = []
    for _ in range(3):
        loss = flow_loss(lambda noisy, at: parts.denoiser(noisy, at, text), clean, noise, time)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    clips = TextToVideoPipeline(parts)(PROMPTS, num_frames=5, height=64, width=64, num_inference_steps=2, seed=0)
    assert clips.frames.shape == (2, 5, 64, 64, 3)
    assert clips.frames.dtype == torch.uint8


@pytest.mark.parametrize("name", HALF_PRECISION_BUDGET)
def test_keeps_to_its_budget(name: str) -> None:
    parts = build(name)
    networks = (parts.autoencoder, parts.text_encoder, parts.denoiser)
    numbers = sum(p.numel() for network in networks for p in network.parameters())
    assert 2 * numbers < HALF_PRECISION_BUDGET[name]


def test_every_size_can_make_its_clip() -> None:
    for size in SIZES.values():
        shape = VideoAutoencoder(size.autoencoder).latent_shape(size.num_frames, size.height, size.width)
        assert shape[1] % size.denoiser.patch == 0


def test_unknown_size() -> None:
    with pytest.raises(SettingError, match="nano"):
        model_size("huge")
