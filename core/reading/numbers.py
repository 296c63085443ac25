"""Numbers of a workbook as the text people see: 7.0 is "7", a day is an ISO day."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

_BUILT_IN_DAYS = frozenset([14, 15, 16, 17, 22, *range(27, 32), *range(34, 37), *range(50, 59)])
_BUILT_IN_TIMES = frozenset([18, 19, 20, 21, 32, 33, 45, 46, 47])
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|AM/PM|A/P|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DAY_LETTERS = re.compile(r"[dy]", re.IGNORECASE)
_TIME_LETTERS = re.compile(r"[hs]", re.IGNORECASE)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet's days have no zone
_EPOCH_1904_DAYS = 1462
_LAST_SERIAL = 2_958_466
_FIRST_TRUE_SERIAL = 61
_DAY_SECONDS = 86_400


class Shown(Enum):
    """How a number format shows a number."""

    NUMBER = "number"
    DAY = "day"
    TIME = "time"


def shown_as(format_id: int, code: str | None) -> Shown:
    """Return what a number format makes of a number; `code` is None for built-in formats."""
    if code is None:
        if format_id in _BUILT_IN_DAYS:
            return Shown.DAY
        return Shown.TIME if format_id in _BUILT_IN_TIMES else Shown.NUMBER
    letters = _SILENT.sub("", code.split(";")[0])
    if letters.casefold() in ("general", "standard", "@"):
        return Shown.NUMBER
    if _DAY_LETTERS.search(letters) or letters.casefold().strip("[]") in ("mmm", "mmmm"):
        return Shown.DAY
    return (
        Shown.TIME if _TIME_LETTERS.search(letters) or "[m" in letters.casefold() else Shown.NUMBER
    )


def number_text(raw: str) -> str:
    """Return a stored number as a spreadsheet shows it: "7.0" is "7", "1E3" is "1000".

    Raises:
        ValueError: `raw` is not a finite number.
    """
    number = float(raw)
    if number in (float("inf"), float("-inf")) or number != number:  # NaN
        raise ValueError(raw)
    text = format(number, ".15g")
    return f"{Decimal(text):f}" if "e" in text else text


def moment_text(raw: str, shown: Shown, *, is_1904: bool) -> str:
    """Return a stored day or time as text: "2026-03-01", "2026-03-01 10:30" or "1:30".

    Raises:
        ValueError: `raw` is no moment a spreadsheet can show.
    """
    serial = float(raw)
    if not 0 <= serial < _LAST_SERIAL:
        raise ValueError(raw)
    seconds = round(serial * _DAY_SECONDS)
    if shown is Shown.TIME or seconds < _DAY_SECONDS:
        return _clock(seconds)
    days, seconds = divmod(seconds, _DAY_SECONDS)
    if is_1904:
        days += _EPOCH_1904_DAYS
    elif days < _FIRST_TRUE_SERIAL:
        days += 1
    day = f"{(_EPOCH + timedelta(days=days)):%Y-%m-%d}"
    if not seconds:
        return day
    return (
        f"{day} {_clock(seconds).rjust(len('10:30'), '0')}"
        if seconds % 60 == 0
        else (f"{day} {_clock(seconds).rjust(len('10:30:00'), '0')}")
    )


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
