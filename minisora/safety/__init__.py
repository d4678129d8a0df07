"""Where a clip comes from: the JSON beside it is checked and made to work again.

Read `provenance.py`: `verify` says whether a file is the one that was made, `reproduce` makes it again.
"""

from minisora.safety.provenance import Provenance, reproduce, verify

__all__ = ["Provenance", "reproduce", "verify"]
