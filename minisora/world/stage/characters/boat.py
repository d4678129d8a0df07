"""A boat under sail, that rocks on the water."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking, tilting
from minisora.world.stage.drawing import box, capsule, cut, disc, grown, half_plane, moved, polygon, swinging
from minisora.world.tables import Gait, Words

KEEL = 0.78
MAST, SAIL, PORT = (110, 74, 44), (252, 248, 236), (255, 240, 190)
_HULL = grown(polygon((-1.06, 0.2), (1.14, 0.2), (0.74, KEEL - 0.06), (-0.78, KEEL - 0.06)), 0.06)

BOAT = character(
    "boat",
    Words(("boat", "sailboat"), ("sail boat",), ("ship", "yacht", "sailing boat", "dinghy", "sailing ship")),
    tilting(
        (
            accent(capsule((0.0, 0.2), (0.0, -1.06), 0.1), MAST),
            accent(grown(polygon((-0.12, -0.92), (-0.12, 0.0), (-0.8, 0.0)), 0.03), SAIL),
            body(grown(polygon((0.14, -0.86), (0.14, 0.0), (0.76, 0.0)), 0.03)),
            body(_HULL),
            marking(cut(_HULL, half_plane((0.0, -1.0), -0.56)), shade=-0.35),
            marking(cut(_HULL, moved(box(1.3, 0.05), 0.0, 0.22)), SAIL),
            *(marking(moved(disc(0.085), x, 0.42), PORT) for x in (-0.5, 0.0, 0.5)),
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
