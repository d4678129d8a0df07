"""Makes the README's picture of noise levels: one matrix a task, steps downwards, latent frames to the right.

python data/make_levels_picture.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import LinearSegmentedColormap
from torch import Tensor

from minisora.diffusion import chunked, full_sequence, hold_context, pyramid

TARGET = Path(__file__).parent / "samples" / "levels.png"
FRAMES, STEPS, SHIFT = 5, 12, 3.0
ACCENT = "#1E64EB"
NOISE = LinearSegmentedColormap.from_list("noise", ["#ffffff", ACCENT])


def given(*frames: int) -> Tensor:
    """The usual plan with some frames that are there from the start.

    Args:
        frames: their numbers.
    Returns:
        (steps + 1, z), times.
    """
    flags = torch.zeros(FRAMES, dtype=torch.bool)
    flags[list(frames)] = True
    return hold_context(full_sequence(STEPS, FRAMES, SHIFT), flags)


def main() -> None:
    """Draw the plans side by side."""
    plans = {
        "from words": full_sequence(STEPS, FRAMES, SHIFT),
        "an image comes alive": given(0),
        "extended": given(0, 1, 2),
        "before it": given(3, 4),
        "connected": given(0, 1, 4),
        "in chunks of two": chunked(STEPS // 2, FRAMES, 2, SHIFT),
        "a pyramid": pyramid(STEPS // 2, FRAMES, 2, SHIFT),
    }
    plt.rcParams.update({"font.size": 10, "axes.linewidth": 0.8, "axes.edgecolor": "#9a9a9a"})
    figure, panels = plt.subplots(1, len(plans), figsize=(11, 2.9), dpi=150, layout="constrained")
    for panel, (name, plan) in zip(panels, plans.items(), strict=True):
        picture = panel.imshow(plan, cmap=NOISE, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        panel.set_title(name, fontsize=10)
        panel.set_xticks(range(FRAMES), range(FRAMES))
        panel.set_yticks([0, len(plan) - 1], ["0", str(len(plan) - 1)])
        panel.tick_params(length=0)
    panels[0].set_ylabel("step")
    panels[len(plans) // 2].set_xlabel("latent frame")
    bar = figure.colorbar(picture, ax=panels, pad=0.01, fraction=0.02, ticks=[0, 0.5, 1])
    bar.ax.set_yticklabels(["clean", "0.5", "noise"])
    bar.outline.set_visible(False)
    figure.savefig(TARGET)
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
