"""The loop: for each row and source, draw held-out examples, make their clips, grade them, keep the records.

Every grade is against the request that the caption was written from, never against our own reading of the caption.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from minisora.evaluation.records import Journal, Record, Verdict
from minisora.evaluation.rows import CEILINGS, ClipSize, Example, Row, draw_example, find_rows, rows_of
from minisora.evaluation.scores import score
from minisora.evaluation.sharpness import edge_distance, edge_width, flicker, psnr, still_ground
from minisora.evaluation.sources import Generate, Source, generated
from minisora.world import SHAPES, World
from minisora.world.render import render_layers

__all__ = ["Plan", "evaluate", "quick_grade"]

Progress = Callable[[str, str, int], object]


@dataclass(frozen=True)
class Plan:
    """What is to be graded.

    Attributes:
        world: tables to draw from and to grade by.
        rows: lines of the table.
        num: clips of each row and source.
        seed: of the evaluation.
        batch: clips made at once; no score depends on it.
        size: shape of the clips.
    """

    world: World = SHAPES
    rows: tuple[Row, ...] = find_rows(None)
    num: int = 512
    seed: int = 0
    batch: int = 16
    size: ClipSize = field(default_factory=ClipSize)


def evaluate(
    plan: Plan, sources: Mapping[str, Source], journal: Journal | None = None, progress: Progress | None = None
) -> list[Record]:
    """Grade every row from every source; what the journal has already is not made again.

    Args:
        plan: what is to be graded.
        sources: by name; "generated" is left out of the row of ceilings.
        journal: keeps the records; None keeps them in memory.
        progress: called with row, source and number of clips after each batch, and once for what is there already.
    Returns:
        Records of the plan, in the order of rows, sources and numbers.
    """
    journal = journal or Journal()
    keys = []
    for row in plan.rows:
        for name, source in sources.items():
            if row.name == CEILINGS.name and name == "generated":
                continue
            wanted = [(row.name, name, index) for index in range(plan.num)]
            missing = [key[2] for key in wanted if key not in journal.records]
            _report(progress, row, name, len(wanted) - len(missing))
            for some in _chunks(missing, plan.batch):
                journal.add(_grade(plan, row, name, source, some))
                _report(progress, row, name, len(some))
            keys += wanted
    return [journal.records[key] for key in keys]


def quick_grade(
    generate: Generate,
    kinds: Iterable[str] = ("one", "two"),
    num: int = 32,
    seed: int = 0,
    world: World = SHAPES,
    size: ClipSize = ClipSize(),  # noqa: B008 - frozen
    batch: int = 32,
) -> dict[str, float]:
    """A few rows for a model that is still in training.

    Args:
        generate: (sentences, seeds) → uint8 (b, f, h, w, 3); `generate_with(pipe)` makes one from a pipeline.
        kinds: names of rows, such as "one" or "unseen".
        num: clips of each.
        seed: of the evaluation; the clips of one seed are always the same ones.
        world: tables to draw from and to grade by.
        size: shape of the clips.
        batch: clips made at once.
    Returns:
        Shares 0…1 for a logger: {"one": every word right, "one/colour": single verdicts, …}.
    Raises:
        SettingError: an unknown row.
    """
    plan = Plan(world, find_rows(kinds, rows_of(world)), num, seed, batch, size)
    records = evaluate(plan, {"generated": generated(generate)})
    shares = {}
    for row in plan.rows:
        found = score(record for record in records if record.row == row.name)
        shares[row.name] = found.share
        shares |= {f"{row.name}/{name}": part.share for name, part in found.parts.items()}
    return shares


def _report(progress: Progress | None, row: Row, source: str, clips: int) -> None:
    if progress is not None:
        progress(row.name, source, clips)


def _chunks(indices: Sequence[int], length: int) -> Iterator[Sequence[int]]:
    for first in range(0, len(indices), max(length, 1)):
        yield indices[first : first + max(length, 1)]


def _grade(plan: Plan, row: Row, name: str, source: Source, indices: Iterable[int]) -> list[Record]:
    examples = [draw_example(plan.world, row, index, plan.seed, plan.size) for index in indices]
    records = []
    for example, clip in zip(examples, source(examples), strict=True):
        grade = plan.world.grade(clip, example.caption.request, plan.size.fps)
        verdicts = tuple(Verdict(each.attribute, each.wanted, each.found, each.right) for each in grade.verdicts)
        measures = _measures(plan, example, clip) if name == "reconstructed" and row.name == CEILINGS.name else {}
        records.append(Record(row.name, name, example.index, grade.every_word_right, verdicts, measures))
    return records


def _measures(plan: Plan, example: Example, clip: Tensor) -> dict[str, float]:
    """How a reconstruction differs from its scene: PSNR, and where they can be taken, edge and flicker."""
    world, scene, size = plan.world, example.scene, plan.size
    layers = render_layers(world, scene, size.num_frames, size.height, size.width, size.fps)
    truth = layers.compose()
    found = {"psnr": psnr(clip, truth)}
    ground = still_ground(layers)
    plain = not scene.texture and world.backgrounds[scene.background].paint is None
    if plain and scene.camera.move == world.still_camera and ground.any() and len(clip) > 1:
        found["flicker"] = flicker(clip, ground)
    distance = edge_distance(world, scene, size.num_frames, size.height, size.width, size.fps)
    if distance is not None:
        colour, back = layers.colours[0] * 255, torch.tensor(world.backgrounds[scene.background].rgb)
        found["edge"] = edge_width(clip, distance, colour, back) - edge_width(truth, distance, colour, back)
    return {name: value for name, value in found.items() if not math.isnan(value)}  # NaN: nothing to measure
