"""Which words a state of the text encoder was read from.

The denoiser does not see words but states that gathered them. Attention is followed backwards through the encoder,
layer by layer, half of it staying where it was at each skip: attention rollout, Abnar & Zuidema 2020, arXiv 2005.00928.
It says where a state could have its numbers from, not what they mean.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import torch
from einops import rearrange
from torch import Tensor

from minisora.models.text_encoder import TextEncoder

__all__ = ["split_words", "word_shares"]

Span = tuple[int, int]


def split_words(prompt: str) -> tuple[Span, ...]:
    """Where the words of a sentence stand.

    Args:
        prompt: a sentence.
    Returns:
        First letter of each word, and the place after its last.
    """
    return tuple(match.span() for match in re.finditer(r"\S+", prompt))


@torch.inference_mode()
def word_shares(encoder: TextEncoder, prompt: str) -> Tensor:
    """How much each state holds of each word.

    Args:
        encoder: fills the states.
        prompt: a sentence of w words.
    Returns:
        (m, w), rows that sum to 1 where there are words; those that were cut off have 0.
    """
    seen: dict[Any, Tensor] = {}
    attentions: list[Any] = [block.attention for block in encoder.blocks]
    attentions += [part for block in encoder.slot_blocks for part in (block.read, block.agree)]
    hooks = [
        attention.register_forward_pre_hook(lambda module, given: seen.update({module: _weights(module, *given)}))
        for attention in attentions
    ]
    try:
        encoder([prompt])
    finally:
        for hook in hooks:
            hook.remove()
    mixed: Tensor | None = None
    for block in encoder.blocks:
        mixed = _stay(seen[block.attention], mixed)
    held: Tensor | None = None
    for block in encoder.slot_blocks:
        read = seen[block.read] if mixed is None else seen[block.read] @ mixed
        held = read if held is None else (held + read) / 2
        held = (held + seen[block.agree] @ held) / 2
    if held is None:
        return torch.zeros(encoder.config.num_slots, len(split_words(prompt)))
    offsets = encoder.tokenizer.encode(prompt).offsets[: encoder.config.max_tokens]
    return held[:-1].cpu() @ _belongs(offsets, split_words(prompt), held.shape[1])


def _weights(attention: Any, x: Tensor, context: Tensor, _real: Tensor | None) -> Tensor:
    """Weights of a text attention (n, m), the mean of its heads; one sentence has no padding to leave out."""
    query = rearrange(attention.query(x), "1 n (e d) -> e n d", e=attention.heads)
    key = rearrange(attention.key_value(context), "1 m (two e d) -> two e m d", two=2, e=attention.heads)[0]
    scores: Tensor = query @ key.transpose(1, 2) / math.sqrt(query.shape[-1])
    return scores.float().softmax(dim=-1).mean(dim=0)


def _stay(weights: Tensor, mixed: Tensor | None) -> Tensor:
    """Half stays where it was, half goes where a layer looks."""
    layer = (weights + torch.eye(len(weights), device=weights.device)) / 2
    return layer if mixed is None else layer @ mixed


def _belongs(offsets: Sequence[Span], words: Sequence[Span], tokens: int) -> Tensor:
    """(tokens, words): 1 where a token is of a word; the space before a word is part of it."""
    belongs = torch.zeros(tokens, len(words))
    for k, (start, _) in enumerate(offsets if words else ()):
        belongs[k, next((j for j, (_, last) in enumerate(words) if last > start), len(words) - 1)] = 1
    return belongs
