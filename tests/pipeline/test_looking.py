"""Where the denoiser looks: the passes are those of the sampling, and shares agree with each other."""

import pytest
import torch

from minisora.errors import SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.pipeline.looking import Looks, Pass, keep_passes, looks_of, passes_of

WORDS = "a red star moving up"
SMALL = {"num_frames": 9, "height": 32, "width": 48, "seed": 0, "guidance_scale": 2.0}


@pytest.fixture
def passes(tiny_pipe: TextToVideoPipeline) -> list[Pass]:
    return list(passes_of(tiny_pipe.stream(WORDS, **SMALL)))


@pytest.fixture
def looks(tiny_pipe: TextToVideoPipeline, passes: list[Pass]) -> Looks:
    return looks_of(tiny_pipe, passes[1], WORDS)


def test_a_pass_for_each_step_is_what_the_denoiser_was_given(tiny_pipe: TextToVideoPipeline) -> None:
    plain = {**SMALL, "guidance_scale": 1.0}
    sampling, other = tiny_pipe.stream(WORDS, **plain), tiny_pipe.stream(WORDS, **plain)
    denoiser = tiny_pipe.parts.denoiser
    for at, step in zip(passes_of(sampling), other, strict=True):
        with torch.inference_mode():
            guess = denoiser(at.noisy, at.time, at.text, fps=at.fps, layout=at.layout)
        if float(step.time.max()) > 0:  # the last guess is the clip itself
            torch.testing.assert_close(guess, step.clean)
    with keep_passes(denoiser) as kept:
        pass
    tiny_pipe(WORDS, **SMALL)
    assert kept == []


def test_all_looks_sum_to_one(looks: Looks) -> None:
    assert looks.grid == (3, 2, 3)
    assert looks.words == ("a", "red", "star", "moving", "up")
    assert looks.weights.shape == (2, 2, 3 * (6 + 4), 3 * (6 + 4) + 4)
    for layer, head in ((None, None), (0, None), (1, 1)):
        look = looks.from_place(1, 0, 2, layer, head)
        assert look.places.shape == (3, 2, 3)
        assert look.plan.shape == (3, 4)
        assert float(look.places.sum() + look.plan.sum() + look.words.sum()) == pytest.approx(1, abs=1e-5)
    heads = looks.by_head(1, 0, 2)
    torch.testing.assert_close(heads.sum(-1), torch.ones(2, 2))
    one = looks.from_place(1, 0, 2, 1, 0)
    torch.testing.assert_close(heads[1, 0, 0], one.places[1].sum())
    torch.testing.assert_close(heads[1, 0, 2], one.plan.sum())


def test_a_place_is_the_token_that_stands_there(tiny_pipe: TextToVideoPipeline, passes: list[Pass]) -> None:
    """What stands at a place is changed, and it is there that others see something else."""
    at = passes[1]
    noisy = at.noisy.clone()
    noisy[0, 2, 4:8, 8:12] += 3  # latent frame 2, row 1, column 2
    changed = Pass(noisy, at.time, at.text, at.fps, at.layout)
    one, other = (looks_of(tiny_pipe, each, WORDS).from_place(0, 0, 0, layer=0).places for each in (at, changed))
    apart = (one - other).abs()
    assert int(apart.argmax()) == 2 * 6 + 1 * 3 + 2


def test_a_word_is_seen_from_where_places_look_at_it(looks: Looks) -> None:
    seen = looks.from_word(2, layer=1)
    by_place = [[[looks.from_place(z, y, x, layer=1).words[2] for x in range(3)] for y in range(2)] for z in range(3)]
    torch.testing.assert_close(seen, torch.tensor(by_place))
    heads = looks.by_head_on_word(2)
    torch.testing.assert_close(heads.mean(), looks.from_word(2).mean())


@pytest.mark.parametrize("place", [{"frame": 3, "row": 0, "column": 0}, {"frame": 0, "row": 2, "column": 0},
                                   {"frame": 0, "row": 0, "column": -1}])  # fmt: skip
def test_what_is_not_there_is_refused(looks: Looks, place: dict) -> None:
    with pytest.raises(SettingError, match="counted from 0"):
        looks.from_place(**place)
    with pytest.raises(SettingError, match="word=9"):
        looks.from_word(9)
    with pytest.raises(SettingError, match="layer=2"):
        looks.from_word(0, layer=2)
