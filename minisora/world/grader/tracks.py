"""From soft masks to tracks: for each actor its place, radius, angle and shape in every frame.

Inside this file lengths are pixels; a `Track` has shorter sides.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minisora.world.grader.blobs import COPIES, LEAST_MASS, centre, is_solid, take_largest, widest_spread
from minisora.world.grader.ground import Floats
from minisora.world.grader.segment import Masks
from minisora.world.grader.silhouettes import (
    Patches,
    Stance,
    fit_stance,
    misfit,
    search_stance,
    softness,
    stance_by_moments,
)
from minisora.world.tables import Shape, World

Flags = NDArray[np.bool_]

LARGEST_REACH = 1.3  # radii from the middle to the farthest ink
PARTLY = 0.3  # how far radius and angle are trusted where the silhouette is not whole
GOOD = 0.06  # misfit up to which they are trusted there at all
HOLD = 8.0  # how firmly they are held elsewhere
MOSTLY = 0.7  # share of a silhouette in view from which its radius and angle can be fitted
LEAST_SHARE = 0.15  # share in view below which its place can't be told
SOFT, SOFTEST = 1.25, 3.5  # softness from which, and up to which, edges are drawn soft
CLEAR = 0.65  # of the largest radius: only frames in which an actor is that large vote on its shape
SURE = 0.01  # misfit below which a shape does not fit any better
CLOSE = (1.3, 0.015)  # factor and surplus of the least misfit up to which a frame agrees with a shape
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
        trust: (f,) how sure radius and angle are, 0…1.
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
    trust: Floats


def find_tracks(world: World, masks: Masks) -> list[Track]:
    """Every actor of a clip, those of one colour apart if they are several."""
    tracks = []
    for k, name in enumerate(masks.names):
        cover = masks.cover[k]
        for _ in range(1 + COPIES):
            if not is_solid(cover):
                break
            mine, cover = take_largest(cover, masks.free[k], widest_spread(world))
            track = _track(world, mine, masks.free[k])
            red, green, blue = (float(value) for value in masks.colours[k])
            tracks.append(replace(track, colour=name, rgb=(red, green, blue)))
    return tracks


# --- one actor --------------------------------------------------------------------------------------------------------


def _track(world: World, cover: Floats, free: Flags) -> Track:
    x, y, _ = centre(cover)
    seen = cover.sum((1, 2)) >= LEAST_MASS
    patches = _patches(cover, free, x, y)
    whole = seen & _untouched(patches, cover.shape[1:])
    judged = whole if whole.any() else _fullest(cover, seen)
    options = _stances(world, patches.pick(judged), bool(whole.any()))
    costs = _costs(world, options, patches.pick(judged))
    best = list(options)[int(costs.mean(1).argmin())]
    soft = softness(world.shapes[best], options[best], patches.pick(judged))
    if soft > SOFT:  # a decoder's edges: compare again, with silhouettes drawn as soft
        patches = replace(patches, soft=min(soft, SOFTEST))
        options = _stances(world, patches.pick(judged), bool(whole.any()))
        costs = _costs(world, options, patches.pick(judged))
    name, share = _vote(list(options), costs, next(iter(options.values())).radius)
    shape = world.shapes[name]
    stance, weight, trust = _complete(shape, options[name], patches, judged, seen, x, y)
    side = min(cover.shape[1:])
    height, width = cover.shape[1:]
    known = weight > 0
    blank = np.float32(np.nan)
    return Track(
        colour="",
        rgb=(0.0, 0.0, 0.0),
        shape=name,
        shape_share=share,
        misfits={n: float(cost.mean()) for n, cost in zip(options, costs, strict=True)},
        seen=seen,
        whole=whole,
        x=np.where(known, (stance.x + 0.5 - width / 2) / side, blank),
        y=np.where(known, (stance.y + 0.5 - height / 2) / side, blank),
        radius=np.where(trust > 0, stance.radius / side, blank),
        angle=np.where(trust > 0, stance.angle, blank),
        weight=weight,
        trust=trust,
    )


def _stances(world: World, patches: Patches, whole: bool) -> dict[str, Stance]:
    """Each shape's best stance in these frames: by moments where the silhouette is whole, else fitted."""
    stances = {name: stance_by_moments(shape, patches) for name, shape in world.shapes.items()}
    if whole:
        return stances
    for name, shape in world.shapes.items():
        begin = search_stance(shape, stances[name], patches)
        stances[name] = fit_stance(shape, begin, patches, rounds=6)
    return stances


def _costs(world: World, stances: dict[str, Stance], patches: Patches) -> Floats:
    """How badly each shape fits, (shapes, f)."""
    return np.stack([misfit(world.shapes[name], stance, patches) for name, stance in stances.items()])


