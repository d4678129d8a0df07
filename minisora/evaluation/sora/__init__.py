"""Everything that Sora showed, from the one checkpoint, each with an exact score.

In: a pipeline. Out: records, as those of the other rows, so that the same table shows them. Read `tasks.py` first (what
is asked), then `case.py` (what an answer is judged by) and one of `going_on.py`, `changing.py`, `fresh.py`.
"""

from minisora.evaluation.sora.case import Case
from minisora.evaluation.sora.suite import draw_case, run_suite
from minisora.evaluation.sora.tasks import TASKS, Task

__all__ = ["TASKS", "Case", "Task", "draw_case", "run_suite"]
