"""The call: shapes, seeds, batches, conditions, long clips, steps."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from minisora.errors import MinisoraError, PromptError, SettingError, WeightsError
from minisora.models.storage import Parts
from minisora.pipeline import Condition, TextToVideoPipeline, UnknownWordsWarning
from minisora.pipeline.devices import choose_device, choose_dtype

PROMPTS = ["a small red circle moving right", "a large blue star bouncing", "a green ring on a black background"]


def distance(one: torch.Tensor, other: torch.Tensor) -> int:
    return int((one.int() - other.int()).abs().max())


@pytest.fixture
def video() -> torch.Tensor:
    """17 frames of noise."""
    return torch.randint(256, (17, 64, 64, 3), generator=torch.Generator().manual_seed(5)).to(torch.uint8)


def test_the_call_of_the_issue(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe(PROMPTS, generator=torch.Generator().manual_seed(0))
    assert clips.frames.dtype == torch.uint8
    assert clips.frames.shape == (3, 17, 64, 64, 3)
    assert len(clips.grades) == len(clips.seeds) == len(clips) == 3
    assert clips.seeds == tuple(torch.randint(2**31, (3,), generator=torch.Generator().manual_seed(0)).tolist())
    assert not clips.frames.is_inference()


def test_the_same_call_gives_the_same_bytes(tiny_pipe: TextToVideoPipeline) -> None:
    assert torch.equal(tiny_pipe(PROMPTS, seed=3).frames, tiny_pipe(PROMPTS, seed=3).frames)


def test_a_clip_of_a_batch_is_the_clip_that_its_seed_gives_alone(tiny_pipe: TextToVideoPipeline) -> None:
    batch = tiny_pipe(PROMPTS, seed=[11, 4, 90], negative_prompt=["", "a star", "a cross"])
    for index, (seed, negative) in enumerate([(11, ""), (4, "a star"), (90, "a cross")]):
        alone = tiny_pipe(PROMPTS[index], seed=seed, negative_prompt=negative)
        assert distance(alone.frames[0], batch.frames[index]) <= 2
    assert tiny_pipe(PROMPTS, seed=7).seeds == (7, 8, 9)


def test_no_words_are_the_same_whoever_stands_beside_them(tiny_pipe: TextToVideoPipeline) -> None:
    alone, beside = tiny_pipe.states([""]), tiny_pipe.states(["", *PROMPTS])
    torch.testing.assert_close(alone.states[0], beside.states[0])
    torch.testing.assert_close(alone.pooled[0], beside.pooled[0])


def test_words_seed_and_guidance_each_matter(tiny_pipe: TextToVideoPipeline) -> None:
    base = tiny_pipe(PROMPTS[0], seed=0).frames
    for other in (
        tiny_pipe(PROMPTS[1], seed=0),
        tiny_pipe(PROMPTS[0], seed=1),
        tiny_pipe(PROMPTS[0], seed=0, guidance_scale=6.0),
        tiny_pipe(PROMPTS[0], seed=0, negative_prompt=PROMPTS[1]),
        tiny_pipe(PROMPTS[0], seed=0, num_inference_steps=5),
    ):
        assert distance(base, other.frames) > 0


@pytest.mark.parametrize(("num_frames", "height", "width"), [(1, 64, 64), (5, 32, 48), (17, 48, 80), (9, 16, 16)])
def test_shapes(tiny_pipe: TextToVideoPipeline, num_frames: int, height: int, width: int) -> None:
    clips = tiny_pipe("a star", num_frames=num_frames, height=height, width=width, seed=0)
    assert clips.frames.shape == (1, num_frames, height, width, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""},
        {"prompt": []},
        {"prompt": "red " * 300},
        {"num_frames": 18},
        {"width": 65},
        {"num_inference_steps": 0},
        {"guidance_scale": float("nan")},
        {"seed": [1, 2]},
        {"seed": -1},
        {"negative_prompt": ["a", "b"]},
        {"negative_prompt": 5},
        {"negative_prompt": [None]},
        {"negative_prompt": "red " * 300},
        {"prompt": None},
        {"prompt": 5},
        {"seed": 1.5},
        {"seed": [0.5]},
        {"seed": "a"},
        {"seed": 10**30},
        {"generator": 5},
        {"layout": 5},
        {"num_frames": 10**12 + 1},
        {"prompt": ["a star"] * 50_000},
        {"conditions": 5},
    ],
)
def test_illegal_calls(tiny_pipe: TextToVideoPipeline, wrong: dict[str, Any]) -> None:
    with pytest.raises(MinisoraError):
        tiny_pipe(**{"prompt": "a star", **wrong})


def test_unknown_words_are_said_and_the_rest_is_made(tiny_pipe: TextToVideoPipeline) -> None:
    with pytest.warns(UnknownWordsWarning, match="'zorp'"):
        clips = tiny_pipe(["a red zorp", "a star"], seed=0)
    assert len(clips.unknown[0]) == 1
    assert clips.unknown[1] == ()


def test_expanding_is_recorded_and_reads_other_words(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe("a star", seed=0, expand_prompt=True)
    assert clips.prompts == ("a star",)
    assert len(clips.segments[0].texts[0]) > len("a star")
    assert clips.record["expand_prompt"]


# --- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [0, -1])
def test_given_frames_are_kept_exactly(tiny_pipe: TextToVideoPipeline, video: torch.Tensor, index: int) -> None:
    clips = tiny_pipe("a star", seed=0, conditions=[Condition(video[0], index)])
    kept = clips.frames[0, :1] if index == 0 else clips.frames[0, -4:]
    assert torch.equal(kept, video[:1].expand_as(kept))
    free = tiny_pipe("a star", seed=0).frames[0]
    assert distance(clips.frames[0, 5:9], free[5:9]) > 0


def test_given_frames_are_clean_at_every_step(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    sampling = tiny_pipe.stream("a star", seed=0, conditions=[Condition(video[:5])])
    wanted = tiny_pipe.encode(video[None, :5])
    for step in sampling:
        assert step.time[0, :2].tolist() == [0, 0]
        torch.testing.assert_close(step.noisy[:, :2], wanted)


def test_each_clip_of_a_batch_has_its_own_condition(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    both = torch.stack([video[:1], video[1:2]])
    clips = tiny_pipe(PROMPTS[:2], seed=0, conditions=[Condition(both)])
    assert torch.equal(clips.frames[:, :1], both)
    alone = tiny_pipe(PROMPTS[1], seed=1, conditions=[Condition(video[1])])
    assert distance(alone.frames[0], clips.frames[1]) <= 2


def test_strength_0_changes_nothing_and_lies_between(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    free = tiny_pipe("a star", seed=0).frames
    assert torch.equal(free, tiny_pipe("a star", seed=0, conditions=[Condition(video, strength=0.0)]).frames)
    steps = [
        tiny_pipe.stream("a star", seed=0, num_inference_steps=12, conditions=[Condition(video, strength=s)]).total
        for s in (0.0, 0.5, 0.9)
    ]
    assert steps[0] == 12 > steps[1] > steps[2] >= 1


def test_known_places_follow_the_straight_line_to_what_is_known(
    tiny_pipe: TextToVideoPipeline, video: torch.Tensor
) -> None:
    mask = np.zeros((64, 64), bool)
    mask[:, :32] = True
    sampling = tiny_pipe.stream("a star", seed=0, conditions=[Condition(video, mask=mask)])
    wanted = tiny_pipe.encode(video[None])[..., :8, :]
    noise = torch.randn(5, 16, 16, 2, generator=torch.Generator().manual_seed(0))[..., :8, :]
    for step in sampling:
        time = float(step.time.max())
        torch.testing.assert_close(step.noisy[..., :8, :], (1 - time) * wanted + time * noise[None])
    result = sampling.result().frames[0]
    assert torch.equal(result[:, :, :32], video[:, :, :32])
    assert distance(result[:, :, 32:], video[:, :, 32:]) > 0


def test_conditions_on_everything_are_refused(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    with pytest.raises(SettingError, match="nothing is left"):
        tiny_pipe("a star", conditions=[Condition(video)])


# --- the loop ---------------------------------------------------------------------------------------------------------


def test_the_loop_knows_its_length_and_can_be_left(tiny_pipe: TextToVideoPipeline) -> None:
    sampling = tiny_pipe.stream("a star", seed=0, num_inference_steps=4)
    assert len(sampling) == 4
    first = next(islice(sampling, 1))
    assert first.index == 0
    assert sampling.preview(first).shape == (1, 17, 64, 64, 3)
    assert torch.equal(sampling.result().frames, tiny_pipe("a star", seed=0, num_inference_steps=4).frames)
    assert not torch.is_inference_mode_enabled()


def test_the_callback_sees_each_step_and_can_stop(tiny_pipe: TextToVideoPipeline) -> None:
    seen: list[tuple[int, float]] = []

    def look(pipe: TextToVideoPipeline, index: int, time: float, tensors: dict[str, torch.Tensor]) -> None:
        assert tensors.keys() == {"latents", "clean"}
        seen.append((index, time))
        if index == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_pipe("a star", seed=0, num_inference_steps=4, callback_on_step_end=look)
    assert [index for index, _ in seen] == [0, 1]
    assert seen[0][1] > seen[1][1] > 0


def test_a_long_clip_is_made_window_after_window(tiny_pipe: TextToVideoPipeline) -> None:
    sampling = tiny_pipe.stream(PROMPTS[:2], seed=0, num_frames=41)
    spans = [(window.first, window.stop, window.have, window.end) for window in sampling.windows]
    assert spans == [(0, 17, 0, 17), (8, 25, 17, 25), (16, 33, 25, 33), (24, 41, 33, 41)]
    indices = [step.index for step in sampling]
    assert indices == list(range(len(sampling)))
    long = sampling.result()
    assert long.frames.shape == (2, 41, 64, 64, 3)
    assert torch.equal(long.frames[:, :17], tiny_pipe(PROMPTS[:2], seed=0).frames)
    assert distance(long.frames[1:], tiny_pipe(PROMPTS[1], seed=1, num_frames=41).frames) <= 2


def test_a_condition_counts_in_whichever_window_it_lies(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    clips = tiny_pipe("a star", seed=0, num_frames=33, conditions=[Condition(video[:4], 29)])
    assert torch.equal(clips.frames[0, 29:], video[:4])


def test_given_frames_may_be_more_than_a_window_looks_back(tiny_pipe: TextToVideoPipeline, video: torch.Tensor) -> None:
    clips = tiny_pipe("a star", seed=0, num_frames=33, conditions=[Condition(video)])
    assert torch.equal(clips.frames[0, :17], video)
    assert clips.layout is not None
    assert (clips.layout[0, 8:] != 0).any(dim=(1, 2)).all()  # the first window begins at frame 8


def test_a_storyboard_changes_its_words(tiny_pipe: TextToVideoPipeline) -> None:
    board = [(0.0, PROMPTS[0]), (1.0, PROMPTS[1])]
    clips = tiny_pipe(board, seed=0, num_frames=17)
    assert [segment.stop for segment in clips.segments] == [9, 17]
    assert clips.prompts == (f"{PROMPTS[0]} | {PROMPTS[1]}",)
    assert len(clips.grades) == 2
    plain = tiny_pipe(PROMPTS[0], seed=0)
    assert torch.equal(clips.frames[:, :9], plain.frames[:, :9])
    assert distance(clips.frames[:, 9:], plain.frames[:, 9:]) > 0


# --- parts ------------------------------------------------------------------------------------------------------------


def test_a_denoiser_of_your_own(tiny_checkpoint: Any) -> None:
    class Grey(torch.nn.Module):
        def forward(self, noisy: torch.Tensor, time: torch.Tensor, text: Any, fps: torch.Tensor) -> torch.Tensor:
            return torch.zeros_like(noisy)

    pipe = TextToVideoPipeline.from_pretrained(tiny_checkpoint, denoiser=Grey())
    clips = pipe(PROMPTS[:2], seed=0)
    assert torch.equal(clips.frames[0], clips.frames[1])


def test_a_saved_pipeline_draws_the_same(tiny_pipe: TextToVideoPipeline, tmp_path: Any) -> None:
    card = (
        "## Data\nRandom weights, no data.\n## Scores\n0 of 64 words.\n## Limits\nIt knows nothing.\n## Licence\nMIT\n"
    )
    tiny_pipe.save_pretrained(tmp_path / "mine", card=card)
    again = TextToVideoPipeline.from_pretrained(tmp_path / "mine", device="cpu", dtype="float32")
    assert torch.equal(again("a star", seed=0).frames, tiny_pipe("a star", seed=0).frames)


def test_a_world_that_is_not_known(tiny_pipe: TextToVideoPipeline) -> None:
    parts = tiny_pipe.parts
    strange = Parts(parts.autoencoder, parts.text_encoder, parts.denoiser, {"world": "oceans"})
    with pytest.raises(WeightsError, match="oceans"):
        TextToVideoPipeline(strange)


def test_devices_and_types() -> None:
    assert choose_device("cpu").type == "cpu"
    assert choose_dtype("bfloat16", torch.device("cpu")) is torch.bfloat16
    assert choose_dtype(torch.float32, torch.device("cpu")) is torch.float32
    with pytest.raises(SettingError, match="device="):
        choose_device("quantum")
    with pytest.raises(SettingError, match="'bfloat16'"):
        choose_dtype("bfloat", torch.device("cpu"))


def test_bfloat16_is_near_float32(tiny_checkpoint: Any, tiny_pipe: TextToVideoPipeline) -> None:
    rough = TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="bfloat16")
    one, other = rough("a star", seed=0).frames.float(), tiny_pipe("a star", seed=0).frames.float()
    assert (one - other).abs().mean() < 4


def test_a_prompt_of_punctuation_is_refused(tiny_pipe: TextToVideoPipeline) -> None:
    with pytest.raises(PromptError):
        tiny_pipe("...")


def test_what_a_pipeline_recommends_can_be_changed(tiny_checkpoint: Path) -> None:
    pipe = TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="float32")
    pipe.recommend(num_inference_steps=3, guidance_scale=None)
    assert pipe.settings().num_inference_steps == 3
    assert pipe.settings(num_inference_steps=5).num_inference_steps == 5
    with pytest.raises(SettingError, match="num_inference_steps=1"):
        pipe.recommend(num_inference_steps=0)
    with pytest.raises(SettingError, match="Use 'num_inference_steps'"):
        pipe.recommend(num_inference_stepz=4)
    assert pipe.settings().num_inference_steps == 3


def test_other_settings_for_one_call_leave_the_pipeline_as_it_is(tiny_pipe: TextToVideoPipeline) -> None:
    own = tiny_pipe.settings()
    clip = tiny_pipe("a red star", num_frames=9, seed=0)
    longer = tiny_pipe.with_settings(num_inference_steps=5).extend(clip, seconds=0.5, seed=0)
    assert longer.settings.num_inference_steps == 5
    assert tiny_pipe.settings() == own
    assert tiny_pipe.with_settings().autoencoder is tiny_pipe.autoencoder
    with pytest.raises(SettingError, match="num_inference_steps=1"):
        tiny_pipe.with_settings(num_inference_steps=0)
