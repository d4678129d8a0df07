"""Checks of lesson 04, A transformer for space-time: attention, rotary positions, who may look where, quiet heads.

Axes: `b` batch, `e` heads, `n` tokens of the clip, `m` words, `d` channels of a head.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from torch import Tensor

from minisora.course.checking import Symptom, attempt, exercise, like, near, require, same_shape, unlike
from minisora.models.layers import apply_rotary as turned
from minisora.models.transformer import Block, VideoTransformer
from minisora.pipeline.looking import Pass

__all__ = ["apply_rotary", "attend", "causal_mask", "change_without", "quiet_heads", "silenced"]

PROMPT = "a small red circle moving right and a large blue star staying still"
QUIET, MOST_CHANGE = 8, 0.02


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _attended(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    return (query @ key.transpose(-2, -1)).softmax(dim=-1) @ value


def _mask(frames: int, tokens: int, words: int) -> Tensor:
    frame = torch.arange(frames).repeat_interleave(tokens)  # (n,)
    back = frame[:, None] >= frame  # (n, n)
    return torch.cat([back, torch.ones(len(frame), words, dtype=torch.bool)], dim=1)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_attended)
def attend(yours: Any) -> Iterator[str]:
    """Softmax attention of every query over every key."""
    query, key = torch.tensor([[[[1.0, 0.0]]]]), torch.tensor([[[[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]]]])
    value = torch.tensor([[[[10.0], [20.0], [30.0]]]])
    got = attempt(yours, query, key, value)
    same_shape(got, (1, 1, 1, 1), "One answer of one number")
    scores = query @ key.transpose(-2, -1)
    asked = "Which function makes shares of them that add up to 1?"
    unlike(got, scores @ value, f"Yours mixes with the scores 2, 0 and 0 as they are. {asked}")
    asked = "These queries come already scaled."
    unlike(got, (scores / math.sqrt(2)).softmax(-1) @ value, f"Yours divides by the root of the width. {asked}")
    asked = "Which axis of the scores (b, e, n, m) counts the keys?"
    unlike(
        got, scores.softmax(-2) @ value, f"Each of your shares is 1: they were shared out among the queries. {asked}"
    )
    wanted = scores.softmax(-1) @ value
    like(got, wanted, f"By hand it was {float(wanted):.2f}; yours gives {float(got):.2f}.")
    yield "the three tokens give the number that you found by hand"

    query, key, value = torch.randn(2, 3, 5, 4), torch.randn(2, 3, 7, 4), torch.ones(2, 3, 7, 4)
    got = attempt(yours, query, key, value)
    same_shape(got, (2, 3, 5, 4), "Five queries in three heads")
    asked = "Do the shares of each query add up to 1?"
    like(got, torch.ones(2, 3, 5, 4), f"If all values are 1, every mixture of them is 1; yours is not. {asked}")
    yield "shares add up to 1"

    value = torch.randn(2, 3, 7, 4)
    got, wanted = attempt(yours, query, key, value), _attended(query, key, value)
    like(got, wanted, "One clip with one head is right, two clips with three heads are not. Are axes mixed up?")
    yield "every clip and every head is by itself"


@exercise(instead=turned)
def apply_rotary(yours: Any) -> Iterator[str]:
    """Turning pairs of channels by an angle."""
    x, quarter = torch.tensor([[1.0, 0.0]]), torch.tensor([[math.pi / 2]])
    got = attempt(yours, x, quarter.cos(), quarter.sin())
    same_shape(got, (1, 2), "One turned pair")
    asked = "Which of the two terms with a sine is subtracted?"
    unlike(got, torch.tensor([[0.0, -1.0]]), f"Yours turns the other way: (1, 0) became (0, -1). {asked}")
    given = f"({float(got[0, 0]):.2f}, {float(got[0, 1]):.2f})"
    like(got, torch.tensor([[0.0, 1.0]]), f"A quarter turn takes (1, 0) to (0, 1), but yours to {given}.")
    up = attempt(yours, torch.tensor([[0.0, 1.0]]), quarter.cos(), quarter.sin())
    given = f"({float(up[0, 0]):.2f}, {float(up[0, 1]):.2f})"
    like(up, torch.tensor([[-1.0, 0.0]]), f"A quarter turn takes (0, 1) to (-1, 0), but yours to {given}.")
    yield "a quarter turn is a quarter turn"

    x, angles = torch.randn(3, 8), torch.rand(3, 4) * 3
    got = attempt(yours, x, angles.cos(), angles.sin())
    same_shape(got, (3, 8), "Turned vectors of eight channels")
    asked = "Is the second number of a pair made of the old first one?"
    require(near(got.norm(dim=1), x.norm(dim=1)), f"Turning changes no length, but yours does. {asked}")
    yield "lengths stay as they are"

    wanted = turned(x, angles.cos(), angles.sin())
    asked = "Here channel i belongs to channel i + d/2."
    evens, odds = x[:, ::2], x[:, 1::2]
    paired = turned(torch.cat([evens, odds], dim=1), angles.cos(), angles.sin())
    woven = torch.stack(paired.chunk(2, dim=1), dim=-1).flatten(1)
    unlike(got, woven, f"Your pairs are neighbours, channel 0 with channel 1. {asked}")
    unlike(got, paired, f"You took neighbours for pairs. {asked}")
    like(got, wanted, f"One pair is right, four pairs are not. Which channels belong together? {asked}")
    yield "channel i is turned with channel i + d/2"

    query, key = torch.randn(2, 8)
    scores = []
    for far in (0.0, 7.0):
        here, there = torch.full((4,), 3.0 + far), torch.full((4,), 1.0 + far)
        first, second = (attempt(yours, v, a.cos(), a.sin()) for v, a in ((query, here), (key, there)))
        scores.append(float(first @ second))
    require(abs(scores[0] - scores[1]) < 1e-3, "Shifting both tokens by 7 should leave their product as it was.")
    yield "a product depends on the distance alone"


@exercise(instead=_mask)
def causal_mask(yours: Any) -> Iterator[str]:
    """Who may look where, if nobody may look into the future."""
    got = torch.as_tensor(attempt(yours, 3, 1, 0))
    same_shape(got, (3, 3), "The mask of three frames of one token")
    asked = "It should hold True where a token may look."
    require(got.dtype == torch.bool, f"Yours holds numbers of the type {got.dtype}. {asked}")
    now = torch.ones(3, 3, dtype=torch.bool).tril()
    asked = "Rows are the tokens that look, columns are what they look at."
    unlike(got, now.T, f"In yours the first frame sees all and the last one only itself. {asked}")
    unlike(got, ~now, f"In yours the future is all that is seen. {asked}")
    asked = "The first frame would have nothing at all to look at."
    unlike(got, now.tril(-1), f"In yours a frame may not look at itself. {asked}")
    unlike(got, torch.ones_like(now), "In yours everybody may look everywhere. Which frames are the future?")
    like(got, now, "With one token a frame, row 0 sees column 0, row 1 sees 0 and 1, row 2 sees all. Yours differs.")
    yield "a frame sees itself and what was before"

    got = torch.as_tensor(attempt(yours, 2, 3, 0))
    same_shape(got, (6, 6), "The mask of two frames of three tokens")
    asked = "Which frame does token 4 belong to?"
    unlike(got, torch.ones(6, 6, dtype=torch.bool).tril(), f"Tokens of one frame should see each other. {asked}")
    frame_major = torch.arange(6) % 2
    asked = "The tokens of the first frame come first, all of them."
    unlike(got, frame_major[:, None] >= frame_major, f"Yours takes every second token for the same frame. {asked}")
    like(got, _mask(2, 3, 0), "One token a frame is right, three are not: which tokens belong to the same frame?")
    yield "tokens of one frame see each other"

    got = torch.as_tensor(attempt(yours, 2, 2, 3))
    asked = "Where do the three words go?"
    require(got.shape != (4, 4), f"Two frames of two tokens and three words are four rows of seven columns. {asked}")
    require(got.shape != (7, 7), f"Words are looked at, but do not look: there are four rows. {asked}")
    same_shape(got, (4, 7), "The mask of two frames of two tokens, and three words")
    require(bool(got[:, 4:].all()), "Words have no time. Every token should see all of them, yours does not.")
    like(got, _mask(2, 2, 3), "The words are right, but with them the frames are not any more.")
    yield "everybody sees the words, which come last"


@exercise()
def quiet_heads(yours: Any) -> Iterator[str]:
    """Eight heads of the shipped model that are missed least."""
    require(not callable(yours), "This time the answer is a list of pairs, (layer, head).")
    try:
        heads = [(int(layer), int(head)) for layer, head in yours]
    except (TypeError, ValueError):
        raise Symptom("Write pairs of numbers, such as [(0, 1), (3, 2)]: layer and head, from 0.") from None
    require(len(heads) == QUIET, f"Eight heads are asked for; yours are {len(heads)}.")
    require(len(set(heads)) == QUIET, "A head that is named twice is quiet only once. Name eight different ones.")
    there = all(0 <= layer < 8 and 0 <= head < 3 for layer, head in heads)
    require(there, "Layers go from 0 to 7 and heads from 0 to 2; one of yours is not there.")
    yield "they are eight heads"

    denoiser, at = _model_and_pass()
    change, worst = change_without(denoiser, at, heads), max(heads, key=_harms().__getitem__)
    asked = f"Silence each head alone and look at the change; of yours, {worst} is missed most."
    wanted = f"{100 * MOST_CHANGE:.0f} % are allowed"
    require(change < MOST_CHANGE, f"Without yours the guess changes by {100 * change:.1f} %, {wanted}. {asked}")
    yield f"without a third of its heads the guess changes by {100 * change:.2f} %"


# --- heads that are switched off --------------------------------------------------------------------------------------


@contextmanager
def silenced(denoiser: VideoTransformer, heads: Iterable[tuple[int, int]]) -> Iterator[None]:
    """Run the denoiser without some of its heads: what they answer is multiplied by 0.

    Args:
        denoiser: is as it was afterwards.
        heads: pairs of layer and head, from 0.
    Yields:
        Nothing; the heads are quiet meanwhile.
    """
    blocks = [block for block in denoiser.blocks if isinstance(block, Block)]
    before = [block.attention.out.weight.detach().clone() for block in blocks]
    width = denoiser.config.head_width
    try:
        with torch.no_grad():
            for layer, head in heads:
                blocks[layer].attention.out.weight[:, head * width : (head + 1) * width] = 0
        yield
    finally:
        with torch.no_grad():
            for block, weight in zip(blocks, before, strict=True):
                block.attention.out.weight.copy_(weight)


def change_without(denoiser: VideoTransformer, at: Pass, heads: Iterable[tuple[int, int]]) -> float:
    """By how much the guess of the clean latents changes without some heads.

    Args:
        denoiser: of the pipeline.
        at: what it was given at a step.
        heads: pairs of layer and head, from 0.
    Returns:
        The mean squared change over the variance of the guess: 0 is no change.
    """
    whole = _guess(denoiser, at)
    with silenced(denoiser, heads):
        return float((_guess(denoiser, at) - whole).square().mean() / whole.var())


@torch.inference_mode()
def _guess(denoiser: VideoTransformer, at: Pass) -> Tensor:
    guess: Tensor = denoiser(at.noisy, at.time, at.text, fps=at.fps, layout=at.layout)
    return guess


@cache
def _model_and_pass() -> tuple[VideoTransformer, Pass]:
    """The shipped denoiser, and its third step on the lesson's sentence; fewer steps for the plan, to be quick."""
    from minisora.pipeline import TextToVideoPipeline
    from minisora.pipeline.looking import passes_of

    pipe = TextToVideoPipeline.from_pretrained("nano", device="cpu").with_settings(layout_steps=8)
    passes = list(passes_of(pipe.stream(PROMPT, seed=0)))
    return pipe.parts.denoiser, passes[2]


@cache
def _harms() -> dict[tuple[int, int], float]:
    """How much each head is missed, by itself."""
    denoiser, at = _model_and_pass()
    return {(layer, head): change_without(denoiser, at, [(layer, head)]) for layer in range(8) for head in range(3)}
