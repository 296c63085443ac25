"""What people are told about their seats and sessions, in words, through the notices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.words import moment
from curricula.models.sessions import Enrolment, EnrolmentEvent, SessionDay, TrainingSession
from curricula.rules.sessions import Span, local, when_words, where_words
from curricula.rules.words import EnrolmentStatus
from curricula.services.inviting import GoneDay, invitations, title_of
from curricula.services.notifying import Draft, notify_account, notify_all
from people.models import Account, Assignment, Employee
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.outbox import LetterFile

YOURS = "You have a seat in this session or wait for one."
NOW_DATED = (
    "What you wanted has a date now. Those who asked before you are asked first; when a seat is"
    " free it is held for you. If the day does not suit you, withdraw on the page of the session."
)
TEACHES = "You teach this session."


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


def tell_seats(
    session: AnySession,
    held: TrainingSession,
    steps: Sequence[tuple[Enrolment, EnrolmentEvent]],
) -> None:
    """Tell people where they stand now, all of them together: what is the same is asked once."""
    title = title_of(session, held)
    told = [(row, event, _news(held, row, title, event)) for row, event in steps]
    told = [one for one in told if one[2][0]]
    if not told:
        return
    facts = told_of(session, held)
    files = invitations(session, held, [row.employee_id for row, _, _ in told])
    drafts = []
    for row, event, (kind, subject, first) in told:
        body = f"{first}\n\n{facts}"
        if row.status in {EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED}:
            body += "\n\nThe page of the session has a file for your calendar."
        key, path = f"seat:{row.id}:{event.id}", f"/sessions/{held.id}"
        with_it = files.get(row.employee_id, ())
        drafts.append(Draft(row.employee_id, kind, key, subject, body, YOURS, path, files=with_it))
    notify_all(session, drafts)


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
        case EnrolmentStatus.WAITLISTED if row.promoted_at:
            return "session_changed", f"You wait again: {title}", event.reason or ""
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
    title = title_of(session, held)
    draft = Draft(
        manager,
        "seat_requested",
        f"seat-asked:{row.id}:{row.asked_at.isoformat()}:{manager}",
        f"{name} asks for a seat: {title}",
        f"{name} asks for a seat. Approve or decline it on the page.\n\n{told_of(session, held)}",
        "You manage this person or teach this session.",
        f"/sessions/{held.id}",
    )
    drafts = [draft] if manager else []
    runner = _runner(session, held)
    if runner and (runner.employee_id is None or runner.employee_id != manager):
        key = f"seat-asked:{row.id}:{row.asked_at.isoformat()}:account {runner.id}"
        to_runner = replace(
            draft, employee_id=runner.employee_id, account_id=runner.id, event_key=key
        )
        drafts.append(to_runner)
    notify_all(session, [one for one in drafts if one.employee_id != row.employee_id])


def _runner(session: AnySession, held: TrainingSession) -> Account | None:
    """Return who runs a session: its trainer, else whoever made it."""
    account_id = held.trainer_account_id or held.account_id
    return session.get(Account, account_id) if account_id else None


def tell_change(
    session: AnySession,
    held: TrainingSession,
    employee_ids: list[int],
    gone: Sequence[GoneDay] = (),
    *,
    by: int | None = None,
) -> None:
    """Tell people and the trainer that their session has another time or place.

    Args:
        session: The session of the transaction.
        held: The session people are in.
        employee_ids: Who is told.
        gone: Dates it has no more.
        by: Whose account changed it; they know.
    """
    title = title_of(session, held)
    body = f"This session has another time or place now.\n\n{told_of(session, held)}"
    news = ("session_changed", f"Changed: {title}", body)
    key = f"session-changed:{held.id}:{held.calendar_sequence}"
    _tell_all(
        session, held, key, news, invitations(session, held, employee_ids, gone), employee_ids
    )
    _tell_trainer(session, held, key, news, by)


def tell_dated(session: AnySession, held: TrainingSession, employee_ids: list[int]) -> None:
    """Tell people who go on waiting that what they wanted has a date now."""
    title = title_of(session, held)
    body = f"{NOW_DATED}\n\n{told_of(session, held)}"
    news = ("session_changed", f"There is a date now: {title}", body)
    _tell_all(session, held, f"session-dated:{held.id}", news, {}, employee_ids)


def tell_cancelled(
    session: AnySession, held: TrainingSession, employee_ids: list[int], *, by: int | None = None
) -> None:
    """Tell people and the trainer that their session does not take place."""
    title = title_of(session, held)
    facts = told_of(session, held)
    body = f"This session does not take place. {held.cancel_reason}\n\n{facts}"
    news = ("session_cancelled", f"Cancelled: {title}", body)
    key = f"session-cancelled:{held.id}"
    _tell_all(session, held, key, news, invitations(session, held, employee_ids), employee_ids)
    _tell_trainer(session, held, key, news, by)


def _tell_trainer(
    session: AnySession,
    held: TrainingSession,
    key: str,
    news: tuple[str, str, str],
    by: int | None,
) -> None:
    """Tell the trainer, who may be from outside and have an account only."""
    trainer_id = held.trainer_account_id
    if trainer_id is None or trainer_id == by:
        return
    kind, subject, body = news
    whole_key, path = f"{key}:account {trainer_id}", f"/sessions/{held.id}"
    notify_account(session, trainer_id, kind, whole_key, subject, body, TEACHES, path)


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
