"""The stage: characters, places, weather and light, drawn by code from plain forms.

Read `characters/car.py` first (a character is a table entry of parts), then `places/meadow.py` and `stage_world.py`.
"""

from minisora.world.stage.stage_world import STAGE

__all__ = ["STAGE"]
