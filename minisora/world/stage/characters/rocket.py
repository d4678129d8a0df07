"""A rocket whose flame flickers; it points where it flies, up as well."""

import math

from minisora.world.stage.characters.building import accent, body, character, marking
from minisora.world.stage.drawing import box, cut, disc, grown, half_plane, moved, oval, polygon, swinging
from minisora.world.tables import Gait, Words

FLAME, CORE, GLASS, FRAME, NOZZLE = (255, 120, 20), (255, 228, 90), (150, 215, 250), (240, 240, 244), (70, 72, 80)
FIN = 0.66
_HULL = cut(moved(oval(1.12, 0.44), 0.0, 0.0), half_plane((-1.0, 0.0), 0.6))

ROCKET = character(
    "rocket",
    Words(("rocket", "spaceship"), ("space rocket",), ("space ship", "rocket ship", "spacecraft", "starship")),
    (
        accent(moved(oval(swinging(0.34, 0.12, 0.25), 0.22), -0.7, 0.0), FLAME),
        accent(moved(oval(swinging(0.22, 0.1, 0.0), 0.12), -0.7, 0.0), CORE),
        body(grown(polygon((0.0, -0.3), (-0.4, -FIN + 0.05), (-0.72, -FIN + 0.05), (-0.5, -0.2)), 0.05), -0.3),
        body(grown(polygon((0.0, 0.3), (-0.4, FIN - 0.05), (-0.72, FIN - 0.05), (-0.5, 0.2)), 0.05), -0.3),
        accent(moved(box(0.08, 0.2), -0.64, 0.0), NOZZLE),
        body(_HULL),
        marking(cut(_HULL, half_plane((-1.0, 0.0), -0.7)), FRAME),
        marking(cut(_HULL, moved(box(0.07, 0.6), -0.42, 0.0)), shade=-0.3),
        marking(moved(disc(0.24), 0.24, 0.0), FRAME),
        marking(moved(disc(0.165), 0.24, 0.0), GLASS),
    ),
    homes=("air",),
    goes=Words(("fly", "soar"), ("streak",), ("shoot", "blast", "race")),
    waits=Words(("hover", "hang"), ("rest",), ("float", "wait")),
    gait=Gait(a_second=2.0),
    lean=math.pi / 2,
    foot=FIN,
)
