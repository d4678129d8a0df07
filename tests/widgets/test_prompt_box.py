"""The form: a worker that can be stopped, errors as sentences, one model used by one worker at a time."""

import threading

import pytest

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import PromptBox


@pytest.fixture
def box(tiny_pipe: TextToVideoPipeline) -> PromptBox:
    """A form on random weights."""
    return PromptBox(tiny_pipe, prompt="a red star", seed=3)


def test_generate(box: PromptBox) -> None:
    box.button.click()
    box.wait(60)
    assert not box.running
    assert box.clips is not None
    assert box.clips.seeds == (3,)
    assert "<video" in box.video.value
    assert "star" in box.grade.value
    assert box.button.description == "Generate"
    assert box.progress.value == box.progress.max == 3


def test_stop(box: PromptBox, monkeypatch: pytest.MonkeyPatch, tiny_pipe: TextToVideoPipeline) -> None:
    reached = threading.Event()
    network = tiny_pipe.network

    def slow(*inputs: object, **named: object) -> object:
        reached.set()
        box._stop.wait(30)
        return network(*inputs, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(tiny_pipe, "network", slow)
    box.start()
    assert reached.wait(30)
    assert box.button.description == "Stop"
    box.button.click()
    box.wait(60)
    assert box.status.value.startswith("Stopped")
    assert box.clips is None
    assert box.button.description == "Generate"


@pytest.mark.parametrize(("prompt", "words"), [("", "empty"), ("red " * 300, "Shorten")])
def test_mistakes_are_sentences(box: PromptBox, prompt: str, words: str) -> None:
    box.prompt.value = prompt
    box.start()
    box.wait(60)
    assert words in box.status.value
    assert box.button.description == "Generate"


def test_a_fault_ends_the_worker_with_a_word(box: PromptBox, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(box.pipe, "stream", broken)
    box.start()
    box.wait(60)
    assert box.status.value == "RuntimeError: out of memory"
