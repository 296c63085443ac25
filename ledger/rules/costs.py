"""Costs as files write them, turned into whole cents."""

import re

from ledger.rules.amounts import (
    AmbiguousNumberError,
    Separator,
    decimal_from_text,
    whole,
)
from ledger.rules.problems import ValueProblem

_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]+")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[$€£¥]|[A-Z]{1,2}\$)?\s?(.*?)\s?(?:[A-Z]{3}|[$€£¥])?$")
_HIGHEST_CENTS = 10**12


def cents_from_text(text: str, decimal: Separator | None = None) -> int | None:
    """Return whole cents, halves up; None for an empty text. The currency is not read.

    Raises:
        ValueProblem: It is not an amount of money.
    """
    plain = _BLANKS.sub(" ", text).strip()
    if not plain:
        return None
    found = _CURRENCY.fullmatch(plain)
    number = found[1] if found else plain
    if number[:1] in ("-", "−", "("):
        raise ValueProblem("A cost cannot be negative.", "Write the amount that was paid.")
    try:
        cents = whole(decimal_from_text(number, decimal) * 100)
    except AmbiguousNumberError:
        cents = int(re.sub(r"[.,]", "", number)) * 100
    except ValueError:
        raise ValueProblem("This is not an amount of money.", "Write 120 or 120.50.") from None
    if cents > _HIGHEST_CENTS:
        raise ValueProblem("This amount is too large.", "Mend the cost.")
    return cents
