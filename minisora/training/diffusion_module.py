"""Training of the denoiser. Read `DiffusionModule.loss_of` first: it is the whole recipe on one screen.

Noise, times and which words are dropped follow from (seed, number of the batch) alone, so a run that was interrupted
goes on along the same curve.
"""

from copy import deepcopy
from dataclasses import dataclass, replace

import lightning as L
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from minisora.diffusion.flow import flow_loss, interpolate
from minisora.diffusion.guidance import guided
from minisora.diffusion.noise_levels import (
    LayoutMixture,
    NoiseLevels,
    NoiseMixture,
    sample_joint_levels,
    sample_levels,
)
from minisora.errors import SettingError
from minisora.models.text_encoder import TextEncoder, TextStates
from minisora.models.transformer import Noisy, VideoTransformer
from minisora.training.latents import LatentBatch, LayoutBatch
from minisora.training.optimizer import MuonAdamW, parameter_groups
from minisora.training.strides import Strides, draw_long_steps, mean_clean

FINEST = 0.1
USUAL_SHARE = 0.19  # of a frame's places that an actor of middling size touches
SIZE_WEIGHTS = (0.6, 1.8)  # of the largest and of the smallest actor
GIVEN = NoiseMixture(same=0.0, context=1.0, independent=0.0, rising=0.0)  # for clips that start late
WITHOUT = LayoutMixture(along=0.0, without=1.0, read=0.0)  # for clips whose layouts nobody knows


@dataclass(frozen=True)
class DenoiserLoss:
    """What is added up, and how much of each.

    Args:
        actor_weight: weight of a latent place that an actor of middling size touches; the others have 1.
        layout: weight of the layouts' error.
        no_words: share of captions replaced by the empty sentence, so that guidance has something to move away from.
    Raises:
        SettingError: a negative value or a share above 1.
    """

    actor_weight: float = 5.0
    layout: float = 0.3
    no_words: float = 0.1

    def __post_init__(self) -> None:
        if min(self.actor_weight, self.layout, self.no_words) < 0 or self.no_words > 1:
            raise SettingError(f"{self} has a negative value or a share above 1. Use no_words=0.1.")


