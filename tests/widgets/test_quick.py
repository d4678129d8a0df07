"""Quick questions: the newest counts, none runs beside another."""

import gc
import threading
import weakref
from typing import Any

from minisora.errors import SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.quick import Quick


def test_those_in_between_are_dropped(tiny_pipe: TextToVideoPipeline) -> None:
    answers: list[Any] = []
    quick = Quick(tiny_pipe, answers.append, answers.append)
    gate, begun = threading.Event(), threading.Event()

    def first(_: TextToVideoPipeline) -> int:
        begun.set()
        gate.wait(30)
        return 0

    quick.ask(first)
    begun.wait(30)
    for k in range(1, 6):
        quick.ask(lambda _, k=k: k)
    gate.set()
    assert quick.wait(30)
    assert answers == [0, 5]


def test_a_mistake_is_a_sentence_and_the_next_is_answered(tiny_pipe: TextToVideoPipeline) -> None:
    answers: list[Any] = []
    trouble: list[str] = []
    quick = Quick(tiny_pipe, answers.append, trouble.append)

    def wrong(_: TextToVideoPipeline) -> None:
        raise SettingError("step=99. Use step=0.")

    quick.ask(wrong)
    assert quick.wait(30)
    quick.ask(lambda _: 1)
    assert quick.wait(30)
    assert trouble == ["step=99. Use step=0."]
    assert answers == [1]


def test_it_waits_for_the_model(tiny_pipe: TextToVideoPipeline) -> None:
    answers: list[Any] = []
    quick = Quick(tiny_pipe, answers.append, answers.append)
    with tiny_pipe.lock:
        quick.ask(lambda _: 1)
        assert not quick.wait(0.1)
        aside = Quick(tiny_pipe, answers.append, answers.append, alone=False)
        aside.ask(lambda _: 0)
        assert aside.wait(30)
    assert quick.wait(30)
    assert answers == [0, 1]


def test_closing_lets_go_of_the_pipeline(tiny_checkpoint: Any) -> None:
    pipe = TextToVideoPipeline.from_pretrained(tiny_checkpoint, device="cpu", dtype="float32")
    answers: list[Any] = []
    quick, gone = Quick(pipe, answers.append, answers.append), weakref.ref(pipe)
    quick.close()
    quick.ask(lambda _: 1)
    assert quick.wait(30)
    del pipe
    gc.collect()
    assert gone() is None
    assert answers == []


def test_an_older_answer_never_comes_after_a_newer_one(tiny_pipe: TextToVideoPipeline) -> None:
    answers: list[Any] = []
    slow, begun = threading.Event(), threading.Event()

    def answer(result: int) -> None:
        if result == 0:  # showing the first takes long, the second is asked and done meanwhile
            begun.set()
            slow.wait(1)
        answers.append(result)

    quick = Quick(tiny_pipe, answer, answers.append)
    quick.ask(lambda _: 0)
    assert begun.wait(30)
    quick.ask(lambda _: 1)
    assert quick.wait(30)
    slow.set()
    assert answers == [0, 1]
