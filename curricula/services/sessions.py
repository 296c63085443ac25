"""Scheduling: a session is put on a day, changed, cancelled; what people want waits for a date."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, exists, select, update

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.sessions import (
    Attendance,
    SessionDay,
    StaffingMinimum,
    TrainingSession,
)
from curricula.queries.clashes import clashes_of_room, clashes_of_trainer
from curricula.queries.session_versions import session_version
from curricula.rules.attending import CODE_DIGITS, SIGN_IN_AFTER, check_no_minutes
from curricula.rules.enrolling import STANDING, check_capacity, check_open
from curricula.rules.sessions import (
    USUAL_SEATS,
    PlannedDay,
    SessionDraft,
    Span,
    check_clashes,
    check_session,
    planned_days,
    room_key,
    spans_of,
)
from curricula.rules.versions import version_of
from curricula.rules.words import EnrolmentStatus, ModuleState, SessionStatus
from curricula.services.inviting import GoneDay
from curricula.services.seating import Seating
from curricula.services.telling import tell_cancelled, tell_change, tell_dated
from people.models import Unit
from people.queries.opening import reading
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.versions import check_unchanged

END_INSTEAD = (
    "Cancelling would lose them. Open the sheet and end the session there; then close the sheet."
)
HAS_DATE = "The session has a date now."


def schedule_session(draft: SessionDraft, *, account_id: int | None, confirmed: bool) -> int:
    """Put a module on a day, or begin the list of those who want it; return the session's id.

    Args:
        draft: What it is to be.
        account_id: Who schedules it.
        confirmed: It is meant so although the trainer or room is needed elsewhere.

    Raises:
        RefusedError: The module is not published, it cannot be held so, or something clashes.
    """
    check_session(draft)
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _published(session, draft.module_id)
        days = _days(draft, version)
        _check_free(draft, days, None, confirmed=confirmed)
        held = TrainingSession(
            module_id=draft.module_id,
            calendar_uid=f"{uuid4()}@training-mix",
            calendar_sequence=0,
            sign_in_code=_new_code(),
            made_at=now(),
            account_id=account_id,
        )
        _describe(held, draft, version)
        _place(held, days)
        session.add(held)
        session.flush()
        _write_days(session, held, draft, days)
        said: Details = {"module": draft.module_id, "days": len(days)}
        record(session, "session.add", of=("session", held.id), details=said, by=account_id)
        return held.id


def _new_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def _published(session: AnySession, module_id: int) -> ModuleVersion:
    version = session.scalar(
        select(ModuleVersion).where(
            ModuleVersion.module_id == module_id, ModuleVersion.state == ModuleState.PUBLISHED
        )
    )
    if version is None:
        raise RefusedError(
            "No version of this module is published. Publish it first.", field="module"
        )
    return version


def _version_of(session: AnySession, held: TrainingSession) -> ModuleVersion:
    """Return what a session teaches: what was published when it got its date, from then on."""
    if held.starts_at is not None and held.version_id is not None:
        return session.get_one(ModuleVersion, held.version_id)
    return _published(session, held.module_id)


def _days(draft: SessionDraft, version: ModuleVersion) -> list[PlannedDay]:
    if not draft.days:
        return []
    return planned_days(spans_of(draft.days, draft.zone), draft.minutes or version.minutes)


def _check_free(
    draft: SessionDraft, days: Sequence[PlannedDay], own_id: int | None, *, confirmed: bool
) -> None:
    spans = [one.span for one in days]
    clashes = clashes_of_trainer(draft.trainer_account_id, spans, own_id)
    clashes += clashes_of_room(room_key(draft.place, draft.room), spans, own_id)
    check_clashes(clashes, confirmed=confirmed)


def _describe(held: TrainingSession, draft: SessionDraft, version: ModuleVersion) -> None:
    held.version_id = version.id
    held.zone = draft.zone
    held.place = draft.place or None
    held.link = draft.link or None
    held.room = draft.room or None
    held.room_key = room_key(draft.place, draft.room)
    held.delivery = draft.delivery
    held.trainer_account_id = draft.trainer_account_id
    held.capacity = draft.capacity
    held.minutes = draft.minutes or version.minutes
    held.needs_approval = draft.needs_approval
    held.hold_hours = draft.hold_hours
    held.cost_cents = draft.cost_cents
    held.note = draft.note or None


def _place(held: TrainingSession, days: Sequence[PlannedDay]) -> None:
    held.status = SessionStatus.OPEN if days else SessionStatus.PLANNED
    held.starts_at = days[0].span.starts_at if days else None
    held.ends_at = days[-1].span.ends_at if days else None
    held.sign_in_until = held.ends_at + SIGN_IN_AFTER if held.ends_at else None


def _write_days(
    session: AnySession, held: TrainingSession, draft: SessionDraft, days: Sequence[PlannedDay]
) -> None:
    session.execute(delete(SessionDay).where(SessionDay.session_id == held.id))
    for number, one in enumerate(days, start=1):
        session.add(
            SessionDay(
                session_id=held.id,
                position=number,
                starts_at=one.span.starts_at,
                ends_at=one.span.ends_at,
                minutes=one.minutes,
                place=draft.place or None,
                link=draft.link or None,
                room=draft.room or None,
                room_key=room_key(draft.place, draft.room),
            )
        )
    session.flush()


@reading(Reason.SEATS)
def change_session(
    session_id: int,
    draft: SessionDraft,
    *,
    account_id: int | None,
    confirmed: bool,
    seen: int | None = None,
) -> int:
    """Change a session and tell its people what matters to them; return how many moved up.

    A list without a date becomes a session when it gets one: those who waited longest are held a
    seat, because they have not agreed to the day yet.

    Raises:
        RefusedError: It is over, cannot be held so, has more people than seats, or gets its first
            date while no version of the module is published.
        ConflictError: Somebody else changed it since the version that was seen.
        NotFoundError: There is no such session.
    """
    check_session(draft)
    with transaction() as session:
        take_turn(session, shifts=False)
        seating = Seating(session, session_id, account_id)
        held = seating.held
        check_open(held.status)
        check_unchanged(seen, session_version(held.id))
        version = _version_of(session, held)
        days = _days(draft, version)
        _check_free(draft, days, held.id, confirmed=confirmed)
        check_capacity(draft.capacity, seating.taken(), held.capacity)
        before = _Before(_said_of(held), _spans(session, held.id), held.starts_at is not None)
        if before.had_date and not days:
            raise RefusedError("Give it a date, or cancel it with a reason.", field="days")
        _describe(held, draft, version)
        _move(session, held, draft, days)
        moved = _tell_and_seat(seating, before, len(days))
        said: Details = {"days": len(days), "moved up": moved}
        record(session, "session.change", of=("session", held.id), details=said, by=account_id)
        return moved


@dataclass(frozen=True)
class _Before:
    """What stood in the invitations before a change: the words, and each date."""

    said: tuple[object, ...]
    spans: tuple[Span, ...]
    had_date: bool


def _spans(session: AnySession, session_id: int) -> tuple[Span, ...]:
    asked = select(SessionDay.starts_at, SessionDay.ends_at)
    mine = asked.where(SessionDay.session_id == session_id).order_by(SessionDay.position)
    return tuple(Span(starts, ends) for starts, ends in session.execute(mine))


def _said_of(held: TrainingSession) -> tuple[object, ...]:
    """Return what stands in the invitation."""
    return (held.starts_at, held.ends_at, held.zone, held.place, held.room, held.link)


def _move(
    session: AnySession, held: TrainingSession, draft: SessionDraft, days: Sequence[PlannedDay]
) -> None:
    rows = session.execute(
        select(SessionDay.starts_at, SessionDay.ends_at, SessionDay.minutes)
        .where(SessionDay.session_id == held.id)
        .order_by(SessionDay.position)
    ).all()
    wanted = [(one.span.starts_at, one.span.ends_at, one.minutes) for one in days]
    is_begun = session.scalar(
        select(
            exists().where(
                Attendance.session_day_id == SessionDay.id, SessionDay.session_id == held.id
            )
        )
    )
    if is_begun:
        if [tuple(row) for row in rows] != wanted:
            raise RefusedError(
                "The attendance sheet has marks, so times and minutes cannot change any more.",
                field="days",
            )
        _put_elsewhere(session, held)
        return
    _place(held, days)
    _write_days(session, held, draft, days)


def _put_elsewhere(session: AnySession, held: TrainingSession) -> None:
    """Let the dates be where the session is now: the room may change though times may not."""
    session.execute(
        update(SessionDay)
        .where(SessionDay.session_id == held.id)
        .values(place=held.place, link=held.link, room=held.room, room_key=held.room_key)
    )


def _tell_and_seat(seating: Seating, before: _Before, days: int) -> int:
    held = seating.held
    if not before.had_date:
        moved = seating.move_up(HAS_DATE) if days else 0
        if days:
            tell_dated(seating.session, held, seating.people(EnrolmentStatus.WAITLISTED))
        return moved
    seating.session.flush()
    if (before.said, before.spans) != (_said_of(held), _spans(seating.session, held.id)):
        held.calendar_sequence += 1
        seated = seating.people(EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED)
        gone = [
            GoneDay(position, span)
            for position, span in enumerate(before.spans, start=1)
            if position > days
        ]
        tell_change(seating.session, held, seated, gone, by=seating.account_id)
    return seating.move_up("There are more seats now.")


@reading(Reason.SEATS)
def cancel_session(session_id: int, reason: str, *, account_id: int | None) -> int:
    """Cancel a session and tell everybody in it or waiting; return how many were told.

    Raises:
        RefusedError: No reason is given, its sheet holds minutes, or it is over.
        NotFoundError: There is no such session.
    """
    if not reason.strip():
        raise RefusedError("Say why in a sentence; everybody in it reads it.", field="reason")
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        held = seating.held
        check_open(held.status)
        check_no_minutes(seating.minutes(), "There are", END_INSTEAD)
        held.status = SessionStatus.CANCELLED
        held.cancelled_at = now()
        held.cancel_reason = reason.strip()[:500]
        held.calendar_sequence += 1
        session.flush()
        people = seating.people(*STANDING)
        tell_cancelled(session, held, people, by=account_id)
        said: Details = {"told": len(people)}
        record(session, "session.cancel", of=("session", held.id), details=said, by=account_id)
        return len(people)


@reading(Reason.SEATS)
def ask_for_module(module_id: int, employee_id: int, *, account_id: int | None) -> int:
    """Put a person on the list of those who want a module; return the id of the list.

    Raises:
        RefusedError: The module is not published, or they are on the list already.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        session_id = _wanted_list(session, module_id, account_id)
        seating = Seating(session, session_id, account_id)
        if seating.enter(employee_id, asks=True) is None:
            raise RefusedError("You are on the list of those who want this module already.")
        record(
            session,
            "enrolment.change",
            of=("session", session_id),
            about=employee_id,
            details={"status": "wanted"},
            by=account_id,
        )
        return session_id


