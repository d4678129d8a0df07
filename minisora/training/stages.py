"""The stages that make a checkpoint, each a module built from settings that YAML can hold.

    text         captions alone       → tokenizer.json, text_encoder.safetensors
    reword       captions alone       → a text encoder that reads more wordings, for the denoiser that is there
    autoencoder  clips                → autoencoder.safetensors
    latents      clips, autoencoder   → kept latents
    layouts      scenes               → kept layouts
    denoiser     all of these         → denoiser.safetensors
    refine       the same             → a better denoiser.safetensors, from the one that is there

Every stage reads and writes one checkpoint folder, `weights`, and can be run alone where the earlier ones are there.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from minisora.data.buckets import Bucket
from minisora.diffusion.noise_levels import LayoutMixture, NoiseMixture
from minisora.errors import DataError
from minisora.models.autoencoder import VideoAutoencoder
from minisora.models.sizes import model_size
from minisora.models.storage import load_part
from minisora.models.text_encoder import TextEncoder, TextEncoderConfig, train_tokenizer
from minisora.models.transformer import TransformerConfig, VideoTransformer
from minisora.pipeline.devices import choose_device
from minisora.training.autoencoder_module import AutoencoderLoss, AutoencoderModule, Window
from minisora.training.diffusion_module import DenoiserLoss, DiffusionModule
from minisora.training.latents import (
    ClipPlan,
    LatentFolder,
    LayoutFolder,
    PlannedClips,
    UserClips,
    encode_clips,
    keep_layouts,
)
from minisora.training.rewording_module import RewordingModule
from minisora.training.strides import Strides
from minisora.training.text_module import CAPTION_STREAM, TextModule
from minisora.world import World, find_world

TOKENIZER_CAPTIONS = 8000


def make_text_encoder(world: World, config: TextEncoderConfig, seed: int = 0) -> TextEncoder:
    """A fresh text encoder with a tokenizer learned from captions of a world; the same for the same seed."""
    rng = np.random.default_rng([seed, CAPTION_STREAM, 0, 1])
    captions = [world.write(world.sample(rng), rng, short=0.3).text for _ in range(TOKENIZER_CAPTIONS)]
    return TextEncoder(config, train_tokenizer(captions, config.vocab_size))


def text_module(
    size: str = "nano",
    start_from: str | None = None,
    muon_lr: float = 0.02,
    adamw_lr: float = 2e-3,
    empty: float = 0.02,
    new: list[str] = [],  # noqa: B006 - never changed
    keep: float = 0.0,
    world: str = "shapes",
) -> TextModule:
    """Teaches a text encoder.

    Args:
        size: of the models, see `minisora.models.sizes`.
        start_from: a checkpoint (name, folder or hub id) whose encoder is taught further, None for a fresh one.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        empty: share of captions replaced by the empty sentence.
        new: entries of the world that the encoder that is started from has never heard of.
        keep: how much the slots of captions without those must stay as they were.
        world: name of the world whose captions are read; that of the data.
    """
    if start_from is None:
        encoder = make_text_encoder(find_world(world), model_size(size).text_encoder)
    else:
        loaded = load_part(start_from, "text_encoder")
        assert isinstance(loaded, TextEncoder)  # noqa: S101 - for the type checker
        encoder = loaded.train().requires_grad_(True)
    return TextModule(encoder, find_world(world), muon_lr, adamw_lr, empty, new, keep)


def rewording_module(
    weights: Path = Path("runs/nano/weights"),
    start_from: str | None = None,
    muon_lr: float = 0.005,
    adamw_lr: float = 5e-4,
    plain: float = 0.2,
    seed: int = 0,
) -> RewordingModule:
    """Teaches a text encoder more wordings, its slots staying what they are.

    Args:
        weights: checkpoint folder with the taught text encoder.
        start_from: another checkpoint (name, folder or hub id) whose encoder is taught.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        plain: share of captions that are read as they are.
        seed: of the noise.
    """
    encoder = load_part(start_from or weights, "text_encoder")
    assert isinstance(encoder, TextEncoder)  # noqa: S101 - for the type checker
    return RewordingModule(encoder, muon_lr, adamw_lr, plain, seed)


def autoencoder_module(
    size: str = "nano",
    start_from: str | None = None,
    loss: AutoencoderLoss = AutoencoderLoss(),  # noqa: B008 - frozen
    muon_lr: float = 0.03,
    adamw_lr: float = 2e-3,
    window: Window = Window(),  # noqa: B008 - frozen
) -> AutoencoderModule:
    """Trains an autoencoder.

    Args:
        size: of the models.
        start_from: a checkpoint (name, folder or hub id) to go on from, None for a fresh one.
        loss: weights of the loss.
        muon_lr, adamw_lr: learning rates of the matrices and of the rest.
        window: what is cut from the clips.
    """
    module = AutoencoderModule(model_size(size).autoencoder, loss, muon_lr, adamw_lr, window)
    if start_from is not None:
        module.model.load_state_dict(load_part(start_from, "autoencoder").state_dict())
    return module


def denoiser_module(
    weights: Path = Path("runs/nano/weights"),
    size: str = "nano",
    network: TransformerConfig | None = None,
    start_from: str | None = None,
    mixture: NoiseMixture = NoiseMixture(),  # noqa: B008 - frozen
    layouts: LayoutMixture = LayoutMixture(),  # noqa: B008 - frozen
    loss: DenoiserLoss = DenoiserLoss(),  # noqa: B008 - frozen
    muon_lr: float = 0.01,
    adamw_lr: float = 1.5e-3,
    seed: int = 0,
    compile: bool = False,
    strides: Strides = Strides(),  # noqa: B008 - frozen
) -> DiffusionModule:
    """Trains a denoiser.

    Args:
        weights: checkpoint folder with the taught text encoder.
        size: of the models.
        network: shape of a denoiser of your own, None for the size's.
        start_from: a checkpoint whose denoiser is trained further, None for a fresh one.
        mixture: how noise levels vary over frames.
        layouts: what is known of the layout while pixels are learned.
        loss: weights of the loss.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        seed: of noise and times.
        compile: use `torch.compile`.
        strides: which long steps are learned, from the denoiser that is started from.
    """
    text_encoder = load_part(start_from if start_from and not weights.is_dir() else weights, "text_encoder")
    if start_from is None:
        denoiser = VideoTransformer(network or model_size(size).denoiser)
    else:
        loaded = load_part(start_from, "denoiser")
        assert isinstance(loaded, VideoTransformer)  # noqa: S101 - for the type checker
        denoiser = grown(loaded, model_size(size).denoiser).train().requires_grad_(True)
    assert isinstance(text_encoder, TextEncoder)  # noqa: S101 - for the type checker
    return DiffusionModule(denoiser, text_encoder, mixture, layouts, loss, muon_lr, adamw_lr, seed, compile, strides)


def grown(denoiser: VideoTransformer, config: TransformerConfig) -> VideoTransformer:
    """A denoiser with the blocks and layers that a size has and it lacks; else as it is.

    What is new adds nothing yet: a fresh block is the identity, and the layers for layouts, for the last touch and for
    the frame's form answer zero. So the larger network begins as good as the smaller one.
    """
    have = denoiser.config
    wanted = replace(
        have,
        depth=max(have.depth, config.depth),
        layout_channels=have.layout_channels or config.layout_channels,
        finish=have.finish or config.finish,
        aspects=have.aspects or config.aspects,
    )
    if wanted == have:
        return denoiser
    larger = VideoTransformer(wanted)
    larger.load_state_dict(denoiser.state_dict(), strict=False)
    return larger


def encode_layouts(
    folder: Path = Path("runs/nano/layouts"),
    plan: ClipPlan = ClipPlan(num_clips=98_304, seed=1),  # noqa: B008 - frozen
    num_workers: int = 1,
    world: str = "shapes",
    more: dict[str, ClipPlan] = {},  # noqa: B006 - never changed
) -> LayoutFolder:
    """Think of scenes and keep their layouts.

    Args:
        folder: where they are kept.
        plan: which scenes, and the form, length and rate of their clips.
        num_workers: processes that think of scenes.
        world: name of the world that they are of.
        more: scenes for clips of other forms and rates, each kept in a folder beside the first, `folder-name`.
    """
    for name, other in more.items():
        keep_layouts(_beside(folder, name), PlannedClips(find_world(world), other), num_workers)
    return keep_layouts(folder, PlannedClips(find_world(world), plan), num_workers)


def _beside(folder: Path, name: str) -> Path:
    return folder.with_name(f"{folder.name}-{name}")


def encode_latents(
    weights: Path = Path("runs/nano/weights"),
    folder: Path = Path("runs/nano/latents"),
    plan: ClipPlan = ClipPlan(),  # noqa: B008 - frozen
    clips: Path | None = None,
    batch_size: int = 64,
    num_workers: int = 1,
    world: str = "shapes",
    more: dict[str, ClipPlan] = {},  # noqa: B006 - never changed
) -> LatentFolder:
    """Render (or read) clips, encode them once and keep their latents.

    Args:
        weights: checkpoint with the autoencoder: a folder, a shipped name or a hub id.
        folder: where the latents are kept; an interrupted call goes on.
        plan: which clips of the world; of `clips`, only its shape and rate count.
        clips: a folder of the user's own clips with `metadata.csv` or `metadata.jsonl`, in place of the world's.
        batch_size: clips encoded at once.
        num_workers: processes that render.
        world: name of the world that the scenes are of.
        more: clips of other forms and rates, each kept in a folder beside the first, `folder-name`.
    """
    autoencoder = load_part(str(weights), "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)  # noqa: S101 - for the type checker
    autoencoder.to(choose_device("auto"))
    if clips is None:
        for name, other in more.items():
            planned = PlannedClips(find_world(world), other)
            encode_clips(_beside(folder, name), planned, autoencoder, batch_size, num_workers)
        return encode_clips(folder, PlannedClips(find_world(world), plan), autoencoder, batch_size, num_workers)
    bucket = Bucket(plan.num_frames, plan.height, plan.width)
    own = UserClips(clips, bucket, plan.fps)
    if len(own) == 0:
        raise DataError(f"{clips} holds no clip that could be used; each one that was skipped is named above.")
    return encode_clips(folder, own, autoencoder, batch_size, 0)
