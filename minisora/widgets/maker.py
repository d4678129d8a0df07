"""What all widgets that make clips share: one worker, what it is doing, and a page that is told so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import traitlets

from minisora.errors import MinisoraError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.base import Canvas
from minisora.widgets.lifetime import Lifetime
from minisora.widgets.worker import Event, Failed, Finished, Job, Progress, Stopped, Waiting, Worker

__all__ = ["Action", "Maker", "stage_line"]

OPENING = 30.0  # seconds that a cell waits at most for the first clip
STAGES = {
    "layout": ("Planning where everything is", "step"),
    "pixels": ("Drawing", "step"),
    "file": ("Writing the file", "frame"),
}
Action = Callable[[dict[str, Any]], object]


class Maker(Canvas):
    """A widget with a worker. The page sends a message for each click; callbacks only start and stop the worker."""

    form = traitlets.Dict().tag(sync=True)  # what stands in the fields
    opening = True  # whether a first clip is made when the widget is shown, so that there is something to see at once
    running = traitlets.Bool(False).tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    trouble = traitlets.Bool(False).tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, **traits: Any) -> None:
        """Begin idle.

        Args:
            pipe: makes the clips.
            **traits: first values of the widget's traits.
        """
        super().__init__(**traits)
        self.pipe, self._closed = pipe, False
        self._one = threading.RLock()
        self._worker = Worker(pipe, self._told)
        self._lifetime = Lifetime(self._ask_who_looks, self.stop, self.close)
        self.on_msg(self._heard)

    def stop(self) -> None:
        """End what is being made, at the next pass of the network."""
        self._worker.stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for what is being made.

        Args:
            seconds: at most so long; None is as long as it takes.
        Returns:
            Whether nothing is being made any more.
        """
        return self._worker.wait(seconds)

    def close(self) -> None:
        """Stop, take it off the page, and free its clips and its hold on the model."""
        if self._closed:
            return
        self._closed = True
        self._lifetime.cancel()
        self._worker.close()
        self._forget()
        del self.pipe
        super().close()

    # --- for the widget to fill in ------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        """What to do for each message of the page."""
        return {}

    def _show_progress(self, event: Progress) -> None:
        """Called in the thread for each step: the bar and the line."""
        with self._together():
            self.progress = {"share": event.share}
            self._say(stage_line(event))

    def _finish(self, event: Finished) -> None:
        """Called in the thread with what was made."""

    def _show_last(self) -> None:
        """Called in the thread when something was not finished: show what was there before."""

    def _forget(self) -> None:
        """Let go of all clips."""

    # --- what all do alike --------------------------------------------------------------------------------------------

    def _heard(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Do what a click asks for; a mistake is shown as a sentence."""
        if self._closed:
            return
        actions: dict[str, Action] = {
            "stop": lambda _: self.stop(),
            "seen": lambda _: self._lifetime.seen(),
            "unseen": lambda _: self._lifetime.unseen(),
            **self._actions(),
        }
        action = actions.get(str(message.get("do")))
        if action is None:
            return
        try:
            if "form" in message:
                with self._together():
                    self.form = message["form"]
            action(message)
        except (MinisoraError, KeyError, TypeError, ValueError, traitlets.TraitError) as error:
            self._say(str(error), trouble=True)

    def _ask_who_looks(self) -> None:
        """Every view answers with "seen"."""
        self.send({"kind": "who"})

    def _open(self, begin: Callable[[], object]) -> None:
        """Have a first clip made, and wait for it, so that it stays in the notebook; in vain only for a while."""
        if self._closed or not self.opening or self._worker.running:
            return
        free = not self.pipe.lock.locked()  # else the kernel would wait, and nobody could stop what it waits for
        try:
            begin()
        except MinisoraError as error:
            self._say(str(error), trouble=True)
            return
        if free:
            self.wait(OPENING)

    def _begin(self, job: Job, calls: int = 1, line: str = "Reading the sentence", alone: bool = True) -> bool:
        """Have something made; False where something is being made."""
        with self._together():  # what the thread tells comes after this
            if not self._worker.start(job, calls, alone):
                return False
            self.running, self.progress = True, {"share": 0.0}
            self._say(line)
            return True

    def _told(self, event: Event) -> None:
        """Called in the thread with all that happens there."""
        match event:
            case Progress():
                self._show_progress(event)
            case Waiting():
                self._say("Waiting: another clip is being made with this model.")
            case Finished():
                self._finish(event)
            case Stopped():
                self._show_last()
                self._end(f"Stopped at {event.share:.0%}. Press the button to begin again.")
            case Failed():
                self._show_last()
                self._end(event.message, trouble=True)

    def _end(self, line: str, trouble: bool = False) -> None:
        with self._together():
            if self._worker.running:  # the next has begun already
                return
            self.running, self.progress = False, {"share": 0.0}
            self._say(line, trouble)

    def _say(self, line: str, trouble: bool = False) -> None:
        with self._together():
            plain = line.split(" ", 1)[0].isalpha()  # not a name such as num_frames=18
            self.status, self.trouble = line[:1].upper() + line[1:] if plain else line, trouble

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Change several things at once, from one thread at a time."""
        with self._one, self.hold_sync():
            yield


def stage_line(event: Progress) -> str:
    """What is being done, and how long it will still take.

    Args:
        event: from the worker.
    Returns:
        A line.
    """
    left = "" if event.seconds_left is None else f", about {max(1, round(event.seconds_left))} s left"
    doing, unit = STAGES[event.stage]
    return f"{doing}: {unit} {event.done} of {event.total}{left}"
