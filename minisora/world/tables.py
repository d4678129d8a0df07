"""What a world is made of: one frozen entry for each shape, colour, motion, place and word.

A world never branches on a kind. How a thing is drawn, how it moves, what it is called and how it is told apart
from the others stand together in its entry, so a richer world is a longer table. Units everywhere: the shorter
side of the frame is 1, the origin is the middle of the frame, y points down, time is in seconds, angles in radians
(a growing angle turns clockwise on the screen).
"""

import copyreg
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

if TYPE_CHECKING:
    from minisora.world.grader import Grade, Reading
    from minisora.world.request import Caption, SceneRequest
    from minisora.world.sampling import Draw
    from minisora.world.scene import Actor, Scene

Array = NDArray[np.float64]
Rgb = tuple[int, int, int]
Rng = np.random.Generator
CLEARANCE = 0.95  # least distance of two actors' middles, in sums of their radii, where nothing else is asked


@dataclass(frozen=True)
class Words:
    """How a thing is said.

    Attributes:
        usual: phrasings that training captions use; the first is the plainest.
        free: phrasings kept out of every training caption, for the free-wording split. The parser knows them too.
        heard: phrasings that only the parser knows: what a user may type, but no caption says.
    """

    usual: tuple[str, ...]
    free: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of a character, drawn over the pieces before it.

    Attributes:
        distance: (x, y, beat) → its signed distance, negative inside. x points ahead and y down, in radii; `beat` is
            how often the character's movement has come round (1 is once), broadcastable to x and y.
        ink: its own colour, 0…255; None for the colour of the actor.
        shade: how far the ink goes to black (-1) or to white (1).
    """

    distance: Callable[[Tensor, Tensor, Tensor], Tensor]
    ink: Rgb | None = None
    shade: float = 0.0


@dataclass(frozen=True)
class Gait:
    """How fast a character's movement comes round: turns a second, and turns for every radius that it gets ahead."""

    a_second: float = 0.0
    a_radius: float = 0.0


@dataclass(frozen=True)
class Shape:
    """A figure: a flat silhouette in the actor's colour, or a character that is put together from parts.

    Attributes:
        name, words: what it is called.
        distance: (x, y) → signed distance of its outline at rest, negative inside, lengths in units of the radius.
        fold: turning by 2π/fold changes nothing; 0: no turn can be seen.
        area: in squared radii, for area → radius.
        parts: pieces from back to front; empty for a flat figure.
        upright: it faces the way it goes (an angle of 0 is to the right): on the way left it is mirrored, and it
            leans by at most `lean` radians when the way goes up or down.
        lean: see `upright`.
        gait: how its parts move.
        foot: radii from its middle down to where it stands, or to where it lies in the water.
        homes: levels of a place ("ground", "water", "air", …) where it may be; empty: anywhere.
        motions: names of the motions that it can do; empty: all of them.
        goes: verbs for its way of getting on ("drive"), which stand where a motion says <go>.
        waits: verbs for its way of staying where it is ("stand"), where a motion says <wait>.
    """

    name: str
    words: Words
    distance: Callable[[Tensor, Tensor], Tensor]
    fold: int
    area: float
    parts: tuple[Part, ...] = ()
    upright: bool = False
    lean: float = 0.0
    gait: Gait = Gait()
    foot: float = 1.0
    homes: tuple[str, ...] = ()
    motions: tuple[str, ...] = ()
    goes: Words = Words(())
    waits: Words = Words(())


@dataclass(frozen=True)
class Colour:
    """A flat colour, `rgb` in 0…255."""

    name: str
    words: Words
    rgb: Rgb


@dataclass(frozen=True)
class Range:
    """A word for a range of numbers, such as a size (radius) or a speed (per second).

    `outside` is a range beyond what training ever shows, for the out-of-range split (empty where there is none).
    """

    name: str
    words: Words
    low: float
    high: float
    outside: tuple[float, float] | None = None


@dataclass(frozen=True)
class Pose:
    """Where an actor is, each entry an array of shape (f,)."""

    x: Array
    y: Array
    scale: Array  # times the actor's radius
    angle: Array


@dataclass(frozen=True)
class Motion:
    """A way to move, in closed form.

    Attributes:
        path: (actor, times (f,), half (half width, half height) of the frame) → Pose.
        draft: (rng, radius, rate, half, seconds) → fields of Actor (start, heading, extent[, rate]) such that the
            motion can be seen in the frame for that long.
        has_speed: whether "slowly" and "quickly" apply to it.
        direction: unit vector of a straight motion, None otherwise.
        needs_turn: the motion shows only on shapes with fold > 0.
        stays: the actor stays in the frame however long the clip is (used for minute-long videos).
        stands_at: seconds at which who flies is down on the ground (0: at first; infinity: in the end); None where that
            is no part of the motion.
        shown: (actor, times, half) → whether what sets this motion apart happens in these moments (a bounce: an edge
            is met); None where any stretch of it shows what it is. The grader asks before it names a motion.
        common: relative frequency in training; 0 for a motion that only its own kind of scene has.
        paired: only half of something that happens between two, such as a collision: its numbers are drawn for both
            together, it has no words of its own, and the grader judges the two, see `RelationKind.meets`.
    """

    name: str
    words: Words
    path: Callable[["Actor", Array, tuple[float, float]], Pose]
    draft: Callable[[Rng, float, float, tuple[float, float], float], dict[str, Any]]
    has_speed: bool = True
    direction: tuple[float, float] | None = None
    needs_turn: bool = False
    stays: bool = False
    common: float = 1.0
    paired: bool = False
    stands_at: float | None = None
    shown: Callable[["Actor", Array, tuple[float, float]], bool] | None = None


