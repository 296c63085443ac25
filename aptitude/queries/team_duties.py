"""Duties as a page lists them: those of a team, and those HR owes where nobody leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from aptitude.models.duties import Duty
from aptitude.queries.crowd import stands
from aptitude.queries.duties import observed_on
from aptitude.queries.duty_pages import Coach, Owner, taught_by, was_seen
from core.db import db
from core.words import plural
from people.models import Assignment, Employee, Unit
from people.queries.opening import reading
from people.queries.visibility import assessed_people, select_below, within
from people.rules.access import Viewer
from people.rules.opening import Reason

MOST_DUTIES = 200


@dataclass(frozen=True)
class TeamDuty:
    """A duty towards somebody of the team.

    Attributes:
        place: What they do and where: "Keeper, House / Service".
    """

    id: int
    subject_id: int
    name: str
    place: str
    dimension_code: str
    owner: str | None
    coach: str | None
    opened_on: date
    due_on: date
    days_late: int
    modules: int
    modules_done: int
    was_observed: bool

    @property
    def state(self) -> str:
        """Return how far it has come: "1 of 2 modules done, not seen at work yet"."""
        done = f"{self.modules_done} of {plural(self.modules, 'module', 'modules')} done"
        taught = done if self.modules else "no module trains it"
        return f"{taught}, {'seen at work' if self.was_observed else 'not seen at work yet'}"


def duties_below(
    viewer: Viewer, seen: Select[int] | None, on: date
) -> tuple[list[TeamDuty], list[TeamDuty], int]:
    """Return all duties that whoever looks owes, the first that others owe, and how many these are.

    What one owes oneself is never left out, however many others come before it. What is overdue
    comes first, then the names decide.
    """
    is_open = (
        Duty.closed_on.is_(None),
        Duty.subject_id.in_(select_below(viewer.employee_id or 0, on)),
        *within(Duty.subject_id, seen),
    )
    asked = _asked(on).where(*is_open)
    is_mine = Duty.owner_id == viewer.employee_id
    not_mine = Duty.owner_id.is_distinct_from(viewer.employee_id)
    with reading(Reason.NAMES_ABOVE):
        mine = db.session.execute(asked.where(is_mine)).all()
        others = db.session.execute(asked.where(not_mine).limit(MOST_DUTIES)).all()
        many = db.session.scalar(select(func.count(Duty.id)).where(*is_open, not_mine))
    return _team_duties(mine, seen, on), _team_duties(others, seen, on), many or 0


def duties_of_hr(viewer: Viewer, on: date) -> list[TeamDuty]:
    """Return the duties towards those whom nobody leads: HR owes them, overdue ones first.

    Whoever looks meets no duty towards themself, so theirs is for the others in HR.
    """
    seen = assessed_people(viewer, on)
    asked = _asked(on).where(*_is_of_hr(viewer, seen)).limit(MOST_DUTIES)
    rows = db.session.execute(asked).all()
    return _team_duties(rows, seen, on)


def count_of_hr(viewer: Viewer, on: date) -> int:
    """Count the duties HR owes."""
    seen = assessed_people(viewer, on)
    return db.session.scalar(select(func.count(Duty.id)).where(*_is_of_hr(viewer, seen))) or 0


def _is_of_hr(viewer: Viewer, seen: Select[int] | None) -> tuple[ColumnElement[bool], ...]:
    return (
        Duty.closed_on.is_(None),
        Duty.owner_id.is_(None),
        Duty.subject_id.is_distinct_from(viewer.employee_id),
        *within(Duty.subject_id, seen),
    )


def _asked(on: date) -> Select[Duty, str, str | None, str | None, str, str]:
    """Return how duties are listed: what is overdue comes first, then the names decide."""
    is_in_time = case((Duty.due_on < on, 0), else_=1)
    return (
        select(Duty, Employee.name, Assignment.job_title, Unit.path, Owner.name, Coach.name)
        .join(Employee, Employee.id == Duty.subject_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, *stands(Assignment, on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Owner, Owner.id == Duty.owner_id)
        .outerjoin(Coach, Coach.id == Duty.coach_id)
        .order_by(is_in_time, Employee.name_key, Employee.id, Duty.due_on, Duty.id)
    )


def _team_duties(rows: Sequence[Any], seen: Select[int] | None, on: date) -> list[TeamDuty]:
    duties = [duty for duty, *_ in rows]
    taught = taught_by(duties, seen)
    observed = observed_on(db.session, [duty.id for duty in duties], seen)
    return [
        TeamDuty(
            duty.id,
            duty.subject_id,
            name,
            ", ".join(filter(None, [job, unit])),
            duty.dimension_code,
            owner,
            coach,
            duty.opened_on,
            duty.due_on,
            max(0, (on - duty.due_on).days),
            len(taught[duty.id]),
            sum(one.done_on is not None for one in taught[duty.id]),
            was_seen(observed.get(duty.id), taught[duty.id]),
        )
        for duty, name, job, unit, owner, coach in rows
    ]
