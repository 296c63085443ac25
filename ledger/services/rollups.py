"""Keep the roll-ups equal to the entries, in the transaction that writes the entries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from core.bulk import AnySession, add_columns, insert_columns
from core.copying import Column
from ledger.models import CourseSum, CutMonth, MixCell, PersonMonth, PersonYear, UnitMonth
from ledger.queries.books import mandatory_ids, unit_ancestors
from ledger.rules.cells import BASES, SUMS, CellBuilder, MixColumns, MixTotals

MIX_KEYS = ["basis", "month", "unit_id", "site_id", "level", "category_id", "kind", "delivery"]
UNIT_KEYS = ["basis", "unit_id", "month"]
PERSON_KEYS = ["month", "employee_id", "unit_id", "site_id", "level"]
YEAR_KEYS = ["employee_id", "unit_id", "site_id", "level", "year"]
CUT_KEYS = ["basis", "cut", "month", "key"]
UNIT_COLUMNS = ["unit_id", "month", *SUMS]
COURSE_KEYS = ["course_id", "basis"]
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class CellColumns:
    """Cells, and what they add up to as the tables take it."""

    units: Columns
    courses: Columns
    cuts: Columns
    of: CellBuilder


@dataclass(frozen=True)
class Tree:
    """What is needed to add cells up: who is above a unit, which categories are a floor."""

    ancestors: Callable[[int], tuple[int, ...]]
    mandatory_ids: frozenset[int]


def known_tree() -> Tree:
    """Return the organisation tree and the mandatory categories as they are now."""
    return Tree(unit_ancestors(), mandatory_ids())


def cell_columns(cells: CellBuilder, tree: Tree) -> CellColumns:
    """Return what `cells` holds, added up; asks no database."""
    totals = MixTotals(tree.mandatory_ids)
    for part in cells.mix_parts():
        totals.add(part)
    units = totals.unit_sums(tree.ancestors)
    courses = cells.course_columns()
    courses["unclassified_minutes"] = courses.pop("unclassified")
    return CellColumns(
        _columns(UNIT_COLUMNS, sorted(key + tuple(sums) for key, sums in units.items())),
        courses,
        totals.cut_columns(),
        cells,
    )


def add_cells(session: AnySession, basis: str, cells: CellBuilder) -> None:
    """Add what `cells` holds to the roll-ups of `basis`."""
    add_cell_columns(session, basis, cell_columns(cells, known_tree()))


def add_cell_columns(
    session: AnySession, basis: str, cells: CellColumns, *, are_first: bool = False
) -> None:
    """Add cells to the roll-ups of `basis`.

    `are_first` promises that these roll-ups hold nothing yet, so that nothing has to be added up.
    """
    fixed = {"basis": basis}
    coded = {"basis": BASES.index(basis)}

    def put(table: Any, columns: Columns, keys: list[str], constants: Mapping[str, Any]) -> None:
        if are_first:
            insert_columns(session, table, columns, constants)
        else:
            add_columns(session, table, columns, keys, constants)

    for mix in cells.of.mix_parts():
        put(MixCell.__table__, _mix(mix), MIX_KEYS, coded)
    put(CutMonth.__table__, cells.cuts, CUT_KEYS, coded)
    put(UnitMonth.__table__, cells.units, UNIT_KEYS, fixed)
    put(CourseSum.__table__, cells.courses, COURSE_KEYS, fixed)
    if basis == "learner":
        for people in cells.of.people_parts():
            put(PersonMonth.__table__, people, PERSON_KEYS, {})
        put(PersonYear.__table__, cells.of.year_columns(), YEAR_KEYS, {})


def sorted_indexes(table: Table) -> "list[Any]":
    """Return the indexes of a table by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def _mix(mix: MixColumns) -> Columns:
    return {
        "month": mix.months,
        "unit_id": mix.units,
        "site_id": mix.sites,
        "level": mix.levels,
        "category_id": mix.categories,
        "kind": mix.kinds,
        "delivery": mix.deliveries,
        "minutes": mix.minutes,
        "entries": mix.entries,
        "firsts": mix.firsts,
    }


def _columns(names: list[str], rows: Sequence[Sequence[object]]) -> Columns:
    if not rows:
        return {name: [] for name in names}
    return dict(zip(names, zip(*rows, strict=True), strict=True))
