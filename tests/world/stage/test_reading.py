"""Reading the stage: against the renderer's own layers, against sums written out by hand, and on whole clips."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.world import STAGE, Actor, ActorRequest, Camera, Scene, SceneRequest, Wall, World
from minisora.world.grader import compare
from minisora.world.render import clip_times, render_layers, screen_track
from minisora.world.stage import reading
from minisora.world.stage.characters.building import accent, body, character
from minisora.world.stage.drawing import box, disc, joined, moved
from minisora.world.stage.reading.figures import COVER, Pose, draw, figure_of, raster
from minisora.world.stage.reading.fitting import Window, colour_errors, picture, settle, sums
from minisora.world.stage.reading.foreground import Chain, chains, split, spots
from minisora.world.stage.reading.ground import find_place, softly
from minisora.world.tables import Words

SIZE = 96
CAR = Actor("car", "red", "large", "moving right", "plain", 0.18, 0.2, (-0.2, 0.15))


def _clip(scene: Scene, frames: int = 17, start: float = 0.0, world: World = STAGE) -> Tensor:
    return world.render(scene, frames, SIZE, SIZE, 8.0, start)


def _pose(scene: Scene, frames: int) -> Pose:
    """Where the renderer puts the first actor, which goes to the right."""
    places, radii = screen_track(STAGE, scene, scene.actors[0], clip_times(frames, 8.0, 0.0))
    x, y = torch.from_numpy(places.T * SIZE + SIZE / 2 - 0.5).float()
    ones = torch.ones(frames)
    return Pose(x, y, torch.from_numpy(radii * SIZE).float(), 0 * ones, ones, (0 * ones).long())


def _pixels() -> tuple[Tensor, Tensor]:
    line = torch.arange(SIZE).float()
    return line[None, None, :], line[None, :, None]


@pytest.mark.parametrize("name", list(STAGE.shapes))
def test_a_raster_covers_what_the_renderer_covers(name: str) -> None:
    """Both at the beat 0 of the first frame."""
    actor = replace(CAR, shape=name, start=(0.0, 0.0))
    scene = Scene("grey", (actor,))
    drawn = render_layers(STAGE, scene, 1, SIZE, SIZE).covers[0, 0]
    looked_up = draw(figure_of(STAGE.shapes[name]), _pose(scene, 1), *_pixels())[0, COVER]
    assert float((looked_up - drawn).abs().sum()) < 0.1 * float(drawn.sum())
    assert float(looked_up.sum()) == pytest.approx(float(drawn.sum()), rel=0.05)


def _window(frames: int = 1) -> tuple[Window, Pose, Tensor]:
    """The car on grey, dusk or not, as a window of the whole frame."""
    scene = Scene("grey", (CAR,))
    layers = render_layers(STAGE, scene, frames, SIZE, SIZE)
    away = (layers.compose().float() / 255 - layers.ground).movedim(-1, 1)
    weight = torch.ones(frames, SIZE, SIZE)
    x, y = (line.expand(frames, -1, -1) for line in _pixels())
    ink = torch.tensor(STAGE.colours["red"].rgb) / 255
    return Window(away, layers.ground.movedim(-1, 1), weight, x, y, torch.ones(3)), _pose(scene, frames), ink


def test_the_error_of_a_colour_is_that_of_its_picture() -> None:
    seen, pose, _ = _window()
    tinted = replace(seen, tint=torch.tensor([1.0, 0.7, 0.6]))
    drawn = draw(figure_of(STAGE.shapes["car"]), pose, seen.x, seen.y)
    inks = torch.tensor([[0.9, 0.2, 0.1], [0.1, 0.5, 0.8]])
    by_hand = [float((tinted.away - picture(drawn, tinted, ink[None])).square().sum()) for ink in inks]
    assert colour_errors(sums(drawn, tinted), inks, tinted.tint)[0].tolist() == pytest.approx(by_hand, rel=1e-3)


def test_a_figure_settles_where_it_is() -> None:
    seen, pose, ink = _window()
    figure = figure_of(STAGE.shapes["car"])
    off = replace(pose, x=pose.x + 1.5, y=pose.y - 1.0, radius=pose.radius * 1.05)
    found = settle(raster(figure, 14.0), off.beat, off, seen, ink[None], rounds=12)
    assert float((found.x - pose.x).abs()) < 0.1
    assert float((found.y - pose.y).abs()) < 0.1
    assert float((found.radius / pose.radius - 1).abs()) < 0.01


@pytest.mark.parametrize("name", list(STAGE.backgrounds))
def test_places_are_told_in_all_lights(name: str) -> None:
    """With a car before them that is in no other place's way."""
    place = STAGE.backgrounds[name]
    for light in place.lights or ("",):
        scene = Scene(name, (CAR,), light=light, weather=(*place.weathers, "")[0])
        found = find_place(STAGE, _clip(scene, 1).float() / 255, torch.zeros(1))
        assert (found.background, found.light) == (name, light)


