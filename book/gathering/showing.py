"""Clips with what they are, and papers with where they are cited."""

import html
import json
import re
from pathlib import Path
from typing import Any

import yaml

from gathering.pages import Book, code_page

CLIPS = "_static/clips"


def card(entry: dict[str, Any], hero: bool = False) -> str:
    """A clip with what it is, as HTML.

    Args:
        entry: of `clips/clips.json`.
        hero: whether it is the one on top of the front page.
    Returns:
        A figure.
    """
    width, height = entry["size"]
    words, front = html.escape(entry["words"]), entry["page"] == "front"
    title = "" if front else f"<strong>{html.escape(entry['title'])}</strong>"
    caption = f"<span>{words}</span>" if front else f"<code>{html.escape(entry['code'])}</code>"
    about = "".join(f"<li>{html.escape(line)}</li>" for line in entry["about"])
    return (
        f'<figure class="clip{" hero" if hero else ""}">'
        f'<img class="moving" src="{CLIPS}/{entry["file"]}" alt="{words}" width="{width}" height="{height}">'
        f"<figcaption>{title}{caption}<ul>{about}</ul></figcaption></figure>"
    )


def write_clips(book: Book) -> None:
    """The gallery, and the front page's clips.

    Args:
        book: that gets them.
    """
    record = json.loads((book.folder / CLIPS / "clips.json").read_text(encoding="utf-8"))
    first, *others = [entry for entry in record["clips"] if entry["page"] == "front"]
    book.write("pieces/hero.html", card(first, hero=True))
    book.write("pieces/sentences.html", _cards(others))
    book.write("pieces/gallery.html", _cards([entry for entry in record["clips"] if entry["page"] == "gallery"]))
    book.write(
        "pieces/model.md", f"*Model `{record['checkpoint']['name']}`, seed {record['seed']}, nothing picked out.*\n"
    )


def _cards(entries: list[dict[str, Any]]) -> str:
    return '<div class="clips">\n' + "\n".join(map(card, entries)) + "\n</div>"


def write_papers(book: Book) -> None:
    """The bibliography: each paper with the places that cite it.

    Args:
        book: that gets it.
    """
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
    return f"[`{target.removeprefix('minisora/')}`]({code_page(book, target)})"
