"""The places of the stage, a file each. Read `meadow.py` first, then `stage/painting.py`, which all share."""

from minisora.world.stage.places.beach import BEACH
from minisora.world.stage.places.city import CITY
from minisora.world.stage.places.forest import FOREST
from minisora.world.stage.places.meadow import MEADOW
from minisora.world.stage.places.sea import SEA
from minisora.world.stage.places.snowfield import SNOWFIELD
from minisora.world.stage.places.space import SPACE
from minisora.world.stage.places.sunset import SUNSET
from minisora.world.stage.places.under_water import UNDER_WATER

__all__ = ["PLACES"]

PLACES = (MEADOW, SUNSET, CITY, SEA, UNDER_WATER, BEACH, FOREST, SPACE, SNOWFIELD)
