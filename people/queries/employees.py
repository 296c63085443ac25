"""People: the list of them, and one of them with where they stood when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from core.errors import NotFoundError
from people.models import Assignment, Employee, ReportingLine, Site, Unit, UnitPath
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
from people.rules.cells import folded, name_words
from people.rules.levels import OPEN_END, Gender, Level
from people.rules.opening import Reason

PAGE_SIZE = 50
Manager = aliased(Employee)
Visible: TypeAlias = Select[int] | None
"""The people somebody sees, from `visible_employees`; None for everyone."""


@dataclass(frozen=True)
class EmployeeRow:
    """A person in a list, with where they stand on the day of the list."""

    id: int
    number: str
    name: str
    email: str | None
    left_on: date | None
    unit: str | None
    unit_id: int | None
    site: str | None
    level: Level | None
    job_title: str | None
    manager_id: int | None
    manager: str | None


@dataclass(frozen=True)
class EmployeePage:
    """Some of the people who were asked for, by name.

    Attributes:
        people: At most `PAGE_SIZE` of them.
        total: How many there are on all pages.
        following: What to hand in as `after` for the next page, None on the last one.
    """

    people: list[EmployeeRow]
    total: int
    following: str | None


@dataclass(frozen=True)
class EmployeeFilter:
    """Which people are asked for: everything that is given has to fit.

    Attributes:
        text: Part of a name, number or e-mail address.
        unit_id: In this unit or below.
        level: On this level.
    """

    text: str = ""
    unit_id: int | None = None
    level: Level | None = None


def get_employee(employee_id: int) -> Employee:
    """Return a person.

    Raises:
        NotFoundError: There is no such person.
    """
    employee = db.session.get(Employee, employee_id)
    if employee is None:
        raise NotFoundError("There is no such person.")
    return employee


def find_employee(number: str) -> Employee | None:
    """Return the person with an employee number, or None."""
    return db.session.scalar(select(Employee).where(Employee.number == number.strip()))


def employees_numbered(texts: Iterable[str]) -> list[int]:
    """Return the ids of the people whose employee number is one of these texts."""
    wanted = sorted({text.strip() for text in texts} - {""})
    found: list[int] = []
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found += db.session.scalars(select(Employee.id).where(Employee.number.in_(some)))
    return sorted(found)


def employee_count() -> int:
    """Return how many people are recorded, those who left included."""
    with reading(Reason.HEAD_COUNTS):
        return db.session.scalar(select(func.count()).select_from(Employee)) or 0


def _stands_on(on: date) -> ColumnElement[bool]:
    return and_(
        Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on
    )


def _placed_people(on: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Employee.id,
            Employee.number,
            Employee.name,
            Employee.email,
            Employee.left_on,
            Unit.path,
            Unit.id,
            Site.name,
            Assignment.level,
            Assignment.job_title,
            Manager.id,
            Manager.name,
        )
        .select_from(Employee)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, _stands_on(on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Site, Site.id == Assignment.site_id)
        .outerjoin(Manager, Manager.id == Assignment.manager_id)
    )


def escaped(text: str) -> str:
    """Return `text` for LIKE with a backslash as escape, so that % and _ mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _conditions(wanted: EmployeeFilter, viewer: Viewer, on: date) -> list[ColumnElement[bool]]:
    conditions = within(Employee.id, visible_employees(viewer, on))
    if wanted.text.strip():
        conditions.append(_matches(wanted.text))
    if wanted.level is not None:
        conditions.append(Assignment.level == wanted.level)
    if wanted.unit_id is not None:
        below = select(UnitPath.unit_id).where(UnitPath.ancestor_id == wanted.unit_id)
        conditions.append(Assignment.unit_id.in_(below))
    return conditions


def _matches(text: str) -> ColumnElement[bool]:
    """Return the condition that a name holds all words of a text, or number or e-mail all of it.

    Parts inside a word are found too. That looks at every name once, which is quick: there are
    as many as people, not as many as hours.
    """
    plain = escaped(folded(text))
    words = [escaped(word) for word in name_words(text)]
    found: list[ColumnElement[bool]] = [
        func.lower(Employee.number).like(f"%{plain}%", escape="\\"),
        Employee.email.like(f"%{plain}%", escape="\\"),
    ]
    if words:
        found.append(and_(*(Employee.name_key.like(f"%{word}%", escape="\\") for word in words)))
    return or_(*found)


def employee_page(
    wanted: EmployeeFilter, viewer: Viewer, on: date, after: str | None = None
) -> EmployeePage:
    """Return one page of the people the viewer may see, by name.

    Args:
        wanted: Which people.
        viewer: Who asks.
        on: The day on which unit, level and manager are looked up.
        after: `following` of the page before.
    """
    conditions = _conditions(wanted, viewer, on)
    counting = (
        select(func.count())
        .select_from(Employee)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, _stands_on(on)))
        .where(*conditions)
    )
    total = db.session.scalar(counting) or 0
    place = _place(after)
    if place is not None:
        key, one = place
        conditions.append(
            or_(
                Employee.name > key,
                and_(Employee.name == key, Employee.id > one),
            )
        )
    rows: Sequence[Any] = db.session.execute(
        _placed_people(on)
        .where(*conditions)
        .order_by(Employee.name, Employee.id)
        .limit(PAGE_SIZE + 1)
    ).all()
    people = [EmployeeRow(*row) for row in rows[:PAGE_SIZE]]
    following = None
    if len(rows) > PAGE_SIZE:
        last = people[-1]
        following = f"{last.id}.{last.name}"
    return EmployeePage(people, total, following)


