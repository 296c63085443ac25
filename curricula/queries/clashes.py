"""Who or what is needed twice at one time, and which units a session would leave short."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import Enrolment, SessionDay, StaffingMinimum, TrainingSession
from curricula.rules.enrolling import SEATED
from curricula.rules.sessions import Clash, Span, Staffing, local
from curricula.rules.words import SessionStatus
from people.models import Account, Assignment, Employee, Unit, UnitPath
from people.queries.opening import reading
from people.rules.opening import Reason


def _overlaps(spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(SessionDay.starts_at < span.ends_at, SessionDay.ends_at > span.starts_at)
            for span in spans
        )
    )


def _others(spans: Sequence[Span], own_id: int | None, *columns: Any) -> Select[Any]:
    query = (
        select(
            *columns,
            ModuleVersion.title,
            SessionDay.starts_at,
            SessionDay.ends_at,
            TrainingSession.zone,
            TrainingSession.id,
        )
        .select_from(SessionDay)
        .join(TrainingSession, TrainingSession.id == SessionDay.session_id)
        .join(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .where(
            TrainingSession.status.in_((SessionStatus.OPEN, SessionStatus.CLOSED)),
            _overlaps(spans),
        )
        .order_by(SessionDay.starts_at, SessionDay.id)
    )
    return query if own_id is None else query.where(TrainingSession.id != own_id)


def _clash(row: Sequence[Any]) -> Clash:
    who, title, starts_at, ends_at, zone, session_id = row
    return Clash(who, title, Span(starts_at, ends_at), zone, session_id)


def clashes_of_trainer(
    account_id: int | None, spans: Sequence[Span], own_id: int | None
) -> list[Clash]:
    """Return the sessions a trainer teaches at the time of these."""
    if account_id is None or not spans:
        return []
    query = _others(spans, own_id, Account.name).join(
        Account, Account.id == TrainingSession.trainer_account_id
    )
    return [_clash(row) for row in db.session.execute(query.where(Account.id == account_id))]


def clashes_of_room(key: str | None, spans: Sequence[Span], own_id: int | None) -> list[Clash]:
    """Return the sessions in a room at the time of these."""
    if key is None or not spans:
        return []
    query = _others(spans, own_id, SessionDay.room).where(SessionDay.room_key == key)
    return [_clash(row) for row in db.session.execute(query)]


def clashes_of_people(
    employee_ids: Collection[int],
    spans: Sequence[Span],
    own_id: int | None,
    *in_sight: ColumnElement[bool],
) -> dict[int, list[Clash]]:
    """Return the other sessions people have a seat in at the time of these, by person.

    Args:
        employee_ids: The people.
        spans: The times.
        own_id: The session they are looked at for, which is no clash.
        in_sight: What narrows the people to those whoever looks may see.
    """
    if not employee_ids or not spans:
        return {}
    query = (
        _others(spans, own_id, Employee.id, Employee.name)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.employee_id.in_(employee_ids), Enrolment.status.in_(SEATED))
        .where(*in_sight)
    )
    found: dict[int, list[Clash]] = {}
    for employee_id, *rest in db.session.execute(query):
        found.setdefault(employee_id, []).append(_clash(rest))
    return found


@reading(Reason.HEAD_COUNTS)
def staffing_of(session_id: int) -> list[Staffing]:
    """Return how units with a minimum are staffed on the days of a session, by day and unit."""
    mine, theirs = aliased(SessionDay), aliased(SessionDay)
    days = db.session.execute(
        select(mine.id, mine.starts_at, TrainingSession.zone)
        .join(TrainingSession, TrainingSession.id == mine.session_id)
        .where(mine.session_id == session_id)
        .order_by(mine.position)
    ).all()
    minima = _minima_of(session_id)
    if not days or not minima:
        return []
    on = days[0].starts_at.date()
    counts = _heads(minima, on)
    away = db.session.execute(
        select(mine.id, UnitPath.ancestor_id, func.count(Enrolment.employee_id.distinct()))
        .select_from(mine)
        .join(theirs, and_(theirs.starts_at < mine.ends_at, theirs.ends_at > mine.starts_at))
        .join(TrainingSession, TrainingSession.id == theirs.session_id)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .join(Assignment, and_(Assignment.employee_id == Enrolment.employee_id, _placed(on)))
        .join(UnitPath, UnitPath.unit_id == Assignment.unit_id)
        .where(
            mine.session_id == session_id,
            TrainingSession.status == SessionStatus.OPEN,
            Enrolment.status.in_(SEATED),
            UnitPath.ancestor_id.in_(minima),
        )
        .group_by(mine.id, UnitPath.ancestor_id)
    )
    gone = {(day_id, unit_id): count for day_id, unit_id, count in away}
    return [
        Staffing(
            unit=name,
            people=counts.get(unit_id, 0),
            away=gone.get((day_id, unit_id), 0),
            least=least,
            on=local(starts_at, zone).date(),
        )
        for day_id, starts_at, zone in days
        for unit_id, (name, least) in minima.items()
    ]


def _placed(on: Any) -> ColumnElement[bool]:
    return and_(
        Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on
    )


def _minima_of(session_id: int) -> dict[int, tuple[str, int]]:
    """Return name and minimum of the units whose people are in a session."""
    seated = (
        select(Enrolment.employee_id)
        .where(Enrolment.session_id == session_id, Enrolment.status.in_(SEATED))
        .scalar_subquery()
    )
    units = (
        select(UnitPath.ancestor_id)
        .join(Assignment, Assignment.unit_id == UnitPath.unit_id)
        .where(Assignment.employee_id.in_(seated), Assignment.superseded_at.is_(None))
    )
    rows = db.session.execute(
        select(Unit.id, Unit.name, StaffingMinimum.people)
        .join(StaffingMinimum, StaffingMinimum.unit_id == Unit.id)
        .where(Unit.id.in_(units))
        .order_by(Unit.path)
    )
    return {unit_id: (name, least) for unit_id, name, least in rows}


def _heads(units: Collection[int], on: Any) -> dict[int, int]:
    rows = db.session.execute(
        select(UnitPath.ancestor_id, func.count(Assignment.employee_id.distinct()))
        .join(Assignment, Assignment.unit_id == UnitPath.unit_id)
        .where(UnitPath.ancestor_id.in_(units), _placed(on))
        .group_by(UnitPath.ancestor_id)
    )
    return dict(rows.all())
