"""Days as people and systems write them; a column has one order of day and month, or is asked."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from core.errors import ValueProblem

FIRST_YEAR = 1950
LAST_YEAR = 2100
_REMEDY = "Write it as 2026-03-31."
_TIME = re.compile(
    r"(?:[tT]|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:\s?[aApP]\.?[mM]\.?)?\s?(?:Z|[+-][0-9]{2}:?[0-9]{2}|UTC|GMT)?"
)
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_DOTS = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2})")
_SLASHES = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-\s./]*([a-z]{3,9})\.?[-\s.,/]*([0-9]{4}|[0-9]{2})"
)
_MONTH_DAY = re.compile(
    r"([a-z]{3,9})\.?[-\s]*([0-9]{1,2})(?:st|nd|rd|th)?[-,\s]+([0-9]{4}|[0-9]{2})"
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]*\s+")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(
    (date(FIRST_YEAR, 1, 1) - _SERIAL_EPOCH).days,
    (date(LAST_YEAR, 12, 31) - _SERIAL_EPOCH).days + 1,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip


class DayOrder(StrEnum):
    """How the days of one column are written."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    SERIAL = "serial"
    AMBIGUOUS = "ambiguous"


def decide_order(values: Iterable[str]) -> DayOrder:
    """Return the order that fits the distinct texts of a column.

    Texts that are a day in no order are left aside. AMBIGUOUS means that both orders fit and
    would give different days, or that some texts fit only one and some only the other: ask.
    SERIAL means that every text is a day number of a spreadsheet.
    """
    texts = [_without_time(text) for text in values if text]
    if texts and all(map(_is_serial, texts)):
        return DayOrder.SERIAL
    pairs = {
        (int(found[1]), int(found[3])) for text in texts if (found := _SLASHES.fullmatch(text))
    }
    if not pairs:
        return DayOrder.ISO
    only_day_first = any(first > len(_MONTHS) >= second for first, second in pairs)
    only_month_first = any(second > len(_MONTHS) >= first for first, second in pairs)
    if only_day_first != only_month_first:
        return DayOrder.DAY_FIRST if only_day_first else DayOrder.MONTH_FIRST
    if not only_day_first and all(first == second for first, second in pairs):
        return DayOrder.DAY_FIRST
    return DayOrder.AMBIGUOUS


def day_from_text(text: str, order: DayOrder, *, this_year: int | None = None) -> date:
    """Return the day in `text`; of a moment with a time, its day.

    Args:
        text: "2025-03-04", "04.03.2025", "3/4/2025", "4 March 2025" and their like.
        order: What `decide_order` found for the column, or what the person said.
        this_year: Two-digit years after the next year belong to the 1900s; without it to none.

    Raises:
        ValueProblem: It is not a day, or could be two days.
    """
    plain = _without_time(text)
    if not plain:
        raise ValueProblem("The day is empty.", _REMEDY)
    if not plain.isascii():
        raise _not_a_day()
    year, month, day = _parts(plain, order)
    if len(year) == len("25"):
        year = _with_century(year, this_year)
    try:
        found = date(int(year), month, day)
    except ValueError:
        raise ValueProblem("There is no such day.", _REMEDY) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        where = "past" if found.year < FIRST_YEAR else "future"
        raise ValueProblem(
            f"The day is too far in the {where}; years from {FIRST_YEAR} to {LAST_YEAR} work.",
            "Mend the year.",
        )
    return found


def check_future(day: date, today: date, *, allow: bool) -> None:
    """Refuse a day after `today`, unless that is confirmed.

    Raises:
        ValueProblem: The day lies in the future.
    """
    if day > today and not allow:
        raise ValueProblem(
            "The day lies in the future.", "Import it when it is done, or confirm future days."
        )


def _without_time(text: str) -> str:
    plain = " ".join(text.split())
    return re.sub(rf"{_TIME.pattern}$", "", plain) if ":" in plain else plain


def _is_serial(text: str) -> bool:
    return bool(_SERIAL.fullmatch(text)) and int(text[:5]) in _SERIALS


def _not_a_day() -> ValueProblem:
    return ValueProblem("This is not a day.", _REMEDY)


def _parts(plain: str, order: DayOrder) -> tuple[str, int, int]:
    """Return year, month and day as they are written."""
    if found := _ISO.fullmatch(plain):
        return found[1], int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(plain):
        return found[1], int(found[2]), int(found[3])
    if found := _DOTS.fullmatch(plain):
        return found[3], int(found[2]), int(found[1])
    if found := _SLASHES.fullmatch(plain):
        return _ordered(found, order)
    if order is DayOrder.SERIAL and _is_serial(plain):
        day = _SERIAL_EPOCH + timedelta(days=int(plain[:5]))
        return str(day.year), day.month, day.day
    return _named_month(plain)


def _ordered(found: re.Match[str], order: DayOrder) -> tuple[str, int, int]:
    first, second = int(found[1]), int(found[3])
    if order is DayOrder.MONTH_FIRST:
        return found[4], first, second
    if order is DayOrder.DAY_FIRST or first == second:
        return found[4], second, first
    raise ValueProblem(
        "It is not clear which part is the day and which the month.",
        "Say which comes first in this column, or write it as 2026-03-31.",
    )


def _named_month(plain: str) -> tuple[str, int, int]:
    words = _WEEKDAY.sub("", plain.casefold(), count=1)
    if found := _DAY_MONTH.fullmatch(words):
        return found[3], _month(found[2]), int(found[1])
    if found := _MONTH_DAY.fullmatch(words):
        return found[3], _month(found[1]), int(found[2])
    raise _not_a_day()


def _month(name: str) -> int:
    name = "sep" if name == "sept" else name
    for number, full in enumerate(_MONTHS, start=1):
        if name in (full, full[:3]):
            return number
    raise _not_a_day()


def _with_century(year: str, this_year: int | None) -> str:
    recent = 2000 + int(year)
    return str(recent - 100 if this_year is not None and recent > this_year + 1 else recent)
