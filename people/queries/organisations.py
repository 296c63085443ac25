"""All that is recorded of people and units, for planning a change."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from core.db import db
from people.models import Assignment, Employee, Site, Unit
from people.rules.cells import unit_path_from
from people.rules.moves import Placement, Stay
from people.rules.plans import Organisation, Person


def organisation_now() -> Organisation:
    """Return everybody, where they stand as we believe it now, and the units and sites."""
    session = db.session
    people: Any = session.execute(
        select(
            Employee.id,
            Employee.number,
            Employee.name,
            Employee.email,
            Employee.gender,
            Employee.hired_on,
            Employee.left_on,
        ).order_by(Employee.id)
    )
    units = session.execute(select(Unit.id, Unit.path))
    return Organisation(
        people={one: Person(*own) for one, *own in people},
        stays=_stays(),
        units={one: unit_path_from(path) for one, path in units},
        sites=dict(session.execute(select(Site.id, Site.name)).all()),
    )


def _stays() -> dict[int, list[Stay]]:
    stays: dict[int, list[Stay]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(
            Assignment.employee_id,
            Assignment.id,
            Assignment.from_on,
            Assignment.until_on,
            Assignment.unit_id,
            Assignment.site_id,
            Assignment.level,
            Assignment.job_title,
            Assignment.manager_id,
            Assignment.fte_percent,
            Assignment.employment,
        )
        .where(Assignment.superseded_at.is_(None))
        .order_by(Assignment.employee_id, Assignment.from_on)
    )
    for employee_id, one, from_on, until_on, *placed in rows:
        stays[employee_id].append(Stay(from_on, until_on, Placement(*placed), one))
    return dict(stays)
