"""A causal video autoencoder: 4 frames of 4×4 pixels become one place of a few channels, and back.

Axes: `b` batch, `f h w` frames and pixels, `z lh lw` latent frames and places, `c` channels, `d` width.

    video (b, f, h, w, 3), f = 1 + 4k
      → the first frame three more times in front, 4 frames × 2×2 pixels folded into channels   (b, 1+k, h/2, w/2, 48)
      → blocks at half resolution → space-to-depth → blocks at a quarter                        (b, 1+k, h/4, w/4, d)
      → mean and log-variance of each latent                                                   (b, 1+k, h/4, w/4, c)

The decoder is the mirror image. In time every layer looks back only, in both halves: later frames never change
earlier latents, later latents never change earlier frames; a minute can be decoded piece by piece (`decode_stream`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange, reduce, repeat
from torch import Tensor, nn

from minisora.errors import SettingError, ShapeError

__all__ = ["AutoencoderConfig", "VideoAutoencoder"]

TIME, SPACE, FOLD = 4, 4, 2  # frames and pixels of one latent; pixels folded before the first layer
PATCH = TIME * FOLD * FOLD * 3  # channels after folding
Memory = dict[nn.Module, Tensor]  # last frames that each layer in time has seen


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes of a `VideoAutoencoder`; saved as JSON with the weights.

    Args:
        latent_channels: `c` of the latents, ≥ 1.
        widths: channels at half and at a quarter of the resolution; the second divides four times the first.
        encoder_blocks: residual blocks of the encoder at half and at a quarter of the resolution, ≥ 0.
        decoder_blocks: the same for the decoder, which needs at least one block.
        taps: latent frames that a layer in time sees (itself and those before), ≥ 1.
    Raises:
        SettingError: a value outside these limits.
    """

    latent_channels: int = 8
    widths: tuple[int, int] = (48, 96)
    encoder_blocks: tuple[int, int] = (1, 1)
    decoder_blocks: tuple[int, int] = (2, 2)
    taps: int = 3

    def __post_init__(self) -> None:
        """Turn lists (from JSON) into tuples and check every value."""
        for name in ("widths", "encoder_blocks", "decoder_blocks"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        half, quarter = self.widths
        if min(self.latent_channels, self.taps, half, quarter) < 1:
            raise SettingError(f"latent_channels, taps and widths are at least 1, but {self} was given. Use 1 or more.")
        if (4 * half) % quarter:
            raise SettingError(f"widths={self.widths}: the second must divide {4 * half}. Use ({half}, {2 * half}).")
        if min(self.encoder_blocks + self.decoder_blocks) < 0 or max(self.decoder_blocks) < 1:
            raise SettingError(f"{self} needs 0 or more blocks, the decoder at least one. Use decoder_blocks=(1, 1).")


class SpaceConv(nn.Module):
    """A 3×3 convolution of every latent frame; its kernel is kept as one matrix, as Muon wants it."""

    def __init__(self, width: int, width_out: int) -> None:
        """Weights of variance 1/fan-in.

        Args:
            width: channels that enter.
            width_out: channels that leave.
        """
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width_out, 9 * width) * (9 * width) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(width_out))

    def forward(self, x: Tensor) -> Tensor:
        """(b, z, h, w, d) → (b, z, h, w, d_out); the outside of the picture counts as zero."""
        images = x.flatten(0, 1).permute(0, 3, 1, 2)  # (b·z, d, h, w), channels last in memory
        kernel = rearrange(self.weight, "o (i j d) -> o d i j", i=3, j=3)
        out: Tensor = rearrange(
            F.conv2d(images, kernel, self.bias, padding=1), "(b z) d h w -> b z h w d", z=x.shape[1]
        )
        return out


class TimeMix(nn.Module):
    """One linear layer over this latent frame and the `taps` - 1 before it: a causal convolution in time."""

    def __init__(self, width: int, taps: int) -> None:
        """Zero weights: at the start nothing moves between frames.

        Args:
            width: channels.
            taps: frames that are seen, itself included.
        """
        super().__init__()
        self.taps = taps
        self.linear = nn.Linear(taps * width, width)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x: Tensor, memory: Memory | None) -> Tensor:
        """(b, z, h, w, d) → the same shape; before the first frame stand zeros, or what `memory` kept."""
        seen = self.taps - 1
        past = x.new_zeros(x.shape[0], seen, *x.shape[2:])
        if memory is not None:
            past = memory.get(self, past)
        frames = torch.cat([past, x], dim=1)  # (b, seen + z, h, w, d)
        if memory is not None:
            memory[self] = frames[:, frames.shape[1] - seen :]
        stacked = torch.cat([frames[:, i : i + x.shape[1]] for i in range(self.taps)], dim=-1)
        out: Tensor = self.linear(stacked)
        return out


