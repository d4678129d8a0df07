"""Training of the autoencoder: its loss (`autoencoder_loss`, start there), its optimiser, its LightningModule.

A batch is {"video": (b, f, h, w, 3) uint8}; further keys do not matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import lightning
import torch
import torch.nn.functional as F
from einops import rearrange, reduce
from torch import Tensor, nn

from minisora.errors import SettingError
from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.training.budget import Budget
from minisora.training.optimizer import MuonAdamW, parameter_groups

__all__ = [
    "AutoencoderLoss",
    "AutoencoderModule",
    "Window",
    "autoencoder_loss",
    "background_colour",
    "cut_windows",
    "detail_weights",
    "freeze_encoder",
    "measure_latents",
    "optimiser_for",
    "pixel_weights",
    "to_floats",
    "usual_picture",
]


@dataclass(frozen=True)
class AutoencoderLoss:
    """What is added up, and how much of each.

    Args:
        actor_weight: weight of a pixel that differs from the background; the others have 1.
        detail: give that weight to pixels that differ from their surroundings instead, and look for windows where
            something moves: for clips of places, which have no one background.
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
    latent_noise: float = 0.15
    half_size: float = 0.0
    detail: bool = False

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


def detail_weights(video: Tensor, weight: float) -> Tensor:
    """`weight` where a pixel differs from the mean of the 9×9 round it by more than 8 of 255 in a channel, else 1.

    Args:
        video: (b, f, h, w, 3) in [-1, 1].
        weight: ≥ 0.
    Returns:
        (b, f, h, w, 1).
    """
    images = rearrange(video, "b f h w c -> (b f) c h w")
    mean = F.avg_pool2d(images, 9, stride=1, padding=4, count_include_pad=False)
    differs = (images - mean).abs().amax(dim=1) > 8 / 127.5  # (b·f, h, w)
    return torch.where(differs, weight, 1.0).view(*video.shape[:4], 1)


