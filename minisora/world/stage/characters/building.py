"""How a character is put together: parts, words, homes and a gait become an entry of the world's shapes."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from minisora.world.stage.drawing import Form, outline
from minisora.world.tables import Gait, Part, Rgb, Shape, Words

__all__ = ["accent", "body", "character"]

AREA_SIDE = 128  # places along a side on which an area is counted


def body(form: Form, shade: float = 0.0) -> Part:
    """A part in the actor's own colour, darker (towards -1) or lighter (towards 1)."""
    return Part(form, None, shade)


def accent(form: Form, ink: Rgb) -> Part:
    """A part in a colour of its own, 0…255."""
    return Part(form, ink)


def character(
    name: str,
    words: Words,
    parts: tuple[Part, ...],
    homes: tuple[str, ...],
    goes: Words,
    waits: Words,
    gait: Gait = Gait(),
    lean: float = 0.0,
    foot: float = 1.0,
    motions: tuple[str, ...] = (),
) -> Shape:
    """An entry for the world's shapes; see `minisora.world.tables.Shape` for what the fields mean.

    The outline's area is counted on a grid. `fold` is 1: a character looks different at every turn.
    """
    distance = outline([part.distance for part in parts])
    return Shape(
        name, words, distance, 1, _area(distance), parts, True, lean, gait, foot, homes, motions, goes, waits
    )  # fmt: skip


@cache
def _area(distance: Callable[[Tensor, Tensor], Tensor]) -> float:
    """Area in squared radii."""
    reach = 1.6
    line = (torch.arange(AREA_SIDE) + 0.5) / AREA_SIDE * 2 * reach - reach
    inside = distance(line[None, :].expand(AREA_SIDE, -1), line[:, None].expand(-1, AREA_SIDE)) < 0
    return float(inside.double().mean()) * (2 * reach) ** 2
