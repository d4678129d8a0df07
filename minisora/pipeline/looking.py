"""Where the denoiser looks while it draws: from a place of a frame to places, times, the plan and the words.

    sampling = pipe.stream("a large red star moving up", seed=0)
    passes = list(passes_of(sampling))
    looks = looks_of(pipe, passes[5], "a large red star moving up")
    looks.from_place(frame=2, row=1, column=3, layer=4).words

Axes: `l` layers, `e` heads, `z y x` latent frames and patches, `r` rows of the plan, `m` states, `w` words.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from minisora.errors import SettingError
from minisora.models.attention_maps import watch_attention
from minisora.models.text_encoder import TextEncoder, TextStates
from minisora.models.transformer import Noisy
from minisora.models.word_maps import split_words, word_shares

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import TextToVideoPipeline
    from minisora.pipeline.sampling import Sampling

__all__ = ["KINDS", "Look", "Looks", "Pass", "keep_passes", "looks_of", "passes_of"]

KINDS = ("this frame", "other frames", "plan", "words")  # what a head looks at, in the order of `Looks.by_head`


@dataclass(frozen=True)
class Pass:
    """What the denoiser was given at one step, for the first clip.

    Attributes:
        noisy: (1, z, lh, lw, c).
        time: (1, z).
        text: of the clip.
        fps: (1,), or None.
        layout: what is known of the layout, or None.
    """

    noisy: Tensor
    time: Tensor
    text: TextStates
    fps: Tensor | None
    layout: Noisy | None


@dataclass(frozen=True)
class Look:
    """Where a place looks: shares that sum to 1 all together.

    Attributes:
        places: (z, y, x).
        plan: (z, r), rows of the layout: first the actors in the order of mention, then the scene.
        words: (w,).
    """

    places: Tensor
    plan: Tensor
    words: Tensor


@dataclass(frozen=True)
class Looks:
    """All attention of one pass.

    Attributes:
        weights: (l, e, n, n + m), rows that sum to 1; n is z × (y × x + r).
        grid: (z, y, x).
        rows: r.
        words: of the sentence.
        shares: (m, w), how much each state holds of each word.
    """

    weights: Tensor
    grid: tuple[int, int, int]
    rows: int
    words: tuple[str, ...]
    shares: Tensor

    def from_place(self, frame: int, row: int, column: int, layer: int | None = None, head: int | None = None) -> Look:
        """Where a place looks.

        Args:
            frame, row, column: latent frame and patch, from 0.
            layer, head: from 0; None is the mean of all.
        Returns:
            Shares.
        Raises:
            SettingError: there is no such place, layer or head.
        """
        line = self._chosen(layer, head)[self._index(frame, row, column)]  # (n + m,)
        tokens, states = line[: self._tokens], line[self._tokens :]
        z, y, x = self.grid
        places, plan = tokens.view(z, -1).split([y * x, self.rows], dim=1)
        return Look(places.reshape(z, y, x), plan, states @ self.shares)

    def from_word(self, word: int, layer: int | None = None, head: int | None = None) -> Tensor:
        """Who looks at a word.

        Args:
            word: its number, from 0.
            layer, head: from 0; None is the mean of all.
        Returns:
            (z, y, x), the share of each place's look that goes to the word.
        Raises:
            SettingError: there is no such word, layer or head.
        """
        _check("word", word, len(self.words))
        lines = self._chosen(layer, head)[:, self._tokens :] @ self.shares[:, word]  # (n,)
        z, y, x = self.grid
        return lines.view(z, -1)[:, : y * x].reshape(z, y, x)

    def by_head(self, frame: int, row: int, column: int) -> Tensor:
        """What each head looks at from a place.

        Args:
            frame, row, column: latent frame and patch, from 0.
        Returns:
            (l, e, 4), shares of this frame, other frames, the plan and the words, which sum to 1.
        Raises:
            SettingError: there is no such place.
        """
        lines = self.weights[:, :, self._index(frame, row, column)]  # (l, e, n + m)
        z, y, x = self.grid
        tokens = lines[..., : self._tokens].unflatten(-1, (z, -1))
        places, plan = tokens[..., : y * x].sum(-1), tokens[..., y * x :].sum((-1, -2))  # (l, e, z), (l, e)
        here = places[..., frame]
        return torch.stack([here, places.sum(-1) - here, plan, lines[..., self._tokens :].sum(-1)], dim=-1)

    def by_head_on_word(self, word: int) -> Tensor:
        """How much each head looks at a word, the mean over all places.

        Args:
            word: its number, from 0.
        Returns:
            (l, e).
        Raises:
            SettingError: there is no such word.
        """
        return torch.stack(
            [
                torch.stack([self.from_word(word, layer, head).mean() for head in range(self.weights.shape[1])])
                for layer in range(len(self.weights))
            ]
        )

    @property
    def _tokens(self) -> int:
        return self.weights.shape[2]

    def _chosen(self, layer: int | None, head: int | None) -> Tensor:
        """(n, n + m)."""
        layers, heads = self.weights.shape[:2]
        weights = self.weights if layer is None else self.weights[_check("layer", layer, layers)][None]
        weights = weights if head is None else weights[:, _check("head", head, heads)][:, None]
        return weights.mean(dim=(0, 1))

    def _index(self, frame: int, row: int, column: int) -> int:
        z, y, x = self.grid
        _check("frame", frame, z)
        return frame * (y * x + self.rows) + _check("row", row, y) * x + _check("column", column, x)


@contextmanager
def keep_passes(denoiser: nn.Module) -> Iterator[list[Pass]]:
    """Note what the denoiser is given while it draws pixels.

    Args:
        denoiser: runs as always; nobody else may use it meanwhile.
    Yields:
        A list that gets a `Pass` for each call.
    """
    kept: list[Pass] = []
    signature = inspect.signature(denoiser.forward)

    def note(_module: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        said = signature.bind(*given, **named).arguments
        text, fps, layout = said["text"], said.get("fps"), said.get("layout")
        kept.append(
            Pass(
                said["noisy"][:1].clone(),
                said["time"][:1].clone(),
                TextStates(text.states[:1], text.pooled[:1]),
                None if fps is None else fps[:1],
                None if layout is None else Noisy(layout.values[:1], layout.time[:1]),
            )
        )

    hook = denoiser.register_forward_pre_hook(note, with_kwargs=True)
    try:
        yield kept
    finally:
        hook.remove()


def passes_of(sampling: "Sampling") -> Iterator[Pass]:
    """Go through a sampling and keep what the denoiser was given at each step.

    Args:
        sampling: of one clip, from `pipe.stream(…)`.
    Yields:
        A pass for each step, that with the words.
    """
    with keep_passes(sampling.pipe.parts.denoiser) as kept:
        for _ in sampling:
            yield kept[0]
            kept.clear()


@torch.inference_mode()
def looks_of(pipe: "TextToVideoPipeline", at: Pass, prompt: str) -> Looks:
    """Have one pass made once more, in float32, and watch where it looks.

    Args:
        pipe: whose denoiser this is.
        at: the pass.
        prompt: the sentence that was read.
    Returns:
        All attention of that pass.
    """
    denoiser, encoder = pipe.parts.denoiser, pipe.parts.text_encoder
    with watch_attention(denoiser) as seen:
        denoiser(at.noisy, at.time, at.text, fps=at.fps, layout=at.layout)
    weights = torch.stack([each[0].cpu() for each in seen])
    z, p = at.noisy.shape[1], denoiser.config.patch
    grid = (z, at.noisy.shape[2] // p, at.noisy.shape[3] // p)
    rows = 0 if at.layout is None else denoiser.config.layout_rows
    if isinstance(encoder, TextEncoder):
        words, shares = tuple(prompt[a:b] for a, b in split_words(prompt)), word_shares(encoder, prompt)
    else:  # who knows how another one came to its states
        states = at.text.states.shape[1]
        words, shares = tuple(f"state {k + 1}" for k in range(states)), torch.eye(states)
    return Looks(weights, grid, rows, words, shares)


def _check(name: str, value: int, count: int) -> int:
    if not 0 <= value < count:
        near = min(max(value, 0), count - 1)
        raise SettingError(f"{name}={value}, but there are {count}, counted from 0. Use {name}={near}.")
    return value
