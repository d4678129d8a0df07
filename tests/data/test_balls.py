"""Clips of balls show what their scene says."""

import json

import numpy as np
import pytest

from minisora.data import Bucket, bouncing_balls, decode_row
from minisora.data.balls import BallScene, describe_balls, hidden_balls, render_balls, sample_balls
from minisora.data.physics import Ball, simulate
from minisora.world import SHAPES, Wall


def scene_of(ball: Ball, gravity: float = 0.0, wall: Wall | None = None, seconds: float = 2.0) -> BallScene:
    """One red ball on black."""
    return BallScene(1.0, "black", ("red",), ("small",), simulate([ball], gravity, (0.5, 0.5), seconds), wall, seconds)


def test_rows_depend_on_seed_and_number_alone() -> None:
    rows = list(bouncing_balls(5, seed=1))
    assert list(bouncing_balls(5, seed=1, start=3)) == rows[3:]


def test_area_and_middle_of_a_ball() -> None:
    ball = Ball(0.1, -0.2, 0.0, 0.0, 0.15)
    frame = render_balls(scene_of(ball), Bucket(1, 128, 128), 8.0)[0].astype(float)
    black, red = (np.array(table.rgb, float) for table in (SHAPES.backgrounds["black"], SHAPES.colours["red"]))
    cover = (frame[..., 0] - black[0]) / (red[0] - black[0])
    assert cover.sum() / 128**2 == pytest.approx(ball.mass, rel=0.005)
    y, x = np.mgrid[:128, :128]
    middle = np.array([(cover * x).sum(), (cover * y).sum()]) / cover.sum() + 0.5
    np.testing.assert_allclose(middle / 128 - 0.5, [0.1, -0.2], atol=1e-3)


def test_a_wall_hides_what_is_behind_it() -> None:
    wall = Wall(0.0, 0.3)
    scene = scene_of(Ball(-0.4, 0.0, 0.4, 0.0, 0.08), wall=wall)
    assert hidden_balls(scene.history, wall, 2.0) == [0]
    frames = render_balls(scene, Bucket(17, 64, 64), 8.0)
    red = np.abs(frames.astype(int) - SHAPES.colours["red"].rgb).max(-1) < 30
    assert red[0].any()
    assert not red[8].any(), "after one second the ball is in the middle of the wall"
    assert red[16].any()


def test_the_json_holds_the_flights() -> None:
    for row in bouncing_balls(6):
        scene = json.loads(row["scene"] or "")
        assert scene["kind"] == "balls"
        balls = [[Ball(**ball) for ball in flight["balls"]] for flight in scene["history"]["flights"]]
        half = (0.5, 0.5)
        again = simulate(balls[0], scene["history"]["gravity"], half, scene["seconds"])
        assert [list(flight.balls) for flight in again.flights] == balls


def test_captions_name_what_is_seen() -> None:
    for row in bouncing_balls(40):
        scene, caption = json.loads(row["scene"] or ""), row["caption"]
        for size, colour in zip(scene["sizes"], scene["colours"], strict=True):
            assert f"a {size} {colour} ball" in caption
        assert scene["background"] in caption
        assert ("wall" in caption) == (scene["wall"] is not None)
        met = {event["kind"] for event in scene["history"]["events"]}
        assert ("hit each other" in caption or "collide" in caption) == ("pair" in met)
        assert ("without gravity" in caption or "weightlessly" in caption) == (scene["history"]["gravity"] == 0)


def test_verbs_agree_in_number() -> None:
    one = describe_balls(scene_of(Ball(0, 0, 0.1, 0, 0.1), gravity=1.2), np.random.default_rng(0))
    assert "bounces" in one


@pytest.mark.parametrize("aspect", [0.4, 1.0, 2.5])
def test_any_aspect(aspect: float) -> None:
    scene = sample_balls(np.random.default_rng(5), aspect)
    assert scene.aspect == aspect


def test_shapes_and_rates() -> None:
    row = next(bouncing_balls(1, num_frames=5, height=32, width=56, fps=24))
    assert decode_row(row).frames.shape == (5, 32, 56, 3)
    assert row["fps"] == 24
