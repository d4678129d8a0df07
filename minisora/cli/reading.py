"""Clips that are given to a command: from a file, at a rate that the model knows, with the words that lie beside it."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minisora.errors import DataError

__all__ = ["Given", "beside", "read_clip", "shrunk"]


@dataclass(frozen=True)
class Given:
    """A clip from a file.

    Attributes:
        frames: uint8 (f, h, w, 3).
        fps: frames per second.
        words: the sentence that was written beside the file, or None.
    """

    frames: Any
    fps: float
    words: str | None


def read_clip(file: Path, rate: Callable[[float], float]) -> Given:
    """A clip for a model.

    Args:
        file: mp4, webm, gif, a png sheet of frames, or a picture.
        rate: the frames per second at which a clip of some rate is to be worked on; frames are left out or repeated to
            come near, and that is said. A picture has that of 1.
    Returns:
        The clip.
    Raises:
        DataError: it cannot be read.
    """
    from minisora.data.video_io import read_video
    from minisora.guards.mark import unmark_frames
    from minisora.pipeline.fitting import at_rate

    frames, fps = read_video(file)
    about = beside(file)
    frames, wanted = shrunk(frames, about["scale"]), rate(fps)
    if about.get("mark") is True:
        frames = unmark_frames(frames)  # what is kept of a clip would else be marked anew each time it is gone on with
    if len(frames) > 1 and abs(fps - wanted) > 0.01 * wanted:
        frames = frames[at_rate(len(frames), fps, wanted)]
        print(f"minisora: {file} was fitted from {fps:g} to {wanted:g} frames per second.", file=sys.stderr)
    return Given(frames, wanted, about["segments"][-1]["text"] if about["segments"] else about["prompt"])


def beside(file: Path) -> dict[str, Any]:
    """What the JSON beside a clip says of it.

    Args:
        file: the clip.
    Returns:
        At least "scale", by which its pixels were enlarged, "world", that of the model which made it, "prompt", None
        where nothing is said, and "segments", the parts of a storyboard with their "text" and "stop".
    Raises:
        DataError: it is there, and cannot be read.
    """
    path = Path(f"{file}.json")
    try:
        read: Any = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read ({error}). Delete it, or move it elsewhere.") from error
    usual: dict[str, Any] = {"scale": 1, "world": "shapes", "prompt": None, "segments": []}
    about = {**usual, **(read if isinstance(read, dict) else {})}
    if not _is_ours(about):
        raise DataError(f"{path} is not what minisora writes beside a clip. Delete it, or move it elsewhere.")
    return about


def _is_ours(about: dict[str, Any]) -> bool:
    """Whether the entries that are read have the types that are written."""
    parts = about["segments"]
    return (
        isinstance(about["scale"], int)
        and isinstance(about["world"], str)
        and isinstance(about["prompt"], str | None)
        and isinstance(parts, list)
        and all(
            isinstance(part, dict) and isinstance(part.get("text"), str) and isinstance(part.get("stop"), int)
            for part in parts
        )
    )


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
