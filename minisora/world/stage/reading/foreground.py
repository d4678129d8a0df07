"""What stands in front of the place: pixels that differ from it, the spots they form, and which spots are one thing.

Spots are found on a coarse raster (see `ground.COARSE`); positions are in its pixels here, and in shorter sides in a
`Chain`.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from minisora.world.stage.reading.ground import Place, coarse_size, pooled

LEAST_CONTRAST = 0.035  # of 1, in the channel that differs most
NOISE_FACTOR = 4.0  # times the usual difference from the place, from which a pixel is in front
LEAST_SPOT = 10  # coarse pixels
GATE = 0.1  # shorter sides between frames within which a spot is the same thing
LATE = 0.7  # how much wider for every frame in which it was not seen
LARGER, SMALLER = 1.4, 1.7  # factors of the area by which a spot may differ from what was there before
OTHER_COLOUR = 0.3  # mean difference of the channels, 0…1
NEAR_ENOUGH = 0.35
LEAST_SHARE = 0.07  # of a spot that has a colour if a thing of that colour is in it
SPREADS = 12  # coarse pixels over which what has no colour of its own goes to the nearest that has
LONG = 3  # frames in which something must be found


@dataclass(frozen=True)
class Spot:
    """A connected piece of the foreground in a frame: `mask` (h, w), coarse pixels; `x`, `y` its middle.

    `reach` is how far its farthest pixel lies from there, across or down; `touches`: the frame's edge. `colour` (3,) is
    its mean, 0…1.
    """

    frame: int
    mask: Tensor
    area: float
    x: float
    y: float
    reach: float
    touches: bool
    colour: Tensor


@dataclass
class Chain:
    """Spots that are one thing, at most one a frame."""

    spots: list[Spot] = field(default_factory=list)

    @property
    def area(self) -> float:
        """Median area."""
        return float(torch.tensor([spot.area for spot in self.spots]).median())

    @property
    def colour(self) -> Tensor:
        """Mean colour of the last few spots, (3,)."""
        return torch.stack([spot.colour for spot in self.spots[-4:]]).mean(0)

    def ahead(self, frame: int) -> tuple[float, float]:
        """Where it should be in a later frame."""
        last = self.spots[-1]
        if len(self.spots) < 2:
            return last.x, last.y
        before = self.spots[max(-3, -len(self.spots))]
        share = (frame - last.frame) / (last.frame - before.frame)
        return last.x + share * (last.x - before.x), last.y + share * (last.y - before.y)


def contrast(clip: Tensor, place: Place) -> Tensor:
    """How much a clip (f, h, w, 3), 0…1, differs from a place, coarse (f, h, w), as if the weather were clear."""
    size = coarse_size((clip.shape[1], clip.shape[2]))
    away = (pooled(clip, size) - pooled(place.veiled(), size)).abs().amax(-1)
    return away / (1 - pooled(place.veil[None, ..., None], size)[..., 0])


def limit_of(away: Tensor) -> float:
    """The contrast from which a pixel is in front: well above what is usual in a clip's `contrast`."""
    return LEAST_CONTRAST + NOISE_FACTOR * float(_smooth(away).median())


def differing(away: Tensor, limit: float) -> Tensor:
    """Pixels (f, h, w) in front: those whose neighbourhood differs by more than the limit."""
    return (_smooth(away) > limit) & (away > limit / 2)


def _smooth(away: Tensor) -> Tensor:
    return avg_pool2d(away[:, None], 3, 1, 1, count_include_pad=False)[:, 0]


def spots(mask: Tensor, clip: Tensor) -> list[list[Spot]]:
    """The connected pieces of each frame of a mask (f, h, w); `clip` (f, h, w, 3), coarse, gives their colours."""
    labels = _labels(mask)
    found = []
    for frame, picture in enumerate(labels):
        names, counts = torch.unique(picture[picture > 0], return_counts=True)
        found.append([_spot(frame, picture == name, clip[frame]) for name in names[counts >= LEAST_SPOT]])
    return found


