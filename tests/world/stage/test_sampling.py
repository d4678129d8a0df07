"""Scenes of the stage: everybody is where they belong, in sight and apart, and the splits share nothing."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minisora.errors import SettingError
from minisora.world import STAGE, Actor, Scene
from minisora.world.places import can_do, home_in
from minisora.world.render import clip_times, pose_of, render_layers, screen_track
from minisora.world.staging import Part, stage

SEEDS = st.integers(0, 2**32 - 1)
KINDS = st.sampled_from(list(STAGE.kinds))
ASPECTS = st.sampled_from([0.6, 1.0, 5 / 3])
TIMES = clip_times(17, 8.0)
COUNTS = {"one": {1}, "two": {2}, "three": {3}, "relation": {2}, "prop": {1, 2}, "camera": {1, 2}, "tracking": {1}}
COUNTS |= {"leaving": {1}}
LINES = ("ground", "water")


def sampled(seed: int, *args: object, **fields: object) -> Scene:
    """A scene of a fresh generator."""
    return STAGE.sample(np.random.default_rng(seed), *args, **fields)  # type: ignore[arg-type]


def is_unseen(scene: Scene, who: Actor) -> bool:
    return STAGE.is_unseen(who.colour, who.shape, scene.background)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    """Many scenes of one stream."""
    rng = np.random.default_rng(0)
    return [STAGE.sample(rng) for _ in range(900)]


def pairs(scene: Scene) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each two actors their distance (f,), and the sum of their radii (f,)."""
    tracks = [screen_track(STAGE, scene, who, TIMES) for who in scene.actors]
    for (a, ra), (b, rb) in itertools.combinations(tracks, 2):
        yield np.hypot(*(a - b).T), ra + rb


# --- every kind -------------------------------------------------------------------------------------------------------


@given(seed=SEEDS, kind=KINDS, split=st.sampled_from(["train", "unseen", "outside"]), aspect=ASPECTS)
def test_what_holds_for_every_scene(seed: int, kind: str, split: str, aspect: float) -> None:
    scene = sampled(seed, kind, split, aspect=aspect)
    place = STAGE.backgrounds[scene.background]
    assert (scene.kind, scene.aspect, scene.texture) == (kind, aspect, "")
    assert len(scene.actors) in COUNTS[kind]
    assert len({who.colour for who in scene.actors}) == len(scene.actors)
    assert scene.light in (place.lights or ("",))
    assert scene.weather in (place.weathers or ("",))
    assert bool(scene.relations) == (kind == "relation")
    assert (scene.wall is not None) == (kind == "prop")
    assert (scene.camera.move != "still") == (kind in ("camera", "tracking"))
    assert (scene.camera.move == "tracking") == (kind == "tracking")
    assert ("leaving and coming back" in [who.motion for who in scene.actors]) == (kind == "leaving")
    for who in scene.actors:
        shape, motion = STAGE.shapes[who.shape], STAGE.motions[who.motion]
        assert home_in(shape, place) is not None
        assert can_do(shape, motion, place)
        assert motion.has_speed or who.speed == STAGE.plain_speed


@given(seed=SEEDS, kind=KINDS, aspect=ASPECTS)
@settings(max_examples=150)
def test_feet_are_on_the_level_and_middles_within_it(seed: int, kind: str, aspect: float) -> None:
    """Whoever has a line stands on it the whole time; who flies is above the ground, and within the frame."""
    scene = sampled(seed, kind, aspect=aspect)
    levels = STAGE.backgrounds[scene.background].levels
    for who in scene.actors if levels else ():
        shape, pose = STAGE.shapes[who.shape], pose_of(STAGE, scene, who, TIMES)
        home = next(level for level in shape.homes if level in levels)
        feet = pose.y + shape.foot * who.radius
        if home in LINES:
            assert (feet >= levels[home][0] - 1e-9).all()
            assert (feet <= levels[home][1] + 1e-9).all()
        elif STAGE.motions[who.motion].stands_at is not None:
            standing = feet[0] if STAGE.motions[who.motion].stands_at == 0 else feet[-1]
            assert levels["ground"][0] - 1e-9 <= standing <= levels["ground"][1] + 1e-9
            assert feet.max() <= standing + 1e-9
        else:
            lines = [levels[name][0] for name in LINES if name in levels and levels[name][0] > levels[home][1]]
            assert (feet <= max([levels[home][1] + shape.foot * who.radius, *lines]) + 1e-9).all()
            assert (pose.y >= levels[home][0] - 1e-9).all()
        assert (np.abs(pose.y) <= scene.half[1] - 0.5 * who.radius).all()


