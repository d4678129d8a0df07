"""`PromptStudio`: type a sentence, watch noise turn into a video, pull on every part.

A face over plain functions: `recipes` says what a button makes, `worker` makes it in a thread, `typed` and `chips`
understand the sentence, `verdicts` shows the grade. The page sends a message for each click; callbacks only start and
stop the worker.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import traitlets

from minisora.errors import SettingError
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.pipeline.settings import pixels_of_a_patch
from minisora.widgets import recipes
from minisora.widgets.assets import script, style
from minisora.widgets.chips import chip_groups, click_chip, example_prompt
from minisora.widgets.fields import read_number, read_seed, read_whole
from minisora.widgets.history import History
from minisora.widgets.maker import Action, Maker
from minisora.widgets.recipes import Form, Made, Recipe
from minisora.widgets.saving import FORMATS, Saved, check_format, save_clip
from minisora.widgets.sheets import pack_frames
from minisora.widgets.typed import read_typed
from minisora.widgets.verdicts import graded_rows, summary
from minisora.widgets.watched import Watched
from minisora.widgets.worker import Finished, Progress

__all__ = ["PromptStudio"]

EXAMPLE = "a small red circle moving right and a large blue star bouncing"


class PromptStudio(Maker):
    """The studio as a widget. `.clips` is what is shown; `.generate(…)`, `.stop()` and `.wait()` are its buttons."""

    _esm = script("studio.js")
    _css = style("base.css", "player.css", "form.css", "studio.css")

    about = traitlets.Dict().tag(sync=True)  # what never changes: chips, sizes, formats
    filled = traitlets.Int(0).tag(sync=True)  # counts the times that the fields are filled from here
    picture = traitlets.Bytes(b"").tag(sync=True)
    sheet = traitlets.Dict().tag(sync=True)
    fps = traitlets.Float(8.0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)  # counts pictures, so that a browser takes all parts of one at once
    rows: Any = traitlets.List().tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    pressed: Any = traitlets.List().tag(sync=True)
    history: Any = traitlets.List().tag(sync=True)
    current = traitlets.Int(0).tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, prompt: str = EXAMPLE, seed: int = 0, opening: bool = True) -> None:
        """Lay out the studio.

        Args:
            pipe: makes the videos.
            prompt: stands in the field at first.
            seed: the first one.
            opening: make a first clip when it is shown, so that there is something to see at once.
        """
        settings = pipe.settings()
        super().__init__(pipe, about=_about(pipe), form=asdict(Form.of(prompt, seed, settings)), fps=settings.fps)
        self.opening = opening
        self._history = History()
        self._chance = np.random.default_rng(seed)
        self._making = ""  # the words of what is being made
        self._understand(prompt, len(prompt), 0)

    # --- the buttons, for Python --------------------------------------------------------------------------------------

    @property
    def clips(self) -> Clips | None:
        """The clip that is shown; None before there is one."""
        return self._history.find(self.current).clips if self.current else None

    def generate(self, prompt: str | None = None, seed: int | None = None) -> bool:
        """Begin a clip with what stands in the fields; nothing happens while one is being made.

        Args:
            prompt, seed: put into the fields first; None leaves them as they are.
        Returns:
            Whether it was begun.
        Raises:
            SettingError: a field holds no number, or one out of range.
        """
        if self._worker.running:
            return False
        form = self._read_form()
        form = replace(form, prompt=form.prompt if prompt is None else prompt, seed=form.seed if seed is None else seed)
        self._fill(form)
        return self._start(lambda: recipes.generate(self.pipe, form))

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {
            "typed": lambda said: self._understand(said["form"]["prompt"], said["caret"], said["turn"]),
            "chip": self._click_chip,
            "example": lambda _: self._surprise(),
            "generate": lambda _: self._start(lambda: recipes.generate(self.pipe, self._read_form())),
            "extend": lambda _: self._start(lambda: recipes.extend(self.pipe, self._shown(), self._read_form())),
            "animate": lambda said: self._start(
                lambda: recipes.animate(self.pipe, self._shown(), int(said["frame"]), self._read_form())
            ),
            "loop": lambda _: self._start(lambda: recipes.loop(self.pipe, self._shown(), self._read_form())),
            "edit": lambda _: self._start(lambda: recipes.edit(self.pipe, self._shown(), self._read_form())),
            "restore": lambda said: self._restore(int(said["id"])),
            "save": lambda said: self._save(str(said["format"]), str(said.get("view", ""))),
        }

    def _read_form(self) -> Form:
        """What stands in the fields, as numbers.

        Raises:
            SettingError: a field holds no number.
        """
        said = self.form
        numbers = {
            name: read_whole(said, name, getattr(Form, name), name.removeprefix("num_"))
            for name in ("num_frames", "height", "width", "steps")
        }
        prompt = str(said.get("prompt", "")).encode("utf-8", "replace").decode()  # half an emoji is no letter
        return Form(prompt, read_seed(said), guidance=read_number(said, "guidance", 2), **numbers)

    def _understand(self, text: str, caret: int, turn: int) -> None:
        """Tell the page about a text, and show what it asks for unless it is the shown clip's own."""
        typed = read_typed(self.pipe.world, text, caret, self.pipe.policy)
        with self._together():
            own = self._history.find(self.current).recipe.prompt if self.current else None
            self.pressed = typed.pressed
            if text != own:
                self.rows, self.verdict = typed.rows, ""
            elif not self.verdict:
                self._show_grade(self._history.find(self.current))
        self.send({
            "kind": "help", "turn": turn, "marks": typed.marks, "completions": typed.completions,
            "message": typed.message,
        })  # fmt: skip

    def _click_chip(self, said: dict[str, Any]) -> None:
        form = self._read_form()
        text = click_chip(self.pipe.world, form.prompt, said["axis"], said["name"], int(said["actor"]))
        self._fill(replace(form, prompt=text))

    def _surprise(self) -> None:
        self._fill(replace(self._read_form(), prompt=example_prompt(self.pipe.world, self._chance)))

    def _fill(self, form: Form) -> None:
        with self._together():
            self.form = asdict(form)
            self.filled += 1
        self._understand(form.prompt, len(form.prompt.encode("utf-16-le", "surrogatepass")) // 2, -1)

    def _shown(self) -> Made:
        if not self.current:
            raise SettingError("There is no clip yet. Press Generate first.")
        return self._history.find(self.current)

    def _restore(self, number: int) -> None:
        made = self._history.find(number)
        with self._together():
            self.current = number
            self._show_clip(made)
        self._fill(made.form)
        self._say(f"Clip {number}: {made.recipe.note}, seed {made.recipe.seed}.")

    # --- making -------------------------------------------------------------------------------------------------------

    def _start(self, planned: Callable[[], Recipe]) -> bool:
        """Plan something and have it made, unless something is being made."""
        if self._worker.running:
            return False
        recipe = planned()
        self._making = recipe.prompt
        return self._begin(lambda pipe: self._make(pipe, recipe), recipe.calls)

    def _make(self, pipe: TextToVideoPipeline, recipe: Recipe) -> Made:
        """In the thread: the clip is shown at once, then it is graded."""
        made = Made(recipe.job(pipe), recipe)
        with self._together():
            self._show_frames(made.clips.frames[0], made.clips.settings.fps, recipe.prompt, live=False)
            self.status, self.progress = "Grading", {"share": 1.0}
        _ = made.clips.grades
        return made

    def _show_progress(self, event: Progress) -> None:
        with self._together():
            super()._show_progress(event)
            if event.frames is not None:
                self._show_frames(event.frames[0], self.fps, self._making, live=True)

    def _finish(self, event: Finished) -> None:
        if isinstance(event.result, Made):
            self._keep(event.result, event.seconds)
        else:
            self._hand_over(*event.result)

    def _keep(self, made: Made, seconds: float) -> None:
        """Put a clip into the history, and say what it was."""
        with self._together():
            self.current = self._history.add(made)
            self.history = self._history.cards()
            self._show_words(made)
            line = f"{made.recipe.note.capitalize()} in {seconds:.1f} s, seed {made.recipe.seed}."
            self._end(f"{line} {self._unknown(made)}".strip())

    @staticmethod
    def _unknown(made: Made) -> str:
        lines = made.clips.unknown[0] if made.clips.unknown else ()
        return f"{'; '.join(lines)}. The clip follows the rest." if lines else ""

    # --- showing ------------------------------------------------------------------------------------------------------

    def _show_last(self) -> None:
        """What was shown before, in the place of a preview."""
        if self.current:
            self._show_clip(self._history.find(self.current))
        else:
            with self._together():
                self.picture, self.sheet, self.live = b"", {}, False
                self.shown += 1

    def _show_clip(self, made: Made) -> None:
        with self._together():
            self._show_frames(made.clips.frames[0], made.clips.settings.fps, made.recipe.prompt, live=False)
            self._show_words(made)

    def _show_words(self, made: Made) -> None:
        """Its Python, and its grade unless other words have been typed since."""
        self.code = recipes.as_python(self.pipe, made)
        if self.form.get("prompt") == made.recipe.prompt:
            self._show_grade(made)

    def _show_grade(self, made: Made) -> None:
        request = self.pipe.world.parse(made.clips.segments[-1].texts[0])
        self.rows = graded_rows(self.pipe.world, request, made.clips.grades[-1])
        self.verdict = summary(made.clips.grades)

    def _show_frames(self, frames: Any, fps: float, label: str, live: bool) -> None:
        picture, sheet = pack_frames(frames)
        with self._together():
            self.picture, self.sheet, self.fps, self.label, self.live = picture, sheet, fps, label, live
            self.shown += 1

    # --- saving -------------------------------------------------------------------------------------------------------

    def _save(self, ending: str, view: str) -> bool:
        """Have the shown clip written into a file, for the view that asked for it; nothing while something is made."""
        check_format(ending)
        made, number = self._shown(), self.current

        def write(pipe: Watched) -> tuple[Saved, str, str]:
            name = f"minisora-{number}-seed-{made.recipe.seed}{ending}"
            return save_clip(made.clips, ending, pipe.report), name, view

        return self._begin(write, line="Writing the file", alone=False)

    def _hand_over(self, saved: Saved, name: str, view: str) -> None:
        """Send a file to the browser, which keeps it."""
        self.send({"kind": "file", "name": name, "type": FORMATS[saved.ending], "view": view}, [saved.content])
        self._end(f"Saved {name}: {saved.width}×{saved.height} pixels.")

    def _forget(self) -> None:
        self._history.clear()
        self.current = 0
        self.history, self.picture, self.rows = [], b"", []

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """The clip shown, with its grade; a first one is made where there is none yet."""
        if not self.current:
            self._open(self.generate)
        if not self.current:
            return None, "minisora studio: type a sentence and press Generate (needs a running kernel)"
        made = self._history.find(self.current)
        return made.clips.frames[0], f"{made.recipe.prompt} (seed {made.recipe.seed}): {summary(made.clips.grades)}"


def _about(pipe: TextToVideoPipeline) -> dict[str, Any]:
    """What a page needs to know once."""
    settings = pipe.settings()
    return {
        "chips": chip_groups(pipe.world),
        "sizes": _sizes(pipe, settings.height, settings.width),
        "formats": list(FORMATS),
        "example": EXAMPLE,
    }


def _sizes(pipe: TextToVideoPipeline, height: int, width: int) -> list[list[int]]:
    """Heights and widths to choose from: the checkpoint's own, and a wide and a tall one of about as many pixels."""
    multiple = pixels_of_a_patch(getattr(getattr(pipe.parts.denoiser, "config", None), "patch", 1))
    short = max(multiple, round(0.75 * min(height, width) / multiple) * multiple)
    long = max(multiple, round(1.25 * max(height, width) / multiple) * multiple)
    sizes = [[height, width], [short, long], [long, short]]
    return [size for k, size in enumerate(sizes) if size not in sizes[:k]]
