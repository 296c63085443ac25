"""Who is invited to a session: where letters to them go, and how often their invitation changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from core.bulk import AnySession
from curricula.models.sessions import Enrolment, EnrolmentEvent
from curricula.rules.calendars import Party
from curricula.rules.words import EnrolmentStatus
from people.models import Account, Employee
from people.queries.opening import reading
from people.rules.opening import Reason

INVITED = (EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED)


@dataclass(frozen=True)
class Invited:
    """Somebody who has, or had, an invitation.

    Attributes:
        steps: How many steps the story of the enrolment has; each raises the invitation's number.
    """

    status: EnrolmentStatus
    party: Party
    steps: int


@reading(Reason.LETTERS)
def invited_of(
    session: AnySession, session_id: int, employee_ids: Sequence[int]
) -> dict[int, Invited]:
    """Return those of some people who were ever sent an invitation, and have an address."""
    was_invited = func.sum(case((EnrolmentEvent.status.in_(INVITED), 1), else_=0))
    rows = session.execute(
        select(
            Enrolment.employee_id,
            Enrolment.status,
            Employee.name,
            func.coalesce(Employee.email, Account.email),
            func.count(EnrolmentEvent.id),
        )
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Account, Account.employee_id == Employee.id)
        .join(EnrolmentEvent, EnrolmentEvent.enrolment_id == Enrolment.id)
        .where(Enrolment.session_id == session_id, Enrolment.employee_id.in_(employee_ids))
        .group_by(
            Enrolment.employee_id, Enrolment.status, Employee.name, Employee.email, Account.email
        )
        .having(was_invited > 0)
    )
    return {
        employee_id: Invited(status, Party(name, address), steps)
        for employee_id, status, name, address, steps in rows
        if address
    }
