"""Sentences of the stage: written, read back, expanded and changed, with each character's own verbs."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minisora.world import STAGE, ActorRequest, Camera, Caption, RelationRequest, Scene, SceneRequest, Wall
from minisora.world import frames as frame_tables
from minisora.world.lexicon import examples, vocabulary
from minisora.world.places import can_do, home_in, usual_sky
from minisora.world.plain import change_request, plain_sentence
from minisora.world.stage.characters.building import accent, body, character
from minisora.world.stage.drawing import disc, moved, rounded_box
from minisora.world.swapping import swap_words
from minisora.world.tables import Gait, Words
from minisora.world.typing_aid import complete, mark_unknown
from minisora.world.verbs import said, said_by_anybody
from minisora.world.whereabouts import passing, rephrased
from minisora.world.words import participle, third_person


def captions(count: int, free: bool = False, short: float = 0.3, kind: str | None = None) -> Iterator[Caption]:
    rng = np.random.default_rng(int(free) + 7)
    for _ in range(count):
        yield STAGE.write(STAGE.sample(rng, kind), rng, short=short, free=free)


@pytest.fixture(scope="module")
def usual() -> list[Caption]:
    return list(captions(350))


@pytest.fixture(scope="module")
def free() -> list[Caption]:
    return list(captions(350, free=True))


def pieces(words: Words, part: str) -> set[str]:
    """What stands between the slots of frames."""
    found = [piece.strip(" ,.:;()") for frame in getattr(words, part) for piece in re.split(r"{\w+}", frame)]
    return {piece for piece in found if piece}


def said_in(phrases: set[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, longest)) + r")(?![\w-])")


def all_words(part: str) -> set[str]:
    """Every phrase of every entry that captions may say, with every character's verbs."""
    tables = (STAGE.shapes, STAGE.colours, STAGE.sizes, STAGE.speeds, STAGE.backgrounds, STAGE.lights, STAGE.weathers)
    entries = [entry.words for table in (*tables, STAGE.cameras, STAGE.relations) for entry in table.values()]
    entries += [said_by_anybody(STAGE, motion.words) for motion in STAGE.motions.values()]
    entries += [relation.inverse_words for relation in STAGE.relations.values()]
    return {phrase for words in entries for phrase in getattr(words, part)}


# --- writing and reading ----------------------------------------------------------------------------------------------


class TestInverse:
    @pytest.mark.slow
    @pytest.mark.parametrize("free", [False, True])
    @pytest.mark.parametrize("short", [0.0, 1.0])
    def test_thousands_of_scenes(self, free: bool, short: float) -> None:
        for caption in captions(1500, free, short):
            assert STAGE.parse(caption.text) == caption.request, caption.text

    def test_usual_and_free(self, usual: list[Caption], free: list[Caption]) -> None:
        for caption in (*usual, *free):
            assert STAGE.parse(caption.text) == caption.request, caption.text

    @given(seed=st.integers(0, 2**32 - 1), free=st.booleans(), short=st.sampled_from([0.0, 1.0]))
    @settings(max_examples=120)
    def test_any_words_together(self, seed: int, free: bool, short: float) -> None:
        """Whether or not it could be seen: any character doing anything anywhere, under any sky and camera."""
        rng = np.random.default_rng(seed)

        def pick(table: object) -> str:
            return str(rng.choice(list(table)))  # type: ignore[call-overload]

        scene = STAGE.sample(rng)
        actors = tuple(
            replace(who, shape=pick(STAGE.shapes), motion=pick([n for n, m in STAGE.motions.items() if not m.paired]))
            for who in scene.actors
        )
        wall = Wall(0.0, 0.2, pick(STAGE.props), 0.1, 0.2) if rng.random() < 0.4 else None
        camera = Camera(pick(STAGE.cameras), 0.2) if rng.random() < 0.5 else Camera()
        sky = {"light": pick(STAGE.lights), "weather": pick(STAGE.weathers), "background": pick(STAGE.backgrounds)}
        scene = replace(scene, actors=actors, relations=(), wall=wall, camera=camera, **sky)
        caption = STAGE.write(scene, rng, short=short, free=free)
        assert STAGE.parse(caption.text) == caption.request, caption.text

    @pytest.mark.parametrize("name", ["PLACE_BEFORE", "PLACE_AFTER", "PLACE_SENTENCES", "SHOT_BEFORE"])
    def test_every_frame_is_used(self, name: str, usual: list[Caption], free: list[Caption]) -> None:
        table = getattr(frame_tables, name)
        tracked = list(captions(150, kind="tracking")) + list(captions(250, free=True, kind="tracking"))
        for part, texts in (("usual", usual), ("free", free)):
            text = " ".join(caption.text.lower() for caption in (*texts, *tracked))
            assert all(piece in text for piece in pieces(table, part))

    def test_usual_captions_never_say_a_free_phrase(self, usual: list[Caption]) -> None:
        found = said_in(all_words("free") - all_words("usual"))
        known = [phrase for phrase in sorted(all_words("usual"), key=len, reverse=True) if " " in phrase]
        for caption in usual:
            text = caption.text.lower()
            for phrase in known:
                text = text.replace(phrase, " ") if phrase in text else text  # a free phrase may be a part of it
            hit = found.search(text)
            assert hit is None, (hit, caption.text)

    def test_free_captions_are_free(self, free: list[Caption], usual: list[Caption]) -> None:
        assert len({caption.text for caption in free} & {caption.text for caption in usual}) == 0


