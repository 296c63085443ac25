"""Periods of a balance: their names in addresses, their labels and their months."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import RefusedError
from planner.rules.wording import MONTHS, day

ALL = "all"
LAST_YEAR = "last-12-months"
TREND_MONTHS = 12
MOST_TREND_MONTHS = 36
MOST_QUARTERS = 8
MOST_YEARS = 6

PERIOD_HELP = "2026-q3, 2026-07, 2026, last-12-months, all, or 2026-07-01..2026-09-30"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of training in view, both ends included.

    Attributes:
        from_on: First day, or None for no beginning.
        to_on: Last day, or None for no end.
        label: "Q3 2026", "July 2026", "2026", "Last 12 months", "All recorded".
        name: What stands in the address; `parse` gives the same period back.
        phrase: The period inside a sentence, "in Q3 2026"; empty when everything is in view.
    """

    from_on: date | None
    to_on: date | None
    label: str
    name: str
    phrase: str

    @property
    def is_month_aligned(self) -> bool:
        """Whether it is made of whole months, so that monthly roll-ups can answer it."""
        starts = self.from_on is None or self.from_on.day == 1
        return starts and (self.to_on is None or self.to_on == month_end(self.to_on))

    @property
    def is_of_the_calendar(self) -> bool:
        """Whether it is a month, a quarter, a year or all: one of these always holds the other."""
        return is_calendar_name(self.name)

    def holds(self, on: date) -> bool:
        """Whether a day lies in the period."""
        return (self.from_on is None or self.from_on <= on) and (
            self.to_on is None or on <= self.to_on
        )


def is_calendar_name(name: str) -> bool:
    """Tell whether an address names a month, a quarter, a year or all."""
    return re.fullmatch(r"all|\d{4}(-q\d|-\d\d)?", name) is not None


def all_recorded() -> Period:
    """Return the period without ends."""
    return Period(None, None, "All recorded", ALL, "")


def month_end(on: date) -> date:
    """Return the last day of the month of `on`."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def month_start(on: date) -> date:
    """Return the first day of the month of `on`."""
    return on.replace(day=1)


def add_months(month_on: date, months: int) -> date:
    """Return the first day of the month `months` after (or before) the month of `month_on`.

    Cut to the years 1 to 9999.
    """
    place = month_on.year * 12 + month_on.month - 1 + months
    place = min(max(place, 12), 9999 * 12 + 11)
    return date(place // 12, place % 12 + 1, 1)


def last_12_months(today: date) -> Period:
    """Return the twelve whole months that ended last; today's counts on its last day."""
    last = month_start(today) if today == month_end(today) else add_months(today, -1)
    return Period(
        add_months(last, -11), month_end(last), "Last 12 months", LAST_YEAR, "in the last 12 months"
    )


def between(from_on: date | None, to_on: date | None) -> Period:
    """Return the period of two days, under its usual name where it has one (a quarter, a month).

    Raises:
        RefusedError: The last day lies before the first.
    """
    if from_on is None or to_on is None:
        return _open_ended(from_on, to_on)
    if to_on < from_on:
        raise RefusedError(
            f"The period ends on {day(to_on)}, before it begins on {day(from_on)}.", "period"
        )
    label, name = _usual_name(from_on, to_on)
    if label:
        return Period(from_on, to_on, label, name, f"in {label}")
    if from_on == to_on:
        return Period(from_on, to_on, day(from_on), _span(from_on, to_on), f"on {day(from_on)}")
    label = f"{day(from_on)} to {day(to_on)}"
    return Period(from_on, to_on, label, _span(from_on, to_on), f"from {label}")


def parse(name: str, today: date) -> Period:
    """Return the period named in an address.

    Args:
        name: As `PERIOD_HELP` shows; either day of a span may be missing. Case does not matter.
        today: For the rolling year.

    Raises:
        RefusedError: The name is not understood, a day does not exist, or the days are swapped.
    """
    text = name.strip().lower()
    if text == ALL:
        return all_recorded()
    if text == LAST_YEAR:
        return last_12_months(today)
    try:
        for pattern, read in _FORMS:
            if found := re.fullmatch(pattern, text, re.ASCII):
                return between(*read(found.groups()))
    except ValueError as error:
        raise _not_a_period(name) from error
    raise _not_a_period(name)


def months_between(first_on: date, last_on: date) -> list[date]:
    """Return the first day of every month from that of `first_on` to that of `last_on`."""
    months = (last_on.year - first_on.year) * 12 + last_on.month - first_on.month + 1
    return [add_months(first_on, place) for place in range(months)]


def months(period: Period, first_on: date, last_on: date) -> list[date]:
    """Return the months of `period` as first days; open ends stop at the recorded days given."""
    return months_between(period.from_on or first_on, period.to_on or last_on)


