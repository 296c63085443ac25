"""When what peers and direct reports say may be shown, so that nobody can be told from a figure.

A mean of four less the mean of three tells what the fourth said. So ratings of these sources are
held back until the day their request falls due, and then until three raters together are new on a
dimension. The newest such batch alone makes the figure: two figures that follow one another have
no rating in common, whatever grows old or is set aside. Everybody else's count from the day they
were given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

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
        set_aside_on: The day it was set aside; None where it counts.
    """

    rating: Rating
    opens_on: date
    set_aside_on: date | None = None


def shown_on(given: Iterable[Given], on: date) -> list[Rating]:
    """Return the ratings that make the figures of a day; their order does not matter."""
    return [one.rating for one in released_on(given, on)]


def released_on(given: Iterable[Given], on: date) -> list[Given]:
    """Return the ratings that make the figures of a day, with the days they opened."""
    by_group: dict[tuple[Source, str], list[Given]] = {}
    found: list[Given] = []
    for one in given:
        if one.opens_on > on or one.rating.score is None:
            continue
        if one.rating.source in ANONYMOUS:
            key = (one.rating.source, one.rating.dimension)
            by_group.setdefault(key, []).append(one)
        elif one.set_aside_on is None and not _is_old(one.opens_on, on):
            found.append(one)
    for group in by_group.values():
        found += _newest_batch(group, on)
    return found


def _is_old(opened_on: date, on: date) -> bool:
    return (on - opened_on).days > EVIDENCE_DAYS


def _newest_batch(group: Iterable[Given], on: date) -> list[Given]:
    """Return the newest whole batch; what fewer than three have added since waits for others.

    A batch grows old and is set aside as a whole: one rating less would tell what it said.
    """
    found: list[Given] = []
    for day, batch in _batches(group):
        if all(one.set_aside_on is None for one in batch):
            found = [] if _is_old(day, on) else batch
    return found


def _batches(group: Iterable[Given]) -> Iterator[tuple[date, list[Given]]]:
    """Yield the whole batches of a source on a dimension with the day each was whole.

    What was set aside before its batch was whole was in no figure, and is as if it had not been
    given.
    """
    by_day: dict[date, list[Given]] = {}
    for one in group:
        by_day.setdefault(one.opens_on, []).append(one)
    waiting: list[Given] = []
    for day in sorted(by_day):
        waiting = [one for one in (*waiting, *by_day[day]) if not _was_gone(one, day)]
        if len({one.rating.rater for one in waiting}) >= ANONYMOUS_FROM:
            yield day, waiting
            waiting = []


def _was_gone(one: Given, day: date) -> bool:
    return one.set_aside_on is not None and one.set_aside_on < day


def may_go(given: Iterable[Given], before: datetime) -> set[int]:
    """Return the numbers of what peers and reports said of a person that is old enough to go.

    Ratings of one batch go together, when the last of them is old: the mean of four that was seen
    yesterday less the mean of the three that are left today is what the fourth one said.
    """
    groups: dict[tuple[Source, str], list[Given]] = {}
    for one in given:
        if one.rating.source in ANONYMOUS:
            groups.setdefault((one.rating.source, one.rating.dimension), []).append(one)
    said = [one.rating for group in groups.values() for one in group]
    stays = {one.number for one in said if one.given_at >= before}
    together = [
        {one.rating.number for one in batch}
        for group in groups.values()
        for seen in (group, [replace(one, set_aside_on=None) for one in group])  # now, and before
        for _, batch in _batches(one for one in seen if one.rating.score is not None)
    ]
    while mixed := [batch for batch in together if batch & stays and not batch <= stays]:
        stays.update(*mixed)
    return {one.number for one in said} - stays
