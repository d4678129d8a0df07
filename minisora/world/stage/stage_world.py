"""`STAGE`: the second world. Characters that are alive, in places, under a weather and a light."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from minisora.world.shapes_world import SHAPES
from minisora.world.stage.characters import CHARACTERS
from minisora.world.stage.light import LIGHTS
from minisora.world.stage.motions import MOTIONS
from minisora.world.stage.places import PLACES
from minisora.world.stage.props import PROPS
from minisora.world.stage.reading import read
from minisora.world.stage.weather import WEATHERS
from minisora.world.tables import CameraMove, Words, World


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str:
        """Its name."""


Entry = TypeVar("Entry", bound=Named)


def _by_name(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries}


_TRACKING = CameraMove(
    "tracking",
    Words(("tracking shot", "follows along")),
    (1.0, 0.0),
    0.0,
    0.0,
    0.0,
    follows=True,
)

STAGE = World(
    name="stage",
    shapes=_by_name(CHARACTERS),
    colours=SHAPES.colours,
    sizes=SHAPES.sizes,
    speeds=SHAPES.speeds,
    motions=_by_name(MOTIONS),
    backgrounds={**SHAPES.backgrounds, **_by_name(PLACES)},
    textures={},
    relations={},
    cameras={**SHAPES.cameras, _TRACKING.name: _TRACKING},
    props=_by_name(PROPS),
    lights=_by_name(LIGHTS),
    weathers=_by_name(WEATHERS),
    reader=read,
)
