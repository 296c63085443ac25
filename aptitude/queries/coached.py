"""Whom somebody coaches: what a coach needs to know, and never a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from aptitude.models.duties import Duty
from aptitude.queries.duty_pages import Owner
from core.db import db
from people.models import Employee
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason


@dataclass(frozen=True)
class Coached:
    """Somebody to coach.

    Attributes:
        owner: Who owes the duty; None for nobody yet.
        days_late: How many days it is overdue; 0 where it is not.
        is_last: The last line about this person.
    """

    name: str
    dimension: str
    owner: str | None
    due_on: date
    days_late: int
    is_last: bool


def coached_by(viewer: Viewer, names: Mapping[str, str], on: date) -> list[Coached]:
    """Return whom somebody coaches, each person together, what is due first in front."""
    if viewer.employee_id is None:
        return []
    asked = (
        select(Duty.subject_id, Duty.dimension_code, Duty.due_on, Employee.name, Owner.name)
        .join(Employee, Employee.id == Duty.subject_id)
        .outerjoin(Owner, Owner.id == Duty.owner_id)
        .where(Duty.coach_id == viewer.employee_id, Duty.closed_on.is_(None))
        .order_by(Duty.due_on, Employee.name_key, Duty.id)
    )
    with reading(Reason.COACHING):
        rows = db.session.execute(asked).all()
    people = dict.fromkeys(subject_id for subject_id, *_ in rows)
    of_each = [[row for row in rows if row[0] == one] for one in people]
    return [
        Coached(
            name,
            names.get(code, code),
            owner,
            due_on,
            max(0, (on - due_on).days),
            is_last=at == len(lines),
        )
        for lines in of_each
        for at, (_, code, due_on, name, owner) in enumerate(lines, 1)
    ]
