"""The rows of the table of scores, and the held-out scenes of each.

A scene depends on (seed, row, index) alone, never on how many are asked for or on the other rows. Its random stream
is none that training uses, so no training scene is ever graded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from minisora.errors import SettingError, nearest_name
from minisora.world import Caption, Scene, World

__all__ = [
    "CEILINGS",
    "EVALUATION_STREAM",
    "ROWS",
    "STAGE_ROWS",
    "ClipSize",
    "Example",
    "Row",
    "draw_example",
    "find_named",
    "find_rows",
    "rows_of",
]

EVALUATION_STREAM = 2_718_281  # second word of every seed here; training's streams are small numbers
LARGEST_SEED = 2**32 - 1  # a larger one would take two words and could meet a training stream


@dataclass(frozen=True)
class ClipSize:
    """Shape of the graded clips."""

    num_frames: int = 17
    height: int = 64
    width: int = 64
    fps: float = 8.0

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return (self.num_frames - 1) / self.fps


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: how `--rows` names it.
        number: third word of its seeds; never changes, or the scenes would.
        title: how the table names it.
        kind: kind of scene, None for the mixture that training sees.
        split: "train", "unseen" or "outside".
        free: whether captions use only wordings that training never does.
        floor, goal: shares of clips with every word right that the shipped model should reach; None where none is set.
    """

    name: str
    number: int
    title: str
    kind: str | None
    split: str = "train"
    free: bool = False
    floor: float | None = None
    goal: float | None = None


CEILINGS = Row("ceilings", 0, "all kinds mixed", None)
ROWS = (
    CEILINGS,
    Row("one", 1, "one actor", "one", floor=0.90, goal=0.98),
    Row("two", 2, "two actors", "two", floor=0.60, goal=0.90),
    Row("three", 3, "three actors", "three", floor=0.30, goal=0.80),
    Row("relation", 4, "a relation", "relation", floor=0.50, goal=0.80),
    Row("wall", 5, "passing behind a wall", "wall", floor=0.50, goal=0.80),
    Row("camera", 6, "a camera move", "camera", floor=0.50, goal=0.80),
    Row("leaving", 7, "leaving and coming back", "leaving", floor=0.50, goal=0.80),
    Row("unseen", 8, "unseen combinations, one actor", "one", split="unseen", floor=0.80, goal=0.95),
    Row("outside", 9, "sizes and speeds out of range, one actor", "one", split="outside"),
    Row("free", 10, "free wording, one actor", "one", free=True, floor=0.75, goal=0.90),
)
STAGE_ROWS = (
    CEILINGS,
    Row("one", 1, "one character", "one", floor=0.75, goal=0.90),
    Row("two", 2, "two characters", "two", floor=0.50, goal=0.75),
    Row("relation", 4, "a relation", "relation"),
    Row("prop", 11, "passing behind a tree, a house, a cloud or a rock", "prop", floor=0.65, goal=0.85),
    Row("camera", 6, "a camera move", "camera"),
    Row("tracking", 12, "a tracking shot", "tracking"),
    Row("unseen", 8, "unseen combinations, one character", "one", split="unseen", floor=0.60, goal=0.85),
    Row("outside", 9, "sizes and speeds out of range, one character", "one", split="outside"),
    Row("free", 10, "free wording, one character", "one", free=True),
)
WORLD_ROWS = {"stage": STAGE_ROWS}


def rows_of(world: World) -> tuple[Row, ...]:
    """The table's rows for a world: its own, or of the usual ones those whose kind of scene it has."""
    return WORLD_ROWS.get(world.name) or tuple(row for row in ROWS if row.kind is None or row.kind in world.kinds)


@dataclass(frozen=True)
class Example:
    """One clip to be graded.

    Attributes:
        row: name of its row.
        index: its number in the row.
        scene: what is to be seen.
        caption: what the model reads, with the request that it is graded against.
        seed: from which the model makes its clip.
    """

    row: str
    index: int
    scene: Scene
    caption: Caption
    seed: int


def draw_example(world: World, row: Row, index: int, seed: int, size: ClipSize) -> Example:
    """The held-out scene of a row with this number, and its caption, which names all that is visible.

    Args:
        world: tables to draw from.
        row: which kind of scene and wording.
        index: number in the row, at least 0.
        seed: of the whole evaluation, 0 … 2³²-1.
        size: shape of the clip, in which the scene must be legible.
    Returns:
        The same example for the same arguments, on every machine.
    Raises:
        SettingError: `seed` out of range.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise SettingError(
            f"seed={seed}, but it lies from 0 to {LARGEST_SEED}. Use seed={min(max(seed, 0), LARGEST_SEED)}."
        )
    rng = np.random.default_rng([seed, EVALUATION_STREAM, row.number, index])
    clip_seed = int(rng.integers(2**31))
    scene = world.sample(rng, row.kind, row.split, aspect=size.aspect, seconds=size.seconds)
    caption = world.write(scene, rng, short=0.0, free=row.free)
    return Example(row.name, index, scene, caption, clip_seed)


class Named(Protocol):
    """Whatever has a name by which it is asked for."""

    @property
    def name(self) -> str:
        """As typed."""


Kind = TypeVar("Kind", bound=Named)


def find_named(names: Iterable[str] | None, rows: Sequence[Kind]) -> tuple[Kind, ...]:
    """The rows with these names, in the table's order.

    Args:
        names: as typed; None means all.
        rows: to choose from.
    Returns:
        At least one row.
    Raises:
        SettingError: no name, or an unknown one; the message says the nearest.
    """
    known = {row.name: row for row in rows}
    wanted = list(known) if names is None else list(names)
    for name in wanted:
        if name not in known:
            raise SettingError(f"no row {name!r}; the rows are {', '.join(known)}. Use {nearest_name(name, known)!r}.")
    if not wanted:
        raise SettingError(f"no row was named; the rows are {', '.join(known)}. Use {rows[0].name!r}.")
    return tuple(row for row in rows if row.name in wanted)


def find_rows(names: Iterable[str] | None, rows: Sequence[Row] = ROWS) -> tuple[Row, ...]:
    """Rows of the table of words; see `find_named`.

    Args:
        names: as typed; None means all.
        rows: to choose from: `rows_of` a world.
    Returns:
        At least one row.
    Raises:
        SettingError: no name, or an unknown one.
    """
    return find_named(names, rows)
