"""Places: pictures in range, endless, with parallax, calm where nothing lives, and no two alike."""

import dataclasses
import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.world import STAGE
from minisora.world.render import clip_times, pixel_centres, render
from minisora.world.scene import Scene
from minisora.world.stage.painting import Painting, cells, chance, layer, ramp, smooth, soft_box
from minisora.world.tables import Background, Canvas

PLACES = [place for place in STAGE.backgrounds.values() if place.paint is not None]
NAMES = [place.name for place in PLACES]
LIVELY = {"sea", "under water", "beach", "space"}  # what moves there: waves, weeds, palm leaves, twinkling stars
FLOOR = 4.5  # of the mean difference of two pictures, 0…255


def canvas(
    side: int = 64, frames: int = 1, offset: float = 0.0, pan: float = 0.0, zoom: float = 1.0, dark: float = 0.0
) -> Canvas:
    """A canvas of a camera that begins at `offset` and pans by shorter sides a second, 8 frames a second."""
    x, y = pixel_centres(side, side)
    size = (frames, side, side)
    times = torch.as_tensor(clip_times(frames, 8.0), dtype=torch.float32).reshape(-1, 1, 1)
    zooms = torch.full((frames, 1, 1), zoom)
    return Canvas(x.expand(size), y[:, None].expand(size), offset + pan * times, 0 * times, zooms, times, side, dark)


def painted(place: Background, on: Canvas) -> Tensor:
    """The place on a canvas."""
    assert place.paint is not None
    return place.paint(on)


def darks(place: Background) -> list[float]:
    """How dark each of its lights is."""
    return [STAGE.lights[name].dark for name in place.lights] or [0.0]


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_a_place_is_a_picture_in_range_and_always_the_same(place: Background) -> None:
    for dark, zoom in itertools.product(darks(place), (1.0, 1.6)):
        first = painted(place, canvas(frames=3, pan=0.2, zoom=zoom, dark=dark))
        assert first.shape == (3, 64, 64, 3)
        assert first.isfinite().all()
        assert first.min() >= 0
        assert first.max() <= 1
        assert first.std() > 0.05  # a picture, not a plain ground
        torch.testing.assert_close(painted(place, canvas(frames=3, pan=0.2, zoom=zoom, dark=dark)), first)


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_a_frame_does_not_depend_on_the_frames_beside_it(place: Background) -> None:
    # a camera that stays is painted once for all frames; one frame alone is the reference for both ways
    for pan in (0.0, 0.25):
        clip, start = canvas(frames=5, pan=pan, dark=1.0), 0.7
        clip = dataclasses.replace(clip, offset_x=clip.offset_x + start)
        names = ("x", "y", "offset_x", "offset_y", "zoom", "times")
        alone = dataclasses.replace(clip, **{name: getattr(clip, name)[3:4] for name in names})
        assert (painted(place, clip)[3:4] - painted(place, alone)).abs().max() < 2e-4


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_a_place_is_endless(place: Background) -> None:
    home = painted(place, canvas())[0]
    columns = (home[:, 1:] - home[:, :-1]).abs().mean((0, 2)).max()  # the steepest pair of neighbouring columns
    for offset in (-40.0, -17.3, 23.9, 40.0):
        there = painted(place, canvas(offset=offset))[0]
        step = (there[:, 1:] - there[:, :-1]).abs().mean((0, 2)).max()
        assert step < 2 * columns + 0.02, f"a seam near x = {offset}"
        assert (there - home).abs().mean() < 0.16, f"another place at x = {offset}"
        if place.name != "sunset":  # whose sun stays where it is and whose hills are low
            assert (there - home).abs().mean() > 0.005, f"the same again at x = {offset}"


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_nothing_is_cut_off_at_the_border_of_a_cell(place: Background) -> None:
    """Between places a 128th of a pixel apart a picture hardly changes, if every edge is a ramp of one pixel."""
    x, rows = torch.arange(-16384, 16384) / 16384, torch.linspace(-0.45, 0.45, 13)
    size = (1, len(rows), len(x))
    none = torch.zeros(1, 1, 1)
    for dark, offset in zip(darks(place), (3.0, -8.0, 21.0), strict=False):
        fine = Canvas(x.expand(size), rows[:, None].expand(size), none + offset, none, none + 1, none, 128, dark)
        picture = painted(place, fine)[0]
        assert (picture[:, 1:] - picture[:, :-1]).abs().max() < 0.012


def shift_of(first: np.ndarray, second: np.ndarray, most: int) -> int:
    """By how many columns a band of rows (h, w, 3) has moved to the left, by its least squared difference."""
    width = first.shape[1]

    def error(shift: int) -> float:
        return float(((first[:, shift:] - second[:, : width - shift]) ** 2).mean())

    return min(range(most + 1), key=error)


