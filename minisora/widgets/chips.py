"""The world's tables as chips: everything that can be put into a sentence by a click, whatever the world is."""

from typing import Any

import numpy as np

from minisora.errors import MinisoraError
from minisora.world import World
from minisora.world.lexicon import VocabularyEntry
from minisora.world.parser import vocabulary
from minisora.world.plain import ACTOR_AXES, MOST_ACTORS, PLACE_AXES, change_request, plain_sentence
from minisora.world.request import SceneRequest

__all__ = ["chip_groups", "click_chip", "example_prompt", "pressed_chips"]

TABLES = {**ACTOR_AXES, "relation": "relations", "wall": "wall", "prop": "props", **PLACE_AXES}
TITLES = {"wall": "wall", "relation": "next to another", "prop": "behind"}


def chip_groups(world: World) -> list[dict[str, Any]]:
    """All chips of a world, by axis.

    Args:
        world: whose tables these are.
    Returns:
        [{"axis", "title", "place" (whether it is about the scene), "chips": [{"name", "word", "rgb"}, …]}, …].
    """
    words = vocabulary(world)
    groups = [_group(world, axis, words[table]) for axis, table in TABLES.items() if table in words]
    return [group for group in groups if group["chips"]]


def click_chip(world: World, text: str, axis: str, name: str, actor: int) -> str:
    """The sentence after a chip was clicked: its word is said, or no longer.

    Args:
        world: whose words these are.
        text: the sentence so far, which may be empty or not understood in part.
        axis, name: of the chip.
        actor: whom it is about, from 0.
    Returns:
        The sentence, in the plainest words.
    Raises:
        SettingError: no such chip, or more than three actors.
    """
    request = _read(world, text)
    return plain_sentence(world, change_request(world, request, axis, name, min(actor, MOST_ACTORS - 1)))


def pressed_chips(request: SceneRequest) -> list[dict[str, str]]:
    """Which chips are said of each actor, and of the scene.

    Args:
        request: as it was read from a sentence.
    Returns:
        For each actor {axis: name}, with what is said of the scene in each of them, at least one.
    """
    place = {axis: value for axis in PLACE_AXES if (value := getattr(request, axis))}
    rows = []
    for k in range(max(1, len(request.actors))):
        said = {axis: getattr(request.actors[k], axis) for axis in ACTOR_AXES} if request.actors else {}
        related = [relation.name for relation in request.relations if relation.subject == k]
        said |= {"relation": related[0]} if related else {}
        passed = {"prop": request.prop} if request.prop else {"wall": "wall"}
        said |= passed if k in request.behind_wall else {}
        rows.append({axis: value for axis, value in {**said, **place}.items() if value})
    return rows


def example_prompt(world: World, rng: np.random.Generator) -> str:
    """A sentence about a random scene.

    Args:
        world: that draws and describes it.
        rng: where the choice comes from.
    Returns:
        A sentence.
    """
    return world.describe(world.sample(rng), rng)


def _read(world: World, text: str) -> SceneRequest:
    try:
        return world.parse(text)
    except MinisoraError:  # nothing said yet, or far too much
        return SceneRequest()


def _group(world: World, axis: str, entries: Any) -> dict[str, Any]:
    table = {} if axis == "wall" else getattr(world, TABLES[axis])
    chips = [
        {"name": entry.name, "word": _word(world, axis, entry), "rgb": _rgb(table.get(entry.name))}
        for entry in entries
        if entry.usual
    ]
    return {"axis": axis, "title": TITLES.get(axis, axis), "place": axis in PLACE_AXES, "chips": chips}


def _word(world: World, axis: str, entry: VocabularyEntry) -> str:
    """What stands on a chip: of a prop its own name, not all that is said of passing it."""
    return world.props[entry.name].words.usual[0] if axis == "prop" else (*entry.usual, *entry.heard)[0]


def _rgb(entry: Any) -> str:
    rgb = getattr(entry, "rgb", None)
    return "" if rgb is None else f"rgb({rgb[0]}, {rgb[1]}, {rgb[2]})"
