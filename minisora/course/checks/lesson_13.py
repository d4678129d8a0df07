"""Checks of lesson 13: metadata of a folder, the way that something moves, words beside words, blocks left out."""

import csv
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minisora.course.checking import attempt, exercise, near, require, same_shape
from minisora.data.digits import DIRECTIONS
from minisora.models.storage import load_parts
from minisora.models.transformer import Noisy, VideoTransformer
from minisora.world import SHAPES
from minisora.world.layout import layout_of
from minisora.world.render import render_layers

BLOCKS, LEFT_OUT = 8, 2
MISSED_LEAST = (1, 2)  # one at a time
TIMES = (0.4, 0.8)
FRAMES, SIDE, FPS = 5, 64, 8.0
LENGTHS = " (1, 1) is longer than (1, 0): do your eight arrows have the same length?"
SQUARE = 8  # pixels on a side


# --- captions ---------------------------------------------------------------------------------------------------------


def _write_metadata(folder: Path, captions: dict[str, str]) -> None:
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file_name", "caption"])
        writer.writerows(captions.items())


@exercise(instead=_write_metadata)
def write_metadata(yours: Any) -> Iterator[str]:
    """A table of file names and captions."""
    captions = {"rain.mp4": "rain falling", "night/owl.gif": 'an owl, turning its head, says "who"'}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _call(yours, folder, captions)
        names = sorted(path.name for path in folder.iterdir())
        require(bool(names), "Your function wrote no file into the folder. Is the path `folder / …`?")
        require(names == ["metadata.csv"], f"The folder now holds {', '.join(names)}; wanted is metadata.csv alone.")
        yield "there is a metadata.csv"
        with (folder / "metadata.csv").open(newline="") as file:
            rows = list(csv.reader(file))
    require(bool(rows), "Your metadata.csv is empty. Was it closed before it was looked at? `with` does that.")
    head = rows[0]
    require("rain.mp4" not in head, "The first line should name the columns; yours is the first clip already.")
    require(head == ["file_name", "caption"], f"The columns should be file_name and caption; yours are {head}.")
    yield "its first line names the columns"
    body = [row for row in rows[1:] if row]
    require(len(body) == 2, f"Two clips were given, and your file has {len(body)} lines for them.")
    lengths = {len(row) for row in body}
    cut = "A caption with commas was cut into several columns. Could Python's `csv` put quotes around it?"
    require(lengths == {2}, cut)
    require(not any(name in row[0] for row in body), "File names should be those inside the folder, without its path.")
    require([row[0] for row in body] == list(captions), f"The names came back as {[row[0] for row in body]}.")
    require(
        [row[1] for row in body] == list(captions.values()), f"The captions came back as {[row[1] for row in body]}."
    )
    yield "names and captions come back as they were, commas and quotes too"


def _call(yours: Any, folder: Path, captions: dict[str, str]) -> None:
    """Call a function that is not asked to give anything back."""

    def gives(*given: Any) -> bool:
        yours(*given)
        return True

    gives.__name__ = getattr(yours, "__name__", "your function")
    attempt(gives, folder, dict(captions))


# --- the way that something moves -------------------------------------------------------------------------------------


def middle(frame: Any) -> Tensor:
    """The middle of what is bright in a frame.

    Args:
        frame: uint8 (h, w, 3).
    Returns:
        (2,), x and y in pixels, y down; that of the frame where all is black.
    """
    light = torch.as_tensor(np.asarray(frame)).float().mean(-1)  # (h, w)
    light = (light - 32).clamp(min=0) + 1e-6  # what is nearly black does not count
    y, x = torch.meshgrid(*(torch.arange(float(side)) for side in light.shape), indexing="ij")
    return torch.stack([(light * x).sum(), (light * y).sum()]) / light.sum()


def _direction(frames: Any) -> str:
    x, y = (middle(frames[-1]) - middle(frames[0])).tolist()

    def along(name: str) -> float:
        right, down = DIRECTIONS[name]
        return float((x * right + y * down) / np.hypot(right, down))

    return max(DIRECTIONS, key=along)


