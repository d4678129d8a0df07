"""A model that knows the truth, so that every score can be checked against what it must be."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest
import torch
from torch import Tensor

from minisora.evaluation import ROWS, ClipSize, draw_example
from minisora.world import SHAPES, Scene


@cache
def known_scenes(seed: int) -> dict[tuple[str, int], Scene]:
    """The scene of each caption and seed of the first examples of every row."""
    examples = [draw_example(SHAPES, row, index, seed, ClipSize()) for row in ROWS for index in range(10)]
    return {(example.caption.text, example.seed): example.scene for example in examples}


class Oracle:
    """Finds the scene of a caption and its seed, and draws it; `damage` makes it wrong."""

    def __init__(self, damage: Callable[[Tensor], Tensor] = lambda clip: clip, seed: int = 0) -> None:
        self.damage, self.texts = damage, list[str]()
        self.scenes = known_scenes(seed)

    def __call__(self, texts: Sequence[str], seeds: Sequence[int]) -> Tensor:
        """uint8 (b, f, h, w, 3)."""
        self.texts += list(texts)
        clips = [SHAPES.render(self.scenes[key]) for key in zip(texts, seeds, strict=True)]
        return torch.stack([self.damage(clip) for clip in clips])


@pytest.fixture
def oracle() -> Callable[..., Oracle]:
    """Makes such a model."""
    return Oracle
