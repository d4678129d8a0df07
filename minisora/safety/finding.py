"""Is a clip marked? The pattern is looked for without the clip that it was put on, at every place, of every size, and
as in a mirror.

Read `find_mark`: a still picture of the clip, what is left of each place beside its neighbours, and how much that looks
like the pattern (`minisora/guards/mark.py`), in units of how much it looks like the pattern by chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.errors import ShapeError
from minisora.guards.mark import KEY, SIDE, mark_tile

__all__ = ["SCALES", "THRESHOLD", "Found", "find_mark"]

Plane = NDArray[np.float32]

THRESHOLD = 8.0  # above every one of the unmarked clips that it was chosen on: `python benchmarks/mark.py --calibrate`
SCALES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16)  # pixels on a side of a sign, as files are enlarged
LOOKS = 9  # frames, of which the still picture is the median
LIMIT = 4.0  # grey levels: what stands out more than this is the clip's own
LEAST = SIDE // 2  # signs on the shorter side, below which there is too little to tell
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, the weights that video keeps at full resolution


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        score: the best likeness anywhere, in standard deviations of all likenesses there.
        scale: pixels on a side of a sign at that place.
    """

    score: float
    scale: int

    @property
    def marked(self) -> bool:
        """Whether that is more than chance gives."""
        return self.score >= THRESHOLD


def find_mark(frames: Any, key: str = KEY, scales: tuple[int, ...] = SCALES) -> Found:
    """Look for the mark.

    Args:
        frames: uint8 (f, h, w, 3), as read from a file: cut, thinned out or coded anew.
        key: of the pattern.
        scales: sizes of a sign to try, whole pixels. A clip that was scaled by a part of a pixel is not found.
    Returns:
        The best place.
    Raises:
        ShapeError: no clip.
    """
    still = _still(frames)
    tile = mark_tile(key).astype(np.float32)
    patterns = np.fft.rfft2(np.stack([tile, tile[:, ::-1]]))
    best = Found(0.0, scales[0])
    for scale in scales:
        if min(still.shape) < LEAST * scale:
            continue
        for cells in _cells(still, scale):
            score = _likeness(_left_over(cells), patterns)
            if score > best.score:
                best = Found(score, scale)
    return best


def _still(frames: Any) -> Plane:
    """Grey (h, w): the median over time, from which whatever moves is gone and what never moves is not."""
    clip = np.asarray(frames)
    if clip.ndim != 4 or clip.shape[-1] != 3 or 0 in clip.shape or clip.dtype != np.uint8:
        raise ShapeError(f"A clip is uint8 (f, h, w, 3) in RGB; this is {clip.dtype} {clip.shape}.")
    chosen = np.unique(np.linspace(0, len(clip) - 1, min(LOOKS, len(clip))).round().astype(int))
    grey = clip[chosen].astype(np.float32) @ np.asarray(LUMA, np.float32)
    still: Plane = np.median(grey, axis=0)
    return still


def _cells(still: Plane, scale: int) -> Iterator[Plane]:
    """The picture at one value for each sign, for each way in which a grid of this size may lie on it."""
    sums = np.pad(still, ((1, 0), (1, 0))).cumsum(0, dtype=np.float64).cumsum(1)
    boxes = sums[scale:, scale:] - sums[:-scale, scale:] - sums[scale:, :-scale] + sums[:-scale, :-scale]
    means = (boxes / scale**2).astype(np.float32)
    for top in range(scale):
        for left in range(scale):
            yield means[top::scale, left::scale]


def _left_over(cells: Plane) -> Plane:
    """Each cell without the mean of its eight neighbours; 0 at edges, which would drown a grey level."""
    height, width = cells.shape
    framed = np.pad(cells, 1, mode="edge")
    places = [(row, column) for row in range(3) for column in range(3) if (row, column) != (1, 1)]
    around = sum(framed[row : row + height, column : column + width] for row, column in places)
    apart = cells - around / np.float32(8)
    return np.where(np.abs(apart) < LIMIT, apart, np.float32(0))


def _likeness(apart: Plane, patterns: NDArray[np.complexfloating]) -> float:
    """The highest correlation with a pattern over all its places, in standard deviations of all of them.

    The pattern repeats, so all its squares are added up first; one Fourier transform then tries every place.
    """
    height, width = (-(-side // SIDE) * SIDE for side in apart.shape)
    whole = np.zeros((height, width), np.float32)
    whole[: apart.shape[0], : apart.shape[1]] = apart
    square = whole.reshape(height // SIDE, SIDE, width // SIDE, SIDE).sum((0, 2))
    likeness = np.fft.irfft2(np.fft.rfft2(square) * patterns.conj(), s=(SIDE, SIDE))
    spread = float(np.sqrt(np.square(likeness).mean()))
    return float(likeness.max()) / spread if spread > 1e-6 else 0.0
