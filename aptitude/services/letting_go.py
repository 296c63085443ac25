"""Letting go of assessments that were kept long enough, so that no difference tells what one said.

What one peer said follows from two figures of which the other has one rating less. So ratings of
peers and direct reports go in the batches they were shown in, when the last of them is old enough;
everybody else's by their own day.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select

from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest
from aptitude.queries.evidence import AT_ONCE, evidence_on
from aptitude.rules.release import may_go
from aptitude.rules.sources import ANONYMOUS
from core.bulk import AnySession
from people.services.retaining import Step


def _held_back(session: AnySession, before: datetime) -> list[int]:
    """Return which old assessments stay, because one of their batch is not old yet."""
    is_old = Assessment.source.in_(ANONYMOUS), Assessment.recorded_at < before
    old = dict(session.execute(select(Assessment.id, Assessment.subject_id).where(*is_old)).all())
    people = sorted(set(old.values()))
    goes: set[int] = set()
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        for said in evidence_on(some, None, session=session).values():
            goes |= may_go((one.given for one in said), before)
    return sorted(set(old) - goes)


def _said(session: AnySession, before: datetime) -> list[ColumnElement[bool]]:
    return [Assessment.recorded_at < before, Assessment.id.not_in(_held_back(session, before))]


def _asked(session: AnySession, before: datetime) -> list[ColumnElement[bool]]:
    """Keep a request with its answer: its day says from when on that may be shown."""
    stays = (
        select(AssessmentRater.request_id)
        .join(Assessment, Assessment.id == AssessmentRater.assessment_id)
        .where(
            AssessmentRater.request_id.is_not(None),
            or_(
                Assessment.recorded_at >= before,
                Assessment.id.in_(_held_back(session, before)),
            ),
        )
    )
    return [AssessmentRequest.asked_at < before, AssessmentRequest.id.not_in(stays)]


def _count_said(session: AnySession, before: datetime) -> int:
    asked = select(func.count(Assessment.id)).where(*_said(session, before))
    return session.scalar(asked) or 0


def _remove_said(session: AnySession, before: datetime) -> None:
    session.execute(delete(Assessment).where(*_said(session, before)))


def _count_asked(session: AnySession, before: datetime) -> int:
    asked = select(func.count(AssessmentRequest.id)).where(*_asked(session, before))
    return session.scalar(asked) or 0


def _remove_asked(session: AnySession, before: datetime) -> None:
    session.execute(delete(AssessmentRequest).where(*_asked(session, before)))


OF_ASSESSMENTS = Step(_count_said, _remove_said)
OF_REQUESTS = Step(_count_asked, _remove_asked)
