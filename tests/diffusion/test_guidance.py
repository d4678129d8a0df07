"""Guidance, with networks whose answers can be worked out."""

from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.diffusion.flow import clean_from_velocity
from minisora.diffusion.guidance import guided
from minisora.errors import SettingError


@dataclass(frozen=True)
class Words:
    states: Tensor
    pooled: Tensor


TEXT = Words(torch.arange(6.0).view(3, 1, 2), torch.tensor([[1.0], [2.0], [3.0]]))
NULL = Words(torch.zeros(1, 1, 2), torch.tensor([[0.5]]))
NOISY = torch.randn(3, 2, 1, 1, 4, generator=torch.Generator().manual_seed(0))
TIME = torch.tensor([[0.2, 0.9]] * 3)


class Echo:
    """Answers noisy + pooled and counts its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, dict[str, Any]]] = []

    def __call__(self, noisy: Tensor, time: Tensor, text: Words, **inputs: Any) -> Tensor:
        assert len(noisy) == len(time) == len(text.states) == len(text.pooled)
        self.calls.append((len(noisy), inputs))
        return noisy + text.pooled[:, :, None, None, None]


@pytest.mark.parametrize("scale", [None, 1.0])
def test_without_guidance_there_is_one_pass(scale: float | None) -> None:
    network = Echo()
    guess = guided(network, TEXT, NULL, scale)(NOISY, TIME)
    torch.testing.assert_close(guess, NOISY + TEXT.pooled[:, :, None, None, None])
    assert network.calls == [(3, {})]


@pytest.mark.parametrize("scale", [0.0, 3.0, -1.0])
def test_guidance_goes_from_the_null_through_the_words(scale: float) -> None:
    network = Echo()
    guess = guided(network, TEXT, NULL, scale)(NOISY, TIME)
    for clip, pooled in enumerate([1.0, 2.0, 3.0]):
        torch.testing.assert_close(guess[clip], NOISY[clip] + 0.5 + scale * (pooled - 0.5))
    assert [calls for calls, _ in network.calls] == [6]  # two passes as one batch


def test_frames_below_a_time_follow_the_words_plainly() -> None:
    network = Echo()
    denoiser = guided(network, TEXT, NULL, 3.0, above=0.5)
    guess = denoiser(NOISY, TIME) - NOISY  # times 0.2 and 0.9
    plain = TEXT.pooled[:, :, None, None]
    torch.testing.assert_close(guess[:, 0], plain.expand(3, 1, 1, 4))
    torch.testing.assert_close(guess[:, 1], (0.5 + 3 * (plain - 0.5)).expand(3, 1, 1, 4))
    denoiser(NOISY, torch.full_like(TIME, 0.4))
    assert [calls for calls, _ in network.calls] == [6, 3]  # the second pass is saved where nothing needs it


def test_a_velocity_is_turned_into_clean_latents() -> None:
    plain = guided(Echo(), TEXT, predicts="velocity")(NOISY, TIME)
    velocity = NOISY + TEXT.pooled[:, :, None, None, None]
    torch.testing.assert_close(plain, clean_from_velocity(NOISY, velocity, TIME))
    strong = guided(Echo(), TEXT, NULL, 2.0, predicts="velocity")(NOISY, TIME)
    twice = NOISY + 0.5 + 2 * (TEXT.pooled[:, :, None, None, None] - 0.5)
    torch.testing.assert_close(strong, clean_from_velocity(NOISY, twice, TIME))


def test_a_negative_prompt_has_a_row_for_each_clip() -> None:
    negative = Words(torch.zeros(3, 1, 2), torch.tensor([[3.0], [2.0], [1.0]]))
    guess = guided(Echo(), TEXT, negative, 2.0)(NOISY, TIME)
    torch.testing.assert_close(guess - NOISY, torch.tensor([-1.0, 2.0, 5.0]).view(3, 1, 1, 1, 1).expand_as(NOISY))


def test_further_inputs_reach_both_passes() -> None:
    network = Echo()
    fps = torch.tensor([4.0, 8.0, 16.0])
    guided(network, TEXT, NULL, 2.0, fps=fps, frame_index=torch.tensor([3, 4]))(NOISY, TIME)
    (_, inputs) = network.calls[0]
    torch.testing.assert_close(inputs["fps"], torch.cat([fps, fps]))
    assert inputs["frame_index"].shape == (2,)  # shared by all clips
    guided(network, TEXT, NULL, 2.0, frame_index=torch.zeros(3, 2))(NOISY, TIME)
    assert network.calls[1][1]["frame_index"].shape == (6, 2)


def test_what_cannot_be_is_refused() -> None:
    for scale in (float("nan"), float("inf")):
        with pytest.raises(SettingError, match="guidance is a number"):
            guided(Echo(), TEXT, NULL, scale)
    with pytest.raises(SettingError, match="needs null_text"):
        guided(Echo(), TEXT, None, 3.0)
    with pytest.raises(SettingError, match="Use 'clean'"):
        guided(Echo(), TEXT, predicts="clear")  # type: ignore[arg-type]