def normalise(x: Tensor) -> Tensor:
    """Mean 0 and variance 1 over the channels of each place, no weights."""
    return F.layer_norm(x, x.shape[-1:])


class Block(nn.Module):
    """x + time(x), then x + conv(conv(x)): pre-normalised residuals, SiLU between."""

    def __init__(self, width: int, taps: int) -> None:
        """The last convolution starts at zero, so that a new block changes nothing.

        Args:
            width: channels.
            taps: frames that the layer in time sees.
        """
        super().__init__()
        self.time = TimeMix(width, taps)
        self.first = SpaceConv(width, width)
        self.second = SpaceConv(width, width)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, memory: Memory | None) -> Tensor:
        """(b, z, h, w, d) → the same shape."""
        x = x + self.time(F.silu(normalise(x)), memory)
        update: Tensor = self.second(F.silu(self.first(F.silu(normalise(x)))))
        return x + update


class Down(nn.Module):
    """Half the height and width: a linear layer over 2×2 places, plus their channels averaged in groups."""

    def __init__(self, width: int, width_out: int) -> None:
        """A linear layer from 4·`width` to `width_out` channels.

        Args:
            width: channels that enter.
            width_out: channels that leave; divides 4·`width`.
        """
        super().__init__()
        self.linear = nn.Linear(4 * width, width_out)

    def forward(self, x: Tensor) -> Tensor:
        """(b, z, h, w, d) → (b, z, h/2, w/2, d_out)."""
        x = rearrange(x, "b z (h i) (w j) d -> b z h w (d i j)", i=2, j=2)
        learned: Tensor = self.linear(x)
        return learned + reduce(x, "b z h w (o g) -> b z h w o", "mean", o=self.linear.out_features)


class Up(nn.Module):
    """Twice the height and width: a linear layer to 2×2 places, plus the channels repeated."""

    def __init__(self, width: int, width_out: int) -> None:
        """A linear layer from `width` to 4·`width_out` channels.

        Args:
            width: channels that enter; divides 4·`width_out`.
            width_out: channels that leave.
        """
        super().__init__()
        self.linear = nn.Linear(width, 4 * width_out)

    def forward(self, x: Tensor) -> Tensor:
        """(b, z, h, w, d) → (b, z, 2h, 2w, d_out)."""
        copies = self.linear.out_features // x.shape[-1]
        x = self.linear(x) + repeat(x, "b z h w d -> b z h w (d g)", g=copies)
        places: Tensor = rearrange(x, "b z h w (d i j) -> b z (h i) (w j) d", i=2, j=2)
        return places


