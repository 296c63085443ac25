"""Decimal numbers as people write them, with a point or a comma, never as floats."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Separator = Literal[".", ","]

_PLAIN = re.compile(r"[0-9]{1,9}", re.ASCII)
_ONE_SEPARATOR = re.compile(r"([0-9]{0,9})([.,])([0-9]{1,12})", re.ASCII)
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:(?P<group>[.,' ])[0-9]{3})+(?:(?P<decimal>[.,])[0-9]{1,12})?", re.ASCII
)


class AmbiguousNumberError(ValueError):
    """The number has two readings, such as 1,234."""


def decimal_from_text(text: str, decimal: Separator | None = None) -> Decimal:
    """Return the number in `text`, which is never negative.

    Args:
        text: "90", "1.5", "1,5", "1,234.5" or "1.234,5".
        decimal: The decimal separator of the file, when it is known.

    Raises:
        AmbiguousNumberError: "1,234" could be about one or about a thousand.
        ValueError: This is no plain number.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if found := _ONE_SEPARATOR.fullmatch(text):
        return _with_one_separator(found[1], found[2], found[3], decimal)
    found = _GROUPED.fullmatch(text)
    if found is None or found["group"] == found["decimal"] or found["group"] == decimal:
        raise ValueError(text)
    groups = text.replace(found["group"], "")
    return Decimal(groups.replace(",", "."))


def _with_one_separator(
    whole: str, separator: str, rest: str, decimal: Separator | None
) -> Decimal:
    could_group = len(rest) == len("000") and 0 < len(whole) <= len("000") and whole[0] != "0"
    if could_group and separator != decimal:
        if decimal is None:
            raise AmbiguousNumberError(f"{whole}{separator}{rest}")
        return Decimal(whole + rest)
    return Decimal(f"{whole or '0'}.{rest}")


def decide_decimal(values: Iterable[str]) -> Separator | None:
    """Return the separator that the distinct texts of a column use, None when nothing tells."""
    signs: set[Separator] = set()
    for text in values:
        found = _ONE_SEPARATOR.fullmatch(text.strip())
        if found and (len(found[3]) != len("000") or found[1] in ("", "0")):
            signs.add("." if found[2] == "." else ",")
    return signs.pop() if len(signs) == 1 else None


def whole(number: Decimal) -> int:
    """Return `number` rounded to a whole one, halves up."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
