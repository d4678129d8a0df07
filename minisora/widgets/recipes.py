"""What the buttons do, each as a job for a worker and as the lines of Python that do the same without any widget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minisora.errors import PromptError, SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline import Clips, TextToVideoPipeline

if TYPE_CHECKING:
    from minisora.pipeline import Settings

__all__ = ["Form", "Made", "Recipe", "animate", "as_python", "edit", "extend", "generate", "loop"]

EXTENSION = 2.0  # seconds


@dataclass(frozen=True)
class Form:
    """What stands in the fields.

    Attributes:
        prompt: a sentence.
        seed: of the noise.
        num_frames, height, width, steps: numbers of the clip.
        guidance: None is what the checkpoint recommends.
    """

    prompt: str
    seed: int = 0
    num_frames: int = 17
    height: int = 64
    width: int = 64
    steps: int = 12
    guidance: float | None = None

    @classmethod
    def of(cls, prompt: str, seed: int, settings: "Settings") -> "Form":
        """What the fields would say for a clip.

        Args:
            prompt, seed: of the clip.
            settings: of the clip.
        Returns:
            A form.
        """
        return cls(
            prompt, seed, settings.num_frames, settings.height, settings.width,
            settings.num_inference_steps, settings.guidance_scale,
        )  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """Something to make.

    Attributes:
        note: what it is, in a word or two.
        prompt, seed: of the clip to come.
        lines: Python that makes it, with `pipe` and, where it starts from a clip, `clip`.
        job: the same as a function of a pipeline.
        calls: how often that calls the pipeline.
    """

    note: str
    prompt: str
    seed: int
    lines: tuple[str, ...]
    job: Callable[[TextToVideoPipeline], Clips]
    calls: int = 1


@dataclass(frozen=True)
class Made:
    """A clip, and the recipe of it."""

    clips: Clips
    recipe: Recipe

    @property
    def form(self) -> Form:
        """What stood in the fields."""
        return Form.of(self.recipe.prompt, self.recipe.seed, self.clips.settings)


def generate(pipe: TextToVideoPipeline, form: Form) -> Recipe:
    """A clip from a sentence.

    Args:
        pipe: whose own settings go without saying in Python.
        form: what to make.
    Returns:
        A recipe.
    Raises:
        SettingError: a number is out of range.
    """
    named = {
        "num_frames": form.num_frames, "height": form.height, "width": form.width,
        "num_inference_steps": form.steps, "guidance_scale": form.guidance,
    }  # fmt: skip
    usual = pipe.settings()
    pipe.settings(**named)  # type: ignore[arg-type]
    said = {name: value for name, value in named.items() if value is not None and value != getattr(usual, name)}
    more = "".join(f", {name}={value!r}" for name, value in said.items())

    def job(pipe: TextToVideoPipeline) -> Clips:
        return pipe(form.prompt, seed=form.seed, **said)  # type: ignore[arg-type]

    line = f"clip = pipe({form.prompt!r}, seed={form.seed}{more})"
    return Recipe("generated", form.prompt, form.seed, (line,), job)


def extend(made: Made, seed: int, seconds: float = EXTENSION) -> Recipe:
    """A clip gone on with.

    Args:
        made: the clip.
        seed: of the noise.
        seconds: how much longer.
    Returns:
        A recipe.
    """
    line = f"clip = pipe.extend(clip, seconds={seconds:g}, seed={seed})"
    clips = made.clips
    return _after(
        made, "extended", made.recipe.prompt, seed, line, lambda pipe: pipe.extend(clips, seconds=seconds, seed=seed)
    )


def animate(made: Made, frame: int, prompt: str, seed: int) -> Recipe:
    """A clip that begins with a frame of another one.

    Args:
        made: the clip.
        frame: which frame of it, from 0.
        prompt: what is to happen.
        seed: of the noise.
    Returns:
        A recipe.
    Raises:
        SettingError: the clip has no such frame.
    """
    frames = made.clips.frames
    last = frames.shape[1] - 1
    if not 0 <= frame <= last:
        raise SettingError(f"frame={frame}, but the clip has frames 0 to {last}. Use frame={last}.")
    image = frames[0, frame]
    line = f"clip = pipe.animate(clip.frames[0, {frame}], {prompt!r}, seed={seed})"
    note = f"from frame {frame + 1}"
    return _after(made, note, prompt, seed, line, lambda pipe: pipe.animate(image, prompt, seed=seed))


def loop(made: Made, seed: int) -> Recipe:
    """A clip led back to its beginning.

    Args:
        made: the clip.
        seed: of the noise.
    Returns:
        A recipe.
    """
    clips = made.clips
    line = f"clip = pipe.loop(video=clip, seed={seed})"
    return _after(made, "looped", made.recipe.prompt, seed, line, lambda pipe: pipe.loop(video=clips, seed=seed))


def edit(made: Made, prompt: str, seed: int) -> Recipe:
    """A clip with other words: what moves keeps its paths.

    Args:
        made: the clip.
        prompt: the new words.
        seed: of the noise.
    Returns:
        A recipe.
    Raises:
        PromptError: the words are the clip's own.
    """
    if prompt.strip() == made.recipe.prompt.strip():
        raise PromptError(
            "An edit gives the clip other words and keeps its paths. Change the sentence first, for example a colour."
        )
    frames = made.clips.frames[0]
    whole = 1 + (len(frames) - 1) // TIME * TIME  # what can be packed; a loop may be longer
    part = frames[:whole]
    taken = "clip" if whole == len(frames) else f"clip.frames[0, :{whole}]"
    given = made.clips if whole == len(frames) else part
    line = f"clip = pipe.edit({taken}, {prompt!r}, seed={seed})"
    return _after(made, "edited", prompt, seed, line, lambda pipe: pipe.edit(given, prompt, seed=seed))


def as_python(pipe: TextToVideoPipeline, made: Made) -> str:
    """A script that makes a clip again.

    Args:
        pipe: that made it.
        made: the clip.
    Returns:
        Python; it ends with saving the clip.
    """
    name = str(pipe.parts.config.get("name", "nano"))
    imported = "Condition, TextToVideoPipeline" if "Condition(" in made.recipe.lines[-1] else "TextToVideoPipeline"
    lines = [
        f"from minisora import {imported}",
        "",
        f"pipe = TextToVideoPipeline.from_pretrained({name!r})",
        *made.recipe.lines,
        'clip.save("clip.mp4", scale=8)',
    ]
    return "\n".join(lines) + "\n"


def _after(
    made: Made, note: str, prompt: str, seed: int, line: str, job: Callable[[TextToVideoPipeline], Clips]
) -> Recipe:
    return Recipe(note, prompt, seed, (*made.recipe.lines, line), job)
