"""Training of the autoencoder: its loss (`autoencoder_loss`, start there), its optimiser, its LightningModule.

A batch is {"video": (b, f, h, w, 3) uint8}, with "background": (b, 3) uint8 where it is known (of crops, say).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import lightning
import torch
import torch.nn.functional as F
from einops import rearrange, reduce
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from minisora.errors import SettingError
from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.training.optimizer import MuonAdamW, parameter_groups
from minisora.training.schedule import trapezoid_at

__all__ = [
    "AutoencoderLoss",
    "AutoencoderModule",
    "autoencoder_loss",
    "background_colour",
    "freeze_encoder",
    "measure_latents",
    "optimiser_for",
    "pixel_weights",
    "to_floats",
]


@dataclass(frozen=True)
class AutoencoderLoss:
    """What is added up, and how much of each.

    Args:
        actor_weight: weight of a pixel that differs from the background; the others have 1.
        knee: error (pixels in [-1, 1]) up to which the loss is quadratic; linear beyond.
        divergence: weight of the Kullback-Leibler divergence (mean over latents) from a standard normal.
        latent_noise: largest extra noise that is decoded, as a share of each channel's deviation.
        half_size: weight of decoding averaged latents into the averaged video (after EQ-VAE, arXiv 2502.09509).
    Raises:
        SettingError: a negative value, or a knee of 0.
    """

    actor_weight: float = 5.0
    knee: float = 0.05
    divergence: float = 1e-5
    latent_noise: float = 0.1
    half_size: float = 0.0

    def __post_init__(self) -> None:
        """Check every value."""
        if min(self.actor_weight, self.divergence, self.latent_noise, self.half_size) < 0 or self.knee <= 0:
            raise SettingError(f"{self} has a negative weight or a knee of 0. Use 0 or more, and a knee such as 0.05.")


def to_floats(video: Tensor) -> Tensor:
    """Pixels as the models want them: uint8 0…255 → float [-1, 1], any shape."""
    return video.float() / 127.5 - 1.0


def background_colour(video: Tensor) -> Tensor:
    """The commonest colour, nearly: the median over frames and pixels of every channel.

    Args:
        video: (b, f, h, w, 3), any range.
    Returns:
        (b, 3), same range.
    """
    return rearrange(video[:, ::4, 1::4, 1::4], "b f h w c -> b (f h w) c").median(dim=1).values


def pixel_weights(video: Tensor, background: Tensor, actor_weight: float) -> Tensor:
    """`actor_weight` where a pixel differs from the background by more than 8 of 255 in a channel, else 1.

    Args:
        video: (b, f, h, w, 3) in [-1, 1].
        background: (b, 3) in [-1, 1].
        actor_weight: ≥ 0.
    Returns:
        (b, f, h, w, 1).
    """
    differs = (video - background[:, None, None, None]).abs().amax(dim=-1, keepdim=True) > 8 / 127.5
    return torch.where(differs, actor_weight, 1.0)


def weighted_error(decoded: Tensor, video: Tensor, weights: Tensor, knee: float) -> Tensor:
    """Weighted mean of the smooth absolute error, in units of the video."""
    error = F.smooth_l1_loss(decoded, video, reduction="none", beta=knee)
    return (error * weights).mean() / weights.mean()


def autoencoder_loss(
    model: VideoAutoencoder, video: Tensor, background: Tensor, settings: AutoencoderLoss
) -> dict[str, Tensor]:
    """One training loss: reconstruct from noised latents, keep the latents small.

    Args:
        model: what is trained.
        video: (b, f, h, w, 3) in [-1, 1].
        background: (b, 3) in [-1, 1].
        settings: weights.
    Returns:
        "loss" (their sum), "reconstruction", "divergence", with `half_size` also "half_size": scalars.
    """
    mean, logvar = model.encode_distribution(video)
    spread = mean.detach().std(dim=(0, 1, 2, 3)) * settings.latent_noise
    share = torch.rand(len(mean), 1, 1, 1, 1, device=mean.device)  # one noise level for each clip
    noise = torch.randn_like(mean) * (0.5 * logvar).exp() + torch.randn_like(mean) * share * spread
    latents = mean + noise
    weights = pixel_weights(video, background, settings.actor_weight)
    parts = {
        "reconstruction": weighted_error(model.decode_raw(latents), video, weights, settings.knee),
        "divergence": 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean(),
    }
    loss = parts["reconstruction"] + settings.divergence * parts["divergence"]
    if settings.half_size:
        small = [_halve(part) for part in (latents, video, weights)]
        parts["half_size"] = weighted_error(model.decode_raw(small[0]), small[1], small[2], settings.knee)
        loss = loss + settings.half_size * parts["half_size"]
    return {"loss": loss, **parts}


def _halve(x: Tensor) -> Tensor:
    """Mean of 2×2 places: (b, f, h, w, c) → (b, f, h/2, w/2, c)."""
    return reduce(x, "b f (h i) (w j) c -> b f h w c", "mean", i=2, j=2)


def optimiser_for(model: nn.Module, muon_rate: float, adamw_rate: float) -> MuonAdamW:
    """Muon on every matrix (kernels are kept as matrices, see `SpaceConv`), AdamW on the biases.

    Args:
        model: whose parameters that need gradients are given to the optimiser.
        muon_rate: learning rate of Muon, 0.01-0.05.
        adamw_rate: learning rate of AdamW.
    Returns:
        One optimiser.
    """
    return MuonAdamW(parameter_groups(model, muon_rate, adamw_rate, lambda _, weight: weight.ndim == 2))


@torch.no_grad()
def measure_latents(model: VideoAutoencoder, videos: Iterable[Tensor]) -> None:
    """Set `latent_mean` and `latent_std` from the posterior's mean over the given clips.

    Args:
        model: changed in place.
        videos: batches (b, f, h, w, 3) of uint8; some hundred clips are plenty.
    """
    latents = torch.cat([model.encode_distribution(to_floats(video))[0].flatten(0, 3) for video in videos])
    model.latent_mean.copy_(latents.mean(dim=0))
    model.latent_std.copy_(latents.std(dim=0).clamp_min(1e-4))


class AutoencoderModule(lightning.LightningModule):
    """The autoencoder under Lightning; near the end the decoder learns alone and without noise."""

    def __init__(
        self,
        config: AutoencoderConfig | None = None,
        loss: AutoencoderLoss | None = None,
        muon_rate: float = 0.03,
        adamw_rate: float = 2e-3,
        total_steps: int = 6000,
        decoder_alone: float = 0.1,
    ) -> None:
        """A fresh autoencoder.

        Args:
            config: its sizes; None for the `nano` ones.
            loss: weights of the loss; None for the defaults.
            muon_rate: learning rate of Muon.
            adamw_rate: learning rate of AdamW.
            total_steps: batches until the learning rates are zero.
            decoder_alone: last share in which the encoder is frozen and nothing is noised.
        """
        super().__init__()
        self.model = VideoAutoencoder(config or AutoencoderConfig())
        self.loss = loss or AutoencoderLoss()
        self.rates = (muon_rate, adamw_rate)
        self.total_steps = total_steps
        self.decoder_alone = decoder_alone

    def configure_optimizers(self) -> Any:
        """Muon and AdamW in one, with `trapezoid_at` over `total_steps`."""
        optimiser = optimiser_for(self.model, *self.rates)
        schedule = LambdaLR(optimiser, lambda step: trapezoid_at(step / self.total_steps, decay=0.6))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def loss_at(self, batch: dict[str, Tensor], progress: float) -> dict[str, Tensor]:
        """The loss of a batch when a share `progress` of the training is done.

        Args:
            batch: "video" and, where it is known, "background".
            progress: 0…1; freezes the encoder from 1 - `decoder_alone` on.
        Returns:
            As `autoencoder_loss`.
        """
        video = to_floats(batch["video"])
        background = to_floats(batch["background"]) if "background" in batch else background_colour(video)
        settings = self.loss
        if progress >= 1.0 - self.decoder_alone:
            freeze_encoder(self.model)
            settings = replace(settings, divergence=0.0, latent_noise=0.0, half_size=0.0)
        return autoencoder_loss(self.model, video, background, settings)

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        """Loss of one batch; its parts are logged as "train/…".

        Args:
            batch: as in `loss_at`.
            batch_idx: given by Lightning, changes nothing.
        Returns:
            The loss, a scalar.
        """
        parts = self.loss_at(batch, self.global_step / self.total_steps)
        self.log_dict({f"train/{name}": value.detach() for name, value in parts.items()}, prog_bar=True)
        return parts["loss"]

    def validation_step(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """Log the PSNR of reconstructions, in dB, as "valid/psnr".

        Args:
            batch: as in `loss_at`.
            batch_idx: given by Lightning, changes nothing.
        """
        video = to_floats(batch["video"])
        decoded = self.model.decode_raw(self.model.encode_distribution(video)[0]).clamp(-1, 1)
        error = (decoded - video).square().mean(dim=(1, 2, 3, 4)) / 4
        self.log("valid/psnr", (-10 * error.log10()).mean(), prog_bar=True)


def freeze_encoder(model: VideoAutoencoder) -> None:
    """Only the decoder goes on learning; the latents stay what they are."""
    for part in (model.read, model.encode_half, model.down, model.encode_quarter, model.to_latent):
        part.requires_grad_(False)
