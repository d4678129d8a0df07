"""How a character is put together: parts, words, homes and a gait become an entry of the world's shapes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from minisora.world.stage.drawing import Beat, Form, grown, joined, moved, outline, turned
from minisora.world.tables import Gait, Part, Rgb, Shape, Words

__all__ = ["GROUNDED", "accent", "body", "character", "marking", "shifted", "tilting"]

AREA_SIDE = 128  # places along a side on which an area is counted
STANDING = Gait()
RIM, RIM_SHADE = 0.07, -0.55  # radii, and how far the actor's colour goes to black there
GROUNDED = ("staying still", "moving left", "moving right", "turning around", "stopping")  # what can't leave its line


@dataclass(frozen=True)
class _Marking(Part):
    """A part that never reaches over the others, so the outline need not ask it."""


def body(form: Form, shade: float = 0.0) -> Part:
    """A part in the actor's own colour, darker (towards -1) or lighter (towards 1)."""
    return Part(form, None, shade)


def accent(form: Form, ink: Rgb) -> Part:
    """A part in a colour of its own, 0…255."""
    return Part(form, ink)


def marking(form: Form, ink: Rgb | None = None, shade: float = 0.0) -> Part:
    """A part that lies within others at all beats (a window, an eye, a stripe); its ink is None for the actor's own."""
    return _Marking(form, ink, shade)


def tilting(parts: Iterable[Part], angle: float | Beat) -> tuple[Part, ...]:
    """Parts that are turned together about the middle, clockwise, by radians or with the beat."""
    return tuple(replace(part, distance=turned(part.distance, angle)) for part in parts)


def shifted(parts: Iterable[Part], dx: float | Beat, dy: float | Beat = 0.0) -> tuple[Part, ...]:
    """Parts that are moved together, by radii or with the beat."""
    return tuple(replace(part, distance=moved(part.distance, dx, dy)) for part in parts)


def character(
    name: str,
    words: Words,
    parts: tuple[Part, ...],
    homes: tuple[str, ...],
    goes: Words,
    waits: Words,
    gait: Gait = STANDING,
    lean: float = 0.0,
    foot: float = 1.0,
    motions: tuple[str, ...] = (),
    rim: float = RIM,
) -> Shape:
    """An entry for the world's shapes; see `minisora.world.tables.Shape` for what the fields mean.

    A thin rim in a dark shade of the actor's colour goes round all parts, so that a green car is seen on a meadow;
    `foot` is given without it. The outline's area is counted on a grid. `fold` is 1: a character looks different at
    every turn.
    """
    whole = joined(*(part.distance for part in parts if not isinstance(part, _Marking)))
    edge = body(grown(whole, rim), RIM_SHADE)
    distance = outline([edge.distance])
    return Shape(
        name, words, distance, 1, _area(distance), (edge, *parts), True, lean, gait, foot + rim, homes, motions,
        goes, waits,
    )  # fmt: skip


@cache
def _area(distance: Callable[[Tensor, Tensor], Tensor]) -> float:
    """Area in squared radii."""
    reach = 1.6
    line = (torch.arange(AREA_SIDE) + 0.5) / AREA_SIDE * 2 * reach - reach
    inside = distance(line[None, :].expand(AREA_SIDE, -1), line[:, None].expand(-1, AREA_SIDE)) < 0
    return float(inside.double().mean()) * (2 * reach) ** 2
