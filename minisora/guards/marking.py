"""Both marks on the way to a file, in the order in which they have to be put on."""

from typing import Any

import numpy as np

from minisora.guards.letters import write_letters
from minisora.guards.mark import mark_frames

__all__ = ["put_marks"]


def put_marks(frames: Any, scale: int, mark: bool = True, visible_mark: bool = False) -> tuple[Any, int]:
    """Frames as they go into a file.

    Args:
        frames: uint8 (f, h, w, 3), array or tensor.
        scale: whole factor by which the file enlarges them.
        mark: add the invisible mark, before they are enlarged.
        visible_mark: write letters into the corner; they want the enlarged pixels.
    Returns:
        Frames, and the factor by which they are still to be enlarged.
    Raises:
        SettingError: a factor that is none, or letters that do not fit.
        ShapeError: no clip.
    """
    marked = mark_frames(frames) if mark else frames
    if not visible_mark:
        return marked, scale
    from minisora.data.sheet import enlarge

    return write_letters(enlarge(np.asarray(marked), scale)), 1
