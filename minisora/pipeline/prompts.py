"""Words before they reach the network: one sentence, many, or a storyboard; checked, and made fuller on request."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from minisora.errors import PromptError, SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline.fitting import say_fitted
from minisora.pipeline.given import finite, short
from minisora.world import World

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextEncoder

__all__ = ["Prompt", "Segment", "UnknownWordsWarning", "expand", "read_prompts", "unknown_words"]

LATEST = 1e6  # seconds at which a sentence may begin, eleven days: far beyond what a call can make
Prompt = str | Sequence[str] | Sequence[tuple[float, str]]


class UnknownWordsWarning(UserWarning):
    """A prompt has words that its world does not know; the video follows the rest."""


@dataclass(frozen=True)
class Segment:
    """What is to be seen until frame `stop` (exclusive) of a clip: one sentence for each of b clips."""

    texts: tuple[str, ...]
    stop: int


def read_prompts(prompt: Prompt, num_frames: int, fps: float) -> list[Segment]:
    """Bring every form of a prompt into one: sentences and the frame at which they end.

    Args:
        prompt: a sentence, a list of them, or a timed list [(0.0, "…"), (2.0, "…")], which is one clip.
        num_frames: of the clip.
        fps: frames per second, to turn seconds into frames.
    Returns:
        One segment, or one for each entry of a timed list.
    Raises:
        PromptError: no sentence, something that is none, times that do not rise from 0, that lie in the same group of
            frames, or after the end of the clip.
    """
    if isinstance(prompt, str):
        return [Segment((prompt,), num_frames)]
    entries = _entries(prompt)
    if all(isinstance(entry, str) for entry in entries):
        return [Segment(tuple(str(entry) for entry in entries), num_frames)]
    return _timed(read_board(entries), num_frames, fps)


def read_board(board: Any) -> list[tuple[float, str]]:
    """A storyboard, checked.

    Args:
        board: pairs of seconds and a sentence.
    Returns:
        The same, times as floats that rise from 0.
    Raises:
        PromptError: it is something else, or its times do not rise from 0.
    """
    entries = _entries(board)
    if not all(isinstance(entry, (tuple, list)) and len(entry) == 2 and isinstance(entry[1], str) for entry in entries):
        raise _no_prompt(board)
    timed = [(_seconds(time), str(text)) for time, text in entries]
    if timed[0][0] != 0:
        raise PromptError(f"The times of a storyboard rise from 0, but the first is {timed[0][0]:g}. Use 0.0 for it.")
    for (before, _), (after, _) in pairwise(timed):
        if after <= before:
            raise PromptError(
                f"The times of a storyboard rise from 0, but {after:g} comes after {before:g}. "
                f"Use {before + 1:g} or more in its place."
            )
    return timed


def _entries(prompt: Any) -> list[Any]:
    try:
        entries = list(prompt)
    except TypeError as error:
        raise _no_prompt(prompt) from error
    if isinstance(prompt, str):
        raise _no_prompt(prompt)
    if not entries:
        raise PromptError("The list of prompts is empty. Give at least one sentence.")
    return entries


def _no_prompt(prompt: Any) -> PromptError:
    return PromptError(f'{short(prompt, 80)} is no prompt. Use "…", ["…", "…"] or [(0.0, "…"), (2.0, "…")].')


def _seconds(time: Any) -> float:
    try:
        seconds = finite("time", time, near=0)
    except SettingError as error:
        raise PromptError(f"{time!r} is no time of a storyboard. Use seconds, such as 2.0.") from error
    if seconds > LATEST:
        raise PromptError(f"{seconds:g} seconds are later than any video lasts. Use {LATEST:g} or less.")
    return seconds


def _timed(entries: list[tuple[float, str]], num_frames: int, fps: float) -> list[Segment]:
    """The sentences of a storyboard, each until the next one begins."""
    # A text can change only between latent frames: frame 0, then groups of four.
    starts = [0] + [1 + TIME * max(1, math.floor((time * fps - 1) / TIME + 0.5)) for time, _ in entries[1:]]
    for (before, start), (after, following) in pairwise(zip([time for time, _ in entries], starts, strict=True)):
        if following <= start:
            raise PromptError(
                f"{before:g} and {after:g} seconds lie in the same group of four frames, where words cannot change. "
                f"Use {(start + TIME) / fps:g} in place of {after:g}."
            )
    for (time, _), start in zip(entries, starts, strict=True):
        if start >= num_frames:
            raise PromptError(
                f"The sentence at {time:g} seconds would never be seen: the video has {num_frames} frames, "
                f"{(num_frames - 1) / fps:g} seconds. Use num_frames={start + TIME} or more."
            )
        if abs(time * fps - start) > 1:
            say_fitted(f"The storyboard was fitted: words change at {start / fps:g} seconds in place of {time:g}.")
    return [Segment((text,), stop) for (_, text), stop in zip(entries, [*starts[1:], num_frames], strict=True)]


def check_prompts(texts: Sequence[str], text_encoder: "TextEncoder") -> None:
    """Refuse what cannot be read.

    Args:
        texts: sentences.
        text_encoder: whose tokens are counted.
    Raises:
        PromptError: one is empty, or has more tokens than the encoder reads.
    """
    most = text_encoder.config.max_tokens
    for text in texts:
        if not text.strip():
            raise PromptError('The prompt is empty. Say what is to be seen, such as "a small red circle moving right".')
        count = len(text_encoder.tokenizer.encode(text).ids)
        if count > most:
            words = max(1, len(text.split()) * most // count)
            raise PromptError(
                f"The prompt has {count} tokens ({len(text.split())} words), but {most} are read, which is about "
                f"{words} words here. Shorten it."
            )


def unknown_words(world: World, text: str) -> list[str]:
    """What to tell about words that a world does not know.

    Args:
        world: that reads the sentence.
        text: the sentence.
    Returns:
        One line for each unknown word, with the nearest known ones.
    """
    return [
        f"{item.word!r} is not known" + (f"; nearest: {', '.join(item.nearest)}" if item.nearest else "")
        for item in world.parse(text).unknown
    ]


def warn_of_unknown(world: World, texts: Sequence[str]) -> list[list[str]]:
    """Warn of unknown words; the video is made from the rest.

    Args:
        world: that reads the sentences.
        texts: the sentences.
    Returns:
        For each sentence the lines of `unknown_words`.
    """
    found = [unknown_words(world, text) for text in texts]
    for text, lines in zip(texts, found, strict=True):
        if lines:
            warnings.warn(f"In {text!r}: {'. '.join(lines)}.", UnknownWordsWarning, stacklevel=4)
    return found


# --- fuller prompts ---------------------------------------------------------------------------------------------------


def expand(world: World, text: str, seed: int) -> str:
    """A short prompt as a dense caption: what it leaves open is chosen, what it names is kept.

    Args:
        world: that reads and writes.
        text: the prompt.
        seed: of the choices.
    Returns:
        A sentence that names everything visible; `text` itself where no actor is asked for.
    """
    request = world.parse(text)
    return world.expand(request, np.random.default_rng(seed)).text if request.actors else text
