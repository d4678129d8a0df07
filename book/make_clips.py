"""Makes the clips of the book's front page and gallery: the shipped model, seed 0, nothing picked out.

    python book/make_clips.py

It writes `book/_static/clips`: one GIF for each card of `minisora gallery`, a few sentences for the front page, and
`clips.json`, which says what each is. They are committed, so that building the book needs no model.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minisora import TextToVideoPipeline
from minisora.cli.gallery import SHOWN, STAR, Shown, about_lines, words_of
from minisora.data import write_video
from minisora.pipeline import Clips

FOLDER = Path(__file__).parent / "_static" / "clips"
SEED = 0
SENTENCES = (
    "a large yellow star spinning on a navy background",
    "a small red circle moving right and a large blue star bouncing",
    "a small green triangle falling on a brown background",
    "a large white ring circling clockwise on a navy background",
)


def made(pipe: TextToVideoPipeline) -> Iterator[tuple[str, Shown, Clips]]:
    """What the front page shows, then what the gallery shows, each with the page it is for."""
    for sentence in SENTENCES:
        clips = pipe(sentence, seed=SEED)
        yield "front", Shown(sentence, f'pipe("{sentence}", seed={SEED})', lambda pipe, star, seed: star), clips
    star = pipe(STAR, seed=SEED)
    for shown in SHOWN:
        yield "gallery", shown, shown.make(pipe, star, SEED)


def entry(page: str, shown: Shown, clips: Clips) -> dict[str, Any]:
    """What the book says about a clip."""
    height, width = clips.frames.shape[2:4]
    return {
        "page": page,
        "file": re.sub(r"\W+", "_", shown.title.lower()).strip("_") + ".gif",
        "title": shown.title,
        "code": shown.line(clips),
        "words": words_of(clips),
        "about": about_lines(shown, clips),
        "size": [width, height],
    }


def main() -> None:
    """Generate, grade, write."""
    pipe = TextToVideoPipeline.from_pretrained("nano")
    entries = []
    for page, shown, clips in made(pipe):
        entries.append(entry(page, shown, clips))
        path = write_video(FOLDER / entries[-1]["file"], clips.frames[0].numpy(), clips.settings.fps, overwrite=True)
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB, {entries[-1]['about']}", flush=True)
    record = {"checkpoint": clips.record["checkpoint"], "seed": SEED, "clips": entries}
    text = json.dumps(record, indent=1, ensure_ascii=False)
    (FOLDER / "clips.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
