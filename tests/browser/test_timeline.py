"""The storyboard and the scrubber in a notebook."""

from typing import Any

import pytest

from tests.browser.studio_page import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_storyboard_is_dragged_and_made(others: Any) -> None:
    watch = others
    root = watch.page.locator(".ms-timeline")
    root.get_by_text("A take of 33 frames").wait_for(timeout=PATIENCE)
    handle = root.locator(".ms-axis-handle")
    handle.scroll_into_view_if_needed()
    before = float(handle.get_attribute("aria-valuenow"))
    box = handle.bounding_box()
    watch.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    watch.page.mouse.down()
    watch.page.mouse.move(box["x"] + 200, box["y"] + 20, steps=5)
    watch.page.mouse.up()
    dragged = float(root.locator(".ms-axis-handle").get_attribute("aria-valuenow"))
    assert dragged > before
    root.locator(".ms-axis-handle").focus()
    watch.page.keyboard.press("ArrowLeft")
    assert float(root.locator(".ms-axis-handle").get_attribute("aria-valuenow")) == dragged - 0.5
    root.get_by_role("button", name="Keep this frame").click()
    root.locator(".ms-axis-pin").wait_for(timeout=PATIENCE)
    root.get_by_label("sentence 2").first.fill("a large red star falling")
    root.get_by_role("button", name="Make the take").click()
    root.get_by_role("button", name="Stop").wait_for(timeout=PATIENCE)
    root.get_by_role("button", name="Make the take").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-status").text_content().startswith("A take of")
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-timeline")


def test_steps_and_frames_are_two_sliders(others: Any) -> None:
    watch = others
    root = watch.page.locator(".ms-scrubber")
    root.get_by_text("Slide through them").wait_for(timeout=PATIENCE)
    root.locator(".ms-focus").focus()
    step = root.get_by_label("step", exact=True)
    last = step.input_value()
    assert last == step.get_attribute("max")
    for _ in range(2):
        watch.page.keyboard.press("ArrowDown")
    assert int(step.input_value()) == int(last) - 2
    watch.page.keyboard.press("Home")
    assert root.get_by_label("frame", exact=True).input_value() == "0"
    watch.page.wait_for_timeout(500)
    watch.shot("lab-dark-scrubber")
    assert watch.errors == []
    assert watch.outside == []
