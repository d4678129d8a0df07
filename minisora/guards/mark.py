"""The invisible mark: a fixed pattern of ±1 grey level in every frame that is saved, where nobody sees it.

The pattern is a square of 32×32 signs, laid side by side over the frame and the same in every frame, so that leaving
frames out cannot harm it. It is added before pixels are enlarged: in a file of `scale=8` each sign is a block of 8×8
pixels, coarse enough to live through ordinary compression. `minisora.safety.find_mark` looks for it.

The key is public, so the mark tells honest people what made a clip. It is no lock: who reads this file can take it
off, or put it on a clip that was made by something else. What cannot be forged is a signature (`minisora.safety.sign`).
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.errors import ShapeError

__all__ = ["KEY", "SIDE", "mark_frames", "mark_tile", "unmark_frames"]

KEY = "minisora"
SIDE = 32  # signs on a side of the square
LEVELS = 1  # of 255: with 1 the marked clip is 48 dB from the clip


def mark_tile(key: str = KEY) -> NDArray[np.int8]:
    """The pattern of a key.

    Args:
        key: any text; the same one always gives the same pattern, on every machine.
    Returns:
        int8 (32, 32), each -1 or 1, as evenly as the bits of a hash are.
    """
    digest = hashlib.shake_256(key.encode()).digest(SIDE * SIDE // 8)
    bits = np.unpackbits(np.frombuffer(digest, np.uint8)).astype(np.int8)
    return (2 * bits - 1).reshape(SIDE, SIDE)


def mark_frames(frames: Any, key: str = KEY) -> NDArray[np.uint8]:
    """Add the mark, before frames are enlarged.

    Args:
        frames: uint8 (…, h, w, 3), array or tensor; pieces of a clip may be marked one by one.
        key: of the pattern.
    Returns:
        uint8 (…, h, w, 3), each value changed by 1 of 255 at most; 0 and 255 are the ends.
    Raises:
        ShapeError: other axes or another type.
    """
    return _added(frames, LEVELS * mark_tile(key))


def unmark_frames(frames: Any, key: str = KEY) -> NDArray[np.uint8]:
    """Take the mark off frames that are known to have it, so that what is made from them and saved has it once.

    Args:
        frames: uint8 (…, h, w, 3), as large as they were when they were marked, and whole.
        key: of the pattern.
    Returns:
        uint8 (…, h, w, 3), what was marked; off by 1 where that was 0 or 255.
    Raises:
        ShapeError: other axes or another type.
    """
    return _added(frames, -LEVELS * mark_tile(key))


def _added(frames: Any, tile: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Frames with a square of changes laid side by side over them."""
    array = np.asarray(frames)
    if array.ndim < 3 or array.shape[-1] != 3 or array.dtype != np.uint8:
        raise ShapeError(f"The mark goes on uint8 (…, h, w, 3) in RGB; this is {array.dtype} {array.shape}.")
    height, width = array.shape[-3:-1]
    down, across = -(-height // SIDE), -(-width // SIDE)
    changes = np.tile(tile, (down, across))[:height, :width, None]
    return (array.astype(np.int16) + changes).clip(0, 255).astype(np.uint8)