class VideoAutoencoder(nn.Module):
    """Video ↔ standardised latents, causal both ways. A single image is a video of one frame."""

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self, config: AutoencoderConfig) -> None:
        """Fresh weights; `latent_mean` 0 and `latent_std` 1 until the training has measured them.

        Args:
            config: the sizes.
        """
        super().__init__()
        self.config = config
        half, quarter = config.widths
        channels = config.latent_channels
        self.read = nn.Linear(PATCH, half)
        self.encode_half = nn.ModuleList(Block(half, config.taps) for _ in range(config.encoder_blocks[0]))
        self.down = Down(half, quarter)
        self.encode_quarter = nn.ModuleList(Block(quarter, config.taps) for _ in range(config.encoder_blocks[1]))
        self.to_latent = nn.Linear(quarter, 2 * channels)
        self.from_latent = SpaceConv(channels, quarter)
        self.decode_quarter = nn.ModuleList(Block(quarter, config.taps) for _ in range(config.decoder_blocks[1]))
        self.up = Up(quarter, half)
        self.decode_half = nn.ModuleList(Block(half, config.taps) for _ in range(config.decoder_blocks[0]))
        self.write = nn.Linear(half, PATCH)
        self.register_buffer("latent_mean", torch.zeros(channels))
        self.register_buffer("latent_std", torch.ones(channels))

    def latent_shape(self, num_frames: int, height: int, width: int) -> tuple[int, int, int, int]:
        """Latent frames, places and channels of a video of that size.

        Args:
            num_frames: 1 + 4k.
            height: pixels, a multiple of 4.
            width: pixels, a multiple of 4.
        Returns:
            (z, lh, lw, c).
        Raises:
            ShapeError: an illegal size; the message names the nearest legal ones.
        """
        if num_frames < 1 or num_frames % TIME != 1:
            below = max((num_frames - 1) // TIME * TIME + 1, 1)
            choice = f"{below} or {below + TIME}" if num_frames > 1 else "1"
            raise ShapeError(
                f"num_frames={num_frames}, but the autoencoder keeps frame 1 and packs the rest by {TIME}. "
                f"Use num_frames={choice}."
            )
        for name, size in (("height", height), ("width", width)):
            if size < SPACE or size % SPACE:
                below = max(size // SPACE * SPACE, SPACE)
                choice = f"{below} or {below + SPACE}" if size > SPACE else f"{SPACE}"
                raise ShapeError(f"{name}={size}, but the autoencoder needs multiples of {SPACE}. Use {name}={choice}.")
        return 1 + num_frames // TIME, height // SPACE, width // SPACE, self.config.latent_channels

    def encode_distribution(self, video: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior of the latents, not standardised: what the training samples from.

        Args:
            video: (b, f, h, w, 3) in [-1, 1], f = 1 + 4k, h and w multiples of 4.
        Returns:
            Mean and log-variance (the latter within [-20, 2]), each (b, z, lh, lw, c).
        Raises:
            ShapeError: other axes or an illegal size.
        """
        if video.ndim != 5 or video.shape[-1] != 3:
            raise ShapeError(
                f"A video has the axes (b, f, h, w, 3), but {tuple(video.shape)} was given. Use 5 axes, colours last."
            )
        self.latent_shape(*video.shape[1:4])
        video = torch.cat([video[:, :1].expand(-1, TIME - 1, -1, -1, -1), video], dim=1)  # (b, 4z, h, w, 3)
        x = self.read(rearrange(video, "b (z g) (h i) (w j) c -> b z h w (g i j c)", g=TIME, i=FOLD, j=FOLD))
        for block in self.encode_half:
            x = block(x, None)  # (b, z, h/2, w/2, d)
        x = self.down(x)
        for block in self.encode_quarter:
            x = block(x, None)  # (b, z, h/4, w/4, d)
        mean, logvar = self.to_latent(normalise(x)).float().chunk(2, dim=-1)
        return mean, logvar.clamp(-20.0, 2.0)

    def decode_raw(self, latents: Tensor, memory: Memory | None = None) -> Tensor:
        """Latents that are not standardised → video; with a `memory` from before, the continuation of that video.

        Args:
            latents: (b, z, lh, lw, c) on the scale of `encode_distribution`.
            memory: what the layers in time keep; empty at the start of a stream, changed in place.
        Returns:
            (b, f, h, w, 3), about [-1, 1]: f = 1 + 4(z-1) at a start, 4z in a continuation.
        """
        starts = not memory
        x = self.from_latent(latents)
        for block in self.decode_quarter:
            x = block(x, memory)  # (b, z, h/4, w/4, d)
        x = self.up(x)
        for block in self.decode_half:
            x = block(x, memory)  # (b, z, h/2, w/2, d)
        x = self.write(F.silu(normalise(x))).float()
        video: Tensor = rearrange(x, "b z h w (g i j c) -> b (z g) (h i) (w j) c", g=TIME, i=FOLD, j=FOLD)
        return video[:, TIME - 1 :] if starts else video

    def encode(self, video: Tensor) -> Tensor:
        """Video → standardised latents (mean of the posterior, so the same video always gives the same ones).

        Args:
            video: (b, f, h, w, 3) in [-1, 1], f = 1 + 4k, h and w multiples of 4.
        Returns:
            (b, z, lh, lw, c), z = 1 + k, about mean 0 and variance 1 in every channel.
        Raises:
            ShapeError: other axes or an illegal size.
        """
        mean, _ = self.encode_distribution(video)
        return (mean - self.latent_mean) / self.latent_std

    def decode(self, latents: Tensor) -> Tensor:
        """Standardised latents → video.

        Args:
            latents: (b, z, lh, lw, c).
        Returns:
            (b, 1 + 4(z-1), 4·lh, 4·lw, 3), cut to [-1, 1].
        Raises:
            ShapeError: other axes or another number of channels.
        """
        return next(self.decode_stream([latents]))

    def decode_stream(self, pieces: Iterable[Tensor]) -> Iterator[Tensor]:
        """Decode a long video piece by piece; together the pieces are what `decode` gives for all at once.

        Args:
            pieces: (b, z, lh, lw, c) standardised latents, in order, any z ≥ 1 each.
        Returns:
            Generator of (b, f, h, w, 3) in [-1, 1]: 1 + 4(z-1) frames for the first piece, 4z for each other.
        Raises:
            ShapeError: other axes or another number of channels.
        """
        memory: Memory = {}
        for latents in pieces:
            if latents.ndim != 5 or latents.shape[-1] != self.config.latent_channels:
                wanted = f"(b, z, lh, lw, {self.config.latent_channels})"
                raise ShapeError(f"Latents have the axes {wanted}, but {tuple(latents.shape)} was given. Use {wanted}.")
            yield self.decode_raw(latents * self.latent_std + self.latent_mean, memory).clamp(-1.0, 1.0)
