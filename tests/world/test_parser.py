"""Parsing is the inverse of writing, and stays calm whatever is typed."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minisora.errors import PromptError
from minisora.world import SHAPES
from minisora.world.grammar import write
from minisora.world.lexicon import EXAMPLES, tokens_of
from minisora.world.parser import MAX_CHARACTERS, nearest_words, parse, vocabulary
from minisora.world.request import ActorRequest, RelationRequest
from minisora.world.tables import Words
from tests.world.test_grammar import loose_scene

ACTOR = ActorRequest("circle", "red")
SALAD = [
    *("a", "the", "it", "they", "both", "two", "one", "red", "blue", "small", "circle", "star", "stars", "shapes", "."),
    *(
        ",",
        "and",
        "is",
        "chasing",
        "left",
        "of",
        "above",
        "slowly",
        "bouncing",
        "bounce",
        "black",
        "background",
        "while",
    ),
    *("with", "on", "passing behind a wall", "panning left", "a grid", "moving left", "followed by"),
]


def first(prompt: str) -> ActorRequest:
    return parse(SHAPES, prompt).actors[0]


def unknown(prompt: str) -> dict[str, tuple[str, ...]]:
    return {word.word: word.nearest for word in parse(SHAPES, prompt).unknown}


class TestInverse:
    @pytest.mark.slow
    @pytest.mark.parametrize("free", [False, True])
    @pytest.mark.parametrize("short", [0.0, 1.0])
    def test_any_words_together(self, free, short):
        """4 × 2,600 scenes, so more than 10,000."""
        rng = np.random.default_rng(int(free) + 2 * int(short))
        for _ in range(2600):
            caption = write(SHAPES, loose_scene(rng), rng, short=short, free=free)
            assert parse(SHAPES, caption.text) == caption.request, caption.text

    def test_sampled_scenes(self):
        rng = np.random.default_rng(10)
        for k in range(400):
            caption = write(SHAPES, SHAPES.sample(rng), rng, short=0.3, free=bool(k % 2))
            assert parse(SHAPES, caption.text) == caption.request, caption.text

    @given(seed=st.integers(0, 2**63), short=st.sampled_from([0.0, 1.0]), free=st.booleans())
    @settings(max_examples=500)
    def test_property(self, seed, short, free):
        rng = np.random.default_rng(seed)
        caption = write(SHAPES, loose_scene(rng), rng, short=short, free=free)
        assert parse(SHAPES, caption.text) == caption.request

    def test_capitals_and_punctuation_do_not_matter(self):
        rng = np.random.default_rng(11)
        for _ in range(100):
            caption = write(SHAPES, loose_scene(rng), rng)
            assert parse(SHAPES, f"  {caption.text.upper()} !") == caption.request


class TestWords:
    @pytest.mark.parametrize("axis", list(EXAMPLES))
    def test_each_word_is_read_as_its_entry(self, axis):
        """Every phrase of every entry, usual, free or only heard, in the example of its axis."""
        for entry in vocabulary(SHAPES)[axis]:
            for phrase in (*entry.usual, *entry.free, *entry.heard):
                request = parse(SHAPES, EXAMPLES[axis].format(phrase))
                read = {
                    "shapes": request.actors[0].shape,
                    "colours": request.actors[0].colour,
                    "sizes": request.actors[0].size,
                    "speeds": request.actors[0].speed,
                    "motions": request.actors[0].motion,
                    "backgrounds": request.background,
                    "textures": request.texture,
                    "relations": request.relations[0].name if request.relations else None,
                    "cameras": request.camera,
                    "wall": "wall" if request.behind_wall else None,
                }
                assert read[axis] == entry.name, phrase
                assert len(request.actors) == (2 if axis == "relations" else 1), phrase
                assert not request.unknown, phrase

    def test_demo_prompt(self):
        request = parse(SHAPES, "a small red circle moving right and a large blue star bouncing")
        assert request.actors == (
            ActorRequest("circle", "red", "small", "moving right"),
            ActorRequest("star", "blue", "large", "bouncing"),
        )
        assert not request.unknown
        assert request.background is None

    def test_each_single_word_matters(self):
        base = "a small red circle moving left slowly on a black background"
        changes = {
            "small": "large",
            "red": "blue",
            "circle": "star",
            "left": "right",
            "slowly": "fast",
            "black": "navy",
        }
        seen = {parse(SHAPES, base)}
        for word, other in changes.items():
            seen.add(parse(SHAPES, base.replace(word, other)))
        assert len(seen) == 1 + len(changes)

    def test_a_new_entry_needs_no_code(self):
        hexagon = replace(SHAPES.shapes["square"], name="hexagon", words=Words(("hexagon",), ("six-sided shape",)))
        hop = replace(SHAPES.motions["bouncing"], name="hopping", words=Words(("hopping", "hops")))
        world = replace(SHAPES, shapes={"hexagon": hexagon}, motions={"hopping": hop})
        rng = np.random.default_rng(0)
        scene = loose_scene(rng)
        actors = tuple(replace(actor, shape="hexagon", motion="hopping") for actor in scene.actors)
        for free in (False, True):
            caption = write(world, replace(scene, actors=actors), rng, free=free)
            assert parse(world, caption.text) == caption.request
        assert "circle" in {word.word for word in parse(world, "a red circle hopping").unknown}


class TestUsers:
    def test_adjectives_in_any_place(self):
        whole = ActorRequest("square", "green", "large", "spinning", "slowly")
        for prompt in (
            "a large green square spinning slowly",
            "a slowly spinning large green square",
            "a green, large square that slowly spins",
            "a square, green and large, is spinning slowly",
            "A square. It is large and green. It spins slowly.",
            "large green square spinning slowly",
            "spinning slowly, a large green square",
            "There's a big emerald block; it's rotating at low speed!",
        ):
            assert parse(SHAPES, prompt).actors == (whole,), prompt

    def test_references(self):
        request = parse(SHAPES, "a red circle and a blue star. The star spins. The circle is above the star.")
        assert request.actors == (ACTOR, ActorRequest("star", "blue", motion="spinning"))
        assert request.relations == (RelationRequest("above", 0, 1),)

    def test_relations_both_ways(self):
        chase = parse(SHAPES, "a blue star is chased by a red circle, both moving left")
        assert chase.relations == (RelationRequest("chasing", 1, 0),)
        assert [actor.motion for actor in chase.actors] == ["moving left"] * 2
        assert parse(SHAPES, "a blue star; a red circle chases it").relations == (RelationRequest("chasing", 1, 0),)
        above = parse(SHAPES, "above a blue star there is a red circle")
        assert above.relations == (RelationRequest("above", 1, 0),)
        beside = parse(SHAPES, "a red circle moving left of a blue star")
        assert beside.relations == (RelationRequest("left of", 0, 1),)

    def test_several_at_once(self):
        assert parse(SHAPES, "two red circles bouncing").actors == (replace(ACTOR, motion="bouncing"),) * 2
        both = parse(SHAPES, "a red circle and a blue star, both falling")
        assert [actor.motion for actor in both.actors] == ["falling"] * 2
        assert [a.motion for a in parse(SHAPES, "a red circle and a blue star fall").actors] == ["falling"] * 2

    def test_unknown_nouns_are_somebody(self):
        request = parse(SHAPES, "a red dog moving left")
        assert request.actors == (ActorRequest(None, "red", motion="moving left"),)
        assert [word.word for word in request.unknown] == ["dog"]

    def test_unknown_words_get_their_nearest(self):
        assert unknown("a red cirle")["cirle"][0] == "circle"
        assert unknown("a shiny red circle")["shiny"]
        assert unknown("a red circle moving")["moving"][0] == "moving left"
        assert set(unknown("a black circle")["black"]) <= set(SHAPES.colours)
        assert set(unknown("a circle on a white background")["white"]) <= set(SHAPES.backgrounds)
        assert unknown("a red blue circle") == {"blue": ()}
        assert nearest_words(SHAPES, "Squre")[0] == "square"
        assert nearest_words(SHAPES, "qqqq") == ()

    def test_camera(self):
        assert parse(SHAPES, "a star spinning, the camera moves left").camera == "panning left"
        assert parse(SHAPES, "a star spinning while the camera zooms in").camera == "zooming in"
        slow = parse(SHAPES, "a star while the camera slowly zooms in")
        assert slow.actors == (ActorRequest("star"),)
        assert [word.word for word in slow.unknown] == ["slowly"]
        assert parse(SHAPES, "a star, still camera").camera == "still"

    def test_plain_speed_can_be_asked_for(self):
        assert first("a star moving left at normal speed").speed == "plain"


class TestHostile:
    @pytest.mark.parametrize("prompt", ["", "   ", "\n\t", "...", "\u200f\u202e", " , ; "])
    def test_empty(self, prompt):
        with pytest.raises(PromptError, match=r"empty.*small red circle"):
            parse(SHAPES, prompt)

    def test_too_long(self):
        with pytest.raises(PromptError, match=r"10,000 characters.*2,000"):
            parse(SHAPES, "a" * 10_000)

    def test_invisible_marks_do_not_hide_words(self):
        assert first("\u202ea r\u200bed\u200f \u2067circle\u2069") == ACTOR

    def test_markup_and_pictures(self):
        request = parse(SHAPES, "<b>red</b> circle 🔴 <script>alert('star')</script> {colour} %s \\n")
        assert request.actors[0] == ACTOR
        assert "🔴" in [word.word for word in request.unknown]

    @given(st.text(max_size=MAX_CHARACTERS))
    @settings(max_examples=60)
    def test_any_text(self, text):
        try:
            request = parse(SHAPES, text)
        except PromptError:
            return
        assert request.actors or request.unknown or tokens_of(text)

    @given(st.lists(st.sampled_from(SALAD), max_size=40))
    @settings(max_examples=400)
    def test_word_salad(self, words):
        try:
            request = parse(SHAPES, " ".join(words))
        except PromptError:
            return
        count = len(request.actors)
        assert all(r.subject < count and r.object < count and r.subject != r.object for r in request.relations)
        assert all(k < count for k in request.behind_wall)

    @pytest.mark.parametrize(
        "word", ["red ", "a ", "a red ", "moving ", "is ", "chasing it ", "🔴", "qz xy ", "two ", "<"]
    )
    def test_quick(self, word):
        text = word * (MAX_CHARACTERS // len(word))
        start = time.process_time()
        try:
            parse(SHAPES, text)
        except PromptError:
            assert word == "<"
        assert time.process_time() - start < 2.0


class TestVocabulary:
    def test_all_entries_with_examples_that_parse(self):
        listed = vocabulary(SHAPES)
        assert set(listed) == set(EXAMPLES)
        assert [entry.name for entry in listed["motions"]] == [
            name for name, motion in SHAPES.motions.items() if not motion.paired
        ]
        for axis in listed.values():
            for entry in axis:
                assert not parse(SHAPES, entry.example).unknown, entry
