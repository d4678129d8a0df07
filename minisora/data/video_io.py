"""Clips to and from files: mp4, webm, gif, and png as a sheet of frames.

PyAV reads, mediapy writes (see `encoding.py`), Pillow does pictures; each is imported when it is used. A file appears
under its name only when it is complete.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.data.encoding import Frames, VideoWriter, check_frames
from minisora.data.sheet import contact_sheet, enlarge, sheet_frames, sheet_layout
from minisora.errors import DataError, OutputError, SettingError

ENDINGS = (".mp4", ".webm", ".gif", ".png")
MOVING_ENDINGS = ENDINGS[:3]  # those to which a frame can be added
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp")
SHEET_KEY = "minisora-sheet"
MOST_BYTES = 2**30  # of pixels that are read into memory at once
MOST_LETTERS = 200  # of a file's name, which gets longer while it is written


def read_video(path: str | os.PathLike[str]) -> tuple[Frames, float]:
    """Read a clip.

    Args:
        path: mp4, webm, gif or anything else that FFmpeg decodes; a sheet that `write_video` wrote; a picture.
    Returns:
        Frames uint8 (f, h, w, 3) in RGB, and frames per second (1.0 for a picture).
    Raises:
        DataError: the file is missing, is no video, has no frame, or more of them than memory surely holds.
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path} is a folder. Give the path of an mp4, webm, gif or png file in it.")
    if not path.is_file():
        raise DataError(f"{path} does not exist. Give the path of an mp4, webm, gif or png file.")
    frames, fps = _read_picture(path) if path.suffix.lower() in PICTURE_ENDINGS else _read_stream(path)
    return np.ascontiguousarray(frames), fps


def write_video(
    path: str | os.PathLike[str],
    frames: Any,
    fps: float = 8.0,
    scale: int = 1,
    overwrite: bool = False,
    lossless: bool = False,
) -> Path:
    """Write a clip in the format that the file's ending names.

    Args:
        path: ends in .mp4, .webm, .gif or .png (a sheet of all frames, which `read_video` reads back).
        frames: uint8 (f, h, w, 3) in RGB, array or tensor.
        fps: frames per second, above 0.
        scale: whole factor of pixel-crisp enlargement.
        overwrite: replace an existing file.
        lossless: mp4 and webm keep every pixel within 2 of 255, but only some players show them.
    Returns:
        The path written.
    Raises:
        OutputError: unknown ending, existing file, no ffmpeg, or a folder that can't be written.
        ShapeError, SettingError: frames, fps or scale that make no clip.
    """
    clip = check_frames(frames)
    path = check_output(path, overwrite)
    if path.suffix.lower() == ".png":
        _check_fps(fps)
        with new_file(path, overwrite) as draft:
            _write_sheet(draft, clip, fps, scale)
    else:
        with open_video(path, fps, scale, overwrite, lossless) as video:
            video.add(clip)
    return path


@contextmanager
def open_video(
    path: str | os.PathLike[str],
    fps: float = 8.0,
    scale: int = 1,
    overwrite: bool = False,
    lossless: bool = False,
) -> Iterator["VideoWriter"]:
    """A video file to which frames are added piece by piece, so that a long clip need not fit into memory.

        with open_video("long.mp4") as video:
            for piece in pieces:
                video.add(piece)

    The file appears under its name once the block has ended without an error. Catch an error, or Ctrl-C, inside of the
    block to keep what was added by then.

    Args:
        path: ends in .mp4, .webm or .gif.
        fps, scale, overwrite, lossless: as of `write_video`.
    Yields:
        What takes the frames.
    Raises:
        OutputError, ShapeError, SettingError: as of `write_video`; or no frame was added.
    """
    _check_fps(fps)
    enlarge([[[0, 0, 0]]], scale)
    with new_file(path, overwrite, MOVING_ENDINGS) as draft:
        video = VideoWriter(draft, fps, scale, lossless)
        try:
            yield video
            video.finish()
        finally:
            video.close()


def video_bytes(frames: Any, fps: float = 8.0, ending: str = ".mp4", scale: int = 1) -> bytes:
    """A clip as the content of a file, for a page that holds it itself.

    Args:
        frames, fps: as of `write_video`.
        ending: .mp4, .webm, .gif or .png.
        scale: as of `write_video`.
    Returns:
        The bytes.
    Raises:
        OutputError, ShapeError, SettingError: as of `write_video`.
    """
    with tempfile.TemporaryDirectory() as folder:
        return write_video(Path(folder) / f"clip{ending}", frames, fps, scale).read_bytes()


def check_output(path: str | os.PathLike[str], overwrite: bool = False, endings: tuple[str, ...] = ENDINGS) -> Path:
    """Refuse a file that could not be written, before any work is done for it.

    Args:
        path: where something will be written; missing folders are made.
        overwrite: whether an existing file may be replaced.
        endings: the endings allowed, lower case; empty for any.
    Returns:
        The path.
    Raises:
        OutputError: says which of these is wrong and what to do.
    """
    path = Path(path)
    if endings and path.suffix.lower() not in endings:
        raise OutputError(f"{path} ends in {path.suffix or 'nothing'!r}; use one of {', '.join(endings)}.")
    if len(path.name.encode()) > MOST_LETTERS:
        raise OutputError(f"The name {path.name[:20]}… is too long for a file. Use at most {MOST_LETTERS} letters.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder. Name a file, for example {path / ('clip' + (endings or ('',))[0])}.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already. Choose another name, or allow overwriting (--overwrite).")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {path.parent} can't be made ({error.strerror}). Choose another one.") from error
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"The folder {path.parent} can't be written to. Choose another one.")
    return path


