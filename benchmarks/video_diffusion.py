"""Grade against minutes: video-diffusion-pytorch and our class preset on the same world, judged on the same scenes.

    pip install --no-deps video-diffusion-pytorch einops-exts rotary-embedding-torch   # for this file alone; with 0.7.0
    for stage in latents layouts denoiser; do minisora train $stage --preset class; done
    python benchmarks/video_diffusion.py --minutes 10        # trains the peer as long, grades both

The peer is Ho et al.'s video U-Net (arXiv 2204.03458) in pixels, with its own diffusion and its trainer's optimizer
and moving average. It sees fresh clips of `classroom` for the minutes given, drawing them included, and is told the
same words: the states of our text encoder, since its own would be downloaded. Ours is whatever `--ours` holds; its
minutes are those of its preset. Grades are shares of held-out scenes of one actor with every word right, and of single
words right.
"""

import argparse
import copy
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minisora.evaluation.intervals import wilson_interval
from minisora.evaluation.rows import ClipSize, draw_example, find_rows
from minisora.models.text_encoder import TextEncoder
from minisora.pipeline import TextToVideoPipeline
from minisora.world import find_world

WORLD = find_world("classroom")
FRAMES, SIDE = 17, 64
RATE, DECAY = 1e-4, 0.995  # those of the peer's own trainer


def load_peer() -> Any:
    """The package; where torchvision is missing, which only its trainer of GIF files uses, an empty one stands in."""
    try:
        import torchvision  # noqa: F401
    except ImportError:
        stand_in = ModuleType("torchvision")
        for name in ("transforms", "utils"):
            setattr(stand_in, name, ModuleType(f"torchvision.{name}"))
        sys.modules["torchvision"] = stand_in
    import video_diffusion_pytorch

    return video_diffusion_pytorch


def clips(rng: np.random.Generator, batch: int) -> Iterator[tuple[Tensor, list[str]]]:
    """Fresh batches for ever: videos (b, 3, f, h, w) in 0…1, and captions."""
    while True:
        scenes = [WORLD.sample(rng, "one") for _ in range(batch)]
        videos = torch.stack([WORLD.render(scene, FRAMES, SIDE, SIDE) for scene in scenes])  # (b, f, h, w, 3)
        yield videos.permute(0, 4, 1, 2, 3).float() / 255, [WORLD.write(scene, rng).text for scene in scenes]


@torch.no_grad()
def words(encoder: TextEncoder, texts: list[str]) -> Tensor:
    """What the peer is told: (b, n × d), all states of the sentences."""
    return encoder(texts).states.flatten(1)


def train(diffusion: Any, encoder: TextEncoder, minutes: float, batch: int) -> tuple[Any, int]:
    """Train the peer by the clock.

    Args:
        diffusion: the peer's diffusion around its network.
        encoder: reads the captions.
        minutes: by the clock.
        batch: clips a step.
    Returns:
        The moving average of it, and the number of steps.
    """
    average, optimizer = copy.deepcopy(diffusion), torch.optim.Adam(diffusion.parameters(), lr=RATE)
    end, steps = time.monotonic() + 60 * minutes, 0
    for videos, texts in clips(np.random.default_rng(0), batch):
        if time.monotonic() > end:
            break
        loss = diffusion(videos, cond=words(encoder, texts), null_cond_prob=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        share = min(DECAY, steps / (steps + 10))  # the first steps would linger for minutes
        with torch.no_grad():
            for mean, now in zip(average.parameters(), diffusion.parameters(), strict=True):
                mean.lerp_(now, 1 - share)
        if steps % 20 == 1:
            print(f"step {steps}, loss {loss.item():.3f}", flush=True)
    return average.eval(), steps


def grade(name: str, make: Any, num: int, batch: int) -> dict[str, Any]:
    """Grade held-out scenes of one actor.

    Args:
        name: of the model.
        make: from captions and seeds to uint8 (b, f, h, w, 3).
        num: scenes.
        batch: made at once.
    Returns:
        Shares of clips and of single words that are right, the first with its 95 % interval.
    """
    (row,) = find_rows(["one"])
    cases = [draw_example(WORLD, row, index, 0, ClipSize()).caption for index in range(num)]
    right, verdicts = 0, []
    for first in range(0, num, batch):
        part = cases[first : first + batch]
        for video, caption in zip(make([case.text for case in part], first), part, strict=True):
            found = WORLD.grade(video, caption.request)
            right += found.every_word_right
            verdicts += [verdict.right for verdict in found.verdicts]
    low, high = wilson_interval(right, num)
    print(f"{name}: every word right {right / num:.1%} ({low:.0%}-{high:.0%}) of {num}, words {np.mean(verdicts):.1%}")
    return {"name": name, "right": right / num, "low": low, "high": high, "words": float(np.mean(verdicts)), "num": num}


def main() -> None:
    """Read the options, train the peer, grade both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="in which the peer learns")
    parser.add_argument("--dim", type=int, default=32, help="width of the peer's first level")
    parser.add_argument("--batch", type=int, default=4, help="clips in a step of the peer")
    parser.add_argument("--timesteps", type=int, default=100, help="of the peer's diffusion, in training and sampling")
    parser.add_argument("--scenes", type=int, default=32, help="that are graded")
    parser.add_argument("--guidance", type=float, default=2.0, help="of the peer")
    parser.add_argument("--ours", default="runs/class/weights", help="a checkpoint of the class preset")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    args = parser.parse_args()
    torch.manual_seed(0)
    package, pipe = load_peer(), TextToVideoPipeline.from_pretrained(args.ours)
    encoder = pipe.parts.text_encoder
    told = words(encoder, [""]).shape[1]
    network = package.Unet3D(dim=args.dim, dim_mults=(1, 2, 4), cond_dim=told)
    diffusion = package.GaussianDiffusion(network, image_size=SIDE, num_frames=FRAMES, timesteps=args.timesteps)
    size = sum(parameter.numel() for parameter in network.parameters())
    trained, steps = train(diffusion, encoder, args.minutes, args.batch)
    print(f"the peer: {size / 1e6:.1f} M weights, {steps} steps of {args.batch} clips in {args.minutes:g} minutes")

    def peer(texts: list[str], first: int) -> Tensor:
        """Clips of the peer."""
        videos = trained.sample(cond=words(encoder, texts), cond_scale=args.guidance)  # (b, 3, f, h, w), 0…1
        return (255 * videos).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 4, 1)

    def ours(texts: list[str], first: int) -> Tensor:
        """Clips of ours."""
        return pipe(texts, seed=list(range(first, first + len(texts)))).frames

    rows = [grade("ours, class preset", ours, args.scenes, 16), grade("video-diffusion-pytorch", peer, args.scenes, 16)]
    if args.json:
        about = {"minutes": args.minutes, "steps": steps, "weights": size, "dim": args.dim, "batch": args.batch}
        args.json.write_text(json.dumps({**about, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
