"""Captions name what is there, in words that free and usual ones do not share."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest

from minisora.world import SHAPES, Actor, Camera, Relation, Scene, Wall
from minisora.world import frames as frame_tables
from minisora.world.grammar import MAX_WORDS, describe, expand, write
from minisora.world.lexicon import vocabulary
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.tables import Words
from minisora.world.wording import Dice, inflected


def loose_scene(rng: np.random.Generator) -> Scene:
    """Any words together, whether or not they could be seen together: the grammar must say them all."""

    def pick(table):
        return list(table)[int(rng.integers(len(table)))]

    alone = [name for name, motion in SHAPES.motions.items() if not motion.paired]
    count = int(rng.integers(1, 4))
    colours = [str(name) for name in rng.permutation(list(SHAPES.colours))[:count]]
    actors = [
        Actor(pick(SHAPES.shapes), colour, pick(SHAPES.sizes), pick(alone), pick(SHAPES.speeds), 0.1, 0.2, (0, 0))
        for colour in colours
    ]
    relations = ()
    if count > 1 and rng.random() < 0.4:
        subject, other = (int(k) for k in rng.permutation(count)[:2])
        kinds = [name for name, kind in SHAPES.relations.items() if count == 2 or not kind.meets]
        relations = (Relation(pick(kinds), subject, other),)
        for k, motion in zip((subject, other), SHAPES.relations[relations[0].name].meets, strict=False):
            actors[k] = replace(actors[k], motion=motion)
        if SHAPES.relations[relations[0].name].follows:
            actors[subject] = replace(actors[subject], motion=actors[other].motion, speed=actors[other].speed)
    return Scene(
        background=pick(SHAPES.backgrounds),
        actors=tuple(actors),
        texture=pick(SHAPES.textures) if rng.random() < 0.4 else "",
        relations=relations,
        wall=Wall(0.0, 0.2) if rng.random() < 0.3 else None,
        camera=Camera(pick(SHAPES.cameras), 0.2) if rng.random() < 0.4 else Camera(),
    )


def captions(count: int, free: bool, short: float = 0.3, seed: int = 0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield write(SHAPES, loose_scene(rng), rng, short=short, free=free)


def says(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w-])(" + "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True)) + r")(?![\w-])"
    )


def all_words(part: str) -> list[str]:
    entries = [getattr(entry, part) for axis in vocabulary(SHAPES).values() for entry in axis]
    inverse = [getattr(kind.inverse_words, part) for kind in SHAPES.relations.values()]
    return [phrase for phrases in entries + inverse for phrase in phrases]


def literal_pieces(part: str) -> set[str]:
    """What stands between the slots of all frames."""
    tables = [table for table in vars(frame_tables).values() if isinstance(table, Words)]
    pieces = [
        piece.strip(" ,.:;()")
        for table in tables
        for frame in getattr(table, part)
        for piece in re.split(r"{\w+}", frame)
    ]
    return {piece for piece in pieces if piece}


DEMO = Scene(
    background="black",
    actors=(
        Actor("circle", "red", "small", "moving right", "plain", 0.1, 0.2, (0.0, 0.0)),
        Actor("star", "blue", "large", "bouncing", "quickly", 0.2, 0.3, (0.2, 0.2)),
    ),
)


class TestWrite:
    def test_dense_captions_name_everything(self):
        rng = np.random.default_rng(0)
        for _ in range(300):
            scene = loose_scene(rng)
            caption = write(SHAPES, scene, rng, short=0.0)
            request = caption.request
            follows = [r for r in scene.relations if SHAPES.relations[r.name].follows]
            for said, index in zip(request.actors, caption.order, strict=True):
                actor = scene.actors[index]
                assert (said.shape, said.colour, said.size) == (actor.shape, actor.colour, actor.size)
                audible = SHAPES.motions[actor.motion].has_speed and actor.speed != "plain"
                if SHAPES.motions[actor.motion].paired:
                    assert said.motion is None
                elif not follows:
                    assert said.motion == actor.motion
                    assert said.speed == (actor.speed if audible else None)
            assert request.background == scene.background
            assert request.texture == (scene.texture or None)
            assert [r.name for r in request.relations] == [r.name for r in scene.relations]
            assert bool(request.behind_wall) == (scene.wall is not None)
            assert request.camera == scene.camera.move or scene.camera.move == "still"

    def test_a_chase_names_the_motion_of_one_at_least(self):
        rng = np.random.default_rng(1)
        for _ in range(100):
            scene = SHAPES.sample(rng, kind="relation")
            request = write(SHAPES, scene, rng, short=0.0).request
            assert any(actor.motion for actor in request.actors)

    def test_indices_follow_the_order_of_mention(self):
        rng = np.random.default_rng(2)
        for _ in range(200):
            scene = loose_scene(rng)
            caption = write(SHAPES, scene, rng)
            for relation in caption.request.relations:
                assert caption.order[relation.subject] == scene.relations[0].subject
                assert caption.order[relation.object] == scene.relations[0].object
            assert all(caption.order[k] == 0 for k in caption.request.behind_wall)

    def test_order_is_shuffled(self):
        rng = np.random.default_rng(3)
        first = [write(SHAPES, DEMO, rng).order[0] for _ in range(400)]
        assert 140 < sum(first) < 260

    def test_short_captions_leave_out_but_keep_actors_apart(self):
        left_out = 0
        for caption in captions(400, free=False, short=1.0):
            actors = caption.request.actors
            left_out += (
                any(None in (a.size, a.shape, a.colour, a.motion) for a in actors) or not caption.request.background
            )
            assert all(actor.shape or actor.colour for actor in actors)
            shapes = [actor.shape for actor in actors]
            assert all(actor.colour or shapes.count(actor.shape) == 1 for actor in actors)
            assert len({actor.motion is None for actor in actors}) == 1 or caption.request.relations
        assert left_out > 300

    def test_same_generator_same_caption(self):
        pairs = [write(SHAPES, DEMO, np.random.default_rng(7)) for _ in range(2)]
        assert pairs[0] == pairs[1]

    def test_captions_of_several_actors_are_not_long(self):
        rng = np.random.default_rng(8)
        scenes = [SHAPES.sample(rng, kind="three") for _ in range(25)]
        texts = [
            write(SHAPES, scene, rng, free=free).text for scene in scenes for free in (False, True) for _ in range(8)
        ]
        lengths = np.array([len(text.split()) for text in texts])
        assert np.mean(lengths > MAX_WORDS) < 0.01
        assert max(lengths) <= MAX_WORDS + 10

    def test_many_wordings(self):
        rng = np.random.default_rng(4)
        assert len({write(SHAPES, DEMO, rng).text for _ in range(300)}) > 290

    def test_describe_is_dense(self):
        text = describe(SHAPES, DEMO, np.random.default_rng(5))
        assert SHAPES.parse(text).background == "black"

    def test_quick(self):
        rng = np.random.default_rng(6)
        scenes = [loose_scene(rng) for _ in range(300)]
        write(SHAPES, scenes[0], rng)
        start = time.process_time()
        for scene in scenes:
            write(SHAPES, scene, rng)
        assert (time.process_time() - start) / len(scenes) < 1e-3  # about 0.07 ms; room for a busy machine


class TestFree:
    def test_no_phrase_is_both(self):
        for axis in vocabulary(SHAPES).values():
            usual, free, heard = (
                {p for entry in axis for p in getattr(entry, part)} for part in ("usual", "free", "heard")
            )
            assert not usual & free
            assert not usual & heard
            assert not free & heard

    def test_usual_captions_never_say_a_free_phrase(self):
        pieces = literal_pieces("free") - literal_pieces("usual")
        pieces -= {word for phrase in all_words("usual") for word in phrase.split()} | {"it", "it is"}
        found = says(all_words("free") + sorted(pieces))
        for caption in captions(4000, free=False):
            hit = found.search(caption.text.lower())
            assert hit is None, (hit, caption.text)

    def test_free_captions_are_never_usual(self):
        """Each has a free phrase, a piece of a free frame, or an order that usual captions don't have."""
        colours = says([p for c in SHAPES.colours.values() for p in c.words.usual])
        sizes = "|".join(p for s in SHAPES.sizes.values() for p in s.words.usual)
        colour_first = re.compile(rf"({colours.pattern}),? ({sizes}) ")
        found = says(all_words("free") + sorted(literal_pieces("free") - literal_pieces("usual")))
        inverted = re.compile(
            r"(^|[.;:,] )[a-z]+ing\b[^.;:]* is (a|an|the) |\w+ing (slowly|quickly) |\w+s (slowly|quickly) "
        )
        traits = re.compile(r"\(|, [\w-]+ and [\w-]+,|it is |(^|, )with (an? )?[\w -]+ background")
        for caption in captions(1500, free=True):
            text = caption.text.lower()
            marks = (found, colour_first, inverted, traits)
            if any(mark.search(text) for mark in marks):
                continue
            pytest.fail(f"nothing free in {text!r}")

    def test_free_phrases_are_used(self):
        said = " ".join(caption.text.lower() for caption in captions(4000, free=True))
        phrases = all_words("free")
        assert sum(p in said for p in phrases) / len(phrases) > 0.9


