"""What an exercise answers: it tries the reader's own function and names the symptom, never the solution.

A check is a generator that takes what the reader wrote, yields a line for everything that is right and raises a
`Symptom` for the first thing that is not:

    @exercise(instead=flow.interpolate)
    def interpolate(yours):
        got = attempt(yours, clean, noise, zeros)
        unlike(got, noise, "At time 0 the clean clip should come back unchanged, yours gave the noise: are …?")
        yield "time 0 gives the clean clip"

In the notebook `interpolate = check.interpolate(interpolate)` prints the answer and hands back a function that works:
the reader's own if it is right, else `instead`, so that the lesson can go on.
"""

import contextlib
import dis
import functools
import io
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isfunction
from typing import Any

import torch
from torch import Tensor

__all__ = [
    "Answer",
    "Exercise",
    "Symptom",
    "attempt",
    "exercise",
    "like",
    "near",
    "require",
    "same_shape",
    "unlike",
    "unsolved",
]

Trial = Callable[[Any], Iterator[str]]


class Symptom(Exception):
    """What is wrong with an answer, as one helpful sentence."""


class Unwritten(Symptom):
    """There is no answer yet."""


class NoPoints(AssertionError):
    """An exercise that is not solved, where it is graded."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the answer alone, without the lines that led to it."""
        return [f"No points yet.\n{self}"]


