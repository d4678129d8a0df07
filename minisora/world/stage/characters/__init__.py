"""The characters of the stage, a file each. Read `car.py` first, then `building.py`."""

from minisora.world.stage.characters.balloon import BALLOON
from minisora.world.stage.characters.bird import BIRD
from minisora.world.stage.characters.boat import BOAT
from minisora.world.stage.characters.bus import BUS
from minisora.world.stage.characters.butterfly import BUTTERFLY
from minisora.world.stage.characters.car import CAR
from minisora.world.stage.characters.cat import CAT
from minisora.world.stage.characters.dog import DOG
from minisora.world.stage.characters.fish import FISH
from minisora.world.stage.characters.person import PERSON
from minisora.world.stage.characters.robot import ROBOT
from minisora.world.stage.characters.rocket import ROCKET
from minisora.world.stage.characters.snail import SNAIL

__all__ = ["CHARACTERS"]

CHARACTERS = (CAR, BUS, BOAT, FISH, BIRD, BUTTERFLY, ROCKET, CAT, DOG, PERSON, BALLOON, ROBOT, SNAIL)
