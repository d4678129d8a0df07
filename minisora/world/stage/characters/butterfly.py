"""A butterfly that is seen from above, on its way ahead and up; its wings open and close."""

from torch import Tensor

from minisora.world.stage.characters.building import accent, body, character, marking, tilting
from minisora.world.stage.drawing import Beat, Form, capsule, disc, joined, moved, oval, swinging
from minisora.world.tables import Gait, Words

DARK, SPOT = (44, 36, 40), (255, 255, 255)
CLIMB = -0.6  # radians, how its body points up
_OPEN = swinging(0.78, 0.22, 0.25)  # how wide its wings are seen


def _wing(x: float, y: float, half_length: float, half_width: float) -> Form:
    """A wing beside the body, which lies along x; how wide and how far out it is follows the flap."""
    return moved(oval(half_length, _flap(half_width)), x, _flap(y))


def _flap(number: float) -> Beat:
    def flapped(beat: Tensor) -> Tensor:
        return number * _OPEN(beat)

    return flapped


BUTTERFLY = character(
    "butterfly",
    Words(("butterfly",), ("winged butterfly",), ("moth",)),
    tilting(
        (
            accent(joined(capsule((0.5, 0.0), (0.92, -0.26), 0.07), capsule((0.5, 0.0), (0.92, 0.26), 0.07)), DARK),
            body(joined(_wing(-0.36, -0.42, 0.36, 0.4), _wing(-0.36, 0.42, 0.36, 0.4)), -0.25),
            body(joined(_wing(0.18, -0.58, 0.46, 0.52), _wing(0.18, 0.58, 0.46, 0.52))),
            *(marking(_wing(0.26, y, 0.14, 0.15), SPOT) for y in (-0.78, 0.78)),
            *(marking(_wing(-0.42, y, 0.11, 0.12), SPOT) for y in (-0.5, 0.5)),
            accent(capsule((-0.55, 0.0), (0.45, 0.0), 0.18), DARK),
            accent(moved(disc(0.14), 0.5, 0.0), DARK),
        ),
        CLIMB,
    ),
    homes=("air",),
    goes=Words(("flutter", "fly"), ("dance",), ("float", "glide")),
    waits=Words(("hover", "hang"), ("rest",), ("float", "flutter")),
    gait=Gait(a_second=2.0),
    lean=0.4,
    foot=0.936,
)