@pytest.mark.parametrize(
    ("name", "depth", "rows"),
    [
        ("meadow", 1.0, (0.3, 0.5)),
        ("meadow", 0.12, (-0.4, -0.16)),
        ("city", 1.0, (0.39, 0.45)),
        ("city", 0.45, (-0.2, -0.14)),
        ("space", 0.08, (-0.35, -0.05)),
        ("snowfield", 0.15, (-0.2, -0.11)),
        ("sea", 0.12, (-0.3, -0.05)),
    ],
)
def test_what_is_far_moves_less_under_a_pan(name: str, depth: float, rows: tuple[float, float]) -> None:
    side, way = 256, 0.2
    place = STAGE.backgrounds[name]
    first, second = (painted(place, canvas(side, offset=offset))[0].numpy() for offset in (0.0, way))
    top, bottom = (round((row + 0.5) * side) for row in rows)
    measured = shift_of(first[top:bottom], second[top:bottom], side // 3)
    assert measured == pytest.approx(depth * way * side, abs=1.5)


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_only_what_lives_moves(place: Background) -> None:
    for dark in darks(place):
        clip = painted(place, canvas(frames=9, dark=dark))
        change = (clip[1:] - clip[:-1]).abs()
        if place.name not in LIVELY and dark <= 0.5:
            assert change.max() == 0
        if place.name in LIVELY:
            assert change.max() > 0.02  # it is seen
        assert change.mean() < 0.012  # and calm: no flicker from frame to frame


def pictures() -> Iterator[tuple[tuple[str, str, str], Tensor]]:
    """A frame (h, w, 3), 0…255, of every place in every light and weather that it may have."""
    for place in PLACES:
        for light, weather in itertools.product(place.lights or ("",), place.weathers or ("",)):
            scene = Scene(place.name, (), light=light, weather=weather)
            yield (place.name, light, weather), render(STAGE, scene, 1, 64, 64)[0].float()


def test_no_two_places_lights_and_weathers_look_alike() -> None:
    shown = dict(pictures())
    for (one, first), (other, second) in itertools.combinations(shown.items(), 2):
        difference = float((first - second).abs().mean())
        assert difference > FLOOR, f"{one} and {other} differ by {difference:.1f} only"
        if one[0] != other[0] and one[1:] == other[1:]:  # another place in the same light and weather
            assert difference > 2 * FLOOR, f"{one} and {other} differ by {difference:.1f} only"


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_a_place_tells_its_mean_colour(place: Background) -> None:
    dark = 0.0 if "day" in place.lights or not place.lights else 0.5
    mean = painted(place, canvas(128, dark=dark)).mean((0, 1, 2)) * 255
    assert (mean - torch.tensor(place.rgb)).abs().max() < 4


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_levels_lie_in_the_frame_and_names_in_the_tables(place: Background) -> None:
    assert place.levels
    for high, low in place.levels.values():
        assert -0.4 <= high < low <= 0.4
    assert set(place.lights) <= set(STAGE.lights)
    assert set(place.weathers) <= set(STAGE.weathers)
    assert (not place.weathers) or place.weathers[0] == "clear"


def test_no_phrase_of_places_lights_and_weathers_is_part_of_another_with_another_meaning() -> None:
    tables = (PLACES, STAGE.lights.values(), STAGE.weathers.values(), STAGE.props.values())
    entries = [(entry.name, entry.words) for table in tables for entry in table]
    said = [(name, f" {phrase} ") for name, words in entries for phrase in (*words.usual, *words.free, *words.heard)]
    for (one, phrase), (other, longer) in itertools.permutations(said, 2):
        assert one == other or phrase not in longer, f"{phrase!r} of {one} is in {longer!r} of {other}"


def test_a_layer_at_depth_nought_has_one_frame_and_one_near_has_all() -> None:
    on = canvas(frames=4, pan=0.3)
    assert layer(on, 0.0).x.shape == (1, 1, 64)
    near = layer(on, 1.0)
    assert near.x.shape == (4, 1, 64)
    assert near.y.shape == (4, 64, 1)
    full_x, full_y = on.at(1.0)
    torch.testing.assert_close(near.x.expand(4, 64, 64), full_x)
    torch.testing.assert_close(near.y.expand(4, 64, 64), full_y)


def test_chance_is_even_and_without_pattern() -> None:
    column, row = torch.meshgrid(torch.arange(-40, 40), torch.arange(-20, 20), indexing="ij")
    share = chance(7, column, row).double()
    counts = torch.histc(share, 8, 0, 1)
    assert (counts - 400).abs().max() < 90  # 4.8 standard deviations
    for other in (chance(8, column, row), chance(7, column + 1, row), chance(7, column, row + 1)):
        assert torch.corrcoef(torch.stack([share.flatten(), other.double().flatten()]))[0, 1].abs() < 0.08
    assert share.min() >= 0
    assert share.max() < 1


def test_cells_count_from_their_middles() -> None:
    cell = cells(torch.tensor([-0.3, -0.1, 0.0, 0.24, 0.26, 1.0]), 0.5)
    assert cell.number.tolist() == [-1, 0, 0, 0, 1, 2]
    torch.testing.assert_close(cell.x, torch.tensor([0.2, -0.1, 0.0, 0.24, -0.24, 0.0]))


def test_forms_and_ramps() -> None:
    corner = soft_box(torch.tensor(0.4), torch.tensor(0.3), 0.3, 0.2, 0.1)
    assert float(corner) == pytest.approx(math.hypot(0.2, 0.2) - 0.1, abs=1e-6)
    assert float(smooth(torch.tensor(0.3), 0.5, 0.1)) == pytest.approx(0.5)
    middle = ramp(torch.tensor([[[0.5]]]), (0.0, (0, 0, 0)), (1.0, (255, 100, 0)))
    torch.testing.assert_close(middle.flatten() * 255, torch.tensor([127.5, 50.0, 0.0]))


def test_what_glows_keeps_its_colour_at_night() -> None:
    painting = Painting(canvas(8, dark=1.0))
    painting.lay((200, 100, 50))
    lamp = torch.zeros(1, 8, 8)
    lamp[:, 4:] = 1
    painting.lay((200, 100, 50), lamp, glow=1.0)
    picture = painting.finished()[0] * 255
    torch.testing.assert_close(picture[6, 0], torch.tensor([200.0, 100.0, 50.0]))
    assert (picture[1, 0] < 0.7 * picture[6, 0]).all()
