"""Write entries in bulk and keep every roll-up equal to them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from sqlalchemy import Table, insert

from core.bulk import AnySession, after_explicit_ids, indexes_built_at_end, insert_columns
from core.copying import Column, Picked
from core.memory import give_back_memory, set_large_arrays_apart
from ledger.models import Entry
from ledger.queries.books import load_books
from ledger.queries.standing import Standing, standing_by_external_id
from ledger.rules.books import Books
from ledger.rules.cells import DELIVERY_CODES, CellBuilder, EntryBlock
from ledger.rules.judges import NO_COST
from ledger.rules.judging import SeenIds
from ledger.rules.kinds import Basis
from ledger.rules.rows import Rows
from ledger.services.duplicates import Sieve, iso_days
from ledger.services.rollups import (
    CellColumns,
    add_cell_columns,
    cell_columns,
    known_tree,
    sorted_indexes,
)
from people.models import Employee

ENTRY: Table = Entry.__table__  # type: ignore[assignment]  # a declared table, not a join
LATE_INDEXES = [
    index for index in sorted_indexes(ENTRY) if index.dialect_options["sqlite"]["where"] is None
]
FIRST_LOAD_ROWS = 80_000
MOST_LATE_ROWS = 200_000
LATE_TOGETHER = 10_000
ROWS_UNTIL_GIVING_BACK = 100_000
OF_ANOTHER = (
    "The entry with this id says something else and was recorded by somebody else.",
    "Ask HR to correct the entry.",
)


@dataclass
class Outcome:
    """What became of some accepted rows."""

    new: int = 0
    same: int = 0
    changed: int = 0
    minutes: int = 0
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row, value, reason, remedy."""


class Reversal(NamedTuple):
    """An entry to be taken back by a line of the file."""

    entry: Standing
    row: int


