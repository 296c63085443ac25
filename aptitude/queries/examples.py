"""Examples of those who lead: what a manager or an observer wrote, and what was seen at work."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, exists, func, select, union_all
from sqlalchemy.orm import QueryableAttribute

from aptitude.models.assessments import Assessment, AssessmentWithdrawal, Rating
from aptitude.models.duties import Duty, DutyEvent
from aptitude.models.frameworks import Dimension
from aptitude.queries.crowd import Whole, address, stands
from aptitude.rules.examples import (
    LEAST_TENTHS,
    WHO_SHOWS,
    Leading,
    Shown,
    first_day,
    lately_from,
    leading_of,
)
from aptitude.rules.sources import Source
from aptitude.rules.words import DutyStep
from core.arrays import distinct, in_either
from core.db import db
from core.kept import Kept
from core.numbers import read_numbers
from people.models import Assignment
from people.queries.opening import reading
from people.queries.visibility import within
from people.rules.opening import Reason


def examples_of(
    employee_ids: Sequence[int], seen: Select[int] | None, on: date, *, quotes: bool = False
) -> dict[int, Leading]:
    """Return what is on record of the last twelve months of those of these people who lead.

    Args:
        employee_ids: Who.
        seen: The people whose aptitude the viewer sees; None for everyone.
        on: The day.
        quotes: Whether it is told what was written, of what and in whose assessment: to the
            person alone. With a source and a day, a figure of few would tell who gave it.
    """
    leaders = _who_leads(employee_ids, on)
    found: dict[int, list[Shown]] = {one: [] for one in leaders}
    for subject_id, one in (_quoted if quotes else _days)(leaders, seen, first_day(on)):
        found[subject_id].append(one)
    return {id_: leading_of(some) for id_, some in found.items()}


def find_leading(
    employee_id: int, seen: Select[int] | None, on: date, *, quotes: bool = False
) -> Leading | None:
    """Return what is on record of one person; None where they lead nobody."""
    return examples_of([employee_id], seen, on, quotes=quotes).get(employee_id)


def _who_leads(employee_ids: Sequence[int], on: date) -> list[int]:
    """Return who of these people leads somebody, in order of their ids."""
    asked = select(Assignment.manager_id).where(
        Assignment.manager_id.in_(employee_ids), *stands(Assignment, on)
    )
    with reading(Reason.NAMES_ABOVE):
        found = db.session.scalars(asked.distinct())
        return sorted(one for one in found if one is not None)


def _days(ids: Sequence[int], seen: Select[int] | None, since: date) -> Iterator[tuple[int, Shown]]:
    """Return when there were examples, and nothing else of them."""
    rated = (
        select(Rating.subject_id, Assessment.assessed_on)
        .join(Assessment, Assessment.id == Rating.assessment_id)
        .where(*_of(Rating, ids, seen), *_is_example(since, Rating.source))
    )
    for subject_id, day in db.session.execute(rated):
        yield subject_id, Shown(day)
    at_work = select(DutyEvent.subject_id, DutyEvent.at).where(
        *_of(DutyEvent, ids, seen), *_seen(since)
    )
    for subject_id, moment in db.session.execute(at_work):
        yield subject_id, Shown(moment.date())


def _quoted(
    ids: Sequence[int], seen: Select[int] | None, since: date
) -> Iterator[tuple[int, Shown]]:
    rated = (
        select(
            Rating.subject_id,
            Assessment.assessed_on,
            Dimension.code,
            Rating.source,
            Rating.example,
        )
        .join(Assessment, Assessment.id == Rating.assessment_id)
        .join(Dimension, Dimension.id == Rating.dimension_id)
        .where(*_of(Rating, ids, seen), *_is_example(since, Rating.source))
    )
    for subject_id, day, code, source, text in db.session.execute(rated):
        yield subject_id, Shown(day, code, source, text or "")
    at_work = (
        select(DutyEvent.subject_id, DutyEvent.at, Duty.dimension_code, DutyEvent.note)
        .join(Duty, Duty.id == DutyEvent.duty_id)
        .where(*_of(DutyEvent, ids, seen), *_seen(since))
    )
    for subject_id, moment, code, text in db.session.execute(at_work):
        yield subject_id, Shown(moment.date(), code, None, text or "")


def _of(
    table: type[Rating] | type[DutyEvent], ids: Sequence[int], seen: Select[int] | None
) -> tuple[Any, ...]:
    return table.subject_id.in_(ids), *within(table.subject_id, seen)


def _is_example(since: date, source: QueryableAttribute[Source]) -> tuple[Any, ...]:
    """Return what makes a rating an example.

    Args:
        since: Those of this day and later.
        source: Where it is asked who said it: of the assessment for everybody, whose index then
            finds the days; of the rating for few people, or that index would be gone through too.
    """
    gone = select(AssessmentWithdrawal.assessment_id)
    return (
        source.in_(WHO_SHOWS),
        Assessment.assessed_on >= since,
        Assessment.id.not_in(gone),
        Rating.example.is_not(None),
        Rating.tenths >= LEAST_TENTHS,
    )


def _seen(since: date) -> tuple[Any, ...]:
    moment = datetime.combine(since, time.min, UTC)
    return DutyEvent.step == DutyStep.OBSERVED, DutyEvent.at >= moment


_lately: Kept[tuple[int, int, tuple[object, ...], Whole]] = Kept(4)


def forget_examples() -> None:
    """Forget everything in memory: another database has come under the same address."""
    _lately.forget()


def seen_lately(on: date, basis: tuple[object, ...]) -> Whole:
    """Return of which leaders there is an example of the last month, in order of their ids.

    What is said and seen is numbered in the order it is written, so that only the news is read;
    all of it again where something was set aside or somebody moved.
    """
    key = (address(), on)
    with reading(Reason.CROWD):
        said = db.session.scalar(select(func.max(Assessment.id))) or 0
        done = db.session.scalar(select(func.max(DutyEvent.id))) or 0
        held = _lately.find(key)
        if held is None or held[2] != basis or held[0] > said or held[1] > done:
            held = (0, 0, basis, np.zeros(0, np.int64))
        if (held[0], held[1]) != (said, done):
            ids = in_either(held[3], _seen_since(held[0], held[1], on))
            held = (said, done, basis, ids)
    return _lately.keep(key, held)[3]


def _seen_since(said: int, done: int, on: date) -> Whole:
    rated = (
        select(Rating.subject_id)
        .join(Assessment, Assessment.id == Rating.assessment_id)
        .where(
            _leads(Assessment.subject_id, on),
            Assessment.id > said,
            *_is_example(lately_from(on), Assessment.source),
        )
    )
    at_work = select(DutyEvent.subject_id).where(
        _leads(DutyEvent.subject_id, on), DutyEvent.id > done, *_seen(lately_from(on))
    )
    both = union_all(rated, at_work).subquery()
    return distinct(read_numbers(select(both.c.subject_id))[0])


def _leads(employee_id: QueryableAttribute[int], on: date) -> ColumnElement[bool]:
    """Return the condition that somebody leads; the news are few, so each is looked up."""
    return exists().where(Assignment.manager_id == employee_id, *stands(Assignment, on))
