"""Each size builds, and a fresh network of it samples."""

from pathlib import Path

import pytest
import torch

from minisora.models.autoencoder import VideoAutoencoder
from minisora.models.sizes import SIZES
from minisora.models.storage import Parts
from minisora.models.text_encoder import TextEncoder, train_tokenizer
from minisora.models.transformer import VideoTransformer
from minisora.pipeline import TextToVideoPipeline


@pytest.mark.slow
@pytest.mark.parametrize("name", SIZES)
def test_a_fresh_network_samples_at_a_small_size(name: str, tmp_path: Path) -> None:
    size = SIZES[name]
    tokenizer = train_tokenizer(["a red circle moving right"], vocab_size=300)
    parts = Parts(
        VideoAutoencoder(size.autoencoder), TextEncoder(size.text_encoder, tokenizer), VideoTransformer(size.denoiser)
    )
    pipe = TextToVideoPipeline(parts, device="cpu")
    clips = pipe("a red circle", seed=0, num_frames=5, height=32, width=32, num_inference_steps=1)
    assert clips.frames.shape == (1, 5, 32, 32, 3)
    assert clips.frames.dtype == torch.uint8
