"""A bird that flaps its wings."""

from minisora.world.stage.characters.building import accent, body, character, marking
from minisora.world.stage.drawing import disc, grown, joined, moved, oval, polygon, swinging, turned
from minisora.world.tables import Gait, Words

BEAK, WHITE, PUPIL = (255, 160, 30), (252, 252, 252), (20, 20, 26)
_WING = grown(polygon((0.22, 0.0), (-0.3, 0.04), (-0.56, -0.78), (-0.28, -0.7)), 0.07)
_FLAP = swinging(-0.1, 1.15, 0.25)

BIRD = character(
    "bird",
    Words(("bird", "songbird"), ("song bird",), ("sparrow", "robin", "gull", "seagull")),
    (
        body(moved(turned(_WING, swinging(0.1, 1.15, 0.25)), 0.2, -0.1), -0.35),
        body(grown(polygon((-0.4, 0.0), (-1.06, -0.2), (-1.0, 0.1), (-0.4, 0.2)), 0.05), -0.2),
        accent(grown(polygon((0.8, -0.32), (1.12, -0.16), (0.8, -0.06)), 0.04), BEAK),
        body(joined(moved(oval(0.68, 0.36), 0.0, 0.08), moved(disc(0.34), 0.6, -0.2))),
        marking(moved(disc(0.12), 0.68, -0.27), WHITE),
        marking(moved(disc(0.07), 0.71, -0.27), PUPIL),
        body(moved(turned(_WING, _FLAP), 0.08, 0.0), -0.2),
    ),
    homes=("air",),
    goes=Words(("fly", "soar"), ("sail",), ("glide", "wing")),
    waits=Words(("hover", "hang"), ("rest",), ("float", "flutter")),
    gait=Gait(a_second=2.0),
    lean=0.5,
    foot=0.44,
)
