"""`SHAPES`: the first world. Flat figures in eight colours that move over plain grounds."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from torch import Tensor

from minisora.world import motions, relations, shapes, textures, words
from minisora.world.tables import (
    Background,
    CameraMove,
    Colour,
    Motion,
    Range,
    RelationKind,
    Shape,
    Texture,
    Words,
    World,
)

Entry = TypeVar("Entry", Shape, Colour, Range, Motion, Background, Texture, RelationKind, CameraMove)

_COLOURS = {
    "red": (230, 57, 53),
    "orange": (251, 140, 0),
    "yellow": (253, 216, 53),
    "green": (67, 160, 71),
    "cyan": (38, 198, 218),
    "blue": (30, 100, 235),
    "purple": (156, 60, 190),
    "white": (250, 250, 250),
}
_BACKGROUNDS = {"black": (12, 12, 12), "grey": (90, 90, 96), "navy": (16, 24, 64), "brown": (78, 52, 36)}
_DIRECTIONS = {
    "moving left": (-1, 0),
    "moving right": (1, 0),
    "moving up": (0, -1),
    "moving down": (0, 1),
    "moving up and to the left": (-1, -1),
    "moving up and to the right": (1, -1),
    "moving down and to the left": (-1, 1),
    "moving down and to the right": (1, 1),
}
_MEETINGS: dict[str, motions.Path] = {
    "being pushed": motions.pushed,
    "stopping where it hits": motions.stopping,
    "rebounding": motions.rebounding,
}


def _shapes() -> list[Shape]:
    def entry(name: str, distance: Callable[[Tensor, Tensor], Tensor], fold: int, area: float) -> Shape:
        return Shape(name, words.SHAPES[name], distance, fold, area)

    return [
        entry("circle", shapes.circle, 0, shapes.CIRCLE_AREA),
        entry("square", shapes.square, 4, shapes.SQUARE_AREA),
        entry("triangle", shapes.triangle, 3, shapes.TRIANGLE_AREA),
        entry("star", shapes.star, 5, shapes.STAR_AREA),
        entry("cross", shapes.cross, 4, shapes.CROSS_AREA),
        entry("ring", shapes.ring, 0, shapes.RING_AREA),
    ]


def _straight(name: str, direction: tuple[float, float]) -> Motion:
    path, draft = motions.straight_pair(direction)
    length = (direction[0] ** 2 + direction[1] ** 2) ** 0.5
    unit = (direction[0] / length, direction[1] / length)
    return Motion(name, words.MOTIONS[name], path, draft, direction=unit)


def _motions() -> list[Motion]:
    def entry(name: str, path: motions.Path, draft: motions.Draft, **fields: Any) -> Motion:
        return Motion(name, words.MOTIONS[name], path, draft, **fields)

    fixed: dict[str, Any] = {"has_speed": False}
    return [
        entry("staying still", motions.still, motions.draft_anywhere, stays=True, common=1.2, **fixed),
        *(_straight(name, direction) for name, direction in _DIRECTIONS.items()),
        entry("bouncing", motions.bouncing, motions.draft_bouncing, stays=True, common=1.6, shown=motions.meets_edge),
        entry(
            "circling clockwise", partial(motions.circling, turn=1.0), motions.draft_circling, stays=True, common=1.3
        ),
        entry(
            "circling counter-clockwise",
            partial(motions.circling, turn=-1.0),
            motions.draft_circling,
            stays=True,
            common=1.3,
        ),
        entry("falling", motions.falling, motions.draft_falling, common=1.3, **fixed),
        entry("spinning", motions.spinning, motions.draft_anywhere, needs_turn=True, stays=True, common=2.2),
        entry("growing", partial(motions.scaling, sign=1.0), motions.draft_growing, common=1.2, **fixed),
        entry("shrinking", partial(motions.scaling, sign=-1.0), motions.draft_anywhere, common=1.2, **fixed),
        entry(
            "leaving and coming back",
            motions.leaving,
            motions.draft_leaving,
            common=0.0,
            shown=motions.goes_out,
            **fixed,
        ),
        *(
            Motion(name, Words(()), path, motions.draft_anywhere, has_speed=False, common=0.0, paired=True)
            for name, path in _MEETINGS.items()
        ),
    ]


def _relations() -> list[RelationKind]:
    sides = {"left of": (-1.0, 0.0), "right of": (1.0, 0.0), "above": (0.0, -1.0), "below": (0.0, 1.0)}
    beside = [
        RelationKind(name, words.RELATIONS[name], partial(relations.beside, direction=way))
        for name, way in sides.items()
    ]
    chase = RelationKind(
        "chasing", words.RELATIONS["chasing"], relations.chasing, words.RELATIONS_INVERSE["chasing"], follows=True
    )
    both, turns, rests = "colliding with", "rebounding", ("stopping where it hits", "being pushed")
    collide = RelationKind(both, words.RELATIONS[both], relations.colliding, meets=(turns, turns))
    hit = RelationKind(
        "hitting", words.RELATIONS["hitting"], relations.hitting, words.RELATIONS_INVERSE["hitting"], meets=rests
    )
    return [*beside, chase, collide, hit]


def _cameras() -> list[CameraMove]:
    def entry(name: str, pan: tuple[float, float], zoom: float, low: float, high: float) -> CameraMove:
        return CameraMove(name, words.CAMERAS[name], pan, zoom, low, high)

    return [
        entry("still", (0.0, 0.0), 0.0, 0.0, 0.0),
        entry("panning left", (-1.0, 0.0), 0.0, 0.14, 0.26),
        entry("panning right", (1.0, 0.0), 0.0, 0.14, 0.26),
        entry("zooming in", (0.0, 0.0), 1.0, 0.16, 0.3),
        entry("zooming out", (0.0, 0.0), -1.0, 0.16, 0.3),
    ]


def _by_name(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries}


SHAPES = World(
    name="shapes",
    shapes=_by_name(_shapes()),
    colours=_by_name(Colour(name, words.COLOURS[name], rgb) for name, rgb in _COLOURS.items()),
    sizes=_by_name(
        [
            Range("small", words.SIZES["small"], 0.09, 0.12, outside=(0.065, 0.08)),
            Range("large", words.SIZES["large"], 0.17, 0.21, outside=(0.23, 0.26)),
        ]
    ),
    speeds=_by_name(
        [
            Range("slowly", words.SPEEDS["slowly"], 0.08, 0.12, outside=(0.05, 0.065)),
            Range("plain", words.SPEEDS["plain"], 0.18, 0.24),
            Range("quickly", words.SPEEDS["quickly"], 0.30, 0.36, outside=(0.42, 0.5)),
        ]
    ),
    motions=_by_name(_motions()),
    backgrounds=_by_name(Background(name, words.BACKGROUNDS[name], rgb) for name, rgb in _BACKGROUNDS.items()),
    textures=_by_name(
        [
            Texture("grid", words.TEXTURES["grid"], textures.grid, lighten=0.28),
            Texture("starfield", words.TEXTURES["starfield"], textures.starfield, lighten=0.75),
        ]
    ),
    relations=_by_name(_relations()),
    cameras=_by_name(_cameras()),
    wall_words=words.WALL,
)
