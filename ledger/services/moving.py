"""Let roll-ups follow when people turn out to have stood elsewhere."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select

from core.bulk import AnySession
from ledger.models import Entry
from ledger.services.shifting import shift_entries
from people.services.listeners import placement_listeners, removal_guards


def follow_moves(
    session: AnySession, employee_ids: Sequence[int], phase: Literal["before", "after"]
) -> None:
    """Take the entries of these people out of the cells before a move, put them back after."""
    shift_entries(session, -1 if phase == "before" else 1, employee_ids=sorted(employee_ids))


def keep_people_with_hours(session: AnySession, employee_ids: Sequence[int]) -> str | None:
    """Say why people cannot be removed: hours are recorded for them."""
    found = 0
    for start in range(0, len(employee_ids), 500):
        part = employee_ids[start : start + 500]
        query = select(Entry.employee_id).where(Entry.employee_id.in_(part)).distinct()
        found += len(session.scalars(query).all())
    if not found:
        return None
    who = "1 of the people has" if found == 1 else f"{found} of the people have"
    return f"{who} training hours by now; undo the import of those hours first."


def register() -> None:
    """Listen to what happens to people."""
    if follow_moves not in placement_listeners:
        placement_listeners.append(follow_moves)
        removal_guards.append(keep_people_with_hours)