@dataclass(frozen=True)
class Answer:
    """What a check found.

    Attributes:
        name: of the exercise.
        right: a line for each thing that is right.
        symptom: what is wrong first; None if nothing is.
        written: whether there was anything but the `...`.
        note: how the lesson goes on.
    """

    name: str
    right: tuple[str, ...] = ()
    symptom: str | None = None
    written: bool = True
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether all is right.

        Returns:
            True if no symptom was found.
        """
        return self.symptom is None

    def __str__(self) -> str:
        """The answer as the reader sees it.

        Returns:
            A line for each finding, the verdict last.
        """
        lines = [f"✓ {line}" for line in self.right]
        if self.symptom is None:
            lines.append(f"✓ {self.name} is right.")
        else:
            lines += [f"{'✗' if self.written else '○'} {self.symptom}"] + ([f"→ {self.note}"] if self.note else [])
        return "\n".join(lines)


class Exercise:
    """One exercise of a lesson.

    Attributes:
        name: as the notebook calls it.
        instead: what the lesson goes on with until the reader's own is right; None if nothing depends on it.
        last: the newest answer given; None before the first.
    """

    def __init__(self, trial: Trial, instead: Any = None) -> None:
        self.name = trial.__name__
        self.last: Answer | None = None
        self.instead = instead
        self._trial = trial
        functools.update_wrapper(self, trial)

    def __call__(self, yours: Any) -> Any:
        """Try what the reader wrote and say what is found.

        Args:
            yours: a function, a class or a value.
        Returns:
            The same if it is right, else one that works, so that the lesson can go on.
        """
        self.last = self.answer(yours)
        print(self.last)
        return yours if self.last.passed or self.instead is None else self.instead

    def answer(self, yours: Any) -> Answer:
        """The answer as data. Leaves torch's random numbers as they were.

        Args:
            yours: a function, a class or a value.
        Returns:
            What was found.
        """
        note = "" if self.instead is None else f"Until yours is right, the cells below use minisora's `{self.name}`."
        todo = f"{self.name} is not written yet: put your own lines in place of the `...` and run the cell again."
        right: list[str] = []
        try:
            require(not unsolved(yours), todo, Unwritten)
            with torch.random.fork_rng(devices=[]), contextlib.redirect_stdout(io.StringIO()):
                torch.manual_seed(0)
                right.extend(self._trial(yours))  # extend keeps what was yielded before a symptom
        except Unwritten:
            return Answer(self.name, symptom=todo, written=False, note=note)
        except Symptom as symptom:
            return Answer(self.name, tuple(right), str(symptom), note=note)
        except Exception as error:  # what the reader gave back broke the check itself
            symptom_text = f"What you gave back could not be compared ({type(error).__name__}: {_one_line(error)})."
            return Answer(self.name, tuple(right), symptom_text, note=note)
        return Answer(self.name, tuple(right))

    def assert_passed(self) -> None:
        """For nbgrader: points are given where this raises nothing.

        Raises:
            NoPoints: the newest answer was wrong, or there is none; with its text.
        """
        if self.last is None:
            raise NoPoints(f"The cell with {self.name} was not run.")
        if not self.last.passed:
            raise NoPoints(str(self.last))


def exercise(instead: Any = None) -> Callable[[Trial], Exercise]:
    """Make a check of a generator.

    Args:
        instead: what the lesson goes on with until the reader's own is right; None if nothing depends on it.
    Returns:
        A decorator.
    """
    return lambda trial: Exercise(trial, instead)


def unsolved(yours: Any) -> bool:
    """Whether an exercise is as it was found: `...`, or a function with nothing but a docstring and `...`.

    Args:
        yours: a function, a class or a value.
    Returns:
        True if nothing was written; always False for a class.
    """
    if not isfunction(yours):
        return yours is ...
    steps = [step for step in dis.get_instructions(yours) if step.opname not in {"RESUME", "NOP"}]
    return len(steps) <= 2 and steps[0].argval is None


def attempt(yours: Callable[..., Any], *inputs: Any) -> Any:
    """Call the reader's function, and say in a sentence what went wrong if it gave nothing.

    Args:
        yours: the function.
        *inputs: its arguments; tensors are handed over as copies.
    Returns:
        What it returned.
    Raises:
        Symptom: it stopped with an error, returned nothing or a `...`, or changed what it was given.
    """
    name = getattr(yours, "__name__", "your function")
    given = [value.clone() if isinstance(value, Tensor) else value for value in inputs]
    try:
        result = yours(*given)
    except Symptom:
        raise
    except NotImplementedError:  # what nbgrader puts where a solution was
        raise Unwritten from None
    except Exception as error:
        raise Symptom(_what_happened(name, error)) from None
    if result is None:
        raise Symptom(f"{name} gave nothing back. Does its last line begin with `return`?")
    if result is ...:
        raise Symptom(f"{name} gave back the `...` itself: put your own expression in its place.")
    for before, after in zip(inputs, given, strict=True):
        if isinstance(before, Tensor) and not torch.equal(before, after):
            raise Symptom(f"{name} changed what it was given. Make a new value: `x = x + …`, not `x += …`.")
    return result


def require(condition: bool, symptom: str, kind: type[Symptom] = Symptom) -> None:
    """Go on only if something holds.

    Args:
        condition: what should hold.
        symptom: the sentence if it does not.
        kind: of symptom.
    Raises:
        Symptom: it does not.
    """
    if not condition:
        raise kind(symptom)


def like(got: Any, wanted: Tensor, symptom: str) -> None:
    """Go on only if an answer is the one wanted.

    Args:
        got: what the reader's function returned.
        wanted: what it should be.
        symptom: the sentence if it is not.
    Raises:
        Symptom: shape or values differ.
    """
    require(near(got, wanted), symptom)


def unlike(got: Any, mistaken: Tensor, symptom: str) -> None:
    """Go on only if an answer is not what a typical mistake gives.

    Args:
        got: what the reader's function returned.
        mistaken: what it would be with that mistake.
        symptom: the sentence for it.
    Raises:
        Symptom: it is.
    """
    require(not near(got, mistaken), symptom)


def near(got: Any, wanted: Tensor, atol: float = 1e-4) -> bool:
    """Whether two are the same but for rounding.

    Args:
        got: what the reader's function returned.
        wanted: what it should be.
        atol: largest difference allowed.
    Returns:
        True if shape and values agree.
    """
    got = torch.as_tensor(got)
    return got.shape == wanted.shape and bool(torch.allclose(got.double(), wanted.double(), atol=atol, rtol=1e-4))


def same_shape(got: Any, wanted: tuple[int, ...], what: str) -> None:
    """Refuse an answer whose axes are not the ones wanted.

    Args:
        got: what the reader's function returned.
        wanted: the shape.
        what: what it is, as in "the velocity".
    Raises:
        Symptom: it is no tensor, or one of another shape.
    """
    if not isinstance(got, Tensor):
        raise Symptom(f"{what} should be a tensor of shape {wanted}; yours is a {type(got).__name__}.")
    if tuple(got.shape) != wanted:
        raise Symptom(f"{what} should have the shape {wanted}; yours has {tuple(got.shape)}.")


def _what_happened(name: str, error: Exception) -> str:
    """One sentence for an error: which, and in which line of the reader's function."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first one is ours
    inside = [frame for frame in frames if frame.name == name]
    place = f" at `{inside[-1].line}`" if inside and inside[-1].line else ""
    if "ellipsis" in str(error).lower():
        return f"There is still a `...` in {name}{place}: put your own expression in its place."
    return f"{name} stopped{place} with {type(error).__name__}: {_one_line(error)}."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160].rstrip(".")
