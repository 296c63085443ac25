"""The version of what a form shows, told from the values themselves.

Whoever sends the form is compared with what is there then; what was changed and changed back is
the same version, for nothing of it is lost.
"""

import hashlib

_DIGITS = 13
"""Hexadecimal; a form carries at most eighteen decimal ones."""


def version_of(*values: object) -> int:
    """Return a number that differs where the values do."""
    told = repr(values).encode()
    return int(hashlib.sha256(told).hexdigest()[:_DIGITS], 16)
