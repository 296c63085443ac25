"""Keeping the table of who stands below whom in step with the assignments."""

from itertools import islice

from sqlalchemy import Table, delete, select

from core.bulk import insert_columns
from people.models import Assignment, Employee, ReportingLine
from people.rules.tree import Line, Segment, reporting_lines
from people.services.versions import AnySession

LINES_PER_INSERT = 50_000


def rebuild_reporting_lines(session: AnySession) -> None:
    """Write down anew who stands below whom when, from what is believed now.

    Raises:
        LoopError: The assignments hold a loop; they are checked before they are written.
    """
    names = dict(session.execute(select(Employee.id, Employee.name)).all())
    rows = session.execute(
        select(
            Assignment.employee_id, Assignment.from_on, Assignment.until_on, Assignment.manager_id
        ).where(Assignment.superseded_at.is_(None))
    )
    lines = reporting_lines((Segment(*row) for row in rows), names)
    session.execute(delete(ReportingLine))
    while some := list(islice(lines, LINES_PER_INSERT)):
        _insert(session, some)


def _insert(session: AnySession, lines: list[Line]) -> None:
    table = ReportingLine.__table__
    assert isinstance(table, Table)  # noqa: S101  # for the type checker: a mapped class has one
    insert_columns(
        session,
        table,
        {
            "above_id": [line.above_id for line in lines],
            "below_id": [line.below_id for line in lines],
            "from_on": [line.from_on.isoformat() for line in lines],
            "until_on": [line.until_on.isoformat() for line in lines],
            "depth": [line.depth for line in lines],
        },
    )
