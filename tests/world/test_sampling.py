"""Scenes keep what their kind and their split promise, at any shape and length of frame."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minisora.data.physics import Ball, simulate
from minisora.errors import SettingError
from minisora.world import SHAPES, Actor, Scene
from minisora.world.render import clip_times, render_layers, screen_track
from minisora.world.sampling import IN_SIGHT, RECIPES, SPLITS
from minisora.world.tables import CLEARANCE

SEEDS = st.integers(0, 2**32 - 1)
KINDS, EVERY_SPLIT = st.sampled_from(list(RECIPES)), st.sampled_from(SPLITS)
ASPECTS = st.sampled_from([0.6, 1.0, 5 / 3])
COUNTS = {"one": {1}, "two": {2}, "three": {3}, "relation": {2}, "wall": {1, 2}, "camera": {1, 2}, "leaving": {1, 2}}
COUNTS |= {"collision": {2}}
RELATED = {"relation", "collision"}


def sampled(seed: int, *args: object, **fields: object) -> Scene:
    """A scene of a fresh generator."""
    return SHAPES.sample(np.random.default_rng(seed), *args, **fields)  # type: ignore[arg-type]


def is_unseen(who: Actor) -> bool:
    """Whether an actor's combination is kept out of training."""
    return SHAPES.is_unseen(who.colour, who.shape, who.motion)


# --- every kind in every split ----------------------------------------------------------------------------------------


@given(seed=SEEDS, kind=KINDS, split=EVERY_SPLIT, aspect=ASPECTS)
def test_what_holds_for_every_scene(seed: int, kind: str, split: str, aspect: float) -> None:
    scene = sampled(seed, kind, split, aspect=aspect)
    assert scene.kind == kind
    assert scene.aspect == aspect
    assert len(scene.actors) in COUNTS[kind]
    assert len({who.colour for who in scene.actors}) == len(scene.actors)
    assert bool(scene.relations) == (kind in RELATED)
    assert any(SHAPES.motions[who.motion].paired for who in scene.actors) == (kind == "collision")
    assert (scene.wall is not None) == (kind == "wall")
    assert (scene.camera.move != "still") == (kind == "camera") == bool(scene.texture)
    assert ("leaving and coming back" in [who.motion for who in scene.actors]) == (kind == "leaving")
    for who in scene.actors:
        assert not (SHAPES.motions[who.motion].needs_turn and SHAPES.shapes[who.shape].fold == 0)
        assert SHAPES.motions[who.motion].has_speed or who.speed == SHAPES.plain_speed


@given(seed=SEEDS, kind=KINDS, aspect=ASPECTS)
def test_numbers_are_those_of_their_words(seed: int, kind: str, aspect: float) -> None:
    for who in sampled(seed, kind, aspect=aspect).actors:
        size, speed = SHAPES.sizes[who.size], SHAPES.speeds[who.speed]
        assert size.low <= who.radius <= size.high
        if SHAPES.motions[who.motion].has_speed:
            assert speed.low <= who.rate <= speed.high


@given(seed=SEEDS, kind=st.sampled_from(["two", "three", "relation"]))
def test_actors_keep_clear_of_each_other(seed: int, kind: str) -> None:
    scene = sampled(seed, kind)
    tracks = [screen_track(SHAPES, scene, who, clip_times(17, 8.0)) for who in scene.actors]
    for (a, ra), (b, rb) in itertools.combinations(tracks, 2):
        apart = np.hypot(*(a - b).T) / (ra + rb)
        if kind == "relation" and scene.relations[0].name == "chasing":
            assert apart.min() >= 1.0
        else:
            assert apart.min() >= CLEARANCE - 1e-9


def test_actors_may_come_nearer_where_that_is_asked() -> None:
    """The same stream of scenes, closer together: all keep the clearance asked for, and some use it."""
    times = clip_times(17, 8.0)
    nearest = []
    for seed in range(60):
        scene = SHAPES.sample(np.random.default_rng(seed), "three", clearance=0.5)
        tracks = [screen_track(SHAPES, scene, who, times) for who in scene.actors]
        pairs = itertools.combinations(tracks, 2)
        nearest.append(min(float((np.hypot(*(a - b).T) / (ra + rb)).min()) for (a, ra), (b, rb) in pairs))
    assert min(nearest) >= 0.5 - 1e-9
    assert np.mean(np.array(nearest) < CLEARANCE) > 0.15


def test_the_same_generator_gives_the_same_scene_and_another_another() -> None:
    assert sampled(7) == sampled(7)
    assert len({sampled(seed).to_json() for seed in range(50)}) == 50


