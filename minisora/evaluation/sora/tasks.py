"""The suite's table: everything that Sora showed, each with how it is asked and the share that must be right."""

from dataclasses import dataclass

from minisora.evaluation.rows import ClipSize
from minisora.evaluation.sora import changing, fresh, going_on
from minisora.evaluation.sora.case import Case

__all__ = ["TASKS", "Task"]


@dataclass(frozen=True)
class Task:
    """One line of the suite.

    Attributes:
        name: how `--rows` names it.
        number: third word of its seeds; never changes, or the cases would. Where it is the same, the cases are.
        title: how the table names it.
        case: what is asked and how it is judged.
        floor, goal: shares of cases that should be right; None where none is set.
        num: cases, unless a number is given.
    """

    name: str
    number: int
    title: str
    case: type[Case]
    floor: float | None = None
    goal: float | None = None
    num: int = 128


def _sized(name: str, size: ClipSize) -> type[Case]:
    """The plain task at another size, length or rate."""
    return type(name, (fresh.Clip,), {"size": size, "__doc__": f"A sentence becomes a clip: {size}."})


def _stepped(name: str, steps: int, guidance: float | None = None) -> type[Case]:
    """The plain task in another number of steps."""
    return type(name, (fresh.Clip,), {"steps": steps, "guidance": guidance, "__doc__": f"In {steps} steps."})


TASKS = (
    Task("animate", 101, "an image becomes a video", going_on.Animate, 0.80),
    Task("extend", 102, "two seconds more, seamless", going_on.ExtendForward, 0.85),
    Task("before", 103, "two seconds before, seamless", going_on.ExtendBackward, 0.85),
    Task("minute", 104, "a minute that stays itself", fresh.Minute, 0.80, num=30),
    Task("connect", 105, "a passage between two clips", going_on.Connect, 0.70),
    Task("loop", 106, "an endless loop", fresh.Loop, 0.85),
    Task("edit", 107, "new words, the same path", changing.Edit, 0.75),
    Task("inpaint", 108, "a region painted anew", changing.Inpaint, 0.70),
    Task("storyboard", 109, "words that change, one take", changing.Storyboard, 0.70),
    Task("vary", 110, "one word changed, the same seed", changing.Vary, 0.80),
    Task("image", 111, "a single image", fresh.Image, 0.90),
    Task("move", 112, "a camera move, and how far", fresh.CameraMove, 0.75),
    Task("reappear", 113, "hidden or gone, and back in its place", going_on.Reappear, 0.75),
    Task("physics", 114, "bouncing and falling, by their laws", fresh.Physics),
    Task("collide", 115, "two collide, their momentum kept", fresh.Collide),
    Task("square", 120, "64×64, 17 frames, 8 a second", fresh.Clip),
    Task("wide", 121, "48×80", _sized("Wide", ClipSize(height=48, width=80))),
    Task("tall", 122, "80×48", _sized("Tall", ClipSize(height=80, width=48))),
    Task("larger", 123, "96×96", _sized("Larger", ClipSize(height=96, width=96))),
    Task("shorter", 124, "9 frames", _sized("Shorter", ClipSize(num_frames=9))),
    Task("longer", 125, "65 frames", _sized("Longer", ClipSize(num_frames=65))),
    Task("slower", 126, "4 frames a second", _sized("Slower", ClipSize(fps=4.0, num_frames=9))),
    Task("quicker", 127, "16 frames a second", _sized("Quicker", ClipSize(fps=16.0, num_frames=33))),
    Task("steps1", 120, "in 1 step", _stepped("Steps1", 1)),
    Task("steps2", 120, "in 2 steps", _stepped("Steps2", 2)),
    Task("steps4", 120, "in 4 steps", _stepped("Steps4", 4)),
    Task("steps8", 120, "in 8 steps", _stepped("Steps8", 8)),
    Task("steps24", 120, "in 24 steps, guided by 2", _stepped("Steps24", 24, 2.0)),
)
