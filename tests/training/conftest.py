"""A tiny checkpoint and a few kept latents, made once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.models.storage import save_part
from minisora.models.text_encoder import TextEncoderConfig
from minisora.training import stages
from minisora.training.latents import (
    ClipPlan,
    LatentFolder,
    LayoutFolder,
    PlannedClips,
    encode_clips,
    keep_layouts,
)
from minisora.training.stages import make_text_encoder
from minisora.world import SHAPES

TINY_TEXT = TextEncoderConfig(vocab_size=300, max_tokens=64, width=16, depth=1, slot_depth=1, heads=2, num_slots=8)
TINY_AUTOENCODER = AutoencoderConfig(latent_channels=4, widths=(8, 16), encoder_blocks=(0, 1), decoder_blocks=(0, 1))
TINY_PLAN = ClipPlan(num_clips=12, num_frames=5, height=32, width=32)


@pytest.fixture(scope="session", autouse=True)
def _few_captions() -> Iterator[None]:
    """Tokenizers learn from a few captions: they are lossless whatever they have read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "TOKENIZER_CAPTIONS", 400)
        yield


@pytest.fixture(scope="session")
def tiny_plan() -> ClipPlan:
    """Twelve clips of five small frames."""
    return TINY_PLAN


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder with a random autoencoder and a random text encoder."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    save_part(folder, "autoencoder", VideoAutoencoder(TINY_AUTOENCODER))
    save_part(folder, "text_encoder", make_text_encoder(SHAPES, TINY_TEXT))
    return folder


@pytest.fixture(scope="session")
def tiny_latents(tmp_path_factory: pytest.TempPathFactory, tiny_weights: Path) -> LatentFolder:
    """Twelve kept clips of two latent frames."""
    from minisora.models.storage import load_part

    folder = tmp_path_factory.mktemp("latents")
    autoencoder = load_part(tiny_weights, "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)
    return encode_clips(folder, PlannedClips(SHAPES, TINY_PLAN), autoencoder, batch_size=5, num_workers=0)


@pytest.fixture(scope="session")
def tiny_layouts(tmp_path_factory: pytest.TempPathFactory) -> LayoutFolder:
    """Twelve kept layouts of two latent frames, of other scenes."""
    plan = replace(TINY_PLAN, seed=1)
    return keep_layouts(tmp_path_factory.mktemp("layouts"), PlannedClips(SHAPES, plan), num_workers=0)
