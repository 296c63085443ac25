"""Sessions: the list of them, and one with its days, its people and what it clashes with."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

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
from curricula.queries.clashes import clashes_of_people, staffing_of
from curricula.queries.session_reach import (
    in_reach,
    may_run,
    runs,
    sees_seat,
    sees_session,
)
from curricula.rules.enrolling import SEATED, STANDING
from curricula.rules.sessions import Span, Staffing, local, where_words
from curricula.rules.versions import version_of
from curricula.rules.words import EnrolmentStatus, ModuleState, SessionStatus
from people.models import Account, AccountRole, Assignment, Employee, Role, Unit, UnitPath
from people.queries.employees import escaped
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason

PAGE_SIZE = 50


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions are asked for.

    Attributes:
        text: Part of the title or code of the module.
        when: "coming", "past", "wanted" for lists without a date, or "all".
        mine: Only those the viewer runs.
    """

    text: str = ""
    when: str = "coming"
    mine: bool = False


@dataclass(frozen=True)
class SessionRow:
    """A session in a list.

    Attributes:
        is_own: The viewer runs it.
        mine: Where the viewer stands in it.
    """

    id: int
    module_id: int
    code: str
    title: str
    status: SessionStatus
    span: Span | None
    zone: str
    where: str
    trainer: str | None
    capacity: int
    minutes: int
    is_own: bool
    seated: int = 0
    waiting: int = 0
    requested: int = 0
    mine: EnrolmentStatus | None = None

    @property
    def free(self) -> int:
        """Return how many seats are free."""
        return max(self.capacity - self.seated, 0)


