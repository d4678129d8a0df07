"""How fast the denoiser trains here, beside how fast this machine multiplies matrices, measured in the same run.

    python benchmarks/denoiser_speed.py                    # nano, both precisions, eager and compiled
    python benchmarks/denoiser_speed.py --no-compile       # without a C++ compiler
    python benchmarks/denoiser_speed.py --json speed.json  # the same numbers to keep

A step is forward and backward of one batch; the optimizer is not in it. A step's FLOP are those of its matrix products
(counted by torch). The peak is the best product of matrices of the network's own sizes and of one large size. Peak and
share count processor seconds, so that other work on the machine changes them little; clips a second are by the clock,
and `cores` says how many processors the step really got.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

TUNABLES = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=20000000000:glibc.malloc.top_pad=268435456"

if __name__ == "__main__" and platform.system() == "Linux" and "GLIBC_TUNABLES" not in os.environ:
    # glibc reads this once, before Python starts: without it, freed memory goes back to the system at every step.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "GLIBC_TUNABLES": TUNABLES})  # noqa: S606

import torch  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

from minisora.models.sizes import SIZES  # noqa: E402
from minisora.models.text_encoder import TextStates  # noqa: E402
from minisora.models.transformer import TransformerConfig, VideoTransformer  # noqa: E402

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: "eager" or "compiled".
        precision: of the matrix products.
        clips: a second by the clock, the best round.
        cores: processors kept busy in that round.
        gigaflops: a processor second.
        peak: the same of plain matrix products of that precision.
        share: of that peak.
        of_best: share of the better precision's peak.
    """

    what: str
    precision: str
    clips: float
    cores: float
    gigaflops: float
    peak: float
    share: float
    of_best: float


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and processor seconds of some work, each the least of several runs."""

    clock: float = float("inf")
    processor: float = float("inf")
    cores: float = 0.0

    def better(self, other: "Cost") -> "Cost":
        """The least of both.

        Args:
            other: of the same work.
        Returns:
            Their least; `cores` is that of the quickest.
        """
        quick = min(self, other, key=lambda cost: cost.clock)
        return Cost(quick.clock, min(self.processor, other.processor), quick.cores)


def timed(work: Callable[[], object], repeats: int) -> Cost:
    """Run some work a few times.

    Args:
        work: what to run.
        repeats: how often.
    Returns:
        What it cost at best.
    """
    best = Cost()
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        best = best.better(Cost(clock, processor, processor / clock))
    return best


def matrix_peak(config: TransformerConfig, tokens: int, dtype: torch.dtype) -> float:
    """The most that plain products reach here, at the sizes of the network and at one large size.

    Args:
        config: of the network.
        tokens: in a batch.
        dtype: of the matrices.
    Returns:
        GFLOP a processor second.
    """
    d, best = config.width, 0.0
    for rows, inner, columns in ((tokens, d, 3 * d), (tokens, d, 2 * config.hidden), (1024, 1024, 1024)):
        left, right = torch.randn(rows, inner).to(dtype), torch.randn(columns, inner).to(dtype)
        cost = timed(lambda a=left, b=right: torch.nn.functional.linear(a, b), 4)  # type: ignore[misc]
        best = max(best, 2 * rows * inner * columns / cost.processor / 1e9)
    return best


def make_step(
    config: TransformerConfig, args: argparse.Namespace, precision: str, compiled: bool
) -> Callable[[], None]:
    """A training step without its optimizer.

    Args:
        config: of the network.
        args: batch and shape.
        precision: of the matrix products.
        compiled: whether torch.compile rewrites the blocks.
    Returns:
        A function that runs forward and backward once.
    """
    torch.manual_seed(0)
    model = VideoTransformer(config)
    for block in model.blocks if compiled else ():  # as in training: alike, so compiled once
        block.compile()
    clean = torch.randn(args.batch, args.frames, args.side, args.side, config.latent_channels)
    levels = torch.rand(args.batch, args.frames)
    states = torch.randn(args.batch, args.words, config.text_width, requires_grad=True)
    text = TextStates(states, torch.randn(args.batch, config.text_width))

    def step() -> None:
        """Forward and backward."""
        model.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            guess = model(clean, levels, text)
        (guess.float() - clean).square().mean().backward()

    return step


def measure(args: argparse.Namespace) -> list[Row]:
    """Every row of the table.

    Args:
        args: see `main`.
    Returns:
        Rows, each precision eager and compiled.
    """
    config = SIZES[args.size].denoiser
    tokens = args.batch * args.frames * (args.side // config.patch) ** 2
    with FlopCounterMode(display=False) as counter:
        make_step(config, args, "float32", compiled=False)()
    work = counter.get_total_flops() / 1e9
    steps: dict[tuple[str, str], Callable[[], None]] = {}
    for precision in args.precisions:
        for what in ("eager", "compiled") if args.compile else ("eager",):
            steps[precision, what] = make_step(config, args, precision, what == "compiled")
            steps[precision, what]()  # compiles, and fills the allocator
    peaks, costs = dict.fromkeys(args.precisions, 0.0), dict.fromkeys(steps, Cost())
    for _ in range(args.rounds):
        for precision in args.precisions:
            peaks[precision] = max(peaks[precision], matrix_peak(config, tokens, PRECISIONS[precision]))
        for key, step in steps.items():
            costs[key] = costs[key].better(timed(step, 2))
    rows = []
    for (precision, what), cost in costs.items():
        speed, best = work / cost.processor, max(peaks.values())
        shares = speed / peaks[precision], speed / best
        rows.append(Row(what, precision, args.batch / cost.clock, cost.cores, speed, peaks[precision], *shares))
    return rows


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="nano", choices=sorted(SIZES))
    parser.add_argument("--batch", type=int, default=96, help="clips in a step")
    parser.add_argument("--frames", type=int, default=5, help="latent frames of a clip")
    parser.add_argument("--side", type=int, default=16, help="places on a side of a latent frame")
    parser.add_argument("--words", type=int, default=16, help="states of the text encoder")
    parser.add_argument("--rounds", type=int, default=3, help="turns of peak and steps; the best one counts")
    parser.add_argument("--precisions", nargs="+", default=list(PRECISIONS), choices=list(PRECISIONS))
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    args = parser.parse_args()
    rows = measure(args)
    print(f"{args.size}: {args.batch} clips of {args.frames} latent frames of {args.side}×{args.side} places, ", end="")
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
    print(f"{'':9} {'':9} {'clips/s':>8} {'cores':>6} {'GFLOP/s a core':>15} {'peak':>6} {'share':>6} {'of best':>8}")
    for row in rows:
        print(f"{row.what:9} {row.precision:9} {row.clips:8.1f} {row.cores:6.2f} {row.gigaflops:15.0f}", end="")
        print(f" {row.peak:6.0f} {row.share:6.0%} {row.of_best:8.0%}")
    if args.json:
        args.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
