"""PSNR against torchmetrics, edges against blurs of known width, flicker against a known one."""

import dataclasses
import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics.functional.image import peak_signal_noise_ratio

from minisora.errors import ShapeError
from minisora.evaluation.sharpness import edge_distance, edge_width, flicker, psnr, still_ground
from minisora.world import SHAPES, Actor, Camera, Scene, Wall
from minisora.world.render import render_layers

RED = torch.tensor(SHAPES.colours["red"].rgb)
BLACK = torch.tensor(SHAPES.backgrounds["black"].rgb)
FRAMES = (5, 64, 64, 8.0)


def scene(shape: str = "circle", **fields: object) -> Scene:
    """A large red actor that moves a little, on black."""
    actor = Actor(shape, "red", "large", "moving right", "plain", 0.2, 0.2, (-0.05, 0.01))
    return dataclasses.replace(Scene("black", (actor,)), **fields)  # type: ignore[arg-type]


def blurred(clip: Tensor, sigma: float) -> Tensor:
    """Each frame under a Gaussian of known width, uint8."""
    line = torch.arange(-12, 13, dtype=torch.float64)
    kernel = torch.exp(-(line**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    frames = F.pad(clip.double().permute(0, 3, 1, 2), (12, 12, 12, 12), mode="replicate")
    frames = F.conv2d(frames, kernel.view(1, 1, 1, -1).expand(3, 1, 1, -1), groups=3)
    frames = F.conv2d(frames, kernel.view(1, 1, -1, 1).expand(3, 1, -1, 1), groups=3)
    return frames.permute(0, 2, 3, 1).round().to(torch.uint8)


def test_psnr_is_torchmetrics() -> None:
    clip = SHAPES.render(scene(), *FRAMES)
    noisy = (clip.float() + 9 * torch.randn(clip.shape)).clamp(0, 255).round().to(torch.uint8)
    theirs = peak_signal_noise_ratio(noisy.double(), clip.double(), data_range=255.0)
    assert psnr(noisy, clip) == pytest.approx(theirs.item())
    assert psnr(clip, clip) == 100
    with pytest.raises(ShapeError):
        psnr(clip[1:], clip)


# --- edges ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["circle", "square", "triangle", "star"])
def test_a_rendered_edge_is_a_ramp_of_one_pixel(shape: str) -> None:
    distance = edge_distance(SHAPES, scene(shape), *FRAMES)
    assert distance is not None
    assert edge_width(SHAPES.render(scene(shape), *FRAMES), distance, RED, BLACK) == pytest.approx(0.8, abs=0.12)


@pytest.mark.parametrize("sigma", [0.7, 1.0, 1.4])
def test_a_blurred_edge_has_the_width_of_its_blur(sigma: float) -> None:
    """A straight edge under a Gaussian rises from 10 to 90 % within 2.563 sigma; ramp and blur add in squares."""
    drawn = scene("square")
    distance = edge_distance(SHAPES, drawn, *FRAMES)
    assert distance is not None
    width = edge_width(blurred(SHAPES.render(drawn, *FRAMES), sigma), distance, RED, BLACK)
    assert width == pytest.approx(2.563 * math.hypot(sigma, math.sqrt(1 / 12)), rel=0.1)


def test_distance_is_negative_inside_and_where_the_circle_is() -> None:
    distance = edge_distance(SHAPES, scene(), *FRAMES)
    assert distance is not None
    assert distance[0, 32, 29].item() == pytest.approx(-0.2 * 64, abs=1)
    assert distance[4].argmin() % 64 > distance[0].argmin() % 64  # it moves right
    cover = render_layers(SHAPES, scene(), *FRAMES).covers[0]
    assert torch.equal(cover > 0.5, distance < 0)


def test_a_flat_clip_has_no_edge() -> None:
    distance = edge_distance(SHAPES, scene(), *FRAMES)
    assert distance is not None
    assert math.isnan(edge_width(torch.full((5, 64, 64, 3), 12, dtype=torch.uint8), distance, RED, BLACK))


def test_only_what_can_be_measured_is() -> None:
    actor = scene().actors[0]
    thin = dataclasses.replace(actor, shape="ring")
    small = dataclasses.replace(actor, radius=0.05)
    others = [
        scene(actors=(actor, actor)),
        scene(texture="grid"),
        scene(wall=Wall(0.3, 0.2)),
        scene(camera=Camera("zooming in", 0.2)),
        scene(actors=(thin,)),
        scene(actors=(small,)),
    ]
    assert all(edge_distance(SHAPES, other, *FRAMES) is None for other in others)


def test_frames_that_cut_the_actor_do_not_count() -> None:
    leaving = scene(actors=(dataclasses.replace(scene().actors[0], start=(0.15, 0.0), rate=0.4),))
    distance = edge_distance(SHAPES, leaving, *FRAMES)
    assert distance is not None
    assert not distance[0].isnan().any()
    assert distance[-1].isnan().all()


# --- flicker ----------------------------------------------------------------------------------------------------------


def test_flicker_is_the_mean_change() -> None:
    clip = torch.full((4, 8, 8, 3), 100, dtype=torch.uint8)
    ground = torch.ones(8, 8, dtype=torch.bool)
    assert flicker(clip, ground) == 0
    clip[1::2] += 2
    assert flicker(clip, ground) == 2
    ground[:] = False
    ground[0, 0] = True
    clip[:, 0, 0] = 7
    assert flicker(clip, ground) == 0
    assert math.isnan(flicker(clip, torch.zeros(8, 8, dtype=torch.bool)))


def test_ground_keeps_away_from_actors_and_walls() -> None:
    layers = render_layers(SHAPES, scene(wall=Wall(0.4, 0.05)), *FRAMES)
    ground = still_ground(layers)
    clip = layers.compose()
    assert (clip[:, ground] == BLACK).all()
    assert 0.3 < ground.float().mean() < 0.9
    assert flicker(clip, ground) == 0
    touched = F.max_pool2d((~ground)[None].float(), 3, 1, 1)[0] > 0
    ink = (layers.covers.amax(dim=(0, 1)) > 0) | (layers.wall[0] > 0)
    assert (touched & ~ink).any()
