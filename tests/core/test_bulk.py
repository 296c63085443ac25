"""Many rows at once: inserted, or added to what is there, on both databases."""

import pytest
from sqlalchemy import select

from core.bulk import add_columns, insert_columns
from core.db import db, take_turn, transaction
from ledger.models import UnitMonth

pytestmark = pytest.mark.usefixtures("database")

KEYS = ["basis", "unit_id", "month"]
SUMS = (
    "hard_minutes",
    "family_minutes",
    "other_soft_minutes",
    "unclassified_minutes",
    "mandatory_minutes",
    "entries",
)


def columns(count: int, value: int) -> dict[str, list[object]]:
    keys: dict[str, list[object]] = {
        "basis": ["learner"] * count,
        "unit_id": list(range(count)),
        "month": [202501] * count,
    }
    return keys | {name: [value] * count for name in SUMS}


def stored() -> list[tuple[int, ...]]:
    query = select(UnitMonth.unit_id, UnitMonth.hard_minutes).order_by(UnitMonth.unit_id)
    return [tuple(row) for row in db.session.execute(query)]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250, 4000])
def test_rows_of_any_number_are_inserted(count: int) -> None:
    with transaction() as session:
        take_turn(session)
        done = insert_columns(session, UnitMonth.__table__, columns(count, 7))

    assert done == count
    assert stored() == [(unit, 7) for unit in range(count)]


@pytest.mark.parametrize("count", [0, 1, 101, 4000])
def test_sums_are_added_to_what_is_there(count: int) -> None:
    with transaction() as session:
        take_turn(session)
        add_columns(session, UnitMonth.__table__, columns(1, 5), KEYS)
        add_columns(session, UnitMonth.__table__, columns(count, 7), KEYS)

    sums = {0: 5} | {unit: 7 + 5 * (unit == 0) for unit in range(count)}
    assert stored() == sorted(sums.items())


def test_columns_of_unequal_length_are_an_error() -> None:
    uneven = columns(2, 7) | {"entries": [1]}

    with pytest.raises(ValueError, match="shorter"), transaction() as session:
        insert_columns(session, UnitMonth.__table__, uneven)