@given(seed=SEEDS, kind=st.sampled_from([kind for kind in STAGE.kinds if kind != "leaving"]), aspect=ASPECTS)
@settings(max_examples=150)
def test_everybody_is_in_the_frame_and_clear_of_the_others(seed: int, kind: str, aspect: float) -> None:
    scene = sampled(seed, kind, aspect=aspect)
    for who in scene.actors:
        centres, radii = screen_track(STAGE, scene, who, TIMES)
        assert (np.abs(centres) <= np.array(scene.half) - 0.3 * radii[:, None]).all()
    for apart, reach in pairs(scene):
        assert (apart >= 1.05 * reach).all()


def test_who_is_lower_on_the_screen_is_drawn_over_the_others(scenes: list[Scene]) -> None:
    for scene in scenes:
        feet = [who.start[1] + STAGE.shapes[who.shape].foot * who.radius for who in scene.actors]
        assert feet == sorted(feet) or scene.wall


def test_every_word_of_the_tables_is_drawn(scenes: list[Scene]) -> None:
    actors = [who for scene in scenes for who in scene.actors]
    assert {who.shape for who in actors} == set(STAGE.shapes)
    assert {who.colour for who in actors} == set(STAGE.colours)
    assert {who.size for who in actors} == set(STAGE.sizes)
    assert {who.motion for who in actors} == set(STAGE.motions)
    assert {who.speed for who in actors} == set(STAGE.speeds)
    assert {scene.background for scene in scenes} == set(STAGE.backgrounds)
    assert {scene.light for scene in scenes} == {"", *STAGE.lights}
    assert {scene.weather for scene in scenes} == {"", *STAGE.weathers}
    assert {scene.camera.move for scene in scenes} == set(STAGE.cameras)
    assert {scene.wall.prop for scene in scenes if scene.wall} == set(STAGE.props)
    assert {relation.name for scene in scenes for relation in scene.relations} == set(STAGE.relations)


def test_kinds_places_and_skies_come_as_often_as_is_said(scenes: list[Scene]) -> None:
    kinds = [scene.kind for scene in scenes]
    for name, share in STAGE.kinds.items():
        assert kinds.count(name) / len(scenes) == pytest.approx(share, abs=0.05)
    plain = [scene for scene in scenes if STAGE.backgrounds[scene.background].paint is None]
    assert len(plain) / len(scenes) == pytest.approx(0.13, abs=0.04)  # under a moving camera there are none
    lit = [scene for scene in scenes if len(STAGE.backgrounds[scene.background].lights) > 1]
    usual = [scene for scene in lit if scene.light == STAGE.backgrounds[scene.background].lights[0]]
    assert len(usual) / len(lit) == pytest.approx(0.5, abs=0.06)


def test_a_scene_goes_through_json(scenes: list[Scene]) -> None:
    for scene in scenes[:200]:
        assert Scene.from_json(scene.to_json()) == scene


@given(seed=SEEDS, kind=KINDS, seconds=st.sampled_from([1.0, 4.0, 8.0]))
@settings(max_examples=30)
def test_any_length_has_scenes(seed: int, kind: str, seconds: float) -> None:
    if (kind, seconds) in {("prop", 1.0), ("leaving", 1.0)}:
        return  # nobody gets past a tree, or out of the frame and back, in a second
    assert sampled(seed, kind, seconds=seconds).kind == kind


# --- splits -----------------------------------------------------------------------------------------------------------


@given(seed=SEEDS, kind=KINDS)
def test_the_splits_share_no_combination(seed: int, kind: str) -> None:
    train, unseen = sampled(seed, kind), sampled(seed, kind, "unseen")
    assert not any(is_unseen(train, who) for who in train.actors)
    assert all(is_unseen(unseen, who) for who in unseen.actors)


def test_each_word_is_in_both_splits() -> None:
    """Of the combinations that there can be: a character in a place where it is at home."""
    possible = [
        (colour, shape.name, place.name)
        for colour, shape, place in itertools.product(STAGE.colours, STAGE.shapes.values(), STAGE.backgrounds.values())
        if home_in(shape, place) is not None
    ]
    kept = [triple for triple in possible if STAGE.is_unseen(*triple)]
    assert len(kept) / len(possible) == pytest.approx(1 / STAGE.unseen_modulus, abs=0.02)
    for part in range(3):
        every = {triple[part] for triple in possible}
        assert {triple[part] for triple in kept} == every
        assert {triple[part] for triple in possible if triple not in kept} == every


@given(seed=SEEDS, kind=st.sampled_from(["one", "two"]))
def test_outside_is_outside(seed: int, kind: str) -> None:
    for who in sampled(seed, kind, "outside").actors:
        size, speed = STAGE.sizes[who.size], STAGE.speeds[who.speed]
        odd_size = not size.low <= who.radius <= size.high
        odd_speed = STAGE.motions[who.motion].has_speed and not speed.low <= who.rate <= speed.high
        assert odd_size != odd_speed


# --- kinds ------------------------------------------------------------------------------------------------------------


