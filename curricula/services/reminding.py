"""What sessions ask for by themselves each day: reminders, open sheets, seats of those who left.

All of it is a part of the daily job and safe to repeat.
"""

from datetime import timedelta

from sqlalchemy import func, or_, select

from core.bulk import AnySession
from core.clock import now, today
from core.db import db
from core.words import plural
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.enrolling import SEATED, STANDING
from curricula.rules.notices import next_weekly_letter
from curricula.rules.sessions import Span, when_words, where_words
from curricula.rules.words import EnrolmentStatus, SessionStatus
from curricula.services.notifying import Draft, notify_account, notify_all
from curricula.services.seating import Seating
from people.models import Employee

REMINDED_DAYS = 7
"""So each session is in the weekly letter of the Monday before it."""

LEFT = "Left the organisation."


def remind_of_sessions(session: AnySession, _: int = 0) -> None:
    """Tell people which sessions they have a seat in within a week.

    One that is held before the next weekly letter is left out: whoever got a seat so late was
    invited at once, and would be reminded when it is over.
    """
    at = now()
    rows = session.execute(
        select(TrainingSession, Enrolment.id, Enrolment.employee_id, ModuleVersion.title)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .join(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .where(
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.starts_at.between(
                next_weekly_letter(at), at + timedelta(days=REMINDED_DAYS)
            ),
            Enrolment.status == EnrolmentStatus.ENROLLED,
        )
        .order_by(TrainingSession.starts_at, Enrolment.id)
    ).all()
    notify_all(session, [_reminder(held, seat, who, title) for held, seat, who, title in rows])


def _reminder(held: TrainingSession, enrolment_id: int, employee_id: int, title: str) -> Draft:
    when = when_words(Span(held.starts_at, held.ends_at), held.zone)  # type: ignore[arg-type]  # asked for with a date
    where = where_words(held.place, held.room, held.link)
    return Draft(
        employee_id,
        "session_reminder",
        f"session-soon:{enrolment_id}:{held.calendar_sequence}",
        f"Soon: {title}"[:300],
        f"{when} ({held.zone}), {where}. If you cannot come, give the seat back on the page.",
        "You have a seat in it.",
        f"/sessions/{held.id}",
    )


def remind_of_sheets(session: AnySession, _: int = 0) -> None:
    """Tell trainers which sheets are still open after the session."""
    runs = func.coalesce(TrainingSession.trainer_account_id, TrainingSession.account_id)
    rows = session.execute(
        select(TrainingSession, ModuleVersion.title, runs, func.count(Enrolment.id))
        .join(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .where(
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.ends_at < now(),
            Enrolment.status.in_(SEATED),
            runs.is_not(None),
        )
        .group_by(TrainingSession.id, ModuleVersion.title)
        .order_by(TrainingSession.ends_at)
    ).all()
    for held, title, account_id, people in rows:
        notify_account(
            session,
            account_id,
            "sheet_open",
            f"sheet:{held.id}:{held.calendar_sequence}",
            f"Close the sheet: {title}"[:300],
            f"{plural(people, 'person is', 'people are')} on it. Until it is closed, no hour of it"
            " is in the ledger and nobody has completed the module.",
            "You teach this session.",
            f"/sessions/{held.id}/attendance",
        )


def sessions_of_leavers() -> list[int]:
    """Return the sessions still to come in which somebody has a place who has left."""
    asked = (
        select(Enrolment.session_id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Employee.left_on < today(),
            Enrolment.status.in_(STANDING),
            TrainingSession.status.in_((SessionStatus.OPEN, SessionStatus.PLANNED)),
            or_(TrainingSession.starts_at.is_(None), TrainingSession.starts_at > now()),
        )
    )
    return sorted(set(db.session.scalars(asked)))


def free_seats_of_leavers(session: AnySession, session_id: int) -> None:
    """Pass on the seats of people who have left; they are not told."""
    seating = Seating(session, session_id, None)
    rows = session.scalars(
        select(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.status.in_(STANDING),
            Employee.left_on < today(),
        )
        .order_by(Enrolment.id)
    ).all()
    for row in rows:
        row.reason = LEFT
        seating.set(row, EnrolmentStatus.WITHDRAWN, reason=LEFT, tell=False)
    seating.move_up("Somebody left the organisation.")
