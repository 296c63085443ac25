"""Keep the roll-ups equal to the entries, in the transaction that writes the entries."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Table

from core.bulk import AnySession, add_columns, indexes_built_at_end, insert_columns
from ledger.models import CourseSum, MixCell, PersonMonth, UnitMonth
from ledger.queries.books import mandatory_ids, unit_ancestors
from ledger.rules.books import KINDS
from ledger.rules.cells import DELIVERY_CODES, CellBuilder, MixColumns, unit_sums

MIX_KEYS = ["basis", "month", "unit_id", "site_id", "level", "category_id", "kind", "delivery"]
UNIT_KEYS = ["basis", "unit_id", "month"]
PERSON_KEYS = ["month", "employee_id", "unit_id", "site_id", "level"]
UNIT_COLUMNS = [
    "unit_id",
    "month",
    "hard_minutes",
    "family_minutes",
    "other_soft_minutes",
    "unclassified_minutes",
    "mandatory_minutes",
    "entries",
]
COURSE_COLUMNS = ["course_id", "minutes", "entries", "unclassified_minutes"]
PERSON_MONTH: Table = PersonMonth.__table__  # type: ignore[assignment]  # a declared table
Columns = Mapping[str, Sequence[Any]]


def add_cells(
    session: AnySession, basis: str, cells: CellBuilder, *, are_first: bool = False
) -> None:
    """Add what `cells` holds to the roll-ups of `basis`.

    `are_first` promises that these roll-ups hold nothing yet, so that nothing has to be added up.
    """
    fixed = {"basis": basis}

    def put(table: Any, columns: Columns, keys: list[str], constants: dict[str, str]) -> None:
        if are_first:
            insert_columns(session, table, columns, constants)
        else:
            add_columns(session, table, columns, keys, constants)

    mix = cells.mix_columns()
    put(MixCell.__table__, _mix(mix), MIX_KEYS, fixed)
    units = unit_sums(mix, unit_ancestors(), mandatory_ids())
    unit_rows = sorted(key + tuple(sums) for key, sums in units.items())
    put(UnitMonth.__table__, _columns(UNIT_COLUMNS, unit_rows), UNIT_KEYS, fixed)
    courses = sorted((course, *sums) for course, sums in cells.courses().items())
    course_keys = ["course_id", "basis"]
    put(CourseSum.__table__, _columns(COURSE_COLUMNS, courses), course_keys, fixed)
    if basis != "learner":
        return
    if are_first:
        with indexes_built_at_end(session, PERSON_MONTH, sorted_indexes(PERSON_MONTH)):
            put(PERSON_MONTH, cells.people_columns(), PERSON_KEYS, {})
    else:
        put(PERSON_MONTH, cells.people_columns(), PERSON_KEYS, {})


def sorted_indexes(table: Table) -> "list[Any]":
    """Return the indexes of a table by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def _mix(mix: MixColumns) -> Columns:
    kinds = np.array([kind.value for kind in KINDS], object)
    deliveries = np.array(DELIVERY_CODES, object)
    return {
        "month": mix.months.tolist(),
        "unit_id": mix.units.tolist(),
        "site_id": mix.sites.tolist(),
        "level": mix.levels.tolist(),
        "category_id": mix.categories.tolist(),
        "kind": kinds[mix.kinds].tolist(),
        "delivery": deliveries[mix.deliveries].tolist(),
        "minutes": mix.minutes.tolist(),
        "entries": mix.entries.tolist(),
        "firsts": mix.firsts.tolist(),
    }


def _columns(names: list[str], rows: Sequence[Sequence[object]]) -> Columns:
    if not rows:
        return {name: [] for name in names}
    return dict(zip(names, zip(*rows, strict=True), strict=True))
