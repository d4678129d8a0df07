"""From records to scores: shares with their intervals, and means of measures."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from minisora.evaluation.intervals import wilson_interval
from minisora.evaluation.records import Record

__all__ = ["Score", "mean_measures", "mistakes", "score"]


@dataclass(frozen=True)
class Score:
    """How many of some things are right.

    Attributes:
        right: of them are right.
        total: things.
        parts: of a row's score, one for each attribute, whose things are verdicts; of such a one, one for each word
            that was wanted ("motion" → "spinning").
    """

    right: int
    total: int
    parts: Mapping[str, "Score"] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """0…1, NaN of nothing."""
        return self.right / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the share."""
        return wilson_interval(self.right, self.total)

    @property
    def verdicts(self) -> "Score":
        """All parts together: of a row, its single verdicts."""
        return Score(*_sums(self.parts.values()))

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON, shares rounded to four places."""
        low, high = (round(end, 4) for end in self.interval)
        share = round(self.share, 4) if self.total else None
        data: dict[str, object] = {"share": share, "low": low, "high": high, "right": self.right, "total": self.total}
        if self.parts:
            data["parts"] = {name: part.as_dict() for name, part in self.parts.items()}
        return data


def score(records: Iterable[Record]) -> Score:
    """Clips with every word right; in its parts single verdicts, by attribute and by word.

    Args:
        records: of one row and source.
    Returns:
        Their score; 0 of 0 without records.
    """
    kept = list(records)
    attributes: dict[str, dict[str, list[bool]]] = {}
    for verdict in (verdict for record in kept for verdict in record.verdicts):
        attributes.setdefault(verdict.attribute, {}).setdefault(verdict.wanted, []).append(verdict.right)
    parts = {name: _joined(words) for name, words in sorted(attributes.items())}
    return Score(sum(record.right for record in kept), len(kept), parts)


def _joined(words: Mapping[str, list[bool]]) -> Score:
    parts = {word: Score(sum(rights), len(rights)) for word, rights in sorted(words.items())}
    return Score(*_sums(parts.values()), parts)


def _sums(scores: Iterable[Score]) -> tuple[int, int]:
    pairs = [(part.right, part.total) for part in scores]
    return sum(right for right, _ in pairs), sum(total for _, total in pairs)


def mean_measures(records: Iterable[Record]) -> dict[str, tuple[float, int]]:
    """Mean of each measure over the clips on which it could be taken.

    Args:
        records: any.
    Returns:
        By name: mean and number of clips.
    """
    values: dict[str, list[float]] = {}
    for record in records:
        for name, value in record.measures.items():
            values.setdefault(name, []).append(value)
    return {name: (math.fsum(some) / len(some), len(some)) for name, some in values.items()}


def mistakes(records: Iterable[Record], most: int = 10) -> dict[str, int]:
    """What goes wrong, the commonest first.

    Args:
        records: any.
        most: how many to tell.
    Returns:
        "motion: spinning → staying still" and how often.
    """
    wrong = (verdict for record in records for verdict in record.verdicts if not verdict.right)
    return dict(Counter(f"{v.attribute}: {v.wanted} → {v.found}" for v in wrong).most_common(most))
