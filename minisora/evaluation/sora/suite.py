"""The loop over the suite: draw a case, let everyone answer it, judge, keep the record."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from minisora.evaluation.records import Journal, Record
from minisora.evaluation.rows import EVALUATION_STREAM
from minisora.evaluation.sora.case import Case
from minisora.evaluation.sora.tasks import Task
from minisora.evaluation.sources import SOURCES
from minisora.models.autoencoder import TIME
from minisora.world import World

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["draw_case", "run_suite"]

Progress = Callable[[str, str, int], object]


def draw_case(world: World, task: Task, index: int, seed: int) -> Case:
    """A held-out case; it depends on (seed, task, index) alone, and its stream is none that training uses.

    Args:
        world: tables to draw from.
        task: what is asked.
        index: number in the task.
        seed: of the whole evaluation.
    Returns:
        The same case for the same arguments, on every machine.
    """
    rng = np.random.default_rng([seed, EVALUATION_STREAM, task.number, index])
    return task.case.draw(world, rng, int(rng.integers(2**31)))


def run_suite(
    pipe: "TextToVideoPipeline",
    tasks: Sequence[Task],
    num: int | None = None,
    seed: int = 0,
    sources: Sequence[str] = SOURCES,
    journal: Journal | None = None,
    progress: Progress | None = None,
) -> list[Record]:
    """Put every case to the model, and to its two ceilings.

    Args:
        pipe: the model; its autoencoder is the second ceiling.
        tasks: lines of the table.
        num: cases of each; None is as many as the task says.
        seed: of the evaluation.
        sources: "rendered" judges the perfect answer, "reconstructed" the same through the autoencoder and back,
            "generated" the model's.
        journal: keeps the records; what it has already is not made again. None keeps them in memory.
        progress: called with task, source and number of cases after each.
    Returns:
        Records in the order of tasks and numbers.
    """
    journal = journal or Journal()
    records = []
    for task in tasks:
        for index in range(num or task.num):
            missing = [name for name in sources if (task.name, name, index) not in journal.records]
            if missing:
                journal.add(_judged(pipe, task, index, seed, missing))
            records += [journal.records[task.name, name, index] for name in sources]
            if progress is not None:
                progress(task.name, "+".join(sources), 1)
    return records


def _judged(pipe: "TextToVideoPipeline", task: Task, index: int, seed: int, sources: Sequence[str]) -> list[Record]:
    case = draw_case(pipe.world, task, index, seed)
    truth = case.truth(pipe.world)
    ceiling = torch.cat([_reconstructed(pipe, take) for take in case.takes(truth)])[: len(truth)]
    answers = {"rendered": lambda: truth, "reconstructed": lambda: ceiling, "generated": lambda: case.make(pipe)}
    records = []
    for name in sources:
        verdicts = tuple(case.judge(pipe.world, answers[name](), ceiling))
        records.append(Record(task.name, name, index, all(verdict.right for verdict in verdicts), verdicts))
    return records


@torch.inference_mode()
def _reconstructed(pipe: "TextToVideoPipeline", truth: Tensor) -> Tensor:
    """A clip through the autoencoder and back; frames that do not fill a group are repeated for it, and cut off."""
    short = -(len(truth) - 1) % TIME
    padded = torch.cat([truth, truth[-1:].expand(short, -1, -1, -1)])
    return pipe.decode(pipe.encode(padded[None]))[0, : len(truth)]
