"""What the pipeline itself asks: at the entrance which words may come in, at the exit what goes into every file, at the
release whether a checkpoint says what it is.

Read `policy.py` first (the rules of a teacher's YAML), then `disguises.py` (words that hide from them); `mark.py` is
the invisible mark, `letters.py` the visible one, `card.py` the gate of a release. `minisora.safety` looks at all of
these from outside: it attacks the policy, finds the mark, signs and inspects files.
"""

from minisora.guards.card import card_faults, card_template, check_card
from minisora.guards.letters import write_letters
from minisora.guards.mark import mark_frames
from minisora.guards.marking import put_marks
from minisora.guards.policy import PromptPolicy, read_policy

__all__ = [
    "PromptPolicy",
    "card_faults",
    "card_template",
    "check_card",
    "mark_frames",
    "put_marks",
    "read_policy",
    "write_letters",
]
