"""How often the stage's grader is right: on renders, and on renders that were blurred and made noisy.

    python benchmarks/stage_ceiling.py --scenes 60
    python benchmarks/stage_ceiling.py --scenes 60 --blur 0.6 --noise 4 --kinds one two

A scene is right when every verdict on its own render against all that the scene is made of is right. The intervals are
Wilson's, 95 %. Blur is in pixels, noise in steps of 255; with 0.6 and 4 a clip has about 32 dB, as an autoencoder's.
"""

import argparse
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from grader_calibration import degrade
from PIL import Image
from torch import Tensor

from minisora.world import STAGE, ActorRequest, Scene, SceneRequest
from minisora.world.grader import Grade, Reading, compare
from minisora.world.request import RelationRequest


@dataclass
class Tally:
    """Counts of one kind of scene."""

    scenes: int = 0
    scenes_right: int = 0
    verdicts: int = 0
    verdicts_right: int = 0
    seconds: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, grade: Grade, seconds: float) -> None:
        """Count a scene."""
        self.scenes += 1
        self.scenes_right += grade.every_word_right
        self.verdicts += len(grade.verdicts)
        self.verdicts_right += len(grade.verdicts) - len(grade.wrong)
        self.seconds.append(seconds)
        self.wrong.update(f"{v.attribute}: {v.wanted} → {v.found}" for v in grade.wrong)

    def join(self, other: "Tally") -> None:
        """Add the counts of another tally."""
        for name in ("scenes", "scenes_right", "verdicts", "verdicts_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds += other.seconds
        self.wrong.update(other.wrong)

    def row(self, name: str) -> str:
        """One line of the table."""
        return (
            f"{name:10s} {self.scenes:6d}  {share(self.verdicts_right, self.verdicts)}  "
            f"{share(self.scenes_right, self.scenes)}  {np.median(self.seconds):5.2f} {max(self.seconds):5.2f}"
        )


def share(part: int, whole: int) -> str:
    """A percentage with its interval."""
    low, high = wilson(part, whole)
    return f"{100 * part / whole:6.2f} [{100 * low:5.1f}, {100 * high:5.1f}]"


def wilson(part: int, whole: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share, 95 % by default."""
    middle = (part + z * z / 2) / (whole + z * z)
    reach = z / (whole + z * z) * math.sqrt(part * (whole - part) / whole + z * z / 4)
    return middle - reach, middle + reach


def ceiling(kind: str, options: argparse.Namespace) -> Tally:
    """Grade scenes of one kind."""
    rng = np.random.default_rng([options.seed, sorted(STAGE.kinds).index(kind)])
    tally = Tally()
    for number in range(options.scenes):
        scene = STAGE.sample(rng, kind, split=options.split, aspect=options.width / options.height)
        clip = STAGE.render(scene, options.frames, options.height, options.width, options.fps)
        clip = degrade(clip, options.blur, options.noise, rng) if options.blur or options.noise else clip
        if options.only is not None and number not in options.only:
            continue
        begin = time.process_time()
        reading = STAGE.read(clip, options.fps)
        grade = compare(STAGE, reading, whole_request(scene))
        tally.add(grade, time.process_time() - begin)
        if grade.wrong:
            report(kind, number, scene, clip, reading, grade, options.save)
    return tally


def whole_request(scene: Scene) -> SceneRequest:
    """A request that names everything in a scene."""
    actors = []
    for actor in scene.actors:
        motion = STAGE.motions[actor.motion]
        named = None if motion.paired else motion.name
        speed = actor.speed if motion.has_speed and named else None
        actors.append(ActorRequest(actor.shape, actor.colour, actor.size, named, speed))
    return SceneRequest(
        actors=tuple(actors),
        background=scene.background,
        relations=tuple(RelationRequest(r.name, r.subject, r.object) for r in scene.relations),
        behind_wall=(0,) if scene.wall else (),
        camera=scene.camera.move,
        light=scene.light or None,
        weather=scene.weather or None,
        prop=scene.wall.prop if scene.wall else None,
    )


def report(
    kind: str, number: int, scene: Scene, clip: Tensor, reading: Reading, grade: Grade, folder: Path | None
) -> None:
    """Print what is wrong, and keep a strip of the clip."""
    print(f"{kind} {number}: {scene.background} {scene.light} {scene.weather} {scene.camera} {scene.wall or ''}")
    for actor in scene.actors:
        print(
            f"    {actor.size} {actor.colour} {actor.shape}, {actor.motion} {actor.speed} "
            f"r={actor.radius:.3f} v={actor.rate:.3f}"
        )
    for seen in reading.actors:
        print(
            f"  → {seen.size} {seen.colour} {seen.shape}, {seen.motion} {seen.speed} r={seen.radius:.3f} "
            f"v={seen.rate:.3f} seen {int(seen.seen.sum())} gone {seen.gone} share {seen.shape_share:.2f} "
            f"error {seen.position_error:.2f} fits {[(fit.motion, round(fit.cost, 2)) for fit in seen.fits[:3]]}"
        )
    print("  ", *(str(verdict) for verdict in grade.wrong), sep=" | ", flush=True)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        strip = torch.cat(list(clip[:: max(1, len(clip) // 6)]), dim=1)
        Image.fromarray(strip.numpy()).save(folder / f"{kind}_{number}.png")


def main() -> None:
    """Print one row for each kind of scene, and which verdicts fail."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenes", type=int, default=60, help="of each kind")
    parser.add_argument("--kinds", nargs="*", default=list(STAGE.kinds))
    parser.add_argument("--only", nargs="*", type=int, help="numbers of the scenes to grade, to look at some again")
    parser.add_argument("--split", default="train")
    parser.add_argument("--frames", type=int, default=17)
    parser.add_argument("--height", type=int, default=128)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--fps", type=float, default=8.0)
    parser.add_argument("--blur", type=float, default=0.0)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="folder for strips of scenes with a wrong verdict")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tallies = {kind: ceiling(kind, options) for kind in options.kinds}
    total = Tally()
    print(f"{'kind':10s} scenes  verdicts right           scenes right             seconds: median, most")
    for kind, tally in tallies.items():
        if tally.scenes:
            print(tally.row(kind))
            total.join(tally)
    print(total.row("all"))
    for words, count in total.wrong.most_common():
        print(f"{count:4d}  {words}")


if __name__ == "__main__":
    main()
