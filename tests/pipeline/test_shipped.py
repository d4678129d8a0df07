"""What holds for the checkpoint that ships, on every machine."""

import pytest
import torch

from minisora.models.storage import SHIPPED
from minisora.pipeline import TextToVideoPipeline

PROMPTS = ["a small red circle moving right", "a large blue star bouncing", "a green ring moving up"]

pytestmark = pytest.mark.skipif(
    not (SHIPPED / "nano" / "denoiser.safetensors").is_file(), reason="no trained weights are here: make train"
)


@pytest.fixture(scope="module")
def nano() -> TextToVideoPipeline:
    """The shipped model, on the processor."""
    return TextToVideoPipeline.from_pretrained("nano", device="cpu")


@pytest.mark.parametrize(("name", "most"), [("nano", 25e6), ("mini", 60e6)])
def test_it_is_small(name: str, most: float) -> None:
    assert 0 < sum(file.stat().st_size for file in (SHIPPED / name).iterdir()) <= most


@pytest.mark.slow
def test_mini_makes_a_larger_and_longer_clip() -> None:
    """It is nano with four blocks more, and knows its own size and length."""
    clip = TextToVideoPipeline.from_pretrained("mini", device="cpu")("a large red circle moving right slowly", seed=0)
    assert clip.frames.shape == (1, 33, 128, 128, 3)
    assert clip.grades[0].share_right > 0.8


def test_a_seed_gives_the_same_clip_alone_and_in_a_batch(nano: TextToVideoPipeline) -> None:
    batch = nano(PROMPTS, seed=0)
    assert torch.equal(batch.frames, nano(PROMPTS, seed=0).frames)
    for index, prompt in enumerate(PROMPTS):
        alone = nano(prompt, seed=index)
        assert (alone.frames[0].int() - batch.frames[index].int()).abs().max() <= 2


@pytest.mark.slow
def test_most_words_of_simple_prompts_come_out_right(nano: TextToVideoPipeline) -> None:
    prompts = [
        f"a large {colour} {shape} moving {way} on a black background"
        for colour, shape, way in [
            ("red", "circle", "right"),
            ("blue", "square", "left"),
            ("green", "ring", "up"),
            ("yellow", "circle", "down"),
            ("cyan", "square", "right"),
            ("white", "ring", "left"),
        ]
    ]
    clips = nano(prompts, seed=0)
    assert sum(grade.share_right for grade in clips.grades) / len(clips) > 0.8


@pytest.mark.gpu
def test_cuda_draws_what_the_processor_draws(nano: TextToVideoPipeline) -> None:
    there = TextToVideoPipeline.from_pretrained("nano", device="cuda", dtype="float32")
    one, other = there(PROMPTS, seed=0), nano(PROMPTS, seed=0)
    assert (one.frames.int() - other.frames.int()).abs().float().mean() < 2


@pytest.mark.gpu
def test_cuda_reads_a_given_clip_as_the_processor_does(nano: TextToVideoPipeline) -> None:
    """Reading and settling a layout, and a window that goes on from another, run where the networks are."""
    there = TextToVideoPipeline.from_pretrained("nano", device="cuda", dtype="float32")
    clip = nano(PROMPTS[0], seed=0)
    one, other = (pipe.extend(clip, seconds=1.0, seed=0) for pipe in (there, nano))
    assert (one.frames.int() - other.frames.int()).abs().float().mean() < 2
