"""What the pipeline itself asks: at the entrance which words may come in, at the exit what goes into every file, at the
release whether a checkpoint says what it is.

Read `policy.py` first (the rules of a teacher's YAML), then `disguises.py` (words that hide from them); `mark.py` is the
invisible mark, `letters.py` the visible one, `card.py` the gate of a release. `minisora.safety` looks at all of these
from outside: it attacks the policy, finds the mark, signs and inspects files.
"""
