"""Makes the README's picture of a layout and the clip that follows it: fixed prompts, seed 0, nothing picked out.

python data/make_layout_picture.py
"""

from pathlib import Path

import torch
from PIL import Image

from minisora import TextToVideoPipeline
from minisora.data import contact_sheet
from minisora.world.layout_picture import draw_layout

TARGET = Path(__file__).parent / "samples" / "layout.png"
PROMPTS = [
    "a large yellow star spinning on a navy background",
    "a small red circle moving right and a large blue square bouncing on a grey background",
]


def main() -> None:
    """Generate, draw the layouts, lay them out in rows."""
    clips = TextToVideoPipeline.from_pretrained("nano")(PROMPTS, seed=[0] * len(PROMPTS))
    if clips.layout is None:
        raise SystemExit("The shipped checkpoint draws no layouts.")
    rows, labels = [], []
    for video, layout, prompt in zip(clips.frames, clips.layout, PROMPTS, strict=True):
        rows += [draw_layout(layout, *video.shape[1:3])[::2], video[::2]]
        labels += [prompt + ": the layout", "the pixels"]
    Image.fromarray(contact_sheet(torch.stack(rows), labels=labels, scale=2)).save(TARGET)
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
