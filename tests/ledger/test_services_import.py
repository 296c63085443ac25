"""Hours from a file: every row accounted for, nothing twice, nothing half."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from core.errors import RefusedError
from ledger.imports import open_hours
from ledger.models import Batch, CourseSum, Entry, MixCell, RejectedRow, UnitMonth
from ledger.queries.catalogue import category_ids
from ledger.rules.hours_files import Reading
from ledger.rules.kinds import Basis
from ledger.services.correcting import undo_batch
from ledger.services.importing import import_hours
from tests.ledger.worlds import (
    HEADER,
    add_people,
    assert_rollups,
    classify_file,
    counts,
    standing,
    take,
    write,
)
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")

TWO = ("E1,Welcome,2025-03-03,1.5", "E2,Welcome,2025-03-04,2")
WITH_ID = "external_id,employee_number,course,date,hours"


def entry_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_every_row_is_in_exactly_one_count(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(
        tmp_path,
        "E1,Welcome,2025-03-03,1.5,Completed",
        "E1,Welcome,2025-03-03,1.5,Completed",
        "E2,Welcome,2025-03-04,2,Failed",
        "E9,Welcome,2025-03-04,2,Completed",
        "E3,Welcome,2025-03-04,8 h 30,attended",
        header=f"{HEADER},status",
    )

    assert counts(result) == (2, 1, 0, 1, 1)
    assert result.rows == 5
    assert result.minutes == 90 + 510
    assert result.ignored_statuses == {"Failed": 1}
    assert_rollups()


def test_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    add_people(tmp_path)
    first = take(tmp_path, *TWO)

    again = take(tmp_path, *TWO)

    assert counts(again) == (0, 2, 0, 0, 0)
    assert again.minutes == 0
    assert again.earlier_batch_id == first.batch_id
    assert entry_count() == 2


def test_a_row_of_another_length_is_another_training(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, *TWO)

    result = take(tmp_path, "E1,Welcome,2025-03-03,1.75")

    assert counts(result) == (1, 0, 0, 0, 0)
    assert entry_count() == 3


def test_changed_content_under_the_same_id_reverses_and_enters_anew(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "a1,E1,Welcome,2025-03-03,1.5", "a2,E2,Welcome,2025-03-03,2", header=WITH_ID)

    result = take(
        tmp_path, "a1,E1,Welcome,2025-03-05,3", "a2,E2,Welcome,2025-03-03,2", header=WITH_ID
    )

    assert counts(result) == (0, 1, 1, 0, 0)
    assert result.minutes == 180 - 90
    rows = db.session.execute(select(Entry.minutes, Entry.sign).order_by(Entry.id)).all()
    assert [tuple(row) for row in rows] == [(90, 1), (120, 1), (-90, -1), (180, 1)]
    assert_rollups()


def test_ids_of_another_source_are_other_ids(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "a1,E1,Welcome,2025-03-03,1.5", header=WITH_ID, source="one system")

    result = take(tmp_path, "a1,E2,Other,2025-03-05,3", header=WITH_ID, source="another system")

    assert counts(result) == (1, 0, 0, 0, 0)


def test_an_id_twice_in_one_file_with_other_content_is_refused(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(
        tmp_path,
        "a1,E1,Welcome,2025-03-03,1.5",
        "a1,E1,Welcome,2025-03-03,1.5",
        "a1,E1,Welcome,2025-03-03,2",
        header=WITH_ID,
    )

    assert counts(result) == (1, 1, 0, 0, 1)
    refusal = result.refusals[0]
    assert (refusal.row, refusal.column, refusal.value) == (4, "external_id", "a1")
    assert refusal.reason == "Row 2 has the same id with other content."


def test_import_undo_and_import_again_leave_the_same_content(tmp_path: Path) -> None:
    add_people(tmp_path)
    rows = ("a1,E1,Welcome,2025-03-03,1.5", ",E2,Welcome,2025-03-04,2", "a3,E3,Tour,2025-03-04,0")
    batch = take(tmp_path, *rows, header=WITH_ID).batch_id
    content = standing()

    undo_batch(batch or 0, account_id=None)
    emptied = standing()
    again = take(tmp_path, *rows, header=WITH_ID)

    assert emptied == []
    assert counts(again) == (3, 0, 0, 0, 0)
    assert again.earlier_batch_id is None
    assert standing() == content
    assert_rollups()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        pytest.param("E9,Welcome,2025-03-03,1", "employee_number", "Nobody has", id="unknown"),
        pytest.param(",Welcome,2025-03-03,1", "employee_number", "names nobody", id="nobody"),
        pytest.param("E4,Welcome,2024-07-01,1", "date", "The person left on 30 June", id="leaver"),
        pytest.param("E1,Welcome,2999-01-01,1", "date", "", id="future"),
        pytest.param("E1,Welcome,2025-02-30,1", "date", "", id="no such day"),
        pytest.param("E1,Welcome,,1", "date", "The day is empty", id="no day"),
        pytest.param("E1,,2025-03-03,1", "course", "names no course", id="no course"),
        pytest.param("E1,Welcome,2025-03-03,-1", "hours", "cannot be negative", id="negative"),
        pytest.param("E1,Welcome,2025-03-03,25", "hours", "More than 24 hours", id="25 hours"),
        pytest.param("E1,Welcome,2025-03-03,NaN", "hours", "not a length", id="NaN"),
        pytest.param("E1,Welcome,2025-03-03,1e400", "hours", "not a length", id="1e400"),
        pytest.param("E1,Welcome,2025-03-03,inf", "hours", "not a length", id="infinite"),
        pytest.param("E1,Welcome,2025-03-03,", "hours", "length is empty", id="no length"),
        pytest.param("E1,Welcome,2025-03-03,99999999", "hours", "More than", id="absurd"),
    ],
)
def test_a_bad_row_says_column_value_reason_and_remedy(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    add_people(tmp_path)

    result = take(tmp_path, row, "E1,Good,2025-03-03,1")

    assert counts(result) == (1, 0, 0, 0, 1)
    refusal = result.refusals[0]
    assert (refusal.row, refusal.column) == (2, column)
    assert reason in refusal.reason
    assert refusal.remedy
    stored = db.session.scalars(select(RejectedRow)).one()
    assert (stored.row, stored.cells) == (2, row.split(","))


@pytest.mark.parametrize(
    ("hours", "minutes"), [("0", 0), ("8h 30", 510), ("1:30", 90), ("24", 1440), ("90 min", 90)]
)
def test_lengths_in_all_forms_are_taken(tmp_path: Path, hours: str, minutes: int) -> None:
    add_people(tmp_path)

    result = take(tmp_path, f"E1,Welcome,2025-03-03,{hours}")

    assert (result.new, result.minutes) == (1, minutes)


def test_the_last_day_of_a_leaver_still_counts(tmp_path: Path) -> None:
    add_people(tmp_path)

    assert take(tmp_path, "E4,Welcome,2024-06-30,1").new == 1


def test_long_lines_and_future_days_are_taken_when_confirmed(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(tmp_path, "E1,Welcome,2099-03-03,25", allow_long=True, allow_future=True)

    assert (result.new, result.minutes) == (1, 1500)


def test_days_that_could_mean_two_things_are_asked(tmp_path: Path) -> None:
    add_people(tmp_path)

    with pytest.raises(RefusedError, match="day first or month") as refusal:
        take(tmp_path, "E1,Welcome,03/04/2025,1")

    assert refusal.value.field == "date_order"
    assert take(tmp_path, "E1,Welcome,03/04/2025,1", date_order="day_first").new == 1
    assert standing()[0][2] == date(2025, 4, 3)


def test_one_day_after_the_twelfth_decides_the_whole_column(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(tmp_path, "E1,Welcome,03/04/2025,1", "E1,Welcome,03/25/2025,1")

    assert result.date_order == "month_first"
    assert {row[2] for row in standing()} == {date(2025, 3, 4), date(2025, 3, 25)}


def test_a_totals_line_is_named_as_one(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(tmp_path, TWO[0], "Total,,,1.5")

    assert counts(result) == (1, 0, 0, 0, 1)
    assert result.refusals[0].reason == "This looks like a totals line."


def test_thirty_cells_in_a_row_refuse_that_row_only(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(tmp_path, TWO[0], ",".join(["E1"] * 30), TWO[1])

    assert counts(result) == (2, 0, 0, 0, 1)
    assert result.refusals[0].reason == "The row has 30 cells, the header 4."


def test_strict_records_nothing_when_a_row_is_refused(tmp_path: Path) -> None:
    add_people(tmp_path)

    result = take(tmp_path, *TWO, "E9,Welcome,2025-03-03,1", strict=True)

    assert result.batch_id is None
    assert counts(result) == (2, 0, 0, 0, 1)
    for table in (Entry, Batch, RejectedRow, MixCell, UnitMonth, CourseSum):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_strict_records_a_file_without_fault(tmp_path: Path) -> None:
    add_people(tmp_path)

    assert take(tmp_path, *TWO, strict=True).batch_id is not None


def test_a_dry_run_writes_nothing_and_says_what_the_real_run_does(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "a1,E1,Welcome,2025-03-03,1.5", "a4,E3,Tour,2025-03-03,1", header=WITH_ID)
    before = (entry_count(), standing())
    rows = (
        "a1,E1,Welcome,2025-03-03,2",
        "a2,E2,Welcome,2025-03-03,2",
        "a2,E2,Welcome,2025-03-03,2",
        "a4,E3,Tour,2025-03-03,1",
        ",E2,Welcome,2025-03-09,2",
        ",E2,Welcome,2025-03-09,2",
        "a3,E9,Welcome,2025-03-03,2",
    )

    dry = take(tmp_path, *rows, header=WITH_ID, dry_run=True)
    after = (entry_count(), standing())
    real = take(tmp_path, *rows, header=WITH_ID)

    assert after == before
    assert dry.batch_id is None
    assert counts(dry) == counts(real) == (2, 3, 1, 0, 1)
    assert dry.minutes == real.minutes
    assert dry.refusals == real.refusals


def test_sessions_on_contact_basis_have_nobody(tmp_path: Path) -> None:
    rows = ("Welcome,2025-03-03,1.5", "Tour,2025-03-04,2", "Tour,2025-03-04,2")

    result = take(tmp_path, *rows, header="course,date,hours", basis=Basis.CONTACT)

    assert counts(result) == (2, 1, 0, 0, 0)
    assert {row[4] for row in standing()} == {"contact"}
    assert {row[0] for row in standing()} == {None}
    assert_rollups()


def test_people_are_added_by_number_when_that_is_wanted(tmp_path: Path) -> None:
    result = take(tmp_path, *TWO, "E1,Tour,2025-03-05,1", add_people=True)

    assert counts(result) == (3, 0, 0, 0, 0)
    assert result.new_people == 2
    assert {row[0] for row in standing()} == {"E1", "E2"}


def test_a_category_in_the_file_classifies_courses_that_have_none(tmp_path: Path) -> None:
    add_people(tmp_path)
    classify_file(tmp_path, "Known,technical")

    result = take(
        tmp_path,
        "E1,Fresh,2025-03-03,1,hospitality",
        "E1,Known,2025-03-03,2,Hospitality",
        "E1,Odd,2025-03-03,2,juggling",
        header=f"{HEADER},category",
    )

    assert counts(result) == (2, 0, 0, 0, 1)
    assert result.refusals[0].column == "category"
    ids = category_ids()
    rows = db.session.execute(select(MixCell.category_id, MixCell.minutes))
    assert sorted(map(tuple, rows)) == sorted([(ids["hospitality"], 60), (ids["technical"], 120)])
    assert_rollups()


def test_a_category_named_later_classifies_a_known_course_too(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "E1,Fresh,2025-03-03,1")

    take(tmp_path, "E1,Fresh,2025-03-04,1,hospitality", header=f"{HEADER},category")

    assert_rollups()


def test_a_surname_and_a_number_keep_what_they_look_like(tmp_path: Path) -> None:
    add_people(tmp_path, "employee_number,name\n007,NA\n7,Null\n")

    take(tmp_path, "007,Welcome,2025-03-03,1", "7,Welcome,2025-03-03,1")

    assert [row[0] for row in standing()] == ["007", "7"]


def test_an_email_address_names_a_person_as_well(tmp_path: Path) -> None:
    add_people(tmp_path, "employee_number,name,email\nE1,Ada,ada@example.org\n")

    result = take(
        tmp_path,
        "ADA@example.org,Welcome,2025-03-03,1",
        "bo@example.org,Welcome,2025-03-03,1",
        header="email,course,date,hours",
    )

    assert counts(result) == (1, 0, 0, 0, 1)
    assert result.refusals[0].reason == "Nobody has this e-mail address."


def test_two_imports_of_one_file_at_once_record_it_once(tmp_path: Path, app: Flask) -> None:
    add_people(tmp_path)
    rows = [f"E{i % 3 + 1},Course {i % 7},2025-03-{i % 28 + 1:02d},{i % 5 + 1}" for i in range(400)]
    path = write(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    results = []

    def run() -> None:
        with app.app_context():
            results.append(import_hours(open_hours(path).source(), Reading()))
            db.session.remove()

    at_once(run)

    news = sorted(result.new for result in results)
    assert news[0] == 0
    assert news[1] == len(set(rows)) == entry_count()
    assert_rollups()


KILLED = """
import sys
from pathlib import Path
from tests.databases import application
from ledger.imports import open_hours
from ledger.rules.hours_files import Reading
from ledger.services import importing, rollups
importing.SETTLE_ROWS = 1000
url, path = sys.argv[1:]
settle = importing._Import._settle
def slowly(self, rows):
    settle(self, rows)
    print("settled", flush=True)