def test_kinds_come_as_often_as_their_table_says() -> None:
    rng = np.random.default_rng(0)
    kinds = [SHAPES.sample(rng).kind for _ in range(1000)]
    for name, share in SHAPES.kinds.items():
        assert kinds.count(name) / 1000 == pytest.approx(share, abs=0.05)


def test_every_word_of_the_tables_is_drawn() -> None:
    rng = np.random.default_rng(0)
    scenes = [SHAPES.sample(rng) for _ in range(1500)]
    actors = [who for scene in scenes for who in scene.actors]
    assert {who.shape for who in actors} == set(SHAPES.shapes)
    assert {who.colour for who in actors} == set(SHAPES.colours)
    assert {who.size for who in actors} == set(SHAPES.sizes)
    assert {who.motion for who in actors} == set(SHAPES.motions)
    assert {who.speed for who in actors} == set(SHAPES.speeds)
    assert {scene.background for scene in scenes} == set(SHAPES.backgrounds)
    assert {scene.camera.move for scene in scenes} == set(SHAPES.cameras)
    assert {scene.texture for scene in scenes} == {"", *SHAPES.textures}
    assert {relation.name for scene in scenes for relation in scene.relations} == set(SHAPES.relations)


# --- splits -----------------------------------------------------------------------------------------------------------


@given(seed=SEEDS, kind=KINDS)
def test_training_never_shows_an_unseen_combination(seed: int, kind: str) -> None:
    assert not any(is_unseen(who) for who in sampled(seed, kind).actors)


@given(seed=SEEDS, kind=KINDS)
def test_unseen_shows_nothing_else(seed: int, kind: str) -> None:
    assert all(is_unseen(who) for who in sampled(seed, kind, "unseen").actors)


def test_each_word_is_in_both_splits() -> None:
    triples = list(itertools.product(SHAPES.colours, SHAPES.shapes, SHAPES.motions))
    kept = [triple for triple in triples if SHAPES.is_unseen(*triple)]
    assert len(kept) / len(triples) == pytest.approx(1 / SHAPES.unseen_modulus, abs=0.02)
    for part, table in enumerate([SHAPES.colours, SHAPES.shapes, SHAPES.motions]):
        assert {triple[part] for triple in kept} == set(table)
        assert {triple[part] for triple in triples if triple not in kept} == set(table)


@given(seed=SEEDS, kind=st.sampled_from(["one", "two", "three"]))
def test_outside_is_outside(seed: int, kind: str) -> None:
    for who in sampled(seed, kind, "outside").actors:
        size, speed = SHAPES.sizes[who.size], SHAPES.speeds[who.speed]
        odd_size = not size.low <= who.radius <= size.high
        odd_speed = SHAPES.motions[who.motion].has_speed and not speed.low <= who.rate <= speed.high
        assert odd_size != odd_speed
        low, high = (size.outside if odd_size else speed.outside) or (1, 0)
        assert low <= (who.radius if odd_size else who.rate) <= high


def test_outside_ranges_touch_no_training_range() -> None:
    for table in (SHAPES.sizes, SHAPES.speeds):
        for entry in table.values():
            for other in table.values():
                if entry.outside:
                    assert entry.outside[1] < other.low or entry.outside[0] > other.high


# --- kinds ------------------------------------------------------------------------------------------------------------


@given(seed=SEEDS, aspect=ASPECTS)
def test_relations_hold_through_the_clip(seed: int, aspect: float) -> None:
    scene = sampled(seed, "relation", aspect=aspect)
    (relation,) = scene.relations
    pair = [scene.actors[relation.subject], scene.actors[relation.object]]
    for rate, slack in ((8.0, 0.0), (64.0, 0.02)):
        moments = clip_times(round(2 * rate) + 1, rate)
        a, b = (screen_track(SHAPES, scene, who, moments)[0] for who in pair)
        margin = SHAPES.relations[relation.name].margin(a, b, (pair[0].radius, pair[1].radius))
        assert margin.min() >= -slack


@given(seed=SEEDS)
def test_a_chaser_follows_at_its_leaders_speed(seed: int) -> None:
    scene = sampled(seed, "relation")
    (relation,) = scene.relations
    if SHAPES.relations[relation.name].follows:
        chaser, leader = scene.actors[relation.subject], scene.actors[relation.object]
        assert (chaser.motion, chaser.rate, chaser.speed) == (leader.motion, leader.rate, leader.speed)


