"""Pixels against closed-form areas, places and colours, at any size, rate and length."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from minisora.errors import SettingError
from minisora.world import SHAPES, Actor, Camera, Scene, Wall
from minisora.world.render import camera_view, clip_times, pixel_centres, render_layers, screen_track
from minisora.world.sampling import RECIPES

SEEDS = st.integers(0, 2**32 - 1)


def actor(shape: str = "circle", motion: str = "staying still", **fields: object) -> Actor:
    """A red actor in the middle with some fields set."""
    base = Actor(shape, "red", "large", motion, "plain", radius=0.2, rate=0.2, start=(0.0, 0.0))
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


def scene(*actors: Actor, **fields: object) -> Scene:
    """A black scene with these actors."""
    return Scene(background="black", actors=actors, **fields)  # type: ignore[arg-type]


def centroid(cover: Tensor) -> np.ndarray:
    """Middle of the ink of (f, h, w) on the screen, (f, 2), in shorter sides."""
    x, y = pixel_centres(*cover.shape[1:])
    ink = cover.sum(dim=(1, 2))
    return torch.stack([(cover * x).sum(dim=(1, 2)) / ink, (cover * y[:, None]).sum(dim=(1, 2)) / ink], dim=1).numpy()


# --- areas and places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", list(SHAPES.shapes))
@pytest.mark.parametrize(("height", "width"), [(64, 64), (48, 80), (160, 120)])
def test_ink_is_the_area(shape: str, height: int, width: int) -> None:
    who = actor(shape, start=(0.013, -0.021))
    layers = render_layers(SHAPES, scene(who, aspect=width / height), 1, height, width)
    pixels = who.radius * min(height, width)
    assert layers.covers.sum().item() == pytest.approx(SHAPES.shapes[shape].area * pixels**2, rel=0.02)


@pytest.mark.parametrize("shape", list(SHAPES.shapes))
@given(x=st.floats(-0.25, 0.25), y=st.floats(-0.25, 0.25))
@settings(max_examples=20)
def test_middle_of_the_ink_is_the_place(shape: str, x: float, y: float) -> None:
    cover = render_layers(SHAPES, scene(actor(shape, start=(x, y))), 1).covers[0]
    assert np.allclose(centroid(cover), [[x, y]], atol=0.1 / 64)


@given(seed=SEEDS, name=st.sampled_from([n for n, m in SHAPES.motions.items() if m.common > 0]))
@settings(max_examples=40)
def test_pixels_move_as_the_motion_says(seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    fields = {"rate": 0.25, **SHAPES.motions[name].draft(rng, 0.1, 0.25, (0.5, 0.5), 2.0)}
    who = actor("square", name, radius=0.1, **fields)
    layers = render_layers(SHAPES, scene(who), 17)
    centres, radii = screen_track(SHAPES, scene(who), who, clip_times(17, 8.0))
    whole = np.abs(centres).max(axis=1) + 1.3 * radii < 0.5  # nothing cut off by the frame's edge
    assert np.allclose(centroid(layers.covers[0])[whole], centres[whole], atol=0.15 / 64)
    ink = layers.covers[0].sum(dim=(1, 2)).numpy()[whole]
    assert np.allclose(ink, SHAPES.shapes["square"].area * (radii[whole] * 64) ** 2, rtol=0.04)


def test_spinning_turns_clockwise_on_the_screen() -> None:
    who = actor("star", "spinning", heading=1.0, rate=0.2, radius=0.4)
    cover = render_layers(SHAPES, scene(who), 2, 128, 128, fps=8).covers[0]
    x, y = pixel_centres(128, 128)
    far = torch.hypot(x[None, :], y[:, None]) > 0.4 * 1.05  # only the tips of the star
    angle = torch.atan2(y[:, None].expand(128, 128), x[None, :].expand(128, 128))
    tip = [float((angle * frame * far)[:64].sum() / (frame * far)[:64].sum()) for frame in cover]
    assert tip[0] == pytest.approx(-math.pi / 2, abs=0.02)  # mirrored left to right: the mean points up
    turn = 9.0 * 0.2 / 8
    near_top = (angle + math.pi / 2).abs() < 0.5
    mean = float((angle * cover[1] * far * near_top).sum() / (cover[1] * far * near_top).sum())
    assert mean + math.pi / 2 == pytest.approx(turn, abs=0.03)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 96), (200, 120), (9, 8)])
def test_pixel_centres_lie_in_the_frame_and_are_mirrored(height: int, width: int) -> None:
    x, y = pixel_centres(height, width)
    assert torch.allclose(x, -x.flip(0))
    assert torch.allclose(y, -y.flip(0))
    pixel = 1 / min(height, width)
    assert x[0].item() == pytest.approx(-width / min(height, width) / 2 + pixel / 2)
    assert (y[1] - y[0]).item() == pytest.approx(pixel)


def test_the_same_picture_at_another_size() -> None:
    drawn = SHAPES.sample(np.random.default_rng(5), "two")
    small, large = SHAPES.render(drawn, 3, 64, 64), SHAPES.render(drawn, 3, 256, 256)
    pooled = large.float().reshape(3, 64, 4, 64, 4, 3).mean(dim=(2, 4))
    assert (pooled - small.float()).abs().mean() < 0.5
    assert (pooled - small.float()).abs().max() < 60  # at corners, where one ramp is not four


# --- colours and layers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", list(SHAPES.colours))
@pytest.mark.parametrize("background", list(SHAPES.backgrounds))
def test_colours_are_those_of_the_tables(colour: str, background: str) -> None:
    who = actor("square", colour=colour)
    clip = SHAPES.render(dataclasses.replace(scene(who), background=background), 1)
    assert tuple(clip[0, 32, 32].tolist()) == SHAPES.colours[colour].rgb
    assert tuple(clip[0, 0, 0].tolist()) == SHAPES.backgrounds[background].rgb


def test_later_actors_are_drawn_over_earlier_ones_and_the_wall_over_all() -> None:
    red, blue = actor("square"), actor("square", colour="blue", start=(0.1, 0.0))
    clip = SHAPES.render(scene(red, blue), 1)
    assert tuple(clip[0, 32, 34].tolist()) == SHAPES.colours["blue"].rgb
    clip = SHAPES.render(scene(blue, red), 1)
    assert tuple(clip[0, 32, 34].tolist()) == SHAPES.colours["red"].rgb
    clip = SHAPES.render(scene(red, blue, wall=Wall(0.0, 0.25)), 1)
    assert tuple(clip[0, 32, 34].tolist()) == SHAPES.wall_rgb
    assert (clip[0] == torch.tensor(SHAPES.wall_rgb, dtype=torch.uint8)).all(dim=-1).sum() == 16 * 64


@given(seed=SEEDS, kind=st.sampled_from(list(RECIPES)))
@settings(max_examples=30)
def test_what_is_visible_adds_up_to_the_clip(seed: int, kind: str) -> None:
    drawn = SHAPES.sample(np.random.default_rng(seed), kind)
    layers = render_layers(SHAPES, drawn, 5, fps=2)
    visible = layers.visible()
    assert visible.min() >= 0
    assert (visible <= layers.covers + 1e-6).all()
    free = (1 - layers.covers).prod(dim=0) * (1 - layers.wall)
    assert torch.allclose(visible.sum(dim=0) + layers.wall + free, torch.ones(()), atol=1e-5)
    summed = layers.ground * free[..., None] + layers.wall[..., None] * layers.wall_picture
    summed = summed + torch.einsum("nfhw,nc->fhwc", visible, layers.colours)
    assert (summed * 255 - layers.compose().float()).abs().max() <= 0.51


# --- the camera -------------------------------------------------------------------------------------------------------


def filmed(move: str, who: Actor) -> Scene:
    """An actor on a grid under a moving camera."""
    return scene(who, texture="grid", camera=Camera(move, 0.2))


@pytest.mark.parametrize(("move", "way"), [("panning left", 1), ("panning right", -1)])
def test_a_pan_shifts_actors_and_ground_the_other_way(move: str, way: int) -> None:
    panned = filmed(move, actor(start=(0.0, 0.1), radius=0.1))
    layers = render_layers(SHAPES, panned, 9, 64, 64)
    shift = centroid(layers.covers[0])[-1] - centroid(layers.covers[0])[0]
    assert shift == pytest.approx([way * 0.2, 0.0], abs=2e-3)
    later = render_layers(SHAPES, panned, 41, 64, 64).ground  # after 5 s: a shift of 1, so four spacings of the grid
    assert torch.allclose(later[-1], later[0], atol=0.01)
    assert not torch.allclose(later[4], later[0], atol=0.05)


@pytest.mark.parametrize(("move", "sign"), [("zooming in", 1), ("zooming out", -1)])
def test_a_zoom_scales_sizes_and_places(move: str, sign: int) -> None:
    zoomed = filmed(move, actor(start=(0.1, -0.05), radius=0.1))
    layers = render_layers(SHAPES, zoomed, 17, 128, 128)
    factor = math.exp(sign * 0.2 * 2)
    ink = layers.covers[0].sum(dim=(1, 2))
    assert (ink[-1] / ink[0]).item() == pytest.approx(factor**2, rel=0.01)
    assert centroid(layers.covers[0])[-1] == pytest.approx([0.1 * factor, -0.05 * factor], abs=1e-3)


def test_a_still_camera_changes_nothing() -> None:
    view = camera_view(SHAPES, scene(), clip_times(5, 8.0))
    assert torch.equal(view.zoom, torch.ones(5))
    assert torch.equal(view.offset_x, torch.zeros(5))


@given(seed=SEEDS)
@settings(max_examples=30)
def test_screen_track_is_where_the_pixels_are(seed: int) -> None:
    drawn = SHAPES.sample(np.random.default_rng(seed), "camera")
    layers = render_layers(SHAPES, drawn, 17)
    for cover, who in zip(layers.covers, drawn.actors, strict=True):
        centres, radii = screen_track(SHAPES, drawn, who, clip_times(17, 8.0))
        whole = np.abs(centres).max(axis=1) + 1.3 * radii < 0.5
        assert np.allclose(centroid(cover)[whole], centres[whole], atol=0.2 / 64)


# --- any size, rate and length ----------------------------------------------------------------------------------------


@given(
    seed=SEEDS,
    frames=st.integers(1, 9),
    height=st.integers(8, 90),
    width=st.integers(8, 90),
    fps=st.floats(0.5, 60),
    start=st.floats(0, 60),
)
@settings(max_examples=60)
def test_any_size_rate_and_start(seed: int, frames: int, height: int, width: int, fps: float, start: float) -> None:
    drawn = SHAPES.sample(np.random.default_rng(seed))
    clip = SHAPES.render(drawn, frames, height, width, fps, start)
    assert clip.shape == (frames, height, width, 3)
    assert clip.dtype == torch.uint8


@given(seed=SEEDS, aspect=st.floats(0.45, 2.2))
@settings(max_examples=25)
def test_the_window_leaves_nothing_out(seed: int, aspect: float) -> None:
    """An actor is drawn in a window; the distances of the whole frame give the same cover."""
    drawn = SHAPES.sample(np.random.default_rng(seed), aspect=aspect)
    height, width = (round(40 / aspect), 40) if aspect < 1 else (40, round(40 * aspect))
    layers = render_layers(SHAPES, drawn, 5, height, width, fps=2)
    x, y = pixel_centres(height, width)
    for cover, who in zip(layers.covers, drawn.actors, strict=True):
        centres, radii = screen_track(SHAPES, drawn, who, clip_times(5, 2.0))
        angle = SHAPES.motions[who.motion].path(who, clip_times(5, 2.0), drawn.half).angle
        for frame, ((cx, cy), radius, turn) in enumerate(zip(centres, radii, angle, strict=True)):
            dx, dy = (x[None, :] - cx) / radius, (y[:, None] - cy) / radius
            cos, sin = math.cos(turn), math.sin(turn)
            distance = SHAPES.shapes[who.shape].distance(cos * dx + sin * dy, cos * dy - sin * dx)
            whole = (0.5 - distance * radius * min(height, width)).clamp(0, 1)
            assert torch.allclose(cover[frame], whole, atol=1e-3)


def test_start_is_a_window_of_a_longer_clip() -> None:
    drawn = SHAPES.sample(np.random.default_rng(1), "three")
    assert torch.equal(SHAPES.render(drawn, 17)[6:], SHAPES.render(drawn, 11, start=6 / 8))


def test_a_higher_rate_shows_the_same_moments() -> None:
    drawn = SHAPES.sample(np.random.default_rng(2), "two")
    assert torch.equal(SHAPES.render(drawn, 33, fps=16)[::2], SHAPES.render(drawn, 17))


def test_an_empty_scene_is_its_ground() -> None:
    clip = SHAPES.render(scene(), 2)
    assert (clip == torch.tensor(SHAPES.backgrounds["black"].rgb, dtype=torch.uint8)).all()


@pytest.mark.parametrize(
    "wrong",
    [{"num_frames": 0}, {"height": 7}, {"width": 0}, {"fps": 0.0}, {"fps": -8.0}, {"fps": math.nan}, {"fps": math.inf}],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingError, match=f"{next(iter(wrong.values()))}".replace("-", "")):
        SHAPES.render(scene(actor()), **wrong)  # type: ignore[arg-type]
