"""The release gate: a checkpoint goes out with a model card that states data, scores, limits and licence, or not.

A card is the `README.md` in the checkpoint's folder (Mitchell et al. 2019, arXiv 1810.03993). The gate reads headings
and whether something is said below them; whether it is true nobody but the author can say.
"""

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minisora.errors import OutputError, ReleaseError

__all__ = ["CARD", "SECTIONS", "Section", "card_faults", "card_template", "check_card", "chosen_card", "write_card"]

CARD = "README.md"
LEAST = 3  # words that a section has to say; a licence may be one
LICENCES = re.compile(
    r"apache|\bmit\b|\bbsd\b|\bgpl|lgpl|mpl|cc0|cc[- ]by|openrail|unlicen[cs]e|public domain|all rights reserved|"
    r"proprietary|not for release",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"\btodo\b|\btbd\b|\bfixme\b|more information needed|lorem ipsum|^\W*…\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """A part that a card must have.

    Attributes:
        name: as messages call it.
        headings: words of which its heading has one.
        asks: what it is to say.
        says: whether a text does.
    """

    name: str
    headings: tuple[str, ...]
    asks: str
    says: Callable[[str], bool]


def _words(text: str) -> bool:
    return len(re.findall(r"\w+", text)) >= LEAST


SECTIONS = (
    Section("data", ("data", "dataset"), "what it was trained on, and how much", _words),
    Section(
        "scores", ("score", "evaluation", "result"), "numbers, and the command that prints them",
        lambda text: _words(text) and bool(re.search(r"\d", text)),
    ),
    Section("limits", ("limit", "out of scope"), "what it does badly or must not be used for", _words),
    Section("licence", ("licen",), "a licence by name, such as Apache-2.0", lambda text: bool(LICENCES.search(text))),
)  # fmt: skip


def card_faults(text: str) -> list[str]:
    """What a card lacks.

    Args:
        text: Markdown.
    Returns:
        One line for each section that is missing, empty, or says nothing of what it is to say.
    """
    parts = _sections(text)
    faults = []
    for section in SECTIONS:
        found = [body for heading, body in parts.items() if any(word in heading for word in section.headings)]
        body = "\n".join(found)
        if not found:
            faults.append(f"it has no section {section.name!r} ({section.asks})")
        elif PLACEHOLDER.search(body) or not section.says(body):
            faults.append(f"its section {section.name!r} does not say {section.asks}")
    return faults


def _sections(text: str) -> dict[str, str]:
    """Headings in lower case, and all that stands below each; `license:` in front matter is one, too."""
    parts: dict[str, str] = {}
    front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    licence = re.search(r"^license:\s*(\S.*)$", front[1], re.MULTILINE) if front else None
    if licence:
        parts["license"] = licence[1]
    heading, fenced = "", False
    for line in text[front.end() if front else 0 :].splitlines():
        fenced ^= line.lstrip().startswith("```")
        title = None if fenced else re.match(r"#{1,6}\s+(.*)", line)
        if title:
            heading = title[1].casefold()
            parts.setdefault(heading, "")
        else:
            body = re.sub(r"<!--.*?-->", "", line)
            parts[heading] = f"{parts.get(heading, '')}{body}\n"
    return parts


def check_card(text: str | None, name: str) -> None:
    """Refuse a release without a card.

    Args:
        text: Markdown; None where there is no card.
        name: of the checkpoint.
    Raises:
        ReleaseError: there is none, or it lacks a section; the message says which, and what it is to say.
    """
    if text is None:
        wanted = ", ".join(section.name for section in SECTIONS)
        raise ReleaseError(
            f"The checkpoint {name!r} has no model card, so it is not released. Give card=… with sections on {wanted}; "
            "minisora.safety.card_template() is one to fill in."
        )
    faults = card_faults(text)
    if faults:
        raise ReleaseError(f"The model card of {name!r} is not complete: {'; '.join(faults)}. Add that to {CARD}.")


def chosen_card(card: str | os.PathLike[str] | None, *folders: str | os.PathLike[str]) -> str | None:
    """The text of a card.

    Args:
        card: its file, or its text, which has a line break; None takes the first that lies in a folder.
        *folders: where to look for one, the likeliest first.
    Returns:
        Markdown; None where there is none.
    Raises:
        ReleaseError: the file cannot be read.
    """
    if isinstance(card, str) and "\n" in card:
        return card
    paths = [Path(card)] if card is not None else [Path(folder) / CARD for folder in folders]
    for path in paths:
        if card is None and not path.is_file():
            continue
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ReleaseError(f"The model card {path} cannot be read ({error}). Give a file of Markdown.") from error
    return None


def write_card(folder: str | os.PathLike[str], text: str) -> Path:
    """Lay a card beside the weights.

    Args:
        folder: of the checkpoint, there already.
        text: Markdown.
    Returns:
        Its path.
    Raises:
        OutputError: it cannot be written.
    """
    path = Path(folder) / CARD
    draft = path.with_name(f".{CARD}-{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Choose another folder.") from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def card_template(name: str = "mine") -> str:
    """A card to fill in; as it is, the gate refuses it.

    Args:
        name: of the checkpoint.
    Returns:
        Markdown.
    """
    parts = "\n".join(f"## {section.name.capitalize()}\n\nTODO: {section.asks}.\n" for section in SECTIONS)
    return f"# Model card: `{name}`\n\n{parts}"
