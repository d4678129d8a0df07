"""What a prompt asks for: the scene with everything left open that is not named."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ActorRequest:
    """The attributes that were named for one actor; None where nothing was said."""

    shape: str | None = None
    colour: str | None = None
    size: str | None = None
    motion: str | None = None
    speed: str | None = None


@dataclass(frozen=True)
class RelationRequest:
    """A named relation; `subject` and `object` index `SceneRequest.actors`."""

    name: str
    subject: int
    object: int


@dataclass(frozen=True)
class UnknownWord:
    """A word that the world does not know, with the nearest words that it does."""

    word: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class SceneRequest:
    """What a sentence asks for.

    Attributes:
        actors: in the order in which they are mentioned first.
        background: name of a ground colour or a place, or None.
        relations: named relations between actors.
        behind_wall: indices of the actors that pass behind a wall or a prop; empty if none is asked for.
        camera: name of a camera move, None if nothing was said (then it stands still).
        texture: name of a ground texture, or None.
        light, weather: names of a light and a weather, or None.
        prop: name of the prop that is passed, None for a plain wall or for none at all.
        unknown: words that were not understood.
    """

    actors: tuple[ActorRequest, ...] = ()
    background: str | None = None
    relations: tuple[RelationRequest, ...] = ()
    behind_wall: tuple[int, ...] = ()
    camera: str | None = None
    texture: str | None = None
    light: str | None = None
    weather: str | None = None
    prop: str | None = None
    unknown: tuple[UnknownWord, ...] = ()


@dataclass(frozen=True)
class Caption:
    """A sentence about a scene and what it names.

    Attributes:
        text: the sentence.
        request: exactly what the sentence says, taken from the scene, not parsed back.
        order: for each actor of the request, its index in the scene.
    """

    text: str
    request: SceneRequest
    order: tuple[int, ...]
