"""Clips on their way to a browser: all frames on one lossless picture, as a page without a kernel shows them, too."""

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.data.encoding import check_frames
from minisora.data.sheet import contact_sheet, sheet_layout

__all__ = ["Sheet", "film_png", "frame_png", "pack_frames"]

Sheet = dict[str, int]
QUICK = 1  # of PNG's nine levels; higher ones take long and save little


def pack_frames(frames: Any) -> tuple[bytes, Sheet]:
    """A clip as one picture.

    Args:
        frames: uint8 (f, h, w, 3), array or tensor.
    Returns:
        A PNG of every frame, exactly, and where each of them lies on it.
    Raises:
        ShapeError: it is no clip.
    """
    clip = check_frames(frames)
    return _png(contact_sheet(clip)), sheet_layout(clip.shape)


def frame_png(frame: Any) -> bytes:
    """One frame as a picture.

    Args:
        frame: uint8 (h, w, 3), array or tensor.
    Returns:
        A PNG.
    """
    return _png(np.ascontiguousarray(frame))


def film_png(frames: Any, scale: int = 2) -> str:
    """The film strip that stands for a clip where nothing can play.

    Args:
        frames: uint8 (f, h, w, 3), array or tensor.
        scale: whole factor of enlargement.
    Returns:
        A PNG in base64, as notebooks keep pictures.
    Raises:
        ShapeError: it is no clip.
    """
    return base64.b64encode(_png(contact_sheet(check_frames(frames), scale=scale))).decode()


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=QUICK)
    return file.getvalue()
