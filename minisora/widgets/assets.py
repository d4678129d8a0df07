"""The JavaScript and the style of the widgets: plain files in `static/`, put together without a build step.

Each `.js` file is an ES module that imports its neighbours. A widget is sent to the browser as one text, so the files
that it imports stand in front of it, each once, and their `import` and `export` words are taken away.
"""

import re
from pathlib import Path

from minisora.errors import MinisoraError

__all__ = ["AssetError", "script", "style"]

FOLDER = Path(__file__).parent / "static"
IMPORT = re.compile(r'^import\s+\{[^}]*\}\s+from\s+"\./([\w-]+\.js)";\s*\n', re.MULTILINE)
EXPORT = re.compile(r"^export\s+(?!default\b)", re.MULTILINE)


class AssetError(MinisoraError):
    """A file of the widgets is missing or imports in a circle."""


def script(name: str) -> str:
    """A widget's module, with all that it imports in front of it.

    Args:
        name: a file in `static/`.
    Returns:
        One ES module that imports nothing.
    Raises:
        AssetError: a file is missing, or files import each other in a circle.
    """
    return "\n".join(_parts(name, [], []))


def style(*names: str) -> str:
    """Style sheets, one after the other.

    Args:
        *names: files in `static/`.
    Returns:
        CSS.
    Raises:
        AssetError: a file is missing.
    """
    return "\n".join(_read(name) for name in names)


def _parts(name: str, done: list[str], above: list[str]) -> list[str]:
    if name in above:
        raise AssetError(f"{' imports '.join([*above, name])}: a circle. Move what both need into a file of its own.")
    if name in done:
        return []
    text = _read(name)
    parts = [part for neighbour in IMPORT.findall(text) for part in _parts(neighbour, done, [*above, name])]
    done.append(name)
    return [*parts, EXPORT.sub("", IMPORT.sub("", text))]


def _read(name: str) -> str:
    try:
        return (FOLDER / name).read_text(encoding="utf-8")
    except OSError as error:
        raise AssetError(f"{FOLDER / name} is missing. Install minisora again.") from error
