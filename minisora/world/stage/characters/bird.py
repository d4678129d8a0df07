"""A bird that flaps its wings."""

from minisora.world.stage.characters.building import accent, body, character, marking
from minisora.world.stage.drawing import disc, grown, hinged, joined, moved, oval, polygon, swinging
from minisora.world.tables import Gait, Words

BEAK, WHITE, PUPIL = (255, 160, 30), (252, 252, 252), (20, 20, 26)
_UP = swinging(0.25, 0.9, 0.25)  # of the wings: from 1.15, raised, to -0.65, below the body
_FLAP = grown(hinged(_UP, (0.28, 0.0), (-0.36, 0.0), (-0.7, -0.92), (-0.42, -0.8)), 0.08)

BIRD = character(
    "bird",
    Words(("bird", "songbird"), ("song bird",), ("sparrow", "robin", "gull", "seagull")),
    (
        body(moved(_FLAP, 0.3, 0.02), -0.35),
        body(grown(polygon((-0.4, 0.06), (-1.02, -0.16), (-0.96, 0.16), (-0.4, 0.26)), 0.05), -0.2),
        accent(grown(polygon((0.8, -0.2), (1.06, -0.06), (0.8, 0.04)), 0.04), BEAK),
        body(joined(moved(oval(0.68, 0.38), 0.0, 0.18), moved(disc(0.34), 0.56, -0.08))),
        marking(moved(disc(0.125), 0.63, -0.15), WHITE),
        marking(moved(disc(0.075), 0.66, -0.15), PUPIL),
        body(moved(_FLAP, 0.04, 0.14), -0.2),
    ),
    homes=("air",),
    goes=Words(("fly", "soar"), ("sail",), ("glide", "swoop")),
    waits=Words(("hover", "hang"), ("rest",), ("float", "flutter")),
    gait=Gait(a_second=2.0),
    lean=0.5,
    foot=0.56,
)
