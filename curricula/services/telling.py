"""What people are told about their seats and sessions, in words, through the notices."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.words import moment
from curricula.models.sessions import Enrolment, EnrolmentEvent, SessionDay, TrainingSession
from curricula.rules.sessions import Span, local, when_words, where_words
from curricula.rules.words import EnrolmentStatus
from curricula.services.inviting import GoneDay, invitations, title_of
from curricula.services.notifying import Draft, notify, notify_all
from people.models import Account, Assignment, Employee
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.outbox import LetterFile

YOURS = "You have a seat in this session or wait for one."


def told_of(session: AnySession, held: TrainingSession) -> str:
    """Return what, when and where, as the lines of a letter."""
    lines = [title_of(session, held)]
    if held.starts_at:
        lines += [f"{when_words(span, held.zone)} ({held.zone})" for span in _spans(session, held)]
        lines.append(where_words(held.place, held.room, held.link))
    if held.link:
        lines.append(held.link)
    if held.note:
        lines.append(held.note)
    return "\n".join(lines)


def _spans(session: AnySession, held: TrainingSession) -> list[Span]:
    asked = select(SessionDay.starts_at, SessionDay.ends_at)
    mine = asked.where(SessionDay.session_id == held.id).order_by(SessionDay.position)
    return [Span(starts_at, ends_at) for starts_at, ends_at in session.execute(mine)]


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
    files = invitations(session, held, [row.employee_id]).get(row.employee_id, ())
    draft = Draft(row.employee_id, kind, key, subject, body, YOURS, path, files=files)
    notify_all(session, [draft])


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


def tell_change(
    session: AnySession,
    held: TrainingSession,
    employee_ids: list[int],
    gone: Sequence[GoneDay] = (),
) -> None:
    """Tell people that their session has another time or place.

    Args:
        session: The session of the transaction.
        held: The session people are in.
        employee_ids: Who is told.
        gone: Dates it has no more.
    """
    title = title_of(session, held)
    body = f"This session has another time or place now.\n\n{told_of(session, held)}"
    news = ("session_changed", f"Changed: {title}", body)
    key = f"session-changed:{held.id}:{held.calendar_sequence}"
    _tell_all(
        session, held, key, news, invitations(session, held, employee_ids, gone), employee_ids
    )


def tell_cancelled(session: AnySession, held: TrainingSession, employee_ids: list[int]) -> None:
    """Tell people that their session does not take place."""
    title = title_of(session, held)
    facts = told_of(session, held)
    body = f"This session does not take place. {held.cancel_reason}\n\n{facts}"
    news = ("session_cancelled", f"Cancelled: {title}", body)
    key = f"session-cancelled:{held.id}"
    _tell_all(session, held, key, news, invitations(session, held, employee_ids), employee_ids)


def _tell_all(
    session: AnySession,
    held: TrainingSession,
    key: str,
    news: tuple[str, str, str],
    files: Mapping[int, tuple[LetterFile, ...]],
    employee_ids: Sequence[int],
) -> None:
    kind, subject, body = news
    drafts = [
        Draft(
            one,
            kind,
            f"{key}:{one}",
            subject,
            body,
            YOURS,
            f"/sessions/{held.id}",
            files=files.get(one, ()),
        )
        for one in employee_ids
    ]
    notify_all(session, drafts)
