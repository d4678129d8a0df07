"""Contact sheets: the frames of one clip or of several, side by side, with labels that can be read."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.errors import SettingError, ShapeError

Pixels = NDArray[np.uint8]

GAP = 2  # pixels between frames
PAPER = (245, 245, 245)
INK = (33, 33, 33)
FONT_SIZE = 13  # Pillow's own font is legible from 9 up
MAX_COLUMNS = 9  # of a single clip: 17 frames make two rows


def enlarge(frames: Any, scale: int) -> Pixels:
    """Repeat every pixel.

    Args:
        frames: uint8 (…, h, w, 3).
        scale: whole factor, at least 1.
    Returns:
        uint8 (…, h · scale, w · scale, 3).
    Raises:
        SettingError: a factor that is not a whole number from 1 to 64.
    """
    if scale not in range(1, 65):
        nearest = min(max(int(scale), 1), 64) if np.isfinite(scale) else 1
        raise SettingError(f"scale={scale}, but pixels are enlarged by a whole factor from 1 to 64. Use {nearest}.")
    array: Pixels = np.asarray(frames)
    return array.repeat(int(scale), axis=-3).repeat(int(scale), axis=-2)


def contact_sheet(
    videos: Any, labels: Sequence[str] | None = None, scale: int = 1, columns: int | None = None
) -> Pixels:
    """One picture of all frames.

    Args:
        videos: uint8 (f, h, w, 3), drawn in as few rows as fit, or (b, f, h, w, 3), one row for each clip.
        labels: a line above each clip (one for a single clip); characters outside ASCII become "?".
        scale: whole factor by which pixels are enlarged.
        columns: frames in a row; None for all of them, at most 9 for a single clip.
    Returns:
        uint8 (height, width, 3).
    Raises:
        ShapeError: other axes, or another number of labels.
    """
    clips: Pixels = np.asarray(videos)
    if clips.ndim == 4:
        columns = columns or _columns(len(clips))
        clips = clips[None]
    if clips.ndim != 5 or clips.shape[-1] != 3 or clips.dtype != np.uint8 or 0 in clips.shape:
        raise ShapeError(f"A sheet takes uint8 (f, h, w, 3) or (b, f, h, w, 3); this is {clips.dtype} {clips.shape}.")
    if labels is not None and len(labels) != len(clips):
        raise ShapeError(f"{len(labels)} labels for {len(clips)} clips; give one for each.")
    big = enlarge(clips, scale)
    rows: list[Pixels] = []
    for index, clip in enumerate(big):
        grid = _grid(clip, columns or len(clip))
        if labels is not None:
            rows.append(_label(labels[index], grid.shape[1]))
        rows.append(grid)
    return np.concatenate(rows)


def sheet_layout(shape: Sequence[int], scale: int = 1, columns: int | None = None) -> dict[str, int]:
    """Where frames lie on the unlabelled sheet of one clip.

    Args:
        shape: (f, h, w, 3) of the clip.
        scale, columns: as given to `contact_sheet`.
    Returns:
        Numbers from which `sheet_frames` finds them.
    """
    frames, height, width = (int(n) for n in shape[:3])
    layout = {"frames": frames, "height": height, "width": width, "scale": int(scale)}
    return {**layout, "columns": columns or _columns(frames), "gap": GAP}


def sheet_frames(sheet: Any, layout: Mapping[str, Any]) -> Pixels:
    """Cut a sheet into its frames again.

    Args:
        sheet: uint8 (height, width, 3), of one clip without label.
        layout: from `sheet_layout`.
    Returns:
        uint8 (f, h, w, 3).
    Raises:
        ValueError: the sheet is smaller than its layout says.
    """
    pixels: Pixels = np.asarray(sheet)
    scale, gap = int(layout["scale"]), int(layout["gap"])
    height, width = int(layout["height"]) * scale, int(layout["width"]) * scale
    if min(height, width, scale) < 1 or int(layout["frames"]) * height * width > pixels[..., 0].size:
        raise ValueError("the sheet is smaller than its layout says")
    frames = []
    for index in range(int(layout["frames"])):
        row, column = divmod(index, int(layout["columns"]))
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        frames.append(pixels[top : top + height : scale, left : left + width : scale])
    clip = np.stack(frames)
    if clip.shape[1:3] != (height // scale, width // scale):
        raise ValueError("its frames lie outside the sheet")
    return clip


def _columns(frames: int) -> int:
    rows = -(-frames // MAX_COLUMNS)
    return -(-frames // rows)


def _grid(clip: Pixels, columns: int) -> Pixels:
    frames, height, width, _ = clip.shape
    rows = -(-frames // columns)
    columns = min(columns, frames)
    sheet = np.full((GAP + rows * (height + GAP), GAP + columns * (width + GAP), 3), PAPER, np.uint8)
    for index, frame in enumerate(clip):
        row, column = divmod(index, columns)
        top, left = GAP + row * (height + GAP), GAP + column * (width + GAP)
        sheet[top : top + height, left : left + width] = frame
    return sheet


def _label(text: str, width: int) -> Pixels:
    """Lines of text as wide as the sheet, as many as it takes."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size=FONT_SIZE)
    plain = text.encode("ascii", "replace").decode()
    letters = max(int((width - 2 * GAP) / (font.getlength("abcdefghij klmno") / 16)), 1)
    lines = textwrap.wrap(plain, letters) or [""]
    step = FONT_SIZE + 3
    strip = Image.new("RGB", (width, step * len(lines) + 2 * GAP), PAPER)
    draw = ImageDraw.Draw(strip)
    for index, line in enumerate(lines):
        draw.text((GAP, GAP + index * step), line, fill=INK, font=font)
    return np.asarray(strip)
