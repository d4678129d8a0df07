"""`minisora gallery`: one clip for each verb, as a page that needs nothing but a browser, and as one sheet."""

import argparse
import base64
import html
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.cli.making import add_model, load_pipe

if TYPE_CHECKING:
    from minisora.pipeline import Clips, TextToVideoPipeline

SCALE = 3
SHEET_FRAMES = 9
WIDE = (3, 5)  # the form of the wide frame; its size is near that of the model's own
STAR = "a large blue star moving right on a black background"
YELLOW = "a large yellow star moving right on a black background"
CROSS = "a large green cross moving right on a navy background"


@dataclass(frozen=True)
class Shown:
    """One card: what it is called, the line of Python that makes it, the same as a function, and whether its sentence
    is of the whole clip, so that its words can be judged there."""

    title: str
    code: str
    make: "Callable[[TextToVideoPipeline, Clips, int], Clips]"
    whole: bool = True

    def line(self, clips: "Clips") -> str:
        """The line of Python, with the size of what it made.

        Args:
            clips: what it made.
        Returns:
            Code.
        """
        height, width = clips.frames.shape[2:4]
        return self.code.replace("HEIGHT", str(height)).replace("WIDTH", str(width))


def _edited(pipe: "TextToVideoPipeline", star: "Clips", seed: int) -> "Clips":
    return pipe.edit(star, CROSS, seed=seed)


