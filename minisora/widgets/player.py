"""`Player`: a clip, frame by frame and pixel by pixel.

Play and pause by a click or the space bar, step with the arrow keys, scrub, zoom by whole factors, and pick a line of
the frame to see it over time (an x-t slice). The other widgets are built on the same parts.
"""

from typing import Any

import traitlets

from minisora.errors import SettingError, ShapeError
from minisora.pipeline import Clips
from minisora.widgets.assets import script, style
from minisora.widgets.base import Canvas
from minisora.widgets.sheets import pack_frames

__all__ = ["Player", "one_clip"]

FPS = 8.0


class Player(Canvas):
    """A frame-exact player for one clip. `.frame` is the frame that is looked at while it stands still."""

    _esm = script("player.js")
    _css = style("base.css", "player.css")

    picture = traitlets.Bytes(b"").tag(sync=True)
    sheet = traitlets.Dict().tag(sync=True)
    fps = traitlets.Float(FPS).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    side = traitlets.Int(384).tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)  # counts clips, so that a browser takes all parts of one at once

    def __init__(self, video: Any, fps: float | None = None, label: str | None = None, side: int = 384) -> None:
        """Show a clip.

        Args:
            video: `Clips` (of which the first is shown), or uint8 (f, h, w, 3) or (1, f, h, w, 3).
            fps: frames per second; None is the clip's own, or 8.
            label: what is to be seen, for the page and for screen readers; None is the prompt of `Clips`.
            side: pixels of the screen that its longer side may take; it is enlarged by a whole factor.
        Raises:
            ShapeError: it is no clip.
            SettingError: no room, or no frame rate.
        """
        if side < 1:
            raise SettingError(f"side={side}, but a clip needs pixels to be shown on. Use side=384.")
        super().__init__(side=side)
        self.show(video, fps, label)

    def show(self, video: Any, fps: float | None = None, label: str | None = None) -> None:
        """Show another clip in the same place.

        Args:
            video, fps, label: as above.
        Raises:
            ShapeError: it is no clip.
            SettingError: no frame rate.
        """
        frames, own_fps, own_label = one_clip(video)
        rate = own_fps if fps is None else fps
        if not 0 < rate < 1000:
            raise SettingError(f"fps={rate}, but it must be above 0 and below 1000. Use fps=8.")
        picture, sheet = pack_frames(frames)
        self.frames = frames
        with self.hold_sync():
            self.picture, self.sheet, self.fps, self.frame = picture, sheet, rate, 0
            self.label = own_label if label is None else label
            self.shown += 1

    def close(self) -> None:
        """Take it off the page and free its frames."""
        self.frames = None
        self.picture = b""
        super().close()

    def _still(self) -> tuple[Any, str]:
        """All frames, and how many."""
        return self.frames, f"{self.sheet['frames']} frames at {self.fps:g} a second: {self.label or 'a clip'}"


def one_clip(video: Any) -> tuple[Any, float, str]:
    """Frames, rate and words of whatever is to be shown.

    Args:
        video: `Clips`, of which the first counts, or uint8 (f, h, w, 3) or (b, f, h, w, 3).
    Returns:
        uint8 (f, h, w, 3), frames per second, and the prompt, "" where there is none.
    Raises:
        ShapeError: the batch is empty.
    """
    frames = video.frames if isinstance(video, Clips) else video
    if getattr(frames, "ndim", 0) == 5:
        if len(frames) == 0:
            raise ShapeError("There is no clip to show: the batch is empty.")
        frames = frames[0]
    if isinstance(video, Clips):
        return frames, video.settings.fps, video.prompts[0]
    return frames, FPS, ""