def _vote(names: list[str], costs: Floats, radius: Floats) -> tuple[str, float]:
    """The shape that fits best over all frames, and the share of frames in which it is close to best.

    Misfits are averaged as logarithms: a frame that shows a shape clearly says more than one in which none fits.
    """
    clear = radius >= CLEAR * radius.max()
    best = int((np.log(costs + SURE)[:, clear]).mean(1).argmin())
    agree = costs[best] <= CLOSE[0] * costs.min(0) + CLOSE[1]
    return names[best], float(agree[clear].mean())


def _complete(
    shape: Shape, known: Stance, patches: Patches, judged: Flags, seen: Flags, x: Floats, y: Floats
) -> tuple[Stance, Floats, Floats]:
    """The stance in all frames, the share of the actor in view, 0…1, and how sure radius and angle are, 0…1.

    Where it is partly hidden, the silhouette is fitted to what is seen: first in every such frame from what its own
    ink says, then, where that explains too little, with radius and angle held near those of the frames round it.
    """
    stance = Stance(x.copy(), y.copy(), np.ones_like(x), np.zeros_like(x))
    stance.put(judged, known)
    share, trust = judged.astype(np.float32), judged.astype(np.float32)
    rest = seen & ~judged
    if rest.any():
        part = patches.pick(rest)
        _between(shape, stance, judged)
        fitted = _partly(shape, stance.pick(rest), part)
        stance.put(rest, fitted)
        share[rest] = _share(shape, fitted, part)
        trust[rest] = PARTLY * ((share[rest] > MOSTLY) & (misfit(shape, fitted, part) < GOOD))
        rest = rest & (trust == 0)
    if rest.any():
        part = patches.pick(rest)
        _between(shape, stance, trust > 0)
        begin = search_stance(shape, Stance(x[rest], y[rest], stance.radius[rest], stance.angle[rest]), part)
        fitted = fit_stance(shape, begin, part, rounds=5, hold=HOLD)
        stance.put(rest, fitted)
        share[rest] = _share(shape, fitted, part)
    _between(shape, stance, trust > 0)
    return stance, np.where(share < LEAST_SHARE, 0, share).astype(np.float32), trust


def _partly(shape: Shape, near: Stance, patches: Patches) -> Stance:
    """A partly hidden silhouette: with the radius of the frames round it, or, if that can't be, as its own ink says.

    The second alone would not do: a triangle whose base is cut off looks like a smaller triangle.
    """
    fitted = fit_stance(shape, search_stance(shape, near, patches), patches, rounds=6, hold=1.0)
    cost = misfit(shape, fitted, patches)
    poor = cost > GOOD
    if poor.any():
        part = patches.pick(poor)
        own = fit_stance(shape, search_stance(shape, stance_by_moments(shape, part), part), part, rounds=6)
        better = misfit(shape, own, part) < cost[poor] - GOOD / 2
        chosen = np.flatnonzero(poor)[better]
        fitted.put(np.isin(np.arange(len(poor)), chosen), own.pick(better))
    return fitted


def _share(shape: Shape, stance: Stance, patches: Patches) -> Floats:
    """Share of a silhouette that is seen, 0…1, (f,)."""
    ink = (patches.cover * patches.weight).sum((1, 2))
    return np.asarray(np.clip(ink / np.maximum(stance.radius**2 * shape.area, 1), 0, 1), dtype=np.float32)


def _between(shape: Shape, stance: Stance, sized: Flags) -> None:
    """Fill in radius and angle between the frames in which they are sure."""
    frames = np.arange(len(sized))
    fold = max(shape.fold, 1)
    turn = np.unwrap(stance.angle[sized] * fold) / fold
    stance.radius[~sized] = np.interp(frames[~sized], frames[sized], stance.radius[sized])
    stance.angle[~sized] = np.interp(frames[~sized], frames[sized], turn)


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


def _untouched(patches: Patches, size: tuple[int, ...]) -> Flags:
    """Frames in which neither the frame's edge nor anything in front touches the silhouette."""
    edge_x = (patches.x <= 0) | (patches.x >= size[1] - 1)
    edge_y = (patches.y <= 0) | (patches.y >= size[0] - 1)
    touched = patches.cover * ((patches.weight == 0) | edge_x | edge_y)
    return np.asarray(touched.sum((1, 2)) < 0.3 + 0.003 * patches.cover.sum((1, 2)))


def _fullest(cover: Floats, seen: Flags) -> Flags:
    """The few frames with the most ink."""
    mass = cover.sum((1, 2)) * seen
    chosen = np.zeros(len(mass), dtype=bool)
    chosen[np.argsort(-mass)[:BEST_FRAMES]] = True
    return chosen & (seen if seen.any() else True)