class EntryWriter:
    """Writes the entries of one batch; without a session it only decides."""

    def __init__(
        self,
        session: AnySession | None,
        basis: Basis,
        source: str,
        was_empty: bool,
        last_id: int,
        is_large: bool = False,
        may_replace: Callable[[Standing], bool] = lambda _: True,
    ) -> None:
        self._session = session
        self._basis = basis
        self._source = source
        self._is_large = is_large
        self._may_replace = may_replace
        self._sieve = Sieve(was_empty, session is None, is_large)
        self._was_empty = was_empty
        self._last_id = self._start_id = last_id
        self._batch_id = 0
        self._cells: CellBuilder | None = None
        self._finished: list[CellBuilder] = []
        self._seen_ids = SeenIds()
        self._known_books: Books | None = None
        self._cells_are_first = was_empty
        self._bare: ExitStack | None = None
        self._late: list[Rows] = []
        self._late_count = 0
        self._since_giving_back = 0
        if is_large:
            set_large_arrays_apart()

    def open(self, batch_id: int) -> None:
        """Begin the batch."""
        self._batch_id = batch_id

    def forget_books(self) -> None:
        """Read classifications and placements anew, because the import itself added some."""
        self._finish_cells()
        self._known_books = None

    def load_books(self) -> None:
        """Read classifications and placements before the first row comes."""
        self._books()

    def _finish_cells(self) -> None:
        if self._cells is not None:
            self._finished.append(self._cells)
        self._cells = None

    def settle_late(self) -> Outcome:
        """Settle what had to wait until the indexes were there, after the last row has come."""
        self._sieve.forget()
        give_back_memory()
        return self._settle_waiting()

    def _settle_waiting(self) -> Outcome:
        outcome = Outcome()
        if self._bare is not None:
            self._build_indexes(self._bare)
            self._bare = None
        for rows in self._late:
            places = self._sieve.settled(rows.natural())
            outcome.same += len(rows) - len(places)
            self._write_new(rows.take(places), outcome)
        self._late, self._late_count = [], 0
        return outcome

    def _build_indexes(self, bare: ExitStack) -> None:
        """Let the database build its indexes while the cells so far are added up here."""
        self._finish_cells()
        tree = known_tree()
        with ThreadPoolExecutor(1) as pool:
            indexes = pool.submit(bare.close)
            columns = [cell_columns(cells, tree) for cells in self._finished]
            indexes.result()
        self._finished = []
        self._add(columns)

    def _add(self, columns: list[CellColumns]) -> None:
        if self._session is None:
            return
        for cells in columns:
            add_cell_columns(
                self._session, self._basis.value, cells, are_first=self._cells_are_first
            )
            self._cells_are_first = False

    def close(self) -> tuple[int | None, int | None]:
        """Bring the roll-ups up to date; return the first and last entry id written."""
        self._finish_cells()
        if self._finished and self._session is not None:
            tree = known_tree()
            self._add([cell_columns(cells, tree) for cells in self._finished])
        self._finished = []
        if self._last_id == self._start_id:
            return None, None
        return self._start_id + 1, self._last_id

    def settle(self, rows: Rows) -> Outcome:
        """Write what is new or changed among `rows`."""
        self._since_giving_back += len(rows)
        if self._since_giving_back >= ROWS_UNTIL_GIVING_BACK:
            give_back_memory()
            self._since_giving_back = 0
        outcome = Outcome()
        if not rows.external_ids:
            if self._is_first_load(rows):
                self._settle_first(rows, outcome)
                return outcome
            places = self._sieve.new_places(rows.natural())
            outcome.same += len(rows) - len(places)
            self._write_new(rows.take(places), outcome)
            return outcome
        named = np.array([bool(text) for text in rows.external_ids], np.bool_)
        bare = rows.take(np.flatnonzero(~named))
        places = self._sieve.new_places(bare.natural())
        outcome.same += len(bare) - len(places)
        self._write_new(bare.take(places), outcome)
        self._settle_named(rows.take(np.flatnonzero(named)), outcome)
        return outcome

    def _is_first_load(self, rows: Rows) -> bool:
        """Tell whether to load without indexes: many rows into an empty ledger."""
        if self._bare is not None:
            return True
        if self._session is None or not self._was_empty or self._last_id != self._start_id:
            return False
        if not self._is_large and len(rows) < FIRST_LOAD_ROWS:
            return False
        self._bare = ExitStack()
        self._bare.enter_context(indexes_built_at_end(self._session, ENTRY, LATE_INDEXES))
        return True

    def _settle_first(self, rows: Rows, outcome: Outcome) -> None:
        new, late = self._sieve.split(rows.natural())
        self._write_new(rows.take(new), outcome)
        self._put_off(rows.take(late))
        if self._late_count > MOST_LATE_ROWS:
            more = self._settle_waiting()
            outcome.new += more.new
            outcome.same += more.same
            outcome.minutes += more.minutes

    def _put_off(self, rows: Rows) -> None:
        """Keep rows for later, few parts of them: hundreds of small arrays would lie scattered."""
        self._late_count += len(rows)
        if self._late and len(self._late[-1]) < LATE_TOGETHER:
            rows = Rows.joined([self._late.pop(), rows])
        self._late.append(rows)

    def _settle_named(self, rows: Rows, outcome: Outcome) -> None:
        """Settle rows that carry an external id: the id alone decides."""
        standing = standing_by_external_id(
            self._source, self._basis.value, list(dict.fromkeys(rows.external_ids))
        )
        fresh: list[int] = []
        changed: list[int] = []
        reversals: list[Reversal] = []
        hashes = [hash(external_id) for external_id in rows.external_ids]
        came = self._came_before(hashes)
        first: dict[int, tuple[int, int]] = {}
        for place, external_id in enumerate(rows.external_ids):
            content = _content(rows, place, self._basis.value)
            key = hashes[place]
            before = came.get(key) or first.get(key)
            held = standing.get(external_id)
            if before is not None:
                self._settle_repeated(rows, place, before, hash(content), outcome)
                continue
            first[key] = (int(rows.rows[place]), hash(content))
            if held is None:
                fresh.append(place)
            elif _standing_content(held) == content:
                outcome.same += 1
            elif not self._may_replace(held):
                outcome.refused.append((int(rows.rows[place]), external_id, *OF_ANOTHER))
            else:
                changed.append(place)
                reversals.append(Reversal(held, int(rows.rows[place])))
        self._seen_ids.add(
            list(first), [row for row, _ in first.values()], [same for _, same in first.values()]
        )
        self._write_new(rows.take(np.array(fresh, np.int64)), outcome)
        self._settle_changed(rows.take(np.array(changed, np.int64)), reversals, outcome)

    def _settle_changed(self, replaced: Rows, reversals: list[Reversal], outcome: Outcome) -> None:
        outcome.changed += len(replaced)
        outcome.minutes += int(replaced.minutes.sum()) - sum(r.entry.minutes for r in reversals)
        if reversals and self._session is not None:
            self.reverse(reversals)
            self._write(replaced)

    def _came_before(self, hashes: list[int]) -> dict[int, tuple[int, int]]:
        """Return row and content of ids that came in earlier chunks of the file."""
        rows, contents = self._seen_ids.find(np.array(hashes, np.int64))
        return {
            hashes[place]: (int(rows[place]), int(contents[place]))
            for place in np.flatnonzero(rows).tolist()
        }

    def _settle_repeated(
        self,
        rows: Rows,
        place: int,
        came: tuple[int, int],
        content: int,
        outcome: Outcome,
    ) -> None:
        if came[1] == content:
            outcome.same += 1
            return
        reason = f"Row {came[0]} has the same id with other content."
        remedy = "Keep the row that is right."
        outcome.refused.append((int(rows.rows[place]), rows.external_ids[place], reason, remedy))

    def _write_new(self, rows: Rows, outcome: Outcome) -> None:
        outcome.new += len(rows)
        outcome.minutes += int(rows.minutes.sum())
        if self._session is not None and len(rows):
            self._write(rows)

    def _write(self, rows: Rows) -> None:
        if self._session is None:
            raise RuntimeError("a dry run writes nothing")
        count = len(rows)
        constants = {"batch_id": self._batch_id, "sign": 1, "basis": self._basis.value}
        columns: dict[str, Column] = {
            "id": range(self._last_id + 1, self._last_id + 1 + count),
            "line": rows.rows,
            "course_id": rows.courses,
            "done_on": iso_days(rows.days),
            "minutes": rows.minutes,
        }
        if self._basis is Basis.LEARNER:
            columns["employee_id"] = rows.employees
        if rows.deliveries.any():
            columns["delivery"] = Picked([None, *DELIVERY_CODES[1:]], rows.deliveries)
        if rows.statuses:
            columns["status"] = [text[:60] or None for text in rows.statuses]
        if (rows.costs != NO_COST).any():
            columns["cost_cents"] = [None if c == NO_COST else c for c in rows.costs.tolist()]
        if rows.external_ids:
            columns["external_id"] = [text or None for text in rows.external_ids]
        insert_columns(self._session, ENTRY, columns, constants)
        self._last_id += count
        signs = np.ones(count, np.int64)
        self._books().add(
            EntryBlock(
                rows.employees, rows.courses, rows.days, rows.minutes, signs, rows.deliveries
            )
        )

    def reverse(self, reversals: Sequence[Reversal]) -> None:
        """Take entries back by entries of the same content and negative minutes."""
        if self._session is None:
            raise RuntimeError("a dry run writes nothing")
        held = [reversal.entry for reversal in reversals]
        count = len(held)
        columns = {
            "id": range(self._last_id + 1, self._last_id + 1 + count),
            "batch_id": [self._batch_id] * count,
            "line": [reversal.row for reversal in reversals],
            "employee_id": [e.employee_id for e in held],
            "course_id": [e.course_id for e in held],
            "done_on": [e.done_on.isoformat() for e in held],
            "minutes": [-e.minutes for e in held],
            "sign": [-1] * count,
            "basis": [e.basis for e in held],
            "delivery": [e.delivery for e in held],
            "status": [e.status for e in held],
            "cost_cents": [None if e.cost_cents is None else -e.cost_cents for e in held],
            "reverses_id": [e.id for e in held],
        }
        insert_columns(self._session, ENTRY, columns)
        self._last_id += count
        self._books().add(
            EntryBlock(
                np.array([e.employee_id or 0 for e in held], np.int64),
                np.array([e.course_id for e in held], np.int64),
                np.array([e.done_on.toordinal() for e in held], np.int64),
                np.array([-e.minutes for e in held], np.int64),
                np.full(count, -1, np.int64),
                np.array([DELIVERY_CODES.index(e.delivery or "") for e in held], np.int64),
            )
        )

    def write_rows(self, rows: Rows) -> None:
        """Write rows without asking whether they stand already."""
        self._write(rows)

    def write_again(self, entries: Sequence[Entry]) -> None:
        """Enter again what an undone batch had taken back."""
        self._write(
            Rows(
                np.array([e.line for e in entries], np.int64),
                np.array([e.employee_id or 0 for e in entries], np.int64),
                np.array([e.course_id for e in entries], np.int64),
                np.array([e.done_on.toordinal() for e in entries], np.int64),
                np.array([e.minutes for e in entries], np.int64),
                np.array([DELIVERY_CODES.index(e.delivery or "") for e in entries], np.int64),
                np.array(
                    [NO_COST if e.cost_cents is None else e.cost_cents for e in entries], np.int64
                ),
                [e.status or "" for e in entries],
                [e.external_id or "" for e in entries],
            )
        )

    def _books(self) -> CellBuilder:
        if self._known_books is None:
            self._known_books = load_books()
        if self._cells is None:
            self._cells = CellBuilder(self._known_books, with_people=self._basis is Basis.LEARNER)
        return self._cells


def _content(rows: Rows, place: int, basis: str) -> tuple[object, ...]:
    cost = int(rows.costs[place])
    return (
        int(rows.employees[place]) or None,
        int(rows.courses[place]),
        int(rows.days[place]),
        int(rows.minutes[place]),
        DELIVERY_CODES[int(rows.deliveries[place])] or None,
        None if cost == NO_COST else cost,
        basis,
    )


def _standing_content(held: Standing) -> tuple[object, ...]:
    return (
        held.employee_id,
        held.course_id,
        held.done_on.toordinal(),
        held.minutes,
        held.delivery,
        held.cost_cents,
        held.basis,
    )


def person_writer(session: AnySession, numbers: dict[int, str]) -> None:
    """Add people of whom the hours file gives nothing but a number."""
    session.execute(
        insert(Employee),
        [
            {"id": id_, "number": number, "name": number, "name_key": number.casefold()}
            for id_, number in numbers.items()
        ],
    )
    after_explicit_ids(session, "employee")
