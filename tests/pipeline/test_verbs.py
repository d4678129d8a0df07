"""Extend, animate, connect, loop, edit, inpaint, storyboard, vary: lengths, and what must not change."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from minisora.errors import PromptError, SettingError, ShapeError
from minisora.pipeline import Clips, Condition, FittedVideoWarning, TextToVideoPipeline
from minisora.pipeline.layouts import read_layout
from minisora.pipeline.verbs.rounds import closed_layout, find_round
from minisora.world import SHAPES, Actor, Scene
from minisora.world.layout import layout_columns, layout_of
from minisora.world.layout_code import layout_frames
from minisora.world.motions import SPIN_PER_RATE

PROMPT = "a red star spinning"


@pytest.fixture(scope="module")
def clip(tiny_pipe: TextToVideoPipeline) -> Clips:
    """A clip to go on from."""
    return tiny_pipe(PROMPT, seed=0)


@pytest.mark.parametrize("new", [1, 8, 16, 19])
def test_extend_forward(tiny_pipe: TextToVideoPipeline, clip: Clips, new: int) -> None:
    longer = tiny_pipe.extend(clip, new / 8, seed=1)
    assert longer.prompts == (PROMPT,)
    assert longer.frames.shape == (1, 17 + new, 64, 64, 3)
    assert torch.equal(longer.frames[0, :17], clip.frames[0])
    assert longer.segments[-1].stop == 17 + new


@pytest.mark.parametrize("new", [1, 9, 20])
def test_extend_backward(tiny_pipe: TextToVideoPipeline, clip: Clips, new: int) -> None:
    longer = tiny_pipe.extend(clip, new / 8, direction="backward", seed=1)
    assert longer.frames.shape == (1, 17 + new, 64, 64, 3)
    assert torch.equal(longer.frames[0, new:], clip.frames[0])


def test_extend_takes_clips_of_any_length(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    for frames in (1, 3, 10):
        assert tiny_pipe.extend(clip.frames[0, :frames], 0.5, PROMPT, seed=0).frames.shape[1] == frames + 4
    with pytest.raises(ShapeError, match="at least 4"):
        tiny_pipe.extend(clip.frames[0, :3], 2, PROMPT, direction="backward")


@pytest.mark.parametrize("seconds", [0.0, 0.05, -1.0, float("nan")])
def test_extend_adds_at_least_a_frame(tiny_pipe: TextToVideoPipeline, clip: Clips, seconds: float) -> None:
    with pytest.raises(SettingError, match=r"Use seconds=0\.125"):
        tiny_pipe.extend(clip, seconds)
    with pytest.raises(SettingError, match="'backward'"):
        tiny_pipe.extend(clip, 1.0, direction="backwards")


def test_a_video_goes_on_at_its_own_rate(tiny_pipe: TextToVideoPipeline) -> None:
    quick = tiny_pipe(PROMPT, fps=16, num_frames=9, seed=0)
    longer = tiny_pipe.extend(quick, 0.5, seed=0)
    assert longer.frames.shape[1] == 9 + 8
    assert longer.settings.fps == 16


def test_words_are_read_off_the_pixels_where_none_are_given(tiny_pipe: TextToVideoPipeline) -> None:
    scene = SHAPES.sample(np.random.default_rng(3), "one")
    longer = tiny_pipe.extend(SHAPES.render(scene), 0.5, seed=0)
    said, actor = SHAPES.parse(longer.prompts[0]).actors[0], scene.actors[0]
    assert (said.colour, said.shape, said.motion) == (actor.colour, actor.shape, actor.motion)
    with pytest.raises(PromptError, match="Give a prompt"):
        tiny_pipe.extend(np.zeros((17, 64, 64, 3), np.uint8), 0.5)


def test_a_video_of_another_size_is_fitted_and_says_so(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    with pytest.warns(FittedVideoWarning, match="from 60×70 to 64×64"):
        longer = tiny_pipe.extend(clip.frames[0, :, :60].repeat(1, 1, 2, 1)[:, :, :70], 0.5, PROMPT, seed=0)
    assert longer.frames.shape == (1, 21, 64, 64, 3)


def test_animate(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    made = tiny_pipe.animate(clip.frames[0, 4], PROMPT, num_frames=9, seed=2)
    assert made.frames.shape == (1, 9, 64, 64, 3)
    assert torch.equal(made.frames[0, 0], clip.frames[0, 4])


def test_a_clip_of_our_own_is_extended_along_its_layout(
    tiny_pipe: TextToVideoPipeline, clip: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a clip was painted along need not be read off it; other words, or bare frames, are read."""
    given = []
    call = TextToVideoPipeline.__call__
    monkeypatch.setattr(
        TextToVideoPipeline, "__call__", lambda *args, **named: given.append(named["layout"]) or call(*args, **named)
    )
    longer = tiny_pipe.extend(clip, 1.0, seed=1)
    assert longer.layout is not None
    assert longer.layout.shape[1] == longer.frames.shape[1]
    tiny_pipe.extend(clip, 1.0, "a blue star spinning", seed=1)
    tiny_pipe.extend(clip.frames[0], 1.0, PROMPT, seed=1)
    assert clip.layout is not None
    assert given[0].begun == 9
    assert torch.equal(given[0].frames[:, :9], clip.layout[:, -9:])
    assert given[1:] == [None, None]


