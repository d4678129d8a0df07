"""A prompt, a button and a video: the pipeline as a form.

The button only starts or stops a worker thread. The thread loops over the steps of `pipe.stream(…)`, looks at each one
whether it should stop, and holds a lock on the model, so that two forms never use it at once.
"""

import threading
from html import escape
from typing import Any

import ipywidgets

from minisora.errors import MinisoraError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.widgets.clip import clip_html, grade_html

__all__ = ["PromptBox"]

_MODEL = threading.Lock()
EXAMPLE = "a small red circle moving right and a large blue star bouncing"
PLACE = '<div style="min-height:256px;color:var(--jp-ui-font-color2,inherit)">The video appears here.</div>'


class PromptBox:
    """Type, press Generate, watch, read the grade. The last result is in `.clips`."""

    def __init__(self, pipe: TextToVideoPipeline, prompt: str = EXAMPLE, seed: int = 0, scale: int = 4) -> None:
        """Lay out the form.

        Args:
            pipe: makes the videos.
            prompt: stands in the field at first.
            seed: the first one.
            scale: whole factor by which the video is enlarged.
        """
        self.pipe, self.scale = pipe, scale
        self.clips: Clips | None = None
        self._stop, self._worker = threading.Event(), threading.Thread()
        wide = ipywidgets.Layout(width="min(640px, 100%)")
        self.prompt = ipywidgets.Textarea(prompt, rows=2, layout=wide, placeholder=EXAMPLE)
        self.seed = ipywidgets.BoundedIntText(seed, min=0, max=2**31 - 1, description="seed")
        self.button = ipywidgets.Button(description="Generate", button_style="primary")
        self.progress = ipywidgets.IntProgress(0, min=0, max=1, layout=wide)
        self.status = ipywidgets.Label("")
        self.video = ipywidgets.HTML(PLACE)
        self.grade = ipywidgets.HTML("")
        self.button.on_click(self._pressed)
        row = ipywidgets.HBox([self.seed, self.button])
        self.widget = ipywidgets.VBox([self.prompt, row, self.progress, self.status, self.video, self.grade])

    def _ipython_display_(self) -> None:
        """Show the form where the notebook shows values."""
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]

    # --- what the buttons do ------------------------------------------------------------------------------------------

    def _pressed(self, _button: Any) -> None:
        if self.running:
            self.stop()
        else:
            self.start()

    @property
    def running(self) -> bool:
        """Whether a video is being made."""
        return self._worker.is_alive()

    def start(self) -> None:
        """Begin with what stands in the fields; nothing happens while a video is being made."""
        if self.running:
            return
        self._stop.clear()
        self.button.description = "Stop"
        self._worker = threading.Thread(target=self._work, args=(self.prompt.value, self.seed.value), daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Ask the worker to stop; it does at the next step."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the worker.

        Args:
            seconds: at most so long; None is until it ends.
        """
        if self._worker.ident is not None:
            self._worker.join(seconds)

    # --- the worker ---------------------------------------------------------------------------------------------------

    def _work(self, prompt: str, seed: int) -> None:
        try:
            self._generate(prompt, seed)
        except MinisoraError as error:
            self.status.value = str(error)
        except Exception as error:  # a thread that dies without a word would leave "Stop" on the button
            self.status.value = f"{type(error).__name__}: {error}"
        finally:
            self.button.description = "Generate"

    def _generate(self, prompt: str, seed: int) -> None:
        self.status.value = "Waiting for the model" if _MODEL.locked() else "Reading the prompt"
        with _MODEL:
            sampling = self.pipe.stream(prompt, seed=seed)
            self.progress.max, self.progress.value = sampling.total, 0
            for step in sampling:
                if self._stop.is_set():
                    self.status.value = f"Stopped after {step.index} of {sampling.total} steps."
                    return
                self.progress.value = step.index + 1
                self.status.value = f"Step {step.index + 1} of {sampling.total}"
            self.clips = sampling.result()
        self._show(self.clips)

    def _show(self, clips: Clips) -> None:
        self.video.value = clip_html(clips, self.scale)
        unknown = "".join(f"<div>{escape(line)}</div>" for line in (clips.unknown[0] if clips.unknown else ()))
        self.grade.value = grade_html(clips.grades[0]) + unknown
        self.status.value = f"Seed {clips.seeds[0]}. Change a word or the seed, and generate again."
