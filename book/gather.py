"""Gathers the book's pages from where their one source lies: lessons, the teacher's pages, documents, code and API.

What it writes is ignored by git, and only written anew where it changed, so that a second build is quick. A link from one
of these files to another file of the project leads to that file's page in the book.
"""

import ast
import html
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

from minisora.course.classroom import lesson_plan
from minisora.course.lessons import all_lessons

CLIPS = "_static/clips"
PIECES = ("api", "code", "house", "lessons", "pieces", "teaching")
WIDGET = "application/vnd.jupyter.widget-view+json"
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
DOCUMENTS = {
    "ARCHITECTURE.md": "house/architecture",
    "CONTRIBUTING.md": "house/taking_part",
    "notebooks/README.md": "house/writing_lessons",
    "README.md": "index",
}
NOTE = '<p class="widget-note">A picture of the widget. It plays and answers in the notebook: <code>make lab</code></p>'


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


def gather(root: Path, folder: Path) -> None:
    """Write all pages that are made of other files.

    Args:
        root: of the project.
        folder: the book's own.
    """
    book = Book(root, folder)
    _lessons(book)
    _documents(book)
    _api(book)
    _gallery(book)
    _papers(book)
    book.sweep()


# --- links ------------------------------------------------------------------------------------------------------------


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

    return _outside_code(text, lambda part: LINK.sub(lead, part))


def _outside_code(text: str, change: Any) -> str:
    parts = FENCE.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _page_of(book: Book, target: str) -> str:
    """The page of a file, from the book's folder on."""
    if target in DOCUMENTS:
        return f"{DOCUMENTS[target]}.md"
    if re.fullmatch(r"notebooks/\d\d_\w+\.ipynb", target):
        return f"lessons/{Path(target).name}"
    if re.fullmatch(r"notebooks/teaching/\d\d_\w+\.md", target):
        return "teaching/lesson_plan.md"
    return _code_page(book, target)


def _code_page(book: Book, target: str) -> str:
    """A page that shows a file as it is, with numbered lines."""
    name = f"code/{target.replace('/', '.')}"
    if not (book.root / target).is_file():
        raise FileNotFoundError(f"{target} is linked, but it is no file of the project")
    language = {".py": "python", ".js": "javascript", ".yaml": "yaml", ".md": "markdown"}.get(Path(target).suffix, "text")
    book.write(
        f"{name}.md",
        f"---\norphan: true\n---\n# {target}\n\n```{{literalinclude}} ../../{target}\n:language: {language}\n:linenos:\n```\n",
    )
    return f"{name}.md"


# --- lessons and documents --------------------------------------------------------------------------------------------


