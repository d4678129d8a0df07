"""A car, seen from the side."""

from minisora.world.stage.characters.building import GROUNDED, body, character, marking
from minisora.world.stage.characters.limbs import rolling, wheel
from minisora.world.stage.drawing import box, disc, grown, moved, polygon, rounded_box
from minisora.world.tables import Words

WHEEL, AXLE = 0.26, 0.36  # radii; AXLE is its height
GLASS, LAMP, TAIL_LAMP = (176, 222, 245), (255, 240, 160), (190, 20, 30)

CAR = character(
    "car",
    Words(("car", "automobile"), ("motor car",), ("auto", "sedan", "racing car", "taxi")),
    (
        body(grown(polygon((-0.68, 0.0), (-0.46, -0.5), (0.24, -0.5), (0.6, 0.0)), 0.08)),
        body(moved(rounded_box(1.1, 0.27, 0.16), 0.0, 0.12)),
        marking(moved(box(0.95, 0.05), 0.0, 0.3), shade=-0.3),
        marking(polygon((-0.54, -0.08), (-0.38, -0.42), (-0.1, -0.42), (-0.1, -0.08)), GLASS),
        marking(polygon((0.04, -0.08), (0.04, -0.42), (0.2, -0.42), (0.46, -0.08)), GLASS),
        marking(moved(disc(0.1), 0.96, 0.06), LAMP),
        marking(moved(rounded_box(0.06, 0.1, 0.04), -1.0, 0.06), TAIL_LAMP),
        *wheel(-0.58, AXLE, WHEEL),
        *wheel(0.58, AXLE, WHEEL),
    ),
    homes=("ground",),
    goes=Words(("drive", "cruise"), ("motor",), ("race", "travel")),
    waits=Words(("stand", "wait"), ("rest",), ("park",)),
    gait=rolling(WHEEL),
    foot=AXLE + WHEEL,
    motions=GROUNDED,
)
