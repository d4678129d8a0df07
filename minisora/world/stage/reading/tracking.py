"""From a chain of spots to an actor: which character it is, in which colour, and how it stands in every frame."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from minisora.world.render import FARTHEST_PART
from minisora.world.stage.reading.figures import COVER, Figure, Pose, beats, draw, nearest_scale, raster, soft_raster
from minisora.world.stage.reading.fitting import (
    PARTIAL,
    PLAIN,
    STAND,
    Guess,
    Starts,
    Window,
    best_manner,
    best_of,
    colour_errors,
    empty_errors,
    guesses,
    own_ink,
    picture,
    settle,
    softened,
    sums,
    thinning,
    window,
)
from minisora.world.stage.reading.foreground import Chain, Spot

LOOKS = 3  # frames in which figures are compared
RIVALS = 2  # figures that are followed through all frames
AHEAD = 0.5  # of the second figure's error, below which the first needs no comparison
VISIBLE = 0.2  # share of a figure in view from which it must be seen
UNSURE = 0.15  # share left unexplained, from which other spots are looked at
EXPLAINS = 0.6  # share of the difference from the place that may be left over where it is seen
CLOSE = (1.3, 0.004)  # factor, and mean square a pixel, by which a frame may prefer another figure
FAITHFUL = 0.004  # mean square left over, below which it is there in any case
BAD = 1.6  # times the usual error, from which a frame is tried again
JOINS = 0.6  # share of a later chain's frames in which a figure must be seen there
PART = 0.8  # of its area, below which a spot shows only a part of it
AROUND = (-1.0, -0.5, 0.0, 0.5, 1.0)  # radii by which its middle may be off then
WHOLE = 0.92  # share in view from which radius counts fully
PARTLY = 0.2


@dataclass(frozen=True)
class Stage:
    """What tracking looks at, in full size.

    Attributes:
        away, place: (f, h, w, 3) clip minus place, and the place, 0…1, both without weather.
        free: (f, h, w) 0…1, how much of a pixel is not hidden by what was found already.
        tint: (3,) of the light.
        zoom: (f,) of the camera.
        inks: (k, 3) colours, 0…1.
        scale: full pixels in a coarse one.
        noise: mean square of `away` where nothing stands.
    """

    away: Tensor
    place: Tensor
    free: Tensor
    tint: Tensor
    zoom: Tensor
    inks: Tensor
    scale: float
    noise: float = 0.0


@dataclass(frozen=True)
class Sight:
    """A figure as it was followed.

    Attributes:
        figure: what it is; `kind` its index among the figures that were tried.
        colour: index of its colour; `ink` (3,) what it looks like, 0…1.
        pose: of all f frames.
        share: (f,) how much of it is in view, 0…1.
        seen: (f,) whether it is there.
        agree: share of the clear frames that agree with the figure.
        errors: each figure's mean squared error.
        cover: (f, h, w) what it covers.
        left: share of the difference from the place that it leaves unexplained where it covers it.
    """

    figure: Figure
    kind: int
    colour: int
    ink: Tensor
    pose: Pose
    share: Tensor
    seen: Tensor
    agree: float
    errors: dict[str, float]
    cover: Tensor
    left: float = 0.0


def follow(stage: Stage, figures: Sequence[Figure], chain: Chain, starts: Starts = PLAIN) -> Sight:
    """The figure that a chain of spots shows, in all frames; `starts` as of `fitting.guesses`.

    The largest spots are looked at first (others may be partly hidden); then, if no figure fits those, the usual ones
    (the largest may hold something else, too); then the largest as if all of them were only a part.
    """
    best: Sight | None = None
    for quantile, begin in ((0.9, starts), (0.4, starts), (0.9, PARTIAL)):
        sight = _follow_clear(stage, figures, chain, _clear(chain, quantile), begin)
        best = sight if best is None or sight.left < best.left else best
        if best.left < UNSURE:
            break
    assert best is not None  # noqa: S101 - for the type checker
    return best


def _follow_clear(stage: Stage, figures: Sequence[Figure], chain: Chain, clear: list[Spot], starts: Starts) -> Sight:
    table = _compare(stage, figures, clear, starts)  # for each figure, a guess in every clear frame
    totals = torch.tensor([sum(guess.error for guess in row) for row in table])
    order = totals.argsort().tolist()
    rivals = order[:1] if len(order) < 2 or totals[order[0]] < AHEAD * totals[order[1]] else order[:RIVALS]
    sights = [_follow_one(stage, figures[k], k, chain, clear, table[k]) for k in rivals]
    errors = [_error(stage, sight, sights) for sight in sights]
    means = torch.stack([each.mean() for each in errors])
    best = int(means.argmin())
    least = torch.stack(errors).amin(0)
    agree = float((errors[best] <= CLOSE[0] * least + CLOSE[1]).float().mean())
    named = {sight.figure.name: float(mean) for sight, mean in zip(sights, means, strict=True)}
    return replace(sights[best], agree=agree, errors=named)


def _clear(chain: Chain, quantile: float) -> list[Spot]:
    """A few spots with about the area that so many are smaller than, spread over time."""
    whole = [spot for spot in chain.spots if not spot.touches] or chain.spots
    areas = torch.tensor([spot.area for spot in whole])
    large = float(areas.quantile(quantile))
    fit = [spot for spot in whole if 0.82 * large < spot.area < 1.25 * large] or whole
    return [fit[round(k * (len(fit) - 1) / max(LOOKS - 1, 1))] for k in range(LOOKS)] if len(fit) >= LOOKS else fit


def _compare(stage: Stage, figures: Sequence[Figure], clear: list[Spot], starts: Starts) -> list[list[Guess]]:
    rows: list[list[Guess]] = [[] for _ in figures]
    for spot in clear:
        x, y, area = full(stage, spot)
        half = int(spot.reach * stage.scale * 1.25) + 3
        frame = slice(spot.frame, spot.frame + 1)
        seen = window(
            stage.away[frame], stage.place[frame], stage.free[frame],
            torch.tensor([x]), torch.tensor([y]), half, stage.tint,
        )  # fmt: skip
        for guess in guesses(figures, seen, (x, y, area), stage.inks, starts):
            rows[guess.figure].append(guess)
    return rows


def full(stage: Stage, spot: Spot) -> tuple[float, float, float]:
    """Middle (x, y) and area of a spot in full pixels."""
    scale = stage.scale
    return (spot.x + 0.5) * scale - 0.5, (spot.y + 0.5) * scale - 0.5, spot.area * scale**2


def _follow_one(stage: Stage, figure: Figure, kind: int, chain: Chain, clear: list[Spot], looks: list[Guess]) -> Sight:
    colour, ink = _colour(stage, looks)
    first = _searched(stage, figure, ink, _initial(stage, chain, clear, looks), _parts(chain, clear))
    pose, error, gain = _stand(stage, figure, ink, first, hold=1.0)
    again, _, more = _stand(stage, figure, ink, _mended(pose, error), hold=0.3)
    pose = _chosen(more >= gain, again, pose)
    return sight_of(stage, Sight(figure, kind, colour, ink, pose, error, error > 0, 1.0, {}, stage.free))


def refined(stage: Stage, sight: Sight) -> Sight:
    """The same figure once more, when what stands before it (`stage.free`) is known."""
    pose, _, _ = _stand(stage, sight.figure, stage.inks[sight.colour], sight.pose, hold=0.3)
    return sight_of(stage, replace(sight, pose=pose))


def retraced(stage: Stage, sight: Sight, x: Tensor, y: Tensor) -> Sight:
    """The same figure, looked for at other places (f,), pixels, and moved there in the frames that show more of it."""
    ink, old = stage.inks[sight.colour], sight.pose
    usual = (old.radius / stage.zoom)[sight.seen].median() * stage.zoom
    _, _, gain = _stand(stage, sight.figure, ink, old, hold=0.3)
    pose, _, more = _stand(stage, sight.figure, ink, replace(old, x=x, y=y, radius=usual), hold=1.0)
    return sight_of(stage, replace(sight, pose=_chosen(more > gain, pose, old)))


def extended(stage: Stage, sight: Sight, chain: Chain) -> Sight | None:
    """A figure that a later chain of spots shows again, with its frames; None if it is not that figure."""
    frames = torch.tensor([spot.frame for spot in chain.spots])
    if float(sight.seen[frames].float().mean()) > 1 - JOINS:
        return None
    ink, old = stage.inks[sight.colour], sight.pose
    usual = (old.radius / stage.zoom)[sight.seen].median() * stage.zoom
    start = _searched(stage, sight.figure, ink, replace(old, radius=usual), chain.spots)
    pose, _, _ = _stand(stage, sight.figure, ink, start, hold=1.0)
    flags = torch.zeros_like(sight.seen)
    flags[frames] = True
    whole = sight_of(stage, replace(sight, pose=_chosen(flags, pose, old)))
    return whole if float(whole.seen[frames].float().mean()) >= JOINS else None


def _stand(stage: Stage, figure: Figure, ink: Tensor, pose: Pose, hold: float) -> tuple[Pose, Tensor, Tensor]:
    """Manner, place, radius and turn in all frames, from near ones.

    Also the mean squared error (f,) in its window, and how much of the squared difference from the place it explains.
    """
    whole, size = _window(stage, pose), float(pose.radius.median())
    soft, seen = softened(whole, size), whole.thinned(thinning(size, STAND))
    names = ("x", "y", "radius", "turn") if figure.lean > 0.1 else ("x", "y", "radius")
    pose = best_manner(figure, pose, whole, ink)
    pose = settle(soft_raster(figure), pose.beat % beats(figure), pose, soft, ink, 3, names, hold, figure.lean)
    rasters = raster(figure, nearest_scale(pose.radius))
    pose = settle(rasters, pose.beat % beats(figure), pose, seen, ink, 3, names, hold, figure.lean)
    gap = seen.away - picture(draw(figure, pose, seen.x, seen.y), seen, ink)
    left = (gap.square().sum(1) * seen.weight).sum((1, 2))
    return pose, left / seen.weight.sum((1, 2)).clamp(min=1.0), empty_errors(seen) - left


def _window(stage: Stage, pose: Pose) -> Window:
    half = int(float(pose.radius.max()) * FARTHEST_PART * 1.05) + 3
    return window(stage.away, stage.place, stage.free, pose.x, pose.y, half, stage.tint)


def _mended(pose: Pose, error: Tensor) -> Pose:
    """Places of the frames that fit badly, put in line with those that fit."""
    good = error <= BAD * error.median() + 1e-4
    every, at = torch.arange(len(error)).double(), torch.nonzero(good)[:, 0].double()
    lines = {
        name: torch.where(good, getattr(pose, name), _line(every, at, getattr(pose, name)[good].double()).float())
        for name in ("x", "y")
    }
    usual = pose.radius[good].median()
    return replace(pose, **lines, radius=torch.where(good, pose.radius, usual))


def _chosen(flags: Tensor, one: Pose, other: Pose) -> Pose:
    """Frame by frame the one pose or the other."""
    fields = Pose.__dataclass_fields__
    return Pose(*(torch.where(flags, getattr(one, name), getattr(other, name)) for name in fields))


def sight_of(stage: Stage, sight: Sight) -> Sight:
    """A figure in its pose, with what is seen of it."""
    seen = _window(stage, sight.pose)
    drawn = draw(sight.figure, sight.pose, seen.x, seen.y)
    share, there, left = _seen(drawn, seen, stage.inks[sight.colour], stage.noise)
    sure, ink = share > WHOLE, sight.ink
    if sure.any():
        ink = own_ink(sums(drawn[sure], seen.pick(sure)), stage.tint)
    cover = put(drawn[:, COVER], seen, stage.free.shape)
    return replace(sight, ink=ink, share=share, seen=there, cover=cover, left=left)


def _colour(stage: Stage, looks: list[Guess]) -> tuple[int, Tensor]:
    """The colour that most of the looks say."""
    counts = torch.bincount(torch.tensor([guess.colour for guess in looks]), minlength=len(stage.inks))
    colour = int(counts.argmax())
    return colour, stage.inks[colour]


def _initial(stage: Stage, chain: Chain, clear: list[Spot], looks: list[Guess]) -> Pose:
    """Where it is in all frames: spots moved by how far the looks lie from theirs, and lines between and beyond."""
    frames = len(stage.zoom)
    middle = looks[len(looks) // 2].pose
    offsets = torch.tensor(
        [
            [float(guess.pose.x) - full(stage, spot)[0], float(guess.pose.y) - full(stage, spot)[1]]
            for guess, spot in zip(looks, clear, strict=True)
        ]
    ).median(0)[0]
    usual = float(torch.tensor([spot.area for spot in clear]).median())
    whole = [spot for spot in chain.spots if 0.8 * usual < spot.area < 1.3 * usual] or clear
    at = torch.tensor([spot.frame for spot in whole]).double()
    place = torch.tensor([full(stage, spot)[:2] for spot in whole]) + offsets
    every = torch.arange(frames).double()
    x, y = (_line(every, at, place[:, k].double()).float() for k in range(2))
    size = torch.tensor(
        [float(guess.pose.radius) / float(stage.zoom[spot.frame]) for guess, spot in zip(looks, clear, strict=True)]
    )
    ones = torch.ones(frames)
    return Pose(x, y, size.median() * stage.zoom, ones * middle.turn, ones * middle.mirror, (ones * middle.beat).long())


def _parts(chain: Chain, clear: list[Spot]) -> list[Spot]:
    """Spots that show only a part of it."""
    usual = float(torch.tensor([spot.area for spot in clear]).median())
    return [spot for spot in chain.spots if spot.area < PART * usual]


def _searched(stage: Stage, figure: Figure, ink: Tensor, pose: Pose, parts: list[Spot]) -> Pose:
    """Starts for the frames of some spots that are parts of it: the best of many places round each."""
    if not parts:
        return pose
    frames = torch.tensor([spot.frame for spot in parts])
    middle = torch.tensor([full(stage, spot)[:2] for spot in parts])
    near = pose.pick(frames)
    seen = window(
        stage.away[frames], stage.place[frames], stage.free[frames], middle[:, 0], middle[:, 1],
        int(float(near.radius.max()) * 2.2) + 3, stage.tint,
    )  # fmt: skip
    mirrors = (1.0, -1.0) if figure.mirrors else (1.0,)
    seen = softened(seen, float(near.radius.median()))
    options = [near] + [
        replace(near, x=middle[:, 0] + dx * near.radius, y=middle[:, 1] + dy * near.radius, mirror=near.mirror * mirror)
        for dx in AROUND
        for dy in AROUND
        for mirror in mirrors
    ]
    best = best_of(figure, options, seen, ink)
    values = {name: getattr(pose, name).clone() for name in ("x", "y", "mirror")}
    for name, value in values.items():
        value[frames] = getattr(best, name)
    return replace(pose, **values)


def _line(every: Tensor, at: Tensor, values: Tensor) -> Tensor:
    """Values at all frames: linear between the known ones, and beyond them as the next few go on."""
    if len(at) == 1:
        return values.expand(len(every))
    after = torch.searchsorted(at, every).clamp(1, len(at) - 1)
    left, right = after - 1, after
    few = min(3, len(at) - 1)
    left = torch.where(every > at[-1], len(at) - 1 - few, left)
    right = torch.where(every < at[0], few, right)
    left, right = torch.where(every < at[0], 0, left), torch.where(every > at[-1], len(at) - 1, right)
    return values[left] + (every - at[left]) / (at[right] - at[left]) * (values[right] - values[left])


def _seen(drawn: Tensor, seen: Window, ink: Tensor, noise: float) -> tuple[Tensor, Tensor, float]:
    """Share of a figure in view (n,), whether it is there (n,), and the share of the difference that it leaves."""
    cover = drawn[:, COVER]
    share = (cover * seen.weight).sum((1, 2)) / cover.sum((1, 2)).clamp(min=1.0)
    own = (cover > 0.5) * seen.weight
    left = ((seen.away - picture(drawn, seen, ink)).square().sum(1) * own).sum((1, 2))
    before = (seen.away.square().sum(1) * own).sum((1, 2))
    faithful = left < (FAITHFUL + 1.5 * noise) * own.sum((1, 2))
    there = (share > VISIBLE) & ((left < EXPLAINS * before) | faithful)
    clear = share > min(WHOLE, float(share.max()) - 1e-3)
    rest = (left - noise * own.sum((1, 2)))[clear].sum() / before[clear].sum().clamp(min=1e-6)
    return share, there, float(rest)


def put(small: Tensor, seen: Window, shape: tuple[int, ...]) -> Tensor:
    """A cut-out (f, s, s) put back into whole frames (f, h, w)."""
    whole = torch.zeros(shape)
    columns, rows = seen.x[:, 0].long(), seen.y[:, :, 0].long()
    inside = ((columns >= 0) & (columns < shape[2]))[:, None, :] & ((rows >= 0) & (rows < shape[1]))[:, :, None]
    frame, row, column = torch.nonzero(inside, as_tuple=True)
    whole[frame, rows[frame, row], columns[frame, column]] = small[frame, row, column]
    return whole


def _error(stage: Stage, sight: Sight, rivals: list[Sight]) -> Tensor:
    """Mean squared error (n,) of a figure in the frames in which all rivals are in full view, in one window for all."""
    shares = torch.stack([rival.share for rival in rivals]).amin(0)
    clear = shares >= min(WHOLE, float(shares.max()))
    poses = [rival.pose for rival in rivals]
    x, y = torch.stack([p.x for p in poses]).mean(0), torch.stack([p.y for p in poses]).mean(0)
    half = int(max(float(p.radius.max()) for p in poses) * 1.35) + 3
    seen = window(stage.away, stage.place, stage.free, x, y, half, stage.tint).pick(clear)
    drawn = draw(sight.figure, sight.pose.pick(clear), seen.x, seen.y)
    errors = colour_errors(sums(drawn, seen), stage.inks[sight.colour][None], stage.tint)[:, 0]
    return errors / seen.weight.sum((1, 2)).clamp(min=1.0)
