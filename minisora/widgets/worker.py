"""One piece of work at a time, in a thread: started and stopped at once, told of from inside, never two on one model.

    worker = Worker(pipe, tell=print)
    worker.start(lambda pipe: pipe("a small red circle moving right", seed=0))  # False: something runs already
    worker.stop()
    worker.wait()

Nothing in here knows of widgets: what happens is told as `Progress`, `Finished`, `Stopped` or `Failed`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from minisora.errors import MinisoraError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.watched import Progress, StopAsked, Watched

__all__ = ["Event", "Failed", "Finished", "Job", "Progress", "Stopped", "Waiting", "Worker"]

PATIENCE = 0.05  # seconds between two looks at whether to stop, while another one uses the model


@dataclass(frozen=True)
class Waiting:
    """Somebody else is using the model; this begins by itself when they are done."""


@dataclass(frozen=True)
class Finished:
    """The work is done: what it gave, and how many seconds it took."""

    result: Any
    seconds: float


@dataclass(frozen=True)
class Stopped:
    """It was stopped, after this share (0…1) of the work."""

    share: float


@dataclass(frozen=True)
class Failed:
    """It could not be done: a sentence for people."""

    message: str


Event = Waiting | Progress | Finished | Stopped | Failed
Job = Callable[[Watched], Any]


class Worker:
    """Does one job after another on a pipeline, each in a thread of its own."""

    def __init__(self, pipe: TextToVideoPipeline, tell: Callable[[Event], None]) -> None:
        """Wait for work.

        Args:
            pipe: what jobs are given, watched. Its `lock` is held while one runs, so that two workers take turns.
            tell: called with every event, in the working thread.
        """
        self._pipe: TextToVideoPipeline | None = pipe
        self._tell: Callable[[Event], None] = tell
        self._door = threading.Lock()  # two quick clicks come through one by one
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._busy = False

    @property
    def running(self) -> bool:
        """Whether a job is being done, or waits for the model."""
        return self._busy

    def start(self, job: Job, calls: int = 1, alone: bool = True) -> bool:
        """Begin a job, unless one is being done.

        Args:
            job: called with the pipeline; what it returns is the result.
            calls: how often it calls the pipeline, so that the share of the work is known.
            alone: whether it needs the networks for itself; a job that does not use them waits for nobody.
        Returns:
            Whether it was begun.
        """
        with self._door:
            if self._busy or self._pipe is None:
                return False
            self._busy = True
            self._stop = threading.Event()  # the last job's own stays set
            work = (self._pipe, job, calls, alone, self._stop)
            self._thread = threading.Thread(target=self._work, args=work, daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask the job to end; it does at the next pass of a network, or where it reports how far it is."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job has ended.

        Args:
            seconds: at most so long; None is as long as it takes.
        Returns:
            Whether it has.
        """
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        return not self._busy

    def close(self) -> None:
        """Stop, tell nobody any more, and let go of the pipeline, so that its memory can be freed."""
        self._tell, self._pipe = _say_nothing, None
        self.stop()

    # --- in the thread ------------------------------------------------------------------------------------------------

    def _work(self, pipe: TextToVideoPipeline, job: Job, calls: int, alone: bool, stop: threading.Event) -> None:
        share = 0.0

        def told(progress: Progress) -> None:
            nonlocal share
            share = progress.share
            self._tell(progress)

        try:
            with self._taken(pipe.lock, stop) if alone else nullcontext():
                start = time.perf_counter()
                event: Event = Finished(job(Watched(pipe, stop.is_set, told, calls)), time.perf_counter() - start)
        except StopAsked:
            event = Stopped(share)
        except Exception as error:  # a thread that died without a word would leave Stop on the button for ever
            event = Failed(_in_words(error))
        self._busy = False  # before telling: whoever hears of the end may start the next
        self._tell(event)

    @contextmanager
    def _taken(self, lock: Any, stop: threading.Event) -> Iterator[None]:
        """Have the model for oneself; look now and then whether that is still wanted, while somebody else has it."""
        if not lock.acquire(blocking=False):
            self._tell(Waiting())
            while not lock.acquire(timeout=PATIENCE):
                if stop.is_set():
                    raise StopAsked
        try:
            yield
        finally:
            lock.release()


def _in_words(error: Exception) -> str:
    """A sentence for people about what went wrong."""
    if isinstance(error, MinisoraError):
        return str(error)
    if isinstance(error, MemoryError) or "memory" in str(error):  # torch's own is a RuntimeError on the processor
        return "There is not enough memory for this. Ask for fewer frames, or a smaller size."
    return f"Something went wrong ({type(error).__name__}: {error}). Nothing was made."


def _say_nothing(_event: Event) -> None:
    pass
