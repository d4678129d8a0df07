"""A book in the making: its pages, and links between files that become links between pages."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PIECES = ("api", "code", "house", "lessons", "pieces", "teaching")
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
DOCUMENTS = {
    "ARCHITECTURE.md": "house/architecture",
    "CONTRIBUTING.md": "house/taking_part",
    "notebooks/README.md": "house/writing_lessons",
    "README.md": "index",
}
LANGUAGES = {".py": "python", ".js": "javascript", ".yaml": "yaml", ".md": "markdown"}
LISTING = """---
orphan: true
---
# {target}

```{{literalinclude}} ../../{target}
:language: {language}
:linenos:
```
"""


@dataclass
class Book:
    """The pages of one build.

    Attributes:
        root: of the project.
        folder: the book's own.
        written: all that was gathered, so that what is left of an earlier build can be removed.
    """

    root: Path
    folder: Path
    written: set[Path] = field(default_factory=set)

    def write(self, name: str, text: str) -> None:
        """Write a page, unless it stands there already.

        Args:
            name: from the book's folder on.
            text: of the page.
        """
        path = self.folder / name
        self.written.add(path)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def sweep(self) -> None:
        """Remove what an earlier build gathered and this one did not."""
        for name in PIECES:
            for path in (self.folder / name).glob("*"):
                if path not in self.written:
                    path.unlink()


def relinked(book: Book, text: str, source: Path, page: str) -> str:
    """Markdown whose links to files of the project lead to their pages.

    Args:
        book: that gets a page for each file of code that is linked.
        text: Markdown.
        source: the file it comes from.
        page: the name of its page, without an ending.
    Returns:
        Markdown.
    """

    def lead(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(source.parent / match[1])).relative_to(book.root).as_posix()
        path = os.path.relpath(_page_of(book, target), Path(page).parent).replace(os.sep, "/")
        return f"]({path}{match[2] or ''})"

    return outside_code(text, lambda part: LINK.sub(lead, part))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change the prose and leave the code.

    Args:
        text: Markdown.
        change: what to do with a piece of prose.
    Returns:
        Markdown.
    """
    parts = CODE.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _page_of(book: Book, target: str) -> str:
    """The page of a file, from the book's folder on."""
    if target in DOCUMENTS:
        return f"{DOCUMENTS[target]}.md"
    if re.fullmatch(r"notebooks/\d\d_\w+\.ipynb", target):
        return f"lessons/{Path(target).name}"
    if re.fullmatch(r"notebooks/teaching/\d\d_\w+\.md", target):
        return "teaching/lesson_plan.md"
    return code_page(book, target)


def code_page(book: Book, target: str) -> str:
    """A page that shows a file as it is, with numbered lines.

    Args:
        book: that gets the page.
        target: the file, from the project's root on.
    Returns:
        The page's file, from the book's folder on.
    Raises:
        FileNotFoundError: there is no such file.
    """
    if not (book.root / target).is_file():
        raise FileNotFoundError(f"{target} is linked, but it is no file of the project")
    page = f"code/{target.replace('/', '.')}.md"
    book.write(page, LISTING.format(target=target, language=LANGUAGES.get(Path(target).suffix, "text")))
    return page
