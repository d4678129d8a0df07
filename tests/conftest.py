"""What every test stands on: no network, no screen, nothing left behind, the same numbers at each run."""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_DATASETS_CACHE"] = tempfile.mkdtemp(prefix="minisora-datasets-")
os.environ["MPLBACKEND"] = "Agg"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

settings.register_profile("minisora", derandomize=True, deadline=None, database=None)
settings.load_profile("minisora")


def pytest_sessionfinish() -> None:
    """Remove the data sets that the tests built."""
    import shutil

    shutil.rmtree(os.environ["HF_DATASETS_CACHE"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked `gpu` where there is no CUDA device."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    import torch

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device"))


@pytest.fixture(autouse=True)
def _seeded() -> None:
    """Start every test from the same torch seed (tests that never load torch stay quick)."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture
def rng() -> np.random.Generator:
    """A numpy generator with a fixed seed, the `rng` that the world's verbs take."""
    return np.random.default_rng(0)


def _tiny(folder: Path, world_name: str) -> Path:
    """A whole checkpoint of random weights, far too small to draw anything, quick enough for every test."""
    import torch

    from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
    from minisora.models.storage import Parts, save_parts
    from minisora.models.text_encoder import TextEncoder, TextEncoderConfig, train_tokenizer
    from minisora.models.transformer import TransformerConfig, VideoTransformer
    from minisora.world import find_world
    from minisora.world.layout import layout_channels

    torch.manual_seed(0)
    rng, world = np.random.default_rng(0), find_world(world_name)
    tokenizer = train_tokenizer((world.describe(world.sample(rng), rng) for _ in range(40)), vocab_size=400)
    words = TextEncoderConfig(vocab_size=400, width=16, heads=2, depth=1, slot_depth=1, num_slots=4)
    space = AutoencoderConfig(latent_channels=2, widths=(4, 8), encoder_blocks=(0, 0), decoder_blocks=(1, 1))
    shape = TransformerConfig(
        latent_channels=2, patch=4, width=32, depth=2, heads=2, text_width=16, layout_channels=layout_channels(world),
        text_states=4,
    )  # fmt: skip
    parts = Parts(VideoAutoencoder(space), TextEncoder(words, tokenizer), VideoTransformer(shape))
    for layer in (
        parts.denoiser.to_patches,
        parts.denoiser.to_layout,
        *(block.attention.out for block in parts.denoiser.blocks),
    ):
        torch.nn.init.normal_(layer.weight, std=0.2)  # fresh ones are zero, and words would change nothing
    sampling = {"num_inference_steps": 3, "guidance_scale": 2.0, "layout_steps": 2}
    return save_parts(folder, parts, folder.name, world_name, sampling)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of random weights, of the first world."""
    return _tiny(tmp_path_factory.mktemp("checkpoints") / "tiny", "shapes")


@pytest.fixture(scope="session")
def tiny_pipe(tiny_checkpoint: Path) -> "TextToVideoPipeline":
    """A pipeline on the checkpoint of random weights."""
    from minisora.pipeline import TextToVideoPipeline

    return TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="float32")


@pytest.fixture(scope="session")
def tiny_stage(tmp_path_factory: pytest.TempPathFactory) -> "TextToVideoPipeline":
    """A pipeline on random weights, of the stage."""
    from minisora.pipeline import TextToVideoPipeline

    folder = _tiny(tmp_path_factory.mktemp("checkpoints") / "tiny-stage", "stage")
    return TextToVideoPipeline.from_pretrained(folder, device="cpu", dtype="float32")


@pytest.fixture(scope="session")
def book_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book, built as `make book` does, in which a warning is an error; or $MINISORA_BOOK, one that is built."""
    if built := os.environ.get("MINISORA_BOOK"):
        return Path(built).resolve()
    if not all(find_spec(name) for name in ("sphinx", "myst_nb", "sphinx_book_theme")):
        missing = "No Sphinx with what the book needs. Run: make install"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    root, folder = Path(__file__).parents[1], tmp_path_factory.mktemp("book")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(folder / "trees"), "book", str(folder / "site")],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path[1:]])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return folder / "site"