def trend_months(period: Period, first_on: date, last_on: date) -> list[date]:
    """Return the months of the trend: twelve that end with the period's last one.

    A longer period shows all its months, the latest 36 at most.

    Args:
        period: The period in view.
        first_on: First recorded day, for a period without beginning.
        last_on: Last recorded day, for a period without end.
    """
    last = month_start(period.to_on or last_on)
    first = month_start(period.from_on or first_on)
    longest, usual = add_months(last, 1 - MOST_TREND_MONTHS), add_months(last, 1 - TREND_MONTHS)
    return months_between(min(usual, max(first, longest)), last)


def choices(first_on: date, last_on: date, today: date) -> list[Period]:
    """Return the periods to offer for data recorded between two days, the latest first.

    Quarters (the latest eight), the rolling year, whole years (the latest six), everything.
    """
    quarter = add_months(last_on, -((last_on.month - 1) % 3))
    starts = [add_months(quarter, -3 * back) for back in range(MOST_QUARTERS)]
    years = range(last_on.year, max(first_on.year, last_on.year - MOST_YEARS + 1) - 1, -1)
    return [
        *(between(start, quarter_end(start)) for start in starts if quarter_end(start) >= first_on),
        last_12_months(today),
        *(between(date(year, 1, 1), date(year, 12, 31)) for year in years),
        all_recorded(),
    ]


def year_of(period: Period) -> Period:
    """Return the whole year a period begins in; a period without a beginning as it is."""
    if period.from_on is None:
        return period
    return between(date(period.from_on.year, 1, 1), date(period.from_on.year, 12, 31))


def quarter_end(start_on: date) -> date:
    """Return the last day of the quarter that starts on `start_on`."""
    return month_end(add_months(start_on, 2))


def period_before(period: Period) -> Period | None:
    """Return the period of the same length right before; None without two ends."""
    if period.from_on is None or period.to_on is None or period.from_on == date.min:
        return None
    end = period.from_on - timedelta(days=1)
    if period.is_month_aligned:
        return between(
            add_months(period.from_on, -len(months_between(period.from_on, period.to_on))), end
        )
    days = (period.to_on - period.from_on).days
    return between(end - timedelta(days=min(days, end.toordinal() - 1)), end)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a gap is to be closed.

    Attributes:
        on: Last day.
        label: "December", with the year when it is not this one.
        months: Months left to do it in, the current one included.
    """

    on: date
    label: str
    months: int


def next_deadline(today: date) -> Deadline:
    """Return the end of this year; in December, when it is too late to plan, of the next."""
    year = today.year + 1 if today.month == 12 and today.year < date.max.year else today.year
    on = date(year, 12, 31)
    label = "December" if year == today.year else f"December {year}"
    return Deadline(on, label, len(months_between(today, on)))


def month_label(month_on: date) -> str:
    """Return a month as a column head: "Jul"."""
    return MONTHS[month_on.month - 1][:3]


def _usual_name(from_on: date, to_on: date) -> tuple[str, str]:
    whole = from_on.day == 1 and to_on == month_end(to_on) and from_on.year == to_on.year
    year, first, last = from_on.year, from_on.month, to_on.month
    if not whole:
        return "", ""
    if first == last:
        return f"{MONTHS[first - 1]} {year}", f"{year:04}-{first:02}"
    if first % 3 == 1 and last == first + 2:
        return f"Q{last // 3} {year}", f"{year:04}-q{last // 3}"
    return (f"{year}", f"{year:04}") if (first, last) == (1, 12) else ("", "")


def _open_ended(from_on: date | None, to_on: date | None) -> Period:
    if from_on:
        return Period(
            from_on, None, f"Since {day(from_on)}", _span(from_on, None), f"since {day(from_on)}"
        )
    if to_on:
        return Period(None, to_on, f"Up to {day(to_on)}", _span(None, to_on), f"up to {day(to_on)}")
    return all_recorded()


def _span(from_on: date | None, to_on: date | None) -> str:
    return f"{from_on or ''}..{to_on or ''}"


def _not_a_period(name: str) -> RefusedError:
    return RefusedError(f'"{name[:40]}" is not a period. Write {PERIOD_HELP}.', "period")


Ends = tuple[date | None, date | None]
Parts = tuple[str, ...]


def _read_year(parts: Parts) -> Ends:
    return date(int(parts[0]), 1, 1), date(int(parts[0]), 12, 31)


def _read_quarter(parts: Parts) -> Ends:
    start = date(int(parts[0]), 3 * int(parts[1]) - 2, 1)
    return start, quarter_end(start)


def _read_month(parts: Parts) -> Ends:
    start = date(int(parts[0]), int(parts[1]), 1)
    return start, month_end(start)


def _read_span(parts: Parts) -> Ends:
    first, last = parts
    return (
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


_DAY = r"\d{4}-\d\d-\d\d"
_FORMS: tuple[tuple[str, Callable[[Parts], Ends]], ...] = (
    (r"(\d{4})", _read_year),
    (r"(\d{4})-q([1-4])", _read_quarter),
    (r"(\d{4})-(\d\d)", _read_month),
    (rf"({_DAY}|)\.\.({_DAY}|)", _read_span),
)
