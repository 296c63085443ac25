"""Rounds, each by the day it ends: how many were asked and how many answered, by source.

Of those who are named nowhere it adds up only what the pages of the people tell already: those
about whom three or more answered in time, when the day is over. So no difference between this page
and those tells more than they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.held_rounds import PartOfRound, anonymous_part, named_part
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
    """

    due_on: date
    occasions: tuple[str, ...]
    people: int
    parts: tuple[PartOfRound, ...]


def rounds_of(viewer: Viewer, on: date) -> list[HeldRound]:
    """Return the rounds about those whom somebody may ask about, the latest first."""
    mine = (
        *within(One.subject_id, assessed_people(viewer, on)),
        One.subject_id.is_distinct_from(viewer.employee_id),
        One.due_on > on - timedelta(days=DAYS_BACK),
    )
    asked = select(One.due_on).where(*mine).distinct().order_by(One.due_on.desc())
    with reading(Reason.ASKING):
        days = db.session.scalars(asked.limit(MOST_ROUNDS)).all()
        return [_held(day, (*mine, One.due_on == day), on) for day in days]


def _held(day: date, meant: tuple[ColumnElement[bool], ...], on: date) -> HeldRound:
    names = select(One.occasion).where(*meant, One.occasion.is_not(None)).distinct()
    people = db.session.scalar(select(func.count(One.subject_id.distinct())).where(*meant))
    answered = func.sum(case((One.state == RequestState.ANSWERED, 1), else_=0))
    taken = func.sum(case((One.taken_back_at.is_not(None), 1), else_=0))
    rows = db.session.execute(
        select(One.source, func.count(One.id), answered, taken).where(*meant).group_by(One.source)
    ).all()
    told = _told(day, meant) if day < on else {}
    counts = {source: (asked, done, back) for source, asked, done, back in rows}
    parts = []
    for source in (one for one in Source if one in counts):
        asked, done, back = counts[source]
        if source in UNNAMED:
            parts.append(anonymous_part(source, asked, told.get(source), is_over=day < on))
        else:
            parts.append(named_part(source, asked - back, done))
    occasions = tuple(sorted(one for one in db.session.scalars(names) if one))
    return HeldRound(day, occasions, people or 0, tuple(parts))


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
