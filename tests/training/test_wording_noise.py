"""Words that mean nothing: they disturb a caption, never its meaning."""

import numpy as np
import pytest

from minisora.training.wording_noise import CARRIERS, UNSTRESSED, WordingNoise, invented, strewn
from minisora.world import SHAPES

SILENT = WordingNoise(opening=0, insert=0, borrow=0, filler=0, drop=0, swap=0, hyphen=0, bracket=0, comma=0, stop=0)
TEXT = "On a navy background, a big scarlet star moves up and a little box goes left."


def only(**changes: float) -> WordingNoise:
    return WordingNoise(**{**SILENT.__dict__, **changes})


def test_no_noise_changes_nothing(rng: np.random.Generator) -> None:
    assert strewn(TEXT, rng, SILENT) == TEXT


def test_the_same_generator_gives_the_same_caption() -> None:
    one, other = (strewn(TEXT, np.random.default_rng(4)) for _ in range(2))
    assert one == other != TEXT


@pytest.mark.parametrize(("kind", "pattern"), [("hyphen", "-"), ("bracket", "("), ("stop", ".")])
def test_each_kind_leaves_its_mark(rng: np.random.Generator, kind: str, pattern: str) -> None:
    assert strewn(TEXT, rng, only(**{kind: 1.0})).count(pattern) > 5


def test_openings_and_insertions_add_words_and_take_none(rng: np.random.Generator) -> None:
    for noise in (only(opening=1.0), only(insert=0.5), only(filler=0.5)):
        longer = strewn(TEXT, rng, noise).split()
        assert len(longer) > len(TEXT.split())
        rest = iter(longer)
        assert all(word in rest for word in TEXT.split())  # in their order


def test_invented_words_end_like_others_where_they_borrow(rng: np.random.Generator) -> None:
    """Every word that was not there ends on three letters of the word that it borrows from, and is longer than them."""
    changed = strewn(TEXT, rng, only(insert=1.0, borrow=1.0), endings=["Right,"]).split()
    new = [word for word in changed if word not in TEXT.split()]
    assert len(new) == len(TEXT.split())
    assert all(word.endswith("ght") and len(word) > 3 for word in new)


def test_only_unstressed_words_are_dropped(rng: np.random.Generator) -> None:
    left = strewn(TEXT, rng, only(drop=1.0)).split()
    assert left == [word for word in TEXT.split() if word.lower() not in UNSTRESSED]


def test_only_verbs_that_say_nothing_else_are_made_up(rng: np.random.Generator) -> None:
    changed = strewn(TEXT, rng, only(swap=1.0)).split()
    pairs = [(old, new) for old, new in zip(TEXT.split(), changed, strict=True) if old != new]
    assert [old for old, _ in pairs] == ["moves", "goes"]
    assert all(new.endswith("s") for _, new in pairs)


def test_the_verbs_that_are_made_up_name_no_motion_alone() -> None:
    for verb in CARRIERS:
        assert not any(motion.words.usual and verb in motion.words.usual for motion in SHAPES.motions.values())


def test_commas_come_and_go(rng: np.random.Generator) -> None:
    changed = strewn(TEXT, rng, only(comma=1.0))
    assert "background " in changed
    assert "star, moves," in changed


def test_invented_words_are_hardly_ever_real(rng: np.random.Generator) -> None:
    known = {word for _, words in SHAPES.colours.items() for phrase in words.words.usual for word in phrase.split()}
    assert sum(invented(rng) in known for _ in range(2000)) == 0
