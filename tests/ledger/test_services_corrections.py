"""Corrections and undoing: nothing is changed, another line is added, with who and why."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError, RefusedError
from ledger.models import Batch, Entry
from ledger.rules.corrections import CorrectionDraft
from ledger.services.correcting import correct_entry, undo_batch
from tests.ledger.worlds import add_people, assert_rollups, counts, course_id, standing, take

pytestmark = pytest.mark.usefixtures("database")

ROW = "E1,Welcome,2025-03-03,1.5"
WITH_ID = "external_id,employee_number,course,date,hours"


def lines() -> list[tuple[int | None, ...]]:
    rows = db.session.execute(
        select(Entry.minutes, Entry.sign, Entry.reverses_id).order_by(Entry.id)
    )
    return [tuple(row) for row in rows]


def draft(minutes: int | None = 60, why: str = "It was an hour") -> CorrectionDraft:
    return CorrectionDraft(course_id("Welcome"), date(2025, 3, 3), minutes, why)


def test_a_correction_is_a_reversal_and_a_new_entry_with_who_and_why(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, ROW)

    batch = correct_entry(1, draft(), account_id=None)

    assert lines() == [(90, 1, None), (-90, -1, 1), (60, 1, None)]
    kept = db.session.get_one(Batch, batch.id)
    assert (kept.kind, kept.why, kept.account_id) == ("correction", "It was an hour", None)
    assert (kept.first_entry_id, kept.last_entry_id) == (2, 3)
    assert_rollups()


def test_a_correction_may_only_take_back(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, ROW)

    correct_entry(1, draft(None), account_id=None)

    assert standing() == []
    assert_rollups()


def test_an_entry_that_does_not_stand_is_not_corrected_again(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, ROW)
    correct_entry(1, draft(), account_id=None)

    with pytest.raises(RefusedError, match="correct the one that stands"):
        correct_entry(1, draft(30), account_id=None)
    with pytest.raises(RefusedError, match="correct the one that stands"):
        correct_entry(2, draft(30), account_id=None)
    with pytest.raises(NotFoundError):
        correct_entry(99, draft(30), account_id=None)


def test_a_correction_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, ROW)

    with pytest.raises(RefusedError, match="Nothing would change"):
        correct_entry(1, draft(90), account_id=None)
    assert lines() == [(90, 1, None)]


def test_a_corrected_row_counts_as_new_when_its_file_comes_again(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, ROW)
    correct_entry(1, draft(), account_id=None)

    assert counts(take(tmp_path, "E1,Welcome,2025-03-03,1")) == (0, 1, 0, 0, 0)


def test_undoing_reverses_every_entry_of_a_batch(tmp_path: Path) -> None:
    add_people(tmp_path)
    batch = take(tmp_path, ROW, "E2,Welcome,2025-03-03,2").batch_id or 0

    undo = undo_batch(batch, account_id=None, why="wrong file")

    assert (undo.undoes_id, undo.why, undo.counts) == (batch, "wrong file", {"reversed": 2})
    assert standing() == []
    assert_rollups()


def test_undoing_twice_or_undoing_an_undoing_is_refused(tmp_path: Path) -> None:
    add_people(tmp_path)
    batch = take(tmp_path, ROW).batch_id or 0
    undo = undo_batch(batch, account_id=None)

    with pytest.raises(RefusedError, match="undone before"):
        undo_batch(batch, account_id=None)
    with pytest.raises(RefusedError, match="itself an undoing"):
        undo_batch(undo.id, account_id=None)
    with pytest.raises(NotFoundError):
        undo_batch(99, account_id=None)


def test_undoing_changes_leaves_what_was_there_before(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "a1,E1,Welcome,2025-03-03,1.5", header=WITH_ID)
    content = standing()
    second = take(tmp_path, "a1,E1,Welcome,2025-03-03,3", header=WITH_ID).batch_id or 0

    undo_batch(second, account_id=None)

    assert standing() == content
    assert_rollups()


def test_an_import_with_a_later_correction_is_undone_after_the_correction(tmp_path: Path) -> None:
    add_people(tmp_path)
    batch = take(tmp_path, ROW, "E2,Welcome,2025-03-03,2").batch_id or 0
    correction = correct_entry(1, draft(), account_id=None)

    with pytest.raises(RefusedError, match="1 of its entries were corrected since"):
        undo_batch(batch, account_id=None)
    undo_batch(correction.id, account_id=None)
    undo_batch(batch, account_id=None)

    assert standing() == []
    assert_rollups()


def test_an_import_is_undone_after_undoing_the_import_that_changed_it(tmp_path: Path) -> None:
    add_people(tmp_path)
    first = take(tmp_path, "a1,E1,Welcome,2025-03-03,1.5", header=WITH_ID).batch_id or 0
    for hours in ("3", "4"):
        changed = take(tmp_path, f"a1,E1,Welcome,2025-03-03,{hours}", header=WITH_ID).batch_id or 0
        undo_batch(changed, account_id=None)

    undo_batch(first, account_id=None)

    assert standing() == []
    assert_rollups()
