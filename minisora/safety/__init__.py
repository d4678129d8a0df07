"""Care, looked at from outside: where a clip comes from, whether it is marked, and what gets past the rules.

The rules and marks themselves are in `minisora.guards`, below the pipeline that keeps them; their names are given here,
too. Read `finding.py` (the invisible mark found again), `redteam/` (attacks on the prompt policy), `signing.py` (signed
provenance), `provenance.py` (the JSON beside a clip: `verify`, and `reproduce` makes it again).
"""

from minisora.guards.card import card_faults, card_template, check_card
from minisora.guards.disguises import readings
from minisora.guards.letters import write_letters
from minisora.guards.mark import mark_frames, mark_tile
from minisora.guards.policy import PromptPolicy, Refusal, read_policy
from minisora.safety.certificates import Certificate, make_certificate
from minisora.safety.finding import Found, find_mark
from minisora.safety.inspecting import Inspection, inspect_file
from minisora.safety.provenance import Provenance, reproduce, verify
from minisora.safety.redteam import Report, attacks, run_suite
from minisora.safety.signing import Claim, read_claim, sign

__all__ = [
    "Certificate",
    "Claim",
    "Found",
    "Inspection",
    "PromptPolicy",
    "Provenance",
    "Refusal",
    "Report",
    "attacks",
    "card_faults",
    "card_template",
    "check_card",
    "find_mark",
    "inspect_file",
    "make_certificate",
    "mark_frames",
    "mark_tile",
    "read_claim",
    "read_policy",
    "readings",
    "reproduce",
    "run_suite",
    "sign",
    "verify",
    "write_letters",
]
