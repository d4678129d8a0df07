"""What is known of the pixels of clips in the making: one canvas that text to video, extension and edits all fill in.

    frame    … 7      │ 8 … 16  │ 17 … 24  │ 25 …
             forgotten│ made    │ is made  │ known where conditions lie

Frames that are given stay as they were given, and are laid out for the stretch that is asked for; frames that were made
are held one by one until they are forgotten. So an hour costs no more than the stretch that is worked on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minisora.models.autoencoder import SPACE, TIME
from minisora.pipeline.conditions import Condition, Placed, place_all
from minisora.pipeline.settings import Settings

__all__ = ["Canvas", "Stretch", "kept_latents", "make_canvas"]


@dataclass(frozen=True)
class Stretch:
    """What is known about the pixels of some frames in a row.

    Attributes:
        pixels: uint8 (b, f, h, w, 3); what it holds where nothing is known is not read.
        kept: bool (f, h, w), known and kept exactly.
        start: (z,), the noise that a latent frame starts from: 1 for one to be invented, 1 - strength for a hint.
    """

    pixels: Tensor
    kept: Tensor
    start: Tensor

    @property
    def hinted(self) -> Tensor:
        """bool (z,), latent frames that start from known pixels, though these are not kept."""
        return self.start < 1

    def kept_latents(self) -> Tensor:
        """bool (z, lh, lw): places of which every pixel of every frame is kept."""
        return kept_latents(self.kept)

    def filled(self) -> Tensor:
        """The pixels with gaps in time closed, so that the autoencoder meets no sudden black frame.

        Returns:
            uint8 (b, f, h, w, 3): a frame of which nothing is known repeats the next known one, or the last.
        """
        known = self.kept.any(dim=(1, 2)) | self.frames_hinted()
        if not known.any():
            return self.pixels
        places = known.nonzero()[:, 0]
        after = torch.searchsorted(places, torch.arange(len(known))).clamp(max=len(places) - 1)
        return self.pixels[:, places[after]]

    def frames_hinted(self) -> Tensor:
        """bool (f,): frames whose latent frame is hinted."""
        return self.hinted.repeat_interleave(TIME)[TIME - 1 :]


def kept_latents(kept: Tensor) -> Tensor:
    """Places of the latent grid of which every pixel of every frame is kept.

    Args:
        kept: bool (f, h, w), f = 1 + 4k.
    Returns:
        bool (z, lh, lw).
    """
    spread = torch.cat([kept[:1].expand(TIME - 1, -1, -1), kept])  # the first frame is a group by itself
    f, h, w = spread.shape
    return spread.view(f // TIME, TIME, h // SPACE, SPACE, w // SPACE, SPACE).all(dim=(1, 3, 5))


class Canvas:
    """All frames of b clips, of which only those take memory that were given or made, and not forgotten yet."""

    def __init__(self, given: Sequence[Placed], batch: int, settings: Settings) -> None:
        """Begin with what is given.

        Args:
            given: conditions in their places, no two of them on the same frames.
            batch: b.
            settings: height and width of the video.
        """
        self._given, self._made = tuple(given), dict[int, Tensor]()  # frame: uint8 (b, h, w, 3)
        self._batch, self._size = batch, (settings.height, settings.width)

    @property
    def held(self) -> int:
        """How many made frames take memory."""
        return len(self._made)

    def pixels(self, first: int, stop: int) -> Tensor:
        """What the frames look like.

        Args:
            first, stop: which frames.
        Returns:
            uint8 (b, stop - first, h, w, 3), black where nothing is known.
        """
        pixels = torch.zeros(self._batch, stop - first, *self._size, 3, dtype=torch.uint8)
        for placed, here, there in self._laid(first, stop):
            pixels[:, here] = placed.frames[..., there, :, :, :]
        for frame in self._made.keys() & range(first, stop):
            pixels[:, frame - first] = self._made[frame]
        return pixels

    def kept(self, first: int, stop: int) -> Tensor:
        """Which pixels are known and kept exactly.

        Args:
            first, stop: which frames.
        Returns:
            bool (stop - first, h, w).
        """
        kept = torch.zeros(stop - first, *self._size, dtype=torch.bool)
        for placed, here, there in self._laid(first, stop):
            kept[here] = placed.kept[there]
        for frame in self._made.keys() & range(first, stop):
            kept[frame - first] = True
        return kept

    def start(self, first: int, stop: int) -> Tensor:
        """The noise that latent frames start from.

        Args:
            first: first frame, a multiple of 4.
            stop: end, 1 + 4k.
        Returns:
            (z,), see `Stretch`.
        """
        begin, end = first // TIME, 1 + (stop - 1) // TIME
        start = torch.ones(end - begin)
        for placed in self._given:
            groups = placed.groups
            start[max(groups.start - begin, 0) : max(groups.stop - begin, 0)] = placed.start
        return start

    def part(self, first: int, stop: int) -> Stretch:
        """All that is known of a window.

        Args:
            first: first frame, a multiple of 4.
            stop: end, 1 + 4k.
        Returns:
            A stretch of `stop - first` frames, a copy.
        """
        return Stretch(self.pixels(first, stop), self.kept(first, stop), self.start(first, stop))

    def put(self, first: int, frames: Tensor) -> None:
        """Put made frames onto the canvas, but not over what is known.

        Args:
            first: where the first of them lies.
            frames: uint8 (b, n, h, w, 3).
        """
        stop = first + frames.shape[1]
        known = torch.where(self.kept(first, stop)[..., None], self.pixels(first, stop), frames)
        self._made |= dict(zip(range(first, stop), known.unbind(dim=1), strict=True))

    def forget(self, before: int) -> None:
        """Let go of frames that nobody will ask for again.

        Args:
            before: frames before this one.
        """
        self._made = {frame: pixels for frame, pixels in self._made.items() if frame >= before}
        self._given = tuple(placed for placed in self._given if placed.stop > before)

    def _laid(self, first: int, stop: int) -> Iterator[tuple[Placed, slice, slice]]:
        """Conditions that reach into a stretch: where in the stretch, and which of their own frames."""
        for placed in self._given:
            begin, end = max(first, placed.first), min(stop, placed.stop)
            if begin < end:
                yield placed, slice(begin - first, end - first), slice(begin - placed.first, end - placed.first)


def make_canvas(conditions: Sequence[Condition], batch: int, settings: Settings) -> Canvas:
    """Lay all conditions onto the frames of a video.

    Args:
        conditions: no two of them on the same frames, so that their order does not matter.
        batch: b.
        settings: frames, height and width of the video.
    Returns:
        The canvas; nothing is known on it where there is no condition.
    Raises:
        SettingError: frames that do not cover whole groups, lie outside the video, or are given twice; the nearest
            legal index is named.
        ShapeError: frames or a mask of another size.
    """
    return Canvas(place_all(conditions, batch, settings), batch, settings)
