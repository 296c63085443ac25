"""Keeping up to date where people stand, in the transaction of what changes it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from aptitude.models.assessments import (
    AptitudeStanding,
    Assessment,
    AssessmentRequest,
)
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import find_framework, target_book
from aptitude.queries.known import Known, Stand, standing_values
from aptitude.rules.asking import level_or_frontline
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from people.models import Assignment
from people.queries.opening import reading
from people.rules.opening import Reason

AT_ONCE = 500


@reading(Reason.STANDINGS)
def renew_standings(session: AnySession, employee_ids: Sequence[int], on: date) -> None:
    """Write down anew where these people stand on a day."""
    framework = find_framework()
    if framework is None:
        return
    targets = target_book()
    for start in range(0, len(employee_ids), AT_ONCE):
        some = employee_ids[start : start + AT_ONCE]
        stands = _stands(session, some)
        evidence = evidence_on(some, None, session=session)
        values = [
            {
                "employee_id": one,
                "changed_at": now(),
                **standing_values(Known(framework, targets, stands.get(one, ()), said), on),
            }
            for one, said in evidence.items()
            if said
        ]
        gone = delete(AptitudeStanding).where(AptitudeStanding.employee_id.in_(some))
        session.execute(gone.execution_options(synchronize_session=False))
        if values:
            session.execute(insert(AptitudeStanding), values)


def _stands(session: AnySession, employee_ids: Sequence[int]) -> Mapping[int, list[Stand]]:
    rows = session.execute(
        select(
            Assignment.employee_id,
            Assignment.level,
            Assignment.job_title,
            Assignment.from_on,
            Assignment.until_on,
        )
        .where(Assignment.employee_id.in_(employee_ids), Assignment.superseded_at.is_(None))
        .order_by(Assignment.from_on)
    )
    found: dict[int, list[Stand]] = {}
    for employee_id, level, title, from_on, until_on in rows:
        stand = Stand(level_or_frontline(level), title, None, from_on, until_on)
        found.setdefault(employee_id, []).append(stand)
    return found


def rebuild_standings() -> int:
    """Write down anew where everybody stands who was ever assessed; return how many."""
    with transaction() as session:
        take_turn(session)
        ids = session.scalars(
            select(Assessment.subject_id).distinct().order_by(Assessment.subject_id)
        ).all()
        renew_standings(session, list(ids), today())
    return len(ids)


def renew_of_yesterday(session: AnySession) -> None:
    """Let figures of rounds that ended yesterday into the standings of those they are about."""
    ended = today() - timedelta(days=1)
    ids = session.scalars(
        select(AssessmentRequest.subject_id).where(AssessmentRequest.due_on == ended).distinct()
    ).all()
    renew_standings(session, sorted(ids), today())
