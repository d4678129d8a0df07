"""A car, seen from the side."""

from minisora.world.stage.characters.building import accent, body, character
from minisora.world.stage.drawing import Form, box, disc, joined, moved, polygon, rounded_box, turned
from minisora.world.tables import Gait, Words

WHEEL = 0.27  # radii
TYRE, HUB, GLASS, LAMP = (28, 28, 32), (205, 205, 210), (150, 205, 235), (255, 236, 150)
TURN = 6.283185


def _wheel(x: float) -> tuple[Form, Form]:
    """Tyre and spokes of the wheel at x; the spokes turn with the beat."""
    spokes = turned(joined(box(0.17, 0.045), box(0.045, 0.17)), lambda beat: TURN * beat)
    return moved(disc(WHEEL), x, 0.36), moved(spokes, x, 0.36)


_BACK, _FRONT = _wheel(-0.56), _wheel(0.56)
_HULL = joined(
    moved(rounded_box(1.08, 0.25, 0.12), 0.0, 0.12), polygon((-0.78, 0.0), (-0.5, -0.5), (0.3, -0.5), (0.68, 0.0))
)

CAR = character(
    "car",
    Words(("car", "automobile"), ("motor car",), ("auto", "sedan", "racing car", "taxi")),
    (
        body(_HULL),
        accent(polygon((-0.6, -0.02), (-0.42, -0.4), (-0.1, -0.4), (-0.1, -0.02)), GLASS),
        accent(polygon((0.02, -0.02), (0.02, -0.4), (0.25, -0.4), (0.52, -0.02)), GLASS),
        accent(moved(disc(0.09), 0.98, 0.06), LAMP),
        accent(_BACK[0], TYRE),
        accent(_FRONT[0], TYRE),
        accent(_BACK[1], HUB),
        accent(_FRONT[1], HUB),
    ),
    homes=("ground",),
    goes=Words(("drive",), ("cruise",), ("roll", "race", "travel")),
    waits=Words(("stand", "park"), ("wait",), ("stop",)),
    gait=Gait(a_radius=1 / (TURN * WHEEL)),
    foot=0.63,
)