def _wanted_list(session: AnySession, module_id: int, account_id: int | None) -> int:
    found = session.scalar(
        select(TrainingSession.id)
        .where(
            TrainingSession.module_id == module_id,
            TrainingSession.status == SessionStatus.PLANNED,
            TrainingSession.starts_at.is_(None),
        )
        .order_by(TrainingSession.id)
        .limit(1)
    )
    if found is not None:
        return found
    version = _published(session, module_id)
    owner = session.get_one(Module, module_id).account_id
    draft = SessionDraft(module_id=module_id, zone="UTC", capacity=USUAL_SEATS)
    held = TrainingSession(
        module_id=module_id,
        calendar_uid=f"{uuid4()}@training-mix",
        calendar_sequence=0,
        sign_in_code=_new_code(),
        made_at=now(),
        account_id=owner or account_id,
    )
    _describe(held, draft, version)
    _place(held, [])
    session.add(held)
    session.flush()
    return held.id


def set_staffing_minimum(
    unit_id: int, least: int | None, *, account_id: int | None, seen: int | None = None
) -> None:
    """Say how many people of a unit have to stay at work; None for no minimum.

    Raises:
        NotFoundError: There is no such unit.
        ConflictError: Somebody else changed it since the version that was seen.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        if session.get(Unit, unit_id) is None:
            raise NotFoundError("There is no such unit.")
        held = session.get(StaffingMinimum, unit_id)
        check_unchanged(seen, version_of(held.people if held else None))
        session.execute(delete(StaffingMinimum).where(StaffingMinimum.unit_id == unit_id))
        if least is not None:
            session.add(
                StaffingMinimum(
                    unit_id=unit_id, people=least, changed_at=now(), account_id=account_id
                )
            )
        what = ("unit", unit_id)
        record(session, "staffing.set", of=what, details={"people": least}, by=account_id)
