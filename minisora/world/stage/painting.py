"""What the places share: layers at a depth, pictures that are painted back to front, cells, and soft forms.

Nearly everything in a place is a function of x alone or of y alone (a ridge, a gradient) until an edge is drawn, so a
`Layer` keeps x as (f, 1, w) and y as (f, h, 1); and a layer that the camera does not move has one frame for all.
"""

import dataclasses
import itertools
from typing import NamedTuple

import torch
from torch import Tensor

from minisora.world.stage.light import between, lit
from minisora.world.tables import Canvas, Rgb

__all__ = [
    "Cells", "Layer", "Painting", "bell", "by_light", "cells", "chance", "layer", "pick", "ramp", "ridge", "smooth",
    "soft_box", "stripe",
]  # fmt: skip

Ink = Rgb | Tensor  # 0…255, or (3, f, h, w) in 0…1 with sides of 1 where it stays the same


class Layer(NamedTuple):
    """Coordinates of what lies at a depth.

    Attributes:
        x: (f, 1, w), shorter sides; f is 1 where the camera moves nothing.
        y: (f, h, 1).
        times: (f, 1, 1) seconds, of all frames.
        canvas: what `x` and `y` are taken from, with as many frames.
        depth: 0, the sky, to 1, where the actors are.
    """

    x: Tensor
    y: Tensor
    times: Tensor
    canvas: Canvas
    depth: float

    def cover(self, distance: Tensor) -> Tensor:
        """Cover 0…1 of what has this signed distance."""
        return self.canvas.cover(distance, self.depth)


def layer(canvas: Canvas, depth: float = 1.0) -> Layer:
    """The coordinates at a depth; a single frame where the camera stays, and always at depth 0."""
    frames = 1 if depth == 0 or _stays(canvas) else len(canvas.x)
    sliced = dataclasses.replace(
        canvas,
        x=canvas.x[:frames, :1],
        y=canvas.y[:frames, :, :1],
        offset_x=canvas.offset_x[:frames],
        offset_y=canvas.offset_y[:frames],
        zoom=canvas.zoom[:frames],
    )
    return Layer(*sliced.at(depth), canvas.times, sliced, depth)


def _stays(canvas: Canvas) -> bool:
    """Whether all frames have the same view."""
    return all(bool((part == part[:1]).all()) for part in (canvas.offset_x, canvas.offset_y, canvas.zoom))


class Painting:
    """A picture of a place that is painted from back to front.

    Kept as planes (3, f, h, w), in their light already: at the edge of a lamp, what is seen is mixed.
    """

    def __init__(self, canvas: Canvas) -> None:
        """An empty one, black."""
        self.size = canvas.x.shape
        self.dark = canvas.dark
        self.planes = torch.zeros(3, 1, 1, 1)

    def lay(self, ink: Ink, cover: Tensor | float = 1.0, glow: float = 0.0) -> None:
        """Paint over what is there: an ink, where `cover` (f, h, w) is 1; with a glow of 1 no night darkens it."""
        colour = ink if isinstance(ink, Tensor) else _plane(ink)
        seen = lit(colour.movedim(0, -1), self.dark, torch.tensor(glow)).movedim(-1, 0)
        self.planes = torch.lerp(self.planes, seen, torch.as_tensor(cover))

    def finished(self) -> Tensor:
        """The picture (f, h, w, 3), 0…1, in its light."""
        return self.planes.movedim(0, -1).expand(*self.size, 3)


def _plane(ink: Rgb) -> Tensor:
    return torch.tensor(ink, dtype=torch.float32).reshape(3, 1, 1, 1) / 255


def by_light(dark: float, day: Rgb, dusk: Rgb, night: Rgb) -> Rgb:
    """The ink of something that has a colour of its own in each light, such as the sky."""
    red, green, blue = between(dark, day, dusk, night)
    return round(red), round(green), round(blue)


def ramp(place: Tensor, *stops: tuple[float, Rgb]) -> Tensor:
    """Inks (3, f, h, w) that go from stop to stop, each a place and an ink, evenly, and stay beyond the ends."""
    colour = _plane(stops[0][1])
    for (start, first), (end, second) in itertools.pairwise(stops):
        share = ((place - start) / (end - start)).clamp(0, 1)
        colour = colour + (_plane(second) - _plane(first)) * share
    return colour


def pick(share: Tensor, *inks: Rgb) -> Tensor:
    """One of the inks for each place, (3, f, h, w), by a number in 0…1."""
    table = torch.tensor(inks, dtype=torch.float32) / 255
    return table[(share * len(inks)).long().clamp(0, len(inks) - 1)].movedim(-1, 0)


def smooth(value: Tensor, start: float, end: float) -> Tensor:
    """0 before `start`, 1 after `end` (which may lie before it), and without a kink between."""
    share = ((value - start) / (end - start)).clamp(0, 1)
    return share * share * (3 - 2 * share)


def bell(distance: Tensor, width: float | Tensor) -> Tensor:
    """A soft spot or band: 1 where the distance is 0, e⁻¹ at `width`."""
    return torch.exp(-((distance / width) ** 2))


def ridge(x: Tensor, *waves: tuple[float, float, float]) -> Tensor:
    """A line of hills: a sum of sines, each of (height, radians a shorter side, phase)."""
    line = torch.zeros_like(x)
    for height, pace, phase in waves:
        line = line + height * torch.sin(pace * x + phase)
    return line


def soft_box(x: Tensor, y: Tensor, half_width: float | Tensor, half_height: float | Tensor, corner: float) -> Tensor:
    """Signed distance of an upright rectangle with round corners."""
    away_x, away_y = x.abs() - half_width + corner, y.abs() - half_height + corner
    outside = torch.hypot(away_x.clamp(min=0), away_y.clamp(min=0))
    return outside + torch.maximum(away_x, away_y).clamp(max=0) - corner


def stripe(distance: Tensor, width: float) -> Tensor:
    """Signed distance of a band of a width that begins where `distance` is 0 and lies within."""
    return torch.maximum(distance, -distance - width)


class Cells(NamedTuple):
    """An endless row of cells: which one a place lies in (whole numbers), and how far from that cell's middle."""

    number: Tensor
    x: Tensor


def cells(x: Tensor, spacing: float, shift: float = 0.0) -> Cells:
    """Cells of a width, the middle of cell 0 at `shift`."""
    index = torch.floor((x - shift) / spacing + 0.5)
    return Cells(index, x - shift - index * spacing)


def chance(seed: int, index: Tensor, *others: Tensor) -> Tensor:
    """A number in 0…1 that looks random and depends only on whole numbers: the same on every machine."""
    mixed = index.to(torch.int32) * 374761393 + seed * 40503
    for factor, other in zip((668265263, 2147001325), others, strict=False):
        mixed = mixed + other.to(torch.int32) * factor
    for _ in range(2):
        mixed = (mixed ^ ((mixed >> 15) & 0x1FFFF)) * 1274126177
    return ((mixed ^ ((mixed >> 16) & 0xFFFF)) & 0xFFFFFF).to(torch.float32) / 0x1000000
