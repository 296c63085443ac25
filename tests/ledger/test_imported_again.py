"""Import, undo and import again leave the same content, whatever was there and comes between."""

from collections.abc import Callable
from pathlib import Path

import hypothesis
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.db import db
from ledger.models import Batch, UnitMonth
from ledger.services import moving
from ledger.services.correcting import undo_batch
from planner.queries.elements import forget_years
from tests import databases
from tests.ledger.test_rollups import (
    CODES,
    COURSE,
    DAYS,
    ROW,
    STEP,
    UNITS,
    WITH_ID,
    Step,
    correct,
    move,
    reclassify,
    settings,
    shift_side,
)
from tests.ledger.worlds import add_people, assert_rollups, counts, standing, take

ROWS = st.lists(ROW, min_size=1, max_size=8)
CORRECTIONS = st.builds(
    correct, st.integers(0, 20), st.one_of(st.none(), st.integers(0, 300)), DAYS
)
CHANGES = st.one_of(
    st.builds(reclassify, COURSE, st.sampled_from(CODES), st.integers(1, 100), DAYS),
    st.builds(move, st.sampled_from(["E1", "E2"]), st.sampled_from(UNITS), DAYS),
    st.builds(shift_side, st.integers(1, 9), DAYS, st.booleans()),
)
STORY = {
    "before": st.lists(STEP, max_size=4),
    "rows": ROWS,
    "corrections": st.lists(CORRECTIONS, max_size=3),
    "changes": st.lists(CHANGES, max_size=3),
}


def figures() -> list[tuple[object, ...]]:
    """Return what adds up to anything, by unit and month."""
    minutes = (
        UnitMonth.hard_minutes,
        UnitMonth.family_minutes,
        UnitMonth.other_soft_minutes,
        UnitMonth.unclassified_minutes,
    )
    keys = (UnitMonth.basis, UnitMonth.unit_id, UnitMonth.month)
    found = db.session.execute(select(*keys, *minutes, UnitMonth.entries).order_by(*keys))
    return [tuple(row) for row in found if any(row[3:])]


def correct_and_take_that_back(folder: Path, corrections: list[Step], since: int) -> None:
    for step in corrections:
        step.do(folder)
    later = select(Batch.id).where(Batch.id > since).order_by(Batch.id.desc())
    for one in db.session.scalars(later).all():
        undo_batch(one, account_id=None)


def tell(
    folder: Path, before: list[Step], rows: list[str], corrections: list[Step], changes: list[Step]
) -> None:
    add_people(folder)
    for step in before:
        step.do(folder)
    without = standing(), figures()
    first = take(folder, *rows, header=WITH_ID)
    having = standing(), figures()
    if first.batch_id is None:  # nothing was new
        assert having == without
        return

    correct_and_take_that_back(folder, corrections, first.batch_id)
    assert (standing(), figures()) == having
    undo_batch(first.batch_id, account_id=None)
    assert (standing(), figures()) == without
    for step in changes:  # figures are others from here on, entries are not
        step.do(folder)
    second = take(folder, *rows, header=WITH_ID)
    assert counts(second) == counts(first)
    assert standing() == having[0]
    assert changes or figures() == having[1]
    assert second.batch_id is not None
    undo_batch(second.batch_id, account_id=None)
    assert standing() == without[0]
    assert changes or figures() == without[1]
    assert_rollups()


def follow(world: databases.TestDatabase, **story: list[Step] | list[str]) -> None:
    moving.register()
    try:
        with databases.emptied_after(world) as (_, folder):
            tell(folder, **story)  # type: ignore[arg-type]  # as drawn
    finally:
        forget_years()


@hypothesis.settings(settings, max_examples=6)
@given(**STORY)
def test_import_undo_and_import_again_leave_the_same_content(
    shared_databases: Callable[[str], databases.TestDatabase],
    before: list[Step],
    rows: list[str],
    corrections: list[Step],
    changes: list[Step],
) -> None:
    world = shared_databases("sqlite")
    follow(world, before=before, rows=rows, corrections=corrections, changes=changes)


@hypothesis.settings(settings, max_examples=2)
@given(**STORY)
def test_they_leave_the_same_on_postgresql_too(
    shared_databases: Callable[[str], databases.TestDatabase],
    before: list[Step],
    rows: list[str],
    corrections: list[Step],
    changes: list[Step],
) -> None:
    world = shared_databases("postgresql")
    follow(world, before=before, rows=rows, corrections=corrections, changes=changes)
