"""A sentence with one word changed: "a red star" becomes "a blue star", all else stays as it was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from minisora.errors import PromptError, SettingError, nearest_name
from minisora.world.frames import GROUND
from minisora.world.lexicon import Item, lexicon
from minisora.world.tables import Shape, World
from minisora.world.verbs import behind, said

__all__ = ["Swapped", "swap_words"]

SWAPPABLE = {
    "colour": "colours",
    "shape": "shapes",
    "size": "sizes",
    "speed": "speeds",
    "motion": "motions",
    "background": "backgrounds",
    "texture": "textures",
    "camera": "cameras",
    "light": "lights",
    "weather": "weathers",
    "prop": "props",
}


@dataclass(frozen=True)
class Swapped:
    """A sentence, and on which axes ("colour", "motion", …) it differs from the one that it was made of."""

    text: str
    axes: tuple[str, ...]


def swap_words(world: World, text: str, change: Mapping[str, str]) -> Swapped:
    """Say a sentence with other words.

    Args:
        world: whose words these are.
        text: the sentence.
        change: from what to what. From: an axis ("colour", which means the first colour named), or a word of the
            sentence itself ("red"). To: any word of the same axis ("blue").
    Returns:
        The sentence, with the plainest word of each new value in the place of the old one.
    Raises:
        PromptError: the sentence does not have that word, or names nothing on that axis.
        SettingError: the new word is none of that axis; the message names the nearest.
    """
    axes = []
    for old, new in change.items():
        item = _find(world, text, old)
        name = _meant(world, item.kind, new)
        word = _plainest(world, item.kind, name, _mover(world, text, item))
        pattern = r"[\s-]+".join(map(re.escape, item.text.split()))
        if item.kind == "background" and _painted(world, name) != _painted(world, item.name):
            pattern, word = _ground_for_place(pattern, word, place=_painted(world, name))
        found = re.search(pattern, text, re.IGNORECASE)
        if found is None:  # spelt in a way that the reader evens out, as "center" or "traveling"
            raise PromptError(f"{item.text!r} is not spelt so in {text!r}. Use the words of minisora words.")
        text = text[: found.start()] + word + text[found.end() :]
        axes.append(item.kind)
    return Swapped(text, tuple(dict.fromkeys(axes)))


def _find(world: World, text: str, old: str) -> Item:
    """What is to be replaced: the first word on an axis, or a word of the sentence."""
    items = [item for item in lexicon(world).items(text) if item.kind in SWAPPABLE]
    for item in items:
        if item.kind == old or old.casefold() in (item.name, item.text):
            return item
    said = ", ".join(f"{item.text!r} ({item.kind})" for item in items) or "nothing that could be"
    raise PromptError(f"{text!r} names no {old!r} to be changed. It has {said}.")


def _meant(world: World, axis: str, new: str) -> str:
    """The name of a value, which may be called by any of its words."""
    table = getattr(world, SWAPPABLE[axis])
    meant = [item for item in lexicon(world).items(new) if item.kind == axis]
    if new in table:
        return new
    if len(meant) != 1:
        names = [name for name, entry in table.items() if entry.words.usual]
        raise SettingError(f"{new!r} is no {axis}; known: {', '.join(names)}. Use {nearest_name(new, names)!r}.")
    return meant[0].name


def _plainest(world: World, axis: str, name: str, mover: Shape | None) -> str:
    """The first phrasing of a value: of a motion the one with the verbs of who moves, of a plain ground all of it."""
    entry = getattr(world, SWAPPABLE[axis])[name]
    words = behind(world.prop_words, entry) if axis == "prop" else entry.words
    words = said(world, words, mover) if axis in ("motion", "prop") else words
    if not words.usual:
        raise SettingError(f"{name!r} goes without saying, so that no word can be put in its place. Leave it out.")
    return str(words.usual[0])


def _mover(world: World, text: str, moving: Item) -> Shape | None:
    """Who was mentioned last before a word of a sentence, or else first after it."""
    items = [item for item in lexicon(world).items(text) if item.kind == "shape"]
    before = [item for item in items if item.place < moving.place]
    nearest = before[-1:] or items[:1]
    return world.shapes[nearest[0].name] if nearest else None


def _painted(world: World, background: str) -> bool:
    return world.backgrounds[background].paint is not None


def _ground_for_place(pattern: str, word: str, place: bool) -> tuple[str, str]:
    """What to look for and what to put there, where "on a black background" becomes "in a city", or the reverse."""
    ground = GROUND.format(colour=pattern)
    if place:
        return rf"((on|against|in front of|with)\s+(an?\s+)?)?{ground}", word
    return pattern, f"on {'an' if word[0] in 'aeiou' else 'a'} {GROUND.format(colour=word)}"
