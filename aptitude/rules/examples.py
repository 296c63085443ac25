"""Leading by example: in how many months somebody who leads was seen doing it.

An example is what a manager or an observer wrote beside a rating of 3 or more, and what was seen
at work of a duty. What peers and reports write is none: nothing they say is shown by itself. A
month without one says that nobody looked, or nobody wrote it down; it is no zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aptitude.rules.sources import Source
from core.words import day, plural

MONTHS, LATELY_DAYS = 12, 30
LEAST_TENTHS = 30
"""A rating with an example of less shows what is still to be taught."""

EXAMPLE_WORDS = (
    "An example is what a manager or an observer writes beside a rating of 3 or more when they are "
    "asked for an assessment, or what is noted as seen at work on a duty. What peers and direct "
    "reports write never counts here."
)

WHO_SHOWS = (Source.MANAGER, Source.OBSERVER)
"""Whose examples are shown by themselves."""


@dataclass(frozen=True)
class Shown:
    """An example.

    Attributes:
        dimension_code, text: What was seen; "" for those it is not quoted to.
        source: Whose assessment it stands in; None for seen at work, and for those others.
    """

    on: date
    dimension_code: str = ""
    source: Source | None = None
    text: str = ""


@dataclass(frozen=True)
class Leading:
    """What is on record of somebody who leads, the newest in front."""

    examples: tuple[Shown, ...] = ()

    @property
    def months(self) -> int:
        """Return in how many months there is one at least."""
        return len({(one.on.year, one.on.month) for one in self.examples})

    @property
    def last_on(self) -> date | None:
        """Return the day of the newest; None for none."""
        return max((one.on for one in self.examples), default=None)

    @property
    def words(self) -> str:
        """Return it in a sentence: "Seen in 3 of the last 12 months, last on 2 Mar 2026."."""
        if not self.examples:
            return f"No example is on record of the last {MONTHS} months."
        return f"Seen in {self.months} of the last {MONTHS} months, last on {day(self.last_on)}."


def first_day(on: date) -> date:
    """Return the first of the twelve months that end with the one of a day."""
    months = on.year * 12 + on.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def leading_of(found: Iterable[Shown]) -> Leading:
    """Return the examples of somebody in the order of a page."""
    ordered = sorted(found, key=lambda one: (one.on, one.dimension_code, one.text), reverse=True)
    return Leading(tuple(ordered))


def lately_from(on: date) -> date:
    """Return the first day of the last month, as it is counted in figures of groups."""
    return on - timedelta(days=LATELY_DAYS - 1)


def lately_words(leaders: int | None, seen: int | None) -> str:
    """Return of how many leaders there is an example of the last month.

    Args:
        leaders: How many lead somebody; None where too few to be told.
        seen: How many of them.
    """
    if leaders is None or seen is None:
        return ""
    lately = f"the last {LATELY_DAYS} days"
    whole = f"{plural(leaders, 'leader', 'leaders')}, that is everybody to whom others report"
    if not seen:
        return f"Of {whole}, no example of {lately} is on record: nobody looked, or wrote it down."
    return (
        f"Of {whole}, {plural(seen, 'was', 'were')} seen leading by example in {lately}; of the "
        f"others no example of these {LATELY_DAYS} days is on record."
    )
