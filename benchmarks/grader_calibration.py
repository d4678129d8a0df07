"""How often the grader is right: on renders, on blurred and noisy ones, and on requests with one wrong word.

    python benchmarks/grader_calibration.py --scenes 100
    python benchmarks/grader_calibration.py --scenes 100 --blur 0.6 --noise 2

A scene is right when every verdict on its own render against its own dense caption is right. A swap is right when a
request with one changed attribute gets exactly that verdict wrong.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from minisora.world import SHAPES, SceneRequest, World
from minisora.world.grader import compare, read

SWAPS = ("colour", "shape", "size", "motion", "speed")


@dataclass
class Tally:
    """Counts of one kind of scene."""

    scenes: int = 0
    scenes_right: int = 0
    verdicts: int = 0
    verdicts_right: int = 0
    swaps: int = 0
    swaps_right: int = 0
    seconds: float = 0.0
    confusions: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> str:
        """One line of the table."""
        return (
            f"{name:10s} {self.scenes:6d} {_percent(self.verdicts_right, self.verdicts):>9s} "
            f"{_percent(self.scenes_right, self.scenes):>9s} {_percent(self.swaps_right, self.swaps):>9s} "
            f"{1000 * self.seconds / max(self.scenes, 1):7.1f}"
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def degrade(video: Tensor, blur: float, noise: float, rng: np.random.Generator) -> Tensor:
    """A stand-in for an autoencoder: Gaussian blur (pixels) and noise (of 255) on uint8 (f, h, w, 3)."""
    pixels = video.float()
    if blur > 0:
        reach = int(np.ceil(3 * blur))
        kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / blur) ** 2)
        kernel = kernel / kernel.sum()
        for axis in (1, 2):
            moved = torch.nn.functional.pad(
                pixels.movedim(axis, -1).reshape(1, -1, pixels.shape[axis]), (reach, reach), mode="replicate"
            )
            smooth = torch.nn.functional.conv1d(moved.movedim(0, 1), kernel[None, None])
            shape = pixels.movedim(axis, -1).shape
            pixels = smooth.reshape(shape).movedim(-1, axis)
    pixels = pixels + noise * torch.from_numpy(rng.standard_normal(tuple(pixels.shape))).float()
    return pixels.round().clamp(0, 255).to(torch.uint8)


def swaps(world: World, request: SceneRequest, rng: np.random.Generator) -> Iterator[tuple[str, str, SceneRequest]]:
    """Requests with one attribute of one actor changed: (subject, attribute, request)."""
    tables = {"colour": world.colours, "shape": world.shapes, "size": world.sizes, "speed": world.speeds}
    for index, actor in enumerate(request.actors):
        for attribute in SWAPS:
            now = getattr(actor, attribute)
            taken = {getattr(other, attribute) for other in request.actors} if attribute == "colour" else {now}
            others = [name for name in tables.get(attribute, world.motions) if name not in taken]
            if now is None or not others:
                continue
            changed = replace(actor, **{attribute: str(rng.choice(others))})
            actors = (*request.actors[:index], changed, *request.actors[index + 1 :])
            yield f"actor {index + 1}", attribute, replace(request, actors=actors)


def calibrate(world: World, kind: str, options: argparse.Namespace) -> Tally:
    """Grade scenes of one kind."""
    rng = np.random.default_rng([options.seed, sorted(world.kinds).index(kind)])
    tally = Tally()
    for _ in range(options.scenes):
        scene = world.sample(rng, kind, split=options.split, aspect=options.width / options.height)
        caption = world.write(scene, rng, short=0.0)
        clip = world.render(scene, options.frames, options.height, options.width, options.fps)
        clip = degrade(clip, options.blur, options.noise, rng) if options.blur or options.noise else clip
        begin = time.process_time()
        reading = read(world, clip, options.fps)
        grade = compare(world, reading, caption.request)
        tally.seconds += time.process_time() - begin
        tally.scenes += 1
        tally.scenes_right += grade.every_word_right
        tally.verdicts += len(grade.verdicts)
        tally.verdicts_right += len(grade.verdicts) - len(grade.wrong)
        tally.confusions.update(f"{v.attribute}: {v.wanted} → {v.found}" for v in grade.wrong)
        if options.verbose and grade.wrong:
            print(caption.text, scene.to_json(), *grade.wrong, sep="\n  ")
        if grade.every_word_right:
            for subject, attribute, request in swaps(world, caption.request, rng):
                wrong = [(v.subject, v.attribute) for v in compare(world, reading, request).wrong]
                tally.swaps += 1
                tally.swaps_right += wrong == [(subject, attribute)]
                if wrong != [(subject, attribute)]:
                    tally.confusions[f"swap of {attribute}: {len(wrong)} verdicts wrong"] += 1
    return tally


def main() -> None:
    """Print one row for each kind of scene, and what was confused."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenes", type=int, default=100, help="of each kind")
    parser.add_argument("--kinds", nargs="*", default=list(SHAPES.kinds))
    parser.add_argument("--split", default="train")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=17)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--fps", type=float, default=8.0)
    parser.add_argument("--blur", type=float, default=0.0, help="pixels")
    parser.add_argument("--noise", type=float, default=0.0, help="of 255")
    parser.add_argument("--verbose", action="store_true", help="print every scene that was judged wrongly")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("kind       scenes verdicts%   scenes%    swaps%  ms/clip")
    total: Counter[str] = Counter()
    for kind in options.kinds:
        tally = calibrate(SHAPES, kind, options)
        print(tally.row(kind), flush=True)
        total.update(tally.confusions)
    for confusion, count in total.most_common():
        print(f"{count:4d}  {confusion}")


if __name__ == "__main__":
    main()
