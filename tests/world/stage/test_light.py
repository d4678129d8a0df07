"""Light: what it does to places and to characters."""

import itertools

import pytest
import torch

from minisora.world import STAGE
from minisora.world.stage.light import between, lit, tint_of


def test_by_day_nothing_changes() -> None:
    picture = torch.rand(4, 5, 3, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(lit(picture, 0.0), picture)
    assert STAGE.lights["day"].tint == (1.0, 1.0, 1.0)
    assert STAGE.lights["day"].dark == 0.0


def test_night_is_darker_than_dusk_and_bluer() -> None:
    grey = torch.full((3,), 0.6)
    day, dusk, night = (lit(grey, dark) for dark in (0.0, 0.5, 1.0))
    assert day.mean() > dusk.mean() > night.mean()
    assert dusk[0] > dusk[2]  # warm
    assert night[2] > night[0]  # cold


def test_what_glows_stays_as_it_is() -> None:
    picture = torch.tensor([[0.9, 0.5, 0.2], [0.9, 0.5, 0.2]])
    seen = lit(picture, 1.0, torch.tensor([1.0, 0.5]))
    torch.testing.assert_close(seen[0], picture[0])
    torch.testing.assert_close(seen[1], picture[1] * (0.5 + 0.5 * torch.tensor(tint_of(1.0))))


def test_between_goes_through_dusk() -> None:
    ends = (0.0, 0.0, 0.0), (1.0, 2.0, 3.0), (3.0, 2.0, 1.0)
    assert between(0.0, *ends) == ends[0]
    assert between(0.5, *ends) == ends[1]
    assert between(1.0, *ends) == ends[2]
    assert between(0.25, *ends) == (0.5, 1.0, 1.5)
    assert between(0.75, *ends) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize("light", STAGE.lights.values(), ids=lambda light: light.name)
def test_every_two_colours_of_characters_are_told_apart(light: object) -> None:
    tint = torch.tensor(STAGE.lights[light.name].tint)  # type: ignore[attr-defined]
    inks = {name: torch.tensor(colour.rgb) * tint for name, colour in STAGE.colours.items()}
    for (one, first), (other, second) in itertools.combinations(inks.items(), 2):
        assert (first - second).norm() > 70, f"{one} and {other}"


@pytest.mark.parametrize("light", STAGE.lights.values(), ids=lambda light: light.name)
def test_every_colour_is_still_nearest_to_its_own_name(light: object) -> None:
    # without knowing the light: by direction, as an eye judges that has got used to the dark
    tint = torch.tensor(STAGE.lights[light.name].tint)  # type: ignore[attr-defined]
    palette = torch.stack([torch.tensor(colour.rgb, dtype=torch.float32) for colour in STAGE.colours.values()])
    seen = torch.nn.functional.normalize(palette * tint, dim=-1)
    likeness = seen @ torch.nn.functional.normalize(palette, dim=-1).T
    assert likeness.argmax(1).tolist() == list(range(len(palette)))


def test_characters_keep_more_of_their_colour_than_places() -> None:
    for light in STAGE.lights.values():
        assert all(own >= place for own, place in zip(light.tint, tint_of(light.dark), strict=True))
