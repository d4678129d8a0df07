"""The attention viewer in a notebook, two on one page."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.notebooks import HOSTILE, PIPE, notebook_open
from tests.browser.studio_page import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELL = """
    from minisora.widgets import AttentionViewer
    display(AttentionViewer(pipe), AttentionViewer(pipe, "a red star", opening=False))"""


@pytest.fixture(scope="module")
def watch(browser: Any, light_lab: str) -> Iterator[Any]:
    with notebook_open(browser, light_lab, "attention.ipynb", PIPE, CELL) as watch:
        watch.page.locator(".ms-attention").nth(1).wait_for(timeout=PATIENCE)
        yield watch


@pytest.fixture
def root(watch: Any) -> Any:
    found = watch.page.locator(".ms-attention").first
    found.locator(".ms-look-word").first.wait_for(timeout=PATIENCE)
    return found


def test_a_click_on_a_place_says_where_it_looks(root: Any, watch: Any) -> None:
    place = root.locator(".ms-over[tabindex]")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    place.click(position={"x": box["width"] * 0.1, "y": box["height"] * 0.9})
    root.get_by_text("Row 4, column 1 of").wait_for(timeout=PATIENCE)
    assert "% words" in root.locator(".ms-look-line").text_content()
    assert root.locator(".ms-look-word").count() == 13
    watch.shot("lab-light-attention")


def test_the_keyboard_does_the_same(root: Any, watch: Any) -> None:
    root.locator(".ms-over[tabindex]").focus()
    watch.page.keyboard.press("ArrowUp")
    root.get_by_text("Row 3, column 1 of").wait_for(timeout=PATIENCE)
    watch.page.keyboard.press("PageDown")
    root.get_by_text("Row 3, column 1 of frames 10 to 13").wait_for(timeout=PATIENCE)


def test_layers_and_heads_and_steps(root: Any, watch: Any) -> None:
    before = root.locator(".ms-look-line").text_content()
    root.get_by_role("button", name="layer 5, head 2").click()
    watch.page.wait_for_function(
        "([node, before]) => node.textContent !== before", arg=[root.locator(".ms-look-line").element_handle(), before]
    )
    assert root.locator(".ms-head[aria-pressed=true]").get_attribute("aria-label").startswith("layer 5, head 2: ")
    before = root.locator(".ms-look-line").text_content()
    root.get_by_label("step", exact=True).focus()
    watch.page.keyboard.press("Home")
    watch.page.wait_for_function(
        "([node, before]) => node.textContent !== before", arg=[root.locator(".ms-look-line").element_handle(), before]
    )
    assert root.get_by_label("step", exact=True).get_attribute("aria-valuetext").startswith("step 1 / ")


def test_a_click_on_a_word_says_who_looks_at_it(root: Any, watch: Any) -> None:
    root.get_by_role("button", name="red: ").click()
    root.get_by_text("“red” gets").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-look-word[aria-pressed=true]").text_content().startswith("red")
    watch.shot("lab-light-attention-word")


def test_the_other_one_has_a_life_of_its_own_and_takes_any_text(watch: Any) -> None:
    other = watch.page.locator(".ms-attention").nth(1)
    assert other.locator(".ms-look-word").count() == 0
    other.get_by_label("sentence", exact=True).fill(f"a red star {HOSTILE}")
    other.get_by_role("button", name="Make a clip").click()
    other.locator(".ms-look-word").nth(5).wait_for(timeout=PATIENCE)
    assert "<img" in other.locator(".ms-look-words").text_content()
    assert watch.page.evaluate("() => window.hurt") is None
    assert watch.errors == []
    assert watch.outside == []
