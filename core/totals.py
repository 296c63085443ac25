"""The line of sums that reports end with, which is no row of data."""

import re
from collections.abc import Sequence

_WORDS = (
    "total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme",
    "insgesamt",
)  # fmt: skip
_PHRASES = ("grand total", "sub total", "overall total", "row count", "number of rows")
_COUNT = re.compile(r"[\s:=(#]*[0-9][0-9.,\s]*\)?$", re.ASCII)


def begins_like_totals(cells: Sequence[str]) -> bool:
    """Tell whether a row is the totals line of a report, by the words it begins with.

    Ask it only of a row that names no known person or no day: a course may be called "Total
    quality".
    """
    first = next((cell for cell in cells if cell), "").casefold().rstrip(": ")
    return first.split(" ")[0].rstrip(":") in _WORDS or first.startswith(_PHRASES)


def is_totals_word(cell: str) -> bool:
    """Tell whether a cell says nothing but that its row is a sum: "Total", "Summe: 412"."""
    text = _COUNT.sub("", " ".join(cell.casefold().split())).rstrip(": ")
    return text in _WORDS or text in _PHRASES
