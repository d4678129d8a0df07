"""What training and sampling cost on a GPU: memory, clips a second, the share of its matrix peak, seconds a clip.

    python benchmarks/gpu_speed.py                   # nano and mini, as their presets train them
    python benchmarks/gpu_speed.py --json gpu.json   # the same numbers to keep

A training step is the whole of it: noise, words, both passes, Muon and AdamW, on random latents. Memory is what torch
has allocated at most, without the driver's own. The peak is that of one large product, in bfloat16.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from minisora.models.sizes import SIZES, ModelSize
from minisora.models.storage import load_part
from minisora.models.transformer import VideoTransformer
from minisora.pipeline import TextToVideoPipeline
from minisora.training.callbacks import measure_peak
from minisora.training.diffusion_module import DiffusionModule
from minisora.training.latents import LatentBatch, LayoutBatch

BATCHES = {"nano": [(48, 160), (768, 2048)], "mini": [(16, 64), (96, 384)]}  # clips, and scenes without pixels
PROMPT = "a small red circle moving right and a large blue star bouncing"
GB = 1e9


@dataclass(frozen=True)
class Training:
    """A line about training.

    Attributes:
        size: of the model.
        clips, scenes: in a batch.
        clips_a_second: by the clock, optimizer included.
        memory_gb: the most that was allocated.
        share: of the matrix peak.
    """

    size: str
    clips: int
    scenes: int
    clips_a_second: float
    memory_gb: float
    share: float


def random_batch(size: ModelSize, clips: int, scenes: int, device: torch.device) -> LatentBatch:
    """A batch in the shape of a size's clips.

    Args:
        size: of the model.
        clips: b.
        scenes: scenes without pixels.
        device: where it goes.
    Returns:
        Random numbers and one sentence.
    """
    config = size.denoiser
    z, lh, lw = 1 + size.num_frames // 4, size.height // 4, size.width // 4
    rows = (z, config.layout_rows, config.layout_channels)
    further = LayoutBatch(
        layouts=torch.randn(scenes, *rows),
        captions=[PROMPT] * scenes,
        fps=torch.full((scenes,), 8.0),
        aspect=torch.ones(scenes),
        late=torch.zeros(scenes, dtype=torch.bool),
    )
    return LatentBatch(
        latents=torch.randn(clips, z, lh, lw, config.latent_channels),
        captions=[PROMPT] * clips,
        covers=torch.rand(clips, 3, z, lh, lw),
        layouts=torch.randn(clips, *rows),
        fps=torch.full((clips,), 8.0),
        step=0,
        scenes=further,
    ).to(device)


def measure_training(size: ModelSize, clips: int, scenes: int, steps: int, device: torch.device) -> Training:
    """Train a few steps on one batch.

    Args:
        size: of the model.
        clips, scenes: in the batch.
        steps: that are timed, after three that are not.
        device: where.
    Returns:
        The line.
    """
    torch.manual_seed(0)
    module = DiffusionModule(VideoTransformer(size.denoiser), load_part("nano", "text_encoder")).to(device)  # type: ignore[arg-type]
    optimizer, batch = module.configure_optimizers(), random_batch(size, clips, scenes, device)

    def step() -> None:
        with torch.autocast(device.type, torch.bfloat16):
            loss = module.loss_of(batch)["loss"]
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    with FlopCounterMode(display=False) as counter:
        step()
    torch.cuda.reset_peak_memory_stats()
    seconds = timed(step, steps)
    share = counter.get_total_flops() / seconds / measure_peak(device, torch.bfloat16)
    return Training(size.name, clips, scenes, clips / seconds, torch.cuda.max_memory_allocated() / GB, share)


def timed(work: Callable[[], object], repeats: int) -> float:
    """Seconds of one run of some work, the mean of several after two that do not count."""
    for index in range(repeats + 2):
        if index == 2:
            torch.cuda.synchronize()
            start = time.perf_counter()
        work()
    torch.cuda.synchronize()
    return (time.perf_counter() - start) / repeats


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=8, help="training steps that are timed")
    parser.add_argument("--clips", type=int, default=5, help="clips that are timed")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    args = parser.parse_args()
    device = torch.device("cuda")
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
    rows = []
    print(f"{'training':9} {'clips':>6} {'scenes':>7} {'clips/s':>9} {'GB':>6} {'share of peak':>14}")
    for name, batches in BATCHES.items():
        for clips, scenes in batches:
            rows.append(measure_training(SIZES[name], clips, scenes, args.steps, device))
            row = rows[-1]
            print(f"{name:9} {clips:6} {scenes:7} {row.clips_a_second:9.0f} {row.memory_gb:6.2f} {row.share:14.1%}")
            torch.cuda.empty_cache()
    pipe = TextToVideoPipeline.from_pretrained("nano", device="cuda")
    torch.cuda.reset_peak_memory_stats()
    alone = timed(lambda: pipe(PROMPT, seed=0), args.clips)
    many = timed(lambda: pipe([PROMPT] * 64, seed=0), 1) / 64
    memory = torch.cuda.max_memory_allocated() / GB
    print(f"a clip of nano: {alone:.3f} s alone, {many:.4f} s in a batch of 64, {memory:.2f} GB")
    if args.json:
        about = {"device": torch.cuda.get_device_name(), "torch": torch.__version__}
        clip = {"alone_s": alone, "of_64_s": many, "memory_gb": memory}
        args.json.write_text(json.dumps({**about, "training": [asdict(row) for row in rows], "clip": clip}, indent=2))


if __name__ == "__main__":
    main()