@dataclass(frozen=True)
class Background:
    """A plain ground colour, or a place that is painted.

    Attributes:
        name, words: what it is called: an adjective ("black") for a plain colour, a phrase that says where
            ("in the forest") for a place.
        rgb: its colour; of a place, its mean colour by day.
        paint: how a place is painted, None for a plain colour.
        levels: what is where, in shorter sides from the middle, y down, as (highest, lowest): of "ground" and "water"
            the line on which feet and keels are, of others ("air", "deep") where middles may be. Empty: everything
            may be anywhere.
        lights, weathers: names of the lights and weathers that it may have, the first one usual and often unsaid;
            empty where a place has neither day nor weather.
    """

    name: str
    words: Words
    rgb: Rgb
    paint: "Callable[[Canvas], Tensor] | None" = None
    levels: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    lights: tuple[str, ...] = ()
    weathers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Canvas:
    """What a place or a weather is painted on: coordinates of all pixels in all frames.

    Attributes:
        x, y: (f, h, w) screen coordinates without the camera, shorter sides from the frame's middle.
        offset_x, offset_y, zoom: (f, 1, 1) of the camera: world = screen / zoom + offset.
        times: (f, 1, 1) seconds.
        side: pixels of the frame's shorter side.
        dark: from 0, full day, to 1, night.
    """

    x: Tensor
    y: Tensor
    offset_x: Tensor
    offset_y: Tensor
    zoom: Tensor
    times: Tensor
    side: int
    dark: float = 0.0

    def at(self, depth: float = 1.0) -> tuple[Tensor, Tensor]:
        """World coordinates (f, h, w) of what is seen in each pixel at a depth.

        1 is where the actors are; what is farther away (towards 0) moves and grows less under a moving camera, and at
        0 (the moon, the stars) not at all: parallax.
        """
        zoom = self.zoom**depth
        return self.x / zoom + self.offset_x * depth, self.y / zoom + self.offset_y * depth

    def pixel(self, depth: float = 1.0) -> Tensor:
        """Side of a pixel there, (f, 1, 1), in shorter sides."""
        return 1 / (self.side * self.zoom**depth)

    def cover(self, distance: Tensor, depth: float = 1.0) -> Tensor:
        """Cover 0…1 of what has this signed distance (f, h, w) at a depth, its edge a ramp of one pixel."""
        return (0.5 - distance / self.pixel(depth)).clamp(0, 1)


@dataclass(frozen=True)
class Light:
    """A time of day: `tint` multiplies what stands in it (0…1 a channel), `dark` is 0 by day and 1 at night."""

    name: str
    words: Words
    tint: tuple[float, float, float]
    dark: float


@dataclass(frozen=True)
class Weather:
    """What lies between the viewer and all else.

    `veil(canvas)` gives its cover (f, h, w), 0…1, and its colour (..., 3), 0…1, before night falls on it; None for a
    clear sky.
    """

    name: str
    words: Words
    veil: Callable[[Canvas], tuple[Tensor, Tensor]] | None = None


@dataclass(frozen=True)
class Prop:
    """A thing of a place behind which a character passes: a character's parts, without a colour of its own to choose.

    `homes` are levels of a place as for `Shape`; `width` is how much of it hides, in radii, at the height of actors.
    """

    name: str
    words: Words
    parts: tuple[Part, ...]
    homes: tuple[str, ...]
    width: float
    foot: float = 1.0


@dataclass(frozen=True)
class Texture:
    """Marks on the ground that make a camera move visible.

    `cover(x, y, pixel)` gives their coverage in 0…1 at world coordinates, `pixel` being the side of a pixel there.
    """

    name: str
    words: Words
    cover: Callable[[Tensor, Tensor, Tensor], Tensor]
    lighten: float  # how far the ground colour goes to white where cover is 1


@dataclass(frozen=True)
class RelationKind:
    """A relation between two actors that holds through the whole clip, or something that happens between them in it.

    `margin(subject, object, radii)` takes positions (f, 2), (f, 2) and the two radii; it holds where the result ≥ 0.
    `follows` marks relations in which the subject takes over the object's motion (chasing). `meets` names the motions
    of the two where they meet (a collision), and is empty elsewhere.
    """

    name: str
    words: Words
    margin: Callable[[Array, Array, tuple[float, float]], Array]
    inverse_words: Words = Words(())
    follows: bool = False
    meets: tuple[str, ...] = ()


