"""One session with its days, its people and what it clashes with, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from core.clock import now, today
from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.sessions import (
    Enrolment,
    SessionClosing,
    SessionDay,
    StaffingMinimum,
    TrainingSession,
)
from curricula.queries.certificates import certificates_of_closing
from curricula.queries.clashes import clashes_of_people, staffing_of
from curricula.queries.session_lists import SessionRow, row_of
from curricula.queries.session_reach import (
    in_reach,
    may_run,
    sees_seat,
)
from curricula.rules.enrolling import STANDING
from curricula.rules.sessions import Span, Staffing, local
from curricula.rules.versions import version_of
from curricula.rules.words import EnrolmentStatus, ModuleState, SessionStatus
from people.models import Account, AccountRole, Assignment, Employee, Role, Unit, UnitPath
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason


@dataclass(frozen=True)
class Person:
    """Somebody in a session as whoever may look sees them.

    Attributes:
        clashes: Where else they have to be, as sentences.
    """

    enrolment_id: int
    employee_id: int
    name: str
    number: str
    unit: str
    status: EnrolmentStatus
    position: int | None
    asked_at: datetime
    hold_until: datetime | None
    promotion_reason: str | None
    waiver_reason: str | None
    reason: str | None
    minutes: int | None
    signed_in_at: datetime | None
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionPage:
    """A session.

    Attributes:
        people: Those whom the viewer may see.
        may_run: The viewer changes it, takes attendance and sees everybody in it.
        own: Where the viewer stands in it.
        certificates: The codes of what the closed sheet led to, by person.
    """

    row: SessionRow
    held: TrainingSession
    days: tuple[SessionDay, ...]
    people: tuple[Person, ...]
    may_run: bool
    own: Person | None
    staffing: tuple[Staffing, ...]
    closing: SessionClosing | None
    batch_id: int | None
    certificates: Mapping[int, str]

    def of(self, *statuses: str) -> list[Person]:
        """Return the people who stand so; those who wait in their order."""
        found = [one for one in self.people if one.status.value in statuses]
        return sorted(found, key=lambda one: (one.position or 0, one.name))

    @property
    def is_open(self) -> bool:
        """Tell whether people may still get in and out."""
        return self.held.status in {SessionStatus.OPEN, SessionStatus.PLANNED}

    @property
    def has_begun(self) -> bool:
        """Tell whether it goes on or is over."""
        return self.held.starts_at is not None and self.held.starts_at <= now()

    @property
    def has_signed_in(self) -> bool:
        """Tell whether the viewer has signed in today, on the clock of the place."""
        signed = self.own.signed_in_at if self.own else None
        zone = self.held.zone
        return signed is not None and local(signed, zone).date() == local(now(), zone).date()


def session_page(session_id: int, viewer: Viewer, on: date) -> SessionPage:
    """Return a session with those of its people whom the viewer sees.

    Raises:
        NotFoundError: There is no such session, or it is not for this viewer.
    """
    found = row_of(session_id, viewer, on)
    if found is None:
        raise NotFoundError("There is no such session.")
    row, held = found
    days = tuple(days_of(session_id))
    is_own = may_run(viewer, session_id)
    people = _with_clashes(_people(session_id, viewer, on), days, session_id, viewer)
    own = next((one for one in people if one.employee_id == viewer.employee_id), None)
    closing = _closing(session_id)
    return SessionPage(
        row=row,
        held=held,
        days=days,
        people=tuple(people),
        may_run=is_own,
        own=own,
        staffing=tuple(staffing_of(session_id)) if is_own else (),
        closing=closing,
        batch_id=closing.batch_id if closing else None,
        certificates=certificates_of_closing(closing.id, viewer, on) if closing else {},
    )


def span_of_day(day: SessionDay) -> Span:
    """Return from when until when a date goes."""
    return Span(day.starts_at, day.ends_at)


def days_of(session_id: int) -> Sequence[SessionDay]:
    """Return the dates of a session in order."""
    asked = select(SessionDay).where(SessionDay.session_id == session_id)
    return db.session.scalars(asked.order_by(SessionDay.position)).all()


def _closing(session_id: int) -> SessionClosing | None:
    return db.session.scalar(
        select(SessionClosing).where(
            SessionClosing.session_id == session_id, SessionClosing.undone_at.is_(None)
        )
    )


def _people(session_id: int, viewer: Viewer, on: date) -> list[Person]:
    rows = db.session.execute(
        select(Enrolment, Employee.name, Employee.number, Unit.name)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, placed(on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Enrolment.session_id == session_id, sees_seat(viewer, on))
        .order_by(Employee.name, Employee.id)
    )
    return [
        Person(
            enrolment_id=row.id,
            employee_id=row.employee_id,
            name=name,
            number=number,
            unit=unit or "",
            status=row.status,
            position=row.position,
            asked_at=row.asked_at,
            hold_until=row.hold_until,
            promotion_reason=row.promotion_reason,
            waiver_reason=row.waiver_reason,
            reason=row.reason,
            minutes=row.minutes,
            signed_in_at=row.signed_in_at,
        )
        for row, name, number, unit in rows
    ]


def placed(on: date) -> ColumnElement[bool]:
    """Return the condition that somebody stood there on a day."""
    return and_(
        Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on
    )


def _with_clashes(
    people: list[Person], days: Sequence[SessionDay], session_id: int, viewer: Viewer
) -> list[Person]:
    spans = [Span(day.starts_at, day.ends_at) for day in days]
    ids = [one.employee_id for one in people if one.status in STANDING]
    clashes = clashes_of_people(
        ids, spans, session_id, *in_reach(Enrolment.employee_id, viewer, today())
    )
    return [
        Person(**{**vars(one), "clashes": tuple(c.sentence for c in clashes[one.employee_id])})
        if one.employee_id in clashes
        else one
        for one in people
    ]


def module_options() -> list[tuple[int, str, int]]:
    """Return the published modules with their minutes, by code."""
    rows = db.session.execute(
        select(Module.id, Module.code, ModuleVersion.title, ModuleVersion.minutes)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .order_by(Module.code)
    )
    return [(one, f"{code} {title}", minutes) for one, code, title, minutes in rows]


@reading(Reason.TEACHERS)
def trainer_options() -> list[tuple[int, str]]:
    """Return the accounts that may teach, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Role, Role.id == AccountRole.role_id)
        .where(Account.active.is_(True), Role.name.in_((RoleName.TRAINER.value, RoleName.HR.value)))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [(one, name) for one, name in rows]


