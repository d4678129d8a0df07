"""Lessons, the teacher's pages and documents, as pages."""

import re
from collections.abc import Iterator
from typing import Any

import nbformat

from gathering.pages import DOCUMENTS, Book, outside_code, relinked
from minisora.course.classroom import lesson_plan
from minisora.course.lessons import all_lessons

WIDGET = "application/vnd.jupyter.widget-view+json"
NOTE = '<p class="widget-note">A picture of the widget. It plays and answers in the notebook: <code>make lab</code></p>'


def write_lessons(book: Book) -> None:
    """Every lesson with its outputs, and the plan of the course.

    Args:
        book: that gets them.
    """
    terms = glossary_terms((book.folder / "glossary.md").read_text(encoding="utf-8"))
    lessons = [lesson for lesson in all_lessons(book.root / "notebooks") if lesson.notebook.exists()]
    for lesson in lessons:
        page = f"lessons/{lesson.name}"
        notebook = nbformat.read(lesson.notebook, as_version=4)
        notebook.metadata.pop("widgets", None)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = with_terms(relinked(book, cell.source, lesson.notebook, page), terms)
            else:
                cell.outputs = [shown for output in cell.outputs for shown in still(output)]
        book.write(f"{page}.ipynb", nbformat.writes(notebook) + "\n")
    plan = relinked(book, lesson_plan(lessons), book.root / "notebooks" / "teaching" / "x.md", "teaching/lesson_plan")
    book.write("teaching/lesson_plan.md", plan)


def still(output: Any) -> Iterator[Any]:
    """An output as a page without a kernel can show it.

    A widget answers only where Python runs. Its still is true in the book, a dead copy of its buttons would not be; so
    the book needs no widget manager, and says what is missing.

    Args:
        output: of a code cell.
    Yields:
        The output, and after a widget's still a line that says that it is one.
    """
    widget = output.get("data", {}).pop(WIDGET, None)
    yield output
    if widget:
        yield nbformat.v4.new_output("display_data", {"text/html": NOTE, "text/plain": "A picture of the widget."})


def glossary_terms(page: str) -> set[str]:
    """What the glossary explains.

    Args:
        page: its Markdown; a term is a line that a line of blanks and words follows.
    Returns:
        The terms, as they stand there.
    """
    return set(re.findall(r"^(\S[^\n]*)\n {2,}\S", page.partition(":sorted:")[2], re.MULTILINE))


def with_terms(text: str, terms: set[str]) -> str:
    """A new word of a lesson, which is bold there, leads to the glossary.

    Args:
        text: Markdown.
        terms: as of `glossary_terms`. Small and capital letters count: **time** is a word, **Time** heads a row.
    Returns:
        Markdown.
    """

    def lead(match: re.Match[str]) -> str:
        word = match[1]
        found = {word, word.removesuffix("s")} & terms
        return f"**{{term}}`{word} <{found.pop()}>`**" if found else match[0]

    return outside_code(text, lambda part: re.sub(r"\*\*([^*\n`]+)\*\*", lead, part))


def write_documents(book: Book) -> None:
    """The project's own documents.

    Args:
        book: that gets them.
    """
    for name, page in DOCUMENTS.items():
        if page != "index":
            text = (book.root / name).read_text(encoding="utf-8")
            book.write(f"{page}.md", relinked(book, text, book.root / name, page))
