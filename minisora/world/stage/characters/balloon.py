"""A hot-air balloon that sways."""

from minisora.world.stage.characters.building import accent, body, character, marking, tilting
from minisora.world.stage.drawing import (
    box,
    capsule,
    cut,
    disc,
    grown,
    joined,
    moved,
    oval,
    polygon,
    rounded_box,
    swinging,
)
from minisora.world.tables import Gait, Words

BASKET, RIM, ROPE, WHITE = (150, 98, 52), (96, 60, 30), (70, 56, 48), (252, 250, 244)
_ENVELOPE = joined(
    moved(disc(0.78), 0.0, -0.36), grown(polygon((-0.6, 0.06), (0.6, 0.06), (0.18, 0.5), (-0.18, 0.5)), 0.06)
)

BALLOON = character(
    "balloon",
    Words(("balloon", "hot-air balloon"), ("air balloon",), ("gas balloon", "airship")),
    tilting(
        (
            accent(joined(capsule((-0.2, 0.5), (-0.18, 0.86), 0.06), capsule((0.2, 0.5), (0.18, 0.86), 0.06)), ROPE),
            body(_ENVELOPE),
            marking(cut(_ENVELOPE, moved(oval(0.56, 0.98), 0.0, -0.36)), shade=-0.3),
            marking(cut(_ENVELOPE, moved(oval(0.24, 0.98), 0.0, -0.36)), shade=0.0),
            marking(cut(_ENVELOPE, moved(box(1.0, 0.07), 0.0, 0.1)), WHITE),
            accent(moved(rounded_box(0.24, 0.16, 0.06), 0.0, 0.94), BASKET),
            marking(moved(box(0.24, 0.04), 0.0, 0.84), RIM),
        ),
        swinging(0.0, 0.16),
    ),
    homes=("air",),
    goes=Words(("float", "sail"), ("waft",), ("fly", "hover")),
    waits=Words(("hover", "hang"), ("rest",), ("float", "wait")),
    gait=Gait(a_second=0.5),
    foot=1.1,
)
