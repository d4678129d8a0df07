"""Gathers the book's pages from where their one source lies: lessons, teacher's pages, documents, code, API.

What it writes is ignored by git, and only written anew where it changed, so that a second build is quick. A link from
one of these files to another file of the project leads to that file's page in the book. Read `pages.py` first.
"""

from pathlib import Path

from gathering.api import write_api
from gathering.lessons import write_documents, write_lessons
from gathering.pages import Book
from gathering.showing import write_clips, write_papers

__all__ = ["gather"]


def gather(root: Path, folder: Path) -> None:
    """Write all pages that are made of other files.

    Args:
        root: of the project.
        folder: the book's own.
    """
    book = Book(root, folder)
    for write in (write_lessons, write_documents, write_api, write_clips, write_papers):
        write(book)
    book.sweep()
