"""The attention viewer without a browser."""

from typing import Any

import numpy as np
import pytest
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import AttentionViewer


@pytest.fixture
def viewer(tiny_pipe: TextToVideoPipeline) -> AttentionViewer:
    return AttentionViewer(tiny_pipe, "a red star", seed=3)


@pytest.fixture
def made(viewer: AttentionViewer) -> AttentionViewer:
    assert viewer.generate()
    assert viewer.wait(60)
    return viewer


def look(viewer: AttentionViewer, **chosen: Any) -> None:
    viewer._heard(viewer, {"do": "look", "form": viewer.form, "chosen": chosen}, [])
    assert viewer.wait(60)


def test_a_click_shows_where_a_place_looks(made: AttentionViewer, tiny_pipe: TextToVideoPipeline) -> None:
    assert torch.equal(made.clips.frames, tiny_pipe("a red star", seed=3).frames)
    assert made.about["words"] == ["a", "red", "star"]
    assert made.chosen["kind"] == "place"
    look(made, frame=1, row=2, column=3, layer=1, head=0)
    expected = made.looks.from_place(1, 2, 3, 1, 0)
    assert np.allclose(made.look["places"], expected.places, atol=1e-5)
    assert np.allclose(made.look["words"], expected.words, atol=1e-5)
    assert made.look["line"].startswith("Row 3, column 4 of frames 2 to 5 looks:")
    assert np.array(made.look["heads"]).shape == (2, 2, 4)


def test_a_word_shows_who_looks_at_it(made: AttentionViewer) -> None:
    look(made, kind="word", word=1)
    assert np.allclose(made.look["places"], made.looks.from_word(1), atol=1e-5)
    assert "“red” gets" in made.look["line"]
    assert np.array(made.look["heads"]).shape == (2, 2, 1)


def test_another_step_is_looked_up(made: AttentionViewer) -> None:
    before = made.look
    look(made, step=0)
    assert made.look["step"] == 0
    assert made.look["places"] != before["places"]
    look(made, step=before["step"])
    assert made.look == before


@pytest.mark.parametrize(
    ("chosen", "words"),
    [({"row": 99}, "row=99"), ({"layer": 2}, "layer=2"), ({"layer": -2}, "layer=-2"), ({"kind": "<b>"}, "kind"),
     ({"colour": 1}, "can be chosen"), ({"step": "x"}, "step='x'")],
)  # fmt: skip
def test_what_is_not_there_is_a_sentence(made: AttentionViewer, chosen: dict, words: str) -> None:
    before = made.chosen
    look(made, **chosen)
    assert words in made.status
    assert made.trouble
    assert made.chosen == before


@pytest.mark.parametrize(("form", "words"), [({"seed": ""}, "no whole number"), ({"prompt": ""}, "empty")])
def test_mistakes_are_sentences(viewer: AttentionViewer, form: dict, words: str) -> None:
    viewer._heard(viewer, {"do": "generate", "form": {**viewer.form, **form}}, [])
    assert viewer.wait(60)
    assert words in viewer.status
    assert viewer.trouble
    look(viewer, row=0)
    assert "no clip" in viewer.status


def test_a_page_without_a_kernel_shows_the_look(viewer: AttentionViewer) -> None:
    data, _ = viewer._repr_mimebundle_()
    assert data["image/png"]
    assert "a red star, step 2. Row" in data["text/plain"]
    viewer.close()
    assert viewer.looks is None
