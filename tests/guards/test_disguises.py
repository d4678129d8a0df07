"""Words that hide are read as what they are."""

import time
import unicodedata

import pytest

from minisora.guards.disguises import fold, hidden_words, mixed_words, readings, spelled_out


@pytest.mark.parametrize(
    "text",
    [
        "a KNIFE here", "a knífe here", "a ｋｎｉｆｅ here", "a kn\u200bife here", "a kn1f3 here", "a kn!f3 here",
        "a k.n.i.f.e here", "a kn-ife here", "a kniiiiife here", "a k<b>n</b>ife here", "a &#107;nife here",
        "a %6bnife here", "a \\u006bnife here", "a kni fe here", "a кnife here", "a k**n**ife here",
        "a kn[b]ife[/b] here",
    ],
)  # fmt: skip
def test_a_word_in_disguise(text: str) -> None:
    assert any("knife" in reading.split() for reading in readings(text))


def test_a_plain_sentence_is_read_as_it_stands_and_hardly_otherwise() -> None:
    text = "a small red circle moving right and a large blue star bouncing"
    assert text in readings(text)
    assert len(readings(text)) == 1


def test_neighbours_are_joined_unless_one_stands_beside_others_all_the_time() -> None:
    assert any("pistol" in reading.split() for reading in readings("a pis tol"))
    assert not any("penis" in reading.split() for reading in readings("the pen is red"))


def test_every_letter_that_unicode_derives_from_a_latin_one_is_that_one() -> None:
    wrong = [
        letter
        for number in range(0xC0, 0x250)
        if (letter := chr(number)).isalpha()
        and (base := unicodedata.normalize("NFKD", letter)[0]) != letter
        and base.isascii()
        and base.isalpha()
        and fold(letter)[0] != base.lower()
    ]
    assert wrong == []


def test_a_row_of_letters_is_put_together() -> None:
    assert spelled_out("a g u n is") == ("agun",)
    assert spelled_out("a red gun") == ()


def test_a_sign_for_a_letter() -> None:
    patterns = list(hidden_words("a g*n, a kn#fe and 5*3"))
    assert [bool(pattern.fullmatch(word)) for pattern, word in zip(patterns, ("gun", "knife"), strict=True)] == [
        True
    ] * 2


def test_letters_of_several_alphabets() -> None:
    assert list(mixed_words("a рistol, красный круг, 赤い円, α star")) == ["рistol"]


@pytest.mark.parametrize(
    "text", ["<" * 4000, "a " * 2000, "a." * 2000, "[b" * 2000, "&#x" * 1300, "%u" * 2000, "\ud83d", "", "0" * 4000]
)
def test_hostile_texts_are_read_quickly(text: str) -> None:
    start = time.process_time()
    readings(text)
    spelled_out(text)
    assert time.process_time() - start < 1
