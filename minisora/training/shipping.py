"""From a training's checkpoint to the one that ships: half precision, and what a call uses by default."""

from pathlib import Path

import torch

from minisora.guards.card import check_card, chosen_card, write_card
from minisora.models.storage import SHIPPED, load_parts, save_parts

LAYOUT_STEPS, LAYOUT_GUIDANCE = 32, 3.0  # of a checkpoint that has learned to draw layouts


def ship(
    weights: Path = Path("runs/nano/weights"),
    name: str = "nano",
    folder: Path | None = None,
    num_inference_steps: int = 24,
    guidance_scale: float | None = None,
    time_shift: float = 3.0,
    layout_steps: int = LAYOUT_STEPS,
    layout_guidance: float | None = LAYOUT_GUIDANCE,
    layout_method: str = "euler",
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    card: Path | None = None,
) -> Path:
    """Release a whole checkpoint in half precision, with its model card.

    Args:
        weights: the training's checkpoint, with all three parts.
        name: of the checkpoint.
        folder: where it goes; None for the package's own weights.
        num_inference_steps, guidance_scale, time_shift, layout_steps, layout_guidance, layout_method: what a call uses
            where nothing is said.
        num_frames, height, width: likewise, the clip that the network was trained on.
        card: the model card; None takes the `README.md` that lies where it goes, or beside `weights`.
    Returns:
        The folder.
    Raises:
        ReleaseError: there is no card, or it lacks data, scores, limits or licence; nothing is written then.
    """
    target = folder or SHIPPED / name
    text = chosen_card(card, target, weights)
    check_card(text, name)
    parts = load_parts(weights)
    sampling = {
        "num_inference_steps": num_inference_steps,
        "guidance_scale": guidance_scale,
        "time_shift": time_shift,
        "layout_steps": layout_steps,
        "layout_guidance": layout_guidance,
        "layout_method": layout_method,
        "num_frames": num_frames,
        "height": height,
        "width": width,
    }
    world = parts.config.get("world", "shapes")
    save_parts(target, parts, name, world, sampling, torch.float16)
    write_card(target, text or "")
    return target
