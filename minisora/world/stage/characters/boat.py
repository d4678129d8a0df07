"""A boat under sail, that rocks on the water."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking, tilting
from minisora.world.stage.drawing import box, capsule, cut, disc, grown, half_plane, moved, polygon, swinging
from minisora.world.tables import Gait, Words

KEEL = 0.8
MAST, SAIL, PORT = (110, 74, 44), (252, 248, 236), (255, 240, 190)
_HULL = grown(polygon((-1.02, 0.02), (1.1, -0.06), (0.72, KEEL - 0.08), (-0.72, KEEL - 0.08)), 0.08)

BOAT = character(
    "boat",
    Words(("boat", "sailboat"), ("sail boat",), ("ship", "yacht", "sailing boat", "dinghy", "sailing ship")),
    tilting(
        (
            accent(capsule((0.0, 0.0), (0.0, -1.06), 0.1), MAST),
            accent(grown(polygon((-0.12, -0.94), (-0.12, -0.2), (-0.68, -0.2)), 0.03), SAIL),
            body(grown(polygon((0.14, -0.94), (0.14, -0.2), (0.72, -0.2)), 0.03)),
            body(_HULL),
            marking(cut(_HULL, half_plane((0.0, -1.0), -0.6)), shade=-0.35),
            marking(cut(_HULL, moved(box(1.3, 0.05), 0.0, 0.14)), SAIL),
            *(marking(moved(disc(0.09), x, 0.38), PORT) for x in (-0.46, 0.04, 0.54)),
        ),
        swinging(0.0, 0.11),
    ),
    homes=("water",),
    goes=Words(("sail", "cruise"), ("voyage",), ("float", "row", "steer")),
    waits=Words(("float", "rest"), ("wait",), ("lie", "anchor", "stand")),
    gait=Gait(a_second=1.0),
    foot=KEEL,
    motions=GROUNDED,
)