@given(seed=SEEDS, aspect=ASPECTS, seconds=st.sampled_from([2.0, 4.0]))
def test_who_collides_does_as_a_simulator_of_balls_says(seed: int, aspect: float, seconds: float) -> None:
    scene = sampled(seed, "collision", aspect=aspect, seconds=seconds)
    rests = len({who.motion for who in scene.actors}) > 1
    balls = [
        Ball(*who.start, *(who.rate * (not (rests and k)) * f(who.heading) for f in (np.cos, np.sin)), who.radius)
        for k, who in enumerate(scene.actors)
    ]
    moments = clip_times(round(8 * seconds) + 1, 8.0)
    places = simulate(balls, 0.0, (5.0, 5.0), seconds).positions(moments)  # (f, 2, 2)
    for k, who in enumerate(scene.actors):
        assert np.allclose(screen_track(SHAPES, scene, who, moments)[0], places[:, k], atol=1e-6)
    (relation,) = scene.relations
    held = SHAPES.relations[relation.name].margin(places[:, 0], places[:, 1], (balls[0].radius, balls[1].radius))
    assert held.min() >= 0.1


@given(seed=SEEDS, aspect=ASPECTS)
@settings(max_examples=60)
def test_walls_hide_and_show_an_actor(seed: int, aspect: float) -> None:
    scene = sampled(seed, "wall", aspect=aspect)
    height, width = round(96 / min(aspect, 1)), round(96 * max(aspect, 1))
    layers = render_layers(SHAPES, scene, 17, height, width)
    share = layers.visible().sum(dim=(2, 3)) / layers.covers.sum(dim=(2, 3)).clamp(min=1e-6)
    passer = share[0]
    assert passer.min() < 0.02  # hidden
    hidden = int(passer.argmin())
    assert passer[:hidden].max() > 0.6  # seen before
    assert passer[hidden:].max() > 0.6  # and after
    assert (share[1:] > 0.99).all()  # whoever else is there stays clear of the wall


@given(seed=SEEDS, aspect=ASPECTS)
@settings(max_examples=60)
def test_the_camera_keeps_its_actors_in_sight(seed: int, aspect: float) -> None:
    scene = sampled(seed, "camera", aspect=aspect)
    for who in scene.actors:
        centres, radii = screen_track(SHAPES, scene, who, clip_times(129, 64.0))
        room = np.array(scene.half) - np.abs(centres) - IN_SIGHT * radii[:, None]
        assert room.min() > -0.02


@given(seed=SEEDS, aspect=ASPECTS)
@settings(max_examples=60)
def test_leaving_is_out_of_sight_and_back(seed: int, aspect: float) -> None:
    scene = sampled(seed, "leaving", aspect=aspect)
    height, width = round(64 / min(aspect, 1)), round(64 * max(aspect, 1))
    ink = render_layers(SHAPES, scene, 17, height, width).covers[0].sum(dim=(1, 2))
    gone = np.flatnonzero((ink < 0.02 * ink.max()).numpy())
    assert 3 <= len(gone) <= 7  # at 8 a second: half a second for a circle, longer for what is narrow at its rim
    assert np.all(np.diff(gone) == 1)
    assert ink[0] > 0.95 * ink.max()
    assert ink[-1] > 0.5 * ink.max()


@given(seed=SEEDS, kind=st.sampled_from(["one", "two", "three", "relation", "collision"]), split=EVERY_SPLIT)
def test_middles_stay_in_the_frame(seed: int, kind: str, split: str) -> None:
    scene = sampled(seed, kind, split)
    for who in scene.actors:
        centres, _ = screen_track(SHAPES, scene, who, clip_times(17, 8.0))
        assert np.abs(centres).max() <= 0.5 + 1e-9


@given(seed=SEEDS, seconds=st.sampled_from([1.0, 4.0, 8.0]), aspect=ASPECTS)
@settings(max_examples=60)
def test_other_lengths_are_legible_too(seed: int, seconds: float, aspect: float) -> None:
    scene = sampled(seed, aspect=aspect, seconds=seconds)
    for who in scene.actors:
        if SHAPES.motions[who.motion].common > 0:
            centres, _ = screen_track(SHAPES, scene, who, clip_times(round(8 * seconds) + 1, 8.0))
            assert (np.abs(centres) <= np.array(scene.half) + 1e-9).all()


# --- what is refused --------------------------------------------------------------------------------------------------


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(SettingError, match=r"kind='four'.*three"):
        sampled(0, "four")
    with pytest.raises(SettingError, match="no legible 'wall'"):
        sampled(0, "wall", seconds=0.1)
    with pytest.raises(SettingError, match=r"split='test'.*unseen"):
        sampled(0, "one", "test")
