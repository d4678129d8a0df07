"""The latent explorer without a browser."""

from typing import Any

import pytest
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.pipeline.exploring import mix, push
from minisora.widgets import LatentExplorer
from minisora.widgets.explorer import DRAWING, SENTENCE
from minisora.widgets.latent_pictures import INKS


@pytest.fixture
def explorer(tiny_pipe: TextToVideoPipeline) -> LatentExplorer:
    return LatentExplorer(tiny_pipe, seed=3)


@pytest.fixture
def loaded(explorer: LatentExplorer) -> LatentExplorer:
    assert explorer.generate()
    assert explorer.wait(60)
    return explorer


def explore(explorer: LatentExplorer, **fields: Any) -> None:
    explorer._heard(explorer, {"do": "explore", "form": {**explorer.form, **fields}}, [])
    assert explorer.wait(60)


def test_two_scenes_are_loaded_and_decoded(loaded: LatentExplorer, tiny_pipe: TextToVideoPipeline) -> None:
    a, b = loaded._loaded["a"], loaded._loaded["b"]
    assert not torch.equal(a.frames, b.frames)
    assert torch.equal(a.latents, tiny_pipe.encode(a.frames[None])[0])
    assert torch.equal(loaded.explored.frames, tiny_pipe.decode(a.latents[None])[0])
    assert len(loaded.result["channels"]) == 2
    assert [station["name"] for station in loaded.result["patch"]["stations"]] == [
        "pixels", "latent", "token", "latent again", "pixels again",
    ]  # fmt: skip


def test_a_push_and_a_mix_are_those_of_the_package(loaded: LatentExplorer, tiny_pipe: TextToVideoPipeline) -> None:
    explore(loaded, mix=0.25, channel=1, push=2.0, only=True, row=1, column=2)
    a, b = (loaded._loaded[slot].latents for slot in "ab")
    expected = push(mix(a, b, 0.25), 1, 2.0, (1, 2))
    assert torch.equal(loaded.explored.latents, expected)
    assert torch.equal(loaded.explored.frames, tiny_pipe.decode(expected[None])[0])
    assert "75% of clip A" in loaded.result["line"]
    assert "channel 2 pushed by +2.0 in the chosen patch" in loaded.result["line"]


def test_a_drawing_and_a_sentence_can_be_loaded(loaded: LatentExplorer, tiny_pipe: TextToVideoPipeline) -> None:
    kept = loaded._loaded["b"]
    drawing = INKS[2] * (64 * 64)
    loaded.form = {**loaded.form, "a": {**loaded.form["a"], "kind": DRAWING, "drawing": drawing}}
    assert loaded.generate()
    assert loaded.wait(60)
    assert loaded._loaded["a"].frames.flatten(0, 2).unique(dim=0).shape == (1, 3)
    assert loaded._loaded["b"] is kept
    loaded.form = {**loaded.form, "b": {**loaded.form["b"], "kind": SENTENCE, "text": "a red star", "seed": 5}}
    assert loaded.generate()
    assert loaded.wait(60)
    assert torch.equal(loaded._loaded["b"].frames, tiny_pipe("a red star", seed=5).frames[0])
    assert loaded.clips_shown["b"]["label"] == "a red star"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"channel": 9}, "channel=9"), ({"mix": 2}, "mix=2"), ({"push": 99}, "push=99"), ({"row": "x"}, "row='x'"),
     ({"frame": -1}, "frame=-1"), ({"mix": float("nan")}, "mix=nan")],
)  # fmt: skip
def test_what_is_not_there_is_a_sentence(loaded: LatentExplorer, fields: dict, words: str) -> None:
    before = loaded.explored
    explore(loaded, **fields)
    assert words in loaded.status
    assert loaded.trouble
    assert loaded.explored is before


@pytest.mark.parametrize(
    ("source", "words"),
    [({"seed": ""}, "no whole number"), ({"kind": "<b>"}, "nothing to load"), ({"kind": SENTENCE, "text": ""}, "empty"),
     ({"kind": DRAWING, "drawing": "<script>"}, "draw again")],
)  # fmt: skip
def test_mistakes_are_sentences(explorer: LatentExplorer, source: dict, words: str) -> None:
    form = {**explorer.form, "a": {**explorer.form["a"], **source}}
    explorer._heard(explorer, {"do": "generate", "form": form}, [])
    assert explorer.wait(60)
    assert words in explorer.status
    assert explorer.trouble


def test_a_page_without_a_kernel_shows_what_is_decoded(explorer: LatentExplorer) -> None:
    data, _ = explorer._repr_mimebundle_()
    assert data["image/png"]
    assert "100% of clip A" in data["text/plain"]
    explorer.close()
    assert explorer.explored is None
