"""The attendance sheet: saved as often as one likes, closed once, taken back as a whole.

Closing writes the minutes to the ledger as one batch. Whoever undoes that batch, here or among
the imports, opens the sheet again and withdraws the completions that rest on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from core.words import plural
from curricula.models.modules import Module
from curricula.models.sessions import (
    Attendance,
    Enrolment,
    SessionClosing,
    SessionDay,
    TrainingSession,
)
from curricula.rules.attending import (
    Presence,
    check_closable,
    completes,
    marked_otherwise,
    may_sign_in,
    plain_code,
)
from curricula.rules.enrolling import SEATED
from curricula.rules.sessions import divided, local
from curricula.rules.words import EnrolmentStatus, SessionStatus
from curricula.services.completing import (
    CompletionRow,
    record_completions,
    withdraw_completions,
)
from curricula.services.inviting import title_of
from curricula.services.seating import Seating, hold_session
from ledger.models import Batch
from ledger.services.correcting import undo_listeners, undo_within
from ledger.services.recording import Line, Origin, record_lines
from people.models import Employee
from people.queries.opening import reading
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.attempts import count_try, forget_tries
from people.services.auditing import record

CLOSED_BEFORE = "This sheet was closed before. To mend it, undo the closing first."
NOT_THE_CODE = "This is not the code of the session; look at the trainer’s screen again."


@dataclass(frozen=True)
class Closed:
    """What closing a sheet wrote."""

    people: int
    minutes: int
    completed: int
    batch_id: int | None

    @property
    def sentence(self) -> str:
        """Return what was written."""
        return (
            f"Closed. {plural(self.people, 'person was', 'people were')} there,"
            f" {plural(self.completed, 'has', 'have')} completed the module."
        )


@dataclass(frozen=True)
class _Attended:
    """The marks of one person over all days."""

    row: Enrolment
    marks: tuple[tuple[SessionDay, Attendance], ...]

    @property
    def minutes(self) -> int:
        return sum(mark.minutes for _, mark in self.marks)

    @property
    def is_unexplained(self) -> bool:
        return any(not mark.minutes and not mark.reason for _, mark in self.marks)

    @property
    def reason(self) -> str | None:
        return next((mark.reason for _, mark in self.marks if mark.reason), None)


@reading(Reason.SEATS)
def save_sheet(
    session_id: int,
    position: int,
    marks: Mapping[int, Presence],
    *,
    account_id: int | None,
    seen: Mapping[int, int] | None = None,
) -> None:
    """Keep what the sheet says of one day; whoever is not among the marks stays as they are.

    Args:
        session_id: The session.
        position: Which day of it, counted from 1.
        marks: By the id of the enrolment.
        account_id: Who keeps it.
        seen: The version of what was said of each when the sheet was shown; None where nobody
            looked.

    Raises:
        RefusedError: The sheet is closed or the session cancelled.
        ConflictError: Somebody was marked otherwise meanwhile, by somebody else.
        NotFoundError: There is no such session or day.
    """
    with transaction() as session:
        held = hold_session(session, session_id)
        _check_sheet(held)
        day = _day(session, session_id, position)
        kept = {
            one.enrolment_id: one
            for one in session.scalars(
                select(Attendance).where(Attendance.session_day_id == day.id)
            )
        }
        held_marks = {key: Presence(one.minutes, one.reason or "") for key, one in kept.items()}
        if seen is not None and marked_otherwise(marks, held_marks, seen):
            raise ConflictError(len(held_marks))
        for enrolment_id in _on_sheet(session, session_id):
            if enrolment_id in marks:
                _mark(session, kept.get(enrolment_id), enrolment_id, day.id, marks, account_id)


def _check_sheet(held: TrainingSession) -> None:
    if held.status is SessionStatus.CLOSED:
        raise RefusedError(CLOSED_BEFORE)
    if held.status is SessionStatus.CANCELLED:
        raise RefusedError("This session is cancelled; there is no sheet to keep.")


def _day(session: AnySession, session_id: int, position: int) -> SessionDay:
    day = session.scalar(
        select(SessionDay).where(
            SessionDay.session_id == session_id, SessionDay.position == position
        )
    )
    if day is None:
        raise NotFoundError("This session has no such day.")
    return day


def _on_sheet(session: AnySession, session_id: int) -> Sequence[int]:
    return session.scalars(
        select(Enrolment.id).where(Enrolment.session_id == session_id, Enrolment.status.in_(SEATED))
    ).all()


def _mark(
    session: AnySession,
    kept: Attendance | None,
    enrolment_id: int,
    day_id: int,
    marks: Mapping[int, Presence],
    account_id: int | None,
) -> None:
    mark = marks[enrolment_id]
    if kept is None:
        kept = Attendance(enrolment_id=enrolment_id, session_day_id=day_id)
        session.add(kept)
    elif (kept.minutes, kept.reason or "") == (mark.minutes, mark.reason):
        return
    kept.minutes, kept.reason = mark.minutes, mark.reason or None
    kept.recorded_at, kept.account_id = now(), account_id


@reading(Reason.SEATS)
def close_sheet(session_id: int, *, account_id: int | None) -> Closed:
    """Write the minutes of everybody to the ledger as one batch, and who completed the module.

    Raises:
        RefusedError: It is closed already, too early, or somebody is not marked.
        NotFoundError: There is no such session.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        held = hold_session(session, session_id)
        _check_sheet(held)
        days = _days(session, session_id)
        people = _attended(session, session_id, days)
        _check_closable(session, people, days)
        batch = _write_hours(session, held, people, account_id)
        closing = SessionClosing(
            session_id=session_id,
            batch_id=batch.id if batch else None,
            closed_at=now(),
            account_id=account_id,
            people=sum(one.minutes > 0 for one in people),
            minutes=sum(one.minutes for one in people),
        )
        session.add(closing)
        session.flush()
        completed = _complete(session, held, people, closing.id, account_id)
        held.status, held.closed_at = SessionStatus.CLOSED, closing.closed_at
        for one in people:
            is_there = one.minutes > 0
            one.row.minutes = one.minutes
            one.row.reason = None if is_there else one.reason
            one.row.status = EnrolmentStatus.ATTENDED if is_there else EnrolmentStatus.ABSENT
            one.row.hold_until = None
        said: Details = {"people": closing.people, "minutes": closing.minutes}
        record(session, "session.close", of=("session", session_id), details=said, by=account_id)
        return Closed(closing.people, closing.minutes, completed, closing.batch_id)


