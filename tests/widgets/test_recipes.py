"""Every button is also Python: the lines that are copied make the same bytes."""

from dataclasses import replace

import pytest
import torch

from minisora.errors import PromptError, SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import recipes
from minisora.widgets.recipes import Form, Made

FORM = Form("a red star", seed=3, num_frames=9, height=64, width=64, steps=2)


@pytest.fixture
def made(tiny_pipe: TextToVideoPipeline) -> Made:
    recipe = recipes.generate(tiny_pipe, FORM)
    return Made(recipe.job(tiny_pipe), recipe)


def run(pipe: TextToVideoPipeline, made: Made, tmp_path, monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    """What the copied script makes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TextToVideoPipeline, "from_pretrained", lambda name: pipe)
    names: dict = {}
    exec(recipes.as_python(pipe, made), names)  # noqa: S102 - that is what it is for
    assert (tmp_path / "clip.mp4").exists()
    return names["clip"].frames


def test_only_what_differs_is_said(tiny_pipe: TextToVideoPipeline) -> None:
    own = tiny_pipe.settings()
    plain = recipes.generate(tiny_pipe, Form.of("a red star", 0, own))
    assert plain.lines == ("clip = pipe('a red star', seed=0)",)
    other = recipes.generate(tiny_pipe, Form("a red star", 0, 9, own.height, own.width, own.num_inference_steps, 1.5))
    assert other.lines == ("clip = pipe('a red star', seed=0, num_frames=9, guidance_scale=1.5)",)


@pytest.mark.parametrize("guidance", [None, 1.5])
@pytest.mark.parametrize("verb", ["generate", "extend", "animate", "loop", "edit"])
def test_the_copied_lines_make_the_same_clip(
    verb: str,
    guidance: float | None,
    made: Made,
    tiny_pipe: TextToVideoPipeline,
    tmp_path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = replace(FORM, seed=5, guidance=guidance)
    after = {
        "extend": lambda: recipes.extend(tiny_pipe, made, form, seconds=0.5),
        "animate": lambda: recipes.animate(tiny_pipe, made, 4, replace(form, prompt="a 'red' star\nfalling")),
        "loop": lambda: recipes.loop(tiny_pipe, made, form),
        "edit": lambda: recipes.edit(tiny_pipe, made, replace(form, prompt="a blue star")),
    }
    if verb != "generate":
        recipe = after[verb]()
        made = Made(recipe.job(tiny_pipe), recipe)
    assert torch.equal(run(tiny_pipe, made, tmp_path, monkeypatch), made.clips.frames)


def test_buttons_take_the_steps_and_the_guidance_of_the_fields(made: Made, tiny_pipe: TextToVideoPipeline) -> None:
    form = replace(FORM, steps=5, guidance=1.5, prompt="a blue star")
    for recipe in (
        recipes.extend(tiny_pipe, made, form, seconds=0.5),
        recipes.animate(tiny_pipe, made, 0, form),
        recipes.loop(tiny_pipe, made, form),
        recipes.edit(tiny_pipe, made, form),
    ):
        assert "pipe.with_settings(num_inference_steps=5, guidance_scale=1.5)." in recipe.lines[-1]
        settings = recipe.job(tiny_pipe).settings
        assert (settings.num_inference_steps, settings.guidance_scale) == (5, 1.5)
    assert tiny_pipe.settings().num_inference_steps != 5


def test_a_clip_remembers_what_stood_in_the_fields(made: Made, tiny_pipe: TextToVideoPipeline) -> None:
    form = replace(FORM, prompt="something else")
    recipe = recipes.extend(tiny_pipe, made, form, seconds=0.5)
    assert Made(recipe.job(tiny_pipe), recipe).form == replace(form, prompt="a red star")


def test_an_edit_of_a_loop_takes_what_can_be_packed(made: Made, tiny_pipe: TextToVideoPipeline) -> None:
    odd = Made(made.clips, made.recipe)
    object.__setattr__(odd.clips, "frames", odd.clips.frames[:, :7])
    recipe = recipes.edit(tiny_pipe, odd, replace(FORM, prompt="a blue star"))
    assert "clip.frames[0, :5]" in recipe.lines[-1]


def test_mistakes_are_sentences(made: Made, tiny_pipe: TextToVideoPipeline) -> None:
    with pytest.raises(PromptError, match="Change the sentence"):
        recipes.edit(tiny_pipe, made, replace(FORM, prompt=" a red star"))
    with pytest.raises(SettingError, match="Use frame=8"):
        recipes.animate(tiny_pipe, made, 99, FORM)
    with pytest.raises(SettingError, match="at least one step"):
        recipes.extend(tiny_pipe, made, replace(FORM, steps=0))
    with pytest.raises(SettingError, match="num_frames=17 or 21"):
        recipes.generate(tiny_pipe, Form("a red star", num_frames=18))