@dataclass(frozen=True)
class CameraMove:
    """How the camera moves: `pan` in shorter sides per second, `zoom` as log-factor per second, signs only.

    One that `follows` stays with the first actor: its rate is that of the actor, with the sign of its direction.
    """

    name: str
    words: Words
    pan: tuple[float, float]
    zoom: float
    low: float
    high: float
    follows: bool = False


@dataclass(frozen=True)
class World:
    """Tables, from which everything that is drawn, said, read and graded follows.

    A variant is made with `dataclasses.replace`. The verbs live in their own files and are bound here.
    """

    name: str
    shapes: Mapping[str, Shape]
    colours: Mapping[str, Colour]
    sizes: Mapping[str, Range]
    speeds: Mapping[str, Range]
    motions: Mapping[str, Motion]
    backgrounds: Mapping[str, Background]
    textures: Mapping[str, Texture]
    relations: Mapping[str, RelationKind]
    cameras: Mapping[str, CameraMove]
    wall_rgb: Rgb = (168, 146, 120)
    wall_words: Words = Words(())  # what an actor does that passes behind the wall
    prop_words: Words = Words(())  # and behind a prop, whose words stand in them as {prop}
    plain_speed: str = "plain"
    still_camera: str = "still"
    unseen_modulus: int = 11
    unseen_axis: str = "motion"  # or "background": what makes a combination with a colour and a shape
    kinds: Mapping[str, float] = field(
        default_factory=lambda: {
            "one": 0.34, "two": 0.22, "three": 0.14, "relation": 0.1, "wall": 0.07, "camera": 0.08, "leaving": 0.05,
            "collision": 0.05,
        }
    )  # fmt: skip
    props: Mapping[str, Prop] = field(default_factory=dict)
    lights: Mapping[str, Light] = field(default_factory=dict)
    weathers: Mapping[str, Weather] = field(default_factory=dict)
    recipes: "Mapping[str, Callable[[Draw], Scene | None]] | None" = None  # None: those of `world/sampling.py`
    reader: "Callable[[World, Any, float], Reading] | None" = None  # None: by colour, `world/grader/reading.py`

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle one of the package's worlds by its name: its parts are functions made by functions, which have none.

        Where processes are not forked, that is how a world gets to those that draw clips.
        """
        from minisora.world.worlds import WORLDS, find_world

        if WORLDS.get(self.name) is self:
            return find_world, (self.name,)
        return copyreg.__newobj__, (World,), dict(self.__dict__)  # type: ignore[attr-defined]

    # The verbs. Each lives in a file of its own, imported when used, since those files read these tables.

    def sample(
        self,
        rng: Rng,
        kind: str | None = None,
        split: str = "train",
        aspect: float = 1.0,
        seconds: float = 2.0,
        clearance: float = CLEARANCE,
    ) -> "Scene":
        """Draw a scene; see `minisora.world.sampling.sample`."""
        from minisora.world.sampling import sample

        return sample(self, rng, kind, split, aspect, seconds, clearance)

    def render(
        self,
        scene: "Scene",
        num_frames: int = 17,
        height: int = 64,
        width: int = 64,
        fps: float = 8.0,
        start: float = 0.0,
    ) -> Tensor:
        """Draw a scene as uint8 (f, h, w, 3); see `minisora.world.render.render`."""
        from minisora.world.render import render

        return render(self, scene, num_frames, height, width, fps, start)

    def write(self, scene: "Scene", rng: Rng, short: float = 0.1, free: bool = False) -> "Caption":
        """A sentence about a scene and what it names; see `minisora.world.grammar.write`."""
        from minisora.world.grammar import write

        return write(self, scene, rng, short=short, free=free)

    def describe(self, scene: "Scene", rng: Rng) -> str:
        """A dense sentence about a scene."""
        return self.write(scene, rng, short=0.0).text

    def expand(self, request: "SceneRequest", rng: Rng) -> "Caption":
        """A dense sentence from a request, what it leaves open made up; see `minisora.world.grammar.expand`."""
        from minisora.world.grammar import expand

        return expand(self, request, rng)

    def parse(self, prompt: str) -> "SceneRequest":
        """What a sentence asks for; see `minisora.world.parser.parse`."""
        from minisora.world.parser import parse

        return parse(self, prompt)

    def grade(self, video: Any, request: "SceneRequest", fps: float = 8.0) -> "Grade":
        """Judge every word of a request in a clip uint8 (f, h, w, 3); see `minisora.world.grader`."""
        from minisora.world.grader import grade

        return grade(self, video, request, fps)

    def read(self, video: Any, fps: float = 8.0) -> "Reading":
        """What a clip uint8 (f, h, w, 3) shows; see `minisora.world.grader.reading.read`."""
        from minisora.world.grader import read

        return (self.reader or read)(self, video, fps)

    def caption(self, video: Any, rng: Rng, fps: float = 8.0) -> str:
        """A dense sentence about a clip, read from its pixels; see `minisora.world.grader.retell.caption`."""
        from minisora.world.grader import caption

        return caption(self, video, rng, fps)

    def is_unseen(self, colour: str, shape: str, third: str) -> bool:
        """Whether a combination is kept out of training; the third word is one of the `unseen_axis`."""
        from minisora.world.sampling import is_unseen

        return is_unseen(self, colour, shape, third)
