"""`TrainingMonitor`: the loss, the speed and what the model draws, live while Lightning trains, and a button to stop.

    monitor = TrainingMonitor(draw=PromptClips("nano"), draw_every=200)
    display(monitor)
    L.Trainer(max_steps=1000, callbacks=[monitor.callback]).fit(module, data)

While a cell trains, a notebook whose host hears of clicks only between cells (before ipykernel 7 and JupyterLab 4.4)
hears of Stop too late: `monitor.fit(trainer, module, data)` trains in a thread, and leaves the kernel free everywhere.
"""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from minisora.errors import SettingError
from minisora.training.watching import Drawn, Ended, Event, Point, Watch, smooth, thin
from minisora.widgets.assets import script, style
from minisora.widgets.base import Canvas
from minisora.widgets.lifetime import Lifetime
from minisora.widgets.sheets import pack_frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lightning as L

    from minisora.pipeline import Clips

__all__ = ["TrainingMonitor"]

OFTEN = 0.25  # seconds between two pictures of the curve
MOST_POINTS = 300  # of the curve


class TrainingMonitor(Canvas):
    """The monitor as a widget. `.callback` goes to the trainer; `.callback.losses` holds the loss of every step."""

    _esm = script("monitor.js")
    _css = style("base.css", "player.css", "form.css", "compare.css", "monitor.css")

    curve: Any = traitlets.List().tag(sync=True)  # [step, mean loss, smoothed loss] for each point
    figures: Any = traitlets.Dict().tag(sync=True)  # {"step", "total", "loss", "speed", "left"}
    clips_shown: Any = traitlets.Dict().tag(sync=True)  # {"step", "fps", "clips": [{"prompt", "picture", "sheet"}, …]}
    running = traitlets.Bool(False).tag(sync=True)
    stopping = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode("Waiting for the training to begin.").tag(sync=True)
    trouble = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, draw: "Callable[[L.LightningModule], Clips] | None" = None, draw_every: int = 500, title: str = "Training"
    ) -> None:
        """Lay out the monitor.

        Args:
            draw: draws clips with the module that is being trained, such as `PromptClips`; None draws nothing.
            draw_every: steps between two drawings.
            title: what is being trained, for the page.
        Raises:
            SettingError: `draw_every` is below 1.
        """
        super().__init__()
        self.title = title
        self.callback = Watch(draw, draw_every, self._told)
        self._one = threading.RLock()
        self._thread: threading.Thread | None = None
        self._shown_at, self._closed = 0.0, False
        self._lifetime = Lifetime(lambda: self.send({"kind": "who"}), lambda: None, self._over)
        self.on_msg(self._heard)

    def stop(self) -> None:
        """End the training after the step that it is at."""
        if self.running:
            self.callback.stop()
            with self._together():
                self.stopping, self.status = True, "Stopping after this step."

    def fit(self, trainer: "L.Trainer", module: "L.LightningModule", data: Any = None, **given: Any) -> None:
        """Train in a thread, so that the notebook stays usable; the callback is added where it is missing.

        Args:
            trainer: whose `fit` is called.
            module: what is trained.
            data: a DataModule, a DataLoader, or None.
            **given: for `trainer.fit`.
        Raises:
            SettingError: something is being trained already.
        """
        if self._thread is not None and self._thread.is_alive():
            raise SettingError("Something is being trained already. Press Stop, or wait() for its end.")
        if self.callback not in trainer.callbacks:  # type: ignore[attr-defined]
            trainer.callbacks.append(self.callback)  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._fit, args=(trainer, module, data, given), daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a training that `fit` began.

        Args:
            seconds: at most so long; None is as long as it takes.
        Returns:
            Whether it is over.
        """
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Take it off the page and free its clips; a training goes on without it."""
        if self._closed:
            return
        self._closed = True
        self._lifetime.cancel()
        self.callback.tell, self.callback.drawn = None, None
        self.curve, self.clips_shown = [], {}
        super().close()

    # --- what happens -------------------------------------------------------------------------------------------------

    def _heard(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Do what a click asks for."""
        actions = {"stop": self.stop, "seen": self._lifetime.seen, "unseen": self._lifetime.unseen}
        action = actions.get(str(message.get("do")))
        if action is not None and not self._closed:
            action()

    def _over(self) -> None:
        """Nobody has looked for a while; what still trains is shown to whoever comes back."""
        if not self.running:
            self.close()

    def _fit(self, trainer: Any, module: Any, data: Any, given: dict[str, Any]) -> None:
        try:
            trainer.fit(module, data, **given)
        except SystemExit:  # how Lightning ends a training that was interrupted
            pass
        except Exception as error:
            if not self.trouble:  # nobody has said it yet
                self._end(f"{type(error).__name__}: {error}", trouble=True)

    def _told(self, event: Event) -> None:
        """Called in the thread that trains."""
        match event:
            case Point():
                self._show_point(event)
            case Drawn():
                self._show_drawn(event)
            case Ended():
                self._show_end(event)

    def _show_point(self, point: Point) -> None:
        now = time.monotonic()
        last = point.total is not None and point.step >= point.total
        if now - self._shown_at < OFTEN and not last and self.running:
            return
        self._shown_at = now
        loss = point.loss if np.isfinite(point.loss) else None  # JSON has no name for what is no number
        with self._together():
            self._show_curve(point.step)
            self.figures = {
                "step": point.step, "total": point.total, "loss": loss, "speed": point.clips_per_second,
                "left": point.seconds_left,
            }  # fmt: skip
            self._show_running()

    def _show_curve(self, step: int) -> None:
        """The whole curve in so many points; steps of an earlier sitting come before it."""
        losses = self.callback.losses
        before = step - len(losses)
        raw, calm = thin(losses, MOST_POINTS), thin(smooth(losses), MOST_POINTS)
        self.curve = [
            [before + count, mean, soft]
            for (count, mean), (_, soft) in zip(raw, calm, strict=True)
            if np.isfinite(mean) and np.isfinite(soft)
        ]

    def _show_running(self) -> None:
        if not self.running:
            self.running, self.stopping, self.trouble = True, False, False
        if not self.stopping:
            self.status = "Training."

    def _show_drawn(self, drawn: Drawn) -> None:
        clips = drawn.clips
        packed = [pack_frames(frames) for frames in clips.frames]
        cells = [
            {"prompt": prompt, "picture": picture, "sheet": sheet}
            for prompt, (picture, sheet) in zip(clips.prompts, packed, strict=True)
        ]
        with self._together():
            self.clips_shown = {"step": drawn.step, "fps": clips.settings.fps, "clips": cells}
            self._show_running()

    def _show_end(self, ended: Ended) -> None:
        if self.callback.losses:
            self._show_curve(ended.step)
        if ended.message:
            self._end(f"The training ended after {ended.step} steps. {ended.message}", trouble=True)
        else:
            self._end(f"{'Stopped' if ended.stopped else 'Done'} after {ended.step} steps.")

    def _end(self, line: str, trouble: bool = False) -> None:
        with self._together():
            self.running, self.stopping, self.status, self.trouble = False, False, line, trouble

    @contextmanager
    def _together(self) -> "Iterator[None]":
        """Change several things at once, from one thread at a time."""
        with self._one:
            with self.hold_sync():
                yield
            self._hear_clicks()

    def _hear_clicks(self) -> None:
        """Let Stop through while a cell trains.

        ipykernel 7.4 takes what a page says to where the page was last spoken to from: the cell that trains, which
        hears of it at its end. Without that note it goes where the notebook sent it, a thread of its own.
        """
        if self.comm is not None:
            self.comm.__dict__.pop("_reply_subshell_id", None)

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """What was drawn last, and the figures."""
        losses, drawn = self.callback.losses, self.callback.drawn
        if not losses:
            return None, f"minisora training monitor: {self.status}"
        line = f"{self.title}: step {self.figures['step']}, loss {losses[-1]:.4f}. {self.status}"
        if drawn is None:
            return None, line
        return np.concatenate([frames.numpy() for frames in drawn.clips.frames]), line
