"""Attacks on a prompt policy. Read `suite.py` (what is counted), then `tricks.py` and `held_out.py` (the tricks)."""

from minisora.safety.redteam.suite import Attack, Outcome, Report, attacks, run_suite

__all__ = ["Attack", "Outcome", "Report", "attacks", "run_suite"]
