"""What happens to learning when the people file that brought somebody is taken back."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from core.bulk import AnySession
from curricula.models.notices import Notice
from curricula.models.outcomes import Completion
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import Enrolment
from people.services.listeners import removal_guards, removal_listeners

AT_ONCE = 500


def keep_people_who_learnt(session: AnySession, employee_ids: Sequence[int]) -> str | None:
    """Say why people cannot be removed: they completed modules, or have seats in sessions."""
    for table, words in ((Completion, "completed modules"), (Enrolment, "seats in sessions")):
        found: set[int] = set()
        for start in range(0, len(employee_ids), AT_ONCE):
            part = employee_ids[start : start + AT_ONCE]
            found |= set(
                session.scalars(select(table.employee_id).where(table.employee_id.in_(part)))
            )
        if found:
            who = "1 of the people has" if len(found) == 1 else f"{len(found)} of the people have"
            return f"{who} {words} by now, so this file cannot be taken back. Correct it instead."
    return None


def forget_what_was_assigned(session: AnySession, employee_ids: Sequence[int]) -> None:
    """Remove what people who never were here had to do, and what they were told of it."""
    for start in range(0, len(employee_ids), AT_ONCE):
        part = employee_ids[start : start + AT_ONCE]
        session.execute(delete(LearningAssignment).where(LearningAssignment.employee_id.in_(part)))
        session.execute(delete(Notice).where(Notice.employee_id.in_(part)))


def register() -> None:
    """Listen to people being taken back."""
    if keep_people_who_learnt not in removal_guards:
        removal_guards.append(keep_people_who_learnt)
        removal_listeners.append(forget_what_was_assigned)
