"""Clips that are given to a command: from a file, at the model's rate, with the words that lie beside it."""

import json
import sys
from pathlib import Path
from typing import Any

from minisora.errors import DataError

__all__ = ["beside", "read_clip", "shrunk"]


def read_clip(file: Path, fps: float) -> tuple[Any, str | None]:
    """A clip for a model.

    Args:
        file: mp4, webm, gif, a png sheet of frames, or a picture.
        fps: frames per second that the model works at; frames are left out or repeated to come near, and that is said.
    Returns:
        Frames uint8 (f, h, w, 3), and the sentence that was written beside the file, or None.
    Raises:
        DataError: it cannot be read.
    """
    import numpy as np

    from minisora.data.video_io import read_video

    frames, rate = read_video(file)
    about = beside(file)
    frames = shrunk(frames, int(about.get("scale", 1)))
    if len(frames) > 1 and abs(rate - fps) > 0.01:
        moments = np.arange(0, (len(frames) - 1) / rate + 1e-6, 1 / fps)
        frames = frames[np.round(moments * rate).astype(int).clip(0, len(frames) - 1)]
        print(f"minisora: {file} was fitted from {rate:g} to {fps:g} frames per second.", file=sys.stderr)
    segments = about.get("segments") or [{}]
    return frames, segments[-1].get("text") or about.get("prompt")


def beside(file: Path) -> dict[str, Any]:
    """What the JSON beside a clip says, nothing where there is none.

    Args:
        file: the clip.
    Raises:
        DataError: it is there, and cannot be read.
    """
    path = Path(f"{file}.json")
    if not path.is_file():
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return about if isinstance(about, dict) else {}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}). Delete it, or give --prompt.") from error


def shrunk(frames: Any, scale: int) -> Any:
    """Enlarged pixels back to one each; the middle one, which compression harms least.

    Args:
        frames: uint8 (f, h, w, 3).
        scale: the factor by which they were enlarged.
    Returns:
        uint8 (f, h/scale, w/scale, 3).
    """
    if scale <= 1 or frames.shape[1] % scale or frames.shape[2] % scale:
        return frames
    return frames[:, scale // 2 :: scale, scale // 2 :: scale]
