"""Whose seats somebody sees, and which sessions somebody runs: the one place that decides it."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import QueryableAttribute

from core.clock import now
from core.db import db
from core.errors import NotFoundError
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.words import SessionStatus
from people.models import Employee
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer, permissions_of
from people.rules.levels import RoleName
from people.rules.opening import Reason


def runs(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer runs a session: HR all, trainers their own.

    One without a trainer is run by whoever made it.
    """
    if "sessions:run" not in permissions_of(viewer):
        return false()
    if viewer.is_a(RoleName.HR):
        return true()
    return or_(
        TrainingSession.trainer_account_id == viewer.account_id,
        and_(
            TrainingSession.trainer_account_id.is_(None),
            TrainingSession.account_id == viewer.account_id,
        ),
    )


def own_sessions(viewer: Viewer) -> Select[int]:
    """Return the question for the ids of the sessions the viewer runs."""
    return select(TrainingSession.id).where(runs(viewer))


def sees_seat(viewer: Viewer, on: date) -> ColumnElement[bool]:
    """Return the condition that the viewer sees somebody's place in a session.

    Those are the people in sessions the viewer runs, the viewer's own tree, and the viewer.
    """
    people = visible_employees(viewer, on)
    if people is None:
        return true()
    return or_(Enrolment.session_id.in_(own_sessions(viewer)), Enrolment.employee_id.in_(people))


def sees_session(viewer: Viewer, on: date) -> ColumnElement[bool]:
    """Return the condition that the viewer sees a session at all, without its people.

    Who teaches sees all of them. Others see what is still to come, and what they or their people
    have a place in.
    """
    held = permissions_of(viewer)
    if "sessions:run" in held:
        return true()
    if "sessions:read" not in held:
        return false()
    placed = select(Enrolment.session_id).where(sees_seat(viewer, on))
    to_come = and_(TrainingSession.status == SessionStatus.OPEN, TrainingSession.ends_at >= now())
    return or_(to_come, TrainingSession.id.in_(placed))


def in_reach(
    column: QueryableAttribute[int], viewer: Viewer, on: date
) -> list[ColumnElement[bool]]:
    """Return the condition that a viewer sees a person: the own tree, and own sessions.

    Args:
        column: What names the person in the statement.
        viewer: Who picks.
        on: The day.
    """
    people = visible_employees(viewer, on)
    if people is None:
        return []
    taught = select(Enrolment.employee_id).where(Enrolment.session_id.in_(own_sessions(viewer)))
    return [or_(column.in_(people), column.in_(taught))]


def picked_by(
    column: QueryableAttribute[int], viewer: Viewer, session_id: int, on: date
) -> list[ColumnElement[bool]]:
    """Return the condition that a viewer may enrol a person: whom they see, but not themselves.

    Whoever runs the session may enrol themselves; others ask for a seat, which somebody approves.
    """
    found = in_reach(column, viewer, on)
    if viewer.employee_id is not None and not may_run(viewer, session_id):
        found.append(column != viewer.employee_id)
    return found


def may_run(viewer: Viewer, session_id: int) -> bool:
    """Tell whether the viewer runs this session."""
    asked = select(TrainingSession.id).where(TrainingSession.id == session_id, runs(viewer))
    return db.session.scalar(asked) is not None


def check_runs(viewer: Viewer, session_id: int) -> None:
    """Let nobody else do what only those do who run a session.

    Raises:
        NotFoundError: The viewer does not run it.
    """
    if not may_run(viewer, session_id):
        raise NotFoundError("There is no such session.")


def check_sees_session(viewer: Viewer, session_id: int, on: date) -> None:
    """Let nobody do something with a session they do not see.

    Raises:
        NotFoundError: The viewer does not see it.
    """
    asked = select(TrainingSession.id).where(
        TrainingSession.id == session_id, sees_session(viewer, on)
    )
    if db.session.scalar(asked) is None:
        raise NotFoundError("There is no such session.")


def check_decides(viewer: Viewer, session_id: int, enrolment_id: int, on: date) -> None:
    """Let only those decide about a seat who run the session or stand above the person.

    Raises:
        NotFoundError: The viewer is neither.
    """
    if may_run(viewer, session_id):
        return
    above = visible_employees(viewer, on)
    asked = select(Enrolment.id).where(
        Enrolment.id == enrolment_id, Enrolment.session_id == session_id
    )
    if above is not None:
        asked = asked.where(
            Enrolment.employee_id.in_(above), Enrolment.employee_id != viewer.employee_id
        )
    if not viewer.manages or db.session.scalar(asked) is None:
        raise NotFoundError("There is no such person in this session.")


def reached_of(viewer: Viewer, session_id: int, numbers: list[str], on: date) -> dict[str, int]:
    """Return the people with these numbers or addresses whom the viewer may enrol.

    Who runs a session may enrol anybody whose number they were given; managers their own tree.
    """
    wanted = {text.casefold(): text for text in numbers}
    asked = select(Employee.number, Employee.email, Employee.id).where(
        or_(Employee.number.in_(numbers), Employee.email.in_([*wanted, *numbers]))
    )
    if may_run(viewer, session_id):
        with reading(Reason.BY_NUMBER):
            rows = db.session.execute(asked).all()
    else:
        mine = [
            *within(Employee.id, visible_employees(viewer, on)),
            *picked_by(Employee.id, viewer, session_id, on),
        ]
        rows = db.session.execute(asked.where(*mine)).all()
    found: dict[str, int] = {}
    for number, email, employee_id in rows:
        for text in (number, email or ""):
            if text in numbers or text.casefold() in wanted:
                found[wanted.get(text.casefold(), text)] = employee_id
    return found
