"""The months the demo tells of, and the files in which they were brought."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from planner.rules.periods import add_months, month_end, months_between

MONTHS_TOLD = 36


@dataclass(frozen=True)
class Stretch:
    """The months of one hours file: a quarter, or a month of a quarter that is not over.

    Attributes:
        months: Their first days.
        label: "2026 Q3" or "2026-10", for the name of the file.
    """

    months: tuple[date, ...]
    label: str

    @property
    def to_on(self) -> date:
        """Last day."""
        return month_end(self.months[-1])

    def recorded_at(self, day: int, at: time) -> datetime:
        """Return a moment on the given day of the following month."""
        after = add_months(self.months[-1], 1) + timedelta(days=day - 1)
        return datetime.combine(after, at, UTC)


def months_told(today: date) -> list[date]:
    """Return the first days of the 36 months that ended before this one."""
    last = add_months(today, -1)
    return months_between(add_months(last, 1 - MONTHS_TOLD), last)


def stretches(today: date) -> list[Stretch]:
    """Return the months by file: quarters, then single months since the last quarter's end."""
    months = months_told(today)
    quarters: dict[tuple[int, int], list[date]] = {}
    for month in months:
        quarters.setdefault((month.year, (month.month + 2) // 3), []).append(month)
    found: list[Stretch] = []
    for (year, quarter), members in quarters.items():
        if members[-1].month % 3 == 0:
            found.append(Stretch(tuple(members), f"{year}-q{quarter}"))
        else:
            found += [Stretch((month,), f"{month:%Y-%m}") for month in members]
    return found


def last_quarter(today: date) -> Stretch:
    """Return the last quarter that is over."""
    return [one for one in stretches(today) if len(one.months) == 3][-1]
