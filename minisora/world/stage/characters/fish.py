"""A fish that beats its tail."""

from minisora.world.stage.characters.building import body, character, marking
from minisora.world.stage.drawing import (
    capsule,
    cut,
    disc,
    grown,
    half_plane,
    moved,
    oval,
    polygon,
    ring,
    swinging,
    turned,
)
from minisora.world.tables import Gait, Words

WHITE, PUPIL = (252, 252, 252), (20, 20, 26)
_BODY = moved(oval(0.78, 0.52), 0.26, 0.0)
_TAIL = grown(polygon((0.05, 0.0), (-0.5, -0.44), (-0.38, 0.0), (-0.5, 0.44)), 0.05)
_FIN = grown(polygon((0.0, 0.0), (-0.34, 0.02), (-0.26, 0.3)), 0.04)

FISH = character(
    "fish",
    Words(("fish", "reef fish"), ("river fish",), ("goldfish", "trout", "sea fish")),
    (
        body(moved(turned(_TAIL, swinging(0.0, 0.5)), -0.5, 0.0)),
        body(grown(polygon((-0.2, -0.3), (-0.1, -0.66), (0.36, -0.62), (0.62, -0.36)), 0.05), -0.3),
        body(grown(polygon((-0.1, 0.4), (-0.16, 0.6), (0.16, 0.5)), 0.05), -0.3),
        body(_BODY),
        marking(cut(_BODY, moved(ring(0.62, 0.13), -0.16, 0.0), half_plane((-1.0, 0.0), -0.1)), WHITE),
        marking(cut(_BODY, moved(ring(0.62, 0.11), -0.56, 0.0), half_plane((-1.0, 0.0), 0.2)), shade=-0.3),
        marking(moved(turned(_FIN, swinging(0.2, 0.4, 0.25)), 0.2, 0.14), shade=-0.35),
        marking(moved(disc(0.15), 0.72, -0.12), WHITE),
        marking(moved(disc(0.085), 0.76, -0.12), PUPIL),
        marking(capsule((0.82, 0.12), (0.96, 0.2), 0.05), PUPIL),
    ),
    homes=("deep",),
    goes=Words(("swim", "glide"), ("dart",), ("float", "dive")),
    waits=Words(("hover", "float"), ("wait",), ("rest", "stand")),
    gait=Gait(a_second=2.0),
    lean=0.5,
    foot=0.65,
)
