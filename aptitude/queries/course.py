"""How somebody came to where they stand: what was known at each time, and every change of level."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from aptitude.queries.known import Known, Stand
from aptitude.queries.records import end_of
from aptitude.rules.course import Move, Point, Stay, rung_of
from aptitude.rules.profiles import counts_of
from aptitude.rules.since import Since, since_words
from aptitude.rules.sources import RATERS


def stays(known: Known, on: date) -> list[Stay]:
    """Return the levels somebody has left behind, with what was known on the last day of each."""
    found: list[Stay] = []
    for stand, following in pairwise(known.stands):
        if following.level is stand.level or following.from_on > on:
            continue
        last = stand.until_on - timedelta(days=1)
        counts = counts_of(known.as_of(end_of(last)).lines_on(last))
        found.append(Stay(stand.level, stand.from_on, stand.until_on, counts))
    return found


def moves(known: Known, on: date) -> list[Move]:
    """Return every change of level until a day, with what was expected from then on."""
    found: list[Move] = []
    for stand, following in pairwise(known.stands):
        day = following.from_on
        if following.level is stand.level or day > on:
            continue
        then = known.as_of(end_of(day))
        expected = then.targets.targets_of(following.level, following.job_title, day)
        values = tuple(expected[code].value for code in then.framework.names if code in expected)
        number, known_on = then.framework.number, _recorded_on(known, following)
        found.append(Move(day, stand.level, following.level, number, values, known_on))
    return found


def _recorded_on(known: Known, stand: Stand) -> date | None:
    """Return the day it became known that somebody stood there, however often it was rewritten."""
    moments = [
        one.recorded_at
        for one in known.places
        if one.level is stand.level and one.from_on <= stand.from_on < one.until_on
    ]
    return min((one.date() for one in moments if one is not None), default=None)


def points(known: Known, on: date) -> tuple[Point, ...]:
    """Return what was known at the end of each month in which others' figures changed.

    What somebody says of themselves, and a test, are part of no other figure: they make no row.
    """
    days = sorted({one.given.opens_on for one in known.evidence if one.given.opens_on <= on})
    by_month: dict[tuple[int, int], tuple[date, Known]] = {}
    for day in days:
        then = known.as_of(end_of(day))
        if _is_news(then, day):
            by_month[day.year, day.month] = day, then
    found: list[Point] = []
    for day, then in by_month.values():
        point = _point(then, day)
        is_promotion = bool(found) and rung_of(point.level) > rung_of(found[-1].level)
        found.append(replace(point, is_promotion=is_promotion))
    return tuple(found)


def _point(then: Known, day: date) -> Point:
    return Point(
        day,
        then.level_on(day),
        then.profile_on(day).overall.score,
        is_of_level=then.is_of_level(day),
        framework=then.framework.number,
        counts=counts_of(then.lines_on(day)),
    )


def since_last(known: Known, known_then: Sequence[Point], on: date) -> str:
    """Return why the figures of a day are not those of the last row; "" where they are.

    Args:
        known: All that is recorded.
        known_then: The rows.
        on: The day.
    """
    if not known_then:
        return ""
    last = known_then[-1]
    then = known.as_of(end_of(last.on))
    return since_words(last, _point(known, on), _changes(then, last.on, known, on))


def _changes(then: Known, day: date, known: Known, on: date) -> Since:
    error_then, error = then.errors.sem_at(None), known.errors.sem_at(None)
    measured_at = None if error == error_then else known.errors.in_use_since()
    counted = {one.given for one in known.shown_on(on)}
    before = [one.given for one in then.shown_on(day) if one.given.rating.source in RATERS]
    return Since(
        measured_on=measured_at.date() if measured_at else None,
        error_then=error_then,
        error=error,
        ratings=any(one not in counted for one in before),
        targets=then.expected_on(day) != known.expected_on(on),
        framework=known.framework.number if known.framework != then.framework else None,
    )


def _is_news(then: Known, day: date) -> bool:
    """Tell whether others were first heard on a day; what was held back is no news."""
    shown = [one.given for one in then.shown_on(day)]
    return any(one.opens_on == day and one.rating.source in RATERS for one in shown)
