"""Makes what lies here: the fixed prompts and a moving sample of every builder.

    python data/make_samples.py

The prompts are written once and then stay, so that scores of two checkpoints compare: delete a file to write it anew.
"""

from pathlib import Path

import numpy as np

from minisora.data import bouncing_balls, decode_row, moving_digits, moving_shapes, moving_stage, write_video
from minisora.world import SHAPES, STAGE

HERE = Path(__file__).parent
SEED = 7_000_000  # far from the seeds of trainings and evaluations
PROMPTS = 16  # in each file
FILES = {
    "one": ("one", "train", False),
    "two": ("two", "train", False),
    "three": ("three", "train", False),
    "relation": ("relation", "train", False),
    "wall": ("wall", "train", False),
    "camera": ("camera", "train", False),
    "leaving": ("leaving", "train", False),
    "unseen": ("one", "unseen", False),
    "free": ("one", "train", True),
    "stage": (None, "train", False),
}
WORLDS = {"stage": STAGE}  # of a file, where it is not SHAPES


def write_prompts(path: Path, kind: str | None, split: str, free: bool) -> None:
    """One dense caption a line, each of a scene of its own."""
    lines, world = [], WORLDS.get(path.stem, SHAPES)
    for number in range(PROMPTS):
        rng = np.random.default_rng((SEED, list(FILES).index(path.stem), number))
        lines.append(world.write(world.sample(rng, kind, split), rng, short=0.0, free=free).text)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_sample(path: Path, clips: list[np.ndarray]) -> None:
    """Eight clips side by side, moving."""
    framed = [np.pad(clip, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=245) for clip in clips]
    rows = [np.concatenate(framed[k : k + 4], axis=2) for k in (0, 4)]
    write_video(path, np.concatenate(rows, axis=1), fps=8, scale=2, overwrite=True)


def main() -> None:
    """Write what is missing of the prompts, and all samples."""
    for name, (kind, split, free) in FILES.items():
        if not (path := HERE / "prompts" / f"{name}.txt").exists():
            write_prompts(path, kind, split, free)
    builders = {"shapes": moving_shapes, "balls": bouncing_balls, "digits": moving_digits, "stage": moving_stage}
    for name, builder in builders.items():
        clips = [decode_row(row).frames for row in builder(num_clips=8, seed=SEED)]
        write_sample(HERE / "samples" / f"{name}.gif", clips)


if __name__ == "__main__":
    main()
