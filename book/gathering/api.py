"""The package's own words, room by room: what Sphinx's autodoc is asked for, and how it reads our docstrings."""

import ast
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from gathering.pages import Book

INDEX = """# The package, room by room

Imports point down this list, never up: read it from the top, or look up a name.

| room | takes | gives |
|---|---|---|
{rows}

```{{toctree}}
:hidden:
{entries}
```
"""


def rooms(architecture: str) -> list[tuple[str, str, str]]:
    """The rooms in the order of ARCHITECTURE.md.

    Args:
        architecture: its text.
    Returns:
        For each the module, what it takes and what it gives.
    """
    found = re.findall(r"^\| `minisora/(\w+)(?:\.py)?` \|([^|]*)\|([^|]*)\|", architecture, re.MULTILINE)
    return [(f"minisora.{name}", takes.strip(), gives.strip()) for name, takes, gives in found]


def write_api(book: Book) -> None:
    """A page for each room, and one that lists them.

    Args:
        book: that gets them.
    """
    found = rooms((book.root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    rows = "\n".join(f"| [{room}]({room}.rst) | {takes} | {gives} |" for room, takes, gives in found)
    book.write("api/index.md", INDEX.format(rows=rows, entries="\n".join(room for room, _, _ in found)))
    for room, _, _ in found:
        book.write(f"api/{room}.rst", _room_page(book.root, room))


def _room_page(root: Path, room: str) -> str:
    """What a room exports; of a room that exports nothing itself, what each of its files does."""
    parts = [f"{room}\n{'=' * len(room)}\n", f".. automodule:: {room}\n   :no-members:\n   :no-index:\n"]
    path = root.joinpath(*room.split("."))
    names = exported(path / "__init__.py") if path.is_dir() else []
    if names:
        parts.append(f".. currentmodule:: {room}\n")
        own = [(name, home) for name, home in names if f"{home}.".startswith(f"{room}.")]
        parts += [_directive(room, name, home) for name, home in own]
        lent = ", ".join(f":py:obj:`{name} <{home}.{name}>`" for name, home in names if (name, home) not in own)
        parts += [f"From other rooms, by this name too: {lent}.\n"] if lent else []
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
    order = list(homes)
    own = f"minisora.{init.parent.name}"
    return sorted(((name, homes.get(name, own)) for name in listed), key=lambda pair: (
        order.index(pair[0]) if pair[0] in homes else -1))  # fmt: skip


def _directive(room: str, name: str, home: str) -> str:
    """One entry; what kind it is is asked of the object itself."""
    thing = getattr(import_module(room), name)
    if isinstance(thing, type):
        return f".. autoclass:: {name}\n   :members:\n"
    if callable(thing) and hasattr(thing, "__code__"):
        return f".. autofunction:: {name}\n"
    return f".. py:data:: {name}\n\n   {_comment(home, name)}\n"


def _comment(home: str, name: str) -> str:
    """What stands behind a constant in its file, or what kind of thing it is."""
    module = import_module(home)
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    found = re.search(rf"^{name}\b[^\n]*?=[^\n]*?  # ([^\n]+)", text, re.MULTILINE)
    return (
        found[1][:1].upper() + found[1][1:]
        if found
        else f"``{type(getattr(module, name)).__name__}``, from ``{home}``."
    )


def as_rst(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Our docstrings as Sphinx reads them: code that is set in, names of modules as links, Markdown's tables.

    Args:
        lines: of one docstring, changed in place.
    """
    text = re.sub(r"^([^\s.:].*)\n\n(?= {4}\S)", r"\1\n\n::\n\n", "\n".join(lines), flags=re.MULTILINE)
    text = re.sub(r"(?<!`)`(minisora\.[\w.]+)`(?!`)", r":py:obj:`\1`", text)
    lines[:] = [*_tables(text.splitlines())]


def shield_property(_app: Any, what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Keep napoleon from taking "One row a clip: …" for a type and its text: an empty comment goes before a property's.

    Args:
        what: kind of thing.
        lines: of its docstring, changed in place.
    """
    if what == "property":
        lines[:0] = ["..", ""]


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
