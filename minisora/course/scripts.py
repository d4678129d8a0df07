"""A lesson as text: one Python file, `# %%` before every cell, so that a change of a lesson is a diff one can read.

The format is that of jupytext and of many editors ("py:percent"); prose stands in a raw string under `# %% [markdown]`:

    # %% [markdown]
    r\"\"\"
    ## Half way
    \"\"\"

    # %% exercise="interpolate" stars=1
    def interpolate(clean, noise, time): ...
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from minisora.errors import DataError

__all__ = ["Cell", "read_script", "write_script"]

HEADER = re.compile(r"^# %%[ \t]*(?P<kind>\[markdown\])?[ \t]*(?P<options>.*)$", re.MULTILINE)
OPTION = re.compile(r"\s*(\w+)=")


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    Attributes:
        kind: code or prose.
        source: its text, without blank lines around it.
        options: what stands behind `# %%`: `tags`, `exercise`, `stars`, `package`.
    """

    kind: Literal["code", "markdown"]
    source: str
    options: dict[str, Any] = field(default_factory=dict)

    def has(self, tag: str) -> bool:
        """Whether the cell is tagged so.

        Args:
            tag: such as "hint".
        Returns:
            True if it is.
        """
        return tag in self.options.get("tags", [])


def read_script(text: str) -> list[Cell]:
    """The cells of a lesson.

    Args:
        text: of `notebooks/src/NN_name.py`.
    Returns:
        Cells in order.
    Raises:
        DataError: there is code before the first `# %%`, or an option that is not `name=JSON`.
    """
    headers = list(HEADER.finditer(text))
    before = text[: headers[0].start()] if headers else text
    if any(line.strip() and not line.startswith("#") for line in before.splitlines()):
        raise DataError("There is code before the first cell. Put the line `# %%` above it.")
    ends = [*(header.start() for header in headers[1:]), len(text)]
    return [_cell(header, text[header.end() : end]) for header, end in zip(headers, ends, strict=False)]


def write_script(cells: list[Cell]) -> str:
    """The text of a lesson; `read_script` reads it back.

    Args:
        cells: in order.
    Returns:
        Text that ends in one newline.
    """
    return "\n\n".join(_text(cell) for cell in cells) + "\n"


def _cell(header: re.Match[str], body: str) -> Cell:
    options = dict(_options(header["options"]))
    body = body.strip("\n").rstrip()
    return Cell("markdown", _prose(body), options) if header["kind"] else Cell("code", body, options)


def _options(text: str) -> Iterator[tuple[str, Any]]:
    place = 0
    while text[place:].strip():
        name = OPTION.match(text, place)
        try:
            if name is None:
                raise ValueError
            value, place = json.JSONDecoder().raw_decode(text, name.end())
        except ValueError:
            raise DataError(f'`# %% {text}` is not understood. Write options as name=JSON: tags=["hint"].') from None
        yield name[1], value


def _prose(body: str) -> str:
    quoted = re.fullmatch(r'r?"""\n?(.*?)\n?"""', body, re.DOTALL)
    if quoted:
        return quoted[1]
    return "\n".join(re.sub("^# ?", "", line) for line in body.splitlines())


def _text(cell: Cell) -> str:
    options = "".join(f" {name}={json.dumps(value, ensure_ascii=False)}" for name, value in cell.options.items())
    if cell.kind == "code":
        return f"# %%{options}\n{cell.source}"
    return f'# %% [markdown]{options}\nr"""\n{cell.source}\n"""'
