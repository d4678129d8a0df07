"""Blobs of one colour: the largest one, and what else there is of that colour."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from minisora.world.grader.ground import Floats, grown
from minisora.world.grader.silhouettes import distance_table
from minisora.world.tables import Shape, World

Flags = NDArray[np.bool_]

WINDOW = 1.95  # radii of an equal disc that a silhouette of that area may spread
LEAST_MASS = 3.0  # pixels of a frame's mask for the actor to count as seen
COPY_CORE = 0.7  # mean cover of a 3×3 block that is solid
COPY_BLOCKS = 3  # such blocks in a frame make an actor, in this share of the frames:
COPY_FRAMES = 0.12
BLOB_COVER = 0.3  # cover from which pixels of a blob hang together
COPIES = 2  # further actors of one colour that are looked for


def is_solid(cover: Floats) -> bool:
    """Whether a mask (f, h, w) holds more than flecks and edges."""
    if cover.sum() < 9 * COPY_CORE:
        return False
    solid = (_blocks(cover) > COPY_CORE).sum((1, 2))
    return bool((solid >= COPY_BLOCKS).sum() >= max(1, round(COPY_FRAMES * len(cover))))


def take_largest(cover: Floats, free: Flags, spread: float) -> tuple[Floats, Floats]:
    """The largest blob of a mask (f, h, w) in each frame, and the mask without it; `spread` as of `widest_spread`."""
    near = largest(cover, free, spread)
    return np.where(near, cover, 0).astype(np.float32), np.where(near, 0, cover).astype(np.float32)


def widest_spread(world: World) -> float:
    """How far the ink of the world's most spread-out shape lies from its middle: mean square over area."""
    return max(_spread_of(shape) for shape in world.shapes.values())


@lru_cache(maxsize=64)
def _spread_of(shape: Shape) -> float:
    """Mean squared distance of a shape's ink from its middle, relative to its area."""
    inside = (distance_table(shape) < 0).astype(np.float32)[None]
    return float(centre(inside)[2][0] / inside.sum())


def _within(shape: tuple[int, ...], x: Floats, y: Floats, reach: Floats) -> Flags:
    """Pixels (f, h, w) within `reach` of a middle."""
    dx = (np.arange(shape[2], dtype=np.float32) - x[:, None]) ** 2
    dy = (np.arange(shape[1], dtype=np.float32) - y[:, None]) ** 2
    return np.asarray(dx[:, None, :] + dy[:, :, None] < (reach**2)[:, None, None])


def _blocks(cover: Floats) -> Floats:
    """Mean of each 3×3 block, (f, h - 2, w - 2)."""
    rows = cover[:, :-2] + cover[:, 1:-1] + cover[:, 2:]
    return np.asarray((rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9, dtype=np.float32)


def largest(cover: Floats, free: Flags, spread: float) -> Flags:
    """Where the largest blob is and nothing else of its colour, (f, h, w).

    In most frames a colour is one compact blob (its ink spreads no farther than a shape's, relative to its area) and
    all near it is its own. In the others, blobs are told apart by filling them from a seed.
    """
    x, y, wide = centre(cover)
    mass = cover.sum((1, 2))
    near = _within(cover.shape, x, y, WINDOW * np.sqrt(mass / np.pi) + 1)
    scattered = wide > 1.2 * spread * mass + 2
    if scattered.any():
        near[scattered] = _filled(cover[scattered], ~free[scattered])
    return near


def _filled(cover: Floats, bridge: Flags) -> Flags:
    """The largest of the first few connected blobs of each frame; what is hidden (`bridge`) connects."""
    passable = (cover > BLOB_COVER) | bridge
    best, most = np.zeros(cover.shape, dtype=bool), np.zeros(len(cover), dtype=np.float32)
    rest = cover
    for _ in range(1 + COPIES):
        blob = _spread_flags(_seed(rest), passable)
        blob = grown(grown(blob))
        mass = (rest * blob).sum((1, 2))
        best = np.where((mass > most)[:, None, None], blob, best)
        most = np.maximum(mass, most)
        rest = np.where(blob, 0, rest).astype(np.float32)
        if rest.sum() < LEAST_MASS:
            break
    return best


def _seed(cover: Floats) -> Flags:
    """The middle of the fullest 3×3 block of each frame, as one flag."""
    blocks = _blocks(cover).reshape(len(cover), -1)
    row, column = np.divmod(blocks.argmax(1), cover.shape[2] - 2)
    flags = np.zeros(cover.shape, dtype=bool)
    flags[np.arange(len(cover)), row + 1, column + 1] = True
    return flags


def centre(cover: Floats) -> tuple[Floats, Floats, Floats]:
    """Centre of mass (x, y) and mean squared distance from it, pixels, (f,) each."""
    row, column = (np.arange(length, dtype=np.float32) for length in cover.shape[1:])
    mass = np.maximum(cover.sum((1, 2)), 1e-3)
    by_column, by_row = cover.sum(1) / mass[:, None], cover.sum(2) / mass[:, None]
    x, y = by_column @ column, by_row @ row
    spread = by_column @ column**2 - x**2 + by_row @ row**2 - y**2
    return x, y, np.asarray(spread, dtype=np.float32)


def _spread_flags(seed: NDArray[np.bool_], passable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """All flags of `passable` (f, h, w) that hang together with the seeds of their frame."""
    found = seed
    while True:
        wider = grown(found) & passable | seed
        if (wider == found).all():
            return found
        found = wider
