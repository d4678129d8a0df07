"""From soft masks to tracks: for each actor its place, radius, angle and shape in every frame.

Inside this file lengths are pixels; a `Track` has shorter sides.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minisora.world.grader.ground import Floats
from minisora.world.grader.segment import Masks
from minisora.world.grader.silhouettes import (
    Patches,
    Stance,
    fit_stance,
    misfit,
    search_stance,
    stance_by_moments,
)
from minisora.world.tables import Shape, World

Flags = NDArray[np.bool_]

LARGEST_REACH = 1.3  # radii from the middle to the farthest ink
WINDOW = 1.95  # radii of an equal disc that a silhouette of that area may spread
LEAST_MASS = 3.0  # pixels of a frame's mask for the actor to count as seen
COPY_CORE = 0.7  # mean cover of a 3×3 block that is solid
COPY_BLOCKS = 3  # such blocks in a frame make a copy
COPIES = 2  # further actors of one colour that are looked for
WHOLE = 0.97  # share of a silhouette in free view from which it counts as whole
BEST_FRAMES = 6  # frames on which shapes are compared where none is whole


@dataclass(frozen=True)
class Track:
    """An actor as it is seen.

    Attributes:
        colour: name of its colour; `rgb` what it looks like, 0…255.
        shape: name of the shape that fits best over the clip, "" if none does.
        shape_share: share of the clearly seen frames that agree with it.
        misfits: mean squared cover difference for each shape's name.
        seen: (f,) whether it is in the picture.
        whole: (f,) whether it is in full view.
        x, y: (f,) middle on the screen, shorter sides from the frame's middle; NaN where it is not seen.
        radius: (f,) shorter sides; NaN where it can't be told.
        angle: (f,) radians, modulo the shape's fold.
        weight: (f,) share of it that is in view.
    """

    colour: str
    rgb: tuple[float, float, float]
    shape: str
    shape_share: float
    misfits: dict[str, float]
    seen: Flags
    whole: Flags
    x: Floats
    y: Floats
    radius: Floats
    angle: Floats
    weight: Floats


def find_tracks(world: World, masks: Masks) -> list[Track]:
    """Every actor of a clip, those of one colour apart if they are several."""
    tracks = []
    for k, name in enumerate(masks.names):
        cover = masks.cover[k]
        for _ in range(1 + COPIES):
            track, cover = _take(world, cover, masks.free[k])
            if track is None:
                break
            red, green, blue = (float(value) for value in masks.colours[k])
            tracks.append(replace(track, colour=name, rgb=(red, green, blue)))
    return tracks


def _take(world: World, cover: Floats, free: Flags) -> tuple[Track | None, Floats]:
    """The largest actor of a mask (f, h, w), and the mask without it."""
    if cover.sum() < 9 * COPY_CORE:
        return None, cover
    solid = (_blocks(cover) > COPY_CORE).sum((1, 2))
    if (solid >= COPY_BLOCKS).sum() < max(1, round(0.12 * len(cover))):
        return None, cover
    x, y, radius = _locate(cover)
    near = _within(cover.shape, x, y, WINDOW * radius + 1)
    mine = np.where(near, cover, 0).astype(np.float32)
    seen = mine.sum((1, 2)) >= LEAST_MASS
    return _track(world, mine, free, x, y, seen), np.where(near, 0, cover).astype(np.float32)


def _within(shape: tuple[int, ...], x: Floats, y: Floats, reach: Floats) -> Flags:
    """Pixels (f, h, w) within `reach` of a middle."""
    dx = (np.arange(shape[2], dtype=np.float32) - x[:, None]) ** 2
    dy = (np.arange(shape[1], dtype=np.float32) - y[:, None]) ** 2
    return np.asarray(dx[:, None, :] + dy[:, :, None] < (reach**2)[:, None, None])


def _blocks(cover: Floats) -> Floats:
    """Mean of each 3×3 block, (f, h - 2, w - 2)."""
    rows = cover[:, :-2] + cover[:, 1:-1] + cover[:, 2:]
    return np.asarray((rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9, dtype=np.float32)


def _locate(cover: Floats) -> tuple[Floats, Floats, Floats]:
    """Middle and radius (of a disc of equal area) of the largest blob in each frame, pixels, (f,) each."""
    height, width = cover.shape[1:]
    column, row = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    mass = cover.sum((1, 2))
    most = np.sqrt(mass.max() / np.pi)
    x, y, spread = _centre(cover, column, row)
    radius = np.sqrt(mass / np.pi)
    scattered = spread > 1.6 * radius**2 / 2 + 2  # a disc has r²/2 twice (x and y), a ring a little more
    if scattered.any():
        x[scattered], y[scattered], radius[scattered] = _densest(cover[scattered], most)
    return x, y, np.maximum(radius, 0.5 * np.median(radius)).astype(np.float32)


def _densest(cover: Floats, most: float) -> tuple[Floats, Floats, Floats]:
    """Middle and radius of the densest blob: the fullest square, moved to the centre of mass of its surroundings."""
    column, row = (np.arange(length, dtype=np.float32) for length in (cover.shape[2], cover.shape[1]))
    x, y = _peaks(cover, max(2, int(most / 2)))
    radius = np.full(len(cover), most, dtype=np.float32)
    for _ in range(4):
        inside = cover * _within(cover.shape, x, y, WINDOW * radius + 1)
        radius = np.sqrt(np.maximum(inside.sum((1, 2)), 1) / np.pi)
        x, y, _ = _centre(inside, column, row)
    return x, y, radius


def _centre(cover: Floats, column: Floats, row: Floats) -> tuple[Floats, Floats, Floats]:
    """Centre of mass and mean squared distance from it, (f,) each."""
    mass = np.maximum(cover.sum((1, 2)), 1e-3)
    by_column, by_row = cover.sum(1) / mass[:, None], cover.sum(2) / mass[:, None]
    x, y = by_column @ column, by_row @ row
    spread = by_column @ column**2 - x**2 + by_row @ row**2 - y**2
    return x, y, np.asarray(spread, dtype=np.float32)


def _peaks(cover: Floats, half: int) -> tuple[Floats, Floats]:
    """Place of the fullest square of half side `half` in each frame."""
    frames, height, width = cover.shape
    table = np.zeros((frames, height + 2 * half + 1, width + 2 * half + 1), dtype=np.float32)
    padded = np.pad(cover, ((0, 0), (half, half), (half, half)))
    table[:, 1:, 1:] = padded.cumsum(1).cumsum(2)
    size = 2 * half + 1
    if size > min(height, width):
        size = min(height, width)
    sums = table[:, size:, size:] - table[:, :-size, size:] - table[:, size:, :-size] + table[:, :-size, :-size]
    place = sums.reshape(frames, -1).argmax(1)
    return (place % sums.shape[2]).astype(np.float32), (place // sums.shape[2]).astype(np.float32)


# --- one actor --------------------------------------------------------------------------------------------------------


def _track(world: World, cover: Floats, free: Flags, x: Floats, y: Floats, seen: Flags) -> Track:
    patches = _patches(cover, free, x, y)
    whole = seen & _untouched(patches)
    judged = whole if whole.any() else _fullest(cover, seen)
    options = {name: _option(shape, patches.pick(judged), bool(whole.any())) for name, shape in world.shapes.items()}
    costs = np.stack([cost for _, cost in options.values()])  # (shapes, judged)
    names = list(options)
    name, share = _vote(names, costs, options)
    shape = world.shapes[name]
    stance, weight = _complete(shape, options[name][0], patches, judged, seen, x, y)
    side = min(cover.shape[1:])
    height, width = cover.shape[1:]
    known = weight > 0
    blank = np.float32(np.nan)
    return Track(
        colour="",
        rgb=(0.0, 0.0, 0.0),
        shape=name,
        shape_share=share,
        misfits={n: float(cost.mean()) for n, cost in zip(names, costs, strict=True)},
        seen=seen,
        whole=whole,
        x=np.where(known, (stance.x + 0.5 - width / 2) / side, blank),
        y=np.where(known, (stance.y + 0.5 - height / 2) / side, blank),
        radius=np.where(judged, stance.radius / side, blank),
        angle=np.where(judged, stance.angle, blank),
        weight=weight,
    )


def _option(shape: Shape, patches: Patches, whole: bool) -> tuple[Stance, Floats]:
    """A shape's best stance in the judged frames and how badly it fits there."""
    stance = stance_by_moments(shape, patches)
    if not whole:
        stance = fit_stance(shape, search_stance(shape, stance, patches), patches, rounds=6)
    return stance, misfit(shape, stance, patches)


