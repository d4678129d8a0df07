"""What the tests of every lesson's checks ask."""

import re
import time
from typing import Any

from minisora.course.building import SOLUTION
from minisora.course.checking import Exercise
from minisora.course.lessons import all_lessons

SECONDS = 2.0  # of processor time: a reader waits no longer for an answer


def symptom(exercise: Exercise, wrong: Any) -> str:
    """What a check says to a wrong answer, which must be one quick sentence that gives nothing away.

    Args:
        exercise: of a lesson's checks.
        wrong: an answer that a reader might give.
    Returns:
        The sentence.
    """
    start = time.process_time()
    answer = exercise.answer(wrong)
    assert time.process_time() - start < SECONDS
    assert answer.symptom is not None, f"{exercise.name} lets this pass"
    assert answer.symptom.endswith((".", "?"))
    assert len(answer.symptom) < 400
    assert "Traceback" not in str(answer)
    for line in solution_lines(exercise.name):
        assert line not in str(answer), f"{exercise.name} gives its solution away: {line}"
    return answer.symptom


def solution_lines(name: str) -> list[str]:
    """The lines that a check may not print.

    Args:
        name: of an exercise.
    Returns:
        Those of its solution that are long enough to mean something.
    """
    cells = [cell for lesson in all_lessons() for cell in lesson.cells() if cell.options.get("exercise") == name]
    bodies = [match[2] for cell in cells for match in SOLUTION.finditer(cell.source)]
    lines = [re.sub(r"^return ", "", line.strip()) for body in bodies for line in body.splitlines()]
    return [line for line in lines if len(line) > 12]
