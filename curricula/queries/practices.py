"""The spaced practice after completions: when it falls due, and what was done of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal, Practice
from curricula.queries.completions import published_days
from curricula.queries.falling_due import recovery_modules
from curricula.queries.reach import learners
from curricula.rules.learning import Refresher, refreshers
from people.queries.opening import reading
from people.queries.visibility import within
from people.rules.access import Viewer
from people.rules.opening import Reason


def steps_of(completion_id: int, viewer: Viewer, on: date) -> list[Refresher]:
    """Return the spaced practice after a completion of the viewer's own.

    Raises:
        NotFoundError: There is no such completion, or it does not count.
    """
    found = _steps(
        on,
        Completion.id == completion_id,
        Completion.employee_id == viewer.employee_id,
        *within(Completion.employee_id, learners(viewer, on)),
    )
    if not found:
        raise NotFoundError("There is no such practice.")
    return found[0][1]


@reading(Reason.COMPLETING)
def steps_to_come(
    employee_id: int, module_ids: Sequence[int], on: date
) -> dict[int, list[Refresher]]:
    """Return what somebody has not practised yet after their last completions of modules, by id."""
    last = _steps(on, Completion.employee_id == employee_id, Completion.module_id.in_(module_ids))
    done = practised(employee_id, None)
    found: dict[int, tuple[int, list[Refresher]]] = {}
    for completion, steps in last:
        left = [one for one in steps if (completion.id, one.number) not in done]
        found[completion.module_id] = (completion.id, left)
    return dict(found.values())


def _steps(on: date, *which: ColumnElement[bool]) -> list[tuple[Completion, list[Refresher]]]:
    """Return completions that count, the oldest first, each with its practice."""
    published = published_days()
    days = func.coalesce(published.c.review_days, ModuleVersion.review_days, 365)
    rows = db.session.execute(
        select(Completion, days)
        .outerjoin(ModuleVersion, ModuleVersion.id == Completion.version_id)
        .outerjoin(published, published.c.module_id == Completion.module_id)
        .where(Completion.id.not_in(select(CompletionWithdrawal.completion_id)), *which)
        .order_by(Completion.completed_on, Completion.id)
    ).all()
    recovery = recovery_modules(db.session, on)
    return [
        (
            one,
            refreshers(one.completed_on, review_days, is_recovery=one.module_id in recovery),
        )
        for one, review_days in rows
    ]


def practised(employee_id: int, seen: Select[int] | None) -> set[tuple[int, int]]:
    """Return which practices somebody did, by completion and number."""
    rows = db.session.execute(
        select(Practice.completion_id, Practice.number).where(
            Practice.employee_id == employee_id, *within(Practice.employee_id, seen)
        )
    )
    return {(completion_id, number) for completion_id, number in rows}
