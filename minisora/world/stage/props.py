"""Things behind which a character can pass: solid from the ground to above its head, over the whole of their width."""

from minisora.world.stage.characters.building import accent
from minisora.world.stage.drawing import Form, box, cut, disc, half_plane, joined, moved, oval, polygon, rounded_box
from minisora.world.tables import Prop, Words

__all__ = ["PROPS"]

BARK, LEAF, LEAF_LIGHT, LEAF_DARK = (112, 82, 58), (62, 116, 66), (112, 150, 84), (46, 92, 58)
WALL, WALL_SHADE, ROOF, ROOF_EDGE = (232, 216, 190), (206, 186, 160), (158, 92, 78), (126, 70, 64)
DOOR, FRAME, PANE, STEP = (112, 82, 66), (170, 124, 100), (120, 158, 184), (168, 160, 152)
STONE, STONE_LIGHT, STONE_DARK, MOSS = (134, 132, 138), (170, 168, 170), (100, 100, 110), (118, 138, 96)
PUFF, PUFF_LIGHT, PUFF_DARK = (222, 230, 240), (246, 248, 252), (192, 204, 222)


def _lumps(*lumps: tuple[float, float, float]) -> Form:
    """Discs together, each (x, y, radius)."""
    return joined(*(moved(disc(radius), x, y) for x, y, radius in lumps))


def _on_ground(form: Form) -> Form:
    """What of a form is above the line on which the prop stands."""
    return cut(form, half_plane((0.0, 1.0), FOOT))


FOOT = 1.0
_CROWN = _lumps((0.0, -0.72, 0.74), (-0.55, -0.4, 0.58), (0.55, -0.42, 0.58), (-0.62, 0.05, 0.46), (0.62, 0.05, 0.46))
_HEDGE = _on_ground(
    joined(
        _lumps((-0.62, 0.62, 0.5), (0.62, 0.62, 0.5), (-0.2, 0.66, 0.4), (0.22, 0.66, 0.4)),
        moved(rounded_box(0.97, 0.42, 0.2), 0.0, 0.72),
    )
)
_HOUSE_WALL = moved(box(0.98, 0.72), 0.0, FOOT - 0.72)
_GABLE = polygon((-1.22, -0.4), (-0.82, -1.12), (0.82, -1.12), (1.22, -0.4))
_BOULDER = _on_ground(
    joined(
        moved(oval(1.12, 1.0), 0.0, 0.22),
        moved(oval(0.82, 0.92), 0.24, 0.0),
        moved(rounded_box(1.08, 0.55, 0.3), 0.0, 0.6),
    )
)
_SUNNY = polygon((-1.2, 0.5), (-0.7, -0.8), (0.2, -1.1), (-0.1, -0.2), (-0.5, 0.2))
_SHADY = polygon((0.3, 1.2), (0.62, 0.1), (1.3, -0.3), (1.4, 1.2))
_PUFFS = _lumps(
    (0.0, -0.25, 0.82), (-0.7, -0.05, 0.66), (0.7, 0.0, 0.64), (-1.15, 0.3, 0.44), (1.15, 0.32, 0.42),
    (0.0, 0.35, 0.62), (-0.6, 0.38, 0.5), (0.6, 0.38, 0.5),
)  # fmt: skip


def _window(x: float, y: float) -> tuple[Form, Form]:
    """Frame and glass of a window."""
    return moved(rounded_box(0.25, 0.25, 0.03), x, y), moved(box(0.19, 0.19), x, y)


_LEFT, _RIGHT = _window(-0.55, 0.2), _window(0.55, 0.2)

PROPS = (
    Prop(
        "tree",
        Words(("a tree",), ("a leafy tree",), ("the tree", "a big tree")),
        (
            accent(joined(_HEDGE, moved(rounded_box(0.75, 0.7, 0.3), 0.0, 0.1)), LEAF_DARK),
            accent(moved(box(0.16, 0.5), 0.0, 0.5), BARK),
            accent(_CROWN, LEAF),
            accent(_lumps((-0.2, -0.9, 0.42), (-0.62, -0.5, 0.34), (0.42, -0.5, 0.3)), LEAF_LIGHT),
            accent(_on_ground(_lumps((-0.55, 0.8, 0.26), (0.6, 0.82, 0.24))), LEAF),
        ),
        homes=("ground",),
        width=1.7,
        foot=FOOT,
    ),
    Prop(
        "house",
        Words(("a house",), ("a small house",), ("the house", "a cottage")),
        (
            accent(moved(box(0.14, 0.3), 0.55, -1.12), ROOF_EDGE),
            accent(_HOUSE_WALL, WALL),
            accent(moved(box(0.98, 0.1), 0.0, -0.36), WALL_SHADE),
            accent(_GABLE, ROOF),
            accent(moved(box(1.22, 0.06), 0.0, -0.42), ROOF_EDGE),
            accent(_LEFT[0], FRAME),
            accent(_LEFT[1], PANE),
            accent(_RIGHT[0], FRAME),
            accent(_RIGHT[1], PANE),
            accent(moved(box(0.2, 0.42), 0.0, FOOT - 0.42), DOOR),
            accent(moved(box(0.3, 0.05), 0.0, FOOT - 0.05), STEP),
        ),
        homes=("ground",),
        width=1.9,
        foot=FOOT,
    ),
    Prop(
        "rock",
        Words(("a rock",), ("a big rock",), ("the rock", "a boulder", "a large boulder", "a big stone")),
        (
            accent(_BOULDER, STONE),
            accent(cut(_BOULDER, _SUNNY), STONE_LIGHT),
            accent(cut(_BOULDER, _SHADY), STONE_DARK),
            accent(_on_ground(_lumps((-0.72, 1.0, 0.24), (-0.4, 1.05, 0.2), (0.5, 1.06, 0.22))), MOSS),
        ),
        homes=("ground",),
        width=1.75,
        foot=FOOT,
    ),
    Prop(
        "cloud",
        Words(("a cloud",), ("a white cloud",), ("the cloud", "a big cloud")),
        (
            accent(_PUFFS, PUFF_DARK),
            accent(cut(moved(_PUFFS, 0.0, -0.13), _PUFFS), PUFF),
            accent(_lumps((-0.1, -0.45, 0.5), (-0.72, -0.2, 0.38), (0.66, -0.16, 0.34)), PUFF_LIGHT),
        ),
        homes=("air",),
        width=2.0,
        foot=0.95,
    ),
)  # fmt: skip
