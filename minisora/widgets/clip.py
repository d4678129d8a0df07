"""Clips, film strips and grades as HTML: pixel-crisp, looping, readable without colour, no script."""

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from IPython.display import HTML
from numpy.typing import NDArray

from minisora.data.encoding import check_frames
from minisora.data.sheet import contact_sheet
from minisora.data.video_io import video_bytes
from minisora.errors import ShapeError
from minisora.pipeline import Clips

if TYPE_CHECKING:
    from minisora.world.grader import Grade

__all__ = ["clip_html", "film_strip", "grade_html", "grade_list", "show_clip"]

FILE_SCALE = 4  # the film itself is enlarged, since video colour is stored at half resolution
WIDE = 128  # pixels, above which twice must do: several clips side by side would make a notebook heavy
FRAME = "border:1px solid var(--jp-border-color2,#bdbdbd);border-radius:6px;image-rendering:pixelated"
TEXT = "color:var(--jp-ui-font-color1,inherit);font-family:var(--jp-ui-font-family,sans-serif)"


def show_clip(
    video: Any, scale: int = 4, fps: float | None = None, strip: bool = True, label: str | None = None
) -> HTML:
    """The moving clip, and under it its film strip.

    Args:
        video: `Clips` (of which the first is shown), or uint8 (f, h, w, 3).
        scale: whole factor of enlargement on the screen.
        fps: frames per second; None is the clip's own, or 8.
        strip: show the film strip too.
        label: a line above it; None is the prompt of `Clips`.
    Returns:
        HTML that a notebook displays.
    Raises:
        ShapeError: it is no clip.
    """
    return HTML(clip_html(video, scale, fps, strip, label))  # type: ignore[no-untyped-call]


def clip_html(
    video: Any, scale: int = 4, fps: float | None = None, strip: bool = True, label: str | None = None
) -> str:
    """The same as text, for a widget.

    Args:
        video, scale, fps, strip, label: as of `show_clip`.
    Returns:
        HTML.
    Raises:
        ShapeError: it is no clip.
    """
    frames = _frames(video)
    if isinstance(video, Clips):
        label = video.prompts[0] if label is None else label
        fps = video.settings.fps if fps is None else fps
    width, name = frames.shape[2] * scale, escape(label or "a clip", quote=True)
    film = (
        f'<video autoplay loop muted playsinline controls width="{width}" style="{FRAME}" aria-label="{name}" '
        f'src="data:video/mp4;base64,{_mp4(frames, fps or 8.0)}"></video>'
    )
    title = f'<div style="{TEXT};margin-bottom:8px">{escape(label)}</div>' if label else ""
    under = f'<div style="margin-top:8px">{_strip(frames, name)}</div>' if strip else ""
    return f"<div>{title}{film}{under}</div>"


def film_strip(video: Any, scale: int = 1, columns: int | None = None) -> HTML:
    """All frames side by side.

    Args:
        video: `Clips` (of which the first is shown), or uint8 (f, h, w, 3).
        scale: whole factor of enlargement.
        columns: frames in a row; None is as many as fit well.
    Returns:
        HTML that a notebook displays.
    Raises:
        ShapeError: it is no clip.
    """
    return HTML(_strip(_frames(video), "film strip", scale, columns))  # type: ignore[no-untyped-call]


def grade_list(grade: "Grade") -> HTML:
    """Every word with its verdict.

    Args:
        grade: of a clip.
    Returns:
        HTML that a notebook displays.
    """
    return HTML(grade_html(grade))  # type: ignore[no-untyped-call]


def grade_html(grade: "Grade") -> str:
    """The same as text: right is a tick, wrong a cross and what was found instead; never colour alone.

    Args:
        grade: of a clip.
    Returns:
        HTML.
    """
    items = "".join(_verdict(verdict) for verdict in grade.verdicts)
    total = "every word right" if grade.every_word_right else f"{round(100 * grade.share_right)} % of the words right"
    return f'<div style="{TEXT}"><ul style="list-style:none;padding:0;margin:0 0 8px">{items}</ul>{total}</div>'


def _verdict(verdict: Any) -> str:
    mark, said = ("✓", "right") if verdict.right else ("✗", "wrong")
    outline = "solid" if verdict.right else "dashed"
    found = "" if verdict.right else f" → <em>{escape(verdict.found)}</em>"
    return (
        f'<li style="display:inline-block;border:1px {outline} var(--jp-border-color2,#bdbdbd);border-radius:6px;'
        f'padding:4px 8px;margin:0 8px 8px 0"><span role="img" aria-label="{said}">{mark}</span> '
        f"{escape(verdict.word)}: {escape(verdict.attribute)} {escape(verdict.wanted)}{found}</li>"
    )


def _frames(video: Any) -> NDArray[np.uint8]:
    frames = video.frames if isinstance(video, Clips) else video
    if getattr(frames, "ndim", 0) == 5:
        if len(frames) == 0:
            raise ShapeError("There is no clip to show: the batch is empty.")
        frames = frames[0]
    return check_frames(frames)


def _mp4(frames: NDArray[np.uint8], fps: float) -> str:
    scale = FILE_SCALE if frames.shape[2] <= WIDE else FILE_SCALE // 2
    return base64.b64encode(video_bytes(frames, fps, scale=scale)).decode()


def _strip(frames: NDArray[np.uint8], label: str, scale: int = 1, columns: int | None = None) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(contact_sheet(frames, scale=scale, columns=columns)).save(file, "PNG")
    picture = base64.b64encode(file.getvalue()).decode()
    style = "max-width:100%;image-rendering:pixelated"
    return f'<img style="{style}" alt="film strip of {label}" src="data:image/png;base64,{picture}">'
