"""Forms against closed forms, and against distances to points that lie on their edge."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.world.stage import drawing
from minisora.world.stage.drawing import Form

POINTS = 400
NEAR = 0.05  # radii: where pixels are blended
REST = torch.zeros((), dtype=torch.float64)
TURN = 2 * math.pi


def points(seed: int = 0, reach: float = 1.5) -> tuple[Tensor, Tensor]:
    """Places x, y (n,) all over a character."""
    places = torch.rand(2, POINTS, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return tuple(reach * (2 * places - 1))  # type: ignore[return-value]


def to_edge(x: Tensor, y: Tensor, edge: np.ndarray) -> Tensor:
    """Distance (n,) of each point to the nearest of many points (m, 2) on an edge."""
    return torch.hypot(x[:, None] - torch.as_tensor(edge[:, 0]), y[:, None] - torch.as_tensor(edge[:, 1])).amin(dim=1)


def sides(*corners: tuple[float, float]) -> np.ndarray:
    """Points (m, 2) along the sides of a polygon."""
    steps = np.linspace(0, 1, 4000)[:, None]
    ends = zip(corners, (*corners[1:], corners[0]), strict=True)
    return np.concatenate([np.array(a) + steps * (np.array(b) - np.array(a)) for a, b in ends])


def arc(radius: float, x: float = 0.0, y: float = 0.0, wide: float = 1.0) -> np.ndarray:
    """Points (m, 2) on a circle, or on an ellipse `wide` times as wide."""
    angle = np.linspace(0, TURN, 20000)
    return np.stack([x + wide * radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def left(corners: list[tuple[float, float]]) -> Callable[[Tensor, Tensor], Tensor]:
    """Whether points lie in a convex polygon: on the same side of all its sides."""

    def inside(x: Tensor, y: Tensor) -> Tensor:
        crosses = [
            (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True)
        ]
        return (torch.stack(crosses) > 0).all(dim=0) | (torch.stack(crosses) < 0).all(dim=0)

    return inside


KITE = [(-0.7, 0.1), (0.2, -0.6), (0.9, 0.0), (0.1, 0.5)]
EXACT: dict[str, tuple[Form, np.ndarray, Callable[[Tensor, Tensor], Tensor]]] = {
    "disc": (drawing.disc(0.7), arc(0.7), lambda x, y: x**2 + y**2 < 0.49),
    "ring": (
        drawing.ring(0.6, 0.3),
        np.concatenate([arc(0.45), arc(0.75)]),
        lambda x, y: (x**2 + y**2 > 0.45**2) & (x**2 + y**2 < 0.75**2),
    ),
    "box": (
        drawing.box(0.8, 0.3),
        sides((-0.8, -0.3), (0.8, -0.3), (0.8, 0.3), (-0.8, 0.3)),
        lambda x, y: (x.abs() < 0.8) & (y.abs() < 0.3),
    ),
    "polygon": (drawing.polygon(*KITE), sides(*KITE), left(KITE)),
    "hinged, open": (drawing.hinged(lambda beat: 1.0 + 0 * beat, *KITE), sides(*KITE), left(KITE)),
    "hinged, folded over": (
        drawing.hinged(lambda beat: -0.4 + 0 * beat, *KITE),
        sides(*((x, -0.4 * y) for x, y in KITE)),
        left([(x, -0.4 * y) for x, y in KITE]),
    ),
    "capsule": (
        drawing.capsule((-0.5, 0.2), (0.6, 0.2), 0.4),
        np.concatenate(
            [
                sides((-0.5, 0.0), (0.6, 0.0)),
                sides((-0.5, 0.4), (0.6, 0.4)),
                arc(0.2, 0.6, 0.2)[arc(0.2)[:, 0] > 0],
                arc(0.2, -0.5, 0.2)[arc(0.2)[:, 0] < 0],
            ]
        ),
        lambda x, y: (x - x.clamp(-0.5, 0.6)) ** 2 + (y - 0.2) ** 2 < 0.04,
    ),
}


@pytest.mark.parametrize("name", list(EXACT))
def test_distance_is_that_to_the_nearest_point_of_the_edge(name: str) -> None:
    form, edge, inside = EXACT[name]
    x, y = points()
    expected = torch.where(inside(x, y), -1.0, 1.0) * to_edge(x, y, edge)
    assert torch.allclose(form(x, y, REST), expected, atol=1e-3)


def test_rounded_box_loses_its_corners_only() -> None:
    x, y = points()
    inside = drawing.rounded_box(0.8, 0.5, 0.2)(x, y, REST) < 0
    dx, dy = (x.abs() - 0.6).clamp(min=0), (y.abs() - 0.3).clamp(min=0)
    assert torch.equal(inside, (x.abs() < 0.8) & (y.abs() < 0.5) & (torch.hypot(dx, dy) < 0.2))


def test_oval_is_right_where_pixels_are_blended() -> None:
    x, y = points(reach=1.0)
    form = drawing.oval(0.8, 0.4)(x, y, REST)
    truth = torch.where((x / 0.8) ** 2 + (y / 0.4) ** 2 < 1, -1.0, 1.0) * to_edge(x, y, arc(0.4, wide=2.0))
    near = truth.abs() < NEAR
    assert near.sum() > 20
    assert torch.equal(form < 0, truth < 0)
    assert (form - truth)[near].abs().max() < 0.005


def test_oval_changes_with_the_beat() -> None:
    pulsing = drawing.oval(drawing.swinging(0.5, 0.2), 0.3)
    x, y = points()
    for beat, half_width in ((0.0, 0.5), (0.25, 0.7), (0.75, 0.3)):
        expected = drawing.oval(half_width, 0.3)(x, y, REST)
        assert torch.allclose(pulsing(x, y, torch.tensor(beat, dtype=torch.float64)), expected, atol=1e-9)


def test_half_plane_is_the_distance_along_its_normal() -> None:
    x, y = points()
    normal = (math.cos(0.7), math.sin(0.7))
    assert torch.allclose(drawing.half_plane(normal, 0.2)(x, y, REST), x * normal[0] + y * normal[1] - 0.2)


def test_turned_turns_clockwise_on_the_screen() -> None:
    """What lies ahead (x) comes down (y, which points down) after a quarter."""
    form = drawing.turned(drawing.moved(drawing.disc(0.1), 1.0, 0.0), TURN / 4)
    ahead, down = (form(torch.tensor(x), torch.tensor(y), torch.tensor(0.0)) for x, y in ((1.0, 0.0), (0.0, 1.0)))
    assert ahead > 1.0
    assert down == pytest.approx(-0.1, abs=1e-6)


def test_turned_and_moved_follow_the_beat_of_each_frame() -> None:
    """With beats (f, 1, 1) each frame is what it is alone."""
    form = drawing.moved(
        drawing.turned(drawing.polygon(*KITE), drawing.swinging(0.2, 0.6)), drawing.swinging(0, 0.3), 0.1
    )
    x, y = (values.reshape(1, 20, 20) for values in points())
    beats = torch.linspace(0, 1, 5, dtype=torch.float64)
    together = form(x, y, beats.reshape(-1, 1, 1))
    for frame, beat in enumerate(beats):
        angle, dx = (middle + swing * math.sin(TURN * beat) for middle, swing in ((0.2, 0.6), (0.0, 0.3)))
        u, v = x - dx, y - 0.1
        alone = drawing.polygon(*KITE)(
            math.cos(angle) * u + math.sin(angle) * v, math.cos(angle) * v - math.sin(angle) * u, beat
        )
        assert torch.allclose(together[frame], alone[0], atol=1e-9)


def test_joined_and_cut_are_union_and_intersection() -> None:
    x, y = points()
    one, other = drawing.disc(0.7), drawing.moved(drawing.box(0.6, 0.6), 0.5, 0.3)
    in_one, in_other = x**2 + y**2 < 0.49, ((x - 0.5).abs() < 0.6) & ((y - 0.3).abs() < 0.6)
    assert torch.equal(drawing.joined(one, other)(x, y, REST) < 0, in_one | in_other)
    assert torch.equal(drawing.cut(one, other)(x, y, REST) < 0, in_one & in_other)


def test_ribbon_is_all_that_is_near_a_line_through_its_points() -> None:
    x, y = points()
    bends = ((-0.8, 0.0), (0.0, -0.5), (0.7, 0.4))
    steps = np.linspace(0, 1, 4000)[:, None]
    line = np.concatenate(
        [np.array(a) + steps * (np.array(b) - np.array(a)) for a, b in ((bends[0], bends[1]), (bends[1], bends[2]))]
    )
    assert torch.allclose(drawing.ribbon(0.3, *bends)(x, y, REST), to_edge(x, y, line) - 0.15, atol=1e-3)


def test_grown_moves_the_edge_out() -> None:
    x, y = points()
    assert torch.equal(drawing.grown(drawing.disc(0.5), 0.2)(x, y, REST) < 0, x**2 + y**2 < 0.49)


def test_swinging_counts_beats() -> None:
    beats = torch.tensor([0.0, 0.125, 0.25, 0.5, 1.0])
    assert drawing.swinging(2.0, 0.5, times=2.0)(beats).tolist() == pytest.approx([2.0, 2.5, 2.0, 2.0, 2.0], abs=1e-6)
    assert float(drawing.swinging(0.0, 1.0, phase=0.25)(torch.tensor(0.0))) == pytest.approx(1.0)
