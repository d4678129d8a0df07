"""Shares of attention laid over frames, and said in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.data.encoding import check_frames
from minisora.models.autoencoder import TIME
from minisora.pipeline.looking import KINDS, Look

__all__ = ["frame_of", "frames_name", "heat_on", "look_line", "plan_names"]

HEAT = (38, 198, 218)  # the world's cyan: clips are dark
STRONGEST = 0.75  # how far the largest share goes to that colour


def frame_of(latent_frame: int) -> int:
    """A frame that stands for a latent frame: the first one, or one from the middle of a group of four.

    Args:
        latent_frame: from 0.
    Returns:
        A frame, from 0.
    """
    return 0 if latent_frame == 0 else TIME * latent_frame - 1


def frames_name(latent_frame: int) -> str:
    """Which frames a latent frame stands for, counted from 1 as people do.

    Args:
        latent_frame: from 0.
    Returns:
        "frame 1", "frames 2 to 5", …
    """
    return "frame 1" if latent_frame == 0 else f"frames {TIME * latent_frame - 2} to {TIME * latent_frame + 1}"


def plan_names(rows: int) -> list[str]:
    """What the rows of a plan are about: the actors in the order of mention, then the scene.

    Args:
        rows: how many.
    Returns:
        As many names.
    """
    return [*(f"actor {k + 1}" for k in range(rows - 1)), "the scene"][-rows:] if rows else []


def heat_on(frames: Any, places: Any) -> NDArray[np.uint8]:
    """One frame for each latent frame, cyan where attention goes.

    Args:
        frames: uint8 (f, h, w, 3), f = 1 + 4k.
        places: (1 + k, y, x), shares of places of the frame; the largest is the strongest.
    Returns:
        uint8 (1 + k, h, w, 3).
    """
    clip, heat = check_frames(frames), np.asarray(places, np.float64)
    shown = clip[[frame_of(z) for z in range(len(heat))]].astype(np.float64)
    alpha = STRONGEST * heat / max(heat.max(), 1e-12)
    alpha = alpha.repeat(clip.shape[1] // heat.shape[1], axis=1).repeat(clip.shape[2] // heat.shape[2], axis=2)
    mixed: NDArray[np.float64] = shown + alpha[..., None] * (np.array(HEAT) - shown)
    return np.asarray(mixed.round(), np.uint8)


def look_line(look: Look, kinds: Sequence[float], words: Sequence[str]) -> str:
    """Where a place looks, as a sentence.

    Args:
        look: its shares.
        kinds: shares of this frame, other frames, the plan and the words.
        words: of the sentence.
    Returns:
        "41 % this frame, …; of the words most on “red”."
    """
    line = ", ".join(f"{100 * share:.0f} % {name}" for share, name in zip(kinds, KINDS, strict=True))
    if not len(words):
        return f"{line}."
    best = int(look.words.argmax())
    return f"{line}; of the words most on “{words[best]}”."
