"""Who stands below whom, and whose data somebody sees: the one place that decides it.

In a request and in a job, tables about people are closed until one of these functions was asked.
Its answer has to stand in every statement about people, unless the viewer sees everybody.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import QueryableAttribute

from core.clock import today
from core.db import db
from core.guarding import Mark, as_sight
from people.models import Account, Assignment, Employee, ReportingLine
from people.queries.opening import open_sight, reading
from people.queries.settings import find_setting
from people.rules.access import (
    LEVELS_DOWN,
    Reach,
    Sight,
    Viewer,
    sight_of_aptitude,
    sight_of_aptitude_groups,
    sight_of_balance,
    sight_of_people,
)
from people.rules.holdings import Realm
from people.rules.levels import RoleName
from people.rules.opening import Opening, Part, Reason

_PEOPLE, _BALANCE = Mark("people in sight"), Mark("people in the balance")
_ASSESSED, _IN_GROUPS = Mark("people whose aptitude is in sight"), Mark("people in groups")


def select_below(
    employee_id: int | BindParameter[int],
    on: date | BindParameter[date],
    depth: int | None = None,
) -> Select[int]:
    """Return the question for the ids of those below a person on a day, without the person.

    Args:
        employee_id: The person.
        on: The day.
        depth: How many levels down; None for everyone.
    """
    found = select(ReportingLine.below_id).where(
        ReportingLine.above_id == employee_id,
        ReportingLine.from_on <= on,
        ReportingLine.until_on > on,
    )
    return found if depth is None else found.where(ReportingLine.depth <= depth)


def everyone_below(employee_id: int, on: date) -> list[int]:
    """Return the ids of everyone below a person on a day, in order."""
    return sorted(db.session.scalars(select_below(employee_id, on)))


def levels_above(employee_id: int, on: date) -> frozenset[int]:
    """Return how many levels above a person somebody leads them on a day: 1 is their manager.

    It is empty for whoever nobody leads: a chief executive, or one whose place above is vacant.
    """
    line = ReportingLine
    with reading(Reason.NAMES_ABOVE):
        found = db.session.scalars(
            select(line.depth)
            .join(Employee, Employee.id == line.above_id)
            .where(
                line.below_id == employee_id,
                line.from_on <= on,
                line.until_on > on,
                or_(Employee.left_on.is_(None), Employee.left_on >= on),
            )
        )
        return frozenset(found)


def is_led(employee_id: int | None, on: date) -> bool:
    """Tell whether somebody has a manager on a day."""
    return employee_id is not None and 1 in levels_above(employee_id, on)


def visible_employees(viewer: Viewer, on: date) -> Select[int] | None:
    """Return the question for the ids of the people whose own data the viewer sees on a day.

    None stands for everyone; nobody is a question without an answer.
    """
    sight = sight_of_people(viewer)
    sees_everybody = sight.reach is Reach.EVERYONE
    open_sight(viewer, {Realm.PEOPLE}, None if sees_everybody else _PEOPLE)
    return _reached(sight, on, _PEOPLE)


def assessed_people(viewer: Viewer, on: date) -> Select[int] | None:
    """Return the question for the ids of the people whose aptitude the viewer sees on a day.

    None stands for everyone; nobody is a question without an answer. What raters said of them is
    opened, never who the raters are.
    """
    sight = sight_of_aptitude(viewer, levels_down())
    sees_everybody = sight.reach is Reach.EVERYONE
    open_sight(viewer, {Realm.APTITUDE, Realm.PEOPLE}, None if sees_everybody else _ASSESSED)
    return _reached(sight, on, _ASSESSED)


def levels_down() -> int:
    """Return how many levels below them managers see the aptitude of, as decided."""
    return int(find_setting("aptitude_levels_down") or LEVELS_DOWN)


def may_see_aptitude(viewer: Viewer, employee_id: int, on: date) -> bool:
    """Tell whether the viewer sees this person's aptitude on a day."""
    people = assessed_people(viewer, on)
    if people is None:
        return True
    found = select(Employee.id).where(Employee.id == employee_id, Employee.id.in_(people))
    return db.session.scalar(found) is not None


def aptitude_groups(viewer: Viewer, on: date) -> Select[int] | None:
    """Return the question for the people in the figures of groups a viewer sees on a day.

    None stands for everyone. No figure of fewer than five people may be shown, whoever looks.
    """
    sight = sight_of_aptitude_groups(viewer)
    sees_everybody = sight.reach is Reach.EVERYONE
    wanted: set[Opening] = {Part.UNNAMED, "aptitude_standing", "duty"}
    open_sight(viewer, wanted, None if sees_everybody else _IN_GROUPS)
    return _reached(sight, on, _IN_GROUPS)


