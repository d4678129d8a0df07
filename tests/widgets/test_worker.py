"""One job at a time, stopped within a pass of the network, and never a thread that dies without a word."""

import gc
import threading
import weakref
from typing import Any

import pytest
import torch

from minisora.errors import SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.worker import Event, Failed, Finished, Progress, Stopped, Waiting, Worker

SMALL = {"num_frames": 5, "seed": 0}


class Ear(list[Event]):
    """Keeps all that is told."""

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self]

    def __call__(self, event: Event) -> None:
        self.append(event)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def worker(tiny_pipe: TextToVideoPipeline, ear: Ear) -> Worker:
    return Worker(tiny_pipe, ear)


def test_a_clip_is_the_one_that_the_pipeline_makes(worker: Worker, ear: Ear, tiny_pipe: TextToVideoPipeline) -> None:
    assert worker.start(lambda pipe: pipe("a red star", **SMALL))
    assert worker.wait(60)
    (done,) = [event for event in ear if isinstance(event, Finished)]
    assert torch.equal(done.result.frames, tiny_pipe("a red star", **SMALL).frames)
    assert ear.kinds()[-1] == "Finished"


def test_progress_goes_from_the_layout_to_the_pixels(worker: Worker, ear: Ear) -> None:
    worker.start(lambda pipe: pipe("a red star", **SMALL))
    worker.wait(60)
    told = [event for event in ear if isinstance(event, Progress)]
    assert [event.stage for event in told] == ["layout"] * 2 + ["pixels"] * 2  # the last step is the clip itself
    shares = [event.share for event in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    pictures = [event.frames for event in told if event.frames is not None]
    assert pictures
    assert all(picture.shape == (1, 5, 64, 64, 3) for picture in pictures)


def test_verbs_are_watched_too(worker: Worker, ear: Ear, tiny_pipe: TextToVideoPipeline) -> None:
    clip = tiny_pipe("a red star", **SMALL)
    worker.start(lambda pipe: pipe.extend(clip, seconds=0.5, seed=1))
    worker.wait(60)
    assert isinstance(ear[-1], Finished)
    assert torch.equal(ear[-1].result.frames, tiny_pipe.extend(clip, seconds=0.5, seed=1).frames)
    assert any(isinstance(event, Progress) for event in ear)


@pytest.mark.parametrize("network", ["network", "layout_network"])
def test_stop_is_heard_at_the_next_pass(
    worker: Worker, ear: Ear, tiny_pipe: TextToVideoPipeline, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    passes, real = [], getattr(TextToVideoPipeline, network)

    def counted(*given: Any, **named: Any) -> Any:
        passes.append(1)
        worker.stop()
        return real(*given, **named)

    monkeypatch.setattr(TextToVideoPipeline, network, counted)
    worker.start(lambda pipe: pipe("a red star", **SMALL))
    assert worker.wait(60)
    assert len(passes) == 1
    assert isinstance(ear[-1], Stopped)
    assert not tiny_pipe.lock.locked()


def test_two_quick_starts_are_one(worker: Worker, ear: Ear) -> None:
    gate = threading.Event()
    started = [worker.start(lambda _: gate.wait(30)) for _ in range(5)]
    assert started == [True] + [False] * 4
    gate.set()
    worker.wait(60)
    assert ear.kinds() == ["Finished"]
    assert worker.start(lambda _: None)


def test_two_workers_take_turns_on_one_model(tiny_pipe: TextToVideoPipeline) -> None:
    first, second = Ear(), Ear()
    one, other = Worker(tiny_pipe, first), Worker(tiny_pipe, second)
    gate = threading.Event()
    one.start(lambda _: gate.wait(30))
    other.start(lambda _: None)
    while not second:
        other.wait(0.01)
    assert isinstance(second[0], Waiting)
    other.stop()
    assert other.wait(30)
    assert isinstance(second[-1], Stopped)
    other.start(lambda _: None)
    gate.set()
    assert other.wait(30)
    assert isinstance(second[-1], Finished)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SettingError("num_frames=18. Use 17."), "num_frames=18. Use 17."),
        (MemoryError(), "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "not enough memory"),
        (KeyError("x"), "KeyError"),
    ],
)
def test_mistakes_are_sentences(worker: Worker, ear: Ear, error: Exception, words: str) -> None:
    def job(_: TextToVideoPipeline) -> None:
        raise error

    worker.start(job)
    worker.wait(60)
    assert isinstance(ear[-1], Failed)
    assert words in ear[-1].message
    assert not worker.running


def test_closing_lets_go_of_the_pipeline(tiny_checkpoint: Any, ear: Ear) -> None:
    pipe = TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="float32")
    worker, gone = Worker(pipe, ear), weakref.ref(pipe)
    worker.start(lambda watched: watched("a red star", **SMALL))
    worker.close()
    worker.wait(60)
    del pipe
    gc.collect()
    assert gone() is None
    assert not worker.start(lambda _: None)
    assert "Finished" not in ear.kinds()


def test_what_needs_no_model_waits_for_nobody_and_can_be_stopped(
    worker: Worker, ear: Ear, tiny_pipe: TextToVideoPipeline
) -> None:
    def write(pipe: Any) -> None:
        pipe.report("file", 1, 4)
        worker.stop()
        pipe.report("file", 2, 4)

    with tiny_pipe.lock:
        worker.start(write, alone=False)
        assert worker.wait(60)
    assert ear == [Progress("file", 1, 4, 0.25, None), Stopped(0.25)]


def test_unknown_words_do_not_warn_from_the_thread(worker: Worker, recwarn: pytest.WarningsRecorder) -> None:
    worker.start(lambda pipe: pipe("a red elephant", **SMALL))
    worker.wait(60)
    assert not [warning for warning in recwarn if "elephant" in str(warning.message)]
