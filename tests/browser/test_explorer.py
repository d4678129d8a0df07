"""The latent explorer in a notebook."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.browser.notebooks import HOSTILE, PIPE, notebook_open
from tests.browser.studio_page import PATIENCE, READ_CANVAS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELL = """
    from minisora.widgets import LatentExplorer
    explorer = LatentExplorer(pipe)
    display(explorer)"""


@pytest.fixture(scope="module")
def watch(browser: Any, dark_lab: str) -> Iterator[Any]:
    with notebook_open(browser, dark_lab, "explorer.ipynb", PIPE, CELL) as watch:
        yield watch


@pytest.fixture
def root(watch: Any) -> Any:
    found = watch.page.locator(".ms-explorer")
    found.locator(".ms-station").nth(4).wait_for(timeout=PATIENCE)
    return found


def pixels(root: Any) -> np.ndarray:
    """What is decoded, on the screen."""
    handle = root.locator(".ms-look-hero .ms-frame > canvas").element_handle()
    return np.array(handle.evaluate(READ_CANVAS))


def test_latents_are_seen_and_a_channel_is_pushed(root: Any, watch: Any) -> None:
    assert root.locator(".ms-channel").count() == 8
    root.locator(".ms-look-hero .ms-play").click()
    watch.page.wait_for_timeout(300)
    before = pixels(root)
    root.get_by_role("button", name="channel 3", exact=True).click()
    root.get_by_label("push", exact=True).focus()
    watch.page.keyboard.press("End")
    root.get_by_text("channel 3 pushed by +4.0 everywhere").wait_for(timeout=PATIENCE)
    watch.page.wait_for_timeout(300)
    assert (pixels(root) != before).any()
    watch.shot("lab-dark-explorer-push")


def test_a_push_stays_in_its_patch(root: Any, watch: Any) -> None:
    root.locator(".ms-over[tabindex]").focus()
    watch.page.keyboard.press("ArrowDown")
    root.get_by_label("only in the chosen patch").check()
    root.get_by_text("in the chosen patch, which").wait_for(timeout=PATIENCE)
    assert "row 3, column 2" in root.locator(".ms-scope .ms-label").first.text_content()


def test_two_clips_are_mixed(root: Any, watch: Any) -> None:
    root.get_by_role("button", name="Back to zero").click()
    root.get_by_label("mix A and B").focus()
    watch.page.keyboard.press("End")
    root.get_by_text("0% of clip A and 100% of clip B.").wait_for(timeout=PATIENCE)
    for _ in range(10):
        watch.page.keyboard.press("ArrowLeft")
    root.get_by_text("50% of clip A and 50% of clip B.").wait_for(timeout=PATIENCE)
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-explorer-mix")


def test_a_drawing_is_loaded(root: Any, watch: Any) -> None:
    root.get_by_label("from").first.select_option("a drawing")
    paper = root.locator(".ms-paper canvas").first
    paper.scroll_into_view_if_needed()
    root.get_by_role("button", name="red", exact=True).first.click()
    box = paper.bounding_box()
    watch.page.mouse.move(box["x"] + 60, box["y"] + 60)
    watch.page.mouse.down()
    watch.page.mouse.move(box["x"] + 180, box["y"] + 160, steps=8)
    watch.page.mouse.up()
    paper.focus()
    watch.page.keyboard.press("ArrowUp")
    watch.page.keyboard.press(" ")
    root.get_by_label("from").nth(1).select_option("a sentence")
    root.get_by_label("sentence").nth(1).fill(f"a blue star {HOSTILE}")
    root.get_by_role("button", name="Load the clips").click()
    root.get_by_role("button", name="Stop").wait_for(timeout=PATIENCE)
    root.get_by_role("button", name="Load the clips").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-status").text_content().startswith("Two clips in")
    root.get_by_role("button", name="Back to zero").click()
    root.get_by_text("100% of clip A and 0% of clip B.").wait_for(timeout=PATIENCE)
    watch.page.wait_for_timeout(500)
    shown = pixels(root).reshape(-1, 4)[:, :3].astype(int)
    assert (np.abs(shown - [230, 57, 53]).max(axis=1) < 48).mean() > 0.03  # red, where it was painted
    watch.shot("lab-dark-explorer-drawing")
    assert watch.page.evaluate("() => window.hurt") is None
    assert watch.errors == []
    assert watch.outside == []