def _days(session: AnySession, session_id: int) -> dict[int, SessionDay]:
    asked = select(SessionDay).where(SessionDay.session_id == session_id)
    return {day.id: day for day in session.scalars(asked.order_by(SessionDay.position))}


def _attended(
    session: AnySession, session_id: int, days: Mapping[int, SessionDay]
) -> list[_Attended]:
    rows = session.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.status.in_(SEATED))
        .order_by(Enrolment.id)
    ).all()
    marks: dict[int, dict[int, Attendance]] = {}
    for mark in session.scalars(select(Attendance).where(Attendance.session_day_id.in_(days))):
        marks.setdefault(mark.enrolment_id, {})[mark.session_day_id] = mark
    return [
        _Attended(
            row,
            tuple(
                (day, marks[row.id][day_id])
                for day_id, day in days.items()
                if day_id in marks.get(row.id, {})
            ),
        )
        for row in rows
    ]


def _check_closable(
    session: AnySession, people: Sequence[_Attended], days: Mapping[int, SessionDay]
) -> None:
    unmarked = {one.row.employee_id for one in people if len(one.marks) < len(days)}
    unexplained = {one.row.employee_id for one in people if one.is_unexplained}
    names = session.execute(
        select(Employee.name, Employee.id)
        .where(Employee.id.in_(unmarked | unexplained))
        .order_by(Employee.name, Employee.id)
    ).all()
    check_closable(
        max((day.starts_at for day in days.values()), default=None),
        now(),
        [name for name, id_ in names if id_ in unmarked],
        [name for name, id_ in names if id_ in unexplained],
        len(people),
    )


def _write_hours(
    session: AnySession,
    held: TrainingSession,
    people: Sequence[_Attended],
    account_id: int | None,
) -> Batch | None:
    course_id = session.get_one(Module, held.module_id).course_id
    if course_id is None:
        raise RefusedError("This module has no course in the ledger; publish it once more.")
    there = [
        (one.row.employee_id, day, mark.minutes)
        for one in people
        for day, mark in one.marks
        if mark.minutes
    ]
    if not there:
        return None
    costs = _costs(held.cost_cents, [minutes for _, _, minutes in there])
    lines = [
        Line(
            employee_id=employee_id,
            course_id=course_id,
            done_on=local(day.starts_at, held.zone).date(),
            minutes=minutes,
            delivery=held.delivery,
            status="attended",
            cost_cents=cost,
        )
        for (employee_id, day, minutes), cost in zip(there, costs, strict=True)
    ]
    origin = Origin("attendance", "sessions", title_of(session, held))
    return record_lines(session, lines, origin, account_id=account_id)


