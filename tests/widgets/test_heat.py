"""Attention over frames and in words."""

import numpy as np
import torch

from minisora.pipeline.looking import Look
from minisora.widgets.heat import HEAT, STRONGEST, frame_of, frames_name, heat_on, look_line, plan_names


def test_latent_frames_stand_for_frames() -> None:
    assert [frame_of(z) for z in range(3)] == [0, 3, 7]
    assert [frames_name(z) for z in range(3)] == ["frame 1", "frames 2 to 5", "frames 6 to 9"]


def test_plans_have_actors_and_a_scene() -> None:
    assert plan_names(4) == ["actor 1", "actor 2", "actor 3", "the scene"]
    assert plan_names(0) == []


def test_heat_is_where_the_shares_are() -> None:
    frames = np.full((5, 8, 8, 3), 100, np.uint8)
    places = np.zeros((2, 2, 2))
    places[1, 0, 1], places[0, 1, 0] = 0.2, 0.1
    hot = heat_on(frames, places)
    assert hot.shape == (2, 8, 8, 3)
    full = [100 + STRONGEST * (c - 100) for c in HEAT]
    half = [100 + STRONGEST / 2 * (c - 100) for c in HEAT]
    assert np.allclose(hot[1, :4, 4:], full, atol=0.51)
    assert np.allclose(hot[0, 4:, :4], half, atol=0.51)
    assert (hot[1, 4:] == 100).all()
    assert (heat_on(frames, np.zeros((2, 2, 2))) == 100).all()


def test_a_look_in_words() -> None:
    look = Look(torch.zeros(1, 1, 1), torch.zeros(1, 0), torch.tensor([0.1, 0.3]))
    line = look_line(look, [0.2, 0.3, 0.1, 0.4], ["a", "red"])
    assert line == "20 % this frame, 30 % other frames, 10 % plan, 40 % words; of the words most on “red”."
    assert look_line(look, [1, 0, 0, 0], []).endswith("0 % words.")
