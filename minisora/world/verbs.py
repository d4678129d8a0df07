"""Verbs that fit who does it: `<go> left` is "driving left" of a car, "swimming left" of a fish.

A motion of a world with characters is written as patterns. <go> and <wait> in them stand for a character's own verbs,
any other <verb> for itself, {prop} for a prop's words. What is spelled out already passes through as it is.
"""

import re
from collections.abc import Iterable

from minisora.world.tables import Prop, Shape, Words, World
from minisora.world.words import forms, verb_words

__all__ = ["bare_verbs", "behind", "said", "said_by_anybody"]

GOES = Words(("move", "go"), ("travel",), ("head", "proceed", "run", "fly", "drive", "walk"))  # of anybody
WAITS = Words(("stay",), ("remain",), ("stand", "wait", "rest", "keep"))
SLOT = re.compile(r"<(go|wait)>")

_SAID: dict[tuple[int, int, str], tuple[World, Words, Words]] = {}
_MOST_KEPT = 4000


def said(world: World, words: Words, shape: Shape | None) -> Words:
    """The phrasings of a motion with the verbs of a character, in both forms.

    Args:
        world: whose characters count; a verb that any of them usually has is in no free phrasing.
        words: patterns, or phrasings that are spelled out.
        shape: who moves; None for somebody whose kind is not said.
    Returns:
        Words with participles and third persons; `words` itself where nothing in it stands for a verb.
    """
    if not any("<" in phrase for phrase in (*words.usual, *words.free, *words.heard)):
        return words
    key = (id(world), id(words), shape.name if shape else "")
    if key not in _SAID:
        while len(_SAID) >= _MOST_KEPT:
            _SAID.pop(next(iter(_SAID)))
        _SAID[key] = (world, words, _spelled(world, words, shape))  # holding them keeps their ids from others
    return _SAID[key][2]


def said_by_anybody(world: World, words: Words) -> Words:
    """All phrasings that any character's verbs make of a motion, for the reader."""
    if not any("<" in phrase for phrase in (*words.usual, *words.free, *words.heard)):
        return words
    each = [said(world, words, shape) for shape in (None, *world.shapes.values())]
    usual = _unique(phrase for one in each for phrase in one.usual)
    free = _unique((phrase for one in each for phrase in one.free), usual)
    goes, waits = bare_verbs(world, "goes"), bare_verbs(world, "waits")
    every = [_filled(pattern, goes, waits) for pattern in (*words.usual, *words.free, *words.heard)]
    full = verb_words((), (), tuple(phrase for phrases in every for phrase in phrases))
    heard = (phrase for one in each for phrase in one.heard)
    return Words(usual, free, _unique((*heard, *full.heard), (*usual, *free)))


def bare_verbs(world: World, role: str) -> tuple[str, ...]:
    """Every verb that stands for <go> (`role` "goes") or <wait> ("waits") in some character, and those of anybody."""
    own = [getattr(shape, role) for shape in world.shapes.values()]
    every = [*own, GOES if role == "goes" else WAITS]
    return _unique(verb for words in every for verb in (*words.usual, *words.free, *words.heard))


def behind(words: Words, prop: Prop) -> Words:
    """Patterns of passing behind {prop}, with the words of one."""
    named = [prop.words.usual, prop.words.free, (*prop.words.heard, *prop.words.usual, *prop.words.free)]

    def put(patterns: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
        return tuple(pattern.replace("{prop}", name) for pattern in patterns for name in names)

    usual = put(words.usual, named[0])
    free = put(words.free, named[0]) + put(words.usual, named[1])
    heard = _unique(put((*words.usual, *words.free, *words.heard), named[2]), (*usual, *free))
    key = (*usual, "", *free, "", *heard)
    return _BEHIND.setdefault(key, Words(usual, free, heard))  # the same object each time, for what is kept by its id


_BEHIND: dict[tuple[str, ...], Words] = {}


def _spelled(world: World, words: Words, shape: Shape | None) -> Words:
    goes = shape.goes if shape and shape.goes.usual else Words(())
    waits = shape.waits if shape and shape.waits.usual else Words(())
    usually = {verb for other in world.shapes.values() for verb in (*other.goes.usual, *other.waits.usual)}
    usually |= {*GOES.usual, *WAITS.usual}

    def usual_of(own: Words, common: Words) -> tuple[str, ...]:
        return _unique((*own.usual, *common.usual))

    def free_of(own: Words, common: Words) -> tuple[str, ...]:
        return tuple(verb for verb in (*own.free, *common.free) if verb not in usually)

    plain, fresh = (usual_of(goes, GOES), usual_of(waits, WAITS)), (free_of(goes, GOES), free_of(waits, WAITS))
    usual = [phrase for pattern in words.usual for phrase in _filled(pattern, *plain)]
    free = [phrase for pattern in words.free for phrase in _filled(pattern, *plain)]
    free += [phrase for pattern in words.usual if SLOT.search(pattern) for phrase in _filled(pattern, *fresh)]
    heard = [phrase for pattern in words.heard for phrase in _filled(pattern, *plain)]
    return verb_words(_unique(usual), _unique(free, usual), _unique(heard, (*usual, *free)))


def _filled(pattern: str, goes: Iterable[str], waits: Iterable[str]) -> list[str]:
    """A pattern with each verb in its slot; as it is where it has none."""
    slot = SLOT.search(pattern)
    if slot is None:
        return [pattern]
    return [SLOT.sub(f"<{verb}>", pattern) for verb in (goes if slot[1] == "go" else waits)]


def _unique(phrases: Iterable[str], but: Iterable[str] = ()) -> tuple[str, ...]:
    seen = dict.fromkeys(but)
    return tuple(phrase for phrase in dict.fromkeys(phrases) if phrase not in seen)


def bare_forms(world: World) -> tuple[str, ...]:
    """ "driving", "drives", "drive": a way of getting on without a direction, as users may say it."""
    verbs = bare_verbs(world, "goes")
    return (*forms(*(f"<{verb}>" for verb in verbs)), *verbs)
