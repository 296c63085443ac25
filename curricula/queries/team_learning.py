"""What a manager's tree has to learn: who has what open, due and overdue, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, case, func, select

from core.db import db
from curricula.models.paths import LearningAssignment
from curricula.queries.learning import PER_PAGE
from curricula.queries.learnt import Seen
from curricula.queries.reach import learners
from people.models import Assignment, Employee, Unit
from people.queries.visibility import within
from people.rules.access import Viewer

DUE_WITHIN_DAYS = 30


@dataclass(frozen=True)
class TeamRow:
    """Somebody of a tree, with what is open. Nobody is ranked: the list is by name."""

    employee_id: int
    name: str
    unit: str | None
    overdue: int
    due_soon: int
    open: int
    oldest_due_on: date | None


@dataclass(frozen=True)
class Team:
    """Some of the people a viewer sees, by name, and the sums over all of them.

    Attributes:
        due_soon: Not counted, and 0, where somebody is overdue, which is told first.
    """

    rows: list[TeamRow]
    total: int
    people: int
    overdue: int
    due_soon: int


def team_learning(
    viewer: Viewer, on: date, *, text: str = "", show: str = "", page: int = 1
) -> Team:
    """Return who of the people a viewer sees has what open.

    Args:
        viewer: A manager, for the own tree without themself, or HR, for everyone.
        on: The day.
        text: Part of a name.
        show: "overdue" or "due" for those only.
        page: Which page, from 1.
    """
    people = _team_people(viewer, text, on)
    late, soon = _with_open(on, show="overdue"), _with_open(on, show="due")
    count = db.session.scalar(people.with_only_columns(func.count())) or 0
    overdue = _how_many(people, late)
    due_soon = 0 if overdue and show != "due" else _how_many(people, soon)
    if show in {"overdue", "due"}:
        people = people.where(Employee.id.in_(late if show == "overdue" else soon))
    total = {"overdue": overdue, "due": due_soon}.get(show, count)
    some = people.with_only_columns(Employee.id).order_by(Employee.name_key, Employee.id)
    ids = db.session.scalars(some.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Team(_team_rows(ids, learners(viewer, on), on), total, count, overdue, due_soon)


def _how_many(people: Select[int], who: Select[int]) -> int:
    """Return how many of these people are among others."""
    asked = people.where(Employee.id.in_(who)).with_only_columns(func.count())
    return db.session.scalar(asked) or 0


def _with_open(on: date, *, show: str) -> Select[int]:
    """Return the question for who is overdue, or has something due within a month."""
    one = LearningAssignment
    month = one.due_on.between(on, on + timedelta(days=DUE_WITHIN_DAYS))
    return select(one.employee_id).where(
        one.due_on < on if show == "overdue" else month, *_stands()
    )


def _stands() -> tuple[ColumnElement[bool], ...]:
    one = LearningAssignment
    return one.ended_on.is_(None), one.completed_on.is_(None), one.exempted_at.is_(None)


def _team_rows(employee_ids: Sequence[int], seen: Seen, on: date) -> list[TeamRow]:
    one = LearningAssignment
    late = case((one.due_on < on, 1), else_=0)
    soon = case((one.due_on.between(on, on + timedelta(days=DUE_WITHIN_DAYS)), 1), else_=0)
    counts = (
        select(
            one.employee_id,
            func.sum(late).label("overdue"),
            func.sum(soon).label("due_soon"),
            func.count().label("open"),
            func.min(one.due_on).label("oldest"),
        )
        .where(*_stands(), one.employee_id.in_(employee_ids))
        .group_by(one.employee_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Employee.id,
            Employee.name,
            Unit.path,
            func.coalesce(counts.c.overdue, 0),
            func.coalesce(counts.c.due_soon, 0),
            func.coalesce(counts.c.open, 0),
            counts.c.oldest,
        )
        .outerjoin(counts, counts.c.employee_id == Employee.id)
        .outerjoin(
            Assignment,
            (Assignment.employee_id == Employee.id)
            & Assignment.superseded_at.is_(None)
            & (Assignment.from_on <= on)
            & (Assignment.until_on > on),
        )
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Employee.id.in_(employee_ids), *within(Employee.id, seen))
        .order_by(Employee.name_key, Employee.id)
    )
    return [TeamRow(*row) for row in rows]


def _team_people(viewer: Viewer, text: str, on: date) -> Select[int]:
    query = select(Employee.id).where(Employee.left_on.is_(None) | (Employee.left_on >= on))
    seen = learners(viewer, on)
    if seen is not None:
        query = query.where(Employee.id.in_(seen), Employee.id != viewer.employee_id)
    wanted = " ".join(text.casefold().split())
    if wanted:
        query = query.where(Employee.name_key.contains(wanted, autoescape=True))
    return query
