"""The version of what courses count as: how far things were said, and how many were taken back.

Classifications are only ever added, and a file of them taken back as a whole. So the last number
and the count of those taken back say together whether anything is as somebody saw it.
"""

from typing import NamedTuple

PLACES = 10_000_000


class Said(NamedTuple):
    """A state of all classifications.

    Attributes:
        last: The number of the last one.
        taken_back: How many of them were taken back.
    """

    last: int
    taken_back: int

    def number(self) -> int:
        """Return the state as one number, as forms carry it."""
        return self.last * PLACES + self.taken_back % PLACES


def said_of(number: int) -> Said:
    """Return the state a form was made from."""
    return Said(*divmod(number, PLACES))
