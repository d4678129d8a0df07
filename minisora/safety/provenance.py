"""The JSON beside a clip (`clip.mp4.json`): what it says, whether it is true, and the clip made from it again.

It is no signature: whoever changes a file can write a new JSON. It tells an honest reader what an honest writer did.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minisora.errors import DataError, SettingError, WeightsError
from minisora.models.storage import checkpoint_hash, file_hash
from minisora.pipeline import Clips, TextToVideoPipeline, sidecar_path

__all__ = ["Provenance", "read_sidecar", "reproduce", "verify"]

NEEDED = ("prompt", "segments", "seed", "settings", "checkpoint", "frames_sha256", "file_sha256")


@dataclass(frozen=True)
class Provenance:
    """What is known of a clip's origin.

    Attributes:
        about: the JSON: prompt, seed, settings, checkpoint, hashes.
        unchanged: the file is byte for byte the one that was written.
    """

    about: Mapping[str, Any]
    unchanged: bool

    def __str__(self) -> str:
        made = f"{self.about['prompt']!r}, seed {self.about['seed']}, by {self.about['checkpoint']['name']!r}"
        state = "the file is as it was made" if self.unchanged else "the file was changed after it was made"
        return f"{made}: {state}."


def read_sidecar(file: str | os.PathLike[str]) -> dict[str, Any]:
    """What the JSON beside a clip says.

    Args:
        file: the clip.
    Returns:
        Its keys, all of `NEEDED` among them.
    Raises:
        DataError: there is none, or it is not what minisora writes.
    """
    path = sidecar_path(file)
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read ({error}). A clip that minisora saves has such a JSON beside it."
        ) from error
    missing = [key for key in NEEDED if not isinstance(about, dict) or key not in about]
    if missing:
        raise DataError(f"{path} does not say {', '.join(missing)}, so minisora did not write it.")
    return dict(about)


def verify(file: str | os.PathLike[str]) -> Provenance:
    """Check a clip against the JSON beside it.

    Args:
        file: the clip.
    Returns:
        What the JSON says, and whether the file is the one that it was written for.
    Raises:
        DataError: the file or its JSON is missing or cannot be read.
    """
    path, about = Path(file), read_sidecar(file)
    if not path.is_file():
        raise DataError(f"{path} does not exist.")
    return Provenance(about, file_hash(path) == about["file_sha256"])


def reproduce(file: str | os.PathLike[str], pipe: TextToVideoPipeline | None = None) -> tuple[Clips, bool]:
    """Make a clip again from the JSON beside it.

    Args:
        file: the clip; only its JSON is read.
        pipe: with the checkpoint that the JSON names; None loads the shipped one of that name.
    Returns:
        The clip, and whether every pixel is the same. Another processor may round differently, by 2 of 255.
    Raises:
        DataError: the JSON is missing or cannot be read.
        WeightsError: the checkpoint is another one.
        SettingError: given frames went into the clip, which the JSON does not hold.
    """
    about = read_sidecar(file)
    if about.get("conditions"):
        raise SettingError(
            f"{file} was made from given frames ({about['conditions']} conditions); words are not enough."
        )
    pipe = pipe or TextToVideoPipeline.from_pretrained(about["checkpoint"]["name"], dtype=about.get("dtype", "auto"))
    if checkpoint_hash(pipe.parts.config) != about["checkpoint"]["sha256"]:
        name = about["checkpoint"]["name"]
        raise WeightsError(f"{file} was made by another checkpoint {name!r} than the one loaded. Give its pipeline.")
    settings = about["settings"]
    clips = pipe(
        _prompt(about, settings["fps"]),
        negative_prompt=about.get("negative_prompt") or None,
        num_frames=settings["num_frames"],
        height=settings["height"],
        width=settings["width"],
        fps=settings["fps"],
        num_inference_steps=settings["num_inference_steps"],
        guidance_scale=settings["guidance_scale"],
        seed=about["seed"],
        expand_prompt=about.get("expand_prompt", False),
    )
    same = hashlib.sha256(clips.frames[0].contiguous().numpy().tobytes()).hexdigest() == about["frames_sha256"]
    return clips, same


def _prompt(about: Mapping[str, Any], fps: float) -> str | list[tuple[float, str]]:
    """What was typed: a sentence, or a storyboard with its seconds."""
    segments = about["segments"]
    if len(segments) == 1:
        return str(about["prompt"])
    starts = [0.0, *(segment["stop"] / fps for segment in segments[:-1])]
    return [(start, segment["text"]) for start, segment in zip(starts, segments, strict=True)]
