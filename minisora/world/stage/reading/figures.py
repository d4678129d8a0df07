"""Characters and props as pictures on a raster: drawn once for every beat, then put anywhere by looking them up.

A picture is linear in the colour of the actor: cover · ground is replaced by (ink of its accents) + (share of its
body) · colour. So one raster of five numbers serves all colours: cover, body, and red, green, blue of the accents.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, grid_sample

from minisora.world.render import FARTHEST_PART, draw_parts
from minisora.world.tables import Part, Prop, Shape

CELLS = 64  # of a raster, each way, over ±FARTHEST_PART radii
BEATS = 12  # for which a figure is drawn
SCALES = (6.0, 9.0, 14.0, 22.0)  # pixels a radius for which edges are drawn
BLUR = 4  # cells each way that are one in a soft raster
LEAN_STEP = 0.55  # radians between the turns that a figure which leans is tried with, at most
COVER, BODY = 0, 1  # channels of a raster; the accents' red, green and blue follow


@dataclass(frozen=True)
class Pose:
    """How n figures are put on the screen.

    Attributes:
        x, y: (n,) middles, pixels.
        radius: (n,) pixels.
        turn: (n,) radians, clockwise, after mirroring.
        mirror: (n,) 1 or -1.
        beat: (n,) 0…BEATS-1.
    """

    x: Tensor
    y: Tensor
    radius: Tensor
    turn: Tensor
    mirror: Tensor
    beat: Tensor

    def pick(self, chosen: Tensor) -> "Pose":
        """Some of them, by index or by flag."""
        return Pose(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def shifted(self, name: str, by: Tensor | float) -> "Pose":
        """The same with a number moved: "x", "y", "radius" by pixels, "turn" by pixels of the rim."""
        if name == "radius":
            return replace(self, radius=(self.radius + by).clamp(min=1.0))
        if name == "turn":
            return replace(self, turn=self.turn + by / self.radius)
        return replace(self, **{name: getattr(self, name) + by})


@dataclass(frozen=True)
class Figure:
    """Something that can stand in a place: a character in any of the colours, or a prop in its own.

    Attributes:
        name: in the world's table.
        parts: from back to front.
        lean: how far it may be turned, radians.
        mirrors: whether it may be mirrored.
        alive: whether its parts move.
    """

    name: str
    parts: tuple[Part, ...]
    lean: float
    mirrors: bool
    alive: bool


@lru_cache(maxsize=256)
def figure_of(entry: Shape | Prop) -> Figure:
    """The figure of a character or a prop."""
    if isinstance(entry, Prop):
        return Figure(entry.name, entry.parts, 0.0, False, False)
    parts = entry.parts or (Part(lambda x, y, beat: entry.distance(x, y)),)
    alive = entry.gait.a_second != 0 or entry.gait.a_radius != 0
    lean = entry.lean if entry.upright else math.pi if entry.fold else 0.0
    return Figure(entry.name, parts, lean, entry.upright, alive)


def leans(figure: Figure) -> list[float]:
    """Turns that are tried first."""
    if figure.lean < 0.1:
        return [0.0]
    count = math.ceil(figure.lean / LEAN_STEP)
    return [figure.lean * k / count for k in range(-count, count + 1)]


def beats(figure: Figure) -> int:
    """How many beats differ."""
    return BEATS if figure.alive else 1


@lru_cache(maxsize=1024)
def raster(figure: Figure, scale: float) -> Tensor:
    """Pictures (beats, 5, CELLS, CELLS) of a figure whose edges are as sharp as at `scale` pixels a radius."""
    line = ((torch.arange(CELLS) + 0.5) / CELLS * 2 - 1) * FARTHEST_PART
    count = beats(figure)
    shape = (count, CELLS, CELLS)
    x, y = line[None, None, :].expand(shape), line[None, :, None].expand(shape)
    beat, sharp = (torch.arange(count) / BEATS)[:, None, None], torch.tensor(scale)
    cover, dark = draw_parts(figure.parts, x, y, beat, sharp, torch.zeros(3))
    _, bright = draw_parts(figure.parts, x, y, beat, sharp, torch.ones(3))
    body = (bright - dark)[..., 0] * cover
    return torch.cat([torch.stack([cover, body], 1), (dark * cover[..., None]).movedim(-1, 1)], dim=1)


@lru_cache(maxsize=256)
def moments(figure: Figure) -> Tensor:
    """Area (squared radii) and middle (x, y, radii) of what a figure covers at each beat, (beats, 3)."""
    cover = raster(figure, SCALES[1])[:, COVER]
    line = ((torch.arange(CELLS) + 0.5) / CELLS * 2 - 1) * FARTHEST_PART
    total = cover.sum((1, 2))
    x, y = (cover * line).sum((1, 2)) / total, (cover * line[:, None]).sum((1, 2)) / total
    return torch.stack([total * (2 * FARTHEST_PART / CELLS) ** 2, x, y], dim=1)


def draw(figure: Figure, pose: Pose, x: Tensor, y: Tensor) -> Tensor:
    """A figure in n poses, (n, 5, rows, columns), at pixels whose coordinates are x (n, 1, columns), y (n, rows, 1)."""
    return draw_any(raster(figure, nearest_scale(pose.radius)), pose.beat % beats(figure), pose, x, y)


def draw_any(rasters: Tensor, chosen: Tensor, pose: Pose, x: Tensor, y: Tensor) -> Tensor:
    """The same from rasters (m, 5, CELLS, CELLS), of which each pose takes the `chosen` (n,) one."""
    unit = pose.radius[:, None, None]
    dx, dy = (x - pose.x[:, None, None]) / unit, (y - pose.y[:, None, None]) / unit
    cosine, sine = torch.cos(pose.turn)[:, None, None], torch.sin(pose.turn)[:, None, None]
    ahead, down = pose.mirror[:, None, None] * (cosine * dx + sine * dy), cosine * dy - sine * dx
    grid = torch.stack([ahead, down], dim=-1) / FARTHEST_PART
    return grid_sample(rasters[chosen], grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def nearest_scale(radius: Tensor) -> float:
    """The scale that is nearest to the radii's median, pixels."""
    size = max(float(radius.median()), 1.0)
    return min(SCALES, key=lambda scale: abs(math.log(scale / size)))


@lru_cache(maxsize=256)
def soft_raster(figure: Figure) -> Tensor:
    """The same, blurred, on a quarter of the cells each way, so that a figure is found from farther off."""
    return avg_pool2d(raster(figure, SCALES[1]), BLUR)


@lru_cache(maxsize=16)
def library(figures: Sequence[Figure], scale: float | None) -> tuple[Tensor, Tensor]:
    """Rasters of several figures behind one another, and the index at which each begins; soft ones without a scale."""
    rasters = [soft_raster(figure) if scale is None else raster(figure, scale) for figure in figures]
    counts = torch.tensor([0, *(len(each) for each in rasters[:-1])])
    return torch.cat(rasters), counts.cumsum(0)
