"""Where the tokens look: the weights of the denoiser's attention, computed beside it from each block's own matrices.

The fused attention never writes its weights down, so they are computed once more, from the same query and key. Axes as
in `transformer`: `b` batch, `n` tokens of the clip, `m` words, `e` heads, `d` width of a head.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from einops import rearrange
from torch import Tensor

from minisora.models.layers import apply_rotary, normalise
from minisora.models.transformer import Attention, Block, Positions, VideoTransformer

__all__ = ["attention_weights", "watch_attention"]


def attention_weights(attention: Attention, x: Tensor, words: Tensor, positions: Positions) -> tuple[Tensor, Tensor]:
    """How much each token takes from each token and each word, and what there is to take.

    Args:
        attention: of a block.
        x: (b, n, d of all heads), what it is given.
        words: (b, m, text width).
        positions: rotary cosines and sines.
    Returns:
        Weights (b, e, n, n + m), float32, rows that sum to 1; values (b, e, n + m, d). `attention.out` of their
        product, heads side by side, is what the attention answers.
    """
    qkv = rearrange(attention.qkv(x), "b n (three e d) -> three b n e d", three=3, e=attention.heads)
    text_key, text_value = rearrange(attention.text_kv(words), "b m (two e d) -> two b m e d", two=2, e=attention.heads)
    query, key = apply_rotary(normalise(qkv[:2]), *positions)  # each (b, n, e, d)
    key = torch.cat([key, normalise(text_key)], dim=1)  # (b, n + m, e, d)
    value = torch.cat([qkv[2], text_value], dim=1)
    scores = torch.einsum("bned,bmed->benm", query, key).float()
    sharpness = attention.sharpness.float()[:, :, None] / math.sqrt(query.shape[-1])  # (e, 1, 1)
    return (scores * sharpness).softmax(dim=-1), value.transpose(1, 2)


@contextmanager
def watch_attention(denoiser: VideoTransformer) -> Iterator[list[Tensor]]:
    """Note the weights of every block while the denoiser runs.

    Args:
        denoiser: runs as always; nobody else may use it meanwhile, or theirs are noted too.
    Yields:
        A list that gets (b, e, n, n + m) for each block of each pass, in order.
    """
    seen: list[Tensor] = []

    def note(attention: Attention, given: tuple[Any, ...]) -> None:
        seen.append(attention_weights(attention, *given)[0])

    blocks = [block for block in denoiser.blocks if isinstance(block, Block)]
    hooks = [block.attention.register_forward_pre_hook(note) for block in blocks]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
