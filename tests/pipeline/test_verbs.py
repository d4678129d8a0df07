"""Extend, animate, connect, loop, edit, inpaint, storyboard, vary: lengths, and what must not change."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from minisora.errors import SettingError, ShapeError
from minisora.pipeline import Clips, Condition, TextToVideoPipeline

PROMPT = "a red star spinning"


@pytest.fixture(scope="module")
def clip(tiny_pipe: TextToVideoPipeline) -> Clips:
    """A clip to go on from."""
    return tiny_pipe(PROMPT, seed=0)


@pytest.mark.parametrize("new", [1, 8, 16, 19])
def test_extend_forward(tiny_pipe: TextToVideoPipeline, clip: Clips, new: int) -> None:
    longer = tiny_pipe.extend(clip, PROMPT, num_frames=new, seed=1)
    assert longer.frames.shape == (1, 17 + new, 64, 64, 3)
    assert torch.equal(longer.frames[0, :17], clip.frames[0])
    assert longer.segments[-1].stop == 17 + new


@pytest.mark.parametrize("new", [1, 9, 20])
def test_extend_backward(tiny_pipe: TextToVideoPipeline, clip: Clips, new: int) -> None:
    longer = tiny_pipe.extend(clip, PROMPT, num_frames=new, backward=True, seed=1)
    assert longer.frames.shape == (1, 17 + new, 64, 64, 3)
    assert torch.equal(longer.frames[0, new:], clip.frames[0])


def test_extend_takes_clips_of_any_length(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    for frames in (1, 3, 10):
        assert tiny_pipe.extend(clip.frames[0, :frames], PROMPT, num_frames=4, seed=0).frames.shape[1] == frames + 4
    with pytest.raises(ShapeError, match="at least 4"):
        tiny_pipe.extend(clip.frames[0, :3], PROMPT, backward=True)
    with pytest.raises(SettingError, match="num_frames=1"):
        tiny_pipe.extend(clip, PROMPT, num_frames=0)


def test_animate(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    made = tiny_pipe.animate(clip.frames[0, 4], PROMPT, num_frames=9, seed=2)
    assert made.frames.shape == (1, 9, 64, 64, 3)
    assert torch.equal(made.frames[0, 0], clip.frames[0, 4])


def test_connect_and_loop(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    other = tiny_pipe(PROMPT, seed=9)
    both = tiny_pipe.connect(clip, other, PROMPT, seed=1)
    assert torch.equal(both.frames[0, :17], clip.frames[0])
    assert torch.equal(both.frames[0, -17:], other.frames[0])
    round_trip = tiny_pipe.loop(clip, PROMPT, seed=1)
    assert torch.equal(round_trip.frames[0, :17], clip.frames[0])
    assert both.frames.shape[1] == 17 + 8 + 17
    assert round_trip.frames.shape[1] == 17 + 8
    with pytest.raises(ShapeError, match="Make them equal"):
        tiny_pipe.connect(clip, clip.frames[:, :, :32], PROMPT)


def test_edit_keeps_more_the_weaker_it_is(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    flat = torch.full((17, 64, 64, 3), 90, dtype=torch.uint8)
    latents = tiny_pipe.encode(flat[None])
    starts = []
    for strength in (0.2, 0.5, 0.9):
        sampling = tiny_pipe.stream("a star", seed=0, conditions=[Condition(flat, strength=1 - strength)])
        starts.append(float(sampling.windows[0].schedule[0].max()))
    assert starts == pytest.approx([0.2, 0.5, 0.9])
    assert all(weak < strong for weak, strong in pairwise(starts))
    edited = tiny_pipe.edit(flat, "a star", noise_strength=0.01, seed=0)
    assert edited.frames.shape == (1, 17, 64, 64, 3)
    assert latents.isfinite().all()


@pytest.mark.parametrize("strength", [0.0, 1.2, float("nan")])
def test_edit_refuses_other_strengths(tiny_pipe: TextToVideoPipeline, clip: Clips, strength: float) -> None:
    with pytest.raises(SettingError, match="noise_strength="):
        tiny_pipe.edit(clip, PROMPT, noise_strength=strength)


def test_edit_refuses_lengths_that_do_not_pack(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    with pytest.raises(SettingError, match="num_frames=13 or 17"):
        tiny_pipe.edit(clip.frames[0, :16], PROMPT)


def test_inpaint_paints_only_where_asked(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    mask = np.zeros((64, 64), bool)
    mask[20:40, 10:50] = True
    made = tiny_pipe.inpaint(clip, mask, "a blue ring", seed=4)
    assert torch.equal(made.frames[0][:, ~torch.from_numpy(mask)], clip.frames[0][:, ~torch.from_numpy(mask)])
    assert not torch.equal(made.frames, clip.frames)


def test_vary_has_another_seed_and_the_same_words(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    other = tiny_pipe.vary(clip)
    assert other.seeds == (1,)
    assert other.prompts == clip.prompts
    assert not torch.equal(other.frames, clip.frames)


def test_storyboard_has_two_seconds_after_its_last_change(tiny_pipe: TextToVideoPipeline) -> None:
    clip = tiny_pipe.storyboard([(0.0, "a red star"), (2.0, "a blue ring"), (3.0, "a green cross")], seed=0)
    assert [segment.stop for segment in clip.segments] == [17, 25, 41]
    assert clip.frames.shape[1] == 41


def test_verbs_take_one_clip(tiny_pipe: TextToVideoPipeline) -> None:
    two = tiny_pipe([PROMPT, PROMPT], seed=0)
    with pytest.raises(ShapeError, match="One clip"):
        tiny_pipe.extend(two, PROMPT)


def test_verbs_can_be_stopped(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_pipe.extend(clip, PROMPT, callback_on_step_end=stop)