importing._Import._settle = slowly
with application(url).app_context():
    importing.import_hours(open_hours(Path(path)).source(), Reading())
"""


def test_an_import_that_is_killed_leaves_nothing(tmp_path: Path, app: Flask) -> None:
    add_people(tmp_path)
    rows = [f"E1,Course {i},2025-03-03,1" for i in range(60_000)]
    path = write(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    process = subprocess.Popen(  # noqa: S603  # our own words
        [sys.executable, "-c", KILLED, url, str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"settled\n"

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    deadline = time.monotonic() + 10
    while entry_count() and time.monotonic() < deadline:
        db.session.rollback()
    assert entry_count() == 0
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0
    assert take(tmp_path, *TWO).new == 2
    assert_rollups()


def test_a_german_file_is_understood(database: None, tmp_path: Path) -> None:
    add_people(tmp_path)
    path = write(
        tmp_path,
        "Personalnummer;Kurstitel;Datum;Dauer;Teilnahmestatus;Schulungsart;Kosten\n"
        "E1;Umgang mit Beschwerden;03.02.2026;1,5 Std.;teilgenommen;Präsenz;1.200,50 €\n"
        "E2;Kassensystem;28.02.2026;90 Minuten;abgeschlossen;Online;\n"
        "E2;Kassensystem;27.02.2026;1 Stunde;nicht erschienen;Online;\n"
        "Summe;;;3;;;\n",
    )

    result = import_hours(open_hours(path).source(), Reading())

    assert (result.new, result.ignored, result.refused) == (2, 1, 1)
    assert result.refusals[0].reason == "This looks like a totals line."
    assert [line[:4] for line in standing()] == [
        ("E1", "Umgang mit Beschwerden", date(2026, 2, 3), 90),
        ("E2", "Kassensystem", date(2026, 2, 28), 90),
    ]