def _lessons(book: Book) -> None:
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

    A widget answers only where Python runs. Its still is true in the book, a dead copy of its buttons would not be; so the
    book needs no widget manager, and says what is missing.

    Args:
        output: of a code cell.
    Yields:
        The output, and after a widget's still a line that says that it is one.
    """
    widget = output.get("data", {}).pop(WIDGET, None)
    yield output
    if widget:
        yield nbformat.v4.new_output("display_data", {"text/html": NOTE, "text/plain": "A picture of the widget."})


def glossary_terms(page: str) -> dict[str, str]:
    """What the glossary explains.

    Args:
        page: its Markdown; a term is a line that a line of four blanks follows.
    Returns:
        The term as it stands there by its lower-case form.
    """
    terms = re.findall(r"^(\S[^\n]*)\n {2,}\S", page.partition(":sorted:")[2], re.MULTILINE)
    return {term.lower(): term for term in terms}


def with_terms(text: str, terms: dict[str, str]) -> str:
    """A new word of a lesson, which is bold there, leads to the glossary.

    Args:
        text: Markdown.
        terms: as of `glossary_terms`.
    Returns:
        Markdown.
    """

    def lead(match: re.Match[str]) -> str:
        word = match[1]
        found = terms.get(word.lower()) or terms.get(word.lower().removesuffix("s"))
        return f"**{{term}}`{word} <{found}>`**" if found else match[0]

    return _outside_code(text, lambda part: re.sub(r"\*\*([^*\n`]+)\*\*", lead, part))


def _documents(book: Book) -> None:
    for name, page in DOCUMENTS.items():
        if page != "index":
            text = (book.root / name).read_text(encoding="utf-8")
            book.write(f"{page}.md", relinked(book, text, book.root / name, page))


# --- the API ----------------------------------------------------------------------------------------------------------


def rooms(architecture: str) -> list[tuple[str, str, str]]:
    """The rooms in the order of ARCHITECTURE.md.

    Args:
        architecture: its text.
    Returns:
        For each the module, what it takes and what it gives.
    """
    found = re.findall(r"^\| `minisora/(\w+)(?:\.py)?` \|([^|]*)\|([^|]*)\|", architecture, re.MULTILINE)
    return [(f"minisora.{name}", takes.strip(), gives.strip()) for name, takes, gives in found]


def _api(book: Book) -> None:
    found = rooms((book.root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    rows = "".join(f"| [{room}]({room}.rst) | {takes} | {gives} |\n" for room, takes, gives in found)
    entries = "\n".join(room for room, _, _ in found)
    book.write(
        "api/index.md",
        "# The package, room by room\n\nImports point down this list, never up: read it from the top, or look up a name.\n\n"
        f"| room | takes | gives |\n|---|---|---|\n{rows}\n```{{toctree}}\n:hidden:\n{entries}\n```\n",
    )
    for room, _, _ in found:
        book.write(f"api/{room}.rst", _room_page(book.root, room))


def _room_page(root: Path, room: str) -> str:
    """What a room exports; of a room that exports nothing itself, what each of its files does."""
    parts = [f"{room}\n{'=' * len(room)}\n", f".. automodule:: {room}\n   :no-members:\n   :no-index:\n"]
    path = root.joinpath(*room.split("."))
    names = exported(path / "__init__.py") if path.is_dir() else []
    if names:
        parts.append(f".. currentmodule:: {room}\n")
        parts += [_directive(room, name, home) for name, home in names]
    elif path.is_dir():
        parts += [_file_section(f"{room}.{file.stem}") for file in sorted(path.glob("[a-z]*.py"))]
    else:
        parts[1] = f".. automodule:: {room}\n   :members:\n"
    return "\n".join(parts)


def _file_section(module: str) -> str:
    title = module.rpartition(".")[2]
    return f"{title}\n{'-' * len(title)}\n\n.. automodule:: {module}\n   :members:\n"


def exported(init: Path) -> list[tuple[str, str]]:
    """The names in a room's `__all__`, in the order of the files that they come from.

    Args:
        init: the room's `__init__.py`.
    Returns:
        Names, each with the module that it lies in.
    """
    tree = ast.parse(init.read_text(encoding="utf-8"))
    homes = {
        alias.asname or alias.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("minisora.")
        for alias in node.names
    }
    listed: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            listed = ast.literal_eval(node.value)
    own = f"minisora.{init.parent.name}"
    order = list(homes)
    return sorted(((name, homes.get(name, own)) for name in listed), key=lambda pair: (
        order.index(pair[0]) if pair[0] in homes else -1))  # fmt: skip


def _directive(room: str, name: str, home: str) -> str:
    """One entry; what kind it is is asked of the object itself."""
    from importlib import import_module

    thing = getattr(import_module(room), name)
    if isinstance(thing, type):
        return f".. autoclass:: {name}\n   :members:\n"
    if callable(thing) and hasattr(thing, "__code__"):
        return f".. autofunction:: {name}\n"
    return f".. py:data:: {name}\n\n   {_comment(home, name)}\n"


def _comment(home: str, name: str) -> str:
    """What stands beside a constant in its file: the comment behind it, or the string below it, or what it is."""
    from importlib import import_module, util

    spec = util.find_spec(home)
    assert spec is not None and spec.origin is not None  # noqa: S101 - it was imported a moment ago
    found = re.search(rf"^{name}\b[^\n]*?=[^\n]*?  # ([^\n]+)", Path(spec.origin).read_text(encoding="utf-8"), re.MULTILINE)
    kind = type(getattr(import_module(home), name)).__name__
    return found[1] if found else f"A `{kind}`, of ``{home}``."


def as_rst(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Our docstrings as Sphinx reads them: code that is set in, names of modules as links, Markdown's tables.

    Args:
        lines: of one docstring, changed in place.
    """
    text = re.sub(r"^([^\s.:].*)\n\n(?= {4}\S)", r"\1\n\n::\n\n", "\n".join(lines), flags=re.MULTILINE)  # set in: code
    text = re.sub(r"(?<!`)`(minisora\.[\w.]+)`(?!`)", r":py:obj:`\1`", text)
    lines[:] = [*_tables(text.splitlines())]


