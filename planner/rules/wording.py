"""Amounts of training as they stand inside a sentence: exact, and never rounded to a wrong sum."""

from fractions import Fraction

from core.words import MINUTES_PER_HOUR as MINUTES_PER_HOUR
from core.words import MONTHS as MONTHS
from core.words import THIN as THIN
from core.words import day as day
from core.words import number_word as number_word
from core.words import percent1 as percent1
from core.words import thousands as thousands


def amount(minutes: int, noun: str = "", tenths: bool = True) -> str:
    """Return an exact time with what it is a time of: "1 050 learner-hours", "614.5 hours".

    Whole hours where they are, minutes under one hour, else hours and minutes.

    Args:
        minutes: How long, zero or more.
        noun: What goes before "hours" or "minutes", with its own space or hyphen.
        tenths: Whether to write one decimal where that is exact.
    """
    if _in_hours(minutes, tenths):
        return f"{hours_number(minutes)} {noun}{'hour' if minutes == 60 else 'hours'}"
    if minutes < MINUTES_PER_HOUR:
        return f"{minutes} {noun}{'minute' if minutes == 1 else 'minutes'}"
    whole, left = divmod(minutes, MINUTES_PER_HOUR)
    return f"{amount(whole * 60, noun)} {left}{THIN}min"


def short_amount(minutes: int, tenths: bool = True) -> str:
    """Return the number alone where the sentence has named hours already, else with its unit."""
    return hours_number(minutes) if _in_hours(minutes, tenths) else span(minutes)


def span(minutes: int) -> str:
    """Return an exact time with short units: "26 min", "3 h 20 min", "3 h"."""
    whole, left = divmod(minutes, MINUTES_PER_HOUR)
    parts = [f"{thousands(whole)}{THIN}h"] if whole else []
    return " ".join([*parts, f"{left}{THIN}min"] if left or not whole else parts)


def hours_number(minutes: int) -> str:
    """Return hours without a unit, for minutes that are a multiple of six: "1 050", "614.5"."""
    whole, left = divmod(minutes, MINUTES_PER_HOUR)
    return f"{thousands(whole)}.{left // 6}" if left else thousands(whole)


def each(minutes: int) -> str:
    """Return one person's part: minutes in words below two hours, else hours and minutes."""
    if minutes < 2 * MINUTES_PER_HOUR:
        return f"{minutes}{THIN}minute{'' if minutes == 1 else 's'}"
    return span(minutes)


def percent(share: Fraction) -> str:
    """Return a stated share without needless decimals: "20 %", "12.5 %"."""
    return f"{float(share * 100):.4f}".rstrip("0").rstrip(".") + f"{THIN}%"


def percent_down(share: float) -> str:
    """Return the best share that can be promised: one decimal, cut and not rounded: "14.2 %"."""
    return f"{int(share * 1000 + 1e-9) / 10:.1f}{THIN}%"


def _in_hours(minutes: int, tenths: bool) -> bool:
    if 0 < minutes < MINUTES_PER_HOUR:
        return False
    return minutes % (6 if tenths else MINUTES_PER_HOUR) == 0
