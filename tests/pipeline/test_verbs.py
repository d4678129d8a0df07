"""Extend, animate, connect, loop, edit, inpaint, storyboard, vary: lengths, and what must not change."""

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

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
    """What a clip was painted along need not be read off it; with other words, or bare frames, its last window is."""
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
    tiny_pipe.extend(clip.frames[0, :5], 1.0, PROMPT, seed=1)
    assert clip.layout is not None
    assert [layout.begun for layout in given[:3]] == [9, 9, 9]
    assert torch.equal(given[0].frames[:, :9], clip.layout[:, -9:])
    read = read_layout(tiny_pipe, clip.frames[0], PROMPT, tiny_pipe.settings(), named=True)
    assert read is not None
    torch.testing.assert_close(given[2].frames[:, :9], read[:, -9:])
    assert given[3] is None  # too short to see how things move


def test_a_clip_is_led_up_to_along_its_layout(
    tiny_pipe: TextToVideoPipeline, clip: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backward, each window ends in what is there, and the next one in what that window began with."""
    calls, made = [], []
    call = TextToVideoPipeline.__call__

    def spy(*args: Any, **named: Any) -> Clips:
        calls.append(named["layout"])
        made.append(call(*args, **named))
        return made[-1]

    monkeypatch.setattr(TextToVideoPipeline, "__call__", spy)
    tiny_pipe.extend(clip, 2.0, direction="backward", seed=1)
    assert clip.layout is not None
    assert [layout.whole.tolist() for layout in calls] == [[False] * 9 + [True] * 8] * 2
    assert torch.equal(calls[0].frames[:, 9:], clip.layout[:, :8])
    assert torch.equal(calls[1].frames[:, 9:], made[0].layout[:, :8])
    assert torch.equal(made[0].layout[:, 9:], clip.layout[:, :8])


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


# --- what is given wrong ----------------------------------------------------------------------------------------------

NAN, INF = float("nan"), float("inf")
FRAMES = np.zeros((17, 64, 64, 3), np.uint8)
BOX = np.zeros((64, 64), bool)
BOX[:, 32:] = True


@pytest.fixture(scope="module")
def swift(tiny_checkpoint: Path) -> TextToVideoPipeline:
    """A pipeline of a single step."""
    pipe = TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="float32")
    pipe.recommend(num_inference_steps=1, layout_steps=1, guidance_scale=1)
    return pipe


@pytest.mark.parametrize("verb", ["animate", "extend", "connect", "loop", "edit", "inpaint", "vary"])
@pytest.mark.parametrize("video", ["clip.mp4", None, FRAMES / 255, FRAMES[..., 0], FRAMES[:0]], ids=str)
def test_verbs_refuse_what_is_no_video(tiny_pipe: TextToVideoPipeline, verb: str, video: Any) -> None:
    calls: dict[str, Callable[[], Clips]] = {
        "animate": lambda: tiny_pipe.animate(video, PROMPT),
        "extend": lambda: tiny_pipe.extend(video, 1.0, PROMPT),
        "connect": lambda: tiny_pipe.connect(FRAMES, video, PROMPT),
        "loop": lambda: tiny_pipe.loop(PROMPT, [] if video is None else video),
        "edit": lambda: tiny_pipe.edit(video, PROMPT),
        "inpaint": lambda: tiny_pipe.inpaint(video, BOX, PROMPT),
        "vary": lambda: tiny_pipe.vary(video, prompt=PROMPT),
    }
    with pytest.raises(ShapeError, match=r"[Uu]se|Give"):
        calls[verb]()


@pytest.mark.parametrize("verb", ["animate", "extend", "connect", "loop", "edit", "inpaint", "vary"])
@pytest.mark.parametrize(
    "prompt", ["", " ", 5, ["a", "b"], [(0.0, "a")], "red " * 2500], ids=lambda text: str(text)[:9]
)
def test_verbs_take_one_sentence(tiny_pipe: TextToVideoPipeline, verb: str, prompt: Any) -> None:
    calls: dict[str, Callable[[], Clips]] = {
        "animate": lambda: tiny_pipe.animate(FRAMES[0], prompt),
        "extend": lambda: tiny_pipe.extend(FRAMES, 1.0, prompt),
        "connect": lambda: tiny_pipe.connect(FRAMES, FRAMES, prompt),
        "loop": lambda: tiny_pipe.loop(prompt),
        "edit": lambda: tiny_pipe.edit(FRAMES, prompt),
        "inpaint": lambda: tiny_pipe.inpaint(FRAMES, BOX, prompt),
        "vary": lambda: tiny_pipe.vary(FRAMES, prompt=prompt),
    }
    with pytest.raises(PromptError, match=r"empty|one sentence|Shorten it"):
        calls[verb]()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ("long", "seconds=0.125"),
        (None, "seconds=0.125"),
        (INF, "seconds=0.125"),
        (-1e308, "seconds=0.125"),
        (1e12, r"seconds=2\d{4}\S* or less"),
        (1e308, r"seconds=2\d{4}\S* or less"),
    ],
)
def test_lengths_that_cannot_be_made(tiny_pipe: TextToVideoPipeline, seconds: Any, words: str) -> None:
    for direction in ("forward", "backward"):
        with pytest.raises(SettingError, match=words):
            tiny_pipe.extend(FRAMES, seconds, PROMPT, direction)
    with pytest.raises(SettingError, match=r"seconds=2\b" if words.endswith("125") else words):
        tiny_pipe.loop(PROMPT, seconds=seconds)


@pytest.mark.parametrize("direction", [None, 5, "up", ""])
def test_directions_that_are_none(tiny_pipe: TextToVideoPipeline, direction: Any) -> None:
    with pytest.raises(SettingError, match="Use 'forward'"):
        tiny_pipe.extend(FRAMES, 1.0, PROMPT, direction)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"n": 2.5}, "n=2"),
        ({"n": "many"}, "n=1"),
        ({"n": -1}, "n=1"),
        ({"n": 10**9}, "n=1000"),
        ({"change": ["red"]}, "'colour': 'blue'"),
        ({"change": "blue"}, "'colour': 'blue'"),
        ({"change": {5: "blue"}}, "'colour': 'blue'"),
        ({"change": {"colour": 5}}, "no new word for 'colour'"),
        ({"change": {"colour": None}}, "no new word for 'colour'"),
        ({"change": {"colour": ["blue", " "]}}, "no new word for 'colour'"),
        ({"change": {"colour": ["blue"] * 40, "shape": ["ring"] * 40}}, "n=1000"),
        ({"noise_strength": "much"}, "noise_strength=0.5"),
        ({"noise_strength": NAN}, "noise_strength=0.5"),
        ({"seed": 1.5}, "seed=2"),
        ({"seed": "a"}, "seed=0"),
        ({"n": 3, "seed": [1]}, "1 seeds for 3 prompts"),
    ],
)
def test_versions_that_cannot_be_made(tiny_pipe: TextToVideoPipeline, given: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        tiny_pipe.vary(FRAMES, **{"prompt": PROMPT, **given})


def test_a_few_of_many_combinations_can_be_made(swift: TextToVideoPipeline) -> None:
    change = {"red": ["blue", "green"] * 50, "star": ["ring"] * 50}
    made = swift.vary(FRAMES[:5], 2, change, PROMPT, seed=np.int64(3))
    assert made.prompts == ("a blue ring spinning",) * 2
    assert made.seeds == (3, 3)


@pytest.mark.parametrize(
    ("mask", "error", "words"),
    [
        (BOX[:32], ShapeError, "Scale it to 64×64"),
        (np.stack([BOX] * 3), ShapeError, r"\(17, 64, 64\)"),
        (np.stack([BOX] * 3, axis=-1), ShapeError, r"mask\[\.\.\., 0\]"),
        (BOX * NAN, ShapeError, "no numbers"),
        ("mask.png", ShapeError, "read_video"),
        (None, ShapeError, "NoneType"),
        (~BOX & BOX, SettingError, "True nowhere"),
    ],
)
def test_masks_that_cannot_be_painted(tiny_pipe: TextToVideoPipeline, mask: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        tiny_pipe.inpaint(FRAMES, mask, PROMPT)


def test_a_mask_is_that_of_the_video_as_it_is_given(swift: TextToVideoPipeline) -> None:
    with pytest.warns(FittedVideoWarning) as said:
        made = swift.inpaint(np.full((6, 140, 200, 3), 80, np.uint8), np.ones((6, 140, 200), bool), PROMPT, seed=0)
    assert [f"{warning.message}".split(":")[0].split(",")[0] for warning in said] == [
        "The video was fitted from 140×200 to 48×80 pixels",
        "The video was fitted from 6 to its first 5 frames",
    ]
    assert made.frames.shape == (1, 5, 48, 80, 3)


def test_all_may_be_painted(swift: TextToVideoPipeline) -> None:
    assert swift.inpaint(FRAMES[:5], BOX | True, PROMPT, seed=0).frames.shape == (1, 5, 64, 64, 3)


@pytest.mark.parametrize("image", ["frames", "clips"])
def test_of_a_video_the_first_frame_is_animated(swift: TextToVideoPipeline, clip: Clips, image: str) -> None:
    with pytest.warns(FittedVideoWarning, match="first of its 17 frames"):
        made = swift.animate(clip if image == "clips" else clip.frames[0], PROMPT, 5, seed=0)
    assert torch.equal(made.frames[0, 0], clip.frames[0, 0])
    with pytest.raises(SettingError, match="num_frames=5"):
        swift.animate(clip.frames[0, 0], PROMPT, 1)


def test_the_second_clip_is_fitted_to_the_first(swift: TextToVideoPipeline) -> None:
    quick = swift(PROMPT, fps=16, num_frames=17, height=80, width=80, seed=0)
    with pytest.warns(FittedVideoWarning) as said:
        both = swift.connect(FRAMES, quick, PROMPT, seed=0)
    assert both.frames.shape == (1, 17 + 8 + 9, 64, 64, 3)
    assert ["16 to 8" in f"{warning.message}" for warning in said] == [True, False]
    assert "80×80 to 64×64" in str(said[1].message)


@pytest.mark.parametrize("frames", [1, 3])
def test_ends_that_are_too_short(tiny_pipe: TextToVideoPipeline, frames: int) -> None:
    with pytest.raises(ShapeError, match=f"second video has {frames} frames, but at least 4"):
        tiny_pipe.connect(FRAMES, FRAMES[:frames], PROMPT)
    with pytest.raises(ShapeError, match=f"The video has {frames} frames, but at least 4"):
        tiny_pipe.loop(PROMPT, FRAMES[:frames])


@pytest.mark.parametrize("board", [None, 5, [], "a red star", ["a", "b"], [(0.0, "a"), (NAN, "b")], [(0.0, "")]])
def test_what_is_no_storyboard(tiny_pipe: TextToVideoPipeline, board: Any) -> None:
    with pytest.raises(PromptError):
        tiny_pipe.storyboard(board)


def test_a_storyboard_without_end_is_refused(tiny_pipe: TextToVideoPipeline) -> None:
    with pytest.raises(SettingError, match="or fewer"):
        tiny_pipe.storyboard([(0.0, "a red star"), (1e6, "a blue ring")])
    with pytest.raises(PromptError, match="num_frames=29"):
        tiny_pipe.storyboard([(0.0, "a red star"), (3.0, "a blue ring")], num_frames=17)


@pytest.mark.parametrize("size", [(720, 1280), (16, 16), (33, 65)])
def test_any_size_becomes_one_that_the_network_knows(swift: TextToVideoPipeline, size: tuple[int, int]) -> None:
    with pytest.warns(FittedVideoWarning, match="near the network's own 64×64"):
        longer = swift.extend(np.zeros((2, *size, 3), np.uint8), 0.5, PROMPT, seed=0)
    assert longer.frames.shape[1] == 6
    assert 32 * 64 <= longer.frames[0, 0, ..., 0].numel() <= 64 * 64
