"""`CLASSROOM`: the part of `SHAPES` that a small network learns in ten minutes. One figure of four, seven motions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from minisora.world.shapes_world import SHAPES

Entry = TypeVar("Entry")

_SHAPES = ("circle", "square", "triangle", "star")
_MOTIONS = ("staying still", "moving left", "moving right", "moving up", "moving down", "bouncing", "growing")


def _only(entries: Mapping[str, Entry], names: tuple[str, ...]) -> dict[str, Entry]:
    return {name: entries[name] for name in names}


CLASSROOM = replace(
    SHAPES,
    name="classroom",
    shapes=_only(SHAPES.shapes, _SHAPES),
    motions=_only(SHAPES.motions, _MOTIONS),
    textures={},
    relations={},
    cameras=_only(SHAPES.cameras, (SHAPES.still_camera,)),
    kinds={"one": 1.0},
)
