"""Props: what they promise to hide is hidden, and they stand where they should."""

import pytest
import torch

from minisora.world import STAGE
from minisora.world.render import render_layers
from minisora.world.scene import Actor, Scene, Wall
from minisora.world.tables import Prop

PROPS = list(STAGE.props.values())
LEAST_RADIUS, LARGEST_HIDDEN = 0.2, 0.12  # of a prop, and of a small character, shorter sides
SPAN = 2.6  # radii of the character that have to be hidden, across and upwards


def cover_of(prop: Prop, radius: float, x: float, side: int = 256) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The prop's cover (h, w), standing at 0.3 or hanging at -0.1, and coordinates from its middle, in radii."""
    y = 0.3 - prop.foot * radius if "ground" in prop.homes else -0.1
    scene = Scene("meadow", (), light="day", weather="clear", wall=Wall(x, prop.width * radius, prop.name, y, radius))
    line = (torch.arange(side) + 0.5) / side - 0.5
    return render_layers(STAGE, scene, 1, side, side).wall[0], (line[None] - x) / radius, (line[:, None] - y) / radius


@pytest.mark.parametrize("prop", PROPS, ids=lambda prop: prop.name)
def test_a_prop_hides_a_disc_as_wide_as_it_says_that_stands_where_it_stands(prop: Prop) -> None:
    cover, x, y = cover_of(prop, 0.25, 0.1)
    radius = min(prop.width / 2, SPAN / 2 * LARGEST_HIDDEN / LEAST_RADIUS)
    middle = prop.foot - radius if "ground" in prop.homes else 0.0
    inside = torch.hypot(x, y - middle) < radius
    assert cover[inside].mean() > 0.98


@pytest.mark.parametrize("prop", PROPS, ids=lambda prop: prop.name)
def test_even_the_smallest_prop_hides_a_small_character_from_feet_to_head(prop: Prop) -> None:
    assert prop.width >= SPAN * LARGEST_HIDDEN / LEAST_RADIUS
    cover, x, y = cover_of(prop, LEAST_RADIUS, -0.05)
    half = SPAN / 2 * LARGEST_HIDDEN / LEAST_RADIUS
    bottom = prop.foot if "ground" in prop.homes else half
    box = (x.abs() < half) & (y < bottom - 0.03) & (y > bottom - 2 * half)
    assert cover[box].mean() > 0.97  # corners of a cloud or a rock are round
    mid = (y - (bottom - half)).abs() < 0.2
    across = (cover * mid).sum(1).max() / 256 / LEAST_RADIUS
    assert across >= prop.width * 0.98  # it is as wide as it says, at the height of a character


@pytest.mark.parametrize("prop", PROPS, ids=lambda prop: prop.name)
def test_a_prop_ends_at_its_foot_and_is_not_much_larger_than_it_must_be(prop: Prop) -> None:
    cover, x, y = cover_of(prop, 0.2, 0.0)
    seen = cover > 0.5
    reach = 1.9
    assert not seen[(x.abs() > reach).expand_as(seen)].any()
    assert not seen[(y < -reach).expand_as(seen)].any()
    lowest = y.expand_as(seen)[seen].max()
    assert float(lowest) == pytest.approx(prop.foot, abs=0.05)


@pytest.mark.parametrize("name", ["car", "bird"])
def test_a_small_character_is_gone_behind_a_prop_of_its_level(name: str) -> None:
    shape = STAGE.shapes[name]
    for prop in PROPS:
        if not set(prop.homes) & set(shape.homes):
            continue
        on_ground = "ground" in shape.homes
        y = 0.3 - shape.foot * LARGEST_HIDDEN if on_ground else -0.15
        actor = Actor(name, "red", "small", "staying still", "plain", LARGEST_HIDDEN, 0.0, (0.1, y))
        wall_y = 0.3 - prop.foot * LEAST_RADIUS if on_ground else -0.15
        wall = Wall(0.1, prop.width * LEAST_RADIUS, prop.name, wall_y, LEAST_RADIUS)
        layers = render_layers(STAGE, Scene("meadow", (actor,), light="day", weather="clear", wall=wall), 3, 128, 128)
        assert layers.visible().sum() < 0.01 * layers.covers.sum()


@pytest.mark.parametrize("prop", PROPS, ids=lambda prop: prop.name)
def test_a_prop_has_a_colour_that_no_actor_has(prop: Prop) -> None:
    for part in prop.parts:
        assert part.ink is not None
        if prop.name == "cloud":  # white as clouds are
            continue
        for colour in STAGE.colours.values():
            assert (torch.tensor(part.ink) - torch.tensor(colour.rgb)).float().norm() > 30
