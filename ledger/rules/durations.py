"""Lengths of training as people and systems write them, turned into whole minutes."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from ledger.rules.amounts import AmbiguousNumberError, Separator, decimal_from_text, whole
from ledger.rules.problems import ValueProblem

Unit = Literal["hours", "minutes", "days"]

LONGEST_LINE_MINUTES = 24 * 60
_REMEDY = "Write 3:30, 3.5 or 210 min."
_LONGEST_TEXT = 40
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_CLOCK = re.compile(r"([0-9]{1,5}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?", re.ASCII)
_ISO = re.compile(
    r"p(?:([0-9.,]+)w)?(?:([0-9.,]+)d)?(?:t(?:([0-9.,]+)h)?(?:([0-9.,]+)m)?(?:([0-9.,]+)s)?)?",
    re.ASCII,
)
_PART = re.compile(
    r"([0-9]*½|[0-9][0-9.,]*)\s*"
    r"(days?|tage?|d|hours?|hrs?|h|std\.?|stunden?|minut(?:es?|en?)|mins?|m|seconds?|secs?|s)\b\.?(?![a-z])\s*"
    r"(?:and\b\s*|,\s*|&\s*)?",
    re.ASCII,
)
_GLUED = re.compile(r"(?<=[a-z])(?=[0-9])")
_HOURS_THEN_MINUTES = re.compile(r"([0-9]{1,4})\s*(?:h|hrs?|hours?)\s*([0-9]{1,2})", re.ASCII)
_SECONDS = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1)}
_ORDER = "dhms"
_GERMAN = {"st": "h", "ta": "d"}
"""Words whose first letter is that of another unit."""
_DAYS_IN_WEEK = 5


def minutes_from_text(
    text: str, unit: Unit | None, day_minutes: int | None, decimal: Separator | None = None
) -> int:
    """Return the whole minutes in `text`; seconds and fractions are rounded, halves up.

    Args:
        text: "1.5", "1,5", "1:30", "90 min", "8h 30", "PT1H30M", "2 days" and their like.
        unit: What a plain number counts; None when the column does not say.
        day_minutes: Length of a training day; None when the organisation has not said.
        decimal: The decimal separator of the file, when it is known.

    Raises:
        ValueProblem: It is not a length of time, or its unit is not known.
    """
    plain = _BLANKS.sub(" ", text).strip().casefold()
    if not plain:
        raise ValueProblem("The length is empty.", _REMEDY)
    if len(plain) > _LONGEST_TEXT:
        raise _not_a_length()
    if plain[0] in "-−–" and any(char.isdecimal() for char in plain):
        raise ValueProblem("A length of time cannot be negative.", _REMEDY)
    try:
        return whole(_seconds(plain, unit, day_minutes, decimal) / 60)
    except AmbiguousNumberError:
        raise ValueProblem(
            "This number can be read in two ways: about one, or about a thousand.",
            "Write it without a separator between thousands, for example 1234 or 1.2.",
        ) from None
    except ValueError:
        raise _not_a_length() from None


def check_long(minutes: int, *, allow: bool) -> None:
    """Refuse more than 24 hours on one line, unless that is confirmed.

    Raises:
        ValueProblem: The line is too long.
    """
    if minutes > LONGEST_LINE_MINUTES and not allow:
        raise ValueProblem(
            "More than 24 hours on one line.", "Mend the length, or confirm long lines."
        )


def unit_of_plain_numbers(values: Iterable[str]) -> Unit | None:
    """Return what the plain numbers of a column named only "duration" count, if they tell.

    Fractions are hours; whole numbers of which one is above 24 are minutes; else nobody knows.
    """
    numbers: list[Decimal] = []
    for text in values:
        try:
            numbers.append(decimal_from_text(text.strip(), "."))
        except ValueError:
            continue
    if any(number % 1 for number in numbers):
        return "hours"
    return "minutes" if any(number > LONGEST_LINE_MINUTES // 60 for number in numbers) else None


def _not_a_length() -> ValueProblem:
    return ValueProblem("This is not a length of time.", _REMEDY)


def _seconds(
    plain: str, unit: Unit | None, day_minutes: int | None, decimal: Separator | None
) -> Decimal:
    if found := _CLOCK.fullmatch(plain):
        return _clock_seconds(found, unit)
    if plain[0] == "p" and (found := _ISO.fullmatch(plain)) and any(found.groups()):
        weeks, *rest = found.groups()
        parts = [(_number(value, "."), at) for value, at in zip(rest, _ORDER, strict=True) if value]
        if weeks:
            parts.append((_number(weeks, ".") * _DAYS_IN_WEEK, "d"))
        return _add(parts, day_minutes)
    if found := _HOURS_THEN_MINUTES.fullmatch(plain):
        return _hours_then_minutes(found)
    if parts := _parts(_GLUED.sub(" ", plain), decimal):
        return _add(parts, day_minutes)
    return _plain_number(_number(plain, decimal), unit, day_minutes)


def _clock_seconds(found: re.Match[str], unit: Unit | None) -> Decimal:
    if unit in ("minutes", "days"):
        raise ValueProblem(
            f"A time with a colon stands in a column of {unit}.", "Write it as a plain number."
        )
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if max(minutes, seconds) >= len(range(60)):
        raise ValueProblem("The part after a colon goes up to 59.", _REMEDY)
    return Decimal(3600 * hours + 60 * minutes + seconds)


def _hours_then_minutes(found: re.Match[str]) -> Decimal:
    if int(found[2]) >= len(range(60)):
        raise ValueProblem("The minutes after the hours go up to 59.", _REMEDY)
    return Decimal(3600 * int(found[1]) + 60 * int(found[2]))


def _parts(plain: str, decimal: Separator | None) -> list[tuple[Decimal, str]]:
    """Return the numbers and unit letters of "4 hr 37 mins"; empty when that is not the form."""
    parts: list[tuple[Decimal, str]] = []
    at = 0
    while at < len(plain):
        found = _PART.match(plain, at)
        if found is None:
            return []
        letter = _GERMAN.get(found[2][:2], found[2][0])
        parts.append((_number(found[1].rstrip(".,"), decimal), letter))
        at = found.end()
    places = [_ORDER.index(letter) for _, letter in parts]
    return parts if places == sorted(set(places)) else []


def _number(text: str, decimal: Separator | None) -> Decimal:
    if text.endswith("½"):
        return (decimal_from_text(text[:-1]) if text[:-1] else Decimal(0)) + Decimal("0.5")
    return decimal_from_text(text, decimal)


def _add(parts: list[tuple[Decimal, str]], day_minutes: int | None) -> Decimal:
    seconds = Decimal(0)
    for number, letter in parts:
        seconds += number * (_day_seconds(day_minutes) if letter == "d" else _SECONDS[letter])
    return seconds


def _plain_number(number: Decimal, unit: Unit | None, day_minutes: int | None) -> Decimal:
    if unit is None and number:
        raise ValueProblem(
            "The column does not say whether this is hours or minutes.",
            "Write 3.5 h or 210 min, or choose hours or minutes for the column.",
        )
    if unit == "days":
        return number * _day_seconds(day_minutes)
    return number * _SECONDS["h" if unit == "hours" else "m"]


def _day_seconds(day_minutes: int | None) -> Decimal:
    if day_minutes is None:
        raise ValueProblem(
            "Nobody has said how long a training day is.",
            "State the length of a day for the organisation, or write hours.",
        )
    return Decimal(60 * day_minutes)
