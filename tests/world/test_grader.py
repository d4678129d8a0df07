"""The grader: right on renders, wrong where one word is wrong, calm on whatever else it is shown."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from minisora.errors import SettingError, ShapeError
from minisora.world import SHAPES, Actor, ActorRequest, Camera, RelationRequest, Scene, SceneRequest, Wall
from minisora.world.grader import Grade, compare, grade, read

RED = Actor("triangle", "red", "small", "moving right", "plain", 0.1, 0.2, (-0.3, -0.2))
BLUE = Actor("circle", "blue", "large", "staying still", "plain", 0.18, 0.0, (0.1, 0.22))
PAIR = Scene("navy", (RED, BLUE))


def asked(*actors: Actor, **rest: object) -> SceneRequest:
    """A request that names everything about these actors."""
    named = tuple(
        ActorRequest(a.shape, a.colour, a.size, a.motion, a.speed if SHAPES.motions[a.motion].has_speed else None)
        for a in actors
    )
    return SceneRequest(named, **rest)  # type: ignore[arg-type]


def wrong(result: Grade) -> set[tuple[str, str]]:
    """Subject and attribute of each verdict that failed."""
    return {(verdict.subject, verdict.attribute) for verdict in result.wrong}


@pytest.fixture(scope="module")
def pair() -> torch.Tensor:
    """A clip of the two actors."""
    return SHAPES.render(PAIR)


# --- floors -----------------------------------------------------------------------------------------------------------


def judge(scenes: int, seed: int) -> tuple[float, float]:
    """Share of single verdicts and of whole scenes that are right on renders of random scenes."""
    rng = np.random.default_rng(seed)
    grades = []
    for _ in range(scenes):
        scene = SHAPES.sample(rng)
        grades.append(SHAPES.grade(SHAPES.render(scene), SHAPES.write(scene, rng, short=0.0).request))
    return float(np.mean([g.share_right for g in grades])), float(np.mean([g.every_word_right for g in grades]))


def test_renders_are_judged_right() -> None:
    verdicts, scenes = judge(60, seed=1)
    assert verdicts >= 0.995
    assert scenes >= 0.98


@pytest.mark.slow
def test_many_renders_are_judged_right() -> None:
    verdicts, scenes = judge(600, seed=2)
    assert verdicts >= 0.999
    assert scenes >= 0.99


def test_splits_are_judged_right() -> None:
    rng = np.random.default_rng(3)
    for split in ("unseen", "outside"):
        for _ in range(10):
            scene = SHAPES.sample(rng, "one", split=split)
            result = SHAPES.grade(SHAPES.render(scene), SHAPES.write(scene, rng, short=0.0).request)
            assert result.every_word_right, f"{split}: {scene}\n{result}"


# --- one wrong word ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "word"),
    [("colour", "green"), ("shape", "star"), ("size", "large"), ("motion", "moving left"), ("speed", "quickly")],
)
def test_one_wrong_word_of_an_actor_is_caught(pair: torch.Tensor, attribute: str, word: str) -> None:
    request = asked(RED, BLUE, background="navy")
    assert grade(SHAPES, pair, request).every_word_right
    changed = replace(request, actors=(replace(request.actors[0], **{attribute: word}), request.actors[1]))
    assert wrong(grade(SHAPES, pair, changed)) == {("actor 1", attribute)}


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"background": "black"}, "background"),
        ({"texture": "grid"}, "texture"),
        ({"camera": "panning left"}, "camera"),
        ({"behind_wall": (0,)}, "wall"),
        ({"relations": (RelationRequest("below", 0, 1),)}, "relation"),
        ({"actors": asked(RED).actors}, "count"),
    ],
)
def test_one_wrong_word_of_the_scene_is_caught(pair: torch.Tensor, change: dict[str, object], attribute: str) -> None:
    result = grade(SHAPES, pair, replace(asked(RED, BLUE, background="navy"), **change))  # type: ignore[arg-type]
    assert {name for _, name in wrong(result)} == {attribute}


def test_a_missing_actor_fails_all_its_words(pair: torch.Tensor) -> None:
    third = ActorRequest("ring", "white", "small", "bouncing", "slowly")
    result = grade(SHAPES, pair, SceneRequest((*asked(RED, BLUE).actors, third)))
    assert wrong(result) == {
        ("scene", "count"),
        *(("actor 3", name) for name in ("colour", "shape", "size", "motion", "speed")),
    }
    assert all(v.found == "nothing" for v in result.wrong if v.subject == "actor 3")


TOLD = [name for name, motion in SHAPES.motions.items() if not motion.paired]


@pytest.mark.parametrize("name", TOLD)
def test_every_motion_is_told_from_every_other(name: str) -> None:
    rng = np.random.default_rng(5)
    motion = SHAPES.motions[name]
    drafted = motion.draft(rng, 0.1, 0.2, (0.5, 0.5), 2.0)
    actor = Actor("square", "cyan", "small", name, "plain", **{"radius": 0.1, "rate": 0.2, **drafted})
    reading = read(SHAPES, SHAPES.render(Scene("black", (actor,))))
    for other in TOLD:
        result = compare(SHAPES, reading, SceneRequest((ActorRequest(motion=other),)))
        assert wrong(result) == (set() if other == name else {("actor 1", "motion")}), f"{name} or {other}"


def test_a_bounce_needs_two_legs() -> None:
    from_the_edge = Actor("cross", "white", "large", "moving right", "slowly", 0.175, 0.1, (-0.325, 0.2))
    assert read(SHAPES, SHAPES.render(Scene("grey", (from_the_edge,)))).actors[0].motion == "moving right"


def test_relations_hold_one_way_only() -> None:
    leader = replace(BLUE, motion="moving right", size="small", radius=0.1, rate=0.2, start=(-0.05, 0.0))
    chaser = replace(RED, start=(-0.35, 0.0))
    clip = SHAPES.render(Scene("black", (chaser, leader)))
    for subject, other, right in ((0, 1, True), (1, 0, False)):
        for name, holds in (("chasing", right), ("left of", right), ("right of", not right), ("above", False)):
            request = asked(chaser, leader, relations=(RelationRequest(name, subject, other),))
            assert grade(SHAPES, clip, request).every_word_right == holds, (name, subject)


def test_the_wall_must_be_passed_behind() -> None:
    wall = Wall(0.0, 0.28)
    passing = replace(RED, rate=0.34, speed="quickly", start=(-0.34, -0.2))
    behind = asked(passing, behind_wall=(0,))
    clip = SHAPES.render(Scene("grey", (passing,), wall=wall))
    assert grade(SHAPES, clip, behind).every_word_right
    assert wrong(grade(SHAPES, clip, asked(passing))) == {("scene", "wall")}
    beside = replace(passing, rate=0.0, motion="staying still", start=(-0.36, 0.0))
    still = SHAPES.render(Scene("grey", (beside,), wall=wall))
    assert wrong(grade(SHAPES, still, asked(beside, behind_wall=(0,)))) == {("actor 1", "wall")}
    in_front = SHAPES.render(Scene("grey", (passing,)))
    slab = SHAPES.render(Scene("grey", (), wall=wall))
    free = (in_front.int() - SHAPES.render(Scene("grey", ())).int()).abs().amax(-1, keepdim=True) < 4
    assert not grade(SHAPES, torch.where(free, slab, in_front), behind).every_word_right


@pytest.mark.parametrize("move", list(SHAPES.cameras))
@pytest.mark.parametrize("texture", list(SHAPES.textures))
def test_the_camera_is_told_apart_from_the_actor(move: str, texture: str) -> None:
    rate = (SHAPES.cameras[move].low + SHAPES.cameras[move].high) / 2
    scene = Scene("black", (replace(BLUE, start=(0.0, 0.0)),), texture=texture, camera=Camera(move, rate))
    reading = read(SHAPES, SHAPES.render(scene))
    assert (reading.texture, reading.camera.move) == (texture, move)
    assert reading.camera.rate == pytest.approx(rate, abs=0.004)
    assert reading.actors[0].motion == "staying still"


# --- imperfect clips --------------------------------------------------------------------------------------------------


def spliced(first: Scene, second: Scene, at: int = 9) -> torch.Tensor:
    """The first scene's clip until a frame, then the second's."""
    return torch.cat([SHAPES.render(first)[:at], SHAPES.render(second)[at:]])


def test_an_actor_that_vanishes_fails() -> None:
    clip = spliced(PAIR, Scene("navy", (RED,)))
    assert ("scene", "count") in wrong(grade(SHAPES, clip, asked(RED, BLUE)))


@pytest.mark.parametrize(("attribute", "word"), [("colour", "green"), ("shape", "square")])
def test_an_actor_that_changes_half_way_fails(attribute: str, word: str) -> None:
    clip = spliced(PAIR, Scene("navy", (RED, replace(BLUE, **{attribute: word}))))
    assert not grade(SHAPES, clip, asked(RED, BLUE)).every_word_right


@pytest.mark.parametrize("colour", ["blue", "white", "red"])
def test_a_second_copy_or_a_third_actor_fails(colour: str) -> None:
    more = replace(RED, colour=colour, motion="staying still", start=(-0.3, 0.3), radius=0.07)
    clip = SHAPES.render(Scene("navy", (RED, BLUE, more)))
    assert wrong(grade(SHAPES, clip, asked(RED, BLUE))) == {("scene", "count")}


def test_a_blob_in_no_known_colour_fails(pair: torch.Tensor) -> None:
    clip = pair.clone()
    clip[:, 4:12, 4:12] = torch.tensor([120, 130, 20], dtype=torch.uint8)
    assert ("scene", "count") in wrong(grade(SHAPES, clip, asked(RED, BLUE)))


def test_a_little_blur_noise_and_tint_do_not_matter(pair: torch.Tensor) -> None:
    soft = torch.nn.functional.avg_pool2d(pair.float().permute(0, 3, 1, 2), 3, 1, 1, count_include_pad=False)
    soft = 0.5 * soft.permute(0, 2, 3, 1) + 0.5 * pair + 2 * torch.randn(pair.shape) + torch.tensor([6.0, -5.0, 4.0])
    assert grade(SHAPES, soft.round().clamp(0, 255).to(torch.uint8), asked(RED, BLUE)).every_word_right


@pytest.mark.parametrize(
    "clip",
    [
        torch.zeros(17, 64, 64, 3, dtype=torch.uint8),
        torch.full((17, 64, 64, 3), 255, dtype=torch.uint8),
        torch.randint(0, 256, (17, 64, 64, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8),
        (torch.arange(17)[:, None, None, None] % 2 * 255).expand(17, 64, 64, 3).to(torch.uint8),
        torch.arange(64)[None, None, :, None].expand(17, 64, 64, 3).to(torch.uint8) * 4,
    ],
    ids=["black", "white", "noise", "flicker", "ramp"],
)
def test_hostile_clips_fail_calmly(clip: torch.Tensor) -> None:
    result = grade(SHAPES, clip, asked(RED, BLUE, background="navy"))
    assert not result.every_word_right
    assert result.share_right < 0.5


# --- sizes, rates, stills ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("height", "width"), [(48, 48), (48, 80), (80, 48), (96, 96), (128, 128)])
def test_other_sizes(height: int, width: int) -> None:
    rng = np.random.default_rng(height + width)
    for _ in range(5):
        scene = SHAPES.sample(rng, aspect=width / height)
        clip = SHAPES.render(scene, height=height, width=width)
        result = SHAPES.grade(clip, SHAPES.write(scene, rng, short=0.0).request)
        assert result.every_word_right, f"{scene}\n{result}"


@pytest.mark.parametrize(("frames", "fps"), [(9, 4.0), (33, 16.0), (25, 8.0), (33, 8.0)])
def test_other_rates_and_lengths(frames: int, fps: float) -> None:
    rng = np.random.default_rng(frames)
    for _ in range(5):
        scene = SHAPES.sample(rng, str(rng.choice(["one", "two"])))
        clip = SHAPES.render(scene, num_frames=frames, fps=fps)
        result = SHAPES.grade(clip, SHAPES.write(scene, rng, short=0.0).request, fps=fps)
        assert not [v for v in result.wrong if v.attribute in ("colour", "shape", "size")], f"{scene}\n{result}"


def test_a_still_is_not_judged_for_what_moves() -> None:
    request = asked(RED, BLUE, background="navy", relations=(RelationRequest("chasing", 0, 1),))
    result = grade(SHAPES, SHAPES.render(PAIR, num_frames=1), request)
    assert result.every_word_right
    assert not {"motion", "speed", "camera", "relation"} & {verdict.attribute for verdict in result.verdicts}


def test_what_is_not_named_is_not_judged(pair: torch.Tensor) -> None:
    result = grade(SHAPES, pair, SceneRequest((ActorRequest(colour="red"), ActorRequest(shape="circle"))))
    assert result.every_word_right
    judged = [(v.subject, v.attribute) for v in result.verdicts if v.subject != "scene"]
    assert judged == [("actor 1", "colour"), ("actor 2", "shape")]


def test_reading_gives_the_numbers_back() -> None:
    reading = read(SHAPES, SHAPES.render(PAIR))
    red = next(actor for actor in reading.actors if actor.colour == "red")
    assert red.radius == pytest.approx(RED.radius, rel=0.01)
    assert red.rate == pytest.approx(RED.rate, rel=0.01)
    assert red.place[0] == pytest.approx(RED.start, abs=0.003)
    assert red.position_error < 0.1
    assert red.velocity_error < 0.1
    assert json.loads(json.dumps(reading.to_dict()))["background"] == "navy"


# --- the grade itself -------------------------------------------------------------------------------------------------


def test_a_grade_is_read_without_colours(pair: torch.Tensor) -> None:
    request = asked(replace(RED, motion="moving left"), BLUE)
    result = grade(SHAPES, pair, request)
    line = next(line for line in str(result).splitlines() if "moving left" in line)
    assert line.startswith("✗")
    assert "moving left → moving right" in line
    assert "the red triangle" in line
    assert json.loads(result.to_json())["every_word_right"] is False
    assert 0 < result.share_right < 1


def test_no_clip_no_grade(pair: torch.Tensor) -> None:
    for clip in (pair[0], pair[:0], pair.float(), pair[None], pair[:, :8]):
        with pytest.raises(ShapeError):
            read(SHAPES, clip)
    with pytest.raises(SettingError):
        read(SHAPES, pair, fps=0)