def _inpainted(pipe: "TextToVideoPipeline", star: "Clips", seed: int) -> "Clips":
    import numpy as np

    height, width = star.frames.shape[2:4]
    mask = np.zeros((height, width), bool)
    mask[:, width // 2 :] = True
    return pipe.inpaint(star, mask, YELLOW, seed=seed)


def _wide(pipe: "TextToVideoPipeline", star: "Clips", seed: int) -> "Clips":
    from minisora.pipeline.fitting import fitted_size

    height, width = fitted_size(WIDE, (star.frames.shape[2], star.frames.shape[3]), pipe.patch_pixels)
    return pipe("a small white ring moving left", height=height, width=width, seed=seed)


BOARD = [(0.0, "a small red circle staying still"), (2.0, "a small red circle moving up")]
SHOWN = (
    Shown("From words", f'clip = pipe("{STAR}")', lambda pipe, star, seed: star),
    Shown("Longer", "pipe.extend(clip, seconds=1)", lambda pipe, star, seed: pipe.extend(star, 1.0, seed=seed)),
    Shown(
        "Before", 'pipe.extend(clip, 1, direction="backward")',
        lambda pipe, star, seed: pipe.extend(star, 1.0, direction="backward", seed=seed),
    ),
    Shown(
        "From an image", 'pipe.animate(clip.frames[0, 0], "a large blue star bouncing")',
        lambda pipe, star, seed: pipe.animate(star.frames[0, 0], "a large blue star bouncing", seed=seed),
    ),
    Shown(
        "One word changed", 'pipe.vary(clip, change={"colour": "orange"})',
        lambda pipe, star, seed: pipe.vary(star, change={"colour": "orange"}),
    ),
    Shown("Other words, the same path", f'pipe.edit(clip, "{CROSS}")', _edited),
    Shown("A region anew", f'pipe.inpaint(clip, right_half, "{YELLOW}")', _inpainted, whole=False),
    Shown(
        "Round and round", 'pipe.loop("a large purple cross spinning on a grey background")',
        lambda pipe, star, seed: pipe.loop("a large purple cross spinning on a grey background", seed=seed),
    ),
    Shown(
        "A passage between two", 'pipe.connect(clip, pipe("a large blue star moving up on a black background"))',
        lambda pipe, star, seed: pipe.connect(
            star, pipe("a large blue star moving up on a black background", seed=seed + 1), seed=seed
        ),
        whole=False,
    ),
    Shown(
        "A story", f"pipe.storyboard({BOARD})".replace("'", '"'),
        lambda pipe, star, seed: pipe.storyboard(BOARD, seed=seed),
    ),
    Shown(
        "A wide frame", 'pipe("a small white ring moving left", height=HEIGHT, width=WIDTH)', _wide,
    ),
    Shown(
        "Hidden, and back", 'pipe("a small orange square passing behind a wall, moving right")',
        lambda pipe, star, seed: pipe("a small orange square passing behind a wall, moving right", seed=seed),
    ),
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument(
        "--output", type=Path, default=Path("outputs/gallery"), metavar="FOLDER", help="(outputs/gallery)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of every clip (0); nothing is picked out")
    parser.add_argument("--overwrite", action="store_true", help="replace a gallery that is there")
    add_model(parser)


def run(given: argparse.Namespace) -> int:
    """Make every clip, the page and the sheet.

    Args:
        given: the arguments.
    Returns:
        0.
    Raises:
        MinisoraError: something given is wrong, or a file is there.
    """
    from PIL import Image
    from tqdm import tqdm

    from minisora.data.video_io import check_output, new_file

    page, sheet = given.output / "index.html", given.output / "sheet.png"
    for file in (page, sheet):
        check_output(file, given.overwrite, endings=())
    pipe = load_pipe(given)
    star = pipe(STAR, seed=given.seed)
    made = [each.make(pipe, star, given.seed) for each in tqdm(SHOWN, unit="clip", file=sys.stderr)]
    with new_file(page, overwrite=True, endings=()) as draft:
        draft.write_text(page_of(made, given.seed), encoding="utf-8")
    with new_file(sheet, overwrite=True) as draft:
        Image.fromarray(sheet_of(made)).save(draft, optimize=True)
    print(f"{page}\n{sheet}")
    return 0


# --- the page ---------------------------------------------------------------------------------------------------------

STYLE = """
:root { color-scheme: light dark; --accent: #1E64EB; --faint: #6b6b6b; --line: #d8d8d8 }
@media (prefers-color-scheme: dark) { :root { --accent: #26C6DA; --faint: #a0a0a0; --line: #444 } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 1120px; padding: 0 16px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 16px; margin: 8px 0 4px }
p { margin: 4px 0 24px; color: var(--faint) }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(248px, 1fr)); gap: 24px }
img { image-rendering: pixelated; box-shadow: 0 0 0 1px var(--line); border-radius: 6px; display: block;
  max-width: 100%; height: auto }
code { font: 12px/1.4 ui-monospace, monospace; color: var(--accent); overflow-wrap: anywhere }
ul { list-style: none; margin: 4px 0; padding: 0; font-size: 12px; color: var(--faint) }
"""


def page_of(made: "Sequence[Clips]", seed: int) -> str:
    """One file of HTML with all clips in it.

    Args:
        made: one clip for each entry of `SHOWN`.
        seed: of them all.
    Returns:
        HTML.
    """
    cards = "\n".join(_card(shown, clips) for shown, clips in zip(SHOWN, made, strict=True))
    model = made[0].record["checkpoint"]["name"]  # and not the folder that it was read from
    about = html.escape(f"Model {model}, seed {seed}, nothing picked out. Made by: minisora gallery")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<title>minisora</title><style>{STYLE}</style></head>\n'
        f"<body><h1>One model, many verbs</h1><p>{about}</p>\n<main>\n{cards}\n</main></body></html>\n"
    )


def _card(shown: Shown, clips: "Clips") -> str:
    from minisora.data.video_io import video_bytes
    from minisora.guards.mark import mark_frames

    frames, fps = mark_frames(clips.frames[0]), clips.settings.fps
    picture = base64.b64encode(video_bytes(frames, fps, ".gif")).decode()
    height, width = (side * SCALE for side in frames.shape[1:3])
    words = html.escape(words_of(clips))
    about = "".join(f"<li>{html.escape(line)}</li>" for line in about_lines(shown, clips))
    size = f'width="{width}" height="{height}"'
    return (
        f'<section><img alt="{words}" {size} src="data:image/gif;base64,{picture}">'
        f"<h2>{html.escape(shown.title)}</h2><code>{html.escape(shown.line(clips))}</code>"
        f"<ul>{about}</ul></section>"
    )


def about_lines(shown: Shown, clips: "Clips") -> list[str]:
    """What stands under a clip.

    Args:
        shown: what was made.
        clips: what came of it.
    Returns:
        How long it is, and one line for each wrong word, or one that says that all are right.
    """
    wrong = [verdict for grade in clips.grades for verdict in grade.wrong] if shown.whole else []
    right = "✓ every word right" if shown.whole else "its sentence is of a part of it: not graded"
    lines = [f"✗ {v.attribute}: {v.wanted} → {v.found}" for v in wrong] or [right]
    return [f"{(len(clips.frames[0]) - 1) / clips.settings.fps:.1f} seconds", *lines]


def words_of(clips: "Clips") -> str:
    """What the network read.

    Args:
        clips: of one sentence or of a storyboard.
    Returns:
        A line.
    """
    return " Then: ".join(segment.texts[0] for segment in clips.segments)


# --- the sheet --------------------------------------------------------------------------------------------------------


def sheet_of(made: "Sequence[Clips]") -> Any:
    """All clips as rows of frames, evenly picked.

    Args:
        made: one clip for each entry of `SHOWN`.
    Returns:
        uint8 (height, width, 3).
    """
    import numpy as np

    from minisora.data.sheet import contact_sheet

    rows = []
    for shown, clips in zip(SHOWN, made, strict=True):
        frames = clips.frames[0].numpy()
        picked = frames[np.linspace(0, len(frames) - 1, SHEET_FRAMES).round().astype(int)]
        rows.append(contact_sheet(picked[None], labels=[f"{shown.title}: {shown.line(clips)}"], scale=2))
    widest = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 0), (0, widest - row.shape[1]), (0, 0)), constant_values=245) for row in rows]
    return np.concatenate(padded)