class TestWhatIsNamed:
    def test_dense_captions_name_everything_but_the_usual_sky(self) -> None:
        rng, unsaid, seen = np.random.default_rng(0), 0, 0
        for _ in range(400):
            scene = STAGE.sample(rng)
            request = STAGE.write(scene, rng, short=0.0).request
            place = STAGE.backgrounds[scene.background]
            assert request.background == scene.background
            assert request.prop == (scene.wall.prop if scene.wall else None)
            assert bool(request.behind_wall) == (scene.wall is not None)
            assert request.camera == scene.camera.move or scene.camera.move == "still"
            for said_of, shown, normal in zip(
                (request.light, request.weather), (scene.light, scene.weather), usual_sky(place), strict=True
            ):
                assert said_of == shown or (said_of is None and shown == normal)
                if shown and shown == normal:
                    unsaid, seen = unsaid + (said_of is None), seen + 1
        assert unsaid / seen == pytest.approx(0.5, abs=0.08)

    def test_characters_have_their_own_verbs(self) -> None:
        for shape in STAGE.shapes.values():
            right = said(STAGE, STAGE.motions["moving right"].words, shape).usual
            still = said(STAGE, STAGE.motions["staying still"].words, shape).usual
            for verb in shape.goes.usual:
                assert f"{participle(verb)} right" in right
                assert f"{third_person(verb)} to the right" in right
            assert f"{third_person(shape.waits.usual[0])} still" in still
            assert "moving right" in right

    def test_of_two_kinds_neither_verb_is_said_of_both(self) -> None:
        for caption in captions(300, kind="relation", short=0.0):
            shapes = {actor.shape for actor in caption.request.actors}
            both = re.search(r"both (?:very |quite )?(?:slowly |quickly |fast )?(\w+)", caption.text)
            if both and len(shapes) > 1:
                assert both[1] in ("moving", "going", "rising", "descending"), caption.text

    def test_many_wordings(self) -> None:
        rng = np.random.default_rng(2)
        scene = STAGE.sample(rng, "two")
        assert len({STAGE.write(scene, rng).text for _ in range(200)}) > 190


