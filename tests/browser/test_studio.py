"""The studio in a real browser, in a notebook (light and dark) and on its own page: everything that a person does.

The tests of one place share its page and run in order; each leaves the studio idle with a clip in it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.studio_page import PATIENCE, StudioPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACES = ["studio_in_light_lab", "studio_in_dark_lab", "studio_alone"]
HOSTILE = [
    '<img src=x onerror="window.hacked=1"> a red circle',
    "</script><script>window.hacked=1</script> a red circle",
    "\u202ea red circle\u202c \u200f moving left",
    "a red circle \U0001f600\U0001f9d1\u200d\U0001f680 moving left",
]


@pytest.fixture(params=PLACES)
def studio(request: pytest.FixtureRequest) -> Iterator[StudioPage]:
    page: StudioPage = request.getfixturevalue(request.param)
    page.idle()
    yield page
    assert page.watch.errors == []
    assert page.watch.outside == []


def test_it_opens_with_a_clip(studio: StudioPage) -> None:
    studio.cards.first.wait_for(timeout=PATIENCE)
    assert studio.pixels().std() > 5
    assert studio.root.locator(".ms-word").count() > 5
    studio.shot("opening")


def test_pixels_are_crisp_and_enlarged_by_a_whole_factor(studio: StudioPage) -> None:
    studio.stand()
    box = studio.canvas.bounding_box()
    height, width, _ = studio.pixels().shape
    factor = box["width"] / width
    assert factor == int(factor) >= 4
    assert box["height"] == factor * height
    assert studio.canvas.evaluate("(node) => getComputedStyle(node).imageRendering") == "pixelated"


def test_the_canvas_shows_the_very_pixels(studio: StudioPage) -> None:
    studio.stand()
    with studio.page.expect_download(timeout=PATIENCE) as saved:
        studio.root.get_by_label("format").select_option(".png")
        studio.press("Save")
    sheet = np.asarray(Image.open(saved.value.path()).convert("RGB"))
    shown = studio.pixels()
    scale = 512 // max(shown.shape[:2])
    first = sheet[2 : 2 + scale * shown.shape[0] : scale, 2 : 2 + scale * shown.shape[1] : scale]
    assert np.abs(first.astype(int) - shown[..., :3]).max() <= 1  # the invisible mark is in the file, not on the page


def test_typing_marks_unknown_words_and_goes_on(studio: StudioPage) -> None:
    studio.type("a red elephant mov")
    studio.root.locator(".ms-unknown").get_by_text("elephant").wait_for(timeout=PATIENCE)
    studio.root.get_by_role("option", name="moving left").first.wait_for(timeout=PATIENCE)
    studio.shot("typing")
    studio.area.press("ArrowDown")
    studio.area.press("Enter")
    assert studio.area.input_value().startswith("a red elephant moving")
    studio.root.get_by_text("“elephant” is not known.").wait_for(timeout=PATIENCE)


def test_chips_build_a_sentence(studio: StudioPage) -> None:
    studio.area.fill("a red circle")
    if not studio.root.locator(".ms-build").get_attribute("open"):
        studio.root.get_by_text("Build it from words").click()
    studio.root.get_by_role("button", name="purple", exact=True).click()
    studio.page.wait_for_function(
        "(node) => node.value === 'a purple circle'", arg=studio.area.element_handle(), timeout=PATIENCE
    )
    assert studio.root.get_by_role("button", name="purple", exact=True).get_attribute("aria-pressed") == "true"
    studio.shot("chips")
    studio.root.get_by_text("Build it from words").click()


def test_generate_is_seen_in_the_making_and_graded(studio: StudioPage) -> None:
    count = studio.cards.count()
    studio.area.fill("a large yellow star spinning on a navy background")
    studio.go.click()
    studio.busy()
    studio.root.locator("[data-live]").wait_for(timeout=PATIENCE)
    studio.shot("denoising")
    studio.more_cards(count)
    studio.says("Generated in")
    assert studio.root.locator(".ms-right, .ms-wrong").count() >= 6
    studio.page.wait_for_timeout(1200)  # until every word has lit up
    studio.shot("graded")


def test_two_quick_clicks_are_one_clip_and_stop(studio: StudioPage) -> None:
    count = studio.cards.count()
    studio.root.get_by_label("frames").fill("81")
    studio.go.click()
    studio.busy()
    studio.go.click()
    studio.says("Stopped at")
    studio.idle()
    assert studio.cards.count() == count
    studio.root.get_by_label("frames").fill("17")


def test_scrub_step_and_slice(studio: StudioPage) -> None:
    studio.stand()
    assert studio.frame() == 0
    studio.page.keyboard.press("ArrowRight")
    assert studio.frame() == 1
    studio.page.keyboard.press("End")
    assert studio.frame() == int(studio.root.locator(".ms-scrub").get_attribute("max"))
    studio.page.keyboard.press("Space")
    studio.page.wait_for_function(
        "(node) => Number(node.value) > 1 && Number(node.value) < 15",
        arg=studio.root.locator(".ms-scrub").element_handle(),
    )
    studio.canvas.click(position={"x": 10, "y": 10})
    there = studio.frame()
    studio.page.wait_for_timeout(400)
    assert studio.frame() == there
    studio.page.keyboard.press("x")
    slice_canvas = studio.root.locator(".ms-slice canvas")
    slice_canvas.wait_for()
    height, width, _ = studio.pixels().shape
    assert slice_canvas.evaluate("(node) => [node.width, node.height]") == [width, 17]
    studio.page.keyboard.press("x")
    assert slice_canvas.evaluate("(node) => [node.width, node.height]") == [17, height]
    studio.shot("slice")
    studio.page.keyboard.press("x")
    assert not slice_canvas.is_visible()


def test_extend_loop_edit_and_animate(studio: StudioPage) -> None:
    studio.make("a small red circle moving right", seed=0)
    for name, frames in (("Extend", 33), ("Loop", None)):
        count = studio.cards.count()
        studio.press(name)
        studio.more_cards(count)
        if frames:
            assert studio.root.locator(".ms-scrub").get_attribute("max") == str(frames - 1)
    count = studio.cards.count()
    studio.press("Edit")
    studio.says("Change the sentence first")
    studio.area.fill("a small green circle moving right")
    studio.press("Edit")
    studio.more_cards(count)
    studio.says("Edited in")
    studio.stand()
    studio.page.keyboard.press("ArrowRight")
    studio.press("Animate from here")
    studio.more_cards(count + 1)
    studio.says("From frame 2")


def test_buttons_take_the_steps_of_the_field(studio: StudioPage) -> None:
    count = studio.cards.count()
    steps = studio.root.get_by_label("steps")
    own = steps.input_value()
    steps.fill("5")
    studio.press("Loop")
    studio.more_cards(count)
    studio.press("Copy as Python")
    studio.says("Copied")
    assert ".with_settings(num_inference_steps=5).loop(" in studio.page.evaluate("navigator.clipboard.readText()")
    steps.fill(own)


def test_save_in_every_format(studio: StudioPage) -> None:
    for ending, start in ((".mp4", b"ftyp"), (".gif", b"GIF8"), (".png", b"\x89PNG")):
        studio.root.get_by_label("format").select_option(ending)
        with studio.page.expect_download(timeout=PATIENCE) as saved:
            studio.press("Save")
        assert saved.value.suggested_filename.endswith(ending)
        assert start in saved.value.path().read_bytes()[:12]
        studio.says("Saved")


def test_copy_as_python(studio: StudioPage) -> None:
    studio.press("Copy as Python")
    studio.says("Copied")
    code = studio.page.evaluate("navigator.clipboard.readText()")
    assert "TextToVideoPipeline.from_pretrained('nano')" in code
    compile(code, "copied", "exec")


def test_the_history_brings_a_clip_back(studio: StudioPage) -> None:
    studio.make("a large blue square bouncing", seed=5)
    studio.make("a small white ring moving up", seed=6)
    studio.stand()
    last = studio.pixels()
    studio.cards.nth(1).click()
    studio.says("seed 5")
    assert studio.area.input_value() == "a large blue square bouncing"
    assert studio.root.get_by_label("seed", exact=True).input_value() == "5"
    studio.page.wait_for_timeout(300)
    studio.stand()
    assert (studio.pixels() != last).any()
    studio.shot("restored")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing(studio: StudioPage, text: str) -> None:
    studio.make(text)
    studio.cards.first.click()
    assert studio.page.evaluate("window.hacked") is None
    assert studio.root.locator("img[onerror], script").count() == 0
    studio.shot(f"hostile-{HOSTILE.index(text)}")


def test_far_too_long_a_text_is_a_message(studio: StudioPage) -> None:
    count = studio.cards.count()
    studio.area.fill("red " * 2500)
    studio.root.locator(".ms-suggestions").get_by_text("10,000 characters").wait_for(timeout=PATIENCE)
    studio.go.click()
    studio.says("Shorten it")
    studio.idle()
    assert studio.cards.count() == count
    studio.shot("too-long")
    studio.area.fill("a red circle")


def test_a_mistake_names_the_nearest_legal_value(studio: StudioPage) -> None:
    studio.root.get_by_label("frames").fill("18")
    studio.go.click()
    studio.says("num_frames=17 or 21")
    studio.root.get_by_label("frames").fill("17")


def test_everything_has_a_name_and_can_be_reached(studio: StudioPage) -> None:
    nameless = studio.root.evaluate(
        """(node) => [...node.querySelectorAll("button, input, select, textarea, [role=img]")]
          .filter((each) => !each.textContent.trim() && !each.getAttribute("aria-label") && !each.labels?.length)
          .map((each) => each.outerHTML)"""
    )
    assert nameless == []
    studio.area.focus()
    reached = set()
    for _ in range(24):
        studio.page.keyboard.press("Tab")
        reached.add(studio.page.evaluate("document.activeElement.textContent"))
    assert {"Generate", "Surprise me"} <= reached


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_into_the_page(studio: StudioPage, width: int) -> None:
    studio.page.set_viewport_size({"width": width, "height": 900})
    studio.page.wait_for_timeout(500)
    over = studio.root.evaluate("(node) => node.scrollWidth - node.clientWidth")
    assert over <= 0
    studio.shot(f"{width}")
    studio.page.set_viewport_size({"width": 1280, "height": 900})


def test_leaving_the_page_with_clips_asks_first(studio_alone: StudioPage) -> None:
    page: Any = studio_alone.page
    studio_alone.make("a red star", seed=2)
    count, asked = studio_alone.cards.count(), []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("() => { setTimeout(() => window.location.reload(), 0); }")
    page.wait_for_timeout(1000)
    assert asked == ["beforeunload"]
    studio_alone.make("a red star", seed=3)  # the kernel is there as before
    assert studio_alone.cards.count() == count + 1


def test_a_notebook_that_is_loaded_anew_finds_all_clips(studio_in_dark_lab: StudioPage, dark_lab: str) -> None:
    page: Any = studio_in_dark_lab.page
    count, text = studio_in_dark_lab.cards.count(), "a large green ring falling"
    studio_in_dark_lab.area.fill(text)
    page.wait_for_timeout(500)  # until that has been read
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.goto(dark_lab.format("studio.ipynb").replace("&reset", ""))
    again = StudioPage(studio_in_dark_lab.watch, "anew")
    again.cards.nth(count - 1).wait_for(timeout=PATIENCE)
    assert again.area.input_value() == text
    again.cards.nth(count - 1).click()
    again.says("Clip ")
    again.shot("lab")


def test_it_works_after_the_kernel_was_restarted(studio_in_light_lab: StudioPage) -> None:
    page: Any = studio_in_light_lab.page
    page.evaluate(
        """async () => {
          const panels = [...window.jupyterapp.shell.widgets("main")];
          const panel = panels.find((each) => each.context?.path?.endsWith(".ipynb"));
          await panel.sessionContext.session.kernel.restart();
          await panel.sessionContext.session.kernel.info;
          await window.jupyterapp.commands.execute("notebook:run-all-cells");
        }"""
    )
    page.wait_for_function("() => document.querySelectorAll('.ms-studio .ms-card').length === 1", timeout=PATIENCE)
    again = StudioPage(studio_in_light_lab.watch, "again")
    again.make("a red star falling", seed=1)
    assert again.cards.count() == 2
