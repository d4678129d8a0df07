"""The plainest sentence is read back as what it was written from; chips change one thing and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from minisora.errors import SettingError
from minisora.world import SHAPES
from minisora.world.plain import change_request, plain_sentence
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.worlds import CLASSROOM


def in_order_of_mention(request: SceneRequest) -> SceneRequest:
    """The same request as a reader meets it: whom a relation is about stands first."""
    if len(request.relations) != 1 or request.relations[0].subject == 0:
        return request
    relation = request.relations[0]
    walled = tuple(sorted(1 - k for k in request.behind_wall))
    turned = RelationRequest(relation.name, 0, 1)
    return replace(request, actors=request.actors[::-1], relations=(turned,), behind_wall=walled)


@pytest.mark.parametrize("world", [SHAPES, CLASSROOM], ids=lambda world: world.name)
def test_it_is_read_back_as_it_was_meant(world, rng: np.random.Generator) -> None:
    for _ in range(300):
        request = world.write(world.sample(rng), rng, short=0.5).request
        assert world.parse(plain_sentence(world, request)) == in_order_of_mention(request)


def test_it_is_plain() -> None:
    request = SHAPES.parse("Little scarlet disc drifting leftwards at high speed, on a gray background with grid lines")
    text = "a small red circle moving left quickly on a grey background with a grid"
    assert plain_sentence(SHAPES, request) == text
    assert plain_sentence(SHAPES, SceneRequest()) == ""
    orange = SceneRequest((ActorRequest(colour="orange"),))
    assert plain_sentence(SHAPES, orange) == "an orange shape"


def test_a_chip_says_one_thing_and_takes_it_back() -> None:
    said = change_request(SHAPES, SHAPES.parse("a red circle"), "motion", "falling")
    assert said.actors == (ActorRequest("circle", "red", None, "falling"),)
    assert change_request(SHAPES, said, "motion", "falling").actors[0].motion is None
    assert change_request(SHAPES, said, "background", "navy").background == "navy"
    assert change_request(SHAPES, said, "wall", "wall").behind_wall == (0,)


def test_somebody_new_can_be_told_apart() -> None:
    two = change_request(SHAPES, SHAPES.parse("a red circle"), "motion", "falling", actor=1)
    assert len(two.actors) == 2
    assert two.actors[1].colour not in (None, "red")
    above = change_request(SHAPES, SHAPES.parse("a red circle"), "relation", "above")
    assert above.relations == (RelationRequest("above", 0, 1),)
    assert change_request(SHAPES, above, "relation", "above").relations == ()


@pytest.mark.parametrize(
    ("axis", "name", "actor", "words"),
    [("colr", "red", 0, "colour"), ("colour", "rde", 0, "red"), ("colour", "red", 3, "at most 3")],
)
def test_what_cannot_be_said(axis: str, name: str, actor: int, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        change_request(SHAPES, SceneRequest(), axis, name, actor)
