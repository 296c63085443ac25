"""What calendars are told: an invitation to one date, and the feed of somebody's sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from core.clock import now, today
from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import (
    CalendarFeed,
    Enrolment,
    EnrolmentEvent,
    SessionDay,
    TrainingSession,
)
from curricula.queries.session_lists import SessionRow, selected
from curricula.rules.calendars import Meeting, Party, day_uid
from curricula.rules.enrolling import SEATED, STANDING
from curricula.rules.sessions import Span, where_words
from curricula.rules.words import EnrolmentStatus, SessionStatus
from people.models import Account, Employee
from people.queries.opening import reading
from people.queries.visibility import viewer_of, visible_employees, within
from people.rules.access import Viewer, permissions_of
from people.rules.opening import Reason
from people.rules.signing import digest_of

KEPT_DAYS = 90
Address = Callable[[int], str]
"""Returns the whole address of the page of a session."""


@dataclass(frozen=True)
class Invitation:
    """One date of a session, for one person."""

    meeting: Meeting
    attendee: Party


@reading(Reason.OWN_CALENDAR)
def invitation_of(session_id: int, position: int, viewer: Viewer, address: Address) -> Invitation:
    """Return the invitation of the viewer to one date; cancelled where they have no seat any more.

    Raises:
        NotFoundError: The viewer never had a seat in this session, or it has no such date.
    """
    steps = select(func.count(EnrolmentEvent.id)).where(EnrolmentEvent.enrolment_id == Enrolment.id)
    row = db.session.execute(
        _meetings(Enrolment.status, steps.scalar_subquery(), Employee.name, Employee.email)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            TrainingSession.id == session_id,
            SessionDay.position == position,
            Enrolment.employee_id == viewer.employee_id,
            *within(Enrolment.employee_id, visible_employees(viewer, today())),
            Enrolment.status.in_((*SEATED, EnrolmentStatus.WITHDRAWN)),
        )
    ).first()
    if row is None:
        raise NotFoundError("There is no such invitation.")
    held, day, title, status, count, name, own_address = row
    meeting = meeting_of(held, day, title, address, status, count)
    login = select(Account.email).where(Account.id == viewer.account_id)
    email = own_address or db.session.scalar(login) or ""
    return Invitation(meeting, Party(name, email))


def _meetings(*columns: Any) -> Select[Any]:
    return (
        select(TrainingSession, SessionDay, ModuleVersion.title, *columns)
        .select_from(SessionDay)
        .join(TrainingSession, TrainingSession.id == SessionDay.session_id)
        .join(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
    )


def meeting_of(
    held: TrainingSession,
    day: SessionDay,
    title: str,
    address: Address,
    status: EnrolmentStatus | None,
    steps: int = 1,
) -> Meeting:
    """Return one date of a session as calendars keep it.

    Its number rises with each change of time or place and with each step of the person, so that
    who gives a seat back and takes one again is believed by every calendar.
    """
    is_out = status is EnrolmentStatus.WITHDRAWN
    return Meeting(
        uid=day_uid(held.calendar_uid, day.position),
        sequence=held.calendar_sequence + max(steps - 1, 0),
        span=Span(day.starts_at, day.ends_at),
        zone=held.zone,
        title=title,
        place=held.link or "" if not held.place else where_words(held.place, held.room, None),
        note=held.note or "",
        address=address(held.id),
        changed_at=now(),
        is_cancelled=is_out or held.status is SessionStatus.CANCELLED,
        is_held=status is EnrolmentStatus.OFFERED,
    )


@reading(Reason.OWN_CALENDAR)
def feed_of(token: str, address: Address) -> list[Meeting]:
    """Return the dates of the sessions somebody has a seat in or teaches, the past 90 days on.

    Raises:
        NotFoundError: The address was never given, was taken back, or its owner is gone.
    """
    account = db.session.scalar(
        select(Account)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(CalendarFeed.digest == digest_of(token), Account.active.is_(True))
    )
    if account is None or _has_left(account.employee_id, now().date()):
        raise NotFoundError("There is no such calendar.")
    viewer = viewer_of(account)
    teaches = "sessions:run" in permissions_of(viewer)
    mine = and_(
        Enrolment.session_id == TrainingSession.id,
        Enrolment.employee_id == (viewer.employee_id or 0),
        Enrolment.status.in_(SEATED),
    )
    taught = TrainingSession.trainer_account_id == (account.id if teaches else 0)
    rows = db.session.execute(
        _meetings(Enrolment.status)
        .outerjoin(Enrolment, mine)
        .where(
            or_(Enrolment.id.is_not(None), taught),
            SessionDay.ends_at >= now() - timedelta(days=KEPT_DAYS),
        )
        .order_by(SessionDay.starts_at, SessionDay.id)
    )
    return [meeting_of(held, day, title, address, status) for held, day, title, status in rows]


def _has_left(employee_id: int | None, on: date) -> bool:
    if employee_id is None:
        return False
    asked = select(Employee.id).where(Employee.id == employee_id, Employee.left_on < on)
    return db.session.scalar(asked) is not None


@reading(Reason.OWN_CALENDAR)
def feed_made_at(account_id: int | None) -> datetime | None:
    """Return when the address of somebody's calendar was made; None where there is none."""
    asked = select(CalendarFeed.made_at).where(CalendarFeed.account_id == account_id)
    return db.session.scalar(asked)


def own_sessions_of(viewer: Viewer) -> list[SessionRow]:
    """Return the sessions the viewer has a place in, the past 90 days on, the earliest first."""
    mine = select(Enrolment.session_id).where(
        Enrolment.employee_id == (viewer.employee_id or 0),
        Enrolment.status.in_(STANDING),
        *within(Enrolment.employee_id, visible_employees(viewer, today())),
    )
    recent = or_(
        TrainingSession.starts_at.is_(None),
        TrainingSession.ends_at >= now() - timedelta(days=KEPT_DAYS),
    )
    return selected(viewer, TrainingSession.id.in_(mine), recent)
