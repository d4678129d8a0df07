"""The layout that is drawn before the pixels: its shape, its seeds, its windows."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from minisora.errors import SettingError
from minisora.models.transformer import Guess, Noisy
from minisora.pipeline import Condition, TextToVideoPipeline
from minisora.world.layout_code import layout_groups

PROMPTS = ["a small red circle moving right", "a large blue star bouncing"]


class Spy(nn.Module):
    """The denoiser, which notes what it is asked for."""

    def __init__(self, denoiser: Any) -> None:
        super().__init__()
        self.denoiser, self.config = denoiser, denoiser.config
        self.planned: list[tuple[Noisy | None, Noisy]] = []
        self.painted: list[Noisy | None] = []

    def both(self, video: Noisy | None, layout: Noisy, *args: Any, **named: Any) -> Guess:
        self.planned.append((video, layout))
        guess: Guess = self.denoiser.both(video, layout, *args, **named)
        return guess

    def forward(self, *args: Any, layout: Noisy | None = None, **named: Any) -> Tensor:
        self.painted.append(layout)
        answer: Tensor = self.denoiser(*args, layout=layout, **named)
        return answer


@pytest.fixture
def spied(tiny_pipe: TextToVideoPipeline) -> tuple[TextToVideoPipeline, Spy]:
    spy = Spy(tiny_pipe.parts.denoiser)
    return TextToVideoPipeline(replace(tiny_pipe.parts, denoiser=spy)), spy  # type: ignore[arg-type]


def test_a_layout_comes_with_the_clips(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe(PROMPTS, seed=[3, 8])
    assert clips.layout is not None
    assert clips.layout.shape == (2, 17, 4, 16)
    alone = tiny_pipe(PROMPTS[1], seed=8).layout
    assert alone is not None
    torch.testing.assert_close(alone[0], clips.layout[1], atol=1e-4, rtol=1e-4)


def test_pixels_are_drawn_along_the_layout(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    clips = pipe(PROMPTS, seed=0)
    assert clips.layout is not None
    assert len(spy.planned) == 2  # layout_steps
    assert all(video is None for video, _ in spy.planned)
    for layout in spy.painted:
        assert layout is not None
        assert (layout.time == 0).all()
        assert torch.equal(layout.values[:2], layout_groups(clips.layout))  # the other half is that of guidance
        assert torch.equal(layout.values[2:], layout_groups(clips.layout))


def test_no_steps_no_layout(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    pipe.parts.config = {**pipe.parts.config, "sampling": {**pipe.parts.config["sampling"], "layout_steps": 0}}
    assert pipe(PROMPTS, seed=0).layout is None
    assert not spy.planned
    assert all(layout is None for layout in spy.painted)
    pipe.parts.config["sampling"]["layout_steps"] = -1
    with pytest.raises(SettingError, match="Use layout_steps=0"):
        pipe(PROMPTS, seed=0)


def test_a_network_that_knows_no_layouts_paints_from_words(tiny_pipe: TextToVideoPipeline) -> None:
    plain = TextToVideoPipeline(replace(tiny_pipe.parts, denoiser=lambda noisy, time, text, fps: noisy))  # type: ignore[arg-type]
    assert plain(PROMPTS, seed=0).layout is None


def test_given_frames_are_seen_while_the_layout_is_drawn(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    frame = torch.full((64, 64, 3), 200, dtype=torch.uint8)
    pipe(PROMPTS[0], seed=0, conditions=[Condition(frame)], guidance_scale=1)
    latents = pipe.encode(frame[None, None])
    for video, _ in spy.planned:
        assert video is not None
        assert video.time[0].tolist() == [0, 1, 1, 1, 1]
        torch.testing.assert_close(video.values[0, 0], latents[0, 0])


def test_a_later_window_keeps_the_layout_of_the_earlier_one(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    short = pipe(PROMPTS[0], seed=0)
    clips = pipe(PROMPTS[0], seed=0, num_frames=25)
    assert short.layout is not None
    assert clips.layout is not None
    assert clips.layout.shape == (1, 25, 4, 16)
    torch.testing.assert_close(clips.layout[:, :17], short.layout)
    _, second = spy.planned[4]  # the first step of the second window: frames 8 to 16 are known
    assert second.time[0].tolist() == [0, 0, 0, 1, 1]
    last = spy.painted[-1]
    assert last is not None
    torch.testing.assert_close(last.values[:1], layout_groups(clips.layout[:, 8:]), atol=1e-4, rtol=1e-4)
