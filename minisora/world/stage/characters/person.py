"""A person in coloured clothes who walks."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking
from minisora.world.stage.characters.limbs import stepping, striding
from minisora.world.stage.drawing import (
    Form,
    capsule,
    cut,
    disc,
    half_plane,
    joined,
    moved,
    oval,
    rounded_box,
    swinging,
    turned,
)
from minisora.world.tables import Words

SKIN, HAIR, EYE, SHOE = (226, 172, 128), (70, 44, 30), (24, 24, 28), (40, 36, 40)
LEG, HIP, WIDE, SWING = 0.66, 0.29, 0.28, 0.62
ARM = 0.44


def _arm(phase: float) -> tuple[Form, Form]:
    swing = swinging(0.0, 0.9, phase)
    sleeve = moved(turned(capsule((0.0, 0.0), (0.0, ARM), 0.24), swing), 0.0, -0.22)
    hand = moved(turned(moved(disc(0.14), 0.0, ARM + 0.06), swing), 0.0, -0.22)
    return sleeve, hand


_VISOR = moved(rounded_box(0.28, 0.07, 0.06), 0.36, -0.8)
_FAR, _NEAR = _arm(0.0), _arm(0.5)

PERSON = character(
    "person",
    Words(("person", "pedestrian"), ("human person",), ("human", "man", "woman", "boy", "girl", "child", "walker")),
    (
        accent(_FAR[1], SKIN),
        body(_FAR[0], -0.35),
        accent(stepping(0.0, HIP, LEG, WIDE, SWING, 0.5, 0.4), SHOE),
        body(stepping(0.0, HIP, LEG - 0.1, WIDE, SWING, 0.5), -0.35),
        accent(stepping(0.0, HIP, LEG, WIDE, SWING, 0.0, 0.4), SHOE),
        body(stepping(0.0, HIP, LEG - 0.1, WIDE, SWING, 0.0), -0.15),
        body(moved(rounded_box(0.33, 0.4, 0.18), 0.0, 0.02)),
        accent(joined(moved(disc(0.4), 0.02, -0.66), moved(disc(0.09), 0.43, -0.6)), SKIN),
        accent(cut(moved(disc(0.43), 0.0, -0.66), half_plane((0.97, 0.26), -0.3)), HAIR),
        body(joined(cut(moved(disc(0.44), 0.0, -0.7), half_plane((0.0, 1.0), -0.78)), _VISOR)),
        marking(moved(oval(0.065, 0.09), 0.22, -0.6), EYE),
        accent(_NEAR[1], SKIN),
        body(_NEAR[0], -0.25),
    ),
    homes=("ground",),
    goes=Words(("walk", "stroll"), ("stride",), ("run", "march", "wander")),
    waits=Words(("stand", "wait"), ("rest",), ("pause",)),
    gait=striding(LEG, SWING),
    foot=HIP + LEG + WIDE / 2,
    motions=GROUNDED,
)
