"""A cat: pointed ears, a round face that looks at you, a long tail held high."""

from minisora.world.stage.characters.building import GROUNDED, body, character, marking, shifted
from minisora.world.stage.characters.limbs import stepping, striding
from minisora.world.stage.drawing import capsule, grown, joined, moved, oval, polygon, ribbon, swinging, turned
from minisora.world.tables import Words

EYE, PINK, WHITE = (24, 26, 30), (240, 130, 140), (252, 250, 246)
LEG, HIP, WIDE, SWING = 0.44, 0.4, 0.19, 0.6
_TAIL = turned(ribbon(0.19, (0.0, 0.0), (-0.22, -0.32), (-0.2, -0.7), (-0.02, -0.92)), swinging(0.0, 0.16))


CAT = character(
    "cat",
    Words(("cat", "tomcat"), ("pet cat",), ("kitty", "kitten", "feline")),
    shifted(
        (
            body(joined(stepping(-0.42, HIP, LEG, WIDE, SWING, 0.5), stepping(0.4, HIP, LEG, WIDE, SWING, 0.0)), -0.35),
            body(moved(_TAIL, -0.62, 0.12)),
            body(capsule((-0.44, 0.22), (0.34, 0.22), 0.56)),
            body(joined(stepping(-0.54, HIP, LEG, WIDE, SWING, 0.0), stepping(0.28, HIP, LEG, WIDE, SWING, 0.5))),
            *(marking(capsule((x, -0.03), (x - 0.04, 0.14), 0.09), shade=-0.35) for x in (-0.44, -0.2, 0.04)),
            body(grown(polygon((0.26, -0.4), (0.28, -0.88), (0.58, -0.64)), 0.04)),
            body(grown(polygon((0.72, -0.64), (1.02, -0.88), (1.02, -0.4)), 0.04)),
            body(moved(oval(0.46, 0.38), 0.64, -0.3)),
            marking(polygon((0.34, -0.56), (0.34, -0.76), (0.48, -0.64)), PINK),
            marking(polygon((0.82, -0.64), (0.96, -0.76), (0.96, -0.56)), PINK),
            marking(moved(oval(0.2, 0.13), 0.74, -0.13), WHITE),
            marking(joined(moved(oval(0.075, 0.105), 0.54, -0.34), moved(oval(0.075, 0.105), 0.9, -0.34)), EYE),
            marking(moved(oval(0.065, 0.05), 0.74, -0.2), PINK),
        ),
        -0.08,
    ),
    homes=("ground",),
    goes=Words(("walk", "stroll"), ("stride",), ("run", "prowl", "wander")),
    waits=Words(("stand", "wait"), ("rest",), ("sit",)),
    gait=striding(LEG, SWING),
    foot=HIP + LEG + WIDE / 2,
    motions=GROUNDED,
)