def test_connect_and_loop(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    other = tiny_pipe(PROMPT, seed=9)
    both = tiny_pipe.connect(clip, other, PROMPT, seed=1)
    assert torch.equal(both.frames[0, :17], clip.frames[0])
    assert torch.equal(both.frames[0, -17:], other.frames[0])
    round_trip = tiny_pipe.loop(video=clip, seed=1)
    assert torch.equal(round_trip.frames[0, :17], clip.frames[0])
    assert both.frames.shape[1] == 17 + 8 + 17
    assert round_trip.frames.shape[1] == 17 + 8
    with pytest.raises(ShapeError, match="Make them equal"):
        tiny_pipe.connect(clip, clip.frames[:, :, :32], PROMPT)


def test_a_loop_from_words_is_cut_where_a_take_comes_round(tiny_pipe: TextToVideoPipeline) -> None:
    made = tiny_pipe.loop(PROMPT, seconds=3, seed=1)
    assert 17 <= made.frames.shape[1] <= 25
    take = tiny_pipe(PROMPT, num_frames=25, seed=1).frames[0]
    kept = made.frames.shape[1] - 8
    assert torch.equal(made.frames[0, :kept], take[:kept])
    with pytest.raises(SettingError, match="Use seconds=2"):
        tiny_pipe.loop(PROMPT, seconds=1)


def spinning(shape: str = "square") -> Scene:
    return Scene("black", (Actor(shape, "red", "large", "spinning", "plain", 0.2, 0.2, (0.1, 0.0), heading=1.0),))


def test_a_round_is_a_whole_number_of_turns() -> None:
    scene = spinning()
    take = SHAPES.render(scene, 65)
    quarter = math.pi / 2 / (SPIN_PER_RATE * scene.actors[0].rate) * 8  # frames in which a square turns into itself
    turns = find_round(take, 17) / quarter
    assert abs(turns - round(turns)) * quarter <= 0.5
    assert find_round(take[:17], 17) == 17  # too short to come round


@pytest.mark.parametrize("shape", ["square", "star", "circle"])
def test_a_closed_layout_ends_as_it_began(shape: str) -> None:
    """After the round everything is where it was at first and looks as it did, and nothing jumps on the way."""
    frames = layout_frames(layout_of(SHAPES, spinning(shape), 33))
    frames[:, 0, -5] += torch.linspace(0, 0.1, 33)  # and it drifts, by six pixels
    closed = closed_layout(SHAPES, frames, end=20, passage=8)
    assert closed.shape == (24, 4, frames.shape[-1])
    assert torch.equal(closed[:13, ..., :-2], frames[:13, ..., :-2])
    torch.testing.assert_close(closed[20:24, ..., :-2], frames[:4, ..., :-2])
    assert closed[:, 0, -5].diff().abs().max() < 0.016  # a pixel a frame
    if not SHAPES.shapes[shape].fold:
        return  # no turn can be seen
    angle, first = (torch.atan2(f[:, 0, -1], f[:, 0, -2]) for f in (closed[20:24], frames[:4]))
    turns = (angle - first) / (2 * math.pi / SHAPES.shapes[shape].fold)
    torch.testing.assert_close(turns, turns.round(), atol=1e-3, rtol=0)
    before, after = (torch.atan2(f[:, 0, -1], f[:, 0, -2]).diff() for f in (frames, closed))
    away = torch.remainder(after - before[0] + math.pi, 2 * math.pi) - math.pi
    assert away.abs().max() < 2 * math.pi / SHAPES.shapes[shape].fold / 2 * 1.5 / 8 + 1e-3


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


def test_edit_fits_lengths_that_do_not_pack(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    with pytest.warns(FittedVideoWarning, match="from 16 to its first 13 frames"):
        assert tiny_pipe.edit(clip.frames[0, :16], PROMPT, seed=0).frames.shape[1] == 13


def test_inpaint_paints_only_where_asked(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    mask = np.zeros((64, 64), bool)
    mask[20:40, 10:50] = True
    made = tiny_pipe.inpaint(clip, mask, "a blue ring", seed=4)
    assert torch.equal(made.frames[0][:, ~torch.from_numpy(mask)], clip.frames[0][:, ~torch.from_numpy(mask)])
    assert not torch.equal(made.frames, clip.frames)


def test_vary_has_other_seeds_and_the_same_words(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    others = tiny_pipe.vary(clip, 2)
    assert others.seeds == (1, 2)
    assert others.prompts == clip.prompts * 2
    assert not torch.equal(others.frames[:1], clip.frames)


def test_vary_changes_a_word_and_keeps_the_paths(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    made = tiny_pipe.vary(clip, change={"red": ["blue", "green"], "background": "navy"}, prompt=f"{PROMPT} on black")
    assert made.prompts == ("a blue star spinning on navy", "a green star spinning on navy")
    assert made.seeds == clip.seeds * 2
    assert made.layout is not None
    assert clip.layout is not None
    columns = layout_columns(SHAPES)
    kept = made.layout == clip.layout
    assert bool(kept[:, :, columns["motion"] | columns["shape"] | columns["wall"]].all())
    assert not bool(kept[:, :, columns["colour"]].all())
    again = tiny_pipe.vary(clip, 3, change={"colour": ["blue", "green"]})
    assert [prompt.split()[1] for prompt in again.prompts] == ["blue", "green", "blue"]


def test_vary_says_what_cannot_be_changed(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    with pytest.raises(PromptError, match="names no 'background'"):
        tiny_pipe.vary(clip, change={"background": "navy"})
    with pytest.raises(SettingError, match="Use 'blue'"):
        tiny_pipe.vary(clip, change={"colour": "bleu"})
    with pytest.raises(SettingError, match="n=1"):
        tiny_pipe.vary(clip, 0)
    with pytest.raises(SettingError, match="no new word"):
        tiny_pipe.vary(clip, change={"colour": []})


def test_edit_keeps_paths_and_takes_looks_from_the_words(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    made = tiny_pipe.edit(clip, "a green star spinning", seed=5)
    settings = tiny_pipe.settings()
    read = read_layout(tiny_pipe, clip.frames[0], "a green star spinning", settings, seed=5)
    assert made.layout is not None
    assert read is not None
    columns = layout_columns(SHAPES)
    assert torch.equal(made.layout[:, :, columns["motion"]], read[:, :, columns["motion"]])
    assert not torch.equal(made.layout[:, :, columns["colour"]], read[:, :, columns["colour"]])


def test_storyboard_has_two_seconds_after_its_last_change(tiny_pipe: TextToVideoPipeline) -> None:
    clip = tiny_pipe.storyboard([(0.0, "a red star"), (2.0, "a blue ring"), (3.0, "a green cross")], seed=0)
    assert [segment.stop for segment in clip.segments] == [17, 25, 41]
    assert clip.frames.shape[1] == 41


def test_the_record_says_which_verb_made_it_of_what(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    given = clip.about()["frames_sha256"]
    for made, verb in (
        (tiny_pipe.extend(clip, 3, direction="backward", seed=4), "extend"),
        (tiny_pipe.vary(clip), "vary"),
    ):
        assert (made.about()["verb"], made.about()["given_sha256"]) == (verb, given)
    assert tiny_pipe.extend(clip, 3, direction="backward", seed=4).seeds == (4,)


def test_verbs_take_one_clip(tiny_pipe: TextToVideoPipeline) -> None:
    two = tiny_pipe([PROMPT, PROMPT], seed=0)
    with pytest.raises(ShapeError, match="One clip"):
        tiny_pipe.extend(two)


def test_verbs_can_be_stopped(tiny_pipe: TextToVideoPipeline, clip: Clips) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_pipe.extend(clip, callback_on_step_end=stop)
