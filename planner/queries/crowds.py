"""How many people stand behind the cells of a table that roll-ups keep without people."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ledger.models import Entry
from ledger.queries.books import unit_ancestors
from ledger.queries.entries import entry_blocks
from ledger.rules.books import KINDS, Books
from ledger.rules.cells import DELIVERY_CODES, CellBuilder, EntryBlock
from planner.queries.sources import Circle, books_for, entries_of
from planner.rules.facts import CategoryKey, Facts, Ints
from planner.rules.questions import Question
from planner.rules.suppression import MINIMUM_PEOPLE

MOST_ENTRIES = 500_000
"""The latest entries that are looked at; a cell without enough people among them stays hidden."""

KIND_BITS = 2
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Crowds:
    """People by delivery and by category: exact below five, "at least" from five on."""

    deliveries: dict[str, int]
    categories: dict[CategoryKey, int]


@dataclass
class _Counter(Generic[K]):
    """Counts people by cell until each cell has enough of them."""

    cells: dict[int, K]
    enough: set[int] = field(default_factory=set)
    standing: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, cells: Ints, employees: Ints, signs: Ints) -> None:
        """Add entries to the cells they lie in; a reversal takes its entry away."""
        open_cells = np.array(sorted(self.cells.keys() - self.enough), np.int64)
        kept = np.isin(cells, open_cells)
        pairs, inverse = np.unique(np.stack([cells[kept], employees[kept]], 1), axis=0,
                                   return_inverse=True)  # fmt: skip
        sums = np.zeros(len(pairs), np.int64)
        np.add.at(sums, inverse.ravel(), signs[kept])
        for (cell, employee), count in zip(pairs.tolist(), sums.tolist(), strict=True):
            key = (cell, employee)
            self.standing[key] = self.standing.get(key, 0) + count
        counts = self._counts()
        self.enough = {cell for cell, people in counts.items() if people >= MINIMUM_PEOPLE}

    def _counts(self) -> dict[int, int]:
        found = dict.fromkeys(self.cells, 0)
        for (cell, _), count in self.standing.items():
            if count > 0:
                found[cell] += 1
        return found

    def is_done(self) -> bool:
        return len(self.enough) == len(self.cells)

    def result(self) -> dict[K, int]:
        return {self.cells[cell]: people for cell, people in self._counts().items()}


def crowds(question: Question, circle: Circle, facts: Facts) -> Crowds:
    """Return how many people stand behind each delivery and category of a balance.

    Reads the latest entries until every cell is known to have enough people.
    """
    books = books_for(question, circle)
    deliveries = _Counter({DELIVERY_CODES.index(name): name for name in facts.deliveries})
    categories = _Counter({_code(key): key for key in facts.categories})
    seen = 0
    for block in _latest_entries(question, circle):
        inside = _inside(question, books, block)
        builder = CellBuilder(books, with_people=False)
        deliveries.add(block.deliveries[inside], block.employees[inside], block.signs[inside])
        parts = builder.parts(block)
        kinds = books.categories.look_up(parts.category, block.days[parts.entry])
        here = inside[parts.entry]
        codes = parts.category << KIND_BITS | kinds
        of = parts.entry[here]
        categories.add(codes[here], block.employees[of], block.signs[of])
        seen += len(block)
        if seen >= MOST_ENTRIES or (deliveries.is_done() and categories.is_done()):
            break
    return Crowds(deliveries.result(), categories.result())


def _code(key: CategoryKey) -> int:
    return key.category_id << KIND_BITS | KINDS.index(key.kind)


def _latest_entries(question: Question, circle: Circle) -> Iterable[EntryBlock]:
    query = entries_of(question, circle, question.period)
    return entry_blocks(query.order_by(Entry.done_on.desc(), Entry.id))


def _inside(question: Question, books: Books, block: EntryBlock) -> NDArray[np.bool_]:
    """Return which entries lie in the unit, level and site of a question."""
    above = unit_ancestors()
    level = question.level.value if question.level else None
    fits = [
        (question.unit_id is None or question.unit_id in above(place.unit_id))
        and level in (None, place.level)
        and question.site_id in (None, place.site_id)
        for place in books.placements.places
    ]
    return np.array(fits, np.bool_)[books.placements.look_up(block.employees, block.days)]
