"""Makes the recording of the studio: a real browser on the studio's own page, a sentence typed and a clip made.

python data/make_studio_recording.py    # needs Chromium and playwright
"""

import io
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from minisora.widgets.page import BROWSER_SWITCHES, find_browser, page_running

TARGET = Path(__file__).parent / "samples" / "studio.gif"
SIZE = {"width": 1024, "height": 640}
SENTENCE = "a large yellow star spinning and a small cyan ring moving up"
COLOURS = 128
PERIOD = 0.125  # seconds from one picture to the next
AFTER = 3.0  # seconds to watch the finished clip


class Recorder:
    """Pictures of a page, and for how long each was to be seen."""

    def __init__(self, page: Page) -> None:
        """Begin."""
        self.page = page
        self.pictures: list[Image.Image] = []
        self.times: list[float] = []

    def take(self) -> None:
        """One picture, not sooner than the period says."""
        if self.times:
            time.sleep(max(0.0, self.times[-1] + PERIOD - time.perf_counter()))
        self.times.append(time.perf_counter())
        self.pictures.append(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))

    def save(self, path: Path) -> None:
        """As a GIF of one palette."""
        palette = self.pictures[-1].quantize(COLOURS)
        frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in self.pictures]
        lasts = [max(20, round(1000 * (b - a))) for a, b in zip(self.times, self.times[1:], strict=False)] + [1500]
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=lasts, loop=0, optimize=True)


def main() -> None:
    """Open the page, type, generate, watch, save."""
    with page_running() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_SWITCHES)
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.locator(".ms-card").first.wait_for(timeout=180_000)
        page.wait_for_timeout(1500)
        recorder = Recorder(page)
        field, button = page.locator(".ms-studio textarea"), page.locator(".ms-go")
        field.fill("")
        for end in range(0, len(SENTENCE) + 1, 3):
            field.press_sequentially(SENTENCE[max(0, end - 3) : end])
            recorder.take()
        field.press_sequentially(SENTENCE[len(SENTENCE) // 3 * 3 :])
        button.click()
        begun, end = False, float("inf")
        while time.perf_counter() < end:
            recorder.take()
            begun = begun or button.text_content() == "Stop"
            if begun and end == float("inf") and button.text_content() == "Generate":
                end = time.perf_counter() + AFTER
        browser.close()
    recorder.save(TARGET)
    print(f"{TARGET}: {len(recorder.pictures)} pictures, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
