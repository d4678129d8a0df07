"""The user's own clips: a folder of videos with their captions in metadata.csv or metadata.jsonl.

A clip that can't be used never stops the others: it is named, skipped and counted.
"""

import csv
import json
import logging
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from minisora.data.buckets import Bucket
from minisora.data.encoding import Frames
from minisora.data.schema import Clip, Row, encode_row
from minisora.data.video_io import PICTURE_ENDINGS, iterate_frames, read_video
from minisora.errors import DataError

CLIP_ENDINGS = (".mp4", ".webm", ".gif", ".mov", ".mkv", ".avi", ".m4v", *PICTURE_ENDINGS)
CAPTION_KEYS = ("caption", "text")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Skipped:
    """A clip that was left out, and why."""

    name: str
    reason: str


def video_folder(
    path: str | os.PathLike[str],
    buckets: Sequence[Bucket] = (Bucket(),),
    fps: float = 8.0,
    windows: int = 1,
    skipped: list[Skipped] | None = None,
) -> Iterator[Row]:
    """Clips of a folder, brought to the shape of a bucket.

    Each clip goes to the bucket of the nearest aspect and, of those, the longest that it fills. It is enlarged or
    reduced until it covers the frame, cropped in the middle, and its frames are taken `fps` times a second.

    Args:
        path: folder with clips (also in folders below it) and metadata.csv or metadata.jsonl, whose columns are
            `file_name` and `caption` (or `text`).
        buckets: the shapes wanted.
        fps: frames per second.
        windows: how many clips are at most taken from one file, one after the other.
        skipped: gets an entry for every clip left out; each is also logged as a warning, and their number at the end.
    Yields:
        Rows of the schema, in the order of file names.
    Raises:
        DataError: no folder, no metadata, or no clip that can be used.
    """
    folder, left_out = Path(path), [] if skipped is None else skipped
    captions = read_captions(folder)
    used = before = len(left_out)
    for name in sorted({*captions, *_clip_names(folder)}):
        try:
            rows = list(_rows(folder / name, captions.get(name), buckets, fps, windows))
        except DataError as error:
            left_out.append(Skipped(name, str(error)))
            logger.warning("skipped %s: %s", name, error)
            continue
        used += 1
        yield from rows
    if len(left_out) > before:
        logger.warning("%d of %d clips skipped", len(left_out) - before, used - before + len(left_out) - before)
    if used == before:
        raise DataError(f"{folder} has no clip that can be used ({len(left_out) - before} skipped).")


def read_captions(folder: str | os.PathLike[str]) -> dict[str, str]:
    """Captions by file name, from metadata.csv or metadata.jsonl.

    Args:
        folder: where that file lies.
    Returns:
        Only what has a caption; names with "/" between folders.
    Raises:
        DataError: no such folder or file, or a file that can't be understood.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. Give one with clips and a metadata.csv.")
    for name, reader in (("metadata.csv", _csv_entries), ("metadata.jsonl", _jsonl_entries)):
        if (folder / name).is_file():
            try:
                entries = reader((folder / name).read_text(encoding="utf-8-sig"))
            except (ValueError, csv.Error) as error:
                raise DataError(f"{folder / name} can't be understood ({error}).") from error
            return _captions(entries, folder / name)
    raise DataError(f"{folder} has no metadata.csv or metadata.jsonl. Make one with columns file_name and caption.")


def cover(frame: Frames, height: int, width: int) -> Frames:
    """Scale a frame until it covers height × width, and crop what sticks out evenly.

    Args:
        frame: uint8 (h, w, 3).
        height, width: pixels wanted.
    Returns:
        uint8 (height, width, 3).
    """
    from PIL import Image

    old_height, old_width = frame.shape[:2]
    factor = max(height / old_height, width / old_width)
    box_height, box_width = height / factor, width / factor
    left, top = (old_width - box_width) / 2, (old_height - box_height) / 2
    box = (left, top, left + box_width, top + box_height)
    method = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    return np.asarray(Image.fromarray(frame).resize((width, height), method, box=box))


# --- one clip ---------------------------------------------------------------------------------------------------------


def _rows(path: Path, caption: str | None, buckets: Sequence[Bucket], fps: float, windows: int) -> Iterator[Row]:
    if not path.is_file():
        raise DataError("the metadata name it, but there is no such file.")
    if caption is None:
        raise DataError("it has no caption in the metadata.")
    fitting: list[Bucket] = []
    frames: list[Frames] = []
    for frame in _resampled(path, fps):
        fitting = fitting or _nearest_aspect(buckets, frame.shape[1] / frame.shape[0])
        frames.append(cover(frame, fitting[0].height, fitting[0].width))
        if len(frames) == windows * fitting[0].num_frames:
            break
    bucket = next((bucket for bucket in fitting if bucket.num_frames <= len(frames)), None)
    if bucket is None:
        shortest = fitting[-1].num_frames
        raise DataError(f"it is too short: {len(frames)} frames at {fps:g} fps, the shortest bucket has {shortest}.")
    for begin in range(0, min(len(frames), windows * bucket.num_frames) - bucket.num_frames + 1, bucket.num_frames):
        window = np.stack(frames[begin : begin + bucket.num_frames])
        yield encode_row(Clip(window, caption, None, fps))


def _nearest_aspect(buckets: Sequence[Bucket], aspect: float) -> list[Bucket]:
    """The buckets of one frame size whose aspect is the nearest, longest first."""

    def away(bucket: Bucket) -> float:
        return abs(math.log(bucket.aspect / aspect))

    best = min(buckets, key=lambda bucket: (away(bucket), -bucket.height * bucket.width))
    same = [bucket for bucket in buckets if (bucket.height, bucket.width) == (best.height, best.width)]
    return sorted(same, key=lambda bucket: -bucket.num_frames)


def _resampled(path: Path, fps: float) -> Iterator[NDArray[np.uint8]]:
    """Frames at 0, 1/fps, 2/fps… seconds: each time the last one that has begun by then."""
    if path.suffix.lower() in PICTURE_ENDINGS:
        yield from read_video(path)[0][:1]
        return
    count, shown = 0, None
    slack = 0.01  # seconds; what a GIF's clock rounds
    for moment, frame in iterate_frames(path):
        while shown is not None and count / fps + slack < moment:
            yield shown
            count += 1
        shown = frame
    if shown is not None:
        yield shown


# --- metadata ---------------------------------------------------------------------------------------------------------


def _clip_names(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in CLIP_ENDINGS and path.is_file())
    return [path.relative_to(folder).as_posix() for path in found if not path.name.startswith(".")]


def _csv_entries(text: str) -> list[dict[str, object]]:
    return [dict(entry) for entry in csv.DictReader(text.splitlines())]


def _jsonl_entries(text: str) -> list[dict[str, object]]:
    entries = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("every line must be an object with file_name and caption")
    return entries


def _captions(entries: list[dict[str, object]], path: Path) -> dict[str, str]:
    captions = {}
    for number, entry in enumerate(entries, start=1):
        name = entry.get("file_name")
        if not isinstance(name, str) or not name:
            raise DataError(f"{path}: entry {number} has no file_name. Its columns are file_name and caption.")
        told = next((entry[key] for key in CAPTION_KEYS if entry.get(key)), None)
        if isinstance(told, str) and told.strip():
            captions[Path(name).as_posix()] = " ".join(told.split())
    return captions
