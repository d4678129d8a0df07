"""Small pieces that the transformers share: positions as waves, attention, the gated layer.

Enters: tensors with the width last. Leaves: tensors with the width last. Nothing here holds weights except
`SwiGLU` and `WaveEmbedding`. Axes: `b` batch, `z y x` latent frame and patch, `n m` tokens, `e` heads, `d` width.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["SwiGLU", "WaveEmbedding", "apply_rotary", "attend", "normalise", "rotary_angles", "waves"]

FUSED_FROM = 1024  # tokens; below, the CPU's fused attention has a backward slower than two plain products


def normalise(x: Tensor) -> Tensor:
    """Mean 0 and variance 1 over the last axis, without weights.

    `F.layer_norm`, since the backward of `F.rms_norm` is not fused on the CPU.

    Args:
        x: (..., d).
    Returns:
        (..., d), same type.
    """
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


def waves(x: Tensor, frequencies: Tensor) -> Tensor:
    """Cosines and sines of a number at several frequencies, so that a linear layer can tell near values apart.

    Args:
        x: (...), any unit.
        frequencies: (k,), radians per unit of x.
    Returns:
        (..., 2k): the k cosines, then the k sines.
    """
    angles = x[..., None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def rotary_angles(coordinates: Sequence[Tensor], pairs: Sequence[int], base: float) -> Tensor:
    """By how much each pair of channels is turned at each position; every axis gets its own share of the pairs.

    Args:
        coordinates: one tensor per axis, in steps of the grid, with shapes that broadcast together.
        pairs: how many pairs each axis gets.
        base: the slowest wave of an axis turns about `base` times slower than the fastest (1 radian a step).
    Returns:
        (..., sum(pairs)), radians.
    Source: Su et al. 2021, arXiv 2104.09864, on three axes.
    """
    shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
    parts = []
    for coordinate, count in zip(coordinates, pairs, strict=True):
        steps = torch.arange(count, device=coordinate.device, dtype=coordinate.dtype)
        speed = base ** (-steps / count)
        parts.append((coordinate[..., None] * speed).expand(*shape, count))
    return torch.cat(parts, dim=-1)


def apply_rotary(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Turn each pair (channel i, channel i + d/2), so that products of two tokens depend on their distance alone.

    Args:
        x: (..., d), queries or keys of one head.
        cosine: cosines of the angles, (..., d/2), broadcast over x.
        sine: their sines, same shape.
    Returns:
        (..., d), same length as x.
    """
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Softmax attention of every query over every key.

    Args:
        query: (b, e, n, d), already scaled.
        key: (b, e, m, d).
        value: (b, e, m, d).
    Returns:
        (b, e, n, d).
    Source: Vaswani et al. 2017, arXiv 1706.03762 (Equation 1).
    """
    if query.device.type == "cuda" or key.shape[-2] > FUSED_FROM:
        return F.scaled_dot_product_attention(query, key, value, scale=1.0)
    scores = query @ key.transpose(-2, -1)  # (b, e, n, m)
    return scores.softmax(dim=-1).to(value.dtype) @ value  # (b, e, n, d)


class SwiGLU(nn.Module):
    """Two layers with a gate between them: the second half of the first layer says how much of the other half passes.

    Source: Shazeer 2020, arXiv 2002.05202.
    """

    def __init__(self, width: int, hidden: int) -> None:
        """Make the two matrices.

        Args:
            width: channels in and out.
            hidden: channels between.
        """
        super().__init__()
        self.into = nn.Linear(width, 2 * hidden, bias=False)  # both halves in one product
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Mix the channels of each token.

        Args:
            x: (..., d).
        Returns:
            (..., d).
        """
        gate, value = self.into(x).chunk(2, dim=-1)
        return self.out(F.silu(gate) * value)  # type: ignore[no-any-return]


class WaveEmbedding(nn.Module):
    """A number (a time, a rate) as a vector of the network's width."""

    frequencies: Tensor

    def __init__(self, width: int, highest: float, count: int = 64) -> None:
        """Make the waves and the two layers that read them.

        Args:
            width: channels of the result.
            highest: fastest wave, radians per unit of the number; the slowest is 1.
            count: how many waves.
        """
        super().__init__()
        speed = torch.logspace(0.0, math.log10(highest), count, dtype=torch.float64)
        self.register_buffer("frequencies", speed.float(), persistent=False)
        self.into = nn.Linear(2 * count, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Embed.

        Args:
            x: (...), numbers of a size near 1.
        Returns:
            (..., d).
        """
        return self.out(F.silu(self.into(waves(x, self.frequencies))))  # type: ignore[no-any-return]