class TestExpand:
    def test_keeps_what_was_named_and_names_the_rest(self):
        request = SceneRequest(actors=(ActorRequest(colour="red"), ActorRequest(shape="ring", motion="falling")))
        caption = expand(SHAPES, request, np.random.default_rng(0))
        said = {index: actor for actor, index in zip(caption.request.actors, caption.order, strict=True)}
        assert said[0].colour == "red"
        assert (said[1].shape, said[1].motion) == ("ring", "falling")
        for actor in said.values():
            assert None not in (actor.shape, actor.colour, actor.size, actor.motion)
        assert said[0].colour != said[1].colour
        assert caption.request.background
        assert SHAPES.parse(caption.text) == caption.request

    def test_made_up_motions_fit(self):
        rng = np.random.default_rng(1)
        red, blue = ActorRequest("circle", "red"), ActorRequest("ring", "blue")
        for _ in range(40):
            chase = expand(SHAPES, SceneRequest((red, blue), relations=(RelationRequest("chasing", 0, 1),)), rng)
            moves = {actor.motion for actor in chase.request.actors} - {None}
            assert len(moves) == 1
            assert SHAPES.motions[moves.pop()].direction
            assert expand(SHAPES, SceneRequest((red,)), rng).request.actors[0].motion != "spinning"
            walled = expand(SHAPES, SceneRequest((red,), behind_wall=(0,)), rng).request.actors[0]
            assert walled.motion in ("moving left", "moving right")

    def test_nobody_gets_somebody(self):
        caption = expand(SHAPES, SceneRequest(background="navy"), np.random.default_rng(2))
        assert len(caption.request.actors) == 1
        assert caption.request.background == "navy"

    def test_moving_camera_gets_a_texture(self):
        request = SceneRequest(actors=(ActorRequest("star"),), camera="panning left")
        assert expand(SHAPES, request, np.random.default_rng(3)).request.texture


class TestWording:
    def test_inflected(self):
        words = SHAPES.motions["moving left"].words
        assert all(p.split()[0].endswith("ing") for p in inflected(words, True, False).usual)
        assert "moves left" in inflected(words, False, False).usual
        assert "moving leftwards" in inflected(words, True, True).usual
        assert "moving to the left" not in inflected(words, True, True).usual

    def test_dice(self):
        dice = Dice(np.random.default_rng(0), free=True, always=True)
        assert dice.words(Words(("a",), ("b",))) == "b"
        assert dice.took_free
        assert sorted(dice.shuffled(5)) == [0, 1, 2, 3, 4]
        assert all(0 <= dice.number() < 1 for _ in range(500))