def _place(after: str | None) -> tuple[str, int] | None:
    one, dot, key = (after or "").partition(".")
    if not dot or not one.isascii() or not one.isdigit() or len(one) > 9:
        return None
    return key, int(one)


@dataclass(frozen=True)
class StayRow:
    """Where a person stood from a day until the day before another; no end is None."""

    from_on: date
    last_on: date | None
    unit: str | None
    site: str | None
    level: Level | None
    job_title: str | None
    manager: str | None
    fte_percent: int | None
    employment: str | None


@dataclass(frozen=True)
class Colleague:
    """Another person on a person's page."""

    id: int
    number: str
    name: str
    job_title: str | None
    seen: bool


@dataclass(frozen=True)
class PersonDetail:
    """All that a person's page shows.

    Attributes:
        managers: Those above, the nearest first; `seen` where the viewer may open their page.
        reports: Those who report directly.
        below_count: How many people stand below, on all levels.
    """

    id: int
    number: str
    name: str
    email: str | None
    gender: Gender | None
    hired_on: date | None
    left_on: date | None
    now: EmployeeRow
    stays: list[StayRow]
    managers: list[Colleague]
    reports: list[Colleague]
    below_count: int


def person_detail(employee_id: int, viewer: Viewer, on: date) -> PersonDetail:
    """Return a person with where they stood when, who is above and who reports to them.

    Raises:
        NotFoundError: There is no such person, or the viewer may not see them.
    """
    visible = visible_employees(viewer, on)
    query = select(Employee).where(Employee.id == employee_id, *within(Employee.id, visible))
    employee = db.session.scalar(query)
    if employee is None:
        raise NotFoundError("There is no such person.")
    placed = _placed_people(on).where(Employee.id == employee_id, *within(Employee.id, visible))
    row: Any = db.session.execute(placed).one()
    return PersonDetail(
        id=employee.id,
        number=employee.number,
        name=employee.name,
        email=employee.email,
        gender=employee.gender,
        hired_on=employee.hired_on,
        left_on=employee.left_on,
        now=EmployeeRow(*row),
        stays=_timeline(employee_id, visible),
        managers=_managers(employee_id, visible, on),
        reports=_reports(employee_id, visible, on),
        below_count=_below_count(employee_id, visible, on),
    )


def _timeline(employee_id: int, visible: Visible) -> list[StayRow]:
    rows: Any = db.session.execute(
        select(
            Assignment.from_on,
            Assignment.until_on,
            Unit.path,
            Site.name,
            Assignment.level,
            Assignment.job_title,
            Manager.name,
            Assignment.fte_percent,
            Assignment.employment,
        )
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Site, Site.id == Assignment.site_id)
        .outerjoin(Manager, Manager.id == Assignment.manager_id)
        .where(
            Assignment.employee_id == employee_id,
            Assignment.superseded_at.is_(None),
            *within(Assignment.employee_id, visible),
        )
        .order_by(Assignment.from_on.desc())
    )
    return [StayRow(from_on, _day_before(until_on), *placed) for from_on, until_on, *placed in rows]


def _day_before(until_on: date) -> date | None:
    return None if until_on == OPEN_END else date.fromordinal(until_on.toordinal() - 1)


def _managers(employee_id: int, visible: Visible, on: date) -> list[Colleague]:
    query = (
        select(Employee.id, Employee.number, Employee.name, Assignment.job_title)
        .join(ReportingLine, ReportingLine.above_id == Employee.id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, _stands_on(on)))
        .where(
            ReportingLine.below_id == employee_id,
            ReportingLine.from_on <= on,
            ReportingLine.until_on > on,
        )
        .order_by(ReportingLine.depth)
        .limit(PAGE_SIZE)
    )
    with reading(Reason.NAMES_ABOVE):
        rows: Any = db.session.execute(query).all()
    seen = _seen([one for one, *_ in rows], visible)
    return [Colleague(row.id, row.number, row.name, row.job_title, row.id in seen) for row in rows]


def _seen(ids: Sequence[int], visible: Visible) -> set[int]:
    query = select(Employee.id).where(Employee.id.in_(ids), *within(Employee.id, visible))
    return set(db.session.scalars(query))


def _reports(employee_id: int, visible: Visible, on: date) -> list[Colleague]:
    rows: Any = db.session.execute(
        select(Employee.id, Employee.number, Employee.name, Assignment.job_title)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            _stands_on(on),
            Assignment.manager_id == employee_id,
            *within(Assignment.employee_id, visible),
        )
        .order_by(Employee.name_key, Employee.id)
    )
    return [Colleague(row.id, row.number, row.name, row.job_title, True) for row in rows]


def _below_count(employee_id: int, visible: Visible, on: date) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ReportingLine)
            .where(
                ReportingLine.above_id == employee_id,
                ReportingLine.from_on <= on,
                ReportingLine.until_on > on,
                *within(ReportingLine.below_id, visible),
            )
        )
        or 0
    )
