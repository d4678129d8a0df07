"""A bird that flaps its wings."""

from minisora.world.stage.characters.building import accent, body, character
from minisora.world.stage.drawing import disc, moved, oval, polygon, swinging, turned
from minisora.world.tables import Gait, Words

BEAK, EYE = (255, 170, 40), (20, 20, 24)

_WING = turned(moved(oval(0.62, 0.2), -0.42, 0.0), swinging(0.0, 0.95))

BIRD = character(
    "bird",
    Words(("bird", "songbird"), ("little bird",), ("sparrow", "robin", "gull")),
    (
        body(polygon((-0.5, -0.02), (-1.15, -0.22), (-1.05, 0.22)), -0.25),
        body(oval(0.68, 0.36)),
        body(moved(disc(0.31), 0.62, -0.22)),
        accent(polygon((0.86, -0.34), (1.2, -0.2), (0.86, -0.1)), BEAK),
        accent(moved(disc(0.08), 0.72, -0.28), EYE),
        body(moved(_WING, 0.18, -0.1), 0.3),
    ),
    homes=("air",),
    goes=Words(("fly", "soar"), ("flap",), ("glide", "wing")),
    waits=Words(("hover",), ("hang in the air",), ("float",)),
    gait=Gait(a_second=2.0),
    lean=0.5,
    foot=0.4,
)
