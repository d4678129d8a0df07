"""Typical wrong answers to the exercises of lesson 13, and what is said to each."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from minisora.course.checks import lesson_13 as check
from minisora.data.digits import DIRECTIONS
from tests.course.answers import symptom


def glued(folder: Path, captions: dict[str, str]) -> None:
    lines = ["file_name,caption", *(f"{name},{caption}" for name, caption in captions.items())]
    (folder / "metadata.csv").write_text("\n".join(lines))


def written(head: list[str] | None, rows: Any, name: str = "metadata.csv") -> Any:
    def write(folder: Path, captions: dict[str, str]) -> None:
        with (folder / name).open("w", newline="") as file:
            writer = csv.writer(file)
            if head:
                writer.writerow(head)
            writer.writerows(rows(folder, captions))

    return write


def never_closed(folder: Path, captions: dict[str, str]) -> None:
    (folder / "metadata.csv").open("w").close()


def plainly(folder: Path, captions: dict[str, str]) -> Any:
    return captions.items()


COLUMNS = ["file_name", "caption"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (glued, "cut into several columns"),
        (lambda folder, captions: "file_name,caption", "wrote no file"),
        (written(COLUMNS, plainly, "captions.csv"), "wanted is metadata.csv"),
        (written(None, plainly), "first line should name the columns"),
        (written(["name", "text"], plainly), "columns should be"),
        (written(COLUMNS, lambda folder, captions: list(captions.items())[:1]), "has 1 lines"),
        (written(COLUMNS, lambda folder, captions: [(folder / a, b) for a, b in captions.items()]), "without its path"),
        (
            written(COLUMNS, lambda folder, captions: [(a, b.replace(",", "")) for a, b in captions.items()]),
            "came back",
        ),
        (never_closed, "is empty"),
        (lambda folder: folder / "metadata.csv", "stopped"),
    ],
)
def test_write_metadata(wrong: Any, says: str) -> None:
    assert says in symptom(check.write_metadata, wrong)


def along(change: Any, arrow: Any = lambda right, down: 1.0, ways: Any = tuple(DIRECTIONS)) -> Any:
    def direction(frames: Any) -> str:
        x, y = change(check.middle(frames[0]), check.middle(frames[-1])).tolist()
        lengths = {way: (x * DIRECTIONS[way][0] + y * DIRECTIONS[way][1]) / arrow(*DIRECTIONS[way]) for way in ways}
        return max(lengths, key=lambda way: lengths[way])

    return direction


def forwards(first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    return last - first


def upside_down(first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    return (last - first) * torch.tensor([1.0, -1.0])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (along(forwards), "same length"),
        (along(lambda first, last: first - last, np.hypot), "the opposite"),
        (along(upside_down, np.hypot), "counted from the top"),
        (along(forwards, np.hypot, ("right", "left", "up", "down")), "four of them along diagonals"),
        (along(lambda first, last: last, np.hypot), "to every clip"),
        (lambda frames: "right", "to every clip"),
        (lambda frames: "moving right", "not among the keys"),
        (lambda frames: 0, "one of the words"),
    ],
)
def test_direction(wrong: Any, says: str) -> None:
    assert says in symptom(check.direction, wrong)


def filled_in_front(states: torch.Tensor, tokens: torch.Tensor, count: int) -> torch.Tensor:
    kept = tokens[:, :count]
    missing = tokens.new_zeros(len(tokens), count - kept.shape[1], tokens.shape[2])
    return torch.cat([states, missing, kept], dim=1)


def last_ones(states: torch.Tensor, tokens: torch.Tensor, count: int) -> torch.Tensor:
    return torch.cat([states, tokens[:, -count:]], dim=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda states, tokens, count: torch.cat([states, tokens[:, :3]], dim=2), "side by side"),
        (lambda states, tokens, count: torch.cat([states, tokens[:, :3]], dim=0), "more sentences"),
        (lambda states, tokens, count: torch.cat([tokens, states], dim=1), "keep them"),
        (lambda states, tokens, count: torch.cat([states, tokens], dim=1), "more than a short one"),
        (lambda states, tokens, count: torch.cat([states, tokens[:, :count]], dim=1), "fill up with zeros"),
        (lambda states, tokens, count: states, "should have the shape (2, 7, 2)"),
        (last_ones, "the first 2 were wanted"),
        (filled_in_front, "behind the tokens"),
    ],
)
def test_beside(wrong: Any, says: str) -> None:
    assert says in symptom(check.beside, wrong)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    check.left_out_error([])  # a lesson has read nano long before


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ((1, 2), "one at a time"),
        ((0, 7), "one at a time"),
        ((3, 3), "twice"),
        ((1, 8), "from 0 to 7"),
        (4, "two numbers"),
    ],
)
def test_two_blocks(wrong: Any, says: str) -> None:
    assert says in symptom(check.two_blocks, wrong)


def test_the_two_that_are_missed_least_alone() -> None:
    alone = {number: check.left_out_error([number]) for number in range(check.BLOCKS)}
    assert tuple(sorted(sorted(alone, key=lambda number: alone[number])[:2])) == check.MISSED_LEAST