@pytest.mark.parametrize(("move", "rate"), [("panning left", 0.2), ("zooming in", 0.2), ("still", 0.0)])
def test_the_camera_is_found(move: str, rate: float) -> None:
    scene = Scene(
        "meadow", (replace(CAR, motion="staying still"),), camera=Camera(move, rate), light="day", weather="clear"
    )
    found = find_place(STAGE, _clip(scene).float() / 255, torch.arange(17) / 8).camera
    assert found.move == move
    assert found.rate == pytest.approx(rate, abs=0.01)


def test_a_camera_that_goes_with_an_actor() -> None:
    scene = Scene("meadow", (CAR,), camera=Camera("tracking", CAR.rate), light="day", weather="clear")
    found = STAGE.read(_clip(scene))
    assert found.camera.move == "tracking"
    assert found.camera.rate == pytest.approx(CAR.rate, abs=0.01)
    assert [(actor.shape, actor.motion, actor.speed) for actor in found.actors] == [("car", "moving right", "plain")]


@pytest.mark.parametrize("weather", list(STAGE.weathers))
def test_weather_is_told_by_other_drops_than_ours(weather: str) -> None:
    """The clip begins seven seconds later than the one that it is compared with."""
    name = next(name for name, place in STAGE.backgrounds.items() if weather in place.weathers)
    actor = replace(CAR, motion="staying still", rate=0.0)
    scene = Scene(name, (actor,), light=STAGE.backgrounds[name].lights[0], weather=weather)
    found = STAGE.read(_clip(scene, start=7.3))
    assert found.weather == weather
    assert [(seen.shape, seen.colour) for seen in found.actors] == [("car", "red")]


def test_an_empty_place_is_empty() -> None:
    found = STAGE.read(_clip(Scene("beach", (), light="day", weather="clear")))
    assert (found.background, found.actors, found.wall, found.strays) == ("beach", (), None, 0)


def test_somebody_passes_behind_a_tree() -> None:
    prop = STAGE.props["tree"]
    car = replace(CAR, radius=0.1, size="small", rate=0.34, speed="quickly", start=(-0.35, 0.2))
    width = 2.7 * car.radius
    wall = Wall(0.0, width, "tree", 0.2 + 0.07 - prop.foot * (width / prop.width - 0.1), width / prop.width)
    scene = Scene("meadow", (car,), wall=wall, light="day", weather="clear")
    asked = SceneRequest(
        (ActorRequest("car", "red", "small", "moving right", "quickly"),), behind_wall=(0,), prop="tree"
    )
    grade = compare(STAGE, STAGE.read(_clip(scene)), asked)
    assert grade.every_word_right, str(grade)
    other = compare(STAGE, STAGE.read(_clip(scene)), replace(asked, prop="house"))
    assert [verdict.attribute for verdict in other.wrong] == ["prop"]


def test_words_that_are_wrong_are_named() -> None:
    scene = Scene("meadow", (CAR,), light="dusk", weather="fog")
    asked = SceneRequest(
        (ActorRequest("bus", "red", "large", "moving right"),), light="day", weather="rain", background="sea"
    )
    wrong = {verdict.attribute: verdict.found for verdict in compare(STAGE, STAGE.read(_clip(scene)), asked).wrong}
    assert wrong == {"background": "meadow", "light": "dusk", "weather": "fog", "shape": "car"}


