"""Words stand where they stood before they were graded, and a wrong one says what was found instead."""

import numpy as np

from minisora.widgets.verdicts import asked_rows, graded_rows, summary
from minisora.world import SHAPES

TEXT = "a small red circle moving right and a large blue star above a yellow ring on a navy background"


def states(rows) -> list[str]:
    return [word["state"] for row in rows for word in row["words"]]


def test_what_is_not_said_is_open() -> None:
    rows = asked_rows(SHAPES, SHAPES.parse("a red circle moving right"))
    assert [row["who"] for row in rows] == ["the red circle", "the scene"]
    shown = {word["attribute"]: word["state"] for word in rows[0]["words"]}
    assert shown == {"size": "open", "colour": "asked", "shape": "asked", "motion": "asked", "speed": "open"}
    assert "speed" not in {
        word["attribute"] for word in asked_rows(SHAPES, SHAPES.parse("a red star falling"))[0]["words"]
    }


def test_a_grade_lights_up_every_word_in_its_place(rng: np.random.Generator) -> None:
    for kind in ("one", "two", "three", "relation", "wall", "camera"):
        scene = SHAPES.sample(rng, kind)
        request = SHAPES.write(scene, rng, short=0.0).request
        grade = SHAPES.grade(SHAPES.render(scene), request)
        before, after = asked_rows(SHAPES, request), graded_rows(SHAPES, request, grade)
        assert [len(row["words"]) for row in before] == [len(row["words"]) for row in after], request
        assert states(after).count("right") == sum(verdict.right for verdict in grade.verdicts)
        assert "asked" not in states(after), request


def test_a_wrong_word_says_what_was_found(rng: np.random.Generator) -> None:
    scene = SHAPES.sample(rng, "one")
    other = next(name for name in SHAPES.colours if name != scene.actors[0].colour)
    request = SHAPES.parse(f"a {other} {scene.actors[0].shape}")
    grade = SHAPES.grade(SHAPES.render(scene), request)
    (wrong,) = [w for row in graded_rows(SHAPES, request, grade) for w in row["words"] if w["attribute"] == "colour"]
    assert (wrong["state"], wrong["wanted"], wrong["found"]) == ("wrong", other, scene.actors[0].colour)
    assert summary([grade]).startswith(f"{len(grade.verdicts) - len(grade.wrong)} of")