def _vote(names: list[str], costs: Floats, options: dict[str, tuple[Stance, Floats]]) -> tuple[str, float]:
    """The shape with the least misfit over all frames, and the share of frames in which it is close to best."""
    size = options[names[0]][0].radius ** 2
    total = (costs * size).sum(1)
    best = int(total.argmin())
    clear = size >= 0.3 * size.max()
    agree = costs[best] <= 1.15 * costs.min(0) + 0.004
    return names[best], float(agree[clear].mean())


def _complete(
    shape: Shape, known: Stance, patches: Patches, judged: Flags, seen: Flags, x: Floats, y: Floats
) -> tuple[Stance, Floats]:
    """The stance in all frames: fitted where the actor is partly hidden; and the share of it in view, 0…1."""
    frames = np.arange(len(seen))
    radius = np.interp(frames, frames[judged], known.radius).astype(np.float32)
    turn = np.unwrap(known.angle * max(shape.fold, 1)) / max(shape.fold, 1)
    angle = np.interp(frames, frames[judged], turn).astype(np.float32)
    full_x, full_y = x.copy(), y.copy()
    full_x[judged], full_y[judged] = known.x, known.y
    stance = Stance(full_x, full_y, radius, angle)
    rest = seen & ~judged
    if rest.any():
        begin = search_stance(shape, stance.pick(rest), patches.pick(rest))
        fitted = fit_stance(shape, begin, patches.pick(rest), free="xy", rounds=5)
        stance.x[rest], stance.y[rest] = fitted.x, fitted.y
    in_view = (patches.cover * patches.weight).sum((1, 2)) / np.maximum(radius**2 * shape.area, 1)
    weight = np.where(judged, 1.0, np.clip(in_view, 0, 1)) * seen
    weight[weight < 0.15] = 0
    return stance, weight.astype(np.float32)


