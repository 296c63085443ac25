"""What people are told about their seats and sessions, in words, through the notices."""

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.words import moment
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import Enrolment, EnrolmentEvent, TrainingSession
from curricula.rules.sessions import Span, local, when_words, where_words
from curricula.rules.words import EnrolmentStatus
from curricula.services.notifying import notify
from people.models import Account, Assignment, Employee
from people.queries.opening import reading
from people.rules.opening import Reason

YOURS = "You have a seat in this session or wait for one."


def title_of(session: AnySession, held: TrainingSession) -> str:
    """Return what a session teaches."""
    asked = select(ModuleVersion.title).where(ModuleVersion.id == held.version_id)
    return session.scalar(asked) or "Session"


def told_of(session: AnySession, held: TrainingSession) -> str:
    """Return what, when and where, as the lines of a letter."""
    lines = [title_of(session, held)]
    if held.starts_at and held.ends_at:
        span = Span(held.starts_at, held.ends_at)
        lines.append(f"{when_words(span, held.zone)} ({held.zone})")
        lines.append(where_words(held.place, held.room, held.link))
    if held.link:
        lines.append(held.link)
    if held.note:
        lines.append(held.note)
    return "\n".join(lines)


def tell_seat(
    session: AnySession, held: TrainingSession, row: Enrolment, event: EnrolmentEvent
) -> None:
    """Tell a person where they stand now."""
    title = title_of(session, held)
    key = f"seat:{row.id}:{event.id}"
    path = f"/sessions/{held.id}"
    facts = told_of(session, held)
    kind, subject, first = _news(held, row, title, event)
    if not kind:
        return
    body = f"{first}\n\n{facts}"
    if row.status in {EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED}:
        body += "\n\nThe page of the session has a file for your calendar."
    notify(session, row.employee_id, kind, key, subject, body, YOURS, path)


def _news(
    held: TrainingSession, row: Enrolment, title: str, event: EnrolmentEvent
) -> tuple[str, str, str]:
    """Return kind, subject and first sentence; an empty kind where nothing needs to be told."""
    if held.starts_at is not None and held.starts_at <= event.at:
        return "", "", ""  # those who are entered on the sheet while it goes on know it
    match row.status:
        case EnrolmentStatus.ENROLLED if row.promoted_at == event.at:
            return "seat_promoted", f"You moved up: {title}", f"You have a seat. {event.reason}"
        case EnrolmentStatus.ENROLLED:
            return "session_enrolled", f"Invitation: {title}", "You have a seat in this session."
        case EnrolmentStatus.OFFERED if row.hold_until:
            until = moment(local(row.hold_until, held.zone))
            first = f"A seat is held for you until {until}. Take it or give it back on the page."
            return "seat_offered", f"A seat is held for you: {title}", first
        case EnrolmentStatus.DECLINED:
            first = f"Your request for a seat was declined. {event.reason or ''}".strip()
            return "seat_decided", f"No seat: {title}", first
        case EnrolmentStatus.WITHDRAWN if held.starts_at:
            first = f"You no longer have a seat in this session. {event.reason or ''}".strip()
            return "session_changed", f"Seat given back: {title}", first
    return "", "", ""


@reading(Reason.LETTERS)
def tell_approvers(session: AnySession, held: TrainingSession, row: Enrolment) -> None:
    """Tell the manager of a person and the trainer that a request waits for them."""
    name = session.scalar(select(Employee.name).where(Employee.id == row.employee_id))
    on = now().date()
    manager = session.scalar(
        select(Assignment.manager_id).where(
            Assignment.employee_id == row.employee_id,
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
        )
    )
    trainer = held.trainer_account_id and session.scalar(
        select(Account.employee_id).where(Account.id == held.trainer_account_id)
    )
    title = title_of(session, held)
    for employee_id in sorted({one for one in (manager, trainer) if one}):
        notify(
            session,
            employee_id,
            "seat_requested",
            f"seat-asked:{row.id}:{row.asked_at.isoformat()}:{employee_id}",
            f"{name} asks for a seat: {title}",
            f"{name} asks for a seat. Approve or decline it on the page.\n\n"
            f"{told_of(session, held)}",
            "You manage this person or teach this session.",
            f"/sessions/{held.id}",
        )


def tell_change(session: AnySession, held: TrainingSession, employee_ids: list[int]) -> None:
    """Tell people that their session has another time or place."""
    title = title_of(session, held)
    for employee_id in employee_ids:
        notify(
            session,
            employee_id,
            "session_changed",
            f"session-changed:{held.id}:{held.calendar_sequence}:{employee_id}",
            f"Changed: {title}",
            f"This session has another time or place now.\n\n{told_of(session, held)}",
            YOURS,
            f"/sessions/{held.id}",
        )


def tell_cancelled(session: AnySession, held: TrainingSession, employee_ids: list[int]) -> None:
    """Tell people that their session does not take place."""
    title = title_of(session, held)
    for employee_id in employee_ids:
        notify(
            session,
            employee_id,
            "session_cancelled",
            f"session-cancelled:{held.id}:{employee_id}",
            f"Cancelled: {title}",
            f"This session does not take place. {held.cancel_reason}\n\n{told_of(session, held)}",
            YOURS,
            f"/sessions/{held.id}",
        )
