"""A training ends after so many steps, or after so many minutes, whichever is first; the learning rate knows both."""

import time
from typing import Any

import lightning as L

from minisora.training.schedule import trapezoid_at


class Budget(L.Callback):
    """Sets the learning rates by the share of the budget that is used, and stops at its end.

    A run that is resumed goes on with the minutes that it had left.

    Args:
        minutes: of training, None for no limit but the trainer's `max_steps`.
        warm, decay: shares of the budget over which the rates rise and fall.
        sitting: minutes after which a run rests, as if it were interrupted, to be gone on with later; None for never.

    Attributes:
        used: seconds of training so far, in all runs.
        resting: whether a sitting is over, and the training is not.
    """

    def __init__(
        self, minutes: float | None = None, warm: float = 0.02, decay: float = 0.4, sitting: float | None = None
    ) -> None:
        self.minutes, self.warm, self.decay, self.sitting = minutes, warm, decay, sitting
        self.used, self.sat, self.resting = 0.0, 0.0, False
        self._last: float | None = None

    def progress(self, trainer: L.Trainer) -> float:
        """Share of the budget that is used, 0…1."""
        steps = trainer.global_step / trainer.max_steps if trainer.max_steps > 0 else 0.0
        minutes = self.used / (60 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(steps, minutes))

    def on_train_batch_start(self, trainer: L.Trainer, module: L.LightningModule, batch: Any, batch_idx: int) -> None:
        """Scale every group's rate, remembered as `initial_lr`."""
        factor = trapezoid_at(self.progress(trainer), self.warm, self.decay)
        for optimizer in trainer.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group.setdefault("initial_lr", group["lr"]) * factor

    def on_train_batch_end(self, trainer: L.Trainer, *_: Any) -> None:
        """Count the time (a pause between two runs does not count), and stop when it or the sitting is up.

        The end of a sitting is a KeyboardInterrupt, so that the trainer keeps a checkpoint as after Ctrl-C.
        """
        now = time.monotonic()
        passed = 0.0 if self._last is None else now - self._last
        self.used, self.sat, self._last = self.used + passed, self.sat + passed, now
        if self.progress(trainer) >= 1:
            trainer.should_stop = True
        elif self.sitting is not None and self.sat >= 60 * self.sitting:
            self.resting = True
            raise KeyboardInterrupt

    def state_dict(self) -> dict[str, float]:
        """What a resumed run must know."""
        return {"used": self.used}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Go on counting from there."""
        self.used = state["used"]