def test_a_new_character_is_read() -> None:
    """From its table entry alone."""
    lamp = character(
        "lamp",
        Words(("lamp",)),
        (
            accent(joined(moved(box(0.08, 0.6), 0.0, 0.3), moved(box(0.5, 0.1), 0.0, 0.9)), (60, 60, 70)),
            body(moved(disc(0.55), 0.0, -0.4)),
            accent(moved(disc(0.2), 0.2, -0.4), (255, 255, 240)),
        ),
        homes=("ground",),
        goes=Words(("roll",)),
        waits=Words(("stand",)),
    )
    world = replace(STAGE, shapes={**STAGE.shapes, "lamp": lamp})
    scene = Scene("meadow", (replace(CAR, shape="lamp", colour="purple"),), light="night", weather="clear")
    (actor,) = world.read(_clip(scene, world=world)).actors
    assert (actor.shape, actor.colour, actor.size, actor.motion) == ("lamp", "purple", "large", "moving right")


def test_a_soft_clip_is_compared_with_a_soft_place() -> None:
    """Blurring keeps a flat picture and the sum of a dot, and a blurred clip's drops are not made up."""
    dot = torch.zeros(1, 9, 9, 1)
    dot[0, 4, 4] = 1.0
    assert float(softly(dot).sum()) == pytest.approx(1.0)
    assert torch.allclose(softly(torch.full((2, 5, 6, 3), 0.3)), torch.full((2, 5, 6, 3), 0.3))
    scene = Scene("beach", (CAR,), camera=Camera("zooming out", 0.28), light="day", weather="clear")
    soft = (softly(_clip(scene).float()).round()).to(torch.uint8)
    assert STAGE.read(soft).weather == "clear"


def test_spots_and_chains_of_dots() -> None:
    """Two dots that pass each other at a distance, one of which vanishes for a while."""
    mask = torch.zeros(7, 32, 32, dtype=torch.bool)
    clip = torch.zeros(7, 32, 32, 3)
    for frame in range(7):
        if frame != 3:
            mask[frame, 4:9, 2 + 2 * frame : 7 + 2 * frame] = True
        mask[frame, 20:26, 20 - frame : 26 - frame] = True
    clip[:, 16:] = 1.0
    found = chains(spots(mask, clip), 32)
    assert sorted(len(chain.spots) for chain in found) == [6, 7]
    assert [spot.x for spot in found[1].spots] == pytest.approx([4 + 2 * frame for frame in (0, 1, 2, 4, 5, 6)])


def test_two_colours_that_hang_together_are_parted() -> None:
    mask = torch.zeros(4, 20, 20, dtype=torch.bool)
    mask[:, 5:11, 3:15] = True
    looks = torch.stack([mask.clone(), mask.clone(), torch.zeros_like(mask)])
    looks[0, :, :, 8:], looks[1, :, :, :10] = False, False
    (chain,) = chains(spots(mask, torch.zeros(4, 20, 20, 3)), 20)
    left, right = split(chain, looks)
    assert isinstance(left, Chain)
    assert left.area + right.area == chain.area
    assert left.spots[0].x < right.spots[0].x
    assert split(chain, looks[:1]) == []


def test_nothing_is_known_by_name() -> None:
    """The reader's code holds no name of a character, a place, a prop, a light or a weather."""
    tables = (STAGE.shapes, STAGE.backgrounds, STAGE.props, STAGE.lights, STAGE.weathers, STAGE.motions, STAGE.colours)
    names = {f'"{name}"' for table in tables for name in table}
    for path in Path(reading.__file__).parent.glob("*.py"):
        assert not [name for name in names if name in path.read_text(encoding="utf-8")], path.name


@pytest.mark.parametrize("heading", [0.0, math.pi])
def test_who_leaves_to_either_side_and_comes_back(heading: float) -> None:
    """Only the opposite heading, not its sign, tells the two sides apart."""
    side = math.cos(heading)
    path = {"rate": 0.42, "start": (side * 0.25, 0.1), "heading": heading, "extent": 1.0}
    actor = Actor("robot", "green", "small", "leaving and coming back", "plain", 0.1, **path)
    (seen,) = STAGE.read(_clip(Scene("grey", (actor,)))).actors
    assert seen.motion == "leaving and coming back"
    assert not seen.seen.all()


def test_a_turned_rocket_is_read_as_it_flies() -> None:
    """Who leans is found at any slope, and its turn is that of its way."""
    actor = Actor("rocket", "white", "large", "moving up and to the left", "plain", 0.17, 0.2, (0.15, 0.15))
    (seen,) = STAGE.read(_clip(Scene("navy", (actor,)))).actors
    assert (seen.shape, seen.motion) == ("rocket", "moving up and to the left")
    turned = np.angle(np.exp(1j * (seen.angle - math.atan2(-1, -1))))
    assert np.abs(turned).max() < 0.1
