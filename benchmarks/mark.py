"""The invisible mark: is it found, is it seen where it is not, does it cost a word, and does anybody see it?

    python benchmarks/mark.py --calibrate --clips 300 --first 100000     # the highest scores of clips without a mark
    python benchmarks/mark.py --clips 500                                # found and false alarms, after each attack
    python benchmarks/mark.py --clips 500 --scale 1 --attacks file half+crop crf23 gif
    python benchmarks/mark.py --clips 64 --source nano --grade           # generated clips, and their grades

Each clip is written twice, with the mark and without, attacked alike and read as `minisora inspect` reads it: blind to
scale, place and origin. `file` is what `Clips.save` writes (h264 at its default quality); `half+crop` is that with
every second frame, and a tenth of each side cut off at a random place.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import torch
from tqdm import tqdm

from minisora.data.video_io import read_video, write_video
from minisora.evaluation.intervals import wilson_interval
from minisora.guards.mark import mark_frames
from minisora.pipeline import TextToVideoPipeline
from minisora.safety.finding import THRESHOLD, find_mark
from minisora.world import SHAPES, SceneRequest

Frames = Any
Attack = Callable[[Path, np.random.Generator], Frames]
BATCH = 8


def coded(*options: str) -> Attack:
    """The file coded once more."""

    def attack(file: Path, _: np.random.Generator) -> Frames:
        other = file.with_name("attacked.mp4")
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(file), *options, str(other)]
        subprocess.run(command, check=True)
        return read_video(other)[0]

    return attack


def cropped(frames: Frames, rng: np.random.Generator, share: float = 0.1) -> Frames:
    """A random window that lacks a share of each side."""
    height, width = frames.shape[1:3]
    down, across = round(share * height), round(share * width)
    top, left = rng.integers(0, down + 1), rng.integers(0, across + 1)
    return frames[:, top : height - down + top, left : width - across + left]


def through_gif(file: Path, _: np.random.Generator) -> Frames:
    """The frames of the file as a gif of 256 colours."""
    return read_video(write_video(file.with_suffix(".gif"), read_video(file)[0], overwrite=True))[0]


CRF = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf")
ATTACKS: dict[str, Attack] = {
    "file": lambda file, _: read_video(file)[0],
    "half": lambda file, _: read_video(file)[0][::2],
    "crop": lambda file, rng: cropped(read_video(file)[0], rng),
    "half+crop": lambda file, rng: cropped(read_video(file)[0][::2], rng),
    "crf23": coded(*CRF, "23"),
    "crf28": coded(*CRF, "28"),
    "all": lambda file, rng: cropped(coded(*CRF, "23")(file, rng)[::2], rng),
    "mirror": lambda file, _: read_video(file)[0][:, :, ::-1],
    "scaled": coded(*CRF, "18", "-vf", "scale=iw*0.9:-2"),
    "gif": through_gif,
}


def clips(options: argparse.Namespace) -> Iterator[tuple[Frames, SceneRequest]]:
    """Frames and what was asked for, all kinds of scenes in turn."""
    pipe = None if options.source == "rendered" else TextToVideoPipeline.from_pretrained(options.source)
    kinds = list(SHAPES.kinds)
    for start in range(options.first, options.first + options.clips, BATCH):
        numbers = range(start, min(start + BATCH, options.first + options.clips))
        rngs = [np.random.default_rng([7, number]) for number in numbers]
        scenes = [SHAPES.sample(rng, kinds[number % len(kinds)]) for number, rng in zip(numbers, rngs, strict=True)]
        captions = [SHAPES.write(scene, rng) for scene, rng in zip(scenes, rngs, strict=True)]
        if pipe is None:
            made = [SHAPES.render(scene, num_frames=17).numpy() for scene in scenes]
        else:
            made = list(pipe([caption.text for caption in captions], seed=list(numbers)).frames.numpy())
        yield from zip(made, (caption.request for caption in captions), strict=True)


def calibrate(options: argparse.Namespace) -> None:
    """The highest scores of clips that have no mark."""
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (frames, _) in enumerate(tqdm(clips(options), total=options.clips, unit="clip")):
            file = write_video(Path(folder) / "clip.mp4", frames, scale=options.scale, overwrite=True)
            for name in options.attacks:
                scores.append(find_mark(ATTACKS[name](file, np.random.default_rng([8, number]))).score)
    print(f"{len(scores)} scores without a mark; the threshold is {THRESHOLD}")
    for share in (50, 90, 99, 99.9, 100):
        print(f"{share:5.1f} % are below {np.percentile(scores, share):.2f}")


def measure(options: argparse.Namespace) -> None:
    """Found and false alarms after each attack; grades where they are asked for."""
    scores: dict[str, list[tuple[float, float]]] = {name: [] for name in options.attacks}
    right, levels = np.zeros(2, int), []
    with tempfile.TemporaryDirectory() as folder:
        for number, (frames, request) in enumerate(tqdm(clips(options), total=options.clips, unit="clip")):
            marked = mark_frames(frames)
            levels.append(np.square(marked.astype(float) - frames).mean())
            files = [
                write_video(Path(folder) / f"{name}.mp4", clip, scale=options.scale, overwrite=True)
                for name, clip in (("with", marked), ("without", frames))
            ]
            for name, kept in scores.items():
                pair = [find_mark(ATTACKS[name](file, np.random.default_rng([9, number]))).score for file in files]
                kept.append((pair[0], pair[1]))
            if options.grade:
                right += [graded(file, request, options.scale) for file in files]
    print(f"{options.clips} clips ({options.source}), scale {options.scale}, threshold {THRESHOLD}")
    print(f"{10 * np.log10(255**2 / np.mean(levels)):.1f} dB from the clip without a mark, at most 1 of 255")
    print("attack        found (95 %)             false alarms (95 %)      lowest marked   highest unmarked")
    for name, kept in scores.items():
        report(name, np.array(kept))
    if options.grade:
        shares = [f"{100 * count / options.clips:.1f} %" for count in right]
        print(f"every word right, read from the file: {shares[0]} with the mark, {shares[1]} without")


def report(name: str, scores: Any) -> None:
    """One line of the table."""
    columns = []
    for column in (0, 1):
        count = int((scores[:, column] >= THRESHOLD).sum())
        low, high = wilson_interval(count, len(scores))
        columns.append(f"{count}/{len(scores)} {100 * count / len(scores):.1f} % ({100 * low:.1f}-{100 * high:.1f})")
    print(f"{name:12s}  {columns[0]:23s}  {columns[1]:23s}  {scores[:, 0].min():13.2f}  {scores[:, 1].max():17.2f}")


def graded(file: Path, request: SceneRequest, scale: int) -> bool:
    """Whether every word is right, by the pixels of the file."""
    frames, fps = read_video(file)
    return bool(SHAPES.grade(frames[:, scale // 2 :: scale, scale // 2 :: scale], request, fps=fps).every_word_right)


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="number of the first clip; 100000 for calibration")
    parser.add_argument("--scale", type=int, default=8)
    parser.add_argument("--source", default="rendered", help="rendered, or a checkpoint")
    parser.add_argument("--attacks", nargs="*", default=["file", "half+crop"], choices=list(ATTACKS), metavar="NAME")
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--grade", action="store_true", help="grade both files, too")
    options = parser.parse_args()
    torch.set_num_threads(1)
    (calibrate if options.calibrate else measure)(options)


if __name__ == "__main__":
    main()
