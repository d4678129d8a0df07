"""The scene builder without a browser."""

from typing import Any

import numpy as np
import pytest
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import SceneBuilder
from minisora.world.staging import Part

STAR = Part("star", "red", "large", "moving up", "plain", (0.0, 0.25))


@pytest.fixture
def builder(tiny_pipe: TextToVideoPipeline) -> SceneBuilder:
    made = SceneBuilder(tiny_pipe, seed=3)
    made.set_scene("navy", [STAR])
    assert made.wait(60)
    return made


def say(builder: SceneBuilder, what: str, **more: Any) -> None:
    builder._heard(builder, {"do": what, "form": builder.form, **more}, [])
    assert builder.wait(60)


def test_a_scene_has_a_sentence_and_a_true_video(builder: SceneBuilder, tiny_pipe: TextToVideoPipeline) -> None:
    staged = builder.staged
    assert torch.equal(staged.frames, tiny_pipe.world.render(staged.scene))
    assert staged.grade.every_word_right
    assert builder.true["verdict"] == "Every word right"
    assert "star" in builder.true["caption"]
    assert builder.true["tracks"][0]["path"][0] == [0.0, 0.25]


def test_dragging_moves_the_beginning(builder: SceneBuilder) -> None:
    say(builder, "move", actor=0, x=-0.2, y=9.0)
    assert builder.staged.scene.actors[0].start == (-0.2, 0.5)
    say(builder, "move", actor=0, x=float("nan"), y=0)
    assert "Nobody can be put" in builder.status
    say(builder, "move", actor=4, x=0, y=0)
    assert builder.trouble


def test_chips_change_add_and_say_it_otherwise(builder: SceneBuilder) -> None:
    say(builder, "chip", axis="colour", name="green", actor=0)
    say(builder, "chip", axis="background", name="grey", actor=0)
    say(builder, "chip", axis="speed", name="quickly", actor=0)
    actor = builder.staged.scene.actors[0]
    assert (actor.colour, builder.staged.scene.background, actor.speed) == ("green", "grey", "quickly")
    say(builder, "chip", axis="speed", name="quickly", actor=0)
    assert builder.staged.scene.actors[0].speed == "plain"
    say(builder, "chip", axis="shape", name="ring", actor=1)
    shapes = [(actor.shape, actor.colour) for actor in builder.staged.scene.actors]
    assert shapes[1][0] == "ring"
    assert shapes[1][1] != "green"
    before = builder.staged
    say(builder, "reword")
    assert builder.staged.scene == before.scene
    assert builder.staged.caption.text != before.caption.text
    say(builder, "remove", actor=0)
    assert [actor.shape for actor in builder.staged.scene.actors] == ["ring"]


def test_the_model_is_graded_against_the_scene(builder: SceneBuilder, tiny_pipe: TextToVideoPipeline) -> None:
    say(builder, "generate")
    caption = builder.staged.caption
    clips = tiny_pipe(caption.text, seed=3)
    assert torch.equal(builder.clips.frames, clips.frames)
    assert builder.grade.verdicts == tiny_pipe.world.grade(clips.frames[0], caption.request).verdicts
    assert builder.drawn["caption"] == caption.text
    assert not builder.drawn["live"]
    assert builder.drawn["rows"]


@pytest.mark.parametrize(
    ("what", "more", "words"),
    [("chip", {"axis": "colour", "name": "<b>", "actor": 0}, "not in this world"),
     ("chip", {"axis": "<b>", "name": "red", "actor": 0}, "nothing that can be built"),
     ("remove", {"actor": 0}, "1 to 3"), ("chip", {"axis": "background", "name": "pink", "actor": 0}, "background=")],
)  # fmt: skip
def test_what_makes_no_scene_leaves_it_as_it_was(builder: SceneBuilder, what: str, more: dict, words: str) -> None:
    before = builder.staged
    say(builder, what, **more)
    assert words in builder.status
    assert builder.trouble
    assert builder.staged.scene == before.scene


def test_a_wrong_seed_is_a_sentence(builder: SceneBuilder) -> None:
    builder._heard(builder, {"do": "generate", "form": {"seed": ""}}, [])
    assert "no whole number" in builder.status


def test_a_page_without_a_kernel_shows_both(tiny_pipe: TextToVideoPipeline) -> None:
    builder = SceneBuilder(tiny_pipe, seed=1)
    data, _ = builder._repr_mimebundle_()
    assert data["image/png"]
    assert "True video: " in data["text/plain"]
    assert np.isfinite(builder.true["tracks"][0]["radius"])
    builder.close()
    assert builder.clips is None
