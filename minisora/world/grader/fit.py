"""Which motion a track shows: each motion's own path is fitted to it, and the one that leaves the least over wins.

Nothing here knows a motion by name. What a motion depends on and how large its numbers are is learnt from the entry
itself, by moving each number a little and by drawing drafts. All residuals are in pixels: of the middle, of the
radius, and of the rim for the angle, so that they can be added up and compared.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from minisora.world.grader.observed import Observed, in_view
from minisora.world.scene import Actor
from minisora.world.tables import Array, Motion, Pose, World

FIELDS = ("x", "y", "heading", "rate", "extent")
STEPS = (1e-3, 1e-3, 1e-3, 1e-3, 1e-3)
DRAFTS = 48  # drawn to learn how large a motion's numbers are
DRAFT_SECONDS = 2.0
RATE_MARGIN, EXTENT_MARGIN = 1.4, 1.25  # beyond what drafts and speeds have
ROUNDS = 8
RADIUS_WEIGHT = 1.5  # radii are measured more surely than places
GONE = 4.0  # pixels of residual for a frame in which the actor should be seen and is not
FAR_OFF = 25.0  # pixels² of a start that is not even tried once another motion fits within the noise
SIMPLER = 0.005  # pixels² for each number that a motion depends on: of two that fit alike, the simpler one
NOISE = 0.3  # pixels² that any fit may have
BEST_GUESSES = 3  # guesses of heading and rate for which every extent is tried
SPIN_RATES = 30
HOPELESS = 15.0  # times the best cost so far from which a fit is not polished further


@dataclass(frozen=True)
class Fit:
    """A motion fitted to a track.

    Attributes:
        motion: its name.
        actor: the numbers that fit best (`radius` is that at time 0; words are left empty).
        error: root of the mean squared residual of the place, pixels.
        cost: mean squared residual of everything, pixels².
    """

    motion: str
    actor: Actor
    error: float
    cost: float


@dataclass(frozen=True)
class Traits:
    """What a motion depends on and how large its numbers are."""

    free: tuple[bool, ...]  # for each of FIELDS, whether a small change shows
    signed: bool  # whether the sign of the heading shows
    sided: bool  # whether the opposite heading shows
    turns: bool
    rates: tuple[float, float]
    extents: tuple[float, ...]


def fit_motions(world: World, observed: Observed) -> list[Fit]:
    """All motions that the track could be, best first; empty if it is seen too little."""
    if (observed.weight > 0).sum() < 3 or not np.isfinite(observed.radius).any():
        return []
    first = []
    for motion in world.motions.values():
        if motion.paired or (motion.needs_turn and observed.fold == 0):
            continue
        first.append((*_start(world, motion, observed), motion))
    fits: list[Fit] = []
    for cost, numbers, motion in sorted(first, key=lambda item: item[0]):
        best = min((fit.cost for fit in fits), default=math.inf)
        if best < NOISE and cost > FAR_OFF:
            break
        fits.append(_polish(world, motion, numbers, observed, best))
    return sorted(fits, key=lambda fit: fit.cost)


# --- what a motion's numbers are --------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _traits(motion: Motion, radii: tuple[float, ...], rates: tuple[float, ...]) -> Traits:
    rng = np.random.default_rng(0)
    times, half = np.linspace(0, DRAFT_SECONDS, 9), (0.5, 0.5)
    drafts = []
    for _ in range(DRAFTS):
        radius, rate = float(rng.choice(radii)), float(rng.choice(rates))
        drafts.append({"rate": rate, **motion.draft(rng, radius, rate, half, DRAFT_SECONDS), "radius": radius})
    extents = sorted(draft.get("extent", 0.0) for draft in drafts)
    own = [draft["rate"] for draft in drafts]
    free, signed, sided, turns = np.zeros(len(FIELDS), dtype=bool), False, False, False
    for draft in drafts[:12]:
        numbers = _numbers(draft)
        pose = motion.path(_actor(numbers, draft["radius"]), times, half)
        turns |= bool(np.ptp(pose.angle) > 1e-6)
        mirrored, opposite = ([*numbers[:2], heading, *numbers[3:]] for heading in (-numbers[2], numbers[2] + math.pi))
        signed |= not _same(pose, motion.path(_actor(mirrored, draft["radius"]), times, half))
        sided |= not _same(pose, motion.path(_actor(opposite, draft["radius"]), times, half))
        for column in range(len(FIELDS)):
            moved = motion.path(_actor(_nudge(numbers, column), draft["radius"]), times, half)
            free[column] |= not _same(pose, moved)
    lowest, highest = extents[0] / EXTENT_MARGIN, extents[-1] * EXTENT_MARGIN
    between = [extents[round(q * (DRAFTS - 1))] for q in (0.0, 0.33, 0.67, 1.0)]
    return Traits(
        tuple(free), signed, sided, turns, (min(own) / RATE_MARGIN, max(own) * RATE_MARGIN), (lowest, *between, highest)
    )


def traits_of(world: World, motion: Motion) -> Traits:
    """What a motion's path depends on, and the ranges of its rate and extent, from its drafts."""
    radii = tuple(r for size in world.sizes.values() for r in (size.low, size.high))
    rates = [r for speed in world.speeds.values() for r in (speed.low, speed.high, *(speed.outside or ()))]
    return _traits(motion, radii, tuple(rates))


