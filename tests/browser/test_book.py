"""The book in a browser: nothing comes from elsewhere, clips play, it reads on a phone and in the dark."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

from tests.browser.conftest import Watch, free_port, open_page, served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]  # the first one builds the book
# A picture, a script or a style that a page would fetch; links that a reader may click are another thing.
LOADS = re.compile(
    r'<(?:script|img|iframe|video|source)[^>]*\ssrc="(?:https?:)?//'
    r'|<link[^>]*rel="(?:stylesheet|preload)"[^>]*href="(?:https?:)?//'
)
PAGES = {
    "front": "index.html",
    "lesson-00": "lessons/00_start_here.html",
    "lesson-03": "lessons/03_from_noise_to_data.html",
    "gallery": "gallery.html",
    "api": "api/minisora.diffusion.html",
    "glossary": "glossary.html",
    "plan": "teaching/lesson_plan.html",
}


class Page(HTMLParser):
    """What a page links, and the places in it that can be linked."""

    def __init__(self, path: Path) -> None:
        """Read it."""
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what counts."""
        found = dict(attributes)
        self.places |= {found.get("id") or "", (found.get("name") if tag == "a" else "") or ""}
        for name in ("href", "src"):
            if link := found.get(name):
                self.links.add(link)


def pages_of(site: Path) -> list[Path]:
    """All pages; beside the styles lie the theme's own templates, which are none."""
    return [path for path in site.rglob("*.html") if path.relative_to(site).parts[0] != "_static"]


def test_every_inner_link_leads_somewhere(book_site: Path) -> None:
    pages = {path.resolve(): Page(path) for path in pages_of(book_site)}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("http:", "https:", "data:", "mailto:")):
                continue
            target, place = urldefrag(link.partition("?")[0])
            file = (path.parent / unquote(target)).resolve() if target else path
            if not file.exists() or (file in pages and place and unquote(place) not in pages[file].places):
                broken.append(f"{path.name}: {link}")
    assert broken == []


def test_no_page_loads_anything_from_elsewhere(book_site: Path) -> None:
    assert [path.name for path in pages_of(book_site) if LOADS.search(path.read_text(encoding="utf-8"))] == []


@pytest.fixture(scope="module")
def address(book_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the book is served."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(book_site)]
    url = f"http://127.0.0.1:{port}/"
    with served(command, url, tmp_path_factory.mktemp("served")):
        yield url


def opened(browser: Any, url: str, width: int, theme: str) -> Iterator[Watch]:
    """A page of the book; what it reads of the reader's wish is the theme's own setting."""
    for watch in open_page(browser, width):
        watch.page.emulate_media(color_scheme=theme)
        watch.page.goto(url)
        watch.page.wait_for_load_state("networkidle")
        yield watch


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well(browser: Any, address: str, name: str, theme: str, width: int) -> None:
    for watch in opened(browser, address + PAGES[name], width, theme):
        page = watch.page
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        dead = "[...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src)"
        assert page.evaluate(dead) == []
        watch.shot(f"book-{name}-{theme}-{width}")


def test_every_lesson_fits_a_phone(browser: Any, address: str, book_site: Path) -> None:
    wide = []
    for watch in opened(browser, address, 390, "light"):
        for lesson in sorted((book_site / "lessons").glob("*.html")):
            watch.page.goto(f"{address}lessons/{lesson.name}")
            wide += [lesson.name] if watch.page.evaluate("document.documentElement.scrollWidth") > 390 else []
    assert wide == []


def test_clips_of_a_lesson_play(browser: Any, address: str) -> None:
    for watch in opened(browser, address + PAGES["lesson-00"], 1280, "light"):
        page = watch.page
        page.wait_for_function("[...document.querySelectorAll('video')].every((video) => video.readyState >= 3)")
        for number in range(page.locator("video").count()):  # a muted one starts when it comes into view
            page.locator("video").nth(number).scroll_into_view_if_needed()
            page.wait_for_function("(n) => document.querySelectorAll('video')[n].currentTime > 0", arg=number)
        assert page.evaluate("document.querySelectorAll('video').length") >= 2


def test_a_clip_pauses_when_it_is_clicked_and_goes_on(browser: Any, address: str) -> None:
    for watch in opened(browser, address, 1280, "light"):
        clip = watch.page.locator("img.moving").first
        moving = clip.get_attribute("src")
        clip.click()
        assert str(clip.get_attribute("src")).startswith("data:image/png")
        clip.press(" ")
        assert str(clip.get_attribute("src")).endswith(str(moving))


def test_words_of_outputs_can_be_read_in_the_dark(browser: Any, address: str) -> None:
    for watch in opened(browser, address + PAGES["lesson-03"], 1280, "dark"):
        paper = "getComputedStyle(document.querySelector('.cell_output .text_html')).backgroundColor"
        assert watch.page.evaluate(paper) == "rgba(0, 0, 0, 0)"


def test_folded_code_and_solutions_open(browser: Any, address: str) -> None:
    for watch in opened(browser, address + PAGES["lesson-03"], 390, "light"):
        page = watch.page
        for closed in ("details.hide.above-input", "details:has(> summary:text-is('Solution'))"):
            fold = page.locator(closed).first
            fold.locator("summary").click()
            assert fold.locator("pre").first.is_visible()
        assert page.locator("math").count() > 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