def last_zone() -> str:
    """Return the zone of the session that was made last; UTC before there is any."""
    asked = select(TrainingSession.zone).where(TrainingSession.starts_at.is_not(None))
    return db.session.scalar(asked.order_by(TrainingSession.id.desc()).limit(1)) or "UTC"


@dataclass(frozen=True)
class UnitMinimum:
    """A unit with the people it needs at work."""

    id: int
    path: str
    people: int
    least: int | None

    @property
    def version(self) -> int:
        """Return a number that differs whenever somebody changed how many."""
        return version_of(self.least)


@reading(Reason.HEAD_COUNTS)
def unit_minima(on: date) -> list[UnitMinimum]:
    """Return every unit with its people today and its minimum, by path."""
    heads = (
        select(UnitPath.ancestor_id, func.count(Assignment.employee_id.distinct()).label("people"))
        .join(Assignment, Assignment.unit_id == UnitPath.unit_id)
        .where(placed(on))
        .group_by(UnitPath.ancestor_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Unit.id, Unit.path, func.coalesce(heads.c.people, 0), StaffingMinimum.people)
        .outerjoin(heads, heads.c.ancestor_id == Unit.id)
        .outerjoin(StaffingMinimum, StaffingMinimum.unit_id == Unit.id)
        .order_by(Unit.path)
    )
    return [UnitMinimum(*row) for row in rows]
