"""A dog: a long snout, hanging ears, a short tail that wags, and a collar."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking, shifted
from minisora.world.stage.characters.limbs import stepping, striding
from minisora.world.stage.drawing import (
    capsule,
    disc,
    joined,
    moved,
    oval,
    rounded_box,
    swinging,
    turned,
)
from minisora.world.tables import Words

NOSE, EYE, COLLAR, TAG = (24, 24, 28), (24, 26, 30), (70, 60, 60), (255, 214, 70)
LEG, HIP, WIDE, SWING = 0.54, 0.36, 0.22, 0.55
_TAIL = turned(capsule((0.0, 0.0), (-0.24, -0.4), 0.17), swinging(0.0, 0.45, 0.0, 2.0))

DOG = character(
    "dog",
    Words(("dog", "hound"), ("pet dog",), ("puppy", "doggy", "pup", "canine")),
    shifted(
        (
            body(
                joined(stepping(-0.44, HIP, LEG, WIDE, SWING, 0.5), stepping(0.38, HIP, LEG, WIDE, SWING, 0.0)), -0.35
            ),
            body(moved(_TAIL, -0.72, 0.0)),
            body(capsule((-0.5, 0.16), (0.26, 0.14), 0.56)),
            body(capsule((0.3, 0.08), (0.46, -0.36), 0.42)),
            body(joined(stepping(-0.58, HIP, LEG, WIDE, SWING, 0.0), stepping(0.24, HIP, LEG, WIDE, SWING, 0.5))),
            marking(moved(turned(rounded_box(0.2, 0.07, 0.05), 0.35), 0.38, -0.08), COLLAR),
            marking(moved(disc(0.085), 0.5, 0.03), TAG),
            body(moved(rounded_box(0.38, 0.17, 0.13), 0.84, -0.38)),
            body(moved(disc(0.34), 0.52, -0.52)),
            accent(moved(oval(0.11, 0.09), 1.16, -0.5), NOSE),
            marking(capsule((0.86, -0.3), (1.1, -0.32), 0.05), NOSE),
            marking(moved(oval(0.07, 0.09), 0.66, -0.58), EYE),
            body(moved(turned(oval(0.15, 0.34), 0.25), 0.32, -0.46), -0.35),
        ),
        -0.08,
    ),
    homes=("ground",),
    goes=Words(("walk", "stride"), ("stroll",), ("run", "jog", "wander")),
    waits=Words(("stand", "wait"), ("rest",), ("sit",)),
    gait=striding(LEG, SWING),
    foot=HIP + LEG + WIDE / 2,
    motions=GROUNDED,
)
