"""People who learn, and what the database is asked while a test looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event, select

from core.clock import now
from core.db import db, transaction
from curricula.models.modules import ModuleVersion
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.words import (
    AssignmentSource,
    EnrolmentStatus,
    FeedbackKind,
    FeedbackRole,
    Path,
    SessionStatus,
)
from curricula.services.completing import CompletionRow, record_completions
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.feedback import token_of
from curricula.services.modules import begin_module, publish_module
from people.models import Employee
from tests.curricula.worlds import curriculum, module


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are sent to the database inside the block."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def person(number: str = "1", email: str | None = None, **facts: object) -> int:
    """Somebody without a place in the organisation; return the id."""
    plain = {
        "name": f"Person {number}",
        "name_key": f"person {number}",
        "email": email or f"{number}@example.org",
    }
    employee = Employee(number=number, **(plain | facts))
    db.session.add(employee)
    db.session.commit()
    return employee.id


def taught(code: str = "HOS-01", **changes: object) -> int:
    """A published module; return its id."""
    module_id = begin_module(module(code, **changes), account_id=None)
    publish_module(module_id, account_id=None)
    return module_id


def path(code: str, *modules: str, **changes: object) -> int:
    """A published curriculum of required modules; return its id."""
    curriculum_id = begin_curriculum(curriculum(code, *modules, **changes), account_id=None)
    publish_curriculum(curriculum_id, account_id=None)
    return curriculum_id


def complete(employee_id: int, *module_ids: int, on: date, **facts: object) -> list[int]:
    """Record that somebody completed modules on a day; return the ids of the completions."""
    rows = [CompletionRow(employee_id, one, on, **facts) for one in module_ids]
    with transaction() as session:
        return record_completions(session, rows)


def give(employee_id: int, curriculum_id: int, on: date, **facts: object) -> int:
    """Let somebody have a curriculum to do since a day; return the id of the assignment."""
    plain = {
        "path": Path.FULL,
        "source": AssignmentSource.HAND,
        "recorded_at": datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
    }
    one = LearningAssignment(
        employee_id=employee_id, curriculum_id=curriculum_id, assigned_on=on, **(plain | facts)
    )
    db.session.add(one)
    db.session.commit()
    return one.id


def hold(module_id: int, employee_ids: list[int]) -> str:
    """Let people attend a session that was closed just now.

    Returns:
        The word in the link that asks the first of them how it was.
    """
    version_id = db.session.scalars(
        select(ModuleVersion.id).where(ModuleVersion.module_id == module_id)
    ).one()
    held = TrainingSession(
        module_id=module_id,
        version_id=version_id,
        status=SessionStatus.CLOSED,
        starts_at=now() - timedelta(hours=3),
        ends_at=now() - timedelta(hours=1),
        zone="Europe/Oslo",
        delivery="classroom",
        capacity=10,
        minutes=120,
        needs_approval=False,
        hold_hours=24,
        calendar_uid=f"uid-of-{module_id}",
        calendar_sequence=0,
        made_at=now(),
        closed_at=now(),
    )
    db.session.add(held)
    db.session.flush()
    seats = [
        Enrolment(
            session_id=held.id,
            employee_id=one,
            status=EnrolmentStatus.ATTENDED,
            asked_at=now(),
        )
        for one in employee_ids
    ]
    db.session.add_all(seats)
    db.session.commit()
    return token_of(seats[0].id, FeedbackKind.REACTION, FeedbackRole.LEARNER)