@contextmanager
def new_file(
    path: str | os.PathLike[str], overwrite: bool = False, endings: tuple[str, ...] = ENDINGS
) -> Iterator[Path]:
    """Give a temporary name beside `path`, and rename it to `path` once the block has ended without an error.

    Args:
        path: the file to make.
        overwrite: whether an existing file may be replaced.
        endings: as in `check_output`.
    Yields:
        The temporary name, with the same ending.
    Raises:
        OutputError: as in `check_output`, or the disk refused.
    """
    path = check_output(path, overwrite, endings)
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield draft
        os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"{path} can't be written ({error.strerror or error}). Choose another place.") from error
    finally:
        draft.unlink(missing_ok=True)


def _check_fps(fps: float) -> None:
    if not 0 < fps < 1000:
        raise SettingError(f"fps={fps}, but it must be above 0 and below 1000. Use fps=8.")


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_picture(path: Path) -> tuple[Frames, float]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    broken = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)
    try:
        with Image.open(path) as picture:
            layout = json.loads(picture.info.get(SHEET_KEY, "null"))
            pixels = _rgb(ImageOps.exif_transpose(picture))
    except broken as error:
        raise DataError(f"{path} is not a picture that can be read ({error}).") from error
    if layout is None:
        return pixels[None], 1.0
    try:
        frames, fps = sheet_frames(pixels, layout), float(layout["fps"])
        _check_fps(fps)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} says that it is a sheet of frames, but does not fit its own layout.") from error
    return frames, fps


def _rgb(picture: Any) -> Frames:
    """A picture of Pillow's as uint8 (h, w, 3); greys of 16 bits lose the lower ones, where Pillow would cut at 255."""
    if picture.mode.startswith("I"):
        grey = np.asarray(picture, np.int64).clip(0, 65535) // 256
        return grey[..., None].repeat(3, axis=-1).astype(np.uint8)
    return np.asarray(picture.convert("RGB"))


def _read_stream(path: Path) -> tuple[Frames, float]:
    moments: list[float] = []
    frames: list[Frames] = []
    for moment, frame in iterate_frames(path):
        if frames and frame.shape != frames[0].shape:
            raise DataError(f"{path} changes its size from frame to frame; save it with one size.")
        if (len(frames) + 1) * frame.nbytes > MOST_BYTES:
            raise DataError(
                f"{path} has more than {len(frames)} frames of {frame.shape[0]}×{frame.shape[1]} pixels, which is all "
                f"that is read at once. Cut it to its first {moments[-1] if moments else 0:.0f} seconds, or scale it."
            )
        moments.append(moment)
        frames.append(frame)
    return np.stack(frames), _frame_rate(np.array(moments), coarse=path.suffix.lower() == ".gif")


def iterate_frames(path: str | os.PathLike[str]) -> Iterator[tuple[float, Frames]]:
    """The frames of a video one after the other, so that a long one need not fit into memory.

    Args:
        path: anything that FFmpeg decodes.
    Yields:
        Seconds from the first frame, and the frame as uint8 (h, w, 3).
    Raises:
        DataError: no video, or broken at some place (frames before it have been given).
    """
    import av

    first, count = None, 0
    try:
        with av.open(str(path)) as container:
            stream: Any = container.streams.video[0]
            rate = float(stream.average_rate or stream.guessed_rate or 1)
            for frame in container.decode(stream):
                moment = count / rate if frame.time is None else float(frame.time)
                first = moment if first is None else first
                count += 1
                yield moment - first, frame.to_ndarray(format="rgb24")
    except (av.error.FFmpegError, IndexError, OSError, ValueError) as error:
        raise DataError(f"{path} is not a video that can be read ({error}).") from error
    if not count:
        raise DataError(f"{path} has no frame that can be read.")


def _frame_rate(moments: NDArray[np.float64], coarse: bool) -> float:
    """Frames per second from the frames' moments; 1 for a single frame.

    A GIF counts in hundredths of a second, so its 8 fps are delays of 12 and 13: a whole number of frames per second
    within that rounding is taken for what was meant.
    """
    span = float(moments[-1] - moments[0])
    if span <= 0:
        return 1.0
    measured = (len(moments) - 1) / span
    whole = float(max(round(measured), 1))
    slack = 0.0101 if coarse else 0.002
    return whole if abs((len(moments) - 1) / whole - span) <= slack else measured


# --- writing ----------------------------------------------------------------------------------------------------------


def _write_sheet(draft: Path, clip: Frames, fps: float, scale: int) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text(SHEET_KEY, json.dumps({**sheet_layout(clip.shape, scale), "fps": fps}))
    Image.fromarray(contact_sheet(clip, scale=scale)).save(draft, pnginfo=text)
