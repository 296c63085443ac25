"""What follows when somebody is taken out of a session: who moves up, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from core.clock import now
from core.db import db
from core.errors import NotFoundError
from curricula.models.sessions import Enrolment
from curricula.queries.sessions import Person, SessionPage, session_page
from curricula.rules.enrolling import next_seat
from curricula.rules.withdrawing import Moving, Withdrawal
from curricula.rules.words import EnrolmentStatus, SessionStatus
from people.models import Employee
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason

HELD = (EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED)


@dataclass(frozen=True)
class WithdrawalPage:
    """Somebody who is about to be taken out, with what follows."""

    page: SessionPage
    person: Person
    follows: Withdrawal


def withdrawal_page(session_id: int, enrolment_id: int, viewer: Viewer, on: date) -> WithdrawalPage:
    """Return what follows when somebody is taken out now.

    Raises:
        NotFoundError: The viewer does not see this person in this session.
    """
    page = session_page(session_id, viewer, on)
    person = next((one for one in page.people if one.enrolment_id == enrolment_id), None)
    if person is None:
        raise NotFoundError("There is no such person in this session.")
    has_date = page.held.starts_at is not None
    follows = Withdrawal(
        name=person.name,
        had_seat=person.status in HELD,
        moving=tuple(_moving(page, person, on)),
        is_told=has_date and not page.has_begun,
        has_begun=page.has_begun,
    )
    return WithdrawalPage(page, person, follows)


def _moving(page: SessionPage, person: Person, on: date) -> list[Moving]:
    """Return who gets the seat; those whom the viewer does not see without a name."""
    held, begins = page.held, page.held.starts_at
    is_ahead = begins is not None and not page.has_begun and held.status is SessionStatus.OPEN
    free = held.capacity - page.row.seated + 1
    if begins is None or not is_ahead or person.status not in HELD or free < 1:
        return []
    seen = {one.enrolment_id: one.name for one in page.people}
    found = []
    for enrolment_id, knows_date in _first_waiting(held.id, free, on):
        seat = next_seat(now(), begins, held.zone, held.hold_hours, "", must_ask=not knows_date)
        found.append(Moving(seen.get(enrolment_id, ""), seat.hold_until, held.zone))
    return found


@reading(Reason.SEATS)
def _first_waiting(session_id: int, count: int, on: date) -> Sequence[tuple[int, bool]]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.knows_date)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.status == EnrolmentStatus.WAITLISTED,
            or_(Employee.left_on.is_(None), Employee.left_on >= on),
        )
        .order_by(Enrolment.position, Enrolment.id)
        .limit(count)
    )
    return [(one, knows) for one, knows in rows]
