"""A snail: a large shell with a spiral, two eyes on stalks, a foot that stretches and shrinks."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking, shifted
from minisora.world.stage.drawing import (
    Form,
    capsule,
    cut,
    disc,
    half_plane,
    joined,
    moved,
    ring,
    swinging,
    turned,
)
from minisora.world.tables import Gait, Words

SKIN, EYE, WHITE = (236, 204, 152), (24, 24, 28), (252, 252, 250)
FOOT = 0.66
_STALKS = joined(capsule((0.0, 0.0), (-0.08, -0.5), 0.12), capsule((0.1, 0.0), (0.22, -0.46), 0.12))
_EYES = joined(moved(disc(0.13), -0.08, -0.52), moved(disc(0.13), 0.22, -0.48))
_PUPILS = joined(moved(disc(0.075), -0.05, -0.52), moved(disc(0.075), 0.25, -0.48))
_NOD = swinging(0.0, 0.26, 0.25)
_HEAD = (
    accent(moved(turned(_STALKS, _NOD), 0.76, 0.1), SKIN),
    accent(moved(turned(_EYES, _NOD), 0.76, 0.1), WHITE),
    marking(moved(turned(_PUPILS, _NOD), 0.76, 0.1), EYE),
    accent(capsule((0.64, FOOT - 0.2), (0.8, 0.12), 0.36), SKIN),
    marking(moved(disc(0.045), 0.9, 0.12), EYE),
)


def _turn(radius: float, x: float, half: float) -> Form:
    """Half a ring round (x, -0.14): the upper one (half -1) or the lower one (1), pieces of a spiral."""
    return moved(cut(ring(radius, 0.12), half_plane((0.0, -half), 0.02)), x, -0.14)


_SPIRAL = joined(_turn(0.5, -0.16, -1.0), _turn(0.38, -0.28, 1.0), _turn(0.24, -0.14, -1.0), _turn(0.12, -0.26, 1.0))

SNAIL = character(
    "snail",
    Words(("snail", "garden snail"), ("land snail",), ("slug",)),
    (
        accent(capsule((-0.92, FOOT - 0.14), (0.7, FOOT - 0.14), 0.28), SKIN),
        *shifted(_HEAD, swinging(0.0, 0.08)),
        body(moved(disc(0.76), -0.18, -0.16)),
        marking(_SPIRAL, shade=-0.35),
    ),
    homes=("ground",),
    goes=Words(("crawl", "creep"), ("inch",), ("slide", "glide", "slither")),
    waits=Words(("rest", "wait"), ("stand",), ("sit", "pause")),
    gait=Gait(a_radius=1.0),
    foot=FOOT,
    motions=GROUNDED,
)
