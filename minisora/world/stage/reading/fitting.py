"""Which figure stands there, in which colour, and how: figures are drawn over the place and held against the clip.

A `Window` is a square cut-out of some frames. In it the clip's difference from the place is compared with what a figure
would make of it. All lengths are pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from minisora.world.stage.reading.figures import (
    BODY,
    COVER,
    Figure,
    Pose,
    beats,
    draw_any,
    leans,
    library,
    moments,
    nearest_scale,
    soft_raster,
)

STEP = 0.35  # pixels of the finite differences
MOST = 2.0  # pixels that a figure moves in a round
FIRST_BEATS = 3  # of so many beats, one is looked at first
GROWN = 1.0  # pixels by which a spot reaches beyond what it shows
KEPT = 3  # poses of each figure that are refined
SOFT, STAND = 5.0, 8.0  # pixels a radius on which figures are looked for, and on which they are told apart

Starts = tuple[tuple[float, float], ...]
PLAIN: Starts = ((1.0, 0.0),)  # factors of the radius, and how far off to the side the middle is, in radii
COARSE: Starts = ((0.8, 0.0), (1.0, 0.0), (1.2, 0.0))  # where the area is not sure
PARTIAL: Starts = tuple((size, shift) for size in (0.9, 1.1, 1.35) for shift in (-0.6, 0.0, 0.6))  # a part is hidden


@dataclass(frozen=True)
class Window:
    """A cut-out of n frames.

    Attributes:
        away: (n, 3, s, s) clip minus place, 0…1.
        place: (n, 3, s, s) the place, 0…1.
        weight: (n, s, s) 0 where something else is in front or the frame ends, else 1.
        x, y: (n, 1, s), (n, s, 1) coordinates of the pixels' middles.
        tint: (3,) of the light.
    """

    away: Tensor
    place: Tensor
    weight: Tensor
    x: Tensor
    y: Tensor
    tint: Tensor

    def pick(self, chosen: Tensor) -> "Window":
        """Some of the frames, by index or flag."""
        return Window(
            self.away[chosen], self.place[chosen], self.weight[chosen], self.x[chosen], self.y[chosen], self.tint
        )

    def thinned(self, step: int) -> "Window":
        """Every `step`-th row and column."""
        cut = slice(step // 2, None, step)
        return Window(
            self.away[..., cut, cut], self.place[..., cut, cut], self.weight[..., cut, cut],
            self.x[..., cut], self.y[:, cut], self.tint,
        )  # fmt: skip


def softened(seen: Window, radius: float) -> Window:
    """A window on so few pixels, each the mean of several, that a figure of this radius has SOFT pixels a radius."""
    step = max(1, round(radius / SOFT))
    if step == 1:
        return seen
    weight = avg_pool2d(seen.weight[:, None], step)
    share = weight.clamp(min=1e-3)
    away = avg_pool2d(seen.away * seen.weight[:, None], step) / share
    place = avg_pool2d(seen.place * seen.weight[:, None], step) / share
    count = away.shape[-1]
    x = seen.x[..., : count * step].unflatten(-1, (count, step)).mean(-1)
    y = seen.y[:, : count * step].unflatten(1, (count, step)).mean(2)
    return Window(away, place, weight[:, 0], x, y, seen.tint)


def window(away: Tensor, place: Tensor, weight: Tensor, x: Tensor, y: Tensor, half: int, tint: Tensor) -> Window:
    """Cut-outs of half side `half` round the middles x, y (n,) of pictures (n, h, w, 3) and their weights (n, h, w)."""
    height, width = weight.shape[1:]
    side = torch.arange(-half, half + 1)
    columns, rows = x.round().long()[:, None] + side, y.round().long()[:, None] + side
    inside = ((columns >= 0) & (columns < width))[:, None, :] & ((rows >= 0) & (rows < height))[:, :, None]
    at = (
        torch.arange(len(x))[:, None, None],
        rows.clamp(0, height - 1)[:, :, None],
        columns.clamp(0, width - 1)[:, None],
    )
    return Window(
        away[at].movedim(-1, 1), place[at].movedim(-1, 1), weight[at] * inside,
        columns.float()[:, None, :], rows.float()[:, :, None], tint,
    )  # fmt: skip


def sums(drawn: Tensor, seen: Window) -> tuple[Tensor, Tensor, Tensor]:
    """Sums from which the squared error of any colour follows: its square's (n,), linear and constant parts (n, 3).

    The error of an ink is constant.sum() - 2 ink · linear + ink² · square, see `colour_errors`.
    """
    cover, body, accents = drawn[:, COVER : COVER + 1], drawn[:, BODY], drawn[:, BODY + 1 :]
    tint = seen.tint[:, None, None]
    rest = seen.away + cover * seen.place - tint * accents  # what the body's colour must explain, (n, 3, s, s)
    square = (body * body * seen.weight).sum((1, 2))
    linear = (rest * (body * seen.weight)[:, None]).sum((2, 3)) * seen.tint
    constant = (rest * rest * seen.weight[:, None]).sum((1, 2, 3))
    return square, linear, constant


def colour_errors(parts: tuple[Tensor, Tensor, Tensor], inks: Tensor, tint: Tensor) -> Tensor:
    """Squared error (n, k) of each of k inks (k, 3), 0…1."""
    square, linear, constant = parts
    bright = (inks * tint).square().sum(-1)  # (k,)
    return constant[:, None] - 2 * linear @ inks.T + square[:, None] * bright


def own_ink(parts: tuple[Tensor, Tensor, Tensor], tint: Tensor) -> Tensor:
    """The ink (3,), 0…1, that fits all n cut-outs together best."""
    square, linear, _ = parts
    return (linear.sum(0) / (square.sum() * tint.square()).clamp(min=1e-6)).clamp(0, 1)


def empty_errors(seen: Window) -> Tensor:
    """Squared error (n,) of the place alone."""
    return (seen.away.square().sum(1) * seen.weight).sum((1, 2))


# --- which figure -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guess:
    """A figure in one frame: its pose (n = 1), the index of its colour and its squared error."""

    figure: int
    pose: Pose
    colour: int
    error: float


def guesses(
    figures: Sequence[Figure],
    seen: Window,
    spot: tuple[float, float, float],
    inks: Tensor,
    starts: Starts = PLAIN,
) -> list[Guess]:
    """The best pose of each figure in one frame, where something of middle (x, y) and area `spot` is seen.

    First all beats, leans and both mirror images are put where their own middle and area say; the best of each figure
    are then moved until they fit. `starts` are where to begin besides.
    """
    kinds, poses = _starts(tuple(figures), spot, starts)
    size = float(poses.radius.median())
    names, count = ("x", "y", "radius", "turn"), len(figures)
    rasters, first = library(tuple(figures), None)
    index, soft = first[kinds] + poses.beat, softened(seen, size)
    errors = _errors(rasters, index, poses, soft, inks)
    kept = _best_of_each(kinds, errors.amin(1), count)
    kinds, index, poses, colours = kinds[kept], index[kept], poses.pick(kept), errors[kept].argmin(1)
    limits = torch.tensor([figure.lean for figure in figures])[kinds]
    poses = settle(rasters, index, poses, soft, inks[colours], 4, names, limit=limits)
    rasters, first = library(tuple(figures), nearest_scale(poses.radius))
    thin = seen.thinned(thinning(size, STAND))
    poses = settle(rasters, index, poses, thin, inks[colours], 3, names, limit=limits)
    errors = _errors(rasters, index, poses, thin, inks)
    best = _best_of_each(kinds, errors.amin(1), len(figures), 1)
    return [
        Guess(int(kinds[k]), poses.pick(torch.tensor([k])), int(errors[k].argmin()), float(errors[k].min()))
        for k in best.tolist()
    ]


def thinning(radius: float, wanted: float) -> int:
    """Every how manyth pixel is enough for a radius of so many pixels."""
    return max(1, round(radius / wanted))


def _starts(figures: tuple[Figure, ...], spot: tuple[float, float, float], starts: Starts) -> tuple[Tensor, Pose]:
    kinds, numbers = [], []
    x, y, area = spot
    for kind, figure in enumerate(figures):
        for beat, (own, middle_x, middle_y) in list(enumerate(moments(figure).tolist()))[::FIRST_BEATS]:
            radius = max((area / own) ** 0.5 - GROWN, 1.0)
            for mirror in (1.0, -1.0) if figure.mirrors else (1.0,):
                for turn in leans(figure):
                    cosine, sine = torch.cos(torch.tensor(turn)).item(), torch.sin(torch.tensor(turn)).item()
                    ahead = mirror * middle_x
                    dx, dy = cosine * ahead - sine * middle_y, sine * ahead + cosine * middle_y
                    for size, shift in starts:
                        own_x, own_y = x + radius * (shift - size * dx), y - radius * size * dy
                        kinds.append(kind)
                        numbers.append((own_x, own_y, size * radius, turn, mirror, beat))
    table = torch.tensor(numbers)
    return torch.tensor(kinds), replace(Pose(*table.unbind(1)), beat=table[:, 5].long())


def _errors(rasters: Tensor, index: Tensor, poses: Pose, seen: Window, inks: Tensor) -> Tensor:
    """Squared error (n, k) of n poses in the one frame of a window, in each of k inks."""
    count = len(index)
    x, y = seen.x.expand(count, -1, -1), seen.y.expand(count, -1, -1)
    return colour_errors(sums(draw_any(rasters, index, poses, x, y), seen), inks, seen.tint)


def _best_of_each(kinds: Tensor, errors: Tensor, count: int, most: int = KEPT) -> Tensor:
    """Indices of the few with the least error of each kind."""
    order = errors.argsort()
    return torch.cat([order[kinds[order] == kind][:most] for kind in range(count)])


# --- how it stands ----------------------------------------------------------------------------------------------------


def settle(
    rasters: Tensor,
    index: Tensor,
    pose: Pose,
    seen: Window,
    inks: Tensor,
    rounds: int = 4,
    names: tuple[str, ...] = ("x", "y", "radius"),
    hold: float = 0.0,
    limit: Tensor | float = torch.pi,
) -> Pose:
    """Least squares (Gauss-Newton, a little damped) on where and how large n figures are.

    Args:
        rasters, index: what each of them looks like, as for `draw_any`.
        pose: where they start.
        seen: n frames, or one for all.
        inks: (n, 3) or (3,), 0…1.
        rounds: iterations.
        names: numbers that may change: "x", "y", "radius" and perhaps "turn".
        hold: how firmly the radius is held where it starts.
        limit: radians by which they may be turned at most.
    """
    count = len(index)
    x, y = seen.x.expand(count, -1, -1), seen.y.expand(count, -1, -1)
    first = pose
    weight = seen.weight.expand(count, -1, -1)[:, None]

    def shown(pose: Pose) -> Tensor:
        return picture(draw_any(rasters, index, pose, x, y), seen, inks)

    for _ in range(rounds):
        now = shown(pose)
        gap = ((seen.away - now) * weight).reshape(count, -1)
        slopes = [((shown(pose.shifted(name, STEP)) - now) / STEP * weight).reshape(count, -1) for name in names]
        jacobian = torch.stack(slopes, dim=1)  # (n, p, pixels)
        normal, uphill = jacobian @ jacobian.transpose(1, 2), (jacobian @ gap[..., None])[..., 0]
        trace = normal.diagonal(dim1=1, dim2=2).mean(1)
        ridge = torch.full((len(names),), 0.02)[None] * trace[:, None] + 1e-3
        ridge[:, 2] += hold * trace
        uphill[:, 2] += hold * trace * (first.radius - pose.radius)
        move = torch.linalg.solve(normal + torch.diag_embed(ridge), uphill).clamp(-MOST, MOST)
        for column, name in enumerate(names):
            pose = pose.shifted(name, move[:, column])
        pose = replace(pose, turn=torch.clamp(pose.turn, -torch.as_tensor(limit), torch.as_tensor(limit)))
    return pose


def picture(drawn: Tensor, seen: Window, inks: Tensor) -> Tensor:
    """What figures (n, 5, s, s) in inks (n, 3) change of the place: (n, 3, s, s)."""
    cover, body, accents = drawn[:, COVER : COVER + 1], drawn[:, BODY : BODY + 1], drawn[:, BODY + 1 :]
    ink = inks.reshape(-1, 3, 1, 1)
    return seen.tint[:, None, None] * (accents + body * ink) - cover * seen.place


def best_manner(figure: Figure, pose: Pose, seen: Window, ink: Tensor) -> Pose:
    """The mirror image and turn, and then the beat, that fit each of n frames best at the given places."""
    seen = softened(seen, float(pose.radius.median()))
    mirrors, ones = (1.0, -1.0) if figure.mirrors else (1.0,), torch.ones(len(pose.x))
    stances = [replace(pose, mirror=ones * mirror, turn=ones * turn) for mirror in mirrors for turn in leans(figure)]
    pose = best_of(figure, [pose, *stances], seen, ink)
    if beats(figure) == 1:
        return pose
    return best_of(figure, [replace(pose, beat=(ones * beat).long()) for beat in range(beats(figure))], seen, ink)


def best_of(figure: Figure, options: list[Pose], seen: Window, ink: Tensor) -> Pose:
    """Frame by frame the option with the least error in a softened window."""
    errors = []
    for trial in options:
        drawn = draw_any(soft_raster(figure), trial.beat % beats(figure), trial, seen.x, seen.y)
        gap = seen.away - picture(drawn, seen, ink)
        errors.append((gap.square().sum(1) * seen.weight).sum((1, 2)))
    best = torch.stack(errors).argmin(0)
    frames = torch.arange(len(best))
    fields = Pose.__dataclass_fields__
    return Pose(*(torch.stack([getattr(trial, name) for trial in options])[best, frames] for name in fields))
