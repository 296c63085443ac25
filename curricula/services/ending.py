"""A session that ends early: the dates after the last one with marks fall away."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from core.bulk import AnySession
from core.db import take_turn, transaction
from curricula.models.sessions import Attendance, SessionDay
from curricula.rules.attending import SIGN_IN_AFTER, dropped_after_marks
from curricula.rules.enrolling import check_open
from curricula.rules.sessions import Span
from curricula.rules.words import EnrolmentStatus
from curricula.services.inviting import GoneDay
from curricula.services.seating import Seating
from curricula.services.telling import tell_change
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.auditing import record


@reading(Reason.SEATS)
def end_after_marks(session_id: int, *, account_id: int | None) -> int:
    """Drop the dates after the last one with marks and tell people; return how many fell away.

    The minutes already kept stay on the sheet, which can be closed then.

    Raises:
        RefusedError: It is over, nothing is marked, or no date without marks follows.
        NotFoundError: There is no such session.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        days = session.scalars(
            select(SessionDay)
            .where(SessionDay.session_id == session_id)
            .order_by(SessionDay.position)
        ).all()
        dropped = dropped_after_marks([day.position for day in days], _marked(session, session_id))
        _drop(session, seating, [day for day in days if day.position in dropped])
        record(
            session,
            "session.end",
            of=("session", session_id),
            details={"dropped": len(dropped)},
            by=account_id,
        )
        return len(dropped)


def _marked(session: AnySession, session_id: int) -> set[int]:
    asked = select(SessionDay.position).where(
        SessionDay.session_id == session_id,
        SessionDay.id.in_(select(Attendance.session_day_id)),
    )
    return set(session.scalars(asked))


def _drop(session: AnySession, seating: Seating, days: Sequence[SessionDay]) -> None:
    held = seating.held
    gone = [GoneDay(day.position, Span(day.starts_at, day.ends_at)) for day in days]
    session.execute(delete(SessionDay).where(SessionDay.id.in_([day.id for day in days])))
    last = session.scalars(
        select(SessionDay)
        .where(SessionDay.session_id == held.id)
        .order_by(SessionDay.position.desc())
        .limit(1)
    ).one()
    held.ends_at, held.sign_in_until = last.ends_at, last.ends_at + SIGN_IN_AFTER
    held.calendar_sequence += 1
    session.flush()
    seated = seating.people(EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED)
    tell_change(session, held, seated, gone, by=seating.account_id)
