"""All that a file says of where it comes from: its mark, the JSON beside it, the signature inside of it."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from minisora.errors import MinisoraError, SettingError
from minisora.pipeline import sidecar_path
from minisora.safety.finding import THRESHOLD, Found, find_mark
from minisora.safety.provenance import Provenance, verify
from minisora.safety.signing import SIGNED_ENDINGS, Claim, read_claim

__all__ = ["Inspection", "inspect_file"]

LOST = (
    "it was made elsewhere, saved without the mark (--no-mark), turned, scaled by a part of a pixel, or coded so hard "
    "that a grey level is lost"
)


@dataclass(frozen=True)
class Inspection:
    """What was found out.

    Attributes:
        file: its path.
        frames: (f, h, w) of it.
        fps: frames per second.
        mark: the invisible one.
        beside: what the JSON beside it says and whether it is of this file; None where there is none.
        claim: what is signed; None where nothing is.
        notes: why something could not be told.
    """

    file: Path
    frames: tuple[int, ...]
    fps: float
    mark: Found
    beside: Provenance | None
    claim: Claim | None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        count, height, width = self.frames
        mark = "found" if self.mark.marked else "not found"
        lines = [
            f"{self.file}: {count} frames of {width}×{height} pixels, {self.fps:g} per second",
            f"invisible mark: {mark} (likeness {self.mark.score:.1f}, chance stays below {THRESHOLD:g})",
        ]
        if not self.mark.marked:
            lines.append(f"  which says little: {LOST}")
        lines.append(f"JSON beside it: {self.beside if self.beside else 'none'}")
        lines.append(f"signature: {self.claim if self.claim else 'none'}")
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def as_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return {
            "file": str(self.file),
            "frames": list(self.frames),
            "fps": self.fps,
            "mark": {**asdict(self.mark), "found": self.mark.marked, "threshold": THRESHOLD},
            "json": None if self.beside is None else {"unchanged": self.beside.unchanged, **self.beside.about},
            "signature": None if self.claim is None else asdict(self.claim),
            "notes": list(self.notes),
        }


def inspect_file(file: str | os.PathLike[str], trust: str = "") -> Inspection:
    """Look at a file.

    Args:
        file: mp4, webm, gif, or a png sheet of frames; a picture is a clip of one frame.
        trust: PEM of roots that you trust, see `read_claim`.
    Returns:
        What was found; what could not be told is a note.
    Raises:
        DataError: there is no clip that can be read.
    """
    from minisora.data.video_io import read_video

    path, notes = Path(file), []
    frames, fps = read_video(path)
    beside, claim = None, None
    try:
        beside = verify(path) if sidecar_path(path).exists() else None
    except MinisoraError as error:
        notes.append(str(error))
    try:
        claim = read_claim(path, trust)
    except SettingError as error:  # only where the library is missing, which few need
        notes.append(f"Whether it is signed was not looked for. {error}")
    except MinisoraError as error:
        notes.append(str(error))
    if path.suffix.lower() not in SIGNED_ENDINGS:
        notes.append(f"Only {', '.join(SIGNED_ENDINGS)} are read for signatures.")
    return Inspection(path, frames.shape[:3], fps, find_mark(frames), beside, claim, tuple(notes))