def chains(found: list[list[Spot]], side: int) -> list[Chain]:
    """Spots of all frames (see `spots`) put together to things, the largest first; `side` is coarse pixels a unit.

    A spot that is much larger than what should be there holds two things, and belongs to neither. Where something was
    out of sight for a while, its colour tells that it is back.
    """
    all_chains: list[Chain] = []
    for here in found:
        free = list(here)
        for chain in sorted(all_chains, key=lambda chain: -len(chain.spots)):
            likely = [(_unlike(chain, spot, side), spot) for spot in free]
            unlike, best = min(likely, key=lambda pair: pair[0], default=(1.0, None))
            if best is not None and unlike < 1:
                chain.spots.append(best)
                free = [other for other in free if other is not best]
        all_chains += [Chain([spot]) for spot in free]
    return sorted(all_chains, key=lambda chain: -chain.area * len(chain.spots))


def split(chain: Chain, looks: Tensor) -> list[Chain]:
    """Things of different colours that hang together in all of a chain's spots, apart.

    Args:
        chain: spots that hold more than one thing.
        looks: (k, f, h, w), coarse, whether a pixel looks like each of k colours.
    Returns:
        A chain for each colour that a good part of the spots has; what looks like none goes to the nearest that does.
    """
    shares = torch.stack([(looks[:, spot.frame] & spot.mask).sum((1, 2)) / spot.area for spot in chain.spots])  # (n, k)
    kept = torch.nonzero((shares > LEAST_SHARE).float().mean(0) > 0.5)[:, 0]
    if len(kept) < 2:
        return []
    parts = [Chain() for _ in kept]
    for spot in chain.spots:
        near = looks[kept, spot.frame].float() * spot.mask
        for _ in range(SPREADS):
            grown = max_pool2d(near[:, None], 3, 1, 1)[:, 0] * spot.mask
            near = torch.where(near.amax(0) > 0, near, grown)
        owner = torch.where(near.amax(0) > 0, near.argmax(0), -1)
        for number, part in enumerate(parts):
            mask = owner == number
            if int(mask.sum()) >= LEAST_SPOT:
                part.spots.append(_piece(spot, mask))
    return [part for part in parts if len(part.spots) >= LONG]


def _piece(spot: Spot, mask: Tensor) -> Spot:
    return _spot(spot.frame, mask, spot.colour.expand(*mask.shape, 3))


def _unlike(chain: Chain, spot: Spot, side: int) -> float:
    """How little a spot goes on a chain, from 0; 1 and more: not at all."""
    x, y = chain.ahead(spot.frame)
    away = max(abs(spot.x - x), abs(spot.y - y)) / side
    late = spot.frame - chain.spots[-1].frame - 1
    largest = max(each.area for each in chain.spots)
    grown, shrunk = spot.area / largest, chain.spots[-1].area / spot.area
    if grown > LARGER and not spot.touches:
        return 1.0
    colour = float((spot.colour - chain.colour).abs().mean())
    small = 0.0 if late or spot.touches else max(shrunk / SMALLER - 1, 0.0)
    return away / (GATE * (1 + LATE * min(late, 4))) + colour / OTHER_COLOUR + small - NEAR_ENOUGH


def _spot(frame: int, mask: Tensor, picture: Tensor) -> Spot:
    rows, columns = torch.nonzero(mask, as_tuple=True)
    height, width = mask.shape
    touches = bool((rows == 0).any() | (rows == height - 1).any() | (columns == 0).any() | (columns == width - 1).any())
    x, y = float(columns.float().mean()), float(rows.float().mean())
    reach = max(float((columns - x).abs().max()), float((rows - y).abs().max()))
    return Spot(frame, mask, float(len(rows)), x, y, reach, touches, picture[mask].mean(0))


def _labels(mask: Tensor) -> Tensor:
    """A number for each connected piece (f, h, w), 0 outside: the largest index in a piece spreads through it."""
    numbers = torch.arange(1, mask[0].numel() + 1).reshape(mask.shape[1:]).float() * mask
    while True:
        spread = numbers
        for _ in range(8):
            spread = max_pool2d(spread[:, None], 3, 1, 1)[:, 0] * mask
        if torch.equal(spread, numbers):
            return numbers
        numbers = spread
