"""The weights that are computed beside the fused attention are those that it uses."""

import math

import pytest
import torch
from einops import rearrange

from minisora.models.attention_maps import attention_weights, watch_attention
from minisora.models.text_encoder import TextStates
from minisora.models.transformer import Noisy, Positions, TransformerConfig, VideoTransformer

SMALL = TransformerConfig(
    latent_channels=3, patch=2, width=32, depth=3, heads=2, text_width=20, layout_channels=32, text_states=8
)


@pytest.fixture
def denoiser() -> VideoTransformer:
    model = VideoTransformer(SMALL).double()
    with torch.no_grad():
        for weight in model.parameters():  # nothing is hidden behind a zero
            weight.add_(torch.randn_like(weight) * 0.2)
    return model.eval()


def run(denoiser: VideoTransformer) -> None:
    time = torch.rand(2, 3, dtype=torch.float64)
    text = TextStates(torch.randn(2, 8, 20, dtype=torch.float64), torch.randn(2, 20, dtype=torch.float64))
    layout = Noisy(torch.randn(2, 3, 4, 32, dtype=torch.float64), time)
    denoiser(torch.randn(2, 3, 4, 6, 3, dtype=torch.float64), time, text, layout=layout)


def test_weights_sum_to_one_and_their_product_with_the_values_is_the_answer(denoiser: VideoTransformer) -> None:
    checked = []

    def check(attention, given, answer) -> None:
        weights, values = attention_weights(attention, *given)
        n, m = given[0].shape[1], given[1].shape[1]
        assert weights.shape == (2, 2, n, n + m)
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, n))
        again = attention.out(rearrange(weights.double() @ values, "b e n d -> b n (e d)"))
        torch.testing.assert_close(again, answer, atol=1e-5, rtol=1e-5)
        checked.append(1)

    for block in denoiser.blocks:
        block.attention.register_forward_hook(check)
    run(denoiser)
    assert len(checked) == 3


def test_one_weight_by_hand(denoiser: VideoTransformer) -> None:
    """A token's look, from the definition: turned pairs, scaled by the head's sharpness, over all tokens and words."""
    attention = denoiser.blocks[0].attention
    x, words = torch.randn(1, 5, 32, dtype=torch.float64), torch.randn(1, 8, 20, dtype=torch.float64)
    angles = torch.rand(1, 5, 1, 8, dtype=torch.float64)
    weights, _ = attention_weights(attention, x, words, Positions(angles.cos(), angles.sin()))

    def unit(v: torch.Tensor) -> torch.Tensor:
        return (v - v.mean()) / (v.var(unbiased=False) + 1e-6).sqrt()

    def turned(v: torch.Tensor, angle: torch.Tensor) -> torch.Tensor:
        pairs = torch.complex(v[:8], v[8:]) * torch.polar(torch.ones_like(angle), angle)
        return torch.cat([pairs.real, pairs.imag])

    head, token = 1, 3
    part = slice(16 * head, 16 * (head + 1))
    q, k = attention.qkv.weight[:32][part] @ x[0].T, attention.qkv.weight[32:64][part] @ x[0].T  # (16, 5)
    t = attention.text_kv.weight[:32][part] @ words[0].T  # (16, 8)
    query = turned(unit(q[:, token]), angles[0, token, 0])
    keys = [turned(unit(k[:, j]), angles[0, j, 0]) for j in range(5)] + [unit(t[:, j]) for j in range(8)]
    scores = [math.exp(float(query @ key) * float(attention.sharpness[head]) / math.sqrt(16)) for key in keys]
    expected = torch.tensor(scores) / sum(scores)
    torch.testing.assert_close(weights[0, head, token], expected, atol=1e-5, rtol=1e-4)


def test_watching_changes_nothing_and_ends(denoiser: VideoTransformer) -> None:
    torch.manual_seed(1)
    with watch_attention(denoiser) as seen:
        run(denoiser)
    assert [tuple(weights.shape) for weights in seen] == [(2, 2, 30, 38)] * 3
    run(denoiser)
    assert len(seen) == 3
