"""A bus: a tall box with a row of windows."""

from minisora.world.stage.characters.building import GROUNDED, body, character, marking
from minisora.world.stage.characters.limbs import rolling, wheel
from minisora.world.stage.drawing import box, disc, joined, moved, rounded_box
from minisora.world.tables import Words

WHEEL, AXLE = 0.25, 0.46
GLASS, SIGN, LAMP, TAIL_LAMP = (176, 222, 245), (250, 250, 250), (255, 240, 160), (190, 20, 30)
_WINDOWS = joined(*(moved(rounded_box(0.16, 0.15, 0.04), x, -0.28) for x in (-0.78, -0.37, 0.04)))
_DOOR = moved(rounded_box(0.12, 0.36, 0.04), 0.46, -0.09)
_WINDSCREEN = moved(rounded_box(0.13, 0.24, 0.04), 0.92, -0.2)

BUS = character(
    "bus",
    Words(("bus", "coach"), ("motor bus",), ("omnibus", "tour bus", "school bus", "minibus")),
    (
        body(moved(rounded_box(1.06, 0.6, 0.16), 0.0, -0.12)),
        marking(moved(box(1.06, 0.07), 0.0, 0.14), shade=-0.35),
        marking(_WINDOWS, GLASS),
        marking(_DOOR, GLASS),
        marking(_WINDSCREEN, GLASS),
        marking(moved(box(0.6, 0.05), -0.3, -0.58), SIGN),
        marking(moved(disc(0.09), 0.95, 0.3), LAMP),
        marking(moved(rounded_box(0.05, 0.1, 0.04), -0.98, 0.3), TAIL_LAMP),
        *wheel(-0.66, AXLE, WHEEL),
        *wheel(0.7, AXLE, WHEEL),
    ),
    homes=("ground",),
    goes=Words(("drive", "cruise"), ("motor",), ("roll", "travel")),
    waits=Words(("stand", "wait"), ("rest",), ("park",)),
    gait=rolling(WHEEL),
    foot=AXLE + WHEEL,
    motions=GROUNDED,
)
