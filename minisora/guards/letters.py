"""The visible mark: a word in the lower right corner of every frame, for whoever asks for it."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.errors import SettingError, ShapeError

__all__ = ["WORDS", "check_letters", "write_letters"]

WORDS = "made with minisora"
SHORT = "minisora"  # where the frame is too narrow for all of them
SMALLEST = 9  # pixels, below which Pillow's own font cannot be read
SHARE = 0.05  # of the frame's shorter side


def write_letters(frames: Any, words: str | None = None) -> NDArray[np.uint8]:
    """Write words into the lower right corner, white with a dark outline. Enlarge frames first: letters want pixels.

    Args:
        frames: uint8 (…, h, w, 3), array or tensor.
        words: plain ASCII; None for "made with minisora", or "minisora" where that does not fit.
    Returns:
        uint8 (…, h, w, 3), a copy.
    Raises:
        SettingError: letters that the font lacks, or more than fit.
        ShapeError: other axes or another type.
    """
    array = np.array(frames)
    if array.ndim < 3 or array.shape[-1] != 3 or array.dtype != np.uint8:
        raise ShapeError(f"Letters go on uint8 (…, h, w, 3) in RGB; this is {array.dtype} {array.shape}.")
    height, width = array.shape[-3:-1]
    ink, cover = _stamp(_chosen(words, height, width), _size(height, width))
    down, across = cover.shape
    corner = array[..., height - down :, width - across :, :]
    corner[:] = np.where(cover[..., None], ink, corner)
    return array


def check_letters(height: int, width: int) -> None:
    """Refuse a frame that is too small for letters, before any work is done for it.

    Args:
        height, width: pixels, as they go into the file.
    Raises:
        SettingError: "minisora" does not fit.
    """
    _chosen(None, height, width)


def _size(height: int, width: int) -> int:
    return max(SMALLEST, round(SHARE * min(height, width)))


def _chosen(words: str | None, height: int, width: int) -> str:
    """The words, once it is sure that they fit."""
    wanted = (WORDS, SHORT) if words is None else (words,)
    if not wanted[0].isascii() or not wanted[0].isprintable() or not wanted[0].strip():
        raise SettingError(f"The visible mark {words!r} is not plain letters. Use ASCII, such as {WORDS!r}.")
    for text in wanted:
        down, across = _stamp(text, _size(height, width))[1].shape
        if down <= height and across <= width:
            return text
    raise SettingError(
        f"The visible mark {wanted[-1]!r} is {across}×{down} pixels, the frame {width}×{height}. "
        "Use a larger scale, such as scale=8."
    )


@lru_cache(maxsize=16)
def _stamp(text: str, size: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Letters on their outline: uint8 (h, w, 3), and bool (h, w), True where they cover the frame."""
    from PIL import Image, ImageDraw, ImageFont

    font, outline, margin = ImageFont.load_default(size=size), max(1, size // 12), max(2, size // 3)
    box = font.getbbox(text, stroke_width=outline)
    place = (outline - int(np.floor(box[0])), outline - int(np.floor(box[1])))
    shape = (int(np.ceil(box[2] - box[0])) + outline + margin, int(np.ceil(box[3] - box[1])) + outline + margin)
    picture = Image.new("RGBA", shape)
    draw = ImageDraw.Draw(picture)
    draw.text(place, text, font=font, fill="white", stroke_width=outline, stroke_fill="black")
    pixels = np.asarray(picture)
    return pixels[..., :3], pixels[..., 3] > 127
