"""Lists of sessions: those there are, those of a module, those somebody has to decide about."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from core.clock import now, today
from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.sessions import (
    Enrolment,
    TrainingSession,
)
from curricula.queries.session_reach import (
    runs,
    sees_session,
)
from curricula.queries.standing_in import links_by_id
from curricula.rules.enrolling import SEATED, STANDING
from curricula.rules.sessions import Span, where_words
from curricula.rules.standing_in import with_originals, with_stand_ins
from curricula.rules.words import EnrolmentStatus, SessionStatus
from people.models import Account
from people.queries.employees import escaped
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
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
    """Return the open sessions of a module, or of one that stands in for it, that have not ended.

    The next one comes first.
    """
    modules = with_stand_ins(links_by_id(db.session), [module_id])
    return selected(
        viewer,
        TrainingSession.module_id.in_(modules),
        TrainingSession.status == SessionStatus.OPEN,
        TrainingSession.ends_at >= now(),
        sees_session(viewer, on),
    )


@reading(Reason.TEACHERS)
def next_of(module_ids: Collection[int], viewer: Viewer, on: date) -> dict[int, SessionRow]:
    """Return the next open session of each module, or of one that stands in for it."""
    links = links_by_id(db.session)
    rows = selected(
        viewer,
        TrainingSession.module_id.in_(with_stand_ins(links, module_ids)),
        TrainingSession.status == SessionStatus.OPEN,
        TrainingSession.starts_at >= now(),
        sees_session(viewer, on),
    )
    found: dict[int, SessionRow] = {}
    for row in rows:
        for module_id in with_originals(links, [row.module_id]):
            found.setdefault(module_id, row)
    return found


@reading(Reason.TEACHERS)
def to_decide(viewer: Viewer, on: date) -> list[SessionRow]:
    """Return the sessions in which somebody of the viewer's own people asks for a seat."""
    asked = select(Enrolment.session_id).where(
        Enrolment.status == EnrolmentStatus.REQUESTED,
        Enrolment.employee_id != viewer.employee_id,
        *within(Enrolment.employee_id, visible_employees(viewer, on)),
    )
    return selected(viewer, TrainingSession.id.in_(asked), sees_session(viewer, on))


def row_of(session_id: int, viewer: Viewer, on: date) -> tuple[SessionRow, TrainingSession] | None:
    """Return a session with how many people stand how in it; None where the viewer sees none."""
    asked = _selected(viewer).where(TrainingSession.id == session_id, sees_session(viewer, on))
    found = db.session.execute(asked).all()
    return (rows_of(found, viewer)[0], found[0][0]) if found else None


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