def usual_picture(video: Tensor) -> Tensor:
    """What stands still in a clip: the median over the frames, (b, f, h, w, 3) → (b, h, w, 3)."""
    return video.median(dim=1).values


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
        background: (b, 3) in [-1, 1]; not read where `settings.detail`.
        settings: weights.
    Returns:
        "loss" (their sum), "reconstruction", "divergence", with `half_size` also "half_size": scalars.
    """
    mean, logvar = model.encode_distribution(video)
    spread = mean.detach().std(dim=(0, 1, 2, 3)) * settings.latent_noise
    share = torch.rand(len(mean), 1, 1, 1, 1, device=mean.device)  # one noise level for each clip
    noise = torch.randn_like(mean) * (0.5 * logvar).exp() + torch.randn_like(mean) * share * spread
    latents = mean + noise
    if settings.detail:
        weights = detail_weights(video, settings.actor_weight)
    else:
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


@dataclass(frozen=True)
class Window:
    """A part of a clip: so many frames, so many pixels high and wide, so many parts of each clip.

    Args:
        frames: 1 + 4k.
        side: pixels, a multiple of 4 (of 8 with a half-size loss).
        per_clip: windows cut from each clip of a batch.
        on_actor: share of windows that look at an actor; the others lie anywhere.
    Raises:
        SettingError: a size that the autoencoder cannot pack, or a share outside 0…1.
    """

    frames: int = 9
    side: int = 32
    per_clip: int = 2
    on_actor: float = 0.85

    def __post_init__(self) -> None:
        """Check every value."""
        if self.frames % 4 != 1 or self.side % 4 or min(self.side, self.per_clip) < 1 or not 0 <= self.on_actor <= 1:
            raise SettingError(f"{self} cannot be cut. Use 1 + 4k frames, a side that 4 divides, a share within 0…1.")


def cut_windows(video: Tensor, background: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """Random windows, their places drawn from torch's own generator.

    Args:
        video: (b, f, h, w, 3) uint8.
        background: (b, 3) uint8, or a picture (b, h, w, 3): an actor is what differs from it.
        window: their size and number; cut down to the clip where that is smaller.
    Returns:
        (b·per_clip, frames, side, side, 3) uint8, and the background of each.
    """
    video, background = (x.repeat_interleave(window.per_clip, dim=0) for x in (video, background))
    pairs = zip(video, background, strict=True)
    return torch.stack([_cut(clip, colour, window) for clip, colour in pairs]), background


def _cut(clip: Tensor, colour: Tensor, window: Window) -> Tensor:
    """One window of a clip (f, h, w, 3)."""
    clip = clip[_start(len(clip), window.frames, None) :][: window.frames]
    frame = clip[int(torch.randint(len(clip), ()))]
    actor = ((frame.int() - colour.int()).abs().amax(dim=-1) > 8).nonzero()  # (n, 2): row and column
    looks = len(actor) > 0 and float(torch.rand(())) < window.on_actor
    middle = actor[int(torch.randint(len(actor), ()))].tolist() if looks else (None, None)
    top, left = (_start(size, window.side, at) for size, at in zip(frame.shape[:2], middle, strict=True))
    return clip[:, top : top + window.side, left : left + window.side]


def _start(size: int, part: int, middle: int | None) -> int:
    """Where a part begins: anywhere that it fits in, or with `middle` in its inner two thirds as far as it fits."""
    room = max(size - part, 0)
    if middle is None:
        return int(torch.randint(room + 1, ()))
    shift = int(torch.randint(-(part // 3), part // 3 + 1, ()))
    return min(max(middle + shift - part // 2, 0), room)


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
    """The autoencoder under Lightning, in three acts.

    It learns on small windows, mostly round actors, since most of a clip is plain ground; then on whole clips; in the
    end the decoder learns alone, on latents without noise.
    """

    def __init__(
        self,
        config: AutoencoderConfig | None = None,
        loss: AutoencoderLoss | None = None,
        muon_rate: float = 0.03,
        adamw_rate: float = 2e-3,
        window: Window | None = None,
        whole_from: float = 0.85,
        decoder_from: float = 0.9,
    ) -> None:
        """A fresh autoencoder.

        Args:
            config: its sizes; None for the defaults.
            loss: weights of the loss; None for the defaults.
            muon_rate: learning rate of Muon.
            adamw_rate: learning rate of AdamW.
            window: what is cut from the clips; None for the defaults.
            whole_from: share of the training after which clips are no longer cut.
            decoder_from: share after which the encoder stays what it is.
        """
        super().__init__()
        self.model = VideoAutoencoder(config or AutoencoderConfig())
        self.loss = loss or AutoencoderLoss()
        self.window = window or Window()
        self.rates = (muon_rate, adamw_rate)
        self.whole_from, self.decoder_from = whole_from, decoder_from

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Muon on the matrices, AdamW on the biases; `Budget` moves the rates."""
        return optimiser_for(self.model, *self.rates)

    def progress(self) -> float:
        """Share of the training that is done, 0…1: that of the `Budget`, else steps of the trainer's `max_steps`."""
        for callback in self.trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, Budget):
                return callback.progress(self.trainer)
        return self.global_step / self.trainer.max_steps if self.trainer.max_steps > 0 else 0.0

    def loss_at(self, batch: dict[str, Tensor], progress: float) -> dict[str, Tensor]:
        """The loss of a batch when a share `progress` of the training is done.

        Args:
            batch: "video", (b, f, h, w, 3) uint8.
            progress: 0…1.
        Returns:
            As `autoencoder_loss`.
        """
        video, settings = batch["video"], self.loss
        background = usual_picture(video) if settings.detail else background_colour(video)
        if progress < self.whole_from:
            video, background = cut_windows(video, background, self.window)
        if progress >= self.decoder_from:
            freeze_encoder(self.model)
            settings = replace(settings, divergence=0.0, latent_noise=0.0, half_size=0.0)
        return autoencoder_loss(self.model, to_floats(video), to_floats(background), settings)

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        """Loss of one batch; its parts are logged as "train/…".

        Args:
            batch: as in `loss_at`.
            batch_idx: given by Lightning, changes nothing.
        Returns:
            The loss, a scalar.
        """
        parts = self.loss_at(batch, self.progress())
        logged = {f"train/{name}": value.detach() for name, value in parts.items()}
        self.log_dict(logged, prog_bar=True, batch_size=len(batch["video"]))
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
