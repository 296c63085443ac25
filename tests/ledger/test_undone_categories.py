"""What an hours file said that courses count as goes when the file is taken back."""

import pytest
from sqlalchemy import func, select

from core.db import db
from ledger.models import Batch, Classification
from ledger.services.correcting import undo_batch
from tests.ledger.test_cli import run
from tests.ledger.test_services_classify import minutes_by_category
from tests.ledger.worlds import add_people, assert_rollups, classify, counts, take, write

HEADER = "employee_number,course,date,minutes"
WITH_CATEGORY = f"{HEADER},category"


@pytest.fixture
def people(database, tmp_path):
    add_people(tmp_path)


def batches():
    return db.session.scalar(select(func.count()).select_from(Batch))


def test_undoing_an_import_leaves_its_courses_as_unclassified_as_before(people, tmp_path):
    take(tmp_path, "E1,Fire,2025-02-01,60", header=HEADER)
    rows = ("E2,Fire,2025-02-02,30,service_recovery", "E2,Wine,2025-02-03,15,technical")
    batch = take(tmp_path, *rows, header=WITH_CATEGORY)
    between = minutes_by_category()

    undo_batch(batch.batch_id, account_id=None)

    assert between == {"service_recovery": 90, "technical": 15}
    assert minutes_by_category() == {"": 60}
    held = select(Classification.batch_id).where(Classification.superseded_at.is_not(None))
    assert list(db.session.scalars(held)) == [batch.batch_id, batch.batch_id]
    assert_rollups()


def test_the_same_file_again_after_its_undoing_says_it_again(people, tmp_path):
    row = "E2,Fire,2025-02-02,30,service_recovery"
    undo_batch(take(tmp_path, row, header=WITH_CATEGORY).batch_id, account_id=None)

    assert counts(take(tmp_path, row, header=WITH_CATEGORY)) == (1, 0, 0, 0, 0)
    assert minutes_by_category() == {"service_recovery": 30}
    assert_rollups()


def test_what_a_person_said_since_stays_when_the_import_is_undone(people, tmp_path):
    take(tmp_path, "E1,Fire,2025-02-01,60", header=HEADER)
    batch = take(tmp_path, "E2,Fire,2025-02-02,30,service_recovery", header=WITH_CATEGORY)
    classify("Fire", ("compliance", 100))

    undo_batch(batch.batch_id, account_id=None)

    assert minutes_by_category() == {"compliance": 60}
    assert_rollups()


def test_a_file_of_which_nothing_is_new_makes_no_batch(people, tmp_path):
    row = "E1,Fire,2025-02-01,60"
    take(tmp_path, row, header=HEADER)

    again = take(tmp_path, row, header=HEADER)

    assert (again.batch_id, counts(again), batches()) == (None, (0, 1, 0, 0, 0), 1)


def test_a_file_that_only_says_a_category_is_a_batch(people, tmp_path):
    take(tmp_path, "E1,Fire,2025-02-01,60", header=HEADER)

    again = take(tmp_path, "E1,Fire,2025-02-01,60,compliance", header=WITH_CATEGORY)
    named = minutes_by_category()
    undo_batch(again.batch_id, account_id=None)

    assert (counts(again), named) == ((0, 1, 0, 0, 0), {"compliance": 60})
    assert minutes_by_category() == {"": 60}
    assert_rollups()


def test_the_command_says_that_nothing_is_new_and_exits_with_0(app, people, tmp_path):
    path = write(tmp_path, f"{HEADER}\nE1,Fire,2025-02-01,60\n")
    run(app, "import", path)

    again = run(app, "import", path)

    assert again.exit_code == 0
    assert "Nothing is recorded: nothing in the file is new." in again.output
    assert batches() == 1
