"""`Timeline`: a storyboard. Drag sentences and given frames on a time axis, and have the take made."""

from typing import Any

import traitlets

from minisora.errors import SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline import Clips, TextToVideoPipeline
from minisora.widgets import boards, recipes
from minisora.widgets.assets import script, style
from minisora.widgets.boards import Part, Pinned
from minisora.widgets.fields import read_seed
from minisora.widgets.maker import Action, Maker
from minisora.widgets.recipes import Made, Recipe
from minisora.widgets.sheets import frame_png, pack_frames
from minisora.widgets.verdicts import summary
from minisora.widgets.worker import Finished, Progress

__all__ = ["Timeline"]

BOARD = ((0.0, "a large red star staying still"), (2.0, "a large red star moving up"))


class Timeline(Maker):
    """The storyboard as a widget. `.clips` is the last take, `.board` what stands on the axis."""

    _esm = script("timeline.js")
    _css = style("base.css", "player.css", "form.css", "timeline.css")

    about = traitlets.Dict().tag(sync=True)
    pins: Any = traitlets.List().tag(sync=True)  # {"id", "at", "picture"} for each given frame
    verdicts: Any = traitlets.List().tag(sync=True)  # a line for each sentence
    picture = traitlets.Bytes(b"").tag(sync=True)
    sheet = traitlets.Dict().tag(sync=True)
    fps = traitlets.Float(8.0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        pipe: TextToVideoPipeline,
        board: Any = BOARD,
        seconds: float = 4.0,
        seed: int = 0,
        opening: bool = True,
    ) -> None:
        """Lay out the storyboard.

        Args:
            pipe: makes the take.
            board: [(0.0, "…"), (2.0, "…")], seconds first, as of `pipe.storyboard`.
            seconds: of the take.
            seed: of the noise.
            opening: make a first take when it is shown, so that there is something to see at once.
        Raises:
            SettingError: it is too long.
        """
        settings = pipe.settings()
        frames = boards.snap_length(seconds, settings.fps)
        parts = [{"start": float(start), "text": text} for start, text in board]
        about = {"group": TIME, "height": settings.height, "width": settings.width}
        form = {"parts": parts, "num_frames": frames, "seed": seed}
        super().__init__(pipe, about=about, form=form, fps=settings.fps)
        self.opening = opening
        self._made: Made | None = None
        self._pinned: dict[int, Pinned] = {}
        self._last_pin = 0

    @property
    def clips(self) -> Clips | None:
        """The last take; None before there is one."""
        return None if self._made is None else self._made.clips

    @property
    def board(self) -> list[tuple[float, str]]:
        """What stands on the axis, as `pipe.storyboard` takes it."""
        return [(float(part["start"]), str(part["text"])) for part in self.form["parts"]]

    def generate(self) -> bool:
        """Begin the take; nothing happens while one is being made.

        Returns:
            Whether it was begun.
        Raises:
            SettingError: the storyboard makes no take.
        """
        if self._worker.running:
            return False
        recipe = self._plan()
        return self._begin(lambda pipe: self._make(pipe, recipe))

    def pin(self, frame: int, at: int) -> None:
        """Give a frame of the take that is shown: the next take must go through it.

        Args:
            frame: of the take that is shown.
            at: which frame of the next one it must be; the nearest legal one is taken.
        Raises:
            SettingError: there is no take, or no such frame.
        """
        if self._made is None:
            raise SettingError("There is no take yet to keep a frame of. Press Make the take first.")
        last = self._made.clips.frames.shape[1] - 1
        if not 0 <= frame <= last:
            raise SettingError(f"frame={frame}, but the take has frames 0 to {last}. Use frame={last}.")
        self._last_pin += 1
        self._pinned[self._last_pin] = Pinned(self._made, frame, boards.snap_frame(at, int(self.form["num_frames"])))
        self._show_pins()

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {
            "generate": lambda _: self.generate(),
            "pin": lambda said: self.pin(int(said["frame"]), int(said["at"])),
            "move": lambda said: self._move(int(said["id"]), int(said["at"])),
            "unpin": lambda said: self._unpin(int(said["id"])),
            "typed": lambda _: None,
        }

    def _move(self, number: int, at: int) -> None:
        pin = self._pinned[number]
        place = boards.snap_frame(at, int(self.form["num_frames"]))
        self._pinned[number] = Pinned(pin.made, pin.frame, place)
        self._show_pins()

    def _unpin(self, number: int) -> None:
        self._pinned.pop(number, None)
        self._show_pins()

    def _show_pins(self) -> None:
        self.pins = [
            {"id": number, "at": pin.at, "picture": frame_png(pin.made.clips.frames[0, pin.frame])}
            for number, pin in sorted(self._pinned.items(), key=lambda item: item[1].at)
        ]

    def _plan(self) -> Recipe:
        seed = read_seed(self.form)
        parts = [Part(start, text) for start, text in self.board]
        frames = boards.snap_length((int(self.form["num_frames"]) - 1) / self.fps, self.fps)
        return boards.film(parts, list(self._pinned.values()), frames, seed, self.fps)

    # --- making -------------------------------------------------------------------------------------------------------

    def _make(self, pipe: TextToVideoPipeline, recipe: Recipe) -> Made:
        """In the thread: the take, then the grade of each of its parts."""
        made = Made(recipe.job(pipe), recipe)
        self._show_frames(made.clips.frames[0], live=False)
        _ = made.clips.grades
        return made

    def _show_progress(self, event: Progress) -> None:
        with self._together():
            super()._show_progress(event)
            if event.frames is not None:
                self._show_frames(event.frames[0], live=True)

    def _finish(self, event: Finished) -> None:
        made: Made = event.result
        self._made = made
        with self._together():
            self._show_take(made)
            self._end(
                f"A take of {made.clips.frames.shape[1]} frames in {event.seconds:.1f} s, seed {made.recipe.seed}."
            )

    def _show_take(self, made: Made) -> None:
        self.verdicts = [summary([grade]) for grade in made.clips.grades]
        self.code = recipes.as_python(self.pipe, made)

    def _show_last(self) -> None:
        if self._made is not None:
            self._show_frames(self._made.clips.frames[0], live=False)
            return
        with self._together():
            self.picture, self.sheet, self.live = b"", {}, False
            self.shown += 1

    def _show_frames(self, frames: Any, live: bool) -> None:
        picture, sheet = pack_frames(frames)
        with self._together():
            self.picture, self.sheet, self.live = picture, sheet, live
            self.label = " | ".join(text for _, text in self.board)
            self.shown += 1

    def _forget(self) -> None:
        self._made, self._pinned = None, {}
        self.pins, self.picture = [], b""

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """The take, and its storyboard; a first one is made where there is none yet."""
        if self._made is None:
            self._open(self.generate)
        if self._made is None:
            return None, "minisora storyboard: press Make the take (needs a running kernel)"
        return self._made.clips.frames[0], f"{self._made.recipe.prompt}. {self.status}"
