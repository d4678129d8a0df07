"""The layout that is drawn before the pixels: its shape, its seeds, its windows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from minisora.errors import SettingError, ShapeError
from minisora.models.transformer import Guess, Noisy
from minisora.pipeline import Condition, KeptLayout, TextToVideoPipeline
from minisora.world import SHAPES, Wall
from minisora.world.layout import layout_columns, layout_of
from minisora.world.layout_code import layout_frames, layout_groups

PROMPTS = ["a small red circle moving right", "a large blue star bouncing"]


class Spy(nn.Module):
    """The denoiser, which notes what it is asked for."""

    def __init__(self, denoiser: Any) -> None:
        super().__init__()
        self.denoiser, self.config = denoiser, denoiser.config
        self.planned: list[tuple[Noisy | None, Noisy]] = []
        self.forms: list[Tensor] = []
        self.painted: list[Noisy | None] = []

    def both(self, video: Noisy | None, layout: Noisy, *args: Any, **named: Any) -> Guess:
        self.planned.append((video, layout))
        self.forms.append(named["aspect"])
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


def test_a_layout_is_drawn_for_its_frame(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    pipe(PROMPTS, seed=0, height=32, width=64)
    assert all(torch.equal(form, torch.full((len(form),), 2.0)) for form in spy.forms)


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


def test_the_layout_of_given_frames_is_kept_for_the_next_window(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    """Nine frames are given: the second window begins at the last of them, which has a layout, too."""
    pipe, spy = spied
    given = pipe(PROMPTS[0], seed=0).frames[0, :9]
    spy.planned.clear()
    clips = pipe(PROMPTS[0], seed=1, num_frames=25, conditions=[Condition(given)])
    assert clips.layout is not None
    assert (clips.layout[:, :9] != 0).any(dim=(2, 3)).all()
    first, second = spy.planned[0], spy.planned[-1]
    assert first[0] is not None  # read beside the given frames
    assert second[1].time[0].tolist()[:3] == [0, 0, 0]
    torch.testing.assert_close(second[1].values[:, :3], layout_groups(clips.layout[:, 8:17]), atol=1e-4, rtol=1e-4)


# --- layouts that are given -------------------------------------------------------------------------------------------


def test_given_numbers_are_kept_and_the_rest_is_drawn(tiny_pipe: TextToVideoPipeline) -> None:
    drawn = tiny_pipe(PROMPTS[0], seed=0).layout
    assert drawn is not None
    where = layout_columns(SHAPES)["motion"]
    given = torch.full_like(drawn, 0.3)
    made = tiny_pipe(PROMPTS[0], seed=0, layout=KeptLayout(given, where)).layout
    assert made is not None
    assert bool((made[:, :, where] == 0.3).all())
    torch.testing.assert_close(made[:, :, ~where], drawn[:, :, ~where])


def test_a_whole_layout_is_painted_without_drawing_one(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    drawn = pipe(PROMPTS[0], seed=0).layout
    assert drawn is not None
    spy.planned.clear()
    every = torch.ones(drawn.shape[2:], dtype=torch.bool)
    made = pipe(PROMPTS[1], seed=3, layout=KeptLayout(drawn, every))
    assert not spy.planned
    assert made.layout is not None
    assert torch.equal(made.layout, drawn)


def test_a_layout_that_is_begun_is_gone_on_from(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    pipe, spy = spied
    drawn = pipe(PROMPTS[0], seed=0).layout
    assert drawn is not None
    spy.planned.clear()
    begun = KeptLayout.beginning(drawn[:, :9], 21)
    assert begun.begun == 9
    made = pipe(PROMPTS[0], seed=3, num_frames=21, layout=begun).layout
    assert made is not None
    assert torch.equal(made[:, :9], drawn[:, :9])
    assert spy.planned[0][1].time[0].tolist() == [0, 0, 0, 1, 1]
    assert not torch.equal(made[:, 9:17], drawn[:, 9:17])


def test_a_layout_that_is_given_at_the_end_is_led_up_to(spied: tuple[TextToVideoPipeline, Spy]) -> None:
    """It is clean beside what is drawn, and kept to the bit."""
    pipe, spy = spied
    drawn, alone = pipe(PROMPTS[0], seed=0).layout, pipe(PROMPTS[1], seed=3).layout
    assert drawn is not None
    spy.planned.clear()
    made = pipe(PROMPTS[1], seed=3, layout=KeptLayout.of_parts([(9, drawn[:, 9:])], 17)).layout
    assert made is not None
    assert alone is not None
    assert spy.planned[0][1].time[0].tolist() == [1, 1, 1, 0, 0]
    assert torch.equal(made[:, 9:], drawn[:, 9:])
    assert not torch.equal(made[:, :9], alone[:, :9])


def test_a_given_layout_must_fit(tiny_pipe: TextToVideoPipeline) -> None:
    where = layout_columns(SHAPES)["motion"]
    given = KeptLayout(torch.zeros(1, 17, *where.shape), where)
    with pytest.raises(SettingError, match="Use num_frames=17"):
        tiny_pipe(PROMPTS[0], num_frames=21, layout=given)
    with pytest.raises(ShapeError, match="with flags"):
        KeptLayout(torch.zeros(17, *where.shape), where)
    with pytest.raises(SettingError, match=r"layout is a Tensor.*KeptLayout"):
        tiny_pipe(PROMPTS[0], layout=given.frames)  # type: ignore[arg-type]


def test_the_columns_of_a_layout_are_what_they_say() -> None:
    columns = layout_columns(SHAPES)
    rng = np.random.default_rng(4)
    scene = SHAPES.sample(rng, "camera")
    actor = scene.actors[0]
    changed = {
        "colour": replace(scene, actors=(replace(actor, colour="red" if actor.colour != "red" else "blue"),)),
        "shape": replace(scene, actors=(replace(actor, shape="ring" if actor.shape != "ring" else "star"),)),
        "size": replace(scene, actors=(replace(actor, radius=actor.radius * 1.5),)),
        "motion": replace(scene, actors=(replace(actor, start=(0.3, -0.2)),)),
        "background": replace(scene, background="navy" if scene.background != "navy" else "brown"),
        "texture": replace(scene, texture="grid" if scene.texture != "grid" else "starfield"),
        "wall": replace(scene, wall=Wall(0.1, 0.3)),
        "camera": replace(scene, camera=replace(scene.camera, rate=scene.camera.rate * 1.5)),
    }
    scene = replace(scene, actors=(actor,))
    before = layout_frames(layout_of(SHAPES, scene))
    for name, other in changed.items():
        other = replace(other, actors=other.actors[:1])
        differs = ((layout_frames(layout_of(SHAPES, other)) - before).abs() > 1e-4).any(dim=0)
        assert bool(differs.any()), name
        assert not bool((differs & ~columns[name]).any()), name


def test_where_words_change_only_the_last_frame_is_seen(tiny_pipe: TextToVideoPipeline) -> None:
    sampling = tiny_pipe.stream([(0.0, PROMPTS[0]), (2.0, PROMPTS[1])], num_frames=41, seed=0)
    assert [(window.first, window.stop, window.have, window.end) for window in sampling.windows] == [
        (0, 17, 0, 17), (16, 33, 17, 33), (24, 41, 33, 41)
    ]  # fmt: skip
