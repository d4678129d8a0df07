"""The course: how lessons are written, run, checked and handed out, and the checks that answer a reader's own function.

Enters: `notebooks/src/NN_name.py`, a lesson as text. Leaves: `notebooks/NN_name.ipynb` with its outputs, copies for a
class, and answers to a reader's code. Read `scripts.py` first (the text), then `building.py` (text to notebook) and
`checking.py` (what an exercise says). `python -m minisora.course --help` lists the commands.
"""
