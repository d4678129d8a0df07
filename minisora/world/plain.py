"""The plainest sentence for a request, and requests changed by one word: what a form does that builds a sentence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from minisora.errors import SettingError, nearest_name
from minisora.world.frames import CHARACTERS, NOUNS
from minisora.world.places import has_places
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.tables import Words, World
from minisora.world.verbs import behind, said

__all__ = ["ACTOR_AXES", "MOST_ACTORS", "PLACE_AXES", "change_request", "plain_sentence"]

MOST_ACTORS = 3
ACTOR_AXES = {"shape": "shapes", "colour": "colours", "size": "sizes", "motion": "motions", "speed": "speeds"}
PLACE_AXES = {
    "background": "backgrounds",
    "texture": "textures",
    "camera": "cameras",
    "light": "lights",
    "weather": "weathers",
}


def plain_sentence(world: World, request: SceneRequest) -> str:
    """Say what a request asks for in the plainest words; the parser reads it back as the same request.

    Args:
        world: whose words these are.
        request: what is asked for; unknown words in it are left out.
    Returns:
        A sentence without a full stop; empty where nothing is asked for.
    """
    actors = [_actor(world, request, k) for k in range(len(request.actors))]
    inline = _said_inline(world, request)
    if inline is not None:
        actors = _with_relation(world, request, actors, inline)
    text = " and ".join(actor for actor in actors if actor) + _place(world, request, bool(actors))
    related = [each for each in request.relations if each is not inline]
    more = [_relation(world, request, each) for each in related]
    return ". ".join(part for part in [text, *more] if part).strip(" ,")


def change_request(world: World, request: SceneRequest, axis: str, name: str, actor: int = 0) -> SceneRequest:
    """A request in which one thing is said otherwise; saying what is said already takes it back.

    Args:
        world: whose tables count.
        request: the request so far.
        axis: "shape", "colour", "size", "motion", "speed", "background", "texture", "camera", "light", "weather",
            "relation", "wall" or "prop".
        name: of an entry of that table; "wall" for the wall.
        actor: whom it is about, from 0; one who is not there yet is added. A relation is to the one before, or after.
    Returns:
        The request with the change, without unknown words.
    Raises:
        SettingError: no such axis or entry, or more than three actors.
    """
    _check(world, axis, name, actor)
    request = replace(request, unknown=())
    if axis in PLACE_AXES:
        value = None if getattr(request, axis) == name else name
        changed: Any = {axis: value}
        return replace(request, **changed)
    actors = list(request.actors)
    while len(actors) <= actor:
        actors.append(_somebody(world, actors))
    if axis in ACTOR_AXES:
        value = None if getattr(actors[actor], axis) == name and actor < len(request.actors) else name
        actors[actor] = replace(actors[actor], **{axis: value})
        return replace(request, actors=tuple(actors))
    if axis in ("wall", "prop"):
        return _change_wall(replace(request, actors=tuple(actors)), None if axis == "wall" else name, actor)
    return _change_relation(world, replace(request, actors=tuple(actors)), name, actor)


def _change_wall(request: SceneRequest, prop: str | None, actor: int) -> SceneRequest:
    """Passing behind the wall or a prop, which takes back whatever else somebody passes."""
    again = request.prop == prop
    walled = set(request.behind_wall) ^ {actor} if again else {actor}
    return replace(request, behind_wall=tuple(sorted(walled)), prop=prop if walled else None)


def _check(world: World, axis: str, name: str, actor: int) -> None:
    tables: dict[str, Mapping[str, Any]] = {
        axis: getattr(world, table) for axis, table in {**ACTOR_AXES, **PLACE_AXES, "relation": "relations"}.items()
    }
    tables = {axis: table for axis, table in tables.items() if table or axis not in ("light", "weather")}
    tables["wall"] = {"wall": world.wall_words} if world.wall_words.usual else {}
    tables |= {"prop": world.props} if world.props else {}
    if axis not in tables:
        raise SettingError(
            f"axis={axis!r}, but a sentence has {', '.join(tables)}. Use {nearest_name(axis, tables)!r}."
        )
    if name not in tables[axis]:
        near = nearest_name(name, tables[axis]) if tables[axis] else "another axis"
        raise SettingError(f"{name!r} is no {axis} of this world. Use {near!r}.")
    if not 0 <= actor < MOST_ACTORS:
        raise SettingError(f"actor={actor}, but a scene has at most {MOST_ACTORS}, from 0. Use {MOST_ACTORS - 1}.")


def _somebody(world: World, others: list[ActorRequest]) -> ActorRequest:
    """Another actor: of the first nothing is known, the next ones get a colour that nobody has."""
    if not others:
        return ActorRequest()
    taken = {other.colour for other in others}
    colour = next((name for name in world.colours if name not in taken), None)
    return ActorRequest(shape=next(iter(world.shapes)), colour=colour)


def _change_relation(world: World, request: SceneRequest, name: str, actor: int) -> SceneRequest:
    if any(each.name == name and each.subject == actor for each in request.relations):
        return replace(request, relations=tuple(r for r in request.relations if (r.name, r.subject) != (name, actor)))
    actors = list(request.actors)
    if len(actors) == 1:
        actors.append(_somebody(world, actors))
    other = actor - 1 if actor else 1
    return replace(request, actors=tuple(actors), relations=(RelationRequest(name, actor, other),))


# --- phrases ----------------------------------------------------------------------------------------------------------


def _word(entry: Any) -> str:
    return _first(entry.words, entry.name)


def _first(words: Words, name: str) -> str:
    return str((*words.usual, *words.heard, name)[0])


def _noun_phrase(world: World, actor: ActorRequest, article: str = "a") -> str:
    size = _word(world.sizes[actor.size]) if actor.size else ""
    colour = _word(world.colours[actor.colour]) if actor.colour else ""
    nouns = CHARACTERS if has_places(world) else NOUNS
    noun = _word(world.shapes[actor.shape]) if actor.shape else nouns.usual[0]
    words = " ".join(word for word in (size, colour, noun) if word)
    return f"{'an' if article == 'a' and words[0] in 'aeiou' else article} {words}"


def _actor(world: World, request: SceneRequest, k: int) -> str:
    actor = request.actors[k]
    shape = world.shapes[actor.shape] if actor.shape else None
    motion = _first(said(world, world.motions[actor.motion].words, shape), actor.motion) if actor.motion else ""
    speed = _word(world.speeds[actor.speed]) if actor.speed else ""
    phrase = " ".join(part for part in (_noun_phrase(world, actor), motion, speed) if part)
    if k not in request.behind_wall:
        return phrase
    if request.prop is None:
        return f"{phrase}, {world.wall_words.usual[0]}" if world.wall_words.usual else phrase
    return f"{phrase}, {said(world, behind(world.prop_words, world.props[request.prop]), shape).usual[0]}"


def _said_inline(world: World, request: SceneRequest) -> RelationRequest | None:
    """The one relation of two actors, which can be said within the sentence."""
    if len(request.relations) != 1 or len(request.actors) != 2:
        return None
    return request.relations[0]


def _with_relation(world: World, request: SceneRequest, actors: list[str], relation: RelationRequest) -> list[str]:
    said = _word(world.relations[relation.name])
    comma = "," if request.actors[relation.subject].motion or relation.subject in request.behind_wall else ""
    return [f"{actors[relation.subject]}{comma} {said} {actors[relation.object]}"]


def _relation(world: World, request: SceneRequest, relation: RelationRequest) -> str:
    one, other = (_noun_phrase(world, request.actors[k], "the") for k in (relation.subject, relation.object))
    return f"{one} is {_word(world.relations[relation.name])} {other}"


def _place(world: World, request: SceneRequest, anybody: bool) -> str:
    texture = _word(world.textures[request.texture]) if request.texture else ""
    painted = request.background and world.backgrounds[request.background].paint is not None
    ground = f"{_word(world.backgrounds[request.background])} background" if request.background and not painted else ""
    article = "an" if ground[:1] in tuple("aeiou") else "a"
    place = f" on {article} {ground}" if ground else ""
    if texture:
        place += f" with {texture}"
    where = [_word(world.backgrounds[request.background])] if request.background and painted else []
    where += [_word(world.lights[request.light])] if request.light else []
    where += [_word(world.weathers[request.weather])] if request.weather else []
    place += "".join(f" {phrase}" for phrase in where)
    if request.camera:
        place += f", the camera {_word(world.cameras[request.camera])}"
    return place if anybody else place.removeprefix(" on ") if ground or texture else place
