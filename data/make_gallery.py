"""Makes the moving picture at the top of the README: fixed prompts, seed 0, nothing picked out.

python data/make_gallery.py
"""

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from minisora import TextToVideoPipeline
from minisora.data import enlarge, write_video

TARGET = Path(__file__).parent / "samples" / "nano.gif"
SCALE, MARGIN, TEXT = 3, 12, 44  # pixels: enlargement, space round a clip, room for its words
PAPER, INK, FAINT = (255, 255, 255), (33, 33, 33), (110, 110, 110)
PROMPTS = [
    "a small red circle moving right on a black background",
    "a large yellow star spinning on a navy background",
    "a large blue square bouncing on a grey background",
    "a small green triangle falling on a brown background",
    "a large white ring circling clockwise on a navy background",
    "a small cyan cross growing on a black background",
    "a small red circle moving right and a large blue star bouncing",
    "a small orange square passing behind a wall, moving right",
]


def card(frame: np.ndarray, prompt: str, verdict: str) -> Image.Image:
    """One enlarged frame with its prompt and its verdict underneath."""
    picture = Image.fromarray(enlarge(frame, SCALE))
    sheet = Image.new("RGB", (picture.width + 2 * MARGIN, picture.height + TEXT + 2 * MARGIN), PAPER)
    sheet.paste(picture, (MARGIN, MARGIN))
    draw = ImageDraw.Draw(sheet)
    lines = textwrap.wrap(prompt, 34)[:2]
    for number, line in enumerate(lines):
        draw.text((MARGIN, picture.height + MARGIN + 4 + 13 * number), line, INK, ImageFont.load_default(11))
    draw.text((MARGIN, picture.height + MARGIN + 31), verdict, FAINT, ImageFont.load_default(10))
    return sheet


def verdict_of(grade: object) -> str:
    """What the grader says, in a line."""
    wrong = [verdict.attribute for verdict in grade.verdicts if not verdict.right]  # type: ignore[attr-defined]
    return "every word right" if not wrong else "wrong: " + ", ".join(dict.fromkeys(wrong))


def main() -> None:
    """Generate, grade, lay out in two rows, write the GIF."""
    clips = TextToVideoPipeline.from_pretrained("nano")(PROMPTS, seed=[0] * len(PROMPTS))
    frames = []
    for index in range(clips.frames.shape[1]):
        cards = [
            np.asarray(card(video[index], prompt, verdict_of(grade)))
            for video, prompt, grade in zip(clips.frames.numpy(), PROMPTS, clips.grades, strict=True)
        ]
        rows = [np.concatenate(cards[start : start + 4], axis=1) for start in (0, 4)]
        frames.append(np.concatenate(rows))
    write_video(TARGET, np.stack(frames), clips.settings.fps, overwrite=True)
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
