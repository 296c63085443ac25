"""Whose learning somebody may see and change: the one place that decides it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select

from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.models import Employee
from people.queries.visibility import may_see_employee, visible_employees, within
from people.rules.access import Viewer
from people.rules.levels import RoleName


def assignable(
    session: AnySession, viewer: Viewer, employee_ids: Iterable[int], on: date
) -> set[int]:
    """Return to whom of these people a viewer may assign curricula.

    HR may to everyone, a manager to everyone below, nobody to themself alone.
    """
    is_hr = viewer.is_a(RoleName.HR)
    if not is_hr and not viewer.manages:
        return set()
    ids = [one for one in employee_ids if is_hr or one != viewer.employee_id]
    seen = within(Employee.id, visible_employees(viewer, on))
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        asked = select(Employee.id).where(Employee.id.in_(ids[start : start + 500]), *seen)
        found |= set(session.scalars(asked))
    return found


def learners(viewer: Viewer, on: date) -> Select[int] | None:
    """Return the question for the people whose learning a viewer sees; None for everyone."""
    return visible_employees(viewer, on)


def may_see_learning(viewer: Viewer, employee_id: int, on: date) -> bool:
    """Tell whether a viewer sees this person's curricula and certificates."""
    return may_see_employee(viewer, employee_id, on)


def get_learner(viewer: Viewer, employee_id: int, on: date) -> None:
    """Make sure that a viewer sees this person's learning.

    Raises:
        NotFoundError: There is no such person, or the viewer does not see them.
    """
    if not may_see_learning(viewer, employee_id, on):
        raise NotFoundError("There is no such person.")


def may_assign_to(viewer: Viewer, employee_id: int, on: date) -> bool:
    """Tell whether a viewer may give this person curricula to do."""
    return bool(assignable(db.session, viewer, [employee_id], on))
