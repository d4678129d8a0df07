"""Scores with their ceilings beside them: held-out scenes, clips from a model, a verdict on every word.

In: a pipeline, or any function from sentences and seeds to clips. Out: shares with 95 % intervals.
Read `rows.py` first (what is asked), then `evaluate.py` (the loop); `cli.py` is `minisora evaluate`.
"""

from minisora.evaluation.evaluate import Plan, evaluate, quick_grade
from minisora.evaluation.intervals import wilson_interval
from minisora.evaluation.records import Journal, Record
from minisora.evaluation.report import Report, make_report
from minisora.evaluation.rows import ROWS, ClipSize, Example, Row, draw_example, find_rows, rows_of
from minisora.evaluation.scores import Score, score
from minisora.evaluation.sources import generate_with, generated, reconstructed, rendered

__all__ = [
    "ROWS",
    "ClipSize",
    "Example",
    "Journal",
    "Plan",
    "Record",
    "Report",
    "Row",
    "Score",
    "draw_example",
    "evaluate",
    "find_rows",
    "generate_with",
    "generated",
    "make_report",
    "quick_grade",
    "reconstructed",
    "rendered",
    "rows_of",
    "score",
    "wilson_interval",
]