class TestUsers:
    def test_the_promised_sentence(self) -> None:
        request = STAGE.parse("a red car driving right through a city at night in the rain")
        assert request == SceneRequest(
            (ActorRequest("car", "red", motion="moving right"),), "city", light="night", weather="rain"
        )

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("a small dog walking through a city", {"background": "city"}),
            ("a bus driving in the rain", {"weather": "rain"}),
            ("a yellow bird flying over the meadow", {"background": "meadow"}),
            ("a boat sails across the sea in the evening", {"background": "sea", "light": "dusk"}),
            ("It is raining. A cat is walking along the beach.", {"background": "beach", "weather": "rain"}),
            ("a person walks across the snow while snow falls", {"background": "snowfield", "weather": "snow"}),
            ("a foggy night in the city: a robot waits", {"background": "city", "light": "night", "weather": "fog"}),
            ("a fish swimming left underwater", {"background": "under water"}),
            ("a tracking shot of a car driving right quickly", {"camera": "tracking"}),
            ("a car drives right, and the camera follows it", {"camera": "tracking"}),
            ("the camera follows a green boat sailing left", {"camera": "tracking"}),
            ("a cat passes behind the tree", {"prop": "tree", "behind_wall": (0,)}),
            ("a car drives behind a house and comes out again", {"prop": "house", "behind_wall": (0,)}),
            ("at night, in a forest, a snail crawls to the left", {"background": "forest", "light": "night"}),
        ],
    )
    def test_what_people_say(self, text: str, wanted: dict[str, object]) -> None:
        request = STAGE.parse(text)
        assert not request.unknown
        assert {name: getattr(request, name) for name in wanted} == wanted
        assert len(request.actors) == 1

    @pytest.mark.parametrize("verb", ["move", "go", "drive", "sail", "swim", "fly", "walk", "crawl", "float", "run"])
    @pytest.mark.parametrize(("way", "motion"), [("left", "moving left"), ("to the right", "moving right")])
    def test_any_verb_is_known_of_anybody(self, verb: str, way: str, motion: str) -> None:
        for form in (participle(verb), third_person(verb)):
            request = STAGE.parse(f"a red robot {form} {way}")
            assert (request.actors[0].motion, request.unknown) == (motion, ())

    def test_a_verb_alone_leaves_the_way_open(self) -> None:
        for shape in STAGE.shapes.values():
            request = STAGE.parse(f"a red {shape.name} {participle(shape.goes.usual[0])} at night")
            assert request.actors[0].motion in (None, "staying still")  # what floats may stay where it is
            assert not request.unknown

    def test_relations(self) -> None:
        follows = STAGE.parse("a cat follows a dog, both walking right")
        assert follows.relations == (RelationRequest("following", 0, 1),)
        assert [actor.motion for actor in follows.actors] == ["moving right"] * 2
        assert STAGE.parse("a red bus is followed by a car").relations == (RelationRequest("following", 1, 0),)
        assert STAGE.parse("a blue robot meets a red robot").relations == (RelationRequest("meeting", 0, 1),)
        over = STAGE.parse("a bird over a bus over the city")
        assert (over.relations, over.background) == ((RelationRequest("above", 0, 1),), "city")

    def test_unknown_words_get_their_nearest(self) -> None:
        unknown = {word.word: word.nearest for word in STAGE.parse("a red baloon drving left in a ctiy").unknown}
        assert "balloon" in unknown["baloon"]
        assert "driving" in unknown["drving"]
        assert "city" in unknown["ctiy"]

    def test_two_places_cannot_be(self) -> None:
        request = STAGE.parse("a car in a city in a forest")
        assert request.background == "city"
        assert [word.word for word in request.unknown] == ["in a forest"]


@pytest.mark.parametrize("axis", list(vocabulary(STAGE)))
def test_each_word_is_read_as_its_entry(axis: str) -> None:
    for entry in vocabulary(STAGE)[axis]:
        assert not STAGE.parse(entry.example).unknown, entry.example
        painted = axis == "backgrounds" and STAGE.backgrounds[entry.name].paint is not None
        example = examples(STAGE)["weathers" if painted else axis]
        for phrase in (*entry.usual, *entry.free, *entry.heard):
            request = STAGE.parse(example.format(phrase))
            read = {key: getattr(request.actors[0], key.removesuffix("s")) for key in ("shapes", "colours", "sizes")}
            read |= {"motions": request.actors[0].motion, "speeds": request.actors[0].speed}
            read |= {key: getattr(request, key.removesuffix("s")) for key in ("backgrounds", "lights", "weathers")}
            read |= {"cameras": request.camera, "props": request.prop}
            read |= {"relations": request.relations[0].name if request.relations else None}
            assert (read[axis], request.unknown) == (entry.name, ()), example.format(phrase)


# --- made up, changed, completed --------------------------------------------------------------------------------------


