"""The places of the stage, a file each."""

from minisora.world.stage.places.meadow import MEADOW

__all__ = ["PLACES"]

PLACES = (MEADOW,)
