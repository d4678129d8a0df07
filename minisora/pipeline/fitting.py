"""Clips of another size, rate or length than the network's: fitted, and it is said how."""

import math
import warnings

import torch
from torch import Tensor
from torch.nn.functional import adaptive_max_pool2d, interpolate

from minisora.errors import ShapeError

__all__ = ["RATES", "FittedVideoWarning", "at_rate", "fit_mask", "fitted_size", "known_rate", "say_fitted", "scaled"]

RATES = (4.0, 8.0, 16.0)  # frames per second that the shipped networks are trained and graded at
SIZES = 0.5, 1.5  # the mean side of a frame that is left as it is, in sides of the network's own
FORMS = 0.5, 2.0  # each side of any frame, in the same unit
AT_ONCE = 64  # frames that are scaled together, since they are floats meanwhile


class FittedVideoWarning(UserWarning):
    """What was given was scaled, shortened or moved to what the model can work with."""


def say_fitted(message: str) -> None:
    """Warn that something was fitted.

    Args:
        message: a sentence that says how.
    """
    warnings.warn(message, FittedVideoWarning, stacklevel=6)


# --- sizes ------------------------------------------------------------------------------------------------------------


def fitted_size(size: tuple[int, int], own: tuple[int, int], multiple: int) -> tuple[int, int]:
    """The size near a given one that the network can work at.

    Args:
        size: height and width of what is given.
        own: those that the network is made for.
        multiple: of which both must be.
    Returns:
        Height and width: those given, where they are near the network's own and whole patches; else of the same form
        and as many pixels as the network's own, never narrower than half of its side or longer than two.
    """
    side = math.sqrt(own[0] * own[1])
    mean = math.sqrt(size[0] * size[1]) / side
    scale = 1.0 if SIZES[0] <= mean <= SIZES[1] else 1 / mean
    height, width = (min(max(length * scale, FORMS[0] * side), FORMS[1] * side) for length in size)
    return _whole_patches(height, multiple), _whole_patches(width, multiple)


def _whole_patches(length: float, multiple: int) -> int:
    return max(multiple, round(length / multiple) * multiple)


def scaled(clip: Tensor, height: int, width: int) -> Tensor:
    """A clip at another size.

    Args:
        clip: uint8 (f, h, w, 3).
        height, width: pixels.
    Returns:
        uint8 (f, height, width, 3), smoothed.
    """
    pieces = []
    for piece in clip.split(AT_ONCE):
        planes = interpolate(
            piece.permute(0, 3, 1, 2).float(), size=(height, width), mode="bilinear", antialias=True
        )  # (n, 3, height, width)
        pieces.append(planes.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1))
    return torch.cat(pieces)


def fit_mask(mask: Tensor, given: tuple[int, ...], fitted: tuple[int, ...]) -> Tensor:
    """Scale and shorten a mask as its video was.

    Args:
        mask: bool (h, w) or (f, h, w).
        given: (f, h, w) of the video as it came.
        fitted: (f, h, w) of the video as it is worked on, with no more frames.
    Returns:
        bool (h, w) or (f, h, w) of the fitted size; a pixel is True where any that it is made of was.
    Raises:
        ShapeError: the mask is of another size than the video.
    """
    frames, height, width = given
    if tuple(mask.shape) not in ((height, width), (frames, height, width)):
        raise ShapeError(
            f"A mask for this video is ({height}, {width}) or ({frames}, {height}, {width}); this one is "
            f"{tuple(mask.shape)}. Scale it to {height}×{width}."
        )
    planes = mask[: fitted[0]] if mask.ndim == 3 else mask[None]
    if fitted[1:] != given[1:]:
        planes = adaptive_max_pool2d(planes.float(), fitted[1:]) > 0
    return planes if mask.ndim == 3 else planes[0]


# --- rates ------------------------------------------------------------------------------------------------------------


def known_rate(fps: float, own: float) -> float:
    """The rate at which a clip of some rate is worked on.

    Args:
        fps: its frames per second.
        own: the network's own rate.
    Returns:
        The same rate, where the network knows it; else the highest known one up to its own that leaves frames out, or
        the lowest: frames that are repeated would make what moves stutter.
    """
    known = sorted({own, *RATES})
    same = [rate for rate in known if abs(rate - fps) <= 0.01 * rate]
    below = [rate for rate in known if rate <= min(fps, own)]
    return same[0] if same else max(below, default=known[0])


def at_rate(frames: int, fps: float, wanted: float) -> list[int]:
    """Which frames of a clip are seen at another rate.

    Args:
        frames: that there are.
        fps: frames per second of the clip.
        wanted: of what is to be made of it.
    Returns:
        Their numbers; some are left out, or come twice.
    """
    count = 1 + math.floor((frames - 1) * wanted / fps + 1e-6)
    return [min(math.floor(k * fps / wanted + 0.5), frames - 1) for k in range(count)]
