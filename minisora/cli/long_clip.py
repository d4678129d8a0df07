"""A clip of more than a few seconds: written while it is made, its first seconds kept for a grade and a sheet."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from minisora.cli.making import write_sheet

if TYPE_CHECKING:
    from torch import Tensor

    from minisora.diffusion import Step
    from minisora.pipeline import Clips, Sampling

__all__ = ["is_long", "say_graded", "write_long"]

KEPT = 65  # frames, eight seconds: longer clips are written as they are made, and graded by so many


def is_long(sampling: "Sampling", files: Sequence[Path]) -> bool:
    """Whether to write while making: one clip, longer than what is kept, in a file to which frames can be added.

    Args:
        sampling: not begun yet.
        files: of the clips.
    """
    return len(files) == 1 and sampling.order.settings.num_frames > KEPT and files[0].suffix.lower() != ".png"


def write_long(given: argparse.Namespace, sampling: "Sampling", file: Path) -> "Clips":
    """Make a clip and write it, under a progress bar.

    Args:
        given: the arguments.
        sampling: not begun yet, of one clip.
        file: ends in .mp4, .webm or .gif; whatever is there is replaced.
    Returns:
        Its first frames, at most `KEPT`.
    Raises:
        KeyboardInterrupt: Ctrl-C came; the message says what is in the file, and is empty where nothing is.
    """
    import torch
    from tqdm import tqdm

    from minisora.pipeline.streaming import write_as_made

    pieces: list[Tensor] = []
    try:
        with tqdm(total=sampling.total, desc="Denoising", unit="step", file=sys.stderr) as bar:

            def look(step: "Step", frames: "Tensor") -> None:
                missing = KEPT - sum(piece.shape[1] for piece in pieces)
                if missing and frames.shape[1]:
                    pieces.append(frames[:, :missing].clone())
                if sampling.taken:
                    bar.set_postfix_str(f"{sampling.length(sampling.taken)} written", refresh=False)
                bar.update()

            write_as_made(sampling, [file], given.scale, look, not given.no_mark, given.visible_mark)
        return sampling.as_clips(torch.cat(pieces, dim=1))
    finally:
        if given.sheet and pieces and file.exists():  # after Ctrl-C, too
            write_sheet(sampling.as_clips(torch.cat(pieces, dim=1)), 0, file, given.scale)


def say_graded(sampling: "Sampling", clips: "Clips") -> None:
    """Say which part of a clip its grade is of, where that is not all.

    Args:
        sampling: of the clip.
        clips: what was graded.
    """
    graded = clips.settings.num_frames
    if graded < sampling.order.settings.num_frames:
        print(f"This grade is of the first {sampling.length(graded)}.\n")
