"""The characters of the stage, a file each."""

from minisora.world.stage.characters.bird import BIRD
from minisora.world.stage.characters.car import CAR

__all__ = ["CHARACTERS"]

CHARACTERS = (CAR, BIRD)
