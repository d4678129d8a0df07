"""What the book gathers: links lead to pages, widgets show their stills, terms lead to the glossary."""

import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "book"


sys.path.append(str(FOLDER))  # where Sphinx finds it, too

from gathering import api, lessons, pages  # noqa: E402


@pytest.fixture
def book(tmp_path: Path) -> pages.Book:
    """A book that is written elsewhere."""
    return pages.Book(ROOT, tmp_path)


def test_a_link_to_code_leads_to_a_page_that_shows_it(book: pages.Book) -> None:
    source = ROOT / "notebooks" / "03_from_noise_to_data.ipynb"
    text = pages.relinked(book, "see [the loss](../minisora/diffusion/flow.py) `[x](y)`", source, "lessons/03")
    assert text == "see [the loss](../code/minisora.diffusion.flow.py.md) `[x](y)`"
    assert "minisora/diffusion/flow.py" in (book.folder / "code" / "minisora.diffusion.flow.py.md").read_text()


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("00_start_here.ipynb", "00_start_here.ipynb"),
        ("../ARCHITECTURE.md#rooms", "../house/architecture.md#rooms"),
        ("https://example.org/a.py", "https://example.org/a.py"),
        ("#recap", "#recap"),
    ],
)
def test_other_links_lead_to_their_pages(book: pages.Book, link: str, page: str) -> None:
    source = ROOT / "notebooks" / "03_from_noise_to_data.ipynb"
    assert pages.relinked(book, f"[x]({link})", source, "lessons/03") == f"[x]({page})"


def test_a_link_to_nothing_is_an_error(book: pages.Book) -> None:
    with pytest.raises(FileNotFoundError, match="no_such"):
        pages.relinked(book, "[x](../minisora/no_such.py)", ROOT / "notebooks" / "x.ipynb", "lessons/x")


def test_a_widget_shows_its_still_and_says_so() -> None:
    data = {lessons.WIDGET: {"model_id": "1"}, "image/png": "aGk=", "text/plain": "a clip"}
    still, note = lessons.still(nbformat.v4.new_output("display_data", data))
    assert set(still["data"]) == {"image/png", "text/plain"}
    assert "make lab" in note["data"]["text/html"]
    plain = nbformat.v4.new_output("stream", text="hello")
    assert list(lessons.still(plain)) == [plain]


def test_a_bold_word_leads_to_the_glossary() -> None:
    terms = lessons.glossary_terms((FOLDER / "glossary.md").read_text(encoding="utf-8"))
    assert lessons.with_terms("a **layout** and **guidances**, **Time** **now**, `**layout**`", terms) == (
        "a **{term}`layout <layout>`** and **{term}`guidances <guidance>`**, **Time** **now**, `**layout**`"
    )


def test_every_paper_that_is_cited_stands_in_the_bibliography() -> None:
    known = (FOLDER / "papers.yaml").read_text(encoding="utf-8")
    files = [*(ROOT / "minisora").rglob("*.py"), *(ROOT / "notebooks" / "src").glob("*.py")]
    cited = {
        (number, file.name)
        for file in files
        for number in re.findall(r"arXiv\s+(\d{4}\.\d{5})", file.read_text(encoding="utf-8"))
    }
    assert cited
    assert [pair for pair in sorted(cited) if pair[0] not in known] == []


def test_papers_are_ours_to_word_and_in_order_of_their_years() -> None:
    papers = yaml.safe_load((FOLDER / "papers.yaml").read_text(encoding="utf-8"))
    assert [paper["year"] for paper in papers] == sorted(paper["year"] for paper in papers)
    assert all(paper["what"].endswith(".") for paper in papers)


def test_every_room_has_its_place_in_the_api() -> None:
    found = [room for room, _, _ in api.rooms((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))]
    assert found[:2] == ["minisora.errors", "minisora.world"]
    assert found[-1] == "minisora.cli"
    names = dict(api.exported(ROOT / "minisora" / "data" / "__init__.py"))
    assert names["video_folder"] == "minisora.data.folder"


def test_a_markdown_table_in_a_docstring_becomes_a_list() -> None:
    lines = ["Kinds:", "| a | b |", "|---|---|", "| 1 | 2 |", "End."]
    api.as_rst(None, "module", "x", None, None, lines)
    assert [line.strip() for line in lines if "- " in line] == ["* - a", "- b", "* - 1", "- 2"]
    assert lines[-2:] == ["", "End."] or "End." in lines


def test_the_clips_of_the_book_are_there() -> None:
    folder = FOLDER / "_static" / "clips"
    record = json.loads((folder / "clips.json").read_text(encoding="utf-8"))
    files = {entry["file"] for entry in record["clips"]}
    assert {path.name for path in folder.glob("*.gif")} == files
    assert sum((folder / name).stat().st_size for name in files) < 1_500_000
