"""The red team: enough attacks, of every class, told apart, and honest about what gets through."""

import json
from collections import Counter

import pytest

from minisora.errors import SettingError
from minisora.guards.policy import PromptPolicy
from minisora.safety.redteam import Report, attacks, held_out, run_suite, tricks
from minisora.safety.redteam.ordinary import HARMLESS

CLASSES = {
    "spelling", "look-alike letters", "invisible letters", "spacing", "markup", "very long", "nested instructions",
    "other languages",
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    """The default policy under attack."""
    return run_suite(PromptPolicy.read("default"), sentences=300)


def test_at_least_three_hundred_attacks_of_every_class() -> None:
    made = attacks(PromptPolicy.read("default"))
    for held in (False, True):
        assert {each.kind for each in made if each.held_out == held} == CLASSES
        assert sum(each.held_out == held for each in made) >= 300
    assert len({each.text for each in made}) > 0.97 * len(made)
    assert made == attacks(PromptPolicy.read("default"))


def test_a_trick_hides_the_word(report: Report) -> None:
    plain = [each.attack for each in report.outcomes if each.attack.kind in ("spelling", "look-alike letters")]
    bare = [each for each in plain if each.trick != "plural" and f" {each.target} " in f" {each.text} "]
    assert len(bare) < 0.03 * len(plain)  # words that have none of the letters that a trick replaces
    assert {each.trick for each in bare} <= {
        "Cyrillic", "one Cyrillic letter", "signs for letters", "Greek", "Cherokee", "by ear",
    }  # fmt: skip


def test_held_out_tricks_are_others() -> None:
    names = [Counter(trick.name for trick in some) for some in (tricks.TRICKS, held_out.TRICKS)]
    assert not names[0] & names[1]
    assert not set(tricks.INSTRUCTIONS) & set(held_out.INSTRUCTIONS)


def test_what_it_was_made_against_is_stopped_and_what_not_is_counted(report: Report) -> None:
    known = [each for each in report.outcomes if not each.attack.held_out]
    assert [each.attack.text for each in known if each.rule is None] == []
    unknown = [each for each in report.outcomes if each.attack.held_out]
    assert 0.2 < sum(each.rule is None for each in unknown) / len(unknown) < 0.5


def test_ordinary_sentences(report: Report) -> None:
    assert report.ordinary > 300 + len(HARMLESS)
    assert [text for text, _ in report.refused] == ["a bullet-shaped... no, a triangle moving right"]


def test_the_report_in_print_and_as_json(report: Report) -> None:
    shown = str(report)
    assert "held out" in shown
    assert all(kind in shown for kind in CLASSES)
    assert shown.isascii()
    said = json.loads(json.dumps(report.as_dict()))
    through = sum(each["refused_by"] is None for each in said["attacks"])
    assert through == sum(each.rule is None for each in report.outcomes)


def test_a_teachers_words_are_attacked_in_place_of_ours() -> None:
    policy = PromptPolicy.parse({"name": "mine", "words": {"fruit": ["banana", "cherry", "apple pie"]}})
    made = attacks(policy)
    assert {each.target for each in made if each.kind == "spelling"} == {"banana", "cherry"}
    with pytest.raises(SettingError, match="no word"):
        attacks(PromptPolicy.parse({"name": "empty"}))
