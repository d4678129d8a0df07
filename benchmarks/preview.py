"""From a finished sentence to a decoded clip, model loaded: the median of twenty, beside the machine's own matrix peak.

    python benchmarks/preview.py                  # nano, in its own number of steps and in 4
    python benchmarks/preview.py --steps 1 2 4 8  # other numbers
    python benchmarks/preview.py --json preview.json

Each of the twenty sentences is another one, in turns over the numbers of steps, so that a machine whose speed drifts
treats all alike. What a clip takes apart from its steps, words, layout and decoding, is in every line.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.training.callbacks import measure_peak

TERA = 1e12


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        steps: from noise to pixels.
        median, slowest: milliseconds, the median and the largest of all clips but the first.
    """

    steps: int
    median: float
    slowest: float


def sentences(pipe: TextToVideoPipeline, count: int) -> list[str]:
    """Captions of random scenes of one and of two actors.

    Args:
        pipe: whose world is described.
        count: how many.
    Returns:
        As many sentences.
    """
    rng = np.random.default_rng(0)
    scenes = [pipe.world.sample(rng, "two" if k % 2 else "one") for k in range(count)]
    return [pipe.world.write(scene, rng).text for scene in scenes]


def measure(pipe: TextToVideoPipeline, steps: list[int], count: int) -> list[Row]:
    """Make every clip in every number of steps.

    Args:
        pipe: the model.
        steps: the numbers.
        count: of sentences.
    Returns:
        A row for each number.
    """
    taken: dict[int, list[float]] = {number: [] for number in steps}
    for prompt in sentences(pipe, count + 1):
        for number in steps:
            start = time.perf_counter()
            pipe(prompt, seed=0, num_inference_steps=number)
            taken[number].append(1000 * (time.perf_counter() - start))
    return [Row(number, statistics.median(times[1:]), max(times[1:])) for number, times in taken.items()]


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="nano", help="a shipped name, a folder or a hub id")
    parser.add_argument("--steps", type=int, nargs="+", help="numbers of steps; the checkpoint's own and 4")
    parser.add_argument("--clips", type=int, default=20, help="sentences")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    args = parser.parse_args()
    pipe = TextToVideoPipeline.from_pretrained(args.model)
    steps = args.steps or sorted({4, pipe.settings().num_inference_steps})
    peaks = [
        max(measure_peak(pipe.device, dtype) for _ in range(3)) / TERA for dtype in (torch.float32, torch.bfloat16)
    ]
    rows = measure(pipe, steps, args.clips)
    name = str(pipe.dtype).removeprefix("torch.")
    print(f"{args.model} in {name} on {pipe.device.type}, {torch.get_num_threads()} threads; ", end="")
    print(f"matrix peak {peaks[0]:.2f} TFLOP/s in float32, {peaks[1]:.2f} in bfloat16")
    print(f"{'steps':>5} {'median ms':>10} {'slowest ms':>11}")
    for row in rows:
        print(f"{row.steps:5} {row.median:10.0f} {row.slowest:11.0f}")
    if args.json:
        about = {"model": args.model, "dtype": name, "peaks": peaks, "rows": [asdict(row) for row in rows]}
        args.json.write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