def _patches(cover: Floats, free: Flags, x: Floats, y: Floats) -> Patches:
    """Square cut-outs round the middles (x, y), with weight 0 outside the frame and behind other things."""
    radius = np.sqrt(cover.sum((1, 2)).max() / np.pi)
    half = int(np.ceil(radius * LARGEST_REACH * 1.15)) + 3
    pad = ((0, 0), (half, half), (half, half))
    covers, weights = np.pad(cover, pad), np.pad(free, pad)
    side = np.arange(2 * half + 1)
    column = np.clip(np.round(x), 0, cover.shape[2] - 1).astype(int)[:, None] + side  # in the padded frame
    row = np.clip(np.round(y), 0, cover.shape[1] - 1).astype(int)[:, None] + side
    at = np.arange(len(cover))[:, None, None], row[:, :, None], column[:, None, :]
    return Patches(
        covers[at],
        weights[at].astype(np.float32),
        (column - half).astype(np.float32)[:, None, :],
        (row - half).astype(np.float32)[:, :, None],
    )


def _untouched(patches: Patches) -> Flags:
    """Frames in which neither the frame's edge nor anything in front touches the silhouette."""
    hidden = patches.weight == 0
    grown = hidden.copy()
    grown[:, 1:] |= hidden[:, :-1]
    grown[:, :-1] |= hidden[:, 1:]
    grown[:, :, 1:] |= grown[:, :, :-1].copy()
    grown[:, :, :-1] |= grown[:, :, 1:].copy()
    mass = patches.cover.sum((1, 2))
    return np.asarray((patches.cover * grown).sum((1, 2)) < 0.3 + 0.003 * mass)


def _fullest(cover: Floats, seen: Flags) -> Flags:
    """The few frames with the most ink."""
    mass = cover.sum((1, 2)) * seen
    chosen = np.zeros(len(mass), dtype=bool)
    chosen[np.argsort(-mass)[:BEST_FRAMES]] = True
    return chosen & (seen if seen.any() else True)
