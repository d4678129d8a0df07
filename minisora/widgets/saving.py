"""A clip as a file that the browser keeps: written in pieces, so that it can be stopped and says how far it is."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minisora.data.video_io import MOVING_ENDINGS, open_video, video_bytes
from minisora.errors import SettingError
from minisora.guards.mark import mark_frames
from minisora.pipeline import Clips

__all__ = ["FORMATS", "Saved", "check_format", "save_clip"]

FORMATS = {".mp4": "video/mp4", ".gif": "image/gif", ".png": "image/png"}
SIDE = 512  # pixels that a clip's longer side is enlarged to
PIECE = 8  # frames


@dataclass(frozen=True)
class Saved:
    """A file that was written.

    Attributes:
        ending: of its name.
        content: its bytes.
        height, width: pixels of a frame.
    """

    ending: str
    content: bytes
    height: int
    width: int


def check_format(ending: str) -> None:
    """Refuse a format before any work is done.

    Args:
        ending: of the file.
    Raises:
        SettingError: it is none of `FORMATS`.
    """
    if ending not in FORMATS:
        raise SettingError(f"{ending!r} is no format to save in. Use one of {', '.join(FORMATS)}.")


def save_clip(clips: Clips, ending: str, report: Callable[[str, int, int], None]) -> Saved:
    """The first of some clips as a file, enlarged pixel by pixel.

    Args:
        clips: of which the first counts.
        ending: one of `FORMATS`.
        report: called as report("file", done, total) with frames; raise in it to stop.
    Returns:
        The file.
    Raises:
        OutputError: it cannot be written.
    """
    frames, fps = mark_frames(clips.frames[0]), clips.settings.fps  # as Clips.save does
    total, height, width = frames.shape[:3]
    scale = max(1, SIDE // max(height, width))
    report("file", 0, total)
    if ending not in MOVING_ENDINGS:
        content = video_bytes(frames, fps, ending, scale)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"clip{ending}"
            with open_video(path, fps, scale) as video:
                for first in range(0, total, PIECE):
                    video.add(frames[first : first + PIECE])
                    report("file", min(first + PIECE, total), total)
            content = path.read_bytes()
    return Saved(ending, content, height * scale, width * scale)
