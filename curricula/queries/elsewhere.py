"""Who has a seat in another session of the same module: nobody needs two."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.bulk import AnySession
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.enrolling import Elsewhere
from curricula.rules.sessions import local
from curricula.rules.words import EnrolmentStatus, SessionStatus
from people.models import Employee


def seats_elsewhere(
    session: AnySession, held: TrainingSession, employee_ids: Sequence[int], at: datetime
) -> dict[int, Elsewhere]:
    """Return who has a seat in another session of this module that is not over.

    A list without a date is no session yet.
    """
    if held.starts_at is None:
        return {}
    rows = session.execute(
        select(
            Employee.id,
            Employee.name,
            TrainingSession.starts_at,
            TrainingSession.zone,
        )
        .join(Enrolment, Enrolment.employee_id == Employee.id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .where(
            TrainingSession.module_id == held.module_id,
            TrainingSession.id != held.id,
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.ends_at >= at,
            Enrolment.status == EnrolmentStatus.ENROLLED,
            Employee.id.in_(employee_ids),
        )
        .order_by(TrainingSession.starts_at.desc())
    )
    return {
        id_: Elsewhere(name, local(starts_at, zone))
        for id_, name, starts_at, zone in rows
        if starts_at is not None
    }
