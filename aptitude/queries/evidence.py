"""What was said about people: every rating that counts, each with the day it may be shown from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from aptitude.models.assessments import (
    Assessment,
    AssessmentRater,
    AssessmentRequest,
    AssessmentWithdrawal,
    Rating,
)
from aptitude.models.frameworks import Dimension
from aptitude.rules import sources
from aptitude.rules.release import Given
from aptitude.rules.sources import ANONYMOUS, Source
from core.bulk import AnySession
from core.db import db
from people.queries.opening import reading
from people.queries.visibility import within
from people.rules.levels import Level
from people.rules.opening import Reason

AT_ONCE = 500
NO_RATER = 0
"""Stands for the rater of a scenario test, which has none."""


@dataclass(frozen=True)
class Evidence:
    """A rating with where its person stood when it was given.

    Attributes:
        withdrawn_at: When it was set aside; None where it counts.
    """

    subject_id: int
    given: Given
    level: Level
    withdrawn_at: datetime | None
    assessment_id: int
    example: str | None

    def as_of(self, moment: datetime) -> "Evidence":
        """Return the rating as it was known at a moment: not set aside yet, if that came later."""
        if self.withdrawn_at is None or self.withdrawn_at <= moment:
            return self
        return replace(self, given=replace(self.given, set_aside_on=None), withdrawn_at=None)


def evidence_on(
    employee_ids: Sequence[int],
    seen: Select[int] | None,
    *,
    session: AnySession | None = None,
) -> dict[int, list[Evidence]]:
    """Return everything that was said about people, by person.

    Args:
        employee_ids: About whom.
        seen: The people whose aptitude the viewer sees; None for everyone.
        session: The session of a change; None for the one of the request.
    """
    found: dict[int, list[Evidence]] = {one: [] for one in employee_ids}
    for start in range(0, len(employee_ids), AT_ONCE):
        some = employee_ids[start : start + AT_ONCE]
        for one in _evidence(session or db.session, some, seen):
            found[one.subject_id].append(one)
    return found


def _evidence(
    session: AnySession, employee_ids: Sequence[int], seen: Select[int] | None
) -> list[Evidence]:
    asked = (
        select(
            Rating.subject_id,
            Rating.source,
            Rating.tenths,
            Rating.example,
            Dimension.code,
            Assessment.id,
            Assessment.level,
            Assessment.recorded_at,
            AssessmentRater.rater_id,
            AssessmentRater.account_id,
            AssessmentRequest.due_on,
            AssessmentWithdrawal.withdrawn_at,
        )
        .join(Assessment, Assessment.id == Rating.assessment_id)
        .join(Dimension, Dimension.id == Rating.dimension_id)
        .outerjoin(AssessmentRater, AssessmentRater.assessment_id == Assessment.id)
        .outerjoin(AssessmentRequest, AssessmentRequest.id == AssessmentRater.request_id)
        .outerjoin(AssessmentWithdrawal, AssessmentWithdrawal.assessment_id == Assessment.id)
        .where(Rating.subject_id.in_(employee_ids), *within(Rating.subject_id, seen))
        .order_by(Assessment.recorded_at, Assessment.id, Dimension.code)
    )
    with reading(Reason.SCORING):
        rows = session.execute(asked).all()
    return [_from_row(row) for row in rows]


def _from_row(row: Any) -> Evidence:
    """Return a rating; its columns are taken apart at once, for a page may read a thousand."""
    (subject_id, source, tenths, example, code, assessment_id, level, recorded_at, rater_id,
     account_id, due_on, withdrawn_at) = row  # fmt: skip
    rater = rater_id if rater_id is not None else -(account_id or NO_RATER)
    score = None if tenths is None else tenths / 10
    given = Given(
        sources.Rating(rater, source, code, score, recorded_at, assessment_id),
        _opens_on(source, recorded_at, due_on),
        withdrawn_at.date() if withdrawn_at else None,
    )
    return Evidence(subject_id, given, level, withdrawn_at, assessment_id, example)


def _opens_on(source: Source, recorded_at: datetime, due_on: date | None) -> date:
    """Return the day a rating may be shown from: for peers and reports, when the round is over."""
    given_on = recorded_at.date()
    if source not in ANONYMOUS:
        return given_on
    return max(given_on, due_on or given_on) + timedelta(days=1)
