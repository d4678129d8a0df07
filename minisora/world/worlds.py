"""The worlds by name: what a checkpoint or a preset says becomes tables."""

from minisora.errors import SettingError, nearest_name
from minisora.world.classroom import CLASSROOM
from minisora.world.shapes_world import SHAPES
from minisora.world.stage import STAGE
from minisora.world.tables import World

__all__ = ["CLASSROOM", "STAGE", "WORLDS", "find_world"]

WORLDS: dict[str, World] = {world.name: world for world in (SHAPES, CLASSROOM, STAGE)}


def find_world(name: str) -> World:
    """A world by its name.

    Args:
        name: "shapes", "classroom" or "stage".
    Returns:
        Its tables.
    Raises:
        SettingError: there is no such world; the message names the nearest.
    """
    if name not in WORLDS:
        near = nearest_name(name, WORLDS)
        raise SettingError(f"world={name!r}, but the worlds are {', '.join(WORLDS)}. Use {near!r}.")
    return WORLDS[name]