@exercise(instead=_direction)
def direction(yours: Any) -> Iterator[str]:
    """Which of eight ways a clip goes."""
    straight = ("right", "left", "up", "down")
    found = {way: _said(yours, _moving(way)) for way in DIRECTIONS}
    strange = sorted(set(found.values()) - set(DIRECTIONS))
    require(not strange, f"Yours said {strange[0]!r}, which is not among the keys of DIRECTIONS." if strange else "")
    differ = len({found[way] for way in straight}) > 1
    require(differ, f"Yours says {found['right']!r} to every clip that moves straight. Does it look at both its ends?")
    back = all(found[way] == _opposite(way) for way in straight)
    require(not back, "Yours says the opposite every time. Which of the two moments comes first?")
    upside = found["up"] == "down" and found["right"] == "right"
    require(not upside, "Yours mixes up and down. In a picture, y is counted from the top.")
    for way in straight:
        asked = LENGTHS if way in found[way] else ""
        require(found[way] == way, f"A square that moves {way} was taken for one that moves {found[way]}.{asked}")
    yield "right, left, up and down are told apart"

    slanted = [way for way in DIRECTIONS if way not in straight]
    lost = [way for way in slanted if found[way] != way]
    asked = "There are eight ways, four of them along diagonals."
    require(
        not lost, f"One that moves {lost[0]} was taken for one that moves {found[lost[0]]}. {asked}" if lost else ""
    )
    yield "the diagonals, too"

    nearly = _said(yours, _moving("right", slip=0.25))
    told = f"A square that moves right and slips down a little was taken for {nearly!r}."
    require(nearly == "right", told + LENGTHS)
    yield "one that is nearly straight is straight"


def _said(yours: Any, frames: Tensor) -> Any:
    said = attempt(yours, frames)
    require(isinstance(said, str), f"The answer is one of the words in DIRECTIONS; yours is a {type(said).__name__}.")
    return said


def _opposite(way: str) -> str:
    right, down = DIRECTIONS[way]
    return next(name for name, arrow in DIRECTIONS.items() if arrow == (-right, -down))


def _moving(way: str, slip: float = 0.0) -> Tensor:
    """A grey square on its way, uint8 (5, 64, 64, 3)."""
    right, down = DIRECTIONS[way]
    frames = torch.zeros(FRAMES, SIDE, SIDE, 3, dtype=torch.uint8)
    for number, frame in enumerate(frames):
        x, y = 28 + 4 * number * right, 28 + round(4 * number * (down + slip))
        frame[y : y + SQUARE, x : x + SQUARE] = 150 + 6 * number
    return frames


# --- words beside words -----------------------------------------------------------------------------------------------


def _beside(states: Tensor, tokens: Tensor, count: int) -> Tensor:
    kept = tokens[:, :count]
    missing = tokens.new_zeros(len(tokens), count - kept.shape[1], tokens.shape[2])
    return torch.cat([states, kept, missing], dim=1)


@exercise(instead=_beside)
def beside(yours: Any) -> Iterator[str]:
    """States of a sentence, and beside them so many of its tokens."""
    states, tokens = torch.arange(12.0).view(2, 3, 2), 100 + torch.arange(16.0).view(2, 4, 2)
    got = attempt(yours, states, tokens, 4)
    wide = isinstance(got, Tensor) and tuple(got.shape) == (2, 3, 4)
    require(not wide, "Yours put them side by side in the width. Along which axis do states stand one after another?")
    long = isinstance(got, Tensor) and got.ndim == 3 and got.shape[0] == 4
    require(not long, "Yours made more sentences. Along which axis do states of one sentence stand?")
    same_shape(got, (2, 7, 2), "With 3 states and 4 tokens, the result")
    require(
        not near(got, torch.cat([tokens, states], 1)), "The network knows the states in the first places: keep them."
    )
    require(near(got, torch.cat([states, tokens], 1)), "The numbers changed, or changed places.")
    yield "states first, tokens behind them"

    cut = attempt(yours, states, tokens, 2)
    asked = "A long sentence must not give more than a short one."
    require(isinstance(cut, Tensor) and cut.shape[1] == 5, f"With 4 tokens and room for 2, 5 were wanted. {asked}")
    require(near(cut, torch.cat([states, tokens[:, :2]], 1)), "Of 4 tokens, the first 2 were wanted.")
    yield "what is too long is cut"

    filled = attempt(yours, states, tokens, 6)
    asked = "Every sentence of a training must give the same number of states, so fill up with zeros."
    same = isinstance(filled, Tensor) and tuple(filled.shape) == (2, 9, 2)
    require(same, f"With 4 tokens and room for 6, 3 + 6 were wanted. {asked}")
    require(near(filled[:, :7], torch.cat([states, tokens], 1)), "What is filled up should stand behind the tokens.")
    require(bool((filled[:, 7:] == 0).all()), "What is filled up should be zeros.")
    yield "what is too short is filled up with zeros"


