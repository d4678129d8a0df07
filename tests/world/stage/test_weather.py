"""Rain, snow and fog: covers in range, rain that falls, fog that leaves colours to be told."""

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.world import STAGE
from minisora.world.render import render_layers
from minisora.world.scene import Camera, Scene
from minisora.world.tables import Weather

VEILS = [weather for weather in STAGE.weathers.values() if weather.veil is not None]


def cover_of(weather: str, side: int = 96, frames: int = 9, fps: float = 8.0, light: str = "day") -> Tensor:
    """The veil's cover (f, h, w) over a meadow."""
    veil = render_layers(STAGE, Scene("meadow", (), light=light, weather=weather), frames, side, side, fps).veil
    assert veil is not None
    return veil


@pytest.mark.parametrize("weather", VEILS, ids=lambda weather: weather.name)
@pytest.mark.parametrize("camera", [Camera(), Camera("panning left", 0.2), Camera("zooming in", 0.25)])
def test_covers_are_in_range_and_always_the_same(weather: Weather, camera: Camera) -> None:
    scene = Scene("meadow", (), light="dusk", weather=weather.name, camera=camera)
    layers, again = (render_layers(STAGE, scene, 5, 48, 80) for _ in range(2))
    assert layers.veil is not None
    assert layers.veil_colour is not None
    assert again.veil is not None
    assert layers.veil.shape == (5, 48, 80)
    assert layers.veil_colour.shape == (3,)
    for part in (layers.veil, layers.veil_colour):
        assert part.min() >= 0
        assert part.max() <= 1
    torch.testing.assert_close(again.veil, layers.veil, rtol=0, atol=0)


def test_a_clear_sky_has_no_veil() -> None:
    assert render_layers(STAGE, Scene("meadow", (), light="day", weather="clear"), 1, 16, 16).veil is None


def fallen(cover: Tensor) -> tuple[int, int]:
    """By how many rows and columns the cover has moved from one frame to the next: the peak of their correlation."""
    detail = (cover - cover.mean((0, 2), keepdim=True)).double().numpy()  # without the grey of the sky
    waves = np.fft.fft2(detail)
    peaks = np.fft.ifft2(waves[1:] * waves[:-1].conj()).real.mean(0)
    rows, columns = np.unravel_index(peaks.argmax(), peaks.shape)
    side = len(peaks)
    return (int(rows) + side // 2) % side - side // 2, (int(columns) + side // 2) % side - side // 2


@pytest.mark.parametrize(("weather", "low", "high"), [("rain", 1.0, 2.2), ("snow", 0.08, 0.25)])
def test_rain_falls_fast_and_snow_slowly(weather: str, low: float, high: float) -> None:
    fps, side = 8.0, 128
    rows, columns = fallen(cover_of(weather, side, 13, fps))
    assert low < rows * fps / side < high
    assert abs(columns) < 0.25 * rows + 1  # down, and a little to the side


def test_streaks_of_rain_are_long_and_wide_enough_to_be_seen() -> None:
    cover = cover_of("rain", 128, 1)[0]
    streaks = cover - cover.median(dim=1, keepdim=True).values > 0.25
    assert 0.02 < streaks.float().mean() < 0.2
    pairs = (streaks[:, 1:] & streaks[:, :-1]).sum() / streaks.sum()
    assert pairs > 0.25  # more than a pixel wide
    columns = streaks.float().sum(0)
    assert columns.max() > 8  # and much longer than wide


def test_fog_is_thickest_about_the_horizon_and_lets_colours_be_told() -> None:
    cover = cover_of("fog", 96, 3)
    rows = cover.mean((0, 2))
    assert 0.45 < float(rows.argmax()) / 96 < 0.75
    assert cover.max() <= 0.5
    assert rows[0] < 0.75 * rows.max()
    assert (cover[1:] - cover[:-1]).abs().max() < 0.01  # it drifts and does not flicker
    assert (cover[:, :, 1:] - cover[:, :, :-1]).abs().max() < 0.02  # soft
    clear = 1 - float(cover.max())
    for light in STAGE.lights.values():
        inks = [torch.tensor(colour.rgb) * torch.tensor(light.tint) * clear for colour in STAGE.colours.values()]
        nearest = min(float((one - other).norm()) for one, other in itertools.combinations(inks, 2))
        assert nearest > 35, f"two colours are {nearest:.0f} apart in fog, {light.name}"


def test_veils_are_darker_at_night() -> None:
    for weather in VEILS:
        by_day, by_night = (
            render_layers(STAGE, Scene("meadow", (), light=light, weather=weather.name), 1, 16, 16).veil_colour
            for light in ("day", "night")
        )
        assert by_day is not None
        assert by_night is not None
        assert (by_night < 0.9 * by_day).all()