class TestExpand:
    @given(seed=st.integers(0, 2**32 - 1))
    def test_what_is_made_up_fits(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        shape = str(rng.choice(list(STAGE.shapes)))
        caption = STAGE.expand(SceneRequest((ActorRequest(shape),), weather=str(rng.choice(["", "rain"])) or None), rng)
        request, place = caption.request, STAGE.backgrounds[caption.request.background or ""]
        (actor,) = request.actors
        assert None not in (actor.colour, actor.size, actor.motion)
        assert home_in(STAGE.shapes[shape], place) is not None
        assert can_do(STAGE.shapes[shape], STAGE.motions[actor.motion or ""], place)
        assert STAGE.parse(caption.text) == request

    def test_a_place_brings_somebody_who_lives_there(self) -> None:
        rng = np.random.default_rng(0)
        for _ in range(30):
            request = STAGE.expand(SceneRequest(background="under water"), rng).request
            assert home_in(STAGE.shapes[request.actors[0].shape or ""], STAGE.backgrounds["under water"]) == "deep"

    def test_who_is_followed_or_passes_goes_to_a_side(self) -> None:
        rng = np.random.default_rng(1)
        for request in (
            SceneRequest((ActorRequest("bird"),), camera="tracking"),
            SceneRequest((ActorRequest("bird"),), behind_wall=(0,)),
        ):
            for _ in range(20):
                made = STAGE.expand(request, rng).request
                assert made.actors[0].motion in ("moving left", "moving right")
                assert bool(made.prop) == bool(made.behind_wall)


class TestForms:
    def test_plain_sentences_are_read_back(self, usual: list[Caption]) -> None:
        for caption in usual:
            if not caption.request.relations:  # the plain form says a relation's subject first
                assert STAGE.parse(plain_sentence(STAGE, caption.request)) == caption.request

    def test_a_sentence_built_by_clicks(self) -> None:
        request = SceneRequest()
        for axis, name in (
            ("shape", "boat"), ("colour", "green"), ("motion", "moving left"), ("background", "sea"),
            ("light", "dusk"), ("weather", "fog"), ("camera", "tracking"),
        ):  # fmt: skip
            request = change_request(STAGE, request, axis, name)
        text = plain_sentence(STAGE, request)
        assert text == "a green boat sailing left at sea at dusk in fog, the camera following it"
        assert change_request(STAGE, request, "light", "dusk").light is None
        passed = change_request(STAGE, SceneRequest((ActorRequest("car"),)), "prop", "tree")
        assert (passed.prop, passed.behind_wall) == ("tree", (0,))
        assert plain_sentence(STAGE, passed) == "a car, driving behind a tree"
        assert change_request(STAGE, passed, "prop", "house").prop == "house"
        assert change_request(STAGE, passed, "prop", "tree") == SceneRequest((ActorRequest("car"),))

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"motion": "moving left"}, "a red car driving left in a city at night"),
            ({"shape": "bus"}, "a red bus driving right in a city at night"),
            ({"background": "meadow"}, "a red car driving right on a meadow at night"),
            ({"background": "black"}, "a red car driving right on a black background at night"),
            ({"light": "day"}, "a red car driving right in a city by day"),
        ],
    )
    def test_swapped(self, change: dict[str, str], text: str) -> None:
        base = "a red car driving right in a city at night"
        assert swap_words(STAGE, base, change).text == text
        assert not STAGE.parse(text).unknown

    def test_swapped_from_a_plain_ground(self) -> None:
        swapped = swap_words(STAGE, "a blue fish on a black background", {"background": "under water"})
        assert swapped.text == "a blue fish under water"

    def test_typing_aid(self) -> None:
        assert complete(STAGE, "a blue fish sw")[0].text == "swimming left"
        after = [each.text for each in complete(STAGE, "a red car ")]
        assert "driving left" in after
        assert not any("up" in text.split() for text in after)
        assert "at night" in [each.text for each in complete(STAGE, "a red car in a city at n")]
        assert [mark.word for mark in mark_unknown(STAGE, "a red truk in a city")] == ["truk"]


def test_phrases_that_say_where() -> None:
    assert passing("in a city") == ["through a city", "through the city"]
    assert passing("on a meadow", above=True) == ["over a meadow", "over the meadow"]
    assert passing("in space") == ["through space"]
    assert passing("under water") == []
    assert {"through the city", "city", "over a city"} <= set(rephrased("in a city"))
    assert list(rephrased("underwater")) == []


# --- another character ------------------------------------------------------------------------------------------------


def test_a_new_character_is_drawn_described_and_read() -> None:
    """One entry, and nothing else: it is drawn where it belongs, does what it can, and has its own verb."""
    train = character(
        "train",
        Words(("train", "railway train"), ("steam train",), ("tram",)),
        (body(rounded_box(1.05, 0.35, 0.1)), accent(moved(disc(0.2), -0.5, 0.4), (30, 30, 34))),
        homes=("ground",),
        goes=Words(("chug",), ("puff",)),
        waits=Words(("idle",)),
        gait=Gait(a_radius=1.0),
        foot=0.6,
        motions=("staying still", "moving left", "moving right", "stopping"),
    )
    world = replace(STAGE, shapes={**STAGE.shapes, "train": train})
    rng, seen = np.random.default_rng(0), 0
    while seen < 12:
        scene: Scene = world.sample(rng, "one")
        if scene.actors[0].shape != "train":
            continue
        seen += 1
        assert scene.actors[0].motion in train.motions
        assert not world.backgrounds[scene.background].levels or "ground" in world.backgrounds[scene.background].levels
        caption = world.write(scene, rng, short=0.0, free=bool(seen % 2))
        assert world.parse(caption.text) == caption.request
        clip = world.render(scene, 3, 48, 48)
        empty = world.render(replace(scene, actors=()), 3, 48, 48)
        assert (clip != empty).any(dim=-1).float().mean() > 0.005
    read = world.parse("a blue train chugging to the left across the snow")
    assert (read.actors[0], read.background) == (ActorRequest("train", "blue", motion="moving left"), "snowfield")
    assert "train" in {word.word for word in STAGE.parse("a blue train").unknown}
