"""The sessions somebody is in or waits for, with what they need to get there and to sign in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Select, func, select

from core.clock import now
from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.sessions import Enrolment, SessionDay, TrainingSession
from curricula.rules.attending import SIGN_IN_AFTER, SIGN_IN_BEFORE, may_sign_in
from curricula.rules.sessions import Span, local, when_words, where_words
from curricula.rules.words import EnrolmentStatus, ModuleState
from people.queries.visibility import within

Seen: TypeAlias = Select[int] | None
"""The people whose seats the viewer sees; None for everyone."""

COMING = (
    EnrolmentStatus.ENROLLED,
    EnrolmentStatus.WAITLISTED,
    EnrolmentStatus.REQUESTED,
    EnrolmentStatus.OFFERED,
)
WITH_FILE = frozenset({EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED})
"""Who gets a file for the calendar."""
SEAT_WORDS = {
    EnrolmentStatus.ENROLLED: "Seat",
    EnrolmentStatus.OFFERED: "Seat held",
    EnrolmentStatus.WAITLISTED: "On the waiting list for a seat",
    EnrolmentStatus.REQUESTED: "Waits for approval of a seat",
}
DAYS_OF_WAITING = 14
"""How long a session that is over stands as one whose sheet is not closed yet."""


@dataclass(frozen=True)
class Coming:
    """A session somebody is in, or waits for.

    Attributes:
        span: Its next date; None where it has none yet.
        position: Which of its dates that is, for the file of a calendar.
        days: How many dates it has.
        link: Where to join online; only for those who have a seat.
        is_today: Its next date is on this day and they have a seat.
        opens_at: From when on they sign in, on the clock of the place.
        is_now: They may sign in now.
        signed_in: They did so today.
        is_over: Its last date has ended; who was there is still to be written down.
    """

    id: int
    module_id: int
    title: str
    span: Span | None
    position: int
    days: int
    zone: str
    where: str
    link: str
    status: EnrolmentStatus
    is_today: bool = False
    opens_at: datetime | None = None
    is_now: bool = False
    signed_in: bool = False
    is_over: bool = False

    @property
    def seat_words(self) -> str:
        """Return where they stand in it: "Seat on 3 December 2026, 09:00 to 11:00, Room 1."."""
        stands = SEAT_WORDS[self.status]
        if self.span is None:
            return f"{stands}, no date yet."
        return f"{stands} on {when_words(self.span, self.zone)}, {self.where}."

    @property
    def has_file(self) -> bool:
        """Tell whether there is a file for the calendar."""
        return self.span is not None and self.status in WITH_FILE


def sessions_ahead(employee_id: int, seen: Seen, on: date) -> tuple[Coming, ...]:
    """Return the sessions of somebody whose sheet is not closed, the next one first.

    Of those that are over the ones somebody had a seat in, for as long as a sheet may take.
    """
    version = (
        select(ModuleVersion.module_id, ModuleVersion.title)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .subquery()
    )
    rows = db.session.execute(
        select(
            TrainingSession,
            func.coalesce(version.c.title, Module.code),
            Enrolment.status,
            Enrolment.signed_in_at,
        )
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(version, version.c.module_id == TrainingSession.module_id)
        .where(
            Enrolment.employee_id == employee_id,
            *within(Enrolment.employee_id, seen),
            Enrolment.status.in_(COMING),
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.closed_at.is_(None),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    ).all()
    days = _days([row[0].id for row in rows]) if rows else {}
    return tuple(
        _coming(held, title, status, signed_in_at, days.get(held.id, []))
        for held, title, status, signed_in_at in rows
        if _is_ahead(held.ends_at, status, on)
    )


def _is_ahead(ends_at: datetime | None, status: EnrolmentStatus, on: date) -> bool:
    if ends_at is None or ends_at >= now():
        return True
    is_fresh = ends_at.date() >= on - timedelta(days=DAYS_OF_WAITING)
    return is_fresh and status is EnrolmentStatus.ENROLLED


def _days(ids: Collection[int]) -> dict[int, list[SessionDay]]:
    asked = select(SessionDay).where(SessionDay.session_id.in_(ids))
    found: dict[int, list[SessionDay]] = {}
    for day in db.session.scalars(asked.order_by(SessionDay.session_id, SessionDay.position)):
        found.setdefault(day.session_id, []).append(day)
    return found


def _coming(
    held: TrainingSession,
    title: str,
    status: EnrolmentStatus,
    signed_in_at: datetime | None,
    days: list[SessionDay],
) -> Coming:
    at, has_seat = now(), status is EnrolmentStatus.ENROLLED
    today_there = local(at, held.zone).date()
    day = next((one for one in days if one.ends_at + SIGN_IN_AFTER >= at), None)
    is_now = day is not None and may_sign_in(day.starts_at, day.ends_at, at)
    is_today = day is not None and local(day.starts_at, held.zone).date() == today_there
    shown = day or (days[-1] if days else None)
    return Coming(
        id=held.id,
        module_id=held.module_id,
        title=title,
        span=Span(shown.starts_at, shown.ends_at) if shown else None,
        position=shown.position if shown else 1,
        days=len(days),
        zone=held.zone,
        where=where_words(held.place, held.room, held.link),
        link=held.link or "" if has_seat else "",
        status=status,
        is_today=has_seat and (is_today or is_now),
        opens_at=local(day.starts_at - SIGN_IN_BEFORE, held.zone) if day else None,
        is_now=has_seat and is_now,
        is_over=held.ends_at is not None and held.ends_at < at,
        signed_in=signed_in_at is not None and local(signed_in_at, held.zone).date() == today_there,
    )
