"""Clips that are written as they are made: each frame goes to its file as soon as it is finished, and is forgotten."""

import hashlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from minisora.diffusion import Step
from minisora.errors import SettingError
from minisora.guards.letters import check_letters
from minisora.guards.marking import put_marks
from minisora.pipeline.clips import about_clip, add_sidecar

if TYPE_CHECKING:
    from minisora.pipeline.sampling import Sampling

__all__ = ["write_as_made"]

Look = Callable[[Step, Tensor], object]


def write_as_made(
    sampling: "Sampling",
    files: Sequence[Path],
    scale: int = 1,
    look: Look | None = None,
    mark: bool = True,
    visible_mark: bool = False,
) -> None:
    """Take all steps, and write the frames of each clip while the next ones are made.

    Args:
        sampling: not begun yet.
        files: one for each clip, ending in .mp4, .webm or .gif; whatever is there is replaced. Beside each a JSON will
            lie.
        scale: whole factor of pixel-crisp enlargement.
        look: called after each step with the step and the frames that were finished by it, uint8 (b, n, h, w, 3).
        mark, visible_mark: as of `Clips.save`.
    Raises:
        OutputError: a file cannot be written.
        SettingError: frames were taken before, and would be missing; or they are too small for the visible mark.
        KeyboardInterrupt: Ctrl-C came. The files, with their JSON, hold what was finished by then, and the message says
            how much; there is no message where nothing was finished, or Ctrl-C came once more, and nothing is written.
    """
    from minisora.data.video_io import open_video

    if sampling.taken:
        raise SettingError(f"{sampling.taken} frames were taken already. Write a clip from its start: stream it again.")
    settings = sampling.order.settings
    if visible_mark:
        check_letters(settings.height * scale, settings.width * scale)
    stopped, hashes = False, [hashlib.sha256() for _ in files]
    with ExitStack() as opened:
        rest = 1 if visible_mark else scale  # letters are written on frames that are enlarged already
        videos = [opened.enter_context(open_video(file, settings.fps, rest, overwrite=True)) for file in files]

        def add(index: int, clip: Tensor) -> None:
            videos[index].add(put_marks(clip, scale, mark, visible_mark)[0])
            hashes[index].update(clip.contiguous().numpy().data)

        try:
            _write_steps(sampling, add, look)
        except KeyboardInterrupt:
            if not sampling.taken:
                raise
            stopped = True
    for index, (file, digest) in enumerate(zip(files, hashes, strict=True)):
        about = about_clip(sampling.order.until(sampling.taken), index, digest.hexdigest())
        add_sidecar(file, about | {"scale": scale, "mark": mark, "visible_mark": visible_mark})
    if stopped:
        raise KeyboardInterrupt(f"{sampling.length(sampling.taken)} are in {', '.join(map(str, files))}")


def _write_steps(sampling: "Sampling", add: Callable[[int, Tensor], None], look: Look | None) -> None:
    """Take each step; finished frames of clip k go to add(k, frames)."""
    for step in sampling:
        with ctrl_c_waits():
            frames = sampling.take()
            if frames.shape[1]:
                for index, clip in enumerate(frames):
                    add(index, clip)
        if look is not None:
            look(step, frames)


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended: half a frame in a pipe would spoil the file that is to be kept."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield  # Python raises KeyboardInterrupt in the main thread only, and None is a handler that is not Python's
        return
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)
