"""Who wants to know when people move or are taken back: packages above this one register here."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from sqlalchemy.orm import scoped_session

from people.services.versions import AnySession

Phase = Literal["before", "after"]

placement_listeners: list[Callable[[AnySession, Sequence[int], Phase], None]] = []
"""Called inside the transaction with the ids of the people whose assignments change, once before
and once after. New people are not among them: nothing is known of them yet."""

removal_guards: list[Callable[[AnySession, Sequence[int]], str | None]] = []
"""Asked before people are removed by an undo: a sentence says why they have to stay."""

removal_listeners: list[Callable[[AnySession, Sequence[int]], None]] = []
"""Called before people are removed by an undo, once nobody objected."""

file_listeners: list[Callable[[scoped_session[Any], int], None]] = []
"""Called inside the transaction that recorded a people file, with the id of its batch."""


def tell(session: AnySession, employee_ids: Sequence[int], phase: Phase) -> None:
    """Tell every listener that these people are about to move, or have moved."""
    if employee_ids:
        for listener in placement_listeners:
            listener(session, employee_ids, phase)


def tell_removed(session: AnySession, employee_ids: Sequence[int]) -> None:
    """Tell every listener that these people are about to be removed."""
    for listener in removal_listeners:
        listener(session, employee_ids)


def tell_recorded(session: scoped_session[Any], batch_id: int) -> None:
    """Tell every listener that a people file was recorded."""
    for listener in file_listeners:
        listener(session, batch_id)