def session_rows(
    wanted: SessionFilter, viewer: Viewer, on: date, page: int
) -> tuple[list[SessionRow], int]:
    """Return one page of sessions and how many there are, the next one first.

    Args:
        wanted: Which ones.
        viewer: Who looks.
        on: Today.
        page: Which page, counted from 0.
    """
    conditions = [sees_session(viewer, on), *_conditions(wanted, viewer)]
    total = db.session.scalar(_joined(func.count()).where(*conditions)) or 0
    order = TrainingSession.starts_at
    ordered = (order.desc(), TrainingSession.id.desc())
    if wanted.when == "coming":
        ordered = (order.asc(), TrainingSession.id.asc())
    asked = _selected(viewer).where(*conditions).order_by(*ordered)
    rows = db.session.execute(asked.offset(page * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return rows_of(rows, viewer), total


def _conditions(wanted: SessionFilter, viewer: Viewer) -> list[ColumnElement[bool]]:
    open_ones = TrainingSession.status == SessionStatus.OPEN
    at = now()
    found: list[ColumnElement[bool]] = []
    if wanted.when == "coming":
        found += [open_ones, TrainingSession.ends_at >= at]
    elif wanted.when == "past":
        found.append(or_(TrainingSession.ends_at < at, ~open_ones))
        found.append(TrainingSession.starts_at.is_not(None))
    elif wanted.when == "wanted":
        found.append(TrainingSession.status == SessionStatus.PLANNED)
    if wanted.mine:
        found.append(runs(viewer))
    if wanted.text:
        like = f"%{escaped(wanted.text.lower())}%"
        found.append(
            or_(
                func.lower(ModuleVersion.title).like(like, escape="\\"),
                func.lower(Module.code).like(like, escape="\\"),
            )
        )
    return found


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(TrainingSession)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .outerjoin(Account, Account.id == TrainingSession.trainer_account_id)
    )


def _selected(viewer: Viewer) -> Select[Any]:
    return _joined(TrainingSession, Module.code, ModuleVersion.title, Account.name, runs(viewer))


def selected(viewer: Viewer, *conditions: ColumnElement[bool]) -> list[SessionRow]:
    """Return the sessions that meet conditions, the earliest first."""
    asked = _selected(viewer).where(*conditions)
    rows = db.session.execute(asked.order_by(TrainingSession.starts_at, TrainingSession.id)).all()
    return rows_of(rows, viewer)


def coming_of(module_id: int, viewer: Viewer, on: date) -> list[SessionRow]:
    """Return the open sessions of a module that have not ended, the next one first."""
    return selected(
        viewer,
        TrainingSession.module_id == module_id,
        TrainingSession.status == SessionStatus.OPEN,
        TrainingSession.ends_at >= now(),
        sees_session(viewer, on),
    )


@reading(Reason.TEACHERS)
def to_decide(viewer: Viewer, on: date) -> list[SessionRow]:
    """Return the sessions in which somebody of the viewer's own people asks for a seat."""
    asked = select(Enrolment.session_id).where(
        Enrolment.status == EnrolmentStatus.REQUESTED,
        Enrolment.employee_id != viewer.employee_id,
        *within(Enrolment.employee_id, visible_employees(viewer, on)),
    )
    return selected(viewer, TrainingSession.id.in_(asked), sees_session(viewer, on))


def rows_of(rows: Sequence[Any], viewer: Viewer) -> list[SessionRow]:
    """Return sessions with how many people stand how in each, by two questions for all of them."""
    ids = [row[0].id for row in rows]
    counts = _counts(ids)
    mine = _mine(ids, viewer)
    return [
        SessionRow(
            id=held.id,
            module_id=held.module_id,
            code=code,
            title=title or code,
            status=held.status,
            span=_span(held),
            zone=held.zone,
            where=where_words(held.place, held.room, held.link),
            trainer=trainer,
            capacity=held.capacity,
            minutes=held.minutes,
            is_own=bool(is_own),
            seated=sum(counts[held.id, status] for status in SEATED),
            waiting=counts[held.id, EnrolmentStatus.WAITLISTED],
            requested=counts[held.id, EnrolmentStatus.REQUESTED],
            mine=mine.get(held.id),
        )
        for held, code, title, trainer, is_own in rows
    ]


def _span(held: TrainingSession) -> Span | None:
    if held.starts_at is None or held.ends_at is None:
        return None
    return Span(held.starts_at, held.ends_at)


@reading(Reason.SEAT_COUNTS)
def _counts(ids: Collection[int]) -> Counter[tuple[int, EnrolmentStatus]]:
    rows = db.session.execute(
        select(Enrolment.session_id, Enrolment.status, func.count())
        .where(Enrolment.session_id.in_(ids))
        .group_by(Enrolment.session_id, Enrolment.status)
    )
    return Counter({(one, status): count for one, status, count in rows})


def _mine(ids: Collection[int], viewer: Viewer) -> dict[int, EnrolmentStatus]:
    if viewer.employee_id is None:
        return {}
    rows = db.session.execute(
        select(Enrolment.session_id, Enrolment.status).where(
            Enrolment.session_id.in_(ids),
            Enrolment.employee_id == viewer.employee_id,
            Enrolment.status.in_(STANDING),
            *within(Enrolment.employee_id, visible_employees(viewer, today())),
        )
    )
    return dict(rows.all())


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
    asked = _selected(viewer).where(TrainingSession.id == session_id, sees_session(viewer, on))
    found = db.session.execute(asked).all()
    if not found:
        raise NotFoundError("There is no such session.")
    held = found[0][0]
    days = tuple(days_of(session_id))
    is_own = may_run(viewer, session_id)
    people = _with_clashes(_people(session_id, viewer, on), days, session_id, viewer)
    own = next((one for one in people if one.employee_id == viewer.employee_id), None)
    closing = _closing(session_id)
    return SessionPage(
        row=rows_of(found, viewer)[0],
        held=held,
        days=days,
        people=tuple(people),
        may_run=is_own,
        own=own,
        staffing=tuple(staffing_of(session_id)) if is_own else (),
        closing=closing,
        batch_id=closing.batch_id if closing else None,
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