@dataclass(frozen=True)
class BalanceScope:
    """Whose hours a viewer's balances count.

    Attributes:
        employees: The question for the ids of these people, None for everyone.
        unit_id: The only unit the viewer sees, None where they see any.
        groups_only: No cell under five people is shown.
    """

    employees: Select[int] | None
    unit_id: int | None
    groups_only: bool


def balance_scope(viewer: Viewer, on: date) -> BalanceScope:
    """Return whose hours are in the balances the viewer sees on a day."""
    sight = sight_of_balance(viewer)
    sees_everybody = sight.reach is Reach.EVERYONE
    open_sight(viewer, {Part.UNNAMED}, None if sees_everybody else _BALANCE)
    if sight.reach is Reach.UNIT and sight.employee_id is not None:
        with reading(Reason.WHOM_THEY_SEE):
            asked = _placed(on).where(Assignment.employee_id == sight.employee_id)
            unit_id = db.session.scalar(asked)
        if unit_id is None:  # no unit today, so there is no group to see
            return BalanceScope(_reached(Sight(Reach.NOBODY), on, _BALANCE), None, groups_only=True)
        people = select(Assignment.employee_id).where(
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
            Assignment.unit_id == unit_id,
        )
        return BalanceScope(as_sight(people, _BALANCE), unit_id, sight.groups_only)
    return BalanceScope(_reached(sight, on, _BALANCE), None, sight.groups_only)


def _placed(on: date) -> Select[int | None]:
    return select(Assignment.unit_id).where(
        Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on
    )


def _reached(sight: Sight, on: date, mark: Mark) -> Select[int] | None:
    if sight.reach is Reach.EVERYONE:
        return None
    own = select(Employee.id).where(Employee.id == sight.employee_id)
    if sight.reach is not Reach.TREE or sight.employee_id is None:
        return as_sight(own, mark)
    # Each once: PostgreSQL then knows how many there are, and does not look them up one by one.
    both = union(
        select(literal(sight.employee_id).label("id")),
        select_below(sight.employee_id, on, sight.depth),
    ).subquery()
    return as_sight(select(both.c.id), mark)


def within(
    column: QueryableAttribute[Any], people: Select[int] | None
) -> list[ColumnElement[bool]]:
    """Return the condition that narrows a statement to the people somebody sees.

    Args:
        column: What names the person in the statement.
        people: The answer of `visible_employees`; None for everyone, which needs no condition.
    """
    return [] if people is None else [column.in_(people)]


def may_see_employee(viewer: Viewer, employee_id: int, on: date) -> bool:
    """Tell whether the viewer sees this person's own data on a day."""
    people = visible_employees(viewer, on)
    if people is None:
        return True
    found = select(Employee.id).where(Employee.id == employee_id, Employee.id.in_(people))
    return db.session.scalar(found) is not None


def viewer_of(account: Account) -> Viewer:
    """Return who looks when this account is signed in: its roles, and whether it manages today.

    Who has left keeps nothing but the sight of their own data, whatever roles they were given.
    """
    day, employee_id = today(), account.employee_id
    with reading(Reason.WHO_LOOKS):
        is_gone, manages = (False, False) if employee_id is None else _stands(employee_id, day)
        roles = () if is_gone else account.roles
        return Viewer(
            account_id=account.id,
            name=account.name,
            employee_id=employee_id,
            roles=frozenset(RoleName(role.name) for role in roles),
            manages=manages and not is_gone,
            has_left=is_gone,
        )


def has_left(employee_id: int, day: date) -> bool:
    """Tell whether somebody works here no longer on a day."""
    left = select(Employee.id).where(Employee.id == employee_id, Employee.left_on < day)
    return db.session.scalar(left) is not None


def _stands(employee_id: int, day: date) -> tuple[bool, bool]:
    """Tell whether somebody works here no longer on a day, and whether anybody is below them."""
    left, manages = db.session.execute(_standing(), {"who": employee_id, "day": day}).one()
    return left, manages


@cache
def _standing() -> Select[bool, bool]:
    """Return the question for both; every request asks it, so it is kept."""
    who, day = bindparam("who", type_=Integer), bindparam("day", type_=Date)
    return select(
        exists().where(Employee.id == who, Employee.left_on < day),
        select_below(who, day).exists(),
    )
