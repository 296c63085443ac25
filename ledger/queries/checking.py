"""Do the roll-ups equal the entries? Recount everything and compare cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import Model, db
from ledger.models import CourseSum, CutMonth, Entry, MixCell, PersonMonth, PersonYear, UnitMonth
from ledger.queries.books import load_books, mandatory_ids, unit_ancestors
from ledger.queries.entries import entry_blocks, entry_columns
from ledger.rules.cells import CUTS, LEVEL_CODES, CellBuilder, MixTotals
from ledger.rules.kinds import Basis

Cells = Mapping[tuple[object, ...], tuple[int, ...]]
SHOWN = 20


@dataclass(frozen=True)
class Difference:
    """A cell of a roll-up that does not equal the recount."""

    table: str
    cell: tuple[object, ...]
    stored: tuple[int, ...] | None
    recounted: tuple[int, ...] | None


@dataclass(frozen=True)
class CheckResult:
    """What the recount found."""

    entries: int
    cells: int
    differences: tuple[Difference, ...]
    difference_count: int


def check_rollups() -> CheckResult:
    """Recount every cell from the entries; memory follows the cells, not the entries."""
    books = load_books()
    differences: list[Difference] = []
    cells = 0
    for basis in Basis:
        builder = CellBuilder(books, with_people=basis is Basis.LEARNER)
        query = entry_columns().where(Entry.basis == basis.value)
        for block in entry_blocks(query):
            builder.add(block)
        for name, stored, recounted in _pairs(basis.value, builder):
            cells += len(recounted)
            differences += _compare(name, stored, recounted)
    entries = db.session.scalar(select(func.count()).select_from(Entry)) or 0
    return CheckResult(entries, cells, tuple(differences[:SHOWN]), len(differences))


def _pairs(basis: str, builder: CellBuilder) -> list[tuple[str, Cells, Cells]]:
    mix = builder.mix()
    totals = MixTotals(mandatory_ids())
    for part in builder.mix_parts():
        totals.add(part)
    units = totals.unit_sums(unit_ancestors())
    cuts = zip(*(column.tolist() for column in totals.cut_columns().values()), strict=True)
    pairs: list[tuple[str, Cells, Cells]] = [
        (
            "mix_cell",
            _stored(MixCell, basis, 8, 3),
            {(*key[:5], key.kind.value, key.delivery): tuple(sums) for key, sums in mix.items()},
        ),
        (
            "unit_month",
            _stored(UnitMonth, basis, 3, 6),
            {key: tuple(sums) for key, sums in units.items()},
        ),
        (
            "cut_month",
            _stored(CutMonth, basis, 4, 6),
            {(CUTS[cut], *row[:2]): tuple(row[2:]) for cut, *row in cuts if any(row[2:])},
        ),
        (
            "course_sum",
            _stored_courses(basis),
            {(key,): tuple(sums) for key, sums in builder.courses().items() if any(sums)},
        ),
    ]
    if basis == Basis.LEARNER.value:
        people: Cells = {tuple(key): tuple(sums) for key, sums in builder.people().items()}
        pairs.append(("person_month", _stored(PersonMonth, None, 5, 5), people))
        years = builder.year_columns().values()
        rows = zip(*(column.tolist() for column in years), strict=True)
        counted = {
            (*row[:3], LEVEL_CODES[row[3]], row[4]): tuple(row[5:]) for row in rows if any(row[5:])
        }
        pairs.append(("person_year", _stored(PersonYear, None, 5, 5), counted))
    return pairs


def _stored(model: type[Model], basis: str | None, keys: int, values: int) -> Cells:
    """Return the cells of a table by key, without the basis; empty cells are left out."""
    columns = list(model.__table__.columns)
    query = select(*columns)
    first = 0
    if basis is not None:
        query = query.where(columns[0] == basis)
        first = 1
    found = {}
    for row in db.session.execute(query.execution_options(yield_per=10_000)):
        sums = tuple(row[keys : keys + values])
        if any(sums):
            found[tuple(row[first:keys])] = sums
    return found


def _stored_courses(basis: str) -> Cells:
    query = select(
        CourseSum.course_id, CourseSum.minutes, CourseSum.entries, CourseSum.unclassified_minutes
    ).where(CourseSum.basis == basis)
    return {(row[0],): tuple(row[1:]) for row in db.session.execute(query) if any(row[1:])}


def _compare(table: str, stored: Cells, recounted: Cells) -> list[Difference]:
    return [
        Difference(table, key, stored.get(key), recounted.get(key))
        for key in sorted(stored.keys() | recounted.keys(), key=str)
        if stored.get(key) != recounted.get(key)
    ]
