"""A training that is watched from outside: its loss, its speed, what it draws, and a way to stop it.

    watch = Watch(draw=PromptClips("nano"), draw_every=200)
    L.Trainer(max_steps=1000, callbacks=[watch]).fit(module, data)
    watch.losses[-1]

It needs no notebook; `minisora.widgets.TrainingMonitor` shows the same, live.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightning as L

from minisora.errors import SettingError

if TYPE_CHECKING:
    from minisora.pipeline import Clips

__all__ = ["Drawn", "Ended", "Event", "Point", "Watch", "batch_size", "smooth", "thin"]

SPEED_SECONDS = 5.0  # over which the speed is measured
INERTIA = 0.95  # of the smoothed loss, a step


@dataclass(frozen=True)
class Point:
    """A step.

    Attributes:
        step: how many there have been, from 1.
        total: how many there will be; None where nobody knows.
        loss: of this step.
        clips_per_second: of the last seconds; None in the first ones.
        seconds_left: a guess from the time so far; None where nobody knows.
    """

    step: int
    total: int | None
    loss: float
    clips_per_second: float | None
    seconds_left: float | None


@dataclass(frozen=True)
class Drawn:
    """What the model drew after so many steps."""

    step: int
    clips: "Clips"


@dataclass(frozen=True)
class Ended:
    """The training is over.

    Attributes:
        step: how many there have been.
        stopped: whether somebody wanted that.
        message: what went wrong, "" if nothing did.
    """

    step: int
    stopped: bool
    message: str = ""


Event = Point | Drawn | Ended


class Watch(L.Callback):
    """Keeps the loss of every step, draws now and then, and stops the training when it is asked to.

    Args:
        draw: called with the module; what it draws is told and kept. None draws nothing.
        draw_every: steps between two drawings; the first is before the first step.
        tell: called with every event, in the thread that trains. A mistake in it does not end the training.

    Attributes:
        losses: the loss of every step of this run.
        drawn: the last drawing, None before there is one.
    """

    def __init__(
        self,
        draw: "Callable[[L.LightningModule], Clips] | None" = None,
        draw_every: int = 500,
        tell: Callable[[Event], None] | None = None,
    ) -> None:
        if draw_every < 1:
            raise SettingError(f"draw_every={draw_every}, but it counts steps from 1. Use draw_every=500.")
        self.draw, self.draw_every, self.tell = draw, draw_every, tell
        self.losses: list[float] = []
        self.drawn: Drawn | None = None
        self._stop = threading.Event()
        self._times: list[tuple[float, int]] = []
        self._first_step, self._started = 0, 0.0

    def stop(self) -> None:
        """Ask the training to end after the step that it is at; checkpoints are kept as at its usual end."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to end."""
        return self._stop.is_set()

    # --- what Lightning calls -----------------------------------------------------------------------------------------

    def on_train_start(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        """Begin anew, and draw what the model draws so far."""
        self._stop.clear()
        self.losses, self._times = [], []
        self._first_step, self._started = trainer.global_step, time.monotonic()
        self._draw(trainer, module)

    def on_train_batch_end(
        self, trainer: L.Trainer, module: L.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Note the loss and the speed, draw where it is time, and stop where that is wanted."""
        loss = outputs["loss"] if isinstance(outputs, dict) else outputs
        self.losses.append(float("nan") if loss is None else float(loss))
        self._times.append((time.monotonic(), batch_size(batch)))
        step, total = trainer.global_step, int(trainer.max_steps) if trainer.max_steps > 0 else None
        self._say(Point(step, total, self.losses[-1], self._speed(), self._left(step, total)))
        if step % self.draw_every == 0:
            self._draw(trainer, module)
        if self._stop.is_set():
            trainer.should_stop = True

    def on_train_end(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        """Say so."""
        self._say(Ended(trainer.global_step, self._stop.is_set()))

    def on_exception(self, trainer: L.Trainer, module: L.LightningModule, exception: BaseException) -> None:
        """Say what went wrong."""
        wanted = isinstance(exception, KeyboardInterrupt)
        message = "" if wanted else f"{type(exception).__name__}: {exception}"
        self._say(Ended(trainer.global_step, wanted or self._stop.is_set(), message))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _draw(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        if self.draw is None or not trainer.is_global_zero:
            return
        before = time.monotonic()
        self.drawn = Drawn(trainer.global_step, self.draw(module))
        took = time.monotonic() - before  # training did not stand still for want of speed
        self._times = [(moment + took, clips) for moment, clips in self._times]
        self._say(self.drawn)

    def _speed(self) -> float | None:
        """Clips per second over the last seconds."""
        last = self._times[-1][0]
        self._times = [(moment, clips) for moment, clips in self._times if last - moment <= SPEED_SECONDS]
        seconds = last - self._times[0][0]
        return sum(clips for _, clips in self._times[1:]) / seconds if seconds > 0 else None

    def _left(self, step: int, total: int | None) -> float | None:
        done = step - self._first_step
        if total is None or done < 1:
            return None
        return (time.monotonic() - self._started) / done * (total - step)

    def _say(self, event: Event) -> None:
        if self.tell is None:
            return
        try:
            self.tell(event)
        except Exception as error:  # whoever watches must not be able to end a night's training
            self.tell = None
            print(f"Nobody watches any more ({type(error).__name__}: {error}); the training goes on.")


def batch_size(batch: Any) -> int:
    """How many clips there are in a batch.

    Args:
        batch: of minisora's own, a tensor, or a list, tuple or dict of tensors.
    Returns:
        A number; 1 where nobody could tell.
    """
    if hasattr(batch, "captions"):
        return len(batch.captions)
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, list | tuple):
        return batch_size(batch[0]) if batch else 0
    return len(batch) if getattr(batch, "ndim", 0) > 0 else 1


def smooth(losses: Sequence[float], inertia: float = INERTIA) -> list[float]:
    """A curve without its jitter: an average that forgets, as heavy at its beginning as at its end.

    Args:
        losses: of every step.
        inertia: how much of the average stays at each step, 0 to below 1.
    Returns:
        As many numbers.
    """
    smoothed, total, weight = [], 0.0, 0.0
    for loss in losses:
        if loss == loss:  # a step without a loss changes nothing
            total, weight = inertia * total + (1 - inertia) * loss, inertia * weight + (1 - inertia)
        smoothed.append(total / weight if weight else loss)
    return smoothed


def thin(values: Sequence[float], most: int) -> list[tuple[int, float]]:
    """A curve of so many points and no more: means of neighbours.

    Args:
        values: of every step.
        most: points.
    Returns:
        (number of the last step of each group, from 1; its mean).
    """
    size = max(1, -(-len(values) // most))
    groups = [values[first : first + size] for first in range(0, len(values), size)]
    return [(min((k + 1) * size, len(values)), sum(group) / len(group)) for k, group in enumerate(groups)]
