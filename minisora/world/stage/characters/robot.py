"""A robot: a square head with a visor, an aerial, a box of a body, and legs that march."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking
from minisora.world.stage.characters.limbs import stepping, striding
from minisora.world.stage.drawing import box, capsule, disc, joined, moved, rounded_box, swinging, turned
from minisora.world.tables import Words

STEEL, DARK, GLOW, LAMP = (150, 156, 166), (40, 44, 54), (120, 240, 255), (255, 90, 80)
LEG, HIP, WIDE, SWING = 0.36, 0.52, 0.26, 0.6
_ARM = joined(capsule((0.0, 0.0), (0.0, 0.42), 0.17), moved(disc(0.14), 0.0, 0.46))

ROBOT = character(
    "robot",
    Words(("robot", "android"), ("metal robot",), ("droid", "bot", "machine")),
    (
        accent(moved(turned(_ARM, swinging(0.0, 0.6, 0.0)), 0.1, -0.06), DARK),
        accent(joined(capsule((0.0, -0.8), (0.0, -1.02), 0.08)), STEEL),
        accent(moved(disc(0.11), 0.0, -1.04), LAMP),
        accent(stepping(0.14, HIP, LEG, WIDE, SWING, 0.5, 0.42), DARK),
        accent(stepping(-0.12, HIP, LEG, WIDE, SWING, 0.0, 0.42), STEEL),
        accent(moved(box(0.16, 0.12), 0.0, -0.2), STEEL),
        body(moved(rounded_box(0.52, 0.4, 0.08), 0.0, 0.2)),
        body(moved(rounded_box(0.48, 0.3, 0.1), 0.0, -0.54)),
        marking(moved(rounded_box(0.36, 0.15, 0.06), 0.08, -0.56), DARK),
        marking(joined(moved(disc(0.09), -0.06, -0.56), moved(disc(0.09), 0.26, -0.56)), GLOW),
        marking(moved(rounded_box(0.22, 0.14, 0.04), 0.16, 0.1), shade=-0.35),
        accent(moved(turned(_ARM, swinging(0.0, 0.6, 0.5)), -0.26, -0.02), STEEL),
    ),
    homes=("ground",),
    goes=Words(("walk", "stride"), ("stroll",), ("march", "stomp")),
    waits=Words(("stand", "wait"), ("rest",), ("idle", "pause")),
    gait=striding(LEG, SWING),
    foot=HIP + LEG + WIDE / 2,
    motions=GROUNDED,
)
