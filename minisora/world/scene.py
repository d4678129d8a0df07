"""A scene as plain data: what is in a clip, free of resolution, duration and frame rate."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from minisora.errors import DataError


@dataclass(frozen=True)
class Actor:
    """Something that is seen and moves.

    Attributes:
        shape, colour, size, motion, speed: names of entries of the world's tables.
        radius: in shorter sides.
        rate: shorter sides per second along the path (for a spin: of its rim; 0 for motions without a speed).
        start: (x, y) of the middle at time 0, from the middle of the frame, in shorter sides.
        heading: radians; direction at time 0, or the phase of a circle, or the sign of a spin.
        extent: the motion's own length: radius of a circle, gravity of a fall, seconds until a turn.
    """

    shape: str
    colour: str
    size: str
    motion: str
    speed: str
    radius: float
    rate: float
    start: tuple[float, float]
    heading: float = 0.0
    extent: float = 0.0


@dataclass(frozen=True)
class Wall:
    """What hides actors: an upright slab from top to bottom, or a prop of the world, in front of everything.

    Attributes:
        x, width: middle and width in shorter sides, of a prop at the height of actors.
        prop: name of an entry of the world's props, "" for a slab.
        y: middle of a prop, shorter sides.
        radius: of a prop, shorter sides.
    """

    x: float
    width: float
    prop: str = ""
    y: float = 0.0
    radius: float = 0.0


@dataclass(frozen=True)
class Camera:
    """A camera move by its name; `rate` in shorter sides per second (pan) or log-factor per second (zoom)."""

    move: str = "still"
    rate: float = 0.0


@dataclass(frozen=True)
class Relation:
    """`actors[subject]` stands in relation `name` to `actors[object]` through the whole clip."""

    name: str
    subject: int
    object: int


@dataclass(frozen=True)
class Scene:
    """Everything that a clip shows.

    Attributes:
        background: name of a ground colour.
        actors: 1-3 actors; later ones are drawn over earlier ones.
        aspect: width over height.
        texture: name of a ground texture, "" for a plain ground.
        relations: relations that hold through the clip.
        wall: an occluder in front of all actors, or None.
        camera: its move.
        light, weather: names of entries of the world's tables, "" where the world or the place has none.
        kind: which recipe drew it ("one", "two", "relation", …), for tables only.
    """

    background: str
    actors: tuple[Actor, ...]
    aspect: float = 1.0
    texture: str = ""
    relations: tuple[Relation, ...] = ()
    wall: Wall | None = None
    camera: Camera = Camera()
    light: str = ""
    weather: str = ""
    kind: str = "one"

    @property
    def half(self) -> tuple[float, float]:
        """Half the frame's width and height, in shorter sides: (0.5, 0.5) for a square."""
        return half_of(self.aspect)

    def to_json(self) -> str:
        """The scene as one line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    @staticmethod
    def from_json(text: str) -> "Scene":
        """The scene that `to_json` wrote.

        Raises:
            DataError: the text is not the JSON of a scene.
        """
        try:
            return _scene_from_dict(json.loads(text))
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise DataError(f"not the JSON of a scene ({error}): {text[:80]!r}") from error


def half_of(aspect: float) -> tuple[float, float]:
    """Half width and half height, in shorter sides, of a frame with this width over height."""
    return max(aspect, 1.0) / 2, max(1 / aspect, 1.0) / 2


def _scene_from_dict(data: dict[str, Any]) -> Scene:
    actors = tuple(Actor(**{**actor, "start": tuple(actor["start"])}) for actor in data["actors"])
    relations = tuple(Relation(**relation) for relation in data["relations"])
    wall = Wall(**data["wall"]) if data["wall"] else None
    rest = {**data, "actors": actors, "relations": relations, "wall": wall, "camera": Camera(**data["camera"])}
    return Scene(**rest)
