"""A grade: a verdict on every word of a request."""

import json
from dataclasses import asdict, dataclass
from typing import Any

TICK, CROSS = "✓", "✗"


@dataclass(frozen=True)
class Verdict:
    """The judgement on one word.

    Attributes:
        subject: "scene", or "actor 1", "actor 2", … in the order of the request.
        attribute: colour, shape, size, motion, speed, count, background, texture, light, weather, camera, prop, wall or
            relation.
        wanted: what was asked for.
        found: what was seen, "nothing" where there is nothing to see.
        right: whether it is as wanted.
        word: who or what it is about, for people: "the red circle", "the scene".
    """

    subject: str
    attribute: str
    wanted: str
    found: str
    right: bool
    word: str

    def __str__(self) -> str:
        shown = self.found if self.right and self.found == self.wanted else f"{self.wanted} → {self.found}"
        return f"{TICK if self.right else CROSS} {self.word}: {self.attribute}: {shown}"


@dataclass(frozen=True)
class Errors:
    """How far an actor is from its best-fitting motion: pixels, and pixels per frame."""

    subject: str
    position: float
    velocity: float


@dataclass(frozen=True)
class Grade:
    """The verdicts on a clip, and how smoothly its actors move."""

    verdicts: tuple[Verdict, ...]
    errors: tuple[Errors, ...] = ()

    @property
    def every_word_right(self) -> bool:
        """Whether nothing at all is wrong."""
        return all(verdict.right for verdict in self.verdicts)

    @property
    def share_right(self) -> float:
        """Share of the verdicts that are right, 0…1."""
        return sum(verdict.right for verdict in self.verdicts) / max(len(self.verdicts), 1)

    @property
    def wrong(self) -> tuple[Verdict, ...]:
        """The verdicts that failed."""
        return tuple(verdict for verdict in self.verdicts if not verdict.right)

    def table(self) -> str:
        """One line for each word: tick or cross, who, what, wanted → found."""
        rows = [(_mark(v), v.word, v.attribute, _change(v)) for v in self.verdicts]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
        lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]]) for row in rows]
        return "\n".join(lines)

    def __str__(self) -> str:
        right = sum(verdict.right for verdict in self.verdicts)
        result = "every word right" if self.every_word_right else f"{right} of {len(self.verdicts)} right"
        return f"{self.table()}\n{_mark_of(self.every_word_right)} {result}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "every_word_right": self.every_word_right,
            "share_right": round(self.share_right, 4),
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
            "errors": [asdict(error) for error in self.errors],
        }

    def to_json(self) -> str:
        """The grade as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def _mark(verdict: Verdict) -> str:
    return _mark_of(verdict.right)


def _mark_of(right: bool) -> str:
    return TICK if right else CROSS


def _change(verdict: Verdict) -> str:
    return (
        verdict.wanted if verdict.right and verdict.found == verdict.wanted else f"{verdict.wanted} → {verdict.found}"
    )
