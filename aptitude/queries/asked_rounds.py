"""Rounds, each by the day it ends: how many were asked and how many answered, by source.

Of those who are named nowhere it adds up only what the pages of the people tell already: those
about whom three or more answered in time, when the day is over. So no difference between this page
and those tells more than they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.held_rounds import (
    Counts,
    PartOfRound,
    anonymous_part,
    is_taken_back,
    left_to_take_back,
    named_part,
    part_to_take_back,
)
from aptitude.rules.sources import ANONYMOUS_FROM, UNNAMED, Source
from aptitude.rules.words import RequestState
from core.db import db
from people.queries.opening import reading
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.opening import Reason

MOST_ROUNDS, DAYS_BACK = 12, 366
One = AssessmentRequest


@dataclass(frozen=True)
class HeldRound:
    """What was asked until one day.

    Attributes:
        people: About how many people.
        parts: By source, in the order in which they were asked.
        left: How many requests taking it back concerns; none where nothing is left to take back.
        is_taken_back: It was taken back, and nobody is asked any more.
    """

    due_on: date
    occasions: tuple[str, ...]
    people: int
    parts: tuple[PartOfRound, ...]
    left: int
    is_taken_back: bool


def rounds_of(viewer: Viewer, on: date) -> list[HeldRound]:
    """Return the rounds about those whom somebody may ask about, the latest first."""
    mine = (*of_my_people(viewer, on), One.due_on > on - timedelta(days=DAYS_BACK))
    asked = select(One.due_on).where(*mine).distinct().order_by(One.due_on.desc())
    with reading(Reason.ASKING):
        days = db.session.scalars(asked.limit(MOST_ROUNDS)).all()
        return [_held(day, (*mine, One.due_on == day), on) for day in days]


def of_my_people(viewer: Viewer, on: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what was asked about those whom somebody may ask about."""
    return (
        *within(One.subject_id, assessed_people(viewer, on)),
        One.subject_id.is_distinct_from(viewer.employee_id),
    )


def _held(day: date, meant: tuple[ColumnElement[bool], ...], on: date) -> HeldRound:
    counts = _counts(meant)
    told = _told(day, meant) if day < on else {}
    parts = tuple(
        anonymous_part(one, told.get(one.source), is_over=day < on)
        if one.source in UNNAMED
        else named_part(one)
        for one in counts
    )
    return _round(day, meant, on, counts, parts)


def _round(
    day: date,
    meant: tuple[ColumnElement[bool], ...],
    on: date,
    counts: list[Counts],
    parts: tuple[PartOfRound, ...],
) -> HeldRound:
    names = select(One.occasion).where(*meant, One.occasion.is_not(None)).distinct()
    people = db.session.scalar(select(func.count(One.subject_id.distinct())).where(*meant))
    return HeldRound(
        day,
        tuple(sorted(one for one in db.session.scalars(names) if one)),
        people or 0,
        parts,
        sum(left_to_take_back(one, day, on) for one in counts),
        is_taken_back(counts),
    )


def _counts(meant: tuple[ColumnElement[bool], ...]) -> list[Counts]:
    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    rows = db.session.execute(
        select(
            One.source,
            func.count(One.id),
            many(One.state == RequestState.ANSWERED),
            many(One.state == RequestState.OPEN),
            many(One.taken_back_at.is_not(None)),
        )
        .where(*meant)
        .group_by(One.source)
    )
    found = {row[0]: Counts(*row) for row in rows}
    return [found[source] for source in Source if source in found]


def find_round_to_take_back(viewer: Viewer, day: date, on: date) -> HeldRound | None:
    """Return what taking a round back comes to, before anybody does; None where nothing is left."""
    meant = (*of_my_people(viewer, on), One.due_on == day)
    with reading(Reason.ASKING):
        counts = _counts(meant)
        parts = tuple(part_to_take_back(one, day, on) for one in counts)
        found = _round(day, meant, on, counts, parts)
    return found if found.left else None


def of_round_to_take_back(viewer: Viewer, day: date, on: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the requests that taking a round back concerns.

    Of those without a name all that was not taken back yet, answered or not: see the rules.
    """
    open_by_name = and_(One.source.not_in(UNNAMED), One.state == RequestState.OPEN)
    unnamed = and_(One.source.in_(UNNAMED), One.taken_back_at.is_(None))
    concerned = or_(open_by_name, unnamed) if day >= on else open_by_name
    return (*of_my_people(viewer, on), One.due_on == day, concerned)


def _told(day: date, meant: tuple[ColumnElement[bool], ...]) -> Mapping[Source, Any]:
    """Return by source about how many people it is told, how many were asked and answered."""
    next_day = datetime.combine(day + timedelta(days=1), time(), UTC)
    in_time = and_(One.state == RequestState.ANSWERED, One.closed_at < next_day)
    rater = func.coalesce(One.rater_id, -One.rater_account_id)  # observers may not work here
    each = (
        select(
            One.source.label("source"),
            func.count(rater.distinct()).label("asked"),
            func.count(case((in_time, rater)).distinct()).label("answered"),
        )
        .where(*meant, One.source.in_(UNNAMED))
        .group_by(One.subject_id, One.source)
        .subquery()
    )
    rows = db.session.execute(
        select(each.c.source, func.count(), func.sum(each.c.asked), func.sum(each.c.answered))
        .where(each.c.answered >= ANONYMOUS_FROM)
        .group_by(each.c.source)
    )
    return {source: (people, asked, answered) for source, people, asked, answered in rows}
