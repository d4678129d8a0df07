"""A robot: a square head with a visor, an aerial, a box of a body, and legs that march."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking
from minisora.world.stage.characters.limbs import stepping, striding
from minisora.world.stage.drawing import box, capsule, disc, joined, moved, rounded_box, swinging, turned
from minisora.world.tables import Part, Rgb, Words

STEEL, DARK, GLOW, LAMP = (150, 156, 166), (40, 44, 54), (120, 240, 255), (255, 90, 80)
LEG, HIP, WIDE, SWING = 0.42, 0.46, 0.26, 0.55


def _arm(x: float, phase: float, shade: float, claw: Rgb) -> tuple[Part, Part]:
    """Sleeve and claw of an arm that swings from the shoulder at x."""
    swing, y = swinging(0.0, 0.5, phase), -0.04
    sleeve = moved(turned(capsule((0.0, 0.0), (0.0, 0.34), 0.22), swing), x, y)
    return accent(moved(turned(moved(disc(0.15), 0.0, 0.46), swing), x, y), claw), body(sleeve, shade)


ROBOT = character(
    "robot",
    Words(("robot", "android"), ("metal robot",), ("droid", "bot", "machine")),
    (
        *_arm(0.6, 0.0, -0.35, DARK),
        accent(capsule((-0.12, -0.8), (-0.16, -1.02), 0.09), STEEL),
        accent(moved(disc(0.12), -0.16, -1.04), LAMP),
        accent(stepping(0.24, HIP, LEG, WIDE, SWING, 0.5, 0.4), DARK),
        accent(stepping(-0.24, HIP, LEG, WIDE, SWING, 0.0, 0.4), STEEL),
        accent(moved(box(0.2, 0.1), 0.0, -0.2), DARK),
        body(moved(rounded_box(0.56, 0.36, 0.1), 0.0, 0.17)),
        body(moved(rounded_box(0.62, 0.34, 0.12), 0.0, -0.52)),
        marking(moved(rounded_box(0.4, 0.19, 0.08), 0.14, -0.52), DARK),
        marking(joined(moved(disc(0.115), -0.06, -0.52), moved(disc(0.115), 0.32, -0.52)), GLOW),
        marking(moved(rounded_box(0.2, 0.11, 0.04), 0.22, 0.1), STEEL),
        *_arm(-0.54, 0.5, -0.25, STEEL),
    ),
    homes=("ground",),
    goes=Words(("walk", "stride"), ("stroll",), ("march", "stomp")),
    waits=Words(("stand", "wait"), ("rest",), ("idle", "pause")),
    gait=striding(LEG, SWING),
    foot=HIP + LEG + WIDE / 2,
    motions=GROUNDED,
)
