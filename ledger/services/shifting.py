"""Move entries from cell to cell when what they count as, or where people stood, changes."""

from collections.abc import Iterable, Sequence

from core.bulk import AnySession
from core.db import note_shift
from ledger.models import Entry
from ledger.queries.books import load_books
from ledger.queries.entries import EntryQuery, entry_blocks, entry_columns
from ledger.rules.cells import CellBuilder
from ledger.rules.kinds import Basis
from ledger.services.rollups import add_cells

CHUNK = 500


class Shift:
    """Takes the cells of some entries away before a change and adds them again after it.

    Use as `shift = Shift(session, course_ids)`, change what the books say, then `shift.finish()`.
    """

    def __init__(self, session: AnySession, course_ids: Sequence[int] | None = None) -> None:
        self._session = session
        self._course_ids = course_ids
        shift_entries(session, -1, course_ids=course_ids)

    def finish(self) -> None:
        """Add the entries again, by the books as they are now."""
        shift_entries(self._session, 1, course_ids=self._course_ids)


def shift_entries(
    session: AnySession,
    direction: int,
    *,
    course_ids: Sequence[int] | None = None,
    employee_ids: Sequence[int] | None = None,
) -> None:
    """Add the entries of these courses or people to the roll-ups, or take them away with -1.

    Where there are none, nothing counts otherwise, and nobody has to read a year anew for it.
    """
    session.flush()
    books = load_books(employee_ids=employee_ids, course_ids=course_ids)
    is_shift = False
    for basis in Basis:
        cells = CellBuilder(books, with_people=basis is Basis.LEARNER)
        for query in _queries(basis, course_ids, employee_ids):
            for block in entry_blocks(query):
                cells.add(block, direction)
                is_shift = True
        add_cells(session, basis.value, cells)
    if is_shift:
        note_shift(session)


def _queries(
    basis: Basis, course_ids: Sequence[int] | None, employee_ids: Sequence[int] | None
) -> Iterable[EntryQuery]:
    query = entry_columns().where(Entry.basis == basis.value)
    ids = course_ids if course_ids is not None else employee_ids
    column = Entry.course_id if course_ids is not None else Entry.employee_id
    if ids is None:
        yield query
        return
    for start in range(0, len(ids), CHUNK):
        yield query.where(column.in_(ids[start : start + CHUNK]))