def _tables(lines: Iterable[str]) -> Iterator[str]:
    """Markdown's tables as lists of rows."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line.lstrip().startswith("| "):
            block.append(line)
            continue
        if not line.lstrip().startswith("|--"):
            yield from _table(block)
            block = []
            yield line


def _table(block: list[str]) -> Iterator[str]:
    if block:
        yield from ("", ".. list-table::", "   :header-rows: 1", "")
        for row in block:
            first, *rest = (cell.strip() for cell in row.strip().strip("|").split("|"))
            yield f"   * - {first}"
            yield from (f"     - {cell}" for cell in rest)
        yield ""


# --- gallery and papers -----------------------------------------------------------------------------------------------


def card(entry: dict[str, Any], hero: bool = False) -> str:
    """A clip with what it is, as HTML.

    Args:
        entry: of `clips/clips.json`.
        hero: whether it is the one on top of the front page.
    Returns:
        A figure.
    """
    width, height = entry["size"]
    words, code = html.escape(entry["words"]), html.escape(entry["code"])
    about = "".join(f"<li>{html.escape(line)}</li>" for line in entry["about"])
    title = "" if entry["page"] == "front" else f"<strong>{html.escape(entry['title'])}</strong>"
    caption = f"<span>{words}</span>" if entry["page"] == "front" else f"<code>{code}</code>"
    return (
        f'<figure class="clip{" hero" if hero else ""}"><img class="moving" src="{CLIPS}/{entry["file"]}" alt="{words}" '
        f'width="{width}" height="{height}"><figcaption>{title}{caption}<ul>{about}</ul></figcaption></figure>'
    )


def _gallery(book: Book) -> None:
    """The gallery, and the front page's clips."""
    record = json.loads((book.folder / CLIPS / "clips.json").read_text(encoding="utf-8"))
    first, *others = [entry for entry in record["clips"] if entry["page"] == "front"]
    book.write("pieces/hero.html", card(first, hero=True))
    book.write("pieces/sentences.html", _cards(others))
    book.write("pieces/gallery.html", _cards([entry for entry in record["clips"] if entry["page"] == "gallery"]))
    book.write("pieces/model.md", f"*Model `{record['checkpoint']['name']}`, seed {record['seed']}, nothing picked out.*\n")


def _cards(entries: list[dict[str, Any]]) -> str:
    return '<div class="clips">\n' + "\n".join(map(card, entries)) + "\n</div>"


def _papers(book: Book) -> None:
    """The bibliography: each paper with the places that cite it."""
    papers = yaml.safe_load((book.folder / "papers.yaml").read_text(encoding="utf-8"))
    files = [*sorted((book.root / "minisora").rglob("*.py")), *sorted((book.root / "notebooks" / "src").glob("*.py"))]
    texts = {file: re.sub(r"\s+", " ", file.read_text(encoding="utf-8")) for file in files}
    entries = []
    for paper in papers:
        cited = [_citing(book, file) for file, text in texts.items() if paper.get("find", paper.get("arxiv")) in text]
        where = f"<br>In {', '.join(cited)}" if cited else ""
        link = paper.get("url") or f"https://arxiv.org/abs/{paper['arxiv']}"
        entries.append(f"{paper['authors']} ({paper['year']})\n: [{paper['title']}]({link}). {paper['what']}{where}\n")
    book.write("pieces/papers.md", "\n".join(entries))


def _citing(book: Book, file: Path) -> str:
    """A link to what cites a paper."""
    if file.parent.name == "src":
        return f"[lesson {file.name[:2]}](lessons/{file.stem}.ipynb)"
    target = file.relative_to(book.root).as_posix()
    return f"[`{target.removeprefix('minisora/')}`]({_code_page(book, target)})"
