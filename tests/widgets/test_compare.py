"""The comparison without a browser."""

import pytest
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import Compare


@pytest.fixture
def compare(tiny_pipe: TextToVideoPipeline) -> Compare:
    return Compare(tiny_pipe, "a red star", "a blue star", seed=3)


def test_two_sentences_and_their_difference(compare: Compare, tiny_pipe: TextToVideoPipeline) -> None:
    compare._heard(compare, {"do": "generate", "form": compare.form}, [])
    assert compare.wait(60)
    assert [clips.seeds for clips in compare.clips] == [(3,), (3,)]
    assert torch.equal(compare.clips[1].frames, tiny_pipe("a blue star", seed=3).frames)
    assert [[word.strip() for word, changed in cell["words"] if changed] for cell in compare.cells] == [
        ["red"],
        ["blue"],
    ]
    assert compare.apart["sheet"]["frames"] == compare.clips[0].frames.shape[1]
    assert "apart on average" in compare.status


def test_a_sweep_is_a_grid(compare: Compare) -> None:
    assert compare.sweep("seed", [0, 1, 2])
    assert compare.wait(60)
    assert [clips.seeds[0] for clips in compare.clips] == [0, 1, 2]
    assert [cell["words"] for cell in compare.cells] == [[[f"seed {k}", False]] for k in range(3)]
    assert all(cell["picture"] and cell["verdict"] for cell in compare.cells)
    assert compare.apart == {}


@pytest.mark.parametrize(
    ("form", "words"),
    [({"other": " "}, "empty"), ({"seed": ""}, "no whole number"), ({"mode": "steps", "values": "one"}, "no number"),
     ({"one": "x" * 10_000}, "Shorten")],
)  # fmt: skip
def test_mistakes_are_sentences(compare: Compare, form: dict, words: str) -> None:
    compare._heard(compare, {"do": "generate", "form": {**compare.form, **form}}, [])
    assert compare.wait(60)
    assert words in compare.status
    assert compare.trouble
    assert not compare.running


def test_a_page_without_a_kernel_shows_both(compare: Compare) -> None:
    data, _ = compare._repr_mimebundle_()
    assert data["image/png"]
    assert "a red star | a blue star" in data["text/plain"]
    compare.close()
    assert compare.clips == []
