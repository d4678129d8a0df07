"""From a click to the first preview and to the finished clip: the median of twenty, in the kernel and in a browser.

    python benchmarks/studio.py            # from the message that a click sends
    python benchmarks/studio.py --browser  # from the click itself, on the studio's own page (needs Chromium)
    python benchmarks/studio.py --json studio.json

Each of the twenty sentences is another one. A preview is the first picture of the clip in the making, which is the
layout as rings; a finished clip is decoded, graded and shown.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import PromptStudio
from minisora.widgets.page import BROWSER_SWITCHES, find_browser, page_running

PATIENCE = 120.0  # seconds

# Watches the page from the click on: when a picture of a clip in the making is there, and when the clip is.
CLICK = """async () => {
  const root = document.querySelector(".ms-studio");
  const go = root.querySelector(".ms-go");
  const screen = root.querySelector(".ms-screen");
  const start = performance.now();
  let preview = null;
  let begun = false;
  go.click();
  return await new Promise((done) => {
    const watch = () => {
      const now = performance.now() - start;
      if (preview === null && screen.hasAttribute("data-live")) preview = now;
      begun ||= go.textContent === "Stop";
      if (begun && go.textContent === "Generate") done([preview, now]);
      else requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
}"""


@dataclass(frozen=True)
class Row:
    """Seconds: medians and the slowest of all clips but the first."""

    place: str
    preview: float
    slowest_preview: float
    finished: float
    slowest_finished: float


def sentences(pipe: TextToVideoPipeline, count: int) -> list[str]:
    """Captions of random scenes of one and of two actors.

    Args:
        pipe: whose world is described.
        count: how many.
    Returns:
        As many sentences.
    """
    rng = np.random.default_rng(0)
    scenes = [pipe.world.sample(rng, "two" if k % 2 else "one") for k in range(count)]
    return [pipe.world.write(scene, rng).text for scene in scenes]


def row(place: str, taken: list[tuple[float, float]]) -> Row:
    """A line of the table.

    Args:
        place: where it was measured.
        taken: seconds to the preview and to the finished clip, the first of which does not count.
    Returns:
        The line.
    """
    previews, finished = zip(*taken[1:], strict=True)
    return Row(place, statistics.median(previews), max(previews), statistics.median(finished), max(finished))


def in_the_kernel(pipe: TextToVideoPipeline, prompts: list[str]) -> Row:
    """From the message that a click sends until the studio holds a picture to show.

    Args:
        pipe: the model.
        prompts: sentences.
    Returns:
        A line of the table.
    """
    studio = PromptStudio(pipe, opening=False)
    previews: list[float] = []
    studio.observe(lambda _: previews.append(time.perf_counter()), "shown")
    taken = []
    for prompt in prompts:
        previews.clear()
        start = time.perf_counter()
        studio._heard(studio, {"do": "generate", "form": {**studio.form, "prompt": prompt}}, [])
        studio.wait(PATIENCE)
        taken.append((previews[0] - start, time.perf_counter() - start))
    studio.close()
    return row("kernel", taken)


def in_a_browser(prompts: list[str]) -> Row:
    """From the click until it is to be seen.

    Args:
        prompts: sentences.
    Returns:
        A line of the table.
    """
    from playwright.sync_api import sync_playwright

    with page_running() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_SWITCHES)
        page = browser.new_page()
        page.goto(address)
        page.locator(".ms-card").first.wait_for(timeout=1000 * PATIENCE)
        taken = []
        for prompt in prompts:
            page.locator(".ms-studio textarea").fill(prompt)
            page.wait_for_timeout(500)
            preview, finished = page.evaluate(CLICK)
            taken.append((preview / 1000, finished / 1000))
        browser.close()
    return row("browser", taken)


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=20, help="sentences")
    parser.add_argument("--browser", action="store_true", help="measure in a real browser, too")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    args = parser.parse_args()
    pipe = TextToVideoPipeline.from_pretrained("nano")
    prompts = sentences(pipe, args.clips + 1)
    rows = [in_the_kernel(pipe, prompts), *([in_a_browser(prompts)] if args.browser else [])]
    print(f"{'from a click, seconds':<22} {'preview':>8} {'slowest':>8} {'finished':>9} {'slowest':>8}")
    for each in rows:
        numbers: list[Any] = [each.preview, each.slowest_preview, each.finished, each.slowest_finished]
        print(f"{each.place:<22} {numbers[0]:8.2f} {numbers[1]:8.2f} {numbers[2]:9.2f} {numbers[3]:8.2f}")
    if args.json:
        args.json.write_text(json.dumps([asdict(each) for each in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
