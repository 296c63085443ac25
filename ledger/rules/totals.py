"""The line of sums that reports end with, which is no training."""

from collections.abc import Sequence

from ledger.rules.problems import ValueProblem

_WORDS = ("total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme")
_PHRASES = ("grand total", "sub total", "overall total", "row count", "number of rows")
TOTALS_LINE = ValueProblem(
    "This looks like a totals line.", "Remove it; totals are added up from the rows."
)


def looks_like_totals(cells: Sequence[str]) -> bool:
    """Tell whether a row is the totals line of a report, by the words it begins with.

    Ask it only of a row that names no known person or no day: a course may be called "Total
    quality".
    """
    first = next((cell for cell in cells if cell), "").casefold().rstrip(": ")
    return first.split(" ")[0].rstrip(":") in _WORDS or first.startswith(_PHRASES)
