"""Quick questions to a model, such as those of a slider: the newest counts, those that came in between are dropped."""

import threading
import time
from collections.abc import Callable
from typing import Any

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.worker import Event, Failed, Finished, Job, Stopped, Worker

__all__ = ["Quick"]


class Quick:
    """One question at a time, in a thread; it waits its turn where the model is in use."""

    def __init__(
        self,
        pipe: TextToVideoPipeline,
        answer: Callable[[Any], None],
        fail: Callable[[str], None],
        alone: bool = True,
    ) -> None:
        """Wait for a question.

        Args:
            pipe: what questions are asked of.
            answer: called in the thread with what a job gave.
            fail: called in the thread with a sentence where it gave nothing.
            alone: whether jobs need the networks for themselves; those that do not use them wait for nobody.
        """
        self._answer, self._fail, self._alone = answer, fail, alone
        self._wanted: Job | None = None
        self._door = threading.Lock()
        self._telling = threading.Lock()  # the next job may be done before the last one's answer is shown
        self._asked = self._answered = 0
        self._worker = Worker(pipe, self._told)

    def ask(self, job: Job) -> None:
        """Have something answered, at once or after what is being answered.

        Args:
            job: called with the pipeline.
        """
        with self._door:
            self._asked += 1
            turn = self._asked
            self._wanted = lambda pipe: (turn, job(pipe))
            self._next()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until all is answered.

        Args:
            seconds: at most so long; None is as long as it takes.
        Returns:
            Whether it is.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while not self._worker.wait(None if end is None else max(0.0, end - time.monotonic())):
            if end is not None and time.monotonic() >= end:
                return False
        return True

    def close(self) -> None:
        """Ask no more, and let go of the model."""
        with self._door:
            self._wanted = None
            self._worker.close()

    def _next(self) -> None:
        if self._wanted is not None and self._worker.start(self._wanted, alone=self._alone):
            self._wanted = None

    def _show(self, turn: int, result: Any) -> None:
        """Answer, unless something newer was answered already."""
        with self._telling:
            if turn > self._answered:
                self._answered = turn
                self._answer(result)

    def _told(self, event: Event) -> None:
        match event:
            case Finished():
                self._show(*event.result)
            case Failed():
                self._fail(event.message)
            case Stopped():
                pass
            case _:
                return
        with self._door:
            self._next()
