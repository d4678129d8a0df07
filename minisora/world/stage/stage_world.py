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
from minisora.world.stage.relations import RELATIONS
from minisora.world.stage.sampling import RECIPES
from minisora.world.stage.weather import WEATHERS
from minisora.world.tables import CameraMove, Range, Words, World
from minisora.world.words import verb_words


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str:
        """Its name."""


Entry = TypeVar("Entry", bound=Named)


def _by_name(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries}


# Smaller than plain figures may be, so that a character has its details, and room for its place round it.
_SIZES = (
    Range("small", SHAPES.sizes["small"].words, 0.09, 0.12, outside=(0.07, 0.082)),
    Range("large", SHAPES.sizes["large"].words, 0.16, 0.2, outside=(0.22, 0.25)),
)
_TRACKING = CameraMove(
    "tracking",
    verb_words(
        ("<follow> it", "<follow> along", "<move> along with it"),
        ("<go> along with it", "<stay> with it"),
        ("<track> it", "<follow>", "<track>", "<go> with it", "<keep> up with it", "<follow> them", "tracking shot",
         "following shot", "<track> along"),
    ),
    (1.0, 0.0),
    0.0,
    0.0,
    0.0,
    follows=True,
)  # fmt: skip
_PASSING = Words(
    ("<go> behind {prop}", "<pass> behind {prop}", "<disappear> behind {prop} and <come> back"),
    ("<pass> behind {prop} and <come> out again", "<go> behind {prop} and <come> back"),
    ("<disappear> behind {prop}", "<hide> behind {prop}", "behind {prop}", "<vanish> behind {prop}",
     "<go> behind {prop} and <come> out again", "<vanish> behind {prop} and <come> out again"),
)  # fmt: skip
_KINDS = {
    "one": 0.36, "two": 0.2, "three": 0.05, "relation": 0.13, "prop": 0.09, "camera": 0.08, "tracking": 0.07,
    "leaving": 0.02,
}  # fmt: skip

STAGE = World(
    name="stage",
    shapes=_by_name(CHARACTERS),
    colours=SHAPES.colours,
    sizes=_by_name(_SIZES),
    speeds=SHAPES.speeds,
    motions=_by_name(MOTIONS),
    backgrounds={**SHAPES.backgrounds, **_by_name(PLACES)},
    textures={},
    relations=_by_name(RELATIONS),
    cameras={**SHAPES.cameras, _TRACKING.name: _TRACKING},
    prop_words=_PASSING,
    unseen_axis="background",
    kinds=_KINDS,
    props=_by_name(PROPS),
    lights=_by_name(LIGHTS),
    weathers=_by_name(WEATHERS),
    reader=read,
    recipes=RECIPES,
)
