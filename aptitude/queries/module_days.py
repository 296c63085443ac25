"""When somebody can do a module: the seat they have, or the next day there is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from curricula.queries.ahead import Coming
from curricula.queries.learning import seats_ahead
from curricula.queries.reach import learners
from curricula.queries.session_lists import SessionRow, next_of
from curricula.rules.sessions import Span, when_words
from people.rules.access import Viewer


@dataclass(frozen=True)
class ModuleDay:
    """The way of somebody to a module that is not done yet.

    Attributes:
        module_id: The module.
        seat: Where they have a seat in a session of it, or wait for one; None for nowhere.
        session: The next session of it without them; None where none is scheduled.
    """

    module_id: int
    seat: Coming | None
    session: SessionRow | None

    @property
    def session_id(self) -> int | None:
        """Return the session that is named; None where there is no day."""
        named = self.seat or self.session
        return named.id if named else None

    @property
    def words(self) -> str:
        """Return the day in words: "Next day: 3 December 2026, 09:00 to 11:00, Room 1."."""
        if self.seat is not None:
            return self.seat.seat_words
        if self.session is None or self.session.span is None:
            return "No day is set yet."
        free = "" if self.session.free else "; it is full, with a waiting list"
        return f"Next day: {_told(self.session.span, self.session)}{free}."


def _told(span: Span, session: SessionRow) -> str:
    where = f", {session.where}" if session.where else ""
    return f"{when_words(span, session.zone)}{where}"


def module_days(
    employee_id: int, module_ids: Collection[int], viewer: Viewer, on: date
) -> dict[int, ModuleDay]:
    """Return by module when somebody can do it, as far as whoever looks may know."""
    if not module_ids:
        return {}
    seats = seats_ahead(employee_id, learners(viewer, on), on)
    sessions = next_of(module_ids, viewer, on)
    return {one: ModuleDay(one, seats.get(one), sessions.get(one)) for one in module_ids}
