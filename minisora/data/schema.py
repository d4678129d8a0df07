"""The one schema of every data set: `video`, `caption`, `scene`, `fps`.

A video is stored without loss as bytes beside its shape, since the array types of `datasets` vary in their first axis
only and clips come in many sizes. The bytes are zlib over the frames with rows outermost, so that a row of one frame
lies next to the same row of the next, where zlib finds it again: a 17×64×64 clip of flat shapes takes 5 KB of 209.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from minisora.data.encoding import check_frames
from minisora.errors import DataError

if TYPE_CHECKING:
    import datasets

ZLIB_LEVEL = 6


class EncodedVideo(TypedDict):
    """Bytes of a clip and its shape [f, h, w, 3]."""

    bytes: bytes
    shape: list[int]


class Row(TypedDict):
    """One clip of a data set, as it is stored. `scene` is JSON; None where nobody knows what is shown."""

    video: EncodedVideo
    caption: str
    scene: str | None
    fps: float


@dataclass(frozen=True)
class Clip:
    """One clip, decoded.

    Attributes:
        frames: uint8 (f, h, w, 3), RGB.
        caption: what is said about it.
        scene: JSON of what is shown, or None.
        fps: frames per second.
    """

    frames: NDArray[np.uint8]
    caption: str
    scene: str | None
    fps: float


def encode_video(frames: Any) -> EncodedVideo:
    """Pack a clip without loss.

    Args:
        frames: uint8 (f, h, w, 3), array or tensor.
    Returns:
        Its bytes and shape.
    Raises:
        ShapeError: no such clip.
    """
    clip = check_frames(frames)
    rows = np.ascontiguousarray(clip.swapaxes(0, 1))  # (h, f, w, 3)
    return {"bytes": zlib.compress(rows.tobytes(), ZLIB_LEVEL), "shape": [int(n) for n in clip.shape]}


def decode_video(video: Mapping[str, Any]) -> NDArray[np.uint8]:
    """Unpack what `encode_video` packed.

    Args:
        video: bytes and shape.
    Returns:
        uint8 (f, h, w, 3), writable.
    Raises:
        DataError: the bytes are damaged or don't fit the shape.
    """
    try:
        frames, height, width, channels = (int(n) for n in video["shape"])
        flat = np.frombuffer(zlib.decompress(video["bytes"]), np.uint8)
        rows = flat.reshape(height, frames, width, channels)
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise DataError(f"A stored video is damaged ({error}). Write its data set again.") from error
    return np.ascontiguousarray(rows.swapaxes(0, 1)).copy()


def encode_row(clip: Clip) -> Row:
    """A clip as it is stored."""
    return {"video": encode_video(clip.frames), "caption": clip.caption, "scene": clip.scene, "fps": float(clip.fps)}


def decode_row(row: Mapping[str, Any]) -> Clip:
    """A stored row as a clip; DataError where its bytes are damaged."""
    return Clip(decode_video(row["video"]), row["caption"], row["scene"], float(row["fps"]))


def features() -> "datasets.Features":
    """The schema in the words of `datasets`."""
    from datasets import Features, Value

    video = {"bytes": Value("binary"), "shape": [Value("int32")]}
    return Features({"video": video, "caption": Value("string"), "scene": Value("string"), "fps": Value("float32")})


def to_dataset(rows: Iterable[Row]) -> "datasets.Dataset":
    """Rows as a `datasets.Dataset` in memory; for more than memory holds, see `shards.py`.

    Args:
        rows: from a builder.
    Returns:
        The data set.
    Raises:
        DataError: there is no row.
    """
    from datasets import Dataset

    listed = [dict(row) for row in rows]
    if not listed:
        raise DataError("There is no clip to make a data set of.")
    return Dataset.from_list(listed, features=features())
