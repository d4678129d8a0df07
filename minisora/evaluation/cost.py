"""What a clip costs: seconds, memory and megabytes of weights, measured in a process of its own.

    python -m minisora.evaluation.cost --model nano

prints one line of JSON. A process that has graded thousands of clips would say too much about memory.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from minisora.errors import MinisoraError

__all__ = ["Cost", "main", "measure_cost", "peak_memory", "weights_size"]

PROMPT = "a small red circle moving right and a large blue star bouncing"
RUNS = 7
MB = 1e6


@dataclass(frozen=True)
class Cost:
    """What one clip costs with the model loaded, decoding included.

    Attributes:
        seconds: median over `runs` clips made one by one.
        weights_mb: of all parts together on disk, in 10⁶ bytes.
        peak_mb: of memory, from starting Python to the last clip; None where the system does not say.
        device: "cpu", "cuda" or "mps".
        threads: that torch used on the processor.
        runs: clips that were timed, after one that was not.
    """

    seconds: float
    weights_mb: float
    peak_mb: float | None
    device: str
    threads: int
    runs: int


def measure_cost(
    model: str, denoiser: str | None = None, call: Mapping[str, Any] | None = None, runs: int = RUNS
) -> Cost:
    """Measure in a fresh process.

    Args:
        model: a shipped name, a folder or a hub id.
        denoiser: "module:name" of your own, or None.
        call: further arguments of the pipeline's call.
        runs: clips to time.
    Returns:
        The cost.
    Raises:
        MinisoraError: that process failed; the message is its last line.
    """
    command = [sys.executable, "-m", "minisora.evaluation.cost", "--model", model, "--runs", str(runs)]
    command += ["--call", json.dumps(dict(call or {})), *(["--denoiser", denoiser] if denoiser else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise MinisoraError(
            f"the cost could not be measured: {(done.stderr.strip().splitlines() or ['no reason'])[-1]}"
        )
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def weights_size(folder: Path) -> float:
    """Megabytes (10⁶ bytes) of a checkpoint: weights and tokenizer.

    Args:
        folder: of the checkpoint.
    Returns:
        Their sum.
    """
    files = [*folder.glob("*.safetensors"), *folder.glob("tokenizer.json")]
    return sum(file.stat().st_size for file in files) / MB


def peak_memory() -> float | None:
    """The most memory that this process has held so far, in 10⁶ bytes; None where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux; `ru_maxrss` would count what the parent process held before this one began
        lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(lines[0].split()[1]) * 1024 / MB if lines else None
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB  # bytes on macOS


def main(argv: Sequence[str] | None = None) -> int:
    """Measure here and print one line of JSON.

    Args:
        argv: see the top of the file.
    Returns:
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m minisora.evaluation.cost")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--denoiser")
    parser.add_argument("--call", type=json.loads, default={})
    parser.add_argument("--runs", type=int, default=RUNS)
    args = parser.parse_args(argv)
    print(json.dumps(asdict(_measure(args.model, args.denoiser, args.call, args.runs))))
    return 0


def _measure(model: str, denoiser: str | None, call: Mapping[str, Any], runs: int) -> Cost:
    import torch

    from minisora.evaluation.sources import load_denoiser
    from minisora.models.storage import find_folder
    from minisora.pipeline import TextToVideoPipeline

    own = load_denoiser(denoiser) if denoiser else None
    pipe = TextToVideoPipeline.from_pretrained(model, denoiser=own)
    seconds = []
    for seed in range(runs + 1):
        start = time.perf_counter()
        pipe(PROMPT, seed=seed, **call)
        seconds.append(time.perf_counter() - start)
    size = weights_size(find_folder(model))
    return Cost(statistics.median(seconds[1:]), size, peak_memory(), pipe.device.type, torch.get_num_threads(), runs)


if __name__ == "__main__":
    sys.exit(main())