# --- blocks left out --------------------------------------------------------------------------------------------------


@exercise()
def two_blocks(yours: Any) -> Iterator[str]:
    """Two of eight blocks that are missed least."""
    require(isinstance(yours, tuple | list | set) and len(yours) == LEFT_OUT, "Write two numbers, such as (0, 1).")
    numbers = sorted(yours)
    whole = all(isinstance(number, int) for number in numbers)
    require(whole and numbers[0] >= 0 and numbers[-1] < BLOCKS, f"Blocks are counted from 0 to {BLOCKS - 1}.")
    require(numbers[0] != numbers[1], "These are the same block twice.")
    got, alone = left_out_error(numbers), left_out_error(MISSED_LEAST)
    both = " and ".join(map(str, numbers))
    yield f"without the blocks {both} the error is {got:.4f}, with all of them {left_out_error([]):.4f}"

    first, second = MISSED_LEAST
    told = f"Without the blocks {first} and {second}, which are missed least one at a time, it is {alone:.4f}"
    asked = "Is what two are missed together the sum of what each is missed alone?"
    require(got < alone, f"{told}. {asked}")
    yield f"better than without {first} and {second} ({alone:.4f}), which are missed least one at a time"


def left_out_error(numbers: Any) -> float:
    """How far nano's guess of clean latents is off where some of its blocks are left out.

    Args:
        numbers: of the blocks.
    Returns:
        Mean squared error, over a few scenes and times; of whole latents it would be about 1 for a guess of 0.
    """
    return _left_out_error(tuple(sorted(numbers)))


@cache
def _left_out_error(numbers: tuple[int, ...]) -> float:
    denoiser, clean, layout, text, noise = _scenes()
    blocks = denoiser.blocks
    kept = [block for number, block in enumerate(blocks) if number not in numbers]
    errors = []
    try:
        denoiser.blocks = torch.nn.ModuleList(kept)
        with torch.no_grad():
            for value in TIMES:
                time = torch.full(clean.shape[:2], value)
                noisy = Noisy((1 - value) * clean + value * noise, time)
                guess = denoiser.both(noisy, Noisy(layout, torch.zeros_like(time)), text).video
                assert guess is not None  # noqa: S101 - for the type checker
                errors.append(float((guess - clean).square().mean()))
    finally:
        denoiser.blocks = blocks
    return sum(errors) / len(errors)


@cache
def _scenes() -> tuple[VideoTransformer, Tensor, Tensor, Any, Tensor]:
    """nano's denoiser, and some scenes as it sees them: latents, layouts, words, and noise."""
    parts, rng = load_parts("nano"), np.random.default_rng(13)
    scenes = [SHAPES.sample(rng, "one") for _ in range(3)]
    captions = [SHAPES.write(scene, rng) for scene in scenes]
    clips = [render_layers(SHAPES, scene, FRAMES, SIDE, SIDE, FPS).compose() for scene in scenes]
    with torch.no_grad():
        clean = parts.autoencoder.encode(torch.stack(clips).float() / 127.5 - 1)
        text = parts.text_encoder([caption.text for caption in captions])
    layout = torch.stack([layout_of(SHAPES, scene, FRAMES, FPS, 0.0) for scene in scenes])
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(13))
    return parts.denoiser.eval(), clean, layout, text, noise
