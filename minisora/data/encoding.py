"""Frames to a coded video: mp4, webm and gif, frame by frame, by mediapy and the ffmpeg that imageio-ffmpeg brings.

Nothing here holds more than it is given at once. mediapy and ffmpeg are looked for when they are used.
"""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.data.sheet import enlarge
from minisora.errors import OutputError, ShapeError

Frames = NDArray[np.uint8]

NEAR_LOSSLESS_QP = 4  # h264: off by 1-2 of 255 at even scales, and still a profile that every player knows


def check_frames(frames: Any) -> Frames:
    """A clip as a contiguous array.

    Args:
        frames: uint8 (f, h, w, 3), array or tensor.
    Returns:
        The same frames as a numpy array.
    Raises:
        ShapeError: other axes or another type.
    """
    array = np.ascontiguousarray(frames)
    if array.ndim != 4 or array.shape[-1] != 3 or 0 in array.shape or array.dtype != np.uint8:
        raise ShapeError(f"A clip is uint8 (f, h, w, 3) in RGB; this is {array.dtype} {array.shape}.")
    return array


class VideoWriter:
    """Takes the frames of a video; `open_video` gives one.

    Attributes:
        count: frames added so far.
    """

    def __init__(self, draft: Path, fps: float, scale: int, lossless: bool) -> None:
        """Begin without a frame; what codes them starts with the first one, whose size it needs.

        Args:
            draft: the file to write, ending in .mp4, .webm or .gif.
            fps, scale, lossless: as of `write_video`.
        """
        self.count = 0
        self._draft, self._fps, self._scale, self._lossless = draft, fps, scale, lossless
        self._gif = draft.suffix.lower() == ".gif"
        self._coded = draft.with_suffix(".mkv") if self._gif else draft  # a gif is made of it in the end
        self._shape: tuple[int, ...] = ()
        self._encoder: Any = None

    def add(self, frames: Any) -> None:
        """Add frames behind those that are there.

        Args:
            frames: uint8 (n, h, w, 3), array or tensor, of the same size at every call.
        Raises:
            ShapeError: they are no clip, or of another size.
            OutputError: no ffmpeg, or it failed.
        """
        clip = check_frames(frames)
        if self._encoder is None:
            self._begin(clip.shape[1:])
        if clip.shape[1:] != self._shape:
            (h, w, _), (height, width, _) = clip.shape[1:], self._shape
            raise ShapeError(f"These frames are {h}×{w} pixels, those before {height}×{width}. Scale them to that.")
        with _told_errors(self._draft.suffix):
            for frame in clip:
                self._encoder.add_image(enlarge(frame, self._scale))
                self.count += 1

    def finish(self) -> None:
        """Complete the file.

        Raises:
            OutputError: there is no frame, or ffmpeg failed.
        """
        if not self.count:
            raise OutputError("No frame was added, so there is no video to keep. Add one frame or more.")
        with _told_errors(self._draft.suffix):
            self._encoder.close()
        if self._gif:
            _write_gif(self._coded, self._draft, self._fps)

    def close(self) -> None:
        """Let go of what is still at work, and of files that were needed on the way."""
        if self._encoder is not None:
            with suppress(RuntimeError, OSError):
                self._encoder.close()
        if self._gif:
            self._coded.unlink(missing_ok=True)

    def _begin(self, shape: tuple[int, ...]) -> None:
        self._shape, mediapy = shape, _mediapy()
        height, width = shape[0] * self._scale, shape[1] * self._scale
        settings = _SETTINGS[self._draft.suffix.lower()]((height, width), self._lossless)
        grows = ["-flush_packets", "1"]  # else ffmpeg writes by the quarter of a megabyte
        settings["ffmpeg_args"] = [*settings.get("ffmpeg_args", []), *grows]
        with _deaf_to_ctrl_c(), _told_errors(self._draft.suffix):
            self._encoder = mediapy.VideoWriter(self._coded, (height, width), fps=self._fps, **settings).__enter__()


@contextmanager
def _told_errors(ending: str) -> Iterator[None]:
    """What ffmpeg complains of, in the words of this house."""
    try:
        yield
    except (RuntimeError, BrokenPipeError) as error:
        raise OutputError(f"ffmpeg could not write {ending} ({str(error).strip()[-200:]}).") from error


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started in this block does not hear Ctrl-C.

    A terminal sends it to all processes in front, and ffmpeg would end the file before its last frames have come.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _mp4(size: tuple[int, int], lossless: bool) -> dict[str, Any]:
    """h264. Colour at half resolution, which every player knows, is exact at even scales; odd sizes can't have it."""
    if lossless:
        return {"codec": "h264", "qp": 0, "encoded_format": "yuv444p"}
    even = size[0] % 2 == 0 and size[1] % 2 == 0
    args = ["-sws_flags", "area+accurate_rnd", "-movflags", "+faststart"]
    return {
        "codec": "h264",
        "qp": NEAR_LOSSLESS_QP,
        "encoded_format": "yuv420p" if even else "yuv444p",
        "ffmpeg_args": args,
    }


def _webm(size: tuple[int, int], lossless: bool) -> dict[str, Any]:
    """vp9. `-row-mt` and the highest speed, since clips are small and the quantiser is fixed anyway."""
    even = size[0] % 2 == 0 and size[1] % 2 == 0 and not lossless
    quality = ["-lossless", "1"] if lossless else ["-crf", "4", "-b:v", "0"]
    args = ["-sws_flags", "area+accurate_rnd", *quality, "-row-mt", "1", "-cpu-used", "4"]
    return {"codec": "vp9", "encoded_format": "yuv420p" if even else "yuv444p", "ffmpeg_args": args}


def _gif(size: tuple[int, int], lossless: bool) -> dict[str, Any]:
    """What a gif is made of: every pixel as it is, on the disk."""
    return {"codec": "libx264rgb", "qp": 0, "encoded_format": "rgb24", "ffmpeg_args": ["-preset", "ultrafast"]}


def _write_gif(coded: Path, draft: Path, fps: float) -> None:
    """One palette for the clip, no dithering: flat colours stay flat.

    The palette is known after the last frame. In one go ffmpeg would hold all frames until then (518 MB for a minute of
    512×512 pixels), so the clip is read from the disk twice (41 MB), to the same bytes.
    """
    palette = coded.with_suffix(".palette.mkv")  # no .png: ffmpeg takes a % in such a name for a number
    try:
        _ffmpeg("-i", coded, "-vf", "palettegen=reserve_transparent=0", "-vcodec", "png", "-y", palette)
        mapped = ["-lavfi", "paletteuse=dither=none", "-vcodec", "gif", "-pix_fmt", "pal8", "-loop", "0"]
        _ffmpeg("-r", str(fps), "-i", coded, "-i", palette, *mapped, "-y", draft)
    finally:
        palette.unlink(missing_ok=True)


def _ffmpeg(*arguments: str | Path) -> None:
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OutputError(f"ffmpeg could not write {arguments[-1]} ({done.stderr.strip()[-200:]}).")


_SETTINGS: dict[str, Callable[[tuple[int, int], bool], dict[str, Any]]] = {
    ".mp4": _mp4,
    ".webm": _webm,
    ".gif": _gif,
}


def _mediapy() -> Any:
    """Mediapy, told where ffmpeg is."""
    try:
        import imageio_ffmpeg
        import mediapy

        mediapy.set_ffmpeg(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise OutputError("No ffmpeg to write a video with. Run: pip install imageio-ffmpeg mediapy") from error
    return mediapy
