"""What a caller gives, brought into one form or refused: frames, masks, numbers.

Every refusal says what was given, what is allowed, and what to type instead.
"""

import math
from os import PathLike
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from minisora.errors import SettingError, ShapeError

__all__ = ["as_clip", "as_mask", "finite", "short", "whole"]

FRAMES = "Frames are uint8 (f, h, w, 3) in RGB"
MASK = "A mask is bool (h, w) or (f, h, w)"


def as_clip(frames: Any) -> Tensor:
    """Frames as a tensor.

    Args:
        frames: uint8 (h, w, 3), (f, h, w, 3) or (b, f, h, w, 3), array, tensor, picture, or a list of frames.
    Returns:
        uint8 (f, h, w, 3) or (b, f, h, w, 3).
    Raises:
        ShapeError: other axes or another type; the message says how to convert them.
    """
    clip = _as_array(frames, FRAMES, "minisora.data.read_video({!r})[0]")
    if clip.ndim == 3 and clip.shape[-1] == 3:
        clip = clip[None]
    if clip.ndim not in (4, 5) or clip.shape[-1] != 3 or clip.dtype != torch.uint8 or 0 in clip.shape:
        raise ShapeError(f"{FRAMES}; these are {_named(clip)}. {_how_to_convert(clip)}")
    return clip


def _how_to_convert(clip: Tensor) -> str:
    """What to type in place of frames that are none."""
    if 0 in clip.shape:
        return "Give at least one frame."
    if clip.ndim in (4, 5) and clip.shape[-1] in (1, 2, 4):
        return "Use frames[..., :3]." if clip.shape[-1] == 4 else "Use frames[..., :1].repeat(3, axis=-1)."
    if clip.ndim == 3 and clip.shape[-1] == 4:
        return "Use frames[..., :3]."
    if clip.ndim in (3, 4, 5) and clip.shape[-3] == 3:
        return "Put the colours last: np.moveaxis(frames, -3, -1)."
    if clip.ndim in (2, 3) and clip.shape[-1] != 3:
        return "Give each grey value three times: np.stack([frames] * 3, axis=-1)."
    if clip.is_floating_point():
        return "If they lie from 0 to 1, use (frames * 255).round().astype('uint8')."
    if clip.dtype != torch.uint8 and clip.ndim in (4, 5):
        return "Scale them to 0 … 255, and use frames.astype('uint8')."
    return "Give one clip, frames first."


def as_mask(mask: Any) -> Tensor:
    """A mask as a tensor, whatever it counts with.

    Args:
        mask: (h, w) or (f, h, w): bool, numbers from 0 to 1 or from 0 to 255, of which the upper half is True.
    Returns:
        bool, the same axes.
    Raises:
        ShapeError: other axes, something that is no mask, or numbers that are none.
    """
    given = _as_array(mask, MASK, "minisora.data.read_video({!r})[0].mean(axis=-1) > 127")
    if given.ndim == 4 or (given.ndim == 3 and given.shape[-1] in (1, 3, 4)):
        raise ShapeError(f"{MASK}; this one is {_named(given)}. Use mask[..., 0].")
    if given.ndim not in (2, 3) or 0 in given.shape:
        raise ShapeError(f"{MASK}; this one is {_named(given)}. Give a flag for each pixel.")
    if given.is_complex() or not bool(torch.isfinite(given).all()):
        raise ShapeError(f"{MASK}; this one has values that are no numbers. Use np.nan_to_num(mask) > 0.5.")
    if given.dtype == torch.bool:
        return given
    return given > (127 if given.max() > 1 else 0.5)


def finite(name: str, value: Any, near: float) -> float:
    """A number that is one.

    Args:
        name: of the argument, for the message.
        value: what was given.
        near: a legal value, for the message.
    Returns:
        The number.
    Raises:
        SettingError: it is no number, or not a finite one.
    """
    try:
        if isinstance(value, (str, bytes)):  # float("2") would be 2, and compare with no number later
            raise TypeError("text")
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingError(f"{name}={short(value)} is no number. Use {name}={near:g}.") from error
    if not math.isfinite(number):
        raise SettingError(f"{name}={value}, but it is a finite number. Use {name}={near:g}.")
    return number


def whole(name: str, value: Any, near: int) -> int:
    """A whole number.

    Args:
        name: of the argument, for the message.
        value: what was given.
        near: a legal value, for the message where there is no number at all.
    Returns:
        The number.
    Raises:
        SettingError: it is no whole number.
    """
    if isinstance(value, int):
        return int(value)  # a large one would be rounded on the way through float
    number = finite(name, value, near)
    if number != int(number):
        raise SettingError(f"{name}={value}, but it is a whole number. Use {name}={round(number)}.")
    return int(number)


def short(value: Any, most: int = 60) -> str:
    """A value for a message, cut where it is long.

    Args:
        value: whatever was given.
        most: letters.
    Returns:
        Its `repr`.
    """
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}…"


# --- helpers ----------------------------------------------------------------------------------------------------------


def _as_array(given: Any, wanted: str, read: str) -> Tensor:
    """Whatever holds pixels, as a tensor on the CPU; `read` is how a file is read."""
    if isinstance(given, Tensor):
        return given.detach().cpu()
    if isinstance(given, (str, PathLike)):
        path = str(given)
        raise ShapeError(f"{wanted}; {short(path)} is the name of a file. Use {read.format(path[:80])}.")
    try:
        array: NDArray[Any] = np.array(given)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"{wanted}; these are of several sizes. Give all of them the same.") from error
    if array.dtype.kind not in "buif":
        raise ShapeError(f"{wanted}; this is {short(given)}, a {type(given).__name__}. Give an array or a tensor.")
    return torch.from_numpy(np.ascontiguousarray(array))


def _named(clip: Tensor) -> str:
    return f"{str(clip.dtype).removeprefix('torch.')} {tuple(clip.shape)}"
