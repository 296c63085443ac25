"""Ticking off the few minutes of practice that keep alive what was learnt."""

from collections.abc import Sequence
from datetime import date

from core.bulk import AnySession
from core.clock import now, today
from core.db import transaction
from core.errors import NotFoundError
from curricula.models.outcomes import Practice
from curricula.queries.practices import practised, steps_of, steps_to_come
from curricula.queries.reach import learners
from curricula.rules.learning import kept_alive
from people.rules.access import Viewer


def tick_practice(completion_id: int, number: int, *, viewer: Viewer) -> date | None:
    """Note that the viewer practised; return when the next practice falls due, None for never.

    Once it is noted, doing so again changes nothing.

    Raises:
        NotFoundError: It is no practice of the viewer's own, or not due yet.
    """
    on = today()
    steps = steps_of(completion_id, viewer, on)
    step = next((one for one in steps if one.number == number), None)
    if step is None or step.due_on > on or viewer.employee_id is None:
        raise NotFoundError("There is no such practice.")
    with transaction() as session:
        done = practised(viewer.employee_id, learners(viewer, on))
        if (completion_id, number) not in done:
            session.add(_practice(viewer.employee_id, completion_id, number))
    return next((one.due_on for one in steps if one.number > number), None)


def count_use(session: AnySession, employee_id: int, module_ids: Sequence[int]) -> None:
    """Count it as practice that somebody was seen doing at work what modules teach.

    It is part of the caller's unit of work; modules that were not completed are left alone.
    """
    to_come = steps_to_come(employee_id, module_ids, today())
    session.add_all(
        _practice(employee_id, completion_id, number)
        for completion_id, steps in to_come.items()
        for number in kept_alive(steps, today())
    )


def _practice(employee_id: int, completion_id: int, number: int) -> Practice:
    return Practice(
        completion_id=completion_id, number=number, employee_id=employee_id, done_at=now()
    )
