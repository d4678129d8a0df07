"""Every verb on a checkpoint of the stage: its layouts are wider, and its words are others."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from minisora.pipeline import Clips, Condition, TextToVideoPipeline
from minisora.world import STAGE

PROMPT = "a red car driving right through a city at night in the rain"
OTHER = "a large blue fish swimming left under water"


@pytest.fixture(scope="module")
def clip(tiny_stage: TextToVideoPipeline) -> Clips:
    """A clip to go on from."""
    return tiny_stage(PROMPT, seed=0)


def test_a_checkpoint_knows_its_world(tiny_stage: TextToVideoPipeline, clip: Clips) -> None:
    assert tiny_stage.world is STAGE
    assert clip.frames.shape == (1, 17, 64, 64, 3)
    asked = {verdict.attribute: verdict.wanted for verdict in clip.grades[0].verdicts}
    assert asked["background"] == "city"
    assert (asked["light"], asked["weather"]) == ("night", "rain")


@pytest.mark.parametrize(
    "verb",
    [
        lambda pipe, clip: pipe.extend(clip, 1.0, seed=1),
        lambda pipe, clip: pipe.extend(clip, 1.0, direction="backward", seed=1),
        lambda pipe, clip: pipe.animate(clip.frames[0, 0], PROMPT, seed=1),
        lambda pipe, clip: pipe.connect(clip, pipe(OTHER, seed=2), seed=1),
        lambda pipe, clip: pipe.loop("a purple balloon floating still over a meadow", seed=1),
        lambda pipe, clip: pipe.edit(clip, PROMPT.replace("red", "green"), seed=1),
        lambda pipe, clip: pipe.inpaint(clip, np.ones((64, 64), bool), PROMPT, seed=1),
        lambda pipe, clip: pipe.storyboard([(0.0, PROMPT), (2.0, PROMPT.replace("right", "left"))], seed=1),
        lambda pipe, clip: pipe.vary(clip, 1, change={"background": "forest"}),
        lambda pipe, clip: pipe(PROMPT, num_frames=1, seed=1),
        lambda pipe, clip: pipe(PROMPT, height=48, width=80, seed=1),
        lambda pipe, clip: pipe(PROMPT, conditions=[Condition(clip.frames[0, :1])], seed=1),
    ],
)
def test_every_verb_makes_a_clip(
    tiny_stage: TextToVideoPipeline, clip: Clips, verb: Callable[[TextToVideoPipeline, Clips], Clips]
) -> None:
    made = verb(tiny_stage, clip)
    assert made.frames.dtype == torch.uint8
    assert made.frames.shape[0] == 1


def test_a_change_of_place_is_a_change_of_words(tiny_stage: TextToVideoPipeline, clip: Clips) -> None:
    (made,) = tiny_stage.vary(clip, 1, change={"background": "forest"}).prompts
    request = STAGE.parse(made)
    assert (request.background, request.light, request.weather) == ("forest", "night", "rain")


def test_prompts_are_expanded_in_the_words_of_the_stage(tiny_stage: TextToVideoPipeline) -> None:
    made = tiny_stage("a cat", seed=0, expand_prompt=True)
    request = STAGE.parse(made.segments[0].texts[0])
    assert request.actors[0].shape == "cat"
    assert request.actors[0].motion is not None
    assert request.background is not None
    assert not request.unknown