def _numbers(draft: dict[str, float | tuple[float, float]]) -> list[float]:
    x, y = draft["start"]  # type: ignore[misc]
    return [x, y, *(float(draft.get(name, 0.0)) for name in FIELDS[2:])]  # type: ignore[arg-type]


def _nudge(numbers: list[float], column: int) -> list[float]:
    return [value + STEPS[column] * (k == column) for k, value in enumerate(numbers)]


def _same(one: Pose, other: Pose) -> bool:
    gap = max(float(np.abs(getattr(one, name) - getattr(other, name)).max()) for name in ("x", "y", "scale", "angle"))
    return gap < 1e-7


def _actor(numbers: list[float], radius: float) -> Actor:
    x, y, heading, rate, extent = numbers
    return Actor("", "", "", "", "", radius, rate, (x, y), heading, extent)


# --- fitting ----------------------------------------------------------------------------------------------------------


def _start(world: World, motion: Motion, observed: Observed) -> tuple[float, list[float]]:
    """The best of many guessed numbers, and their cost: headings and rates first, then the extents for the best few."""
    traits = traits_of(world, motion)
    extents = traits.extents[1:-1] if traits.free[4] else (0.0,)
    first = [[*numbers, extents[len(extents) // 2]] for numbers in _guesses(traits, observed)]
    costs = sorted((_cost(motion, numbers, observed), numbers) for numbers in first)
    if len(extents) == 1:
        return costs[0]
    second = [[*numbers[:4], extent] for _, numbers in costs[:BEST_GUESSES] for extent in extents]
    return min((_cost(motion, numbers, observed), numbers) for numbers in second)


def _guesses(traits: Traits, observed: Observed) -> list[list[float]]:
    """Place, heading and rate to start from: the first place; the first velocities, turned by quarters and mirrored."""
    place, velocities, pace = observed.beginning
    low, high = traits.rates
    headings = [1.0, -1.0] if traits.signed else [0.0, math.pi] if traits.sided else [0.0]
    if traits.free[2]:
        ways = [math.atan2(y, x) for x, y in velocities]
        headings = [ways[0] + k * math.pi / 2 for k in (0, 1, 2, 3)]
        headings += [turned for way in ways[1:] for turned in (way, -way, math.pi - way, math.pi + way)]
    if traits.turns:
        rates = [float(rate) for rate in np.linspace(low, high, SPIN_RATES)]
    else:
        speed = math.hypot(*velocities[0])
        rates = sorted({min(max(rate, low), high) for rate in (speed, pace)}) if traits.free[3] else [0.0]
    return [[*place, heading, rate] for heading, rate in product(headings, rates)]


def _pose(motion: Motion, numbers: list[float], observed: Observed, hint: float = 0.0) -> tuple[Pose, float]:
    """The path with the best radius for these numbers; `hint` is a radius that is likely right."""
    radius = hint or observed.mean_radius
    pose = motion.path(_actor(numbers, radius), observed.times, observed.half)
    scale = pose.scale[observed.sized]
    sure = scale * observed.trust[observed.sized]
    better = float(sure @ observed.targets[2]) / float(sure @ scale)
    if abs(better - radius) > 1e-4:
        pose = motion.path(_actor(numbers, better), observed.times, observed.half)
    return pose, better


def _residual(pose: Pose, radius: float, observed: Observed) -> Array:
    """Residuals in pixels, weighted such that their squared sum is a mean square for each of the three parts."""
    x, y, seen_radius, seen_angle = observed.targets
    weight, share = observed.scales
    sure, sized = observed.sure, observed.sized
    parts = [
        (pose.x[sure] - x) * weight,
        (pose.y[sure] - y) * weight,
        (radius * pose.scale[sized] - seen_radius) * (RADIUS_WEIGHT * share),
    ]
    if observed.fold:
        turn = np.exp(1j * observed.fold * (seen_angle - pose.angle[sized]))
        off = np.angle(turn * np.conj((turn * share**2).sum() + 1e-9)) / observed.fold
        parts.append(off * seen_radius * share)
    return np.concatenate(parts)


def _cost(motion: Motion, numbers: list[float], observed: Observed) -> float:
    pose, radius = _pose(motion, numbers, observed)
    residual = _residual(pose, radius, observed)
    return float(residual @ residual) + _unseen(pose, radius, observed)


def _unseen(pose: Pose, radius: float, observed: Observed) -> float:
    """What frames cost in which the path is in view and the actor is not seen, pixels²."""
    if not observed.missing.any():
        return 0.0
    gone = GONE * in_view(pose, radius, observed) * observed.missing
    return float((gone * gone).mean())


def _polish(world: World, motion: Motion, numbers: list[float], observed: Observed, best: float) -> Fit:
    """Levenberg-Marquardt from one start, with the numbers kept in the motion's ranges; stops when it can't be best."""
    traits = traits_of(world, motion)
    columns = [k for k, free in enumerate(traits.free) if free]
    numbers = _bounded(numbers, traits)
    pose, radius = _pose(motion, numbers, observed)
    residual = _residual(pose, radius, observed)
    damping = 1e-3
    for turn in range(ROUNDS):
        if turn > 1 and float(residual @ residual) > HOPELESS * (best + NOISE):
            break
        slopes = [_slope(motion, numbers, k, radius, residual, observed) for k in columns]
        jacobian = np.stack(slopes, axis=1)
        normal, downhill = jacobian.T @ jacobian, -jacobian.T @ residual
        scale = damping * np.diag(normal) + 1e-6
        move = np.linalg.solve(normal + np.diag(scale), downhill)
        trial = list(numbers)
        for k, step in zip(columns, move, strict=True):
            trial[k] += float(step)
        trial = _bounded(trial, traits)
        new_pose, new_radius = _pose(motion, trial, observed, radius)
        new = _residual(new_pose, new_radius, observed)
        gain = float(residual @ residual - new @ new)
        if gain > 0:
            numbers, radius, residual, damping = trial, new_radius, new, damping * 0.2
            if gain < 1e-4:
                break
        else:
            damping = max(damping * 20, 1e-2)
            if damping > 1e3:
                break
    return _fit(world, motion, numbers, observed)


def _slope(
    motion: Motion, numbers: list[float], column: int, radius: float, residual: Array, observed: Observed
) -> Array:
    nudged = _nudge(numbers, column)
    pose = motion.path(_actor(nudged, radius), observed.times, observed.half)
    return np.asarray((_residual(pose, radius, observed) - residual) / STEPS[column])


def _bounded(numbers: list[float], traits: Traits) -> list[float]:
    x, y, heading, rate, extent = numbers
    low, high = traits.rates
    return [x, y, heading, min(max(rate, low), high), min(max(extent, traits.extents[0]), traits.extents[-1])]


def _fit(world: World, motion: Motion, numbers: list[float], observed: Observed) -> Fit:
    pose, radius = _pose(motion, numbers, observed)
    gap = np.nan_to_num(np.stack([pose.x, pose.y], axis=1) - observed.place)
    error = math.sqrt(float((observed.weight * (gap * gap).sum(1)).sum() / observed.weight.sum())) * observed.side
    cost = _cost(motion, numbers, observed) + SIMPLER * sum(map(bool, traits_of(world, motion).free))
    if motion.shown is not None and not motion.shown(_actor(numbers, radius), observed.times, observed.half):
        cost += GONE**2
    return Fit(motion.name, _actor(numbers, radius), error, cost)
