"""Letting go of assessments that were kept long enough, so that no difference tells what one said.

What one peer said follows from two figures of which the other has one rating less. So ratings of
peers and direct reports go in the batches they were shown in, when the last of them is old enough;
everybody else's by their own day.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest
from aptitude.models.workshops import (
    AnchorWorkshop,
    WorkshopAnchor,
    WorkshopAnswer,
    WorkshopDimension,
    WorkshopJudge,
)
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


def _workshops(before: datetime) -> Select[int]:
    """Return the anchor workshops that go: as a whole, so that no figure changes before."""
    begun = AnchorWorkshop.closed_at.is_(None) & (AnchorWorkshop.made_at < before)
    return select(AnchorWorkshop.id).where(or_(AnchorWorkshop.closed_at < before, begun))


def _count_judged(session: AnySession, before: datetime) -> int:
    return session.scalar(select(func.count()).select_from(_workshops(before).subquery())) or 0


def _remove_judged(session: AnySession, before: datetime) -> None:
    ids = session.scalars(_workshops(before)).all()
    anchors = select(WorkshopAnchor.id).where(WorkshopAnchor.workshop_id.in_(ids))
    session.execute(delete(WorkshopAnswer).where(WorkshopAnswer.anchor_id.in_(anchors)))
    for table in (WorkshopAnchor, WorkshopDimension, WorkshopJudge):
        session.execute(delete(table).where(table.workshop_id.in_(ids)))
    session.execute(delete(AnchorWorkshop).where(AnchorWorkshop.id.in_(ids)))


OF_WORKSHOPS = Step(_count_judged, _remove_judged)
OF_ASSESSMENTS = Step(_count_said, _remove_said)
OF_REQUESTS = Step(_count_asked, _remove_asked)
