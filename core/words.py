"""Numbers and days as people read them; what is not known reads "unknown".

A narrow no-break space stands inside numbers and before units, so that no figure breaks apart.
"""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction

THIN = "\u202f"
UNKNOWN = "unknown"
MINUTES_PER_HOUR = 60
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip

Share = Fraction | float | int


def thousands(number: int | None) -> str:
    """Return a whole number with narrow spaces: "1 050"."""
    return UNKNOWN if number is None else f"{number:,}".replace(",", THIN)


def number_word(number: int) -> str:
    """Return a whole number inside a sentence: in words up to twenty, then in figures."""
    return SMALL[number] if 0 <= number < len(SMALL) else thousands(number)


def plural(number: int | None, one: str, many: str) -> str:
    """Return how many of what: "1 row", "1 216 rows"."""
    return f"{thousands(number)} {one if number == 1 else many}"


def hours_whole(minutes: int | None) -> str:
    """Return whole hours without a unit, half up, for columns of a table: "18", "1 050"."""
    if minutes is None:
        return UNKNOWN
    whole = (abs(minutes) + MINUTES_PER_HOUR // 2) // MINUTES_PER_HOUR
    return f"{'−' if minutes < 0 and whole else ''}{thousands(whole)}"


def hours(minutes: int | None) -> str:
    """Return an exact length of time: "1 h 30", "45 min", "1 050 h"."""
    if minutes is None:
        return UNKNOWN
    whole, left = divmod(abs(minutes), MINUTES_PER_HOUR)
    sign = "−" if minutes < 0 else ""
    if not left:
        return f"{sign}{thousands(whole)}{THIN}h"
    if not whole:
        return f"{sign}{left}{THIN}min"
    return f"{sign}{thousands(whole)}{THIN}h{THIN}{left:02d}"


def hours_about(minutes: int | None) -> str:
    """Return whole hours with their unit, and minutes below one hour: "900 h", "45 min"."""
    if minutes is not None and 0 < minutes < MINUTES_PER_HOUR:
        return hours(minutes)
    return UNKNOWN if minutes is None else f"{hours_whole(minutes)}{THIN}h"


def percent_short(share: Share | None) -> str:
    """Return a stated share without needless decimals: "20 %", "12.5 %"."""
    if share is None:
        return UNKNOWN
    return _rounded(_exact(share) * 100, 2).rstrip("0").rstrip(".") + f"{THIN}%"


def percent1(share: Share | None) -> str:
    """Return a share for tables and text, one decimal, half up: "9.1 %"."""
    return _percent(share, 1)


def percent2(share: Share | None) -> str:
    """Return a share for the headline, two decimals, half up: "9.09 %"."""
    return _percent(share, 2)


def percent_range(low: Share | None, high: Share | None) -> str:
    """Return from where to where a share can lie: "8.57 to 14.29 %", "exact" for one point."""
    return _percent_range(low, high, 2)


def percent_range1(low: Share | None, high: Share | None) -> str:
    """Return the same with one decimal: "8.6 to 14.3 %"."""
    return _percent_range(low, high, 1)


def day(on: date | str | None) -> str:
    """Return a day in words: "2 October 2026"; text is taken as written in ISO form."""
    found = _day_of(on)
    return UNKNOWN if found is None else f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def day_short(on: date | str | None) -> str:
    """Return a day for columns of a table: "2 Oct 2026"."""
    found = _day_of(on)
    return UNKNOWN if found is None else f"{found.day} {MONTHS[found.month - 1][:3]} {found.year}"


def month_short(on: date | str | None) -> str:
    """Return the month of a day, for the axis of a chart: "Oct 2026"."""
    found = _day_of(on)
    return UNKNOWN if found is None else f"{MONTHS[found.month - 1][:3]} {found.year}"


def moment(at: datetime | str | None) -> str:
    """Return a moment in words, on the clock it is written in: "2 October 2026, 09:05"."""
    if at is None or at == "":
        return UNKNOWN
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{day(found)}, {found:%H:%M}"


def _day_of(on: date | str | None) -> date | None:
    if on is None or on == "":
        return None
    return datetime.fromisoformat(on).date() if isinstance(on, str) else on


def _percent(share: Share | None, places: int) -> str:
    if share is None:
        return UNKNOWN
    return f"{_rounded(_exact(share) * 100, places)}{THIN}%"


def _percent_range(low: Share | None, high: Share | None, places: int) -> str:
    if low is None or high is None:
        return UNKNOWN
    if low == high:
        return "exact"
    first, last = (_rounded(_exact(end) * 100, places) for end in (low, high))
    return f"{first}{THIN}%" if first == last else f"{first} to {last}{THIN}%"


def _exact(share: Share) -> Fraction:
    """Return the number a person would read: a float counts as its shortest decimal."""
    return Fraction(repr(share)) if isinstance(share, float) else Fraction(share)


def _rounded(number: Fraction, places: int) -> str:
    """Return `number` with this many decimals, half up, away from zero below it."""
    scale = 10**places
    steps = int(abs(number) * scale + Fraction(1, 2))
    sign = "−" if number < 0 and steps else ""
    whole, rest = divmod(steps, scale)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def file_size(size_bytes: int) -> str:
    """Return a size as people read it: "3 KB", "1.4 MB"."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024))}{THIN}KB"
    return f"{size_bytes / (1024 * 1024):.1f}{THIN}MB"


FILTERS: dict[str, Callable[..., str]] = {  # type: ignore[explicit-any]  # each takes its own
    "thousands": thousands,
    "number_word": number_word,
    "plural": plural,
    "hours_whole": hours_whole,
    "hours": hours,
    "hours_about": hours_about,
    "percent_short": percent_short,
    "percent1": percent1,
    "percent2": percent2,
    "percent_range": percent_range,
    "percent_range1": percent_range1,
    "day": day,
    "day_short": day_short,
    "month_short": month_short,
    "moment": moment,
    "file_size": file_size,
}
"""What templates may call, by name."""
