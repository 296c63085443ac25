"""When what peers and direct reports say may be shown, so that nobody can be told from a figure.

A mean of four less the mean of three tells what the fourth said. So ratings of these sources are
held back until the day their request falls due, and then until three raters together are new on a
dimension. Everybody else's count from the day they were given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aptitude.rules.sources import ANONYMOUS, ANONYMOUS_FROM, Rating, Source

EVIDENCE_DAYS = 730
"""For how long a rating says something about today."""


def turning_days(opens_on: date) -> tuple[date, date]:
    """Return the days on which a rating begins and ceases to count."""
    return opens_on, opens_on + timedelta(days=EVIDENCE_DAYS + 1)


@dataclass(frozen=True)
class Given:
    """A rating with the day from which on it may be shown.

    Attributes:
        opens_on: For peers and reports the day after their request fell due, else the day given.
    """

    rating: Rating
    opens_on: date


def shown_on(given: Iterable[Given], on: date) -> list[Rating]:
    """Return the ratings that make the figures of a day; their order does not matter."""
    by_group: dict[tuple[Source, str], list[Given]] = {}
    found: list[Rating] = []
    for one in given:
        if one.opens_on > on or one.rating.score is None:
            continue
        if one.rating.source in ANONYMOUS:
            key = (one.rating.source, one.rating.dimension)
            by_group.setdefault(key, []).append(one)
        elif not _is_old(one.opens_on, on):
            found.append(one.rating)
    for group in by_group.values():
        found += _released(group, on)
    return found


def _is_old(opened_on: date, on: date) -> bool:
    return (on - opened_on).days > EVIDENCE_DAYS


def _released(group: Iterable[Given], on: date) -> list[Rating]:
    """Return the ratings of whole batches; what fewer than three have added waits for others.

    A batch grows old as a whole too: one rating less would tell what it said.
    """
    by_day: dict[date, list[Rating]] = {}
    for one in group:
        by_day.setdefault(one.opens_on, []).append(one.rating)
    found: list[Rating] = []
    waiting: list[Rating] = []
    for day in sorted(by_day):
        waiting += by_day[day]
        if len({rating.rater for rating in waiting}) >= ANONYMOUS_FROM:
            found += [] if _is_old(day, on) else waiting
            waiting = []
    return found