def _costs(cost_cents: int | None, minutes: Sequence[int]) -> Sequence[int | None]:
    """Divide what the session cost among those who came, by their minutes."""
    return [None] * len(minutes) if cost_cents is None else divided(cost_cents, minutes)


def _complete(
    session: AnySession,
    held: TrainingSession,
    people: Sequence[_Attended],
    closing_id: int,
    account_id: int | None,
) -> int:
    rows = [
        CompletionRow(
            employee_id=one.row.employee_id,
            module_id=held.module_id,
            completed_on=max(
                local(day.starts_at, held.zone).date() for day, mark in one.marks if mark.minutes
            ),
            version_id=held.version_id,
            closing_id=closing_id,
        )
        for one in people
        if completes(one.minutes, held.minutes)
    ]
    record_completions(session, rows, account_id=account_id)
    return len(rows)


@reading(Reason.SEATS)
def undo_closing(session_id: int, *, account_id: int | None) -> None:
    """Take back what closing the sheet wrote; it may be mended and closed once more.

    Raises:
        RefusedError: It is not closed, or some of its entries were corrected since.
        NotFoundError: There is no such session.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        held = hold_session(session, session_id)
        closing = session.scalar(
            select(SessionClosing).where(
                SessionClosing.session_id == session_id, SessionClosing.undone_at.is_(None)
            )
        )
        if closing is None:
            raise RefusedError("This sheet is open; there is nothing to undo.")
        if closing.batch_id is None:
            _open_again(session, closing, None, account_id)
        else:
            why = f"undoing the attendance sheet of session {held.id}"
            with reading(Reason.UNDOING):
                undo_within(session, closing.batch_id, account_id=account_id, why=why)


def _on_undone(session: AnySession, batch: Batch, undo: Batch) -> None:
    closing = session.scalar(
        select(SessionClosing).where(
            SessionClosing.batch_id == batch.id, SessionClosing.undone_at.is_(None)
        )
    )
    if closing is not None:
        _open_again(session, closing, undo.id, undo.account_id)


def _open_again(
    session: AnySession, closing: SessionClosing, undo_id: int | None, account_id: int | None
) -> None:
    held = hold_session(session, closing.session_id)
    closing.undone_at, closing.undone_by = now(), account_id
    closing.undo_batch_id = undo_id
    held.status, held.closed_at = SessionStatus.OPEN, None
    for row in session.scalars(
        select(Enrolment).where(
            Enrolment.session_id == held.id,
            Enrolment.status.in_((EnrolmentStatus.ATTENDED, EnrolmentStatus.ABSENT)),
        )
    ):
        row.status, row.minutes = EnrolmentStatus.ENROLLED, None
    withdrawn = withdraw_completions(session, closing.id, account_id=account_id)
    said: Details = {"withdrawn": withdrawn}
    record(session, "session.reopen", of=("session", held.id), details=said, by=account_id)


def register() -> None:
    """Hear of every batch that is undone."""
    if _on_undone not in undo_listeners:
        undo_listeners.append(_on_undone)


@reading(Reason.SEATS)
def sign_in(session_id: int, employee_id: int, code: str, *, account_id: int | None) -> None:
    """Mark oneself as present with the code of the session, while it goes on.

    Raises:
        TooSoonError: Too many codes were tried.
        RefusedError: It is not the code, not the time, or the person has no seat.
        NotFoundError: There is no such session.
    """
    tries = {"code": f"session {session_id}, person {employee_id}"}
    count_try(tries)
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        held = seating.held
        _check_sheet(held)
        row = seating.find(employee_id)
        if row is None or row.status not in SEATED:
            raise RefusedError("You have no seat in this session; ask the trainer.")
        if plain_code(code) != held.sign_in_code:
            raise RefusedError(NOT_THE_CODE, field="code")
        day = _day_now(session, session_id)
        if session.get(Attendance, (row.id, day.id)) is None:
            marks = {row.id: Presence(day.minutes)}
            _mark(session, None, row.id, day.id, marks, account_id)
        row.signed_in_at = now()
    forget_tries(tries)


def _day_now(session: AnySession, session_id: int) -> SessionDay:
    for day in _days(session, session_id).values():
        if may_sign_in(day.starts_at, day.ends_at, now()):
            return day
    raise RefusedError(
        "Sign in between half an hour before it begins and half an hour after it ends."
    )
