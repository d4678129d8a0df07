"""Checks of lesson 11, The bug zoo: eight functions that were mended, and five machines to be diagnosed.

Times are 0 for clean and 1 for noise.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, near, require, same_shape, unlike
from minisora.models.layers import rotary_angles as rotary

__all__ = [
    "ILLNESSES",
    "NOTHING",
    "diagnosis",
    "guide",
    "measure",
    "patients",
    "rotary_angles",
    "start_average",
    "step",
    "to_pixels",
    "wall",
    "windows",
    "words_for",
]

NOTHING = 3  # the number of the empty sentence, in the cage with three words
torch.broadcast_shapes((1,), (1,))  # the first call loads a great deal: better now than while a reader waits
ILLNESSES = ("healthy", "sign", "variance", "unscaled", "no null caption", "guidance twice")


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _step(noisy: Tensor, clean: Tensor, now: Tensor, after: Tensor) -> Tensor:
    return noisy + (after - now) * (noisy - clean) / now


def _measure(latents: Tensor) -> tuple[Tensor, Tensor]:
    return latents.mean(0), latents.std(0)


def _to_pixels(latents: Tensor, autoencoder: Any) -> Tensor:
    video = autoencoder.decode_raw(latents * autoencoder.latent_std + autoencoder.latent_mean)
    pixels: Tensor = ((video.clamp(-1, 1) + 1) * 127.5).round().byte()
    return pixels


def _words_for(words: Tensor, share: float, draws: Tensor) -> Tensor:
    return torch.where(draws < share, NOTHING, words)


def _start_average(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: weight.detach().clone() for name, weight in weights.items()}


def _windows(clips: Tensor) -> tuple[Tensor, Tensor]:
    seen = torch.stack([clips[:, i - 2 : i] for i in range(2, clips.shape[1])], dim=1)
    return seen.flatten(0, 1), clips[:, 2:].flatten(0, 1)


def _guide(with_words: Tensor, without: Tensor, scale: float) -> Tensor:
    return without + scale * (with_words - without)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_step)
def step(yours: Any) -> Iterator[str]:
    """One step of sampling, from a guess of the clean latents."""
    noisy, clean = torch.tensor([[3.0, -1.0]]), torch.tensor([[1.0, 1.0]])
    now, after = torch.tensor(0.8), torch.tensor(0.4)
    got = attempt(yours, noisy, clean, now, after)
    same_shape(got, (1, 2), "The latents after the step")
    away = noisy + (now - after) * (noisy - clean) / now
    asked = "Which sign has the time that passes?"
    unlike(got, away, f"The clean guess is 1; from 3 yours went to {float(got[0, 0]):g}, away from it. {asked}")
    unlike(got, noisy - clean, "Yours gives the way from clean to noisy, not a place. Where did the step begin?")
    asked = "How far is it from clean to noise, if this stretch is 0.8 of it?"
    unlike(got, noisy + (after - now) * (noisy - clean), f"Yours did not divide by the time that has passed. {asked}")
    unlike(got, clean, "Yours jumped all the way to the clean guess. The step ends at time 0.4.")
    asked = "At half the time, how much of the way to the clean guess is left?"
    like(
        got,
        torch.tensor([[2.0, 0.0]]),
        f"From 3 at time 0.8, with 1 guessed, to time 0.4; yours gave {_list(got)}. {asked}",
    )
    yield "half the time, half the way to the clean guess"
    like(attempt(yours, noisy, clean, now, torch.tensor(0.0)), clean, "A step to time 0 should end at the clean guess.")
    yield "a step to time 0 ends at the clean guess"
    got = attempt(yours, noisy, clean, now, now)
    like(got, noisy, "A step that takes no time should change nothing.")
    yield "a step that takes no time changes nothing"


@exercise(instead=_measure)
def measure(yours: Any) -> Iterator[str]:
    """Mean and deviation of every channel."""
    latents = torch.randn(4000, 3) * torch.tensor([1.0, 5.0, 0.2]) + torch.tensor([0.0, 3.0, -1.0])
    got = attempt(yours, latents)
    require(isinstance(got, tuple | list) and len(got) == 2, "Two things are needed: the mean and the spread.")
    mean, spread = got
    same_shape(mean, (3,), "The mean of three channels")
    same_shape(spread, (3,), "The spread of three channels")
    asked = "Did the two change places?"
    unlike(mean, latents.std(0), f"The mean of the second channel is 3, yours {float(mean[1]):.2f}. {asked}")
    like(mean, latents.mean(0), f"The mean of the second channel is about 3; yours is {float(mean[1]):.2f}.")
    yield "the means are right"
    one = "The second channel has a spread of about 5"
    asked = "In which unit is a variance, if latents were metres?"
    require(not _close(spread, latents.var(0)), f"{one}; yours says {float(spread[1]):.1f}. {asked}")
    require(
        not _close(spread, latents.var(0).sqrt().sqrt()),
        f"{one}; yours says {float(spread[1]):.1f}. One root too many?",
    )
    same = bool(near(spread, spread.mean().expand(3)))
    require(not same, "All channels of yours have one spread. Over which axis is it taken?")
    size = (latents - latents.mean(0)).abs().mean(0)
    require(not _close(spread, size), f"{one}; yours is the mean distance from the mean. Which mean is wanted?")
    rooted = latents.square().mean(0).sqrt()
    require(not _close(spread, rooted), "Yours grows with the mean: take the distance from the mean, not from zero.")
    require(_close(spread, latents.std(0)), f"{one}; yours says {float(spread[1]):.2f}.")
    yield "so are the spreads"
    yield f"standardised with them, every channel has a spread of {float(((latents - mean) / spread).std()):.2f}"


class _Glass:
    """An autoencoder through which latents pass unchanged; it wants them on their raw scale."""

    latent_mean, latent_std = torch.tensor([0.5, -0.5, 0.0]), torch.tensor([0.1, 0.2, 0.4])

    def decode_raw(self, latents: Tensor, memory: Any = None) -> Tensor:
        """What stands there."""
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        """The same, of standardised latents."""
        return (latents * self.latent_std + self.latent_mean).clamp(-1, 1)


@exercise(instead=_to_pixels)
def to_pixels(yours: Any) -> Iterator[str]:
    """Pixels of standardised latents."""
    glass, zero, one = _Glass(), torch.zeros(1, 1, 1, 1, 3), torch.ones(1, 1, 1, 1, 3)

    def bytes_of(video: Tensor) -> Tensor:
        return ((video.clamp(-1, 1) + 1) * 127.5).round()

    got = attempt(yours, zero, glass)
    same_shape(got, (1, 1, 1, 1, 3), "The pixels")
    middle = bytes_of(glass.latent_mean + zero)
    asked = "What has to be added before the decoder?"
    unlike(got, bytes_of(zero), f"A latent of 0 is the mean, which is no grey here; yours gave {_list(got)}. {asked}")
    twisted = bytes_of(glass.latent_mean * glass.latent_std + zero)
    unlike(got, twisted, "The mean came out too small. Which of the two is undone first, the mean or the spread?")
    unlike(got, bytes_of(-glass.latent_mean + zero), "The mean was taken away where it has to be added.")
    like(got, middle, f"A latent of 0 should give {_list(middle)}; yours gave {_list(got)}.")
    yield "a latent of 0 is the mean"
    got, wanted = attempt(yours, one, glass), bytes_of(glass.latent_mean + glass.latent_std + zero)
    asked = "By what was it divided when it was encoded?"
    unlike(got, bytes_of(glass.latent_mean + one), f"The mean is back, the spread is not. {asked}")
    divided = bytes_of(glass.latent_mean + one / glass.latent_std)
    unlike(got, divided, "Yours divides by the spread once more. Encoding divided; what does decoding do?")
    like(got, wanted, f"A latent of 1 should give {_list(wanted)}; yours gave {_list(got)}.")
    yield "a latent of 1 is one spread above it"
    require(got.dtype == torch.uint8, f"Pixels are uint8; yours are {str(got.dtype).removeprefix('torch.')}.")
    yield "and pixels are bytes"


@exercise(instead=_words_for)
def words_for(yours: Any) -> Iterator[str]:
    """Which words a step of training says."""
    words, draws = torch.tensor([0, 1, 2, 0, 1, 2]), torch.tensor([0.05, 0.5, 0.95, 0.3, 0.15, 0.7])
    got = attempt(yours, words, 0.2, draws)
    require(
        isinstance(got, Tensor) and got.shape == words.shape,
        "Six words went in; as many must come out, or they belong to other clips from there on.",
    )
    unlike(got, words, "No word was left out. What becomes of the words that were put aside?")
    most = torch.where(draws > 0.2, NOTHING, words)
    unlike(got, most, "Four of six were left out, at a share of 0.2. Which draws are the few?")
    require(not bool((got == NOTHING).all()), "Every word was left out.")
    zeros = torch.where(draws < 0.2, 0, words)
    unlike(got, zeros, "Left out words became word 0, which means something. Which number is the empty sentence?")
    like(got, _words_for(words, 0.2, draws), f"With draws {_list(draws)} and a share of 0.2, yours says {_list(got)}.")
    yield "a share of the words is left out, the others stay with their clips"
    like(attempt(yours, words, 0.0, draws), words, "At a share of 0 nothing should be left out.")
    every = torch.full_like(words, NOTHING)
    like(attempt(yours, words, 1.0, draws), every, "At a share of 1 every word should be left out.")
    yield "at a share of 0 none, at a share of 1 all"


@exercise(instead=_start_average)
def start_average(yours: Any) -> Iterator[str]:
    """The beginning of a running average."""
    model = torch.nn.Linear(2, 3)
    weights = dict(model.named_parameters())
    got = attempt(yours, weights)
    require(isinstance(got, dict), f"The average should be a dict of tensors by name; yours is a {type(got).__name__}.")
    require(set(got) == set(weights), f"It should have the names {', '.join(weights)}; yours has {', '.join(got)}.")
    for name, weight in weights.items():
        asked = "An average that begins at 0 stays too small for long. What is the best guess before the first step?"
        require(not (near(got[name], torch.zeros_like(weight)) and name == "weight"), asked)
        require(near(got[name].detach(), weight.detach()), "It should begin with the values that the weights have now.")
    yield "it begins where the weights are"
    before = {name: weight.detach().clone() for name, weight in weights.items()}
    with torch.no_grad():
        for weight in weights.values():
            weight.add_(1.0)
    asked = "Are there two sets of numbers in memory, or two names for one?"
    kept = all(near(got[name].detach(), before[name]) for name in weights)
    require(kept, f"The weights took a step, and the average moved with them, by itself. {asked}")
    yield "when the weights move, it stays"
    moved = {name: weight.detach().clone() for name, weight in weights.items()}
    with torch.no_grad():
        for value in got.values():
            value.mul_(0.5)
    kept = all(near(weights[name].detach(), moved[name]) for name in weights)
    require(kept, f"The average was changed, and the weights changed with it. {asked}")
    graphless = not any(value.requires_grad for value in got.values())
    require(graphless, "Yours drags the gradients' graph along. An average needs no gradients: what cuts a tensor off?")
    yield "when it moves, the weights stay"


@exercise(instead=rotary)
def rotary_angles(yours: Any) -> Iterator[str]:
    """By how much the channels of each token are turned."""
    frame = torch.arange(2.0).view(1, 2, 1)  # 2 frames of 2 rows and 3 columns
    row, column = torch.arange(2.0).repeat_interleave(3), torch.arange(3.0).repeat(2)
    pairs, base = (3, 2, 1), 100.0
    got = attempt(yours, (frame, row, column), pairs, base)
    same_shape(got, (1, 2, 6, 6), "The angles of 2 frames with 6 places, 6 pairs each,")
    wanted = rotary((frame, row, column), pairs, base)
    in_time, down, across = got[0, 1, 0] - got[0, 0, 0], got[0, 0, 3] - got[0, 0, 0], got[0, 0, 1] - got[0, 0, 0]
    asked = "Which coordinate is asked in the loop?"
    require(float(in_time.abs().max()) > 1e-6, f"The same place in two frames gets the same angles. {asked}")
    require(float(down.abs().max()) > 1e-6, f"A place and the one below it get the same angles. {asked}")
    require(float(across.abs().max()) > 1e-6, f"A place and the one beside it get the same angles. {asked}")
    yield "frames, rows and columns can be told apart"
    flipped = rotary((column, row, frame), pairs, base)
    unlike(got, flipped.expand_as(got), "The columns turn the pairs that belong to the frames. Which share is whose?")
    mixed = [int(moved.abs().gt(1e-6).sum()) for moved in (in_time, down, across)]
    shares = f"of the six pairs a step in time turns {mixed[0]}, down {mixed[1]}, across {mixed[2]}"
    require(mixed == list(pairs), f"Shares are 3, 2 and 1, but {shares}. Does every axis turn its own pairs only?")
    same = near(in_time[:3], torch.ones(3))
    require(not same, "All pairs of an axis turn alike. They should become slower, from 1 down.")
    like(got, wanted, "The right pairs turn, but not by the right angles. Compare the speed with the listing's.")
    yield "every axis turns its own share, the first pair by 1 radian a step, the others more slowly"


@exercise(instead=_windows)
def windows(yours: Any) -> Iterator[str]:
    """What a network sees, and what it must guess."""
    clips = torch.arange(8.0).view(1, 8, 1, 1) + 10 * torch.arange(2.0).view(
        2, 1, 1, 1
    )  # frame n of clip c is 10 c + n
    got = attempt(yours, clips.expand(2, 8, 2, 2).contiguous())
    require(isinstance(got, tuple | list) and len(got) == 2, "Two things are needed: what is seen, and what follows.")
    seen, following = got
    same_shape(seen, (12, 2, 2, 2), "What is seen, six times in each of two clips,")
    same_shape(following, (12, 2, 2), "What follows")
    first, wanted = seen[:, :, 0, 0].tolist(), following[:, 0, 0].tolist()
    leaked = [pair for pair, target in zip(first, wanted, strict=True) if target in pair]
    told = f"frames {_list(first[0])} are seen, and frame {wanted[0]:g} is to be guessed"
    require(not leaked, f"The answer can be seen: {told}. Where must the slice end?")
    late = all(max(pair) < target for pair, target in zip(first, wanted, strict=True))
    require(late, f"What follows must come after what is seen; in yours, {told}.")
    yield "no frame is seen that is to be guessed"
    gap = all(target - max(pair) == 1 for pair, target in zip(first, wanted, strict=True))
    require(gap, f"The frame right after them is to be guessed; in yours, {told}.")
    order = all(pair[1] - pair[0] == 1 for pair in first)
    require(order, f"Two frames in a row are seen, the older one first; in yours, {told}.")
    require(
        wanted == [*range(2, 8), *range(12, 18)],
        f"Frames 2 to 7 of each clip are to be guessed; yours are {_list(wanted)}.",
    )
    yield "two frames are seen, and the one right after them is to be guessed"


@exercise(instead=_guide)
def guide(yours: Any) -> Iterator[str]:
    """A guess that follows the words more strongly."""
    with_words, without = torch.tensor([[2.0, 1.0]]), torch.tensor([[1.0, 1.0]])
    got = attempt(yours, with_words, without, 3.0)
    same_shape(got, (1, 2), "The guided guess")
    given = f"Without words the guess is 1, with words 2, the scale 3; yours gives {float(got[0, 0]):g}"
    asked = "How often does the scale appear on its way to the result?"
    unlike(got, without + 9 * (with_words - without), f"{given}. {asked}")
    asked = "At a scale of 1, which guess should come out?"
    unlike(got, with_words + 3 * (with_words - without), f"{given}. {asked}")
    unlike(got, without - 3 * (with_words - without), f"{given}: away from what the words say.")
    unlike(got, 3 * (with_words - without), f"{given}, a way without a place to start from.")
    like(got, torch.tensor([[4.0, 1.0]]), f"{given}.")
    yield "three times as far as the words alone would go"
    like(attempt(yours, with_words, without, 1.0), with_words, "At a scale of 1 the words should be followed plainly.")
    like(attempt(yours, with_words, without, 0.0), without, "At a scale of 0 the words should not count at all.")
    yield "at a scale of 1 it is the guess with words, at 0 the one without"


@exercise()
def diagnosis(yours: Any) -> Iterator[str]:
    """What each of the five machines suffers from."""
    require(
        isinstance(yours, Mapping),
        f"The answer is a dict such as {{'A': 'sign', …}}; yours is a {type(yours).__name__}.",
    )
    missing = [letter for letter in patients if letter not in yours]
    require(not missing, f"There is no diagnosis of {', '.join(missing)} yet.")
    unknown = [str(illness) for illness in yours.values() if illness not in ILLNESSES]
    require(not unknown, f"{', '.join(unknown)} is on no list. The list is: {', '.join(ILLNESSES)}.")
    yield "every patient has a diagnosis"
    right = sum(yours[letter] == illness for letter, illness in _TRUTH.items())
    asked = "Which input would make two illnesses look different that look alike so far?"
    require(right == len(_TRUTH), f"{right} of {len(_TRUTH)} are right. {asked}")
    yield "all five are right"


# --- the five patients ------------------------------------------------------------------------------------------------

Network = Callable[[Tensor, Tensor, bool], Tensor]
_TRUTH = {"A": "variance", "B": "healthy", "C": "no null caption", "D": "guidance twice", "E": "unscaled"}


def _patient(illness: str) -> Callable[..., Tensor]:
    def draw(
        network: Network, noise: Tensor, times: Sequence[float], scale: float, mean: float, spread: float
    ) -> Tensor:
        """Draw. `network(noisy, time, has_words)` guesses what is clean; the result is on the raw scale."""
        strength = scale * scale if illness == "guidance twice" else scale
        noisy = noise
        for now, after in pairwise(torch.tensor(times)):
            with_words, without = (network(noisy, now, said) for said in (True, illness == "no null caption"))
            noisy = _step(noisy, _guide(with_words, without, strength), now, after)
        if illness == "unscaled":
            return noisy
        return noisy * (spread * spread if illness == "variance" else spread) + mean

    return draw


patients = {letter: _patient(illness) for letter, illness in _TRUTH.items()}


# --- the wall at the entrance -----------------------------------------------------------------------------------------


@torch.inference_mode()
def wall(pipe: Any, prompt: str, seed: int) -> dict[str, Tensor]:
    """Three clips of one sentence and one seed; two of them are ill.

    Args:
        pipe: a shipped pipeline.
        prompt: the sentence.
        seed: of the noise.
    Returns:
        uint8 (f, h, w, 3) by letter.
    """

    def column_only(coordinates: Any, pairs: Any, base: float) -> Tensor:
        shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
        last = coordinates[-1].expand(shape)
        return rotary((last, last, last), pairs, base)

    with patch("minisora.models.transformer.rotary_angles", column_only):
        still = pipe(prompt, seed=seed).frames[0]
    healthy, autoencoder = pipe(prompt, seed=seed).frames[0], pipe.autoencoder
    latents = pipe.encode(healthy[None])
    raw = latents * autoencoder.latent_std**2 + autoencoder.latent_mean
    garish = ((autoencoder.decode_raw(raw)[0].clamp(-1, 1) + 1) * 127.5).round().byte()
    return {"A": garish, "B": still, "C": healthy}


def _close(got: Tensor, wanted: Tensor) -> bool:
    """Within a few thousandths: whether n or n - 1 is divided by does not matter."""
    return bool(torch.allclose(got.double(), wanted.double(), rtol=5e-3))


def _list(values: Any) -> str:
    flat = values.flatten().tolist() if isinstance(values, Tensor) else values
    return ", ".join(f"{value:.3g}" if math.isfinite(value) else str(value) for value in flat)
