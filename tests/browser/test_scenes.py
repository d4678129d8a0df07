"""The scene builder in a notebook."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.notebooks import PIPE, notebook_open
from tests.browser.studio_page import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELL = """
    from minisora.widgets import SceneBuilder
    builder = SceneBuilder(pipe)
    display(builder)"""


@pytest.fixture(scope="module")
def watch(browser: Any, light_lab: str) -> Iterator[Any]:
    with notebook_open(browser, light_lab, "scenes.ipynb", PIPE, CELL) as watch:
        yield watch


@pytest.fixture
def root(watch: Any) -> Any:
    found = watch.page.locator(".ms-scenes")
    found.locator(".ms-handle").nth(1).wait_for(timeout=PATIENCE)
    return found


def test_a_scene_its_sentence_and_both_videos(root: Any, watch: Any) -> None:
    root.get_by_text("graded against the scene").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-handle").count() == 2
    assert root.locator(".ms-sentence").text_content()
    root.get_by_text("Read by the grader: ").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-word.ms-right, .ms-word.ms-wrong").count() > 5
    watch.page.wait_for_timeout(300)
    watch.shot("lab-light-scenes")


def test_somebody_is_dragged_and_moved_by_keys(root: Any, watch: Any) -> None:
    handle = root.locator(".ms-handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    watch.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    watch.page.mouse.down()
    watch.page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 + 30, steps=6)
    watch.page.mouse.up()
    watch.page.wait_for_timeout(1500)
    moved = root.locator(".ms-handle").first.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(40, abs=4)
    assert moved["y"] - box["y"] == pytest.approx(30, abs=4)
    root.locator(".ms-handle").first.focus()
    watch.page.keyboard.press("ArrowLeft")
    watch.page.wait_for_timeout(1500)
    assert root.locator(".ms-handle").first.bounding_box()["x"] < moved["x"]


def test_chips_add_somebody_and_the_sentence_follows(root: Any, watch: Any) -> None:
    root.get_by_role("button", name="one more").click()
    root.get_by_role("button", name="ring", exact=True).click()
    root.locator(".ms-handle").nth(2).wait_for(timeout=PATIENCE)
    root.locator(".ms-sentence").get_by_text("ring").wait_for(timeout=PATIENCE)
    root.get_by_text("Of an earlier scene").wait_for(timeout=PATIENCE)
    before = root.locator(".ms-sentence").text_content()
    root.get_by_role("button", name="Say it otherwise").click()
    watch.page.wait_for_function(
        "([node, before]) => node.textContent !== before", arg=[root.locator(".ms-sentence").element_handle(), before]
    )
    root.locator(".ms-handle").nth(2).focus()
    watch.page.keyboard.press("Delete")
    watch.page.wait_for_function(
        "(node) => node.children.length === 2", arg=root.locator(".ms-handles").element_handle()
    )


def test_the_model_draws_it_and_is_graded(root: Any, watch: Any) -> None:
    root.get_by_role("button", name="Let the model draw it").click()
    root.get_by_role("button", name="Stop").wait_for(timeout=PATIENCE)
    root.get_by_role("button", name="Let the model draw it").wait_for(timeout=PATIENCE)
    root.get_by_text("graded against the scene").wait_for(timeout=PATIENCE)
    assert root.get_by_text("Of an earlier scene").count() == 0
    watch.page.wait_for_timeout(300)
    watch.shot("lab-light-scenes-drawn")
    assert watch.errors == []
    assert watch.outside == []
