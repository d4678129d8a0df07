"""Checks of lesson 00, Start here: a clip of one's own in which every word is true."""

from collections.abc import Iterator
from typing import Any

from minisora.course.checking import exercise, require

__all__ = ["two_things"]


@exercise()
def two_things(yours: Any) -> Iterator[str]:
    """A clip with two things in it, of which every word comes out right."""
    require(not isinstance(yours, str), "This is a sentence. Hand it to pipe(…), and give me the clip that comes out.")
    require(hasattr(yours, "grades"), "This is no clip. The check takes what pipe(…) gives back.")
    require(len(yours.prompts) == 1, f"These are {len(yours.prompts)} clips. Give me one sentence, with one seed.")
    prompt = yours.prompts[0]
    unknown = [line for lines in yours.unknown for line in lines]
    require(not unknown, f"{' '.join(unknown)} Choose your words from the list above.")
    yield "every word is one that the model knows"

    count = len(yours.world.parse(prompt).actors)
    require(count == 2, f"Your sentence names {count} thing{'s' * (count != 1)}; it should name two.")
    yield "the sentence names two things"

    wrong = [verdict for verdict in yours.grades[0].verdicts if not verdict.right]
    named = "; ".join(f"{verdict.word}: {verdict.attribute} {verdict.wanted} → {verdict.found}" for verdict in wrong)
    require(not wrong, f"Not every word came out right ({named}). Is it right with another seed?")
    yield f"every word of “{prompt}” came out right"