class DiffusionModule(L.LightningModule):
    """Lightning module of the denoiser.

    Args:
        denoiser: what is trained.
        text_encoder: taught before, frozen here.
        mixture: how noise levels vary over frames.
        layouts: what is known of the layout while pixels are learned.
        loss: weights of the loss.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        seed: of noise and times.
        compile: use `torch.compile` for the blocks (needs a C++ compiler; half a minute at the start, then faster).
        strides: which long steps are learned, from the denoiser as it is now.
    """

    def __init__(
        self,
        denoiser: VideoTransformer,
        text_encoder: TextEncoder,
        mixture: NoiseMixture | None = None,
        layouts: LayoutMixture | None = None,
        loss: DenoiserLoss | None = None,
        muon_lr: float = 0.01,
        adamw_lr: float = 1.5e-3,
        seed: int = 0,
        compile: bool = False,
        strides: Strides | None = None,
    ) -> None:
        super().__init__()
        self.denoiser, self.strides = denoiser, strides or Strides()
        self.teacher = deepcopy(denoiser).eval().requires_grad_(False) if self.strides.rows else None
        self.text_encoder = text_encoder.eval().requires_grad_(False)
        self.mixture, self.layouts = mixture or NoiseMixture(), layouts or LayoutMixture()
        self.loss = loss or DenoiserLoss()
        self.muon_lr, self.adamw_lr, self.seed = muon_lr, adamw_lr, seed
        if compile:
            for block in denoiser.blocks:  # they are alike: half a minute instead of several for the whole network
                block.compile(dynamic=False)

    def transfer_batch_to_device(self, batch: LatentBatch, device: torch.device, dataloader_idx: int) -> LatentBatch:
        """Lightning can't look into a frozen dataclass; the batch moves itself."""
        return batch.to(device)

    def training_step(self, batch: LatentBatch, batch_idx: int) -> Tensor:
        """One loss; a loss that is no number stops the training before it can spoil the weights."""
        parts = self.loss_of(batch)
        if not torch.isfinite(parts["loss"]):
            raise FloatingPointError(f"The loss is {parts['loss'].item()} at step {self.global_step}.")
        self.log_dict({f"train/{key}": value.detach() for key, value in parts.items()}, prog_bar=True)
        loss: Tensor = parts["loss"]
        return loss

    def loss_of(self, batch: LatentBatch) -> dict[str, Tensor]:
        """Mix noise in, guess what is clean, compare: pixels along layouts, then layouts from words alone.

        The noise is drawn where the batch is: the same for the same seed on one device, another on another.

        Returns:
            "loss" and its parts, "flow" of the latents, "layout" of layouts beside latents, "plan" of layouts alone,
            "stride" of their long steps; scalars.
        """
        generator = torch.Generator(batch.latents.device)
        generator.manual_seed((self.seed + 10_007 * self.global_rank) * 1_000_003 + batch.step)
        parts = self._clips_loss(batch, generator)
        if batch.scenes is not None and self.denoiser.config.layout_channels:
            parts["plan"] = self._scenes_loss(batch.scenes, generator)
            if self.teacher is not None:
                parts["stride"] = self._strides_loss(self.teacher, batch.scenes, generator)
        weights = {"flow": 1.0, **dict.fromkeys(("layout", "plan", "stride"), self.loss.layout)}
        return {
            "loss": sum((weights[name] * part for name, part in parts.items()), torch.zeros(()).to(parts["flow"])),
            **parts,
        }

    def _clips_loss(self, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
        """The loss of latents, and of the layouts beside them."""
        clean, layouts = batch.latents, batch.layouts
        b, z = clean.shape[:2]
        reads = self.denoiser.config.layout_channels > 0
        mixture = self.layouts if reads and layouts is not None else WITHOUT
        frames = GIVEN if batch.late else self.mixture
        levels, layout_time = sample_joint_levels(b, z, replace(frames, shift=self.mixture.shift), mixture, generator)
        noise = torch.randn(clean.shape, generator=generator, device=clean.device).to(clean)
        time, layout_time = levels.time.to(clean), layout_time.to(clean)
        shape = (b, z, self.denoiser.config.layout_rows, self.denoiser.config.layout_channels)
        hidden = torch.randn(shape, generator=generator, device=clean.device).to(clean)
        layouts = torch.zeros_like(hidden) if layouts is None else layouts
        noisy = Noisy(interpolate(layouts, hidden, layout_time), layout_time) if reads else None
        text, told = self._read(batch, generator), None

        def network(noisy_latents: Tensor, time: Tensor) -> Tensor:
            nonlocal told
            guess, told = self.denoiser.both(Noisy(noisy_latents, time), noisy, text, fps=batch.fps)
            assert guess is not None  # noqa: S101 - for the type checker
            return guess

        counts = ~levels.is_context.to(clean.device)[..., None, None, None]
        flow = flow_loss(
            network, clean, noise, time, weight=place_weights(batch.covers, self.loss.actor_weight) * counts
        )
        if told is None or batch.layouts is None:
            return {"flow": flow}
        return {"flow": flow, "layout": layout_loss(told, layouts, layout_time, layout_time > self.layouts.layout_time)}

    def _scenes_loss(self, scenes: LayoutBatch, generator: torch.Generator) -> Tensor:
        """The loss of layouts that are drawn from the words alone."""
        clean = scenes.layouts
        mixture = replace(self.mixture, shift=self.layouts.shift)
        levels = sample_levels(clean.size(0), clean.size(1), mixture, generator)
        given = sample_levels(clean.size(0), clean.size(1), replace(GIVEN, shift=mixture.shift), generator)
        late = scenes.late[:, None]
        levels = NoiseLevels(*(torch.where(late, one, other) for one, other in zip(given, levels, strict=True)))
        noise = torch.randn(clean.shape, generator=generator, device=clean.device).to(clean)
        time = levels.time.to(clean)
        noisy = Noisy(interpolate(clean, noise, time), time)
        text = self._read(scenes, generator)
        guess = self.denoiser.both(None, noisy, text, fps=scenes.fps, aspect=scenes.aspect).layout
        assert guess is not None  # noqa: S101 - for the type checker
        return layout_loss(guess, clean, time, ~levels.is_context.to(clean.device))

    def _strides_loss(self, teacher: VideoTransformer, scenes: LayoutBatch, generator: torch.Generator) -> Tensor:
        """The loss of long steps; the teacher computes in float32, as in sampling."""
        rows = torch.randperm(len(scenes.captions), generator=generator, device=generator.device)[: self.strides.rows]
        scenes = scenes.rows(rows)
        clean, (b, z) = scenes.layouts, scenes.layouts.shape[:2]
        steps = draw_long_steps(self.strides, b, z, scenes.late.to(generator.device), generator)
        noise = torch.randn(clean.shape, generator=generator, device=clean.device).to(clean)
        noisy = interpolate(clean, noise, steps.time)
        text = self.text_encoder(scenes.captions)

        def network(noisy: Tensor, time: Tensor, text: TextStates, **about: Tensor) -> Tensor:
            guess = teacher.both(None, Noisy(noisy, time), text, **about).layout
            assert guess is not None  # noqa: S101 - for the type checker
            return guess

        with torch.autocast(clean.device.type, enabled=False):
            guide = guided(
                network, text, self.text_encoder([""]), self.strides.guidance,
                fps=scenes.fps, aspect=scenes.aspect, above=self.strides.above,
            )  # fmt: skip
            target = mean_clean(guide, noisy, steps, self.strides.substeps)
        guess = self.denoiser.both(
            None, Noisy(noisy, steps.time), text, span=steps.span, fps=scenes.fps, aspect=scenes.aspect
        ).layout
        assert guess is not None  # noqa: S101 - for the type checker
        return layout_loss(guess, target, steps.time, steps.span > 0)

    @torch.no_grad()
    def _read(self, batch: LatentBatch | LayoutBatch, generator: torch.Generator) -> TextStates:
        tokens = self.text_encoder.tokenize(batch.captions) if batch.tokens is None else batch.tokens  # (b, l)
        draw = torch.rand(len(tokens), generator=generator, device=generator.device)
        dropped = draw < self.loss.no_words  # (b,)
        said = tokens.to(dropped.device).masked_fill(dropped[:, None], self.text_encoder.padding)
        return self.text_encoder.encode_tokens(said)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Muon on the blocks' matrices, AdamW on the rest; `Budget` moves the rates."""
        groups = parameter_groups(self, self.muon_lr, self.adamw_lr, is_hidden)
        return MuonAdamW(groups)


def is_hidden(name: str, parameter: nn.Parameter) -> bool:
    """Whether Muon takes a parameter: the blocks' matrices, but not their small tables."""
    return "blocks." in name and name.endswith("weight")


def layout_loss(guess: Tensor, clean: Tensor, time: Tensor, counts: Tensor) -> Tensor:
    """Mean squared error of the velocity that a guess of the layout amounts to, so that exact places count.

    An error that nobody would see in the latents, a pixel, is a wobble in a path; over time squared, it counts as much
    near the clean end as a wrong side of the frame does near noise.

    Args:
        guess, clean: (b, z, 4, k).
        time: (b, z); times under `FINEST` are taken as that.
        counts: bool (b, z), False where nothing is to be learned.
    Returns:
        ().
    """
    finest = time.clamp(min=FINEST)
    error = (guess.to(clean.dtype) - clean).square().mean(dim=(2, 3)) / finest.square() * counts
    return error.sum() / counts.sum().clamp(min=1)


def place_weights(covers: Tensor, actor_weight: float) -> Tensor:
    """`actor_weight` at and next to latent places that an actor touches, more for a small actor, else 1.

    A small cross is made of a few places, each as telling as many of a large one; weighed alike, it would be learned
    last, and pass for a square until then.

    Args:
        covers: (b, 3, z, lh, lw), 0…1.
        actor_weight: 1 or less adds nothing.
    Returns:
        (b, z, lh, lw, 1).
    """
    touched = (covers > 0).to(covers).flatten(0, 1)  # (b × 3, z, lh, lw)
    near = F.max_pool2d(touched, 3, stride=1, padding=1).view_as(covers)
    share = near.mean(dim=(3, 4), keepdim=True)  # (b, 3, z, 1, 1)
    size = (USUAL_SHARE / share.clamp(min=1e-3)).clamp(*SIZE_WEIGHTS)
    return (1 + (actor_weight * size - 1).clamp(min=0) * near).amax(dim=1)[..., None]
