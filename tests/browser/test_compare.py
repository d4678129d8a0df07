"""The comparison and several players in one notebook."""

from typing import Any

import pytest

from tests.browser.studio_page import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def root(others: Any) -> Any:
    watch = others
    found = watch.page.locator(".ms-compare:not(.ms-scrubber)")
    found.locator(".ms-cell").nth(2).wait_for(timeout=PATIENCE)
    found.get_by_text("apart on average").or_(found.get_by_text(" clips in ")).first.wait_for(timeout=PATIENCE)
    return found


def test_two_sentences_side_by_side(root: Any, others: Any) -> None:
    watch = others
    assert root.locator(".ms-compare-words mark").all_text_contents() == ["red", "blue"]
    assert root.locator(".ms-cell canvas").count() >= 3
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-compare")


def test_they_play_in_step(root: Any, others: Any) -> None:
    watch = others
    root.locator(".ms-focus").focus()
    watch.page.keyboard.press("End")
    assert root.locator(".ms-scrub").input_value() == "16"
    watch.page.keyboard.press("x")
    assert root.locator(".ms-slice:visible").count() == 3
    watch.page.keyboard.press("x")
    watch.page.keyboard.press("x")


def test_a_sweep_is_a_grid(root: Any, others: Any) -> None:
    watch = others
    root.get_by_label("what changes").select_option("steps")
    root.get_by_label("values").fill("2, 4, 8, 12")
    root.get_by_role("button", name="Compare").click()
    root.get_by_text("4 clips in").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-cell").count() == 4
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-sweep")


def test_players_have_lives_of_their_own(others: Any) -> None:
    watch = others
    players = watch.page.locator(".ms-player")
    players.nth(1).wait_for(timeout=PATIENCE)
    for k in range(2):
        players.nth(k).locator(".ms-focus").focus()
        watch.page.keyboard.press("Home")
    players.nth(0).locator(".ms-focus").focus()
    watch.page.keyboard.press("ArrowRight")
    assert [players.nth(k).locator(".ms-scrub").input_value() for k in range(2)] == ["1", "0"]
    watch.shot("lab-dark-players")
    assert watch.errors == []
    assert watch.outside == []
