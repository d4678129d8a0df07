"""Does memory grow with a clip's length? The largest memory of `minisora generate`, each length in its own process.

    python benchmarks/long_clip.py                          # one minute and four, as mp4
    python benchmarks/long_clip.py --steps 1                # the same memory, sooner
    python benchmarks/long_clip.py --seconds 60 600 --ending .gif --scale 8
    python benchmarks/long_clip.py --json long_clip.json

The memory is that of the largest process, Python or ffmpeg.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

MEGA = 1e6
KILO = 1024 if sys.platform.startswith("linux") else 1  # what ru_maxrss counts in: kilobytes, or bytes on macOS


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        seconds: length of the clip.
        peak: megabytes, the most that Python or one of the ffmpegs that it waited for held at a time.
        minutes: how long it took.
        file: megabytes of the file.
    """

    seconds: float
    peak: float
    minutes: float
    file: float


def measure(seconds: float, ending: str, options: list[str]) -> Row:
    """Make one clip.

    Args:
        seconds: its length.
        ending: .mp4, .webm, .gif or .png.
        options: what else `minisora generate` is told.
    Returns:
        What it took.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, start = Path(folder) / f"long{ending}", time.perf_counter()
        command = [sys.executable, "-m", "minisora.cli", "generate", "a red star spinning", "--seconds", f"{seconds:g}"]
        command += ["--output", str(file), "--seed", "0", *options]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)  # this child's own figures, not the largest of all so far
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"minisora generate gave {process.returncode}; run it by hand: {' '.join(command)}")
        minutes = (time.perf_counter() - start) / 60
        return Row(seconds, used.ru_maxrss * KILO / MEGA, minutes, file.stat().st_size / MEGA)


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, nargs="+", default=[60, 240], metavar="X", help="lengths")
    parser.add_argument("--ending", default=".mp4", help="of the file")
    parser.add_argument("--scale", type=int, default=1, metavar="N", help="enlarge every pixel")
    parser.add_argument("--steps", type=int, metavar="N", help="from noise to clean; the checkpoint's own unless given")
    parser.add_argument("--model", default="nano", metavar="NAME", help="a shipped name or a folder")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    given = parser.parse_args()
    options = ["--scale", str(given.scale), "--model", given.model]
    options += [] if given.steps is None else ["--steps", str(given.steps)]
    rows = []
    for seconds in given.seconds:
        rows.append(measure(seconds, given.ending, options))
        row = rows[-1]
        print(f"{seconds:6g} s  peak {row.peak:5.0f} MB  {row.minutes:5.1f} min  file {row.file:6.2f} MB", flush=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