@given(seed=SEEDS, aspect=ASPECTS)
def test_relations_hold_at_any_rate_of_frames(seed: int, aspect: float) -> None:
    scene = sampled(seed, "relation", aspect=aspect)
    (relation,) = scene.relations
    pair = [scene.actors[relation.subject], scene.actors[relation.object]]
    for rate, slack in ((8.0, 0.0), (24.0, 0.02)):
        a, b = (screen_track(STAGE, scene, who, clip_times(round(2 * rate) + 1, rate))[0] for who in pair)
        margin = STAGE.relations[relation.name].margin(a, b, (pair[0].radius, pair[1].radius))
        assert margin.min() >= -slack
    if relation.name == "following":
        assert (pair[0].motion, pair[0].rate, pair[0].speed) == (pair[1].motion, pair[1].rate, pair[1].speed)
    if relation.name == "meeting":
        faces = [np.cos(pose_of(STAGE, scene, who, TIMES).angle[-1]) for who in pair]
        assert faces[0] * (b[-1, 0] - a[-1, 0]) > 0 > faces[1] * (b[-1, 0] - a[-1, 0])


def test_no_relation_holds_for_what_another_one_is() -> None:
    """Who follows does not meet, and who meets does not follow."""
    rng = np.random.default_rng(3)
    for _ in range(60):
        scene = STAGE.sample(rng, "relation")
        (relation,) = scene.relations
        pair = [scene.actors[relation.subject], scene.actors[relation.object]]
        a, b = (screen_track(STAGE, scene, who, TIMES)[0] for who in pair)
        for name in {"following", "meeting"} - {relation.name}:
            if relation.name in ("following", "meeting"):
                assert STAGE.relations[name].margin(a, b, (pair[0].radius, pair[1].radius)).min() < 0


@given(seed=SEEDS, aspect=ASPECTS)
@settings(max_examples=20)
def test_props_hide_and_show_who_passes(seed: int, aspect: float) -> None:
    scene = sampled(seed, "prop", aspect=aspect)
    height, width = round(64 / min(aspect, 1)), round(64 * max(aspect, 1))
    layers = render_layers(STAGE, scene, 17, height, width)
    share = layers.visible().sum(dim=(2, 3)) / layers.covers.sum(dim=(2, 3)).clamp(min=1e-6)
    hidden = int(share[0].argmin())
    assert share[0, hidden] < 0.12
    assert share[0, :hidden].max() > 0.5
    assert share[0, hidden:].max() > 0.5
    assert (share[1:] > 0.99).all()


@given(seed=SEEDS, aspect=ASPECTS)
@settings(max_examples=40)
def test_a_tracking_shot_holds_its_actor_for_a_minute(seed: int, aspect: float) -> None:
    scene = sampled(seed, "tracking", aspect=aspect)
    centres, _ = screen_track(STAGE, scene, scene.actors[0], np.linspace(0, 60, 61))
    assert np.ptp(centres, axis=0) == pytest.approx([0, 0], abs=1e-4)
    assert np.abs(centres[:, 0]).max() < scene.half[0] - scene.actors[0].radius
    assert abs(scene.camera.rate) == scene.actors[0].rate


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_scene_put_together_by_hand_stands_on_its_level() -> None:
    parts = [
        Part("car", "red", "small", "moving left", "plain", (0.3, 0.4)),
        Part("bird", "blue", "large", "landing", "plain", (-0.3, -0.2)),
    ]
    scene = stage(STAGE, "city", parts, light="dusk", weather="rain")
    assert (scene.light, scene.weather, len(scene.actors)) == ("dusk", "rain", 2)
    levels = STAGE.backgrounds["city"].levels
    for who in scene.actors:
        feet = pose_of(STAGE, scene, who, TIMES).y + STAGE.shapes[who.shape].foot * who.radius
        assert levels["ground"][0] - 1e-9 <= feet[-1] <= levels["ground"][1] + 1e-9
    assert stage(STAGE, "city", parts).light == "night"


@pytest.mark.parametrize(
    ("place", "part", "light", "said"),
    [
        ("sea", Part("car", "red", "small", "moving left", "plain", (0, 0)), None, "never in the place 'sea'"),
        ("city", Part("car", "red", "small", "moving up", "plain", (0, 0)), None, "car can't be moving up"),
        ("sea", Part("bird", "red", "small", "landing", "plain", (0, 0)), None, "bird can't be landing"),
        ("space", Part("bird", "red", "small", "moving up", "plain", (0, 0)), "night", "none that space may have"),
    ],
)
def test_what_cannot_be_is_refused_with_something_that_can(place: str, part: Part, light: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        stage(STAGE, place, [part], light=light)


def test_a_world_without_places_has_scenes_on_plain_colours() -> None:
    plain = {name: place for name, place in STAGE.backgrounds.items() if place.paint is None}
    world = replace(STAGE, backgrounds=plain, props={}, kinds={"one": 1.0, "two": 1.0})
    rng = np.random.default_rng(4)
    for _ in range(30):
        scene = world.sample(rng)
        assert scene.background in plain
        assert world.parse(world.describe(scene, rng)).background == scene.background
