"""Ticking off the few minutes of practice that keep alive what was learnt."""

from datetime import date

from core.clock import now, today
from core.db import transaction
from core.errors import NotFoundError
from curricula.models.outcomes import Practice
from curricula.queries.learning import practised, steps_of
from curricula.queries.reach import learners
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
            session.add(
                Practice(
                    completion_id=completion_id,
                    number=number,
                    employee_id=viewer.employee_id,
                    done_at=now(),
                )
            )
    return next((one.due_on for one in steps if one.number > number), None)
