"""Choosing among phrasings: cheap dice, and the forms of a verb."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from minisora.world.tables import Rng, Words

DRAWS = 192  # random numbers drawn at once for a caption; more are drawn where they run out
PLAINEST = 0.35  # how often the first phrasing is taken without a draw among all
FREE_SHARE = 0.35  # how often a free phrasing is taken where there is one, in a free caption

Option = TypeVar("Option")


class Dice:
    """Choices for one caption: cheap, since numbers are drawn from the generator many at once."""

    def __init__(self, rng: Rng, free: bool, always: bool = False) -> None:
        self.rng, self.free, self.share = rng, free, 1.0 if always else FREE_SHARE
        self.took_free = False
        self._numbers = rng.random(DRAWS).tolist()

    def number(self) -> float:
        """A number in 0…1."""
        if not self._numbers:
            self._numbers = self.rng.random(DRAWS).tolist()
        return float(self._numbers.pop())

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.number() < probability

    def among(self, options: Sequence[Option]) -> Option:
        """One of the options, each as likely as the others."""
        return options[int(self.number() * len(options))]

    def words(self, words: Words) -> str:
        """A phrasing: a free one now and then in a free caption, else the plainest or any usual one."""
        if self.free and words.free and self.chance(self.share):
            self.took_free = True
            return self.among(words.free)
        return words.usual[0] if self.chance(PLAINEST) else self.among(words.usual)

    def shuffled(self, count: int) -> list[int]:
        """The numbers below `count` in random order."""
        return sorted(range(count), key=lambda _: self.number())


_INFLECTED: dict[tuple[int, bool, bool], tuple[Words, Words]] = {}


def inflected(words: Words, participle: bool, brief: bool) -> Words:
    """The phrasings in one form of the verb, only the short ones if `brief`; kept, since it is asked for often."""
    key = (id(words), participle, brief)
    if key not in _INFLECTED:
        chosen = Words(_of_form(words.usual, participle, brief), _of_form(words.free, participle, brief))
        _INFLECTED[key] = (words, chosen)  # holding the words keeps their id from being given to others
    return _INFLECTED[key][1]


def _of_form(phrases: Iterable[str], participle: bool, brief: bool) -> tuple[str, ...]:
    """Phrases whose first word is a participle, or is not; all of them where there is no verb at all ("above")."""
    kept = tuple(phrase for phrase in phrases if phrase.split()[0].endswith("ing") == participle) or tuple(phrases)
    least = min((len(phrase.split()) for phrase in kept), default=0)
    return tuple(phrase for phrase in kept if len(phrase.split()) <= least + 1) if brief else kept
