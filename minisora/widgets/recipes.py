"""What the buttons do, each as a job for a worker and as the lines of Python that do the same without any widget."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from minisora.errors import PromptError, SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline import Clips, Settings, TextToVideoPipeline

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
    def of(cls, prompt: str, seed: int, settings: Settings) -> "Form":
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
        form: what stood in the fields; None is what a clip's own settings say.
    """

    note: str
    prompt: str
    seed: int
    lines: tuple[str, ...]
    job: Callable[[TextToVideoPipeline], Clips]
    calls: int = 1
    form: Form | None = None


@dataclass(frozen=True)
class Made:
    """A clip, and the recipe of it."""

    clips: Clips
    recipe: Recipe

    @property
    def form(self) -> Form:
        """What stood in the fields, with the clip's own words."""
        form, recipe = self.recipe.form, self.recipe
        if form is None:
            return Form.of(recipe.prompt, recipe.seed, self.clips.settings)
        return replace(form, prompt=recipe.prompt)


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
    said = _said(pipe, form, "num_frames", "height", "width", "num_inference_steps", "guidance_scale")
    line = f"clip = pipe({_written(repr(form.prompt), seed=form.seed, **said)})"

    def job(pipe: TextToVideoPipeline) -> Clips:
        return pipe(form.prompt, seed=form.seed, **said)

    return Recipe("generated", form.prompt, form.seed, (line,), job, form=form)


def extend(pipe: TextToVideoPipeline, made: Made, form: Form, seconds: float = EXTENSION) -> Recipe:
    """A clip gone on with, in its own words.

    Args:
        pipe: as of `generate`.
        made: the clip.
        form: its seed, steps and guidance count.
        seconds: how much longer.
    Returns:
        A recipe.
    Raises:
        SettingError: a number is out of range.
    """
    clips = made.clips
    named: dict[str, Any] = {"seconds": seconds, "seed": form.seed}
    call = f"extend({_written('clip', **named)})"
    return _after(pipe, made, "extended", made.recipe.prompt, form, call, lambda on: on.extend(clips, **named))


def animate(pipe: TextToVideoPipeline, made: Made, frame: int, form: Form) -> Recipe:
    """A clip that begins with a frame of another one.

    Args:
        pipe: as of `generate`.
        made: the other clip.
        frame: which frame of it, from 0.
        form: all but its size counts, which is the clip's.
    Returns:
        A recipe.
    Raises:
        SettingError: the clip has no such frame, or a number is out of range.
    """
    frames, prompt = made.clips.frames, form.prompt
    last = frames.shape[1] - 1
    if not 0 <= frame <= last:
        raise SettingError(f"frame={frame}, but the clip has frames 0 to {last}. Use frame={last}.")
    image, named = frames[0, frame], {**_said(pipe, form, "num_frames"), "seed": form.seed}
    call = f"animate({_written(f'clip.frames[0, {frame}]', repr(prompt), **named)})"
    note = f"from frame {frame + 1}"
    return _after(pipe, made, note, prompt, form, call, lambda on: on.animate(image, prompt, **named))


def loop(pipe: TextToVideoPipeline, made: Made, form: Form) -> Recipe:
    """A clip led back to its beginning, in its own words.

    Args:
        pipe: as of `generate`.
        made: the clip.
        form: its seed, steps and guidance count.
    Returns:
        A recipe.
    Raises:
        SettingError: a number is out of range.
    """
    clips, seed = made.clips, form.seed
    call = f"loop({_written('video=clip', seed=seed)})"
    return _after(pipe, made, "looped", made.recipe.prompt, form, call, lambda on: on.loop(video=clips, seed=seed))


def edit(pipe: TextToVideoPipeline, made: Made, form: Form) -> Recipe:
    """A clip with other words: what moves keeps its paths.

    Args:
        pipe: as of `generate`.
        made: the clip.
        form: its sentence, seed, steps and guidance count.
    Returns:
        A recipe.
    Raises:
        PromptError: the words are the clip's own.
        SettingError: a number is out of range.
    """
    prompt, seed = form.prompt, form.seed
    if prompt.strip() == made.recipe.prompt.strip():
        raise PromptError(
            "An edit gives the clip other words and keeps its paths. Change the sentence first, for example a colour."
        )
    frames = made.clips.frames[0]
    whole = 1 + (len(frames) - 1) // TIME * TIME  # what can be packed; a loop may be longer
    taken, given = ("clip", made.clips) if whole == len(frames) else (f"clip.frames[0, :{whole}]", frames[:whole])
    call = f"edit({_written(taken, repr(prompt), seed=seed)})"
    return _after(pipe, made, "edited", prompt, form, call, lambda on: on.edit(given, prompt, seed=seed))


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


# --- helpers ----------------------------------------------------------------------------------------------------------


def _after(
    pipe: TextToVideoPipeline,
    made: Made,
    note: str,
    prompt: str,
    form: Form,
    call: str,
    job: Callable[[TextToVideoPipeline], Clips],
) -> Recipe:
    """A verb on a clip that was made: `call` and `job` are the same, once written and once done."""
    said = _said(pipe, form, "num_inference_steps", "guidance_scale")
    on = f"pipe.with_settings({_written(**said)})" if said else "pipe"
    lines = (*made.recipe.lines, f"clip = {on}.{call}")
    return Recipe(note, prompt, form.seed, lines, lambda pipe: job(pipe.with_settings(**said)), form=form)


def _said(pipe: TextToVideoPipeline, form: Form, *names: str) -> dict[str, Any]:
    """Those settings of a form that are not the pipeline's own anyway; all that it says must be legal."""
    values: dict[str, Any] = {
        "num_frames": form.num_frames, "height": form.height, "width": form.width,
        "num_inference_steps": form.steps, "guidance_scale": form.guidance,
    }  # fmt: skip
    named, own = {name: values[name] for name in names}, pipe.settings()
    pipe.settings(**named)
    return {name: value for name, value in named.items() if value is not None and value != getattr(own, name)}


def _written(*given: str, **named: Any) -> str:
    """What stands between the brackets of a call."""
    return ", ".join([*given, *(f"{name}={value!r}" for name, value in named.items())])
