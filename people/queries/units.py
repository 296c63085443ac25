"""Units and sites, and how many people they hold on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import db
from core.errors import NotFoundError, RefusedError
from people.models import Assignment, Employee, Site, Unit, UnitPath
from people.queries.opening import reading
from people.rules.cells import folded, path_text, unit_path_from
from people.rules.opening import Reason


@dataclass(frozen=True)
class UnitRow:
    """A unit with the people in it.

    Attributes:
        own_count: People who stand in the unit itself.
        whole_count: People in the unit and everything below it.
        has_children: Whether there are units below.
    """

    id: int
    name: str
    path: str
    own_count: int
    whole_count: int
    has_children: bool


def get_unit(unit_id: int) -> Unit:
    """Return a unit.

    Raises:
        NotFoundError: There is no such unit.
    """
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise NotFoundError("There is no such unit.")
    return unit


def unit_by_name_or_path(text: str) -> Unit:
    """Return the unit with this path, or with this plain name.

    Raises:
        RefusedError: No unit is called so, or several are.
    """
    path = unit_path_from(text)
    key = folded(path_text(path))
    unit = db.session.scalar(select(Unit).where(Unit.path_key == key))
    if unit is not None:
        return unit
    found = [
        one
        for one in db.session.scalars(select(Unit).order_by(Unit.path))
        if folded(one.name) == key
    ]
    if not found:
        raise RefusedError(f"There is no unit called “{text}”.", field="unit")
    if len(found) > 1:
        raise RefusedError(
            f"{len(found)} units are called “{text}”. Write the whole path, "
            f"such as {found[0].path}.",
            field="unit",
        )
    return found[0]


def unit_children(unit_id: int | None, on: date) -> list[UnitRow]:
    """Return the units directly below a unit, or the top ones, with their head counts on a day."""
    units = db.session.scalars(
        select(Unit).where(Unit.parent_id == unit_id).order_by(Unit.name, Unit.id)
    ).all()
    ids = [unit.id for unit in units]
    own, whole = _counts(ids, on)
    parents = set(
        db.session.scalars(select(Unit.parent_id).where(Unit.parent_id.in_(ids)).distinct())
    )
    return [
        UnitRow(
            unit.id,
            unit.name,
            unit.path,
            own.get(unit.id, 0),
            whole.get(unit.id, 0),
            unit.id in parents,
        )
        for unit in units
    ]


def unit_chain(unit_id: int) -> list[Unit]:
    """Return a unit with all units above it, the top one first."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(UnitPath, UnitPath.ancestor_id == Unit.id)
            .where(UnitPath.unit_id == unit_id)
            .order_by(UnitPath.depth.desc())
        )
    )


def _here(on: date) -> ColumnElement[bool]:
    return and_(
        Assignment.superseded_at.is_(None),
        Assignment.from_on <= on,
        Assignment.until_on > on,
        or_(Employee.left_on.is_(None), Employee.left_on >= on),
        or_(Employee.hired_on.is_(None), Employee.hired_on <= on),
    )


def _counts(ids: Sequence[int], on: date) -> tuple[dict[int, int], dict[int, int]]:
    own = (
        select(Assignment.unit_id, func.count())
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(_here(on), Assignment.unit_id.in_(ids))
        .group_by(Assignment.unit_id)
    )
    whole = (
        select(UnitPath.ancestor_id, func.count())
        .join(Assignment, Assignment.unit_id == UnitPath.unit_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(_here(on), UnitPath.ancestor_id.in_(ids))
        .group_by(UnitPath.ancestor_id)
    )
    with reading(Reason.HEAD_COUNTS):
        found = db.session.execute(own).all(), db.session.execute(whole).all()
    return {unit: count for unit, count in found[0] if unit is not None}, dict(found[1])


def head_count(on: date) -> int:
    """Return how many people work here on a day."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(_here(on))
    )
    with reading(Reason.HEAD_COUNTS):
        return db.session.scalar(query) or 0


def all_sites() -> list[Site]:
    """Return every site by name."""
    return list(db.session.scalars(select(Site).order_by(Site.name)))


def all_units() -> list[Unit]:
    """Return every unit by path, for choosing one."""
    return list(db.session.scalars(select(Unit).order_by(Unit.path)))
