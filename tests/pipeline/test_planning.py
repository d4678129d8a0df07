"""Layouts that are drawn again until one shows what the words ask for."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.errors import SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.pipeline.planning import Judgement, best_plan, judge_plan
from minisora.pipeline.settings import Settings
from minisora.world import SHAPES, Actor, Scene
from minisora.world.layout import layout_of
from minisora.world.layout_code import layout_frames

RED = Actor("circle", "red", "small", "moving right", "plain", 0.1, 0.2, (-0.2, 0.0))
TEXT = "a small red circle moving right"


def plan(*actors: Actor) -> Tensor:
    return layout_frames(layout_of(SHAPES, Scene("black", actors), 17))


class Drawer:
    """Gives plans in turn, and counts how often it was asked."""

    def __init__(self, *rounds: list[Tensor]) -> None:
        self.rounds, self.noises = rounds, list[Tensor]()

    def __call__(self, noise: Tensor) -> Tensor:
        self.noises.append(noise)
        return torch.stack(self.rounds[len(self.noises) - 1])


def best(drawer: Drawer, texts: list[str], candidates: int, seeds: list[int] | None = None) -> Tensor:
    settings = Settings(layout_steps=2, layout_candidates=candidates)
    noise = torch.zeros(len(texts), 5, 4, 32)
    return best_plan(SHAPES, settings, texts, seeds or list(range(len(texts))), drawer, noise)


def test_a_right_plan_is_taken_as_it_is() -> None:
    drawer = Drawer([plan(RED)])
    assert torch.equal(best(drawer, [TEXT], 4)[0], plan(RED))
    assert len(drawer.noises) == 1


def test_one_candidate_is_never_judged() -> None:
    wrong = plan(replace(RED, colour="blue"))
    drawer = Drawer([wrong])
    assert torch.equal(best(drawer, [TEXT], 1)[0], wrong)


def test_a_wrong_plan_is_drawn_again_and_only_for_its_own_clip() -> None:
    blue, left = plan(replace(RED, colour="blue")), plan(replace(RED, motion="moving left", start=(0.2, 0.0)))
    drawer = Drawer([plan(RED), blue], [left, left], [left, plan(RED)], [left, left])
    found = best(drawer, [TEXT, TEXT], 4)
    assert torch.equal(found[0], plan(RED))
    assert torch.equal(found[1], plan(RED))
    assert len(drawer.noises) == 3  # then both are right


def test_the_least_wrong_plan_is_kept() -> None:
    two_words, one_word = plan(replace(RED, colour="blue", radius=0.2)), plan(replace(RED, colour="blue"))
    drawer = Drawer([two_words], [one_word], [two_words])
    assert torch.equal(best(drawer, [TEXT], 3)[0], one_word)


def test_further_noise_is_a_clips_own() -> None:
    blue = plan(replace(RED, colour="blue"))
    pair, alone = Drawer([blue, blue], [blue, blue]), Drawer([blue], [blue])
    best(pair, [TEXT, TEXT], 2, [7, 8])
    best(alone, [TEXT], 2, [8])
    assert torch.equal(pair.noises[1][1], alone.noises[1][0])
    assert not torch.equal(pair.noises[1][0], pair.noises[1][1])


def test_actors_that_cover_each_other_are_counted_as_wrong() -> None:
    request = SHAPES.parse("a red circle and a blue circle")
    settings = Settings(layout_steps=2)
    for gap, wrong in ((0.25, 0), (0.12, 1)):
        pair = [replace(RED, motion="staying still", rate=0.0, start=(side * gap / 2, 0.0)) for side in (-1, 1)]
        judged = judge_plan(SHAPES, settings, request, plan(pair[0], replace(pair[1], colour="blue")))
        assert judged == Judgement(wrong, pytest.approx(0, abs=1e-3))


def test_sentences_about_nobody_are_not_judged() -> None:
    empty = plan()
    drawer = Drawer([empty])
    assert torch.equal(best(drawer, ["black background"], 4)[0], empty)


def test_the_number_of_candidates_is_a_setting(tiny_pipe: TextToVideoPipeline) -> None:
    several = tiny_pipe.with_settings(layout_candidates=3)
    assert several.settings().layout_candidates == 3
    one, again = several(TEXT, seed=3), several([TEXT, TEXT], seed=[9, 3])
    np.testing.assert_allclose(one.frames[0].int(), again.frames[1].int(), atol=2)
    for wrong in (0, 65, 1.5):
        with pytest.raises(SettingError, match="layout_candidates"):
            tiny_pipe.with_settings(layout_candidates=wrong)
