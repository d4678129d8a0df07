"""Reading clips of the stage: place, light, weather, camera, props and actors, by rendering and comparing.

In: a clip uint8 (f, h, w, 3). Out: a `Reading`, which `minisora.world.grader.verdicts` compares with a request.
`ground.py` finds place, light and camera; `weather.py` the weather; `foreground.py` spots that differ from the place;
`figures.py` keeps pictures of all characters and props; `fitting.py` puts them over the place; `tracking.py` follows
one through the clip; `standing.py` finds props and `things.py` all actors; `reading.py` puts it together. Nothing in
here knows a character, a place or a weather by name.
"""

from typing import Any

from minisora.world.grader.reading import Reading
from minisora.world.tables import World

__all__ = ["read"]


def read(world: World, video: Any, fps: float = 8.0) -> Reading:
    """Read a clip; see `minisora.world.stage.reading.reading.read` (imported when used, as the other verbs)."""
    from minisora.world.stage.reading.reading import read as read_clip

    return read_clip(world, video, fps)
