"""What the latents hold: push one channel, mix two clips, follow one patch from pixels to latent to token and back.

    latents = pipe.encode(clip.frames)[0]
    pipe.decode(push(latents, channel=2, amount=2.0)[None])

Axes: `z lh lw` latent frames and places, `c` channels, `p` places on a side of a patch, `d` width of a token.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import SPACE, TIME

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import TextToVideoPipeline

__all__ = ["Patch", "follow", "mix", "push", "still_clip"]

Place = tuple[int, int]


@dataclass(frozen=True)
class Patch:
    """One patch on its way.

    Attributes:
        pixels: uint8 (g, 4p, 4p, 3), as they were; g is 1 in the first latent frame, else 4.
        latent: (p, p, c), standardised.
        token: (d,), what the denoiser makes of it, before place and words are added.
        latent_back: (p, p, c), the latent that such a token stands for.
        pixels_back: uint8, as `pixels`, decoded with all places around it.
    """

    pixels: Tensor
    latent: Tensor
    token: Tensor
    latent_back: Tensor
    pixels_back: Tensor


def push(latents: Tensor, channel: int, amount: float, patch: Place | None = None, side: int = 4) -> Tensor:
    """Move one channel, everywhere or in one patch of every frame.

    Args:
        latents: (z, lh, lw, c), standardised.
        channel: which one, from 0.
        amount: in standard deviations of that channel.
        patch: (row, column) of a patch; None is everywhere.
        side: places on a side of a patch.
    Returns:
        The same shape, a copy.
    Raises:
        SettingError: there is no such channel or patch.
    """
    channels = latents.shape[-1]
    if not 0 <= channel < channels:
        raise SettingError(f"channel={channel}, but there are {channels}, counted from 0. Use channel=0.")
    rows, columns = _cut(latents, patch, side)
    moved = latents.clone()
    moved[:, rows, columns, channel] += amount
    return moved


def mix(one: Tensor, other: Tensor, share: float) -> Tensor:
    """Something between two clips.

    Args:
        one, other: (z, lh, lw, c), of the same size; the longer one is cut.
        share: of the other one, 0 to 1.
    Returns:
        (z, lh, lw, c).
    Raises:
        SettingError: the share is not between 0 and 1.
        ShapeError: the two are of different sizes.
    """
    if not 0 <= share <= 1:
        raise SettingError(f"share={share}, but it goes from 0, all of one, to 1, all of the other. Use share=0.5.")
    if one.shape[1:] != other.shape[1:]:
        raise ShapeError(f"The latents are {tuple(one.shape[1:])} and {tuple(other.shape[1:])}. Use two of one size.")
    frames = min(len(one), len(other))
    return (1 - share) * one[:frames] + share * other[:frames]


def still_clip(picture: Tensor, num_frames: int) -> Tensor:
    """A picture as a clip in which nothing moves.

    Args:
        picture: uint8 (h, w, 3).
        num_frames: f.
    Returns:
        uint8 (f, h, w, 3).
    """
    return picture[None].repeat(num_frames, 1, 1, 1)


@torch.inference_mode()
def follow(
    pipe: "TextToVideoPipeline",
    frames: Tensor,
    latents: Tensor,
    frame: int,
    patch: Place,
    decoded: Tensor | None = None,
) -> Patch:
    """Follow one patch from pixels to latent to token and back.

    The way back from the token is the least-squares inverse of the matrix that makes tokens: what it cannot give back,
    no layer above could know. The way back to pixels is the decoder.

    Args:
        pipe: whose networks these are.
        frames: uint8 (f, h, w, 3), the clip.
        latents: (z, lh, lw, c), its latents, which may have been changed since.
        frame: latent frame, from 0.
        patch: (row, column) of the patch.
        decoded: uint8 (f, h, w, 3), what the latents decode to, where it is known already.
    Returns:
        Every station.
    Raises:
        SettingError: there is no such frame or patch.
    """
    denoiser, side = pipe.parts.denoiser, pipe.parts.denoiser.config.patch
    if not 0 <= frame < len(latents):
        raise SettingError(f"frame={frame}, but there are {len(latents)} latent frames, counted from 0. Use frame=0.")
    rows, columns = _cut(latents, patch, side)
    latent = latents[frame, rows, columns].float()
    token = denoiser.from_patches(latent.flatten()[None])[0]
    matrix, shift = denoiser.from_patches.weight.float(), denoiser.from_patches.bias.float()  # (d, p × p × c), (d,)
    back = torch.linalg.lstsq(matrix.cpu(), (token - shift)[:, None].cpu()).solution
    decoded = pipe.decode(latents[None])[0] if decoded is None else decoded
    group = slice(0, 1) if frame == 0 else slice(1 + TIME * (frame - 1), 1 + TIME * frame)
    cut = (group, *(slice(SPACE * part.start, SPACE * part.stop) for part in (rows, columns)))
    return Patch(frames[cut], latent.cpu(), token.cpu(), back.view(latent.shape), decoded[cut])


def _cut(latents: Tensor, patch: Place | None, side: int) -> tuple[slice, slice]:
    """Rows and columns of places that a patch covers, all of them for None."""
    height, width = latents.shape[1:3]
    if patch is None:
        return slice(0, height), slice(0, width)
    row, column = patch
    most = height // side, width // side
    if not (0 <= row < most[0] and 0 <= column < most[1]):
        raise SettingError(f"patch={patch}, but there are {most[0]} rows and {most[1]} columns. Use patch=(0, 0).")
    return slice(side * row, side * (row + 1)), slice(side * column, side * (column + 1))
