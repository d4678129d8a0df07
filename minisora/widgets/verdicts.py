"""A sentence as it was understood, word by word, and what became of each word: rows for a form.

Before there is a clip every word is "asked" or "open" (not asked for); a grade makes the asked ones "right" or "wrong",
each in the place where it stood.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from minisora.world import World
from minisora.world.grader import Grade, Verdict
from minisora.world.request import ActorRequest, SceneRequest

__all__ = ["Row", "asked_rows", "graded_rows", "summary"]

Row = dict[str, Any]
ACTOR_AXES = ("size", "colour", "shape", "motion", "speed")
SEVERAL = {1: "1 thing", 0: "nothing"}


def asked_rows(world: World, request: SceneRequest) -> list[Row]:
    """What a request asks for.

    Args:
        world: whose words these are.
        request: as it was read from a sentence.
    Returns:
        A row for each actor and one for the scene: {"subject", "who", "words": [{"attribute", "wanted", "found",
        "state"}, …]}, ready for JSON.
    """
    rows = [_actor_row(world, request, k) for k in range(len(request.actors))]
    return [*rows, _row("scene", "the scene", _scene_words(world, request))]


def graded_rows(world: World, request: SceneRequest, grade: Grade) -> list[Row]:
    """The same rows with their verdicts.

    Args:
        world, request: as above.
        grade: of the clip.
    Returns:
        Rows in the same places; what was graded beyond them stands at the end of its row.
    """
    rows = asked_rows(world, request)
    for verdict in grade.verdicts:
        row = next((row for row in rows if row["subject"] == verdict.subject), rows[-1])
        word = next((word for word in row["words"] if _is_about(word, verdict)), None)
        if word is None:
            word = _word(verdict.attribute, verdict.wanted)
            row["words"].append(word)
        word["state"] = "right" if verdict.right else "wrong"
        word["found"] = "" if verdict.right else _shown(verdict.attribute, verdict.found)
    return rows


def summary(grades: Sequence[Grade]) -> str:
    """A line about the grades of a clip's parts.

    Args:
        grades: one for each part, one for a clip of one sentence.
    Returns:
        "Every word right", or how many are.
    """
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    right = sum(verdict.right for verdict in verdicts)
    return "Every word right" if right == len(verdicts) else f"{right} of {len(verdicts)} words right"


def _is_about(word: dict[str, str], verdict: Verdict) -> bool:
    return word["attribute"] == verdict.attribute and word["state"] in ("asked", "open")


def _actor_row(world: World, request: SceneRequest, k: int) -> Row:
    actor = request.actors[k]
    words = [_word(axis, getattr(actor, axis)) for axis in ACTOR_AXES if _applies(world, actor, axis)]
    words += [_word("wall", "passes behind it")] if k in request.behind_wall else []
    words += [_word("relation", said) for said in _relations(request, k)]
    return _row(f"actor {k + 1}", _who(actor), words)


def _applies(world: World, actor: ActorRequest, axis: str) -> bool:
    """Whether somebody can be told this at all: what stands still has no speed."""
    return axis != "speed" or actor.motion is None or world.motions[actor.motion].has_speed


def _relations(request: SceneRequest, k: int) -> Iterator[str]:
    for relation in request.relations:
        if relation.subject == k:
            yield f"{relation.name} {_who(request.actors[relation.object])}"


def _scene_words(world: World, request: SceneRequest) -> list[dict[str, str]]:
    words = [_word("count", str(len(request.actors))), _word("background", request.background)]
    if world.textures and request.texture:
        words.append(_word("texture", request.texture))
    words.append(_word("camera", request.camera or world.still_camera))
    return words if request.behind_wall else [*words, _word("wall", "no wall")]


def _who(actor: ActorRequest) -> str:
    return "the " + " ".join(word for word in (actor.colour, actor.shape or "thing") if word)


def _row(subject: str, who: str, words: list[dict[str, str]]) -> Row:
    return {"subject": subject, "who": who, "words": words}


def _word(attribute: str, wanted: str | None) -> dict[str, str]:
    state = "open" if wanted is None else "asked"
    return {"attribute": attribute, "wanted": _shown(attribute, wanted or ""), "found": "", "state": state}


def _shown(attribute: str, value: str) -> str:
    """A value as a word that can stand alone."""
    if attribute == "camera" and value:
        return f"camera {value}"
    if attribute == "count" and value.isdigit():
        return SEVERAL.get(int(value), f"{value} things")
    if attribute == "background" and value:
        return f"{value} ground"
    if attribute == "wall" and value == "passes behind it":
        return "passes behind a wall"
    return value
