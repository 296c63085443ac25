"""The commands of the ledger as scripts see them: answers, exit codes, files."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from core.db import db, take_turn, transaction
from ledger.cli import ledger_cli
from ledger.models import Batch, UnitMonth
from tests.ledger.worlds import add_people, standing, write

pytestmark = pytest.mark.usefixtures("database")

HOURS = "employee_number,course,date,hours\nE1,Welcome,2025-03-03,1.5\nE9,Tour,2025-03-04,2\n"
GOOD = "employee_number,course,date,hours\nE1,Welcome,2025-03-03,1.5\n"


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(ledger_cli, [str(word) for word in words])


def test_import_takes_the_good_rows_and_exits_with_1(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, HOURS), "--format", "json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "batch": 1,
        "rows": 2,
        "new": 1,
        "same": 0,
        "changed": 0,
        "ignored": 0,
        "refused": 1,
        "minutes": 90,
        "refusals": [
            {
                "row": 3,
                "column": "employee_number",
                "value": "E9",
                "reason": "Nobody has this number.",
                "remedy": "Add the person first, or mend the number.",
            }
        ],
    }
    assert len(standing()) == 1


def test_import_of_a_good_file_exits_with_0_and_says_so_in_text(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, GOOD))

    assert result.exit_code == 0
    assert "1 row: 1 new, 0 same, 0 changed, 0 ignored, 0 refused." in result.stdout


def test_a_dry_run_records_nothing(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, GOOD), "--dry-run")

    assert (result.exit_code, standing()) == (0, [])
    assert result.stdout.startswith("Dry run: nothing is recorded.\n")


def test_strict_records_nothing_and_exits_with_2(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, HOURS), "--strict")

    assert (result.exit_code, standing()) == (2, [])
    assert result.stdout.startswith("Nothing is recorded.\n")


def test_refused_rows_can_be_mended_and_imported_again(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)
    rejects = tmp_path / "rejects.csv"
    run(app, "import", write(tmp_path, HOURS), "--rejects", rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream)
    assert header[:3] == ["refused_row", "refused_because", "what_to_do"]
    assert header[3:7] == ["employee_number", "course", "date", "hours"]
    assert row[3:7] == ["E9", "Tour", "2025-03-04", "2"]
    mended = rejects.read_text(encoding="utf-8-sig").replace("E9", "E2")

    result = run(app, "import", write(tmp_path, mended), "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)["new"]) == (0, 1)


def test_rows_refused_a_second_time_come_back_as_they_were(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    text = "employee_number,course,date,hours\nE9,Tour,2025-03-04,2\nE1,Tour,2025-03-05,2,more\n"
    run(app, "import", write(tmp_path, text), "--rejects", first)

    result = run(app, "import", first, "--rejects", second, "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)["refused"]) == (1, 2)
    with second.open(encoding="utf-8-sig", newline="") as stream:
        header, unknown, too_long = csv.reader(stream)
    assert header[3:] == ["employee_number", "course", "date", "hours"]
    assert unknown[3:] == ["E9", "Tour", "2025-03-04", "2"]
    assert too_long[-5:] == ["E1", "Tour", "2025-03-05", "2", "more"]


def test_a_profile_that_is_not_there_is_named_and_nothing_is_recorded(
    app: Flask, tmp_path: Path
) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, HOURS), "--profile", "LMS")

    assert (result.exit_code, standing()) == (2, [])
    assert "No profile is called LMS. Remembered are: none yet." in result.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "The file is empty", id="empty"),
        pytest.param("employee_number,course,date,hours\n", "no rows", id="header only"),
        pytest.param("a,b\n1,2\n", "The file has no column for", id="not hours"),
        pytest.param(
            "employee_number,course,date,hours\nE1,W,03/04/2025,1\n", "day first", id="ambiguous"
        ),
    ],
)
def test_a_file_that_cannot_be_read_exits_with_2_and_one_sentence(
    app: Flask, tmp_path: Path, text: str, sentence: str
) -> None:
    add_people(tmp_path)

    result = run(app, "import", write(tmp_path, text))

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_classify_undo_and_check(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)
    run(app, "import", write(tmp_path, GOOD))

    classified = run(
        app,
        "classify",
        write(tmp_path, "course,category\nWelcome,technical\nTour,juggling\n"),
        "--format",
        "json",
    )
    checked = run(app, "check")
    undone = run(app, "undo", 1)
    again = run(app, "undo", 1)

    assert classified.exit_code == 1
    answer = json.loads(classified.stdout)
    assert (answer["rows"], answer["classified"], answer["refused"]) == (2, 1, 1)
    assert (checked.exit_code, undone.exit_code, again.exit_code) == (0, 0, 2)
    assert "Batch 1 is undone by batch 3: 1 entries reversed." in undone.stdout


def test_check_exits_with_1_when_a_cell_differs(app: Flask, tmp_path: Path) -> None:
    add_people(tmp_path)
    run(app, "import", write(tmp_path, GOOD))
    with transaction() as session:
        take_turn(session)
        session.execute(update(UnitMonth).values(entries=7))

    result = run(app, "check")

    assert result.exit_code == 1
    assert "unit_month" in result.stderr


def test_a_catalogue_brings_courses_with_their_lengths(app: Flask, tmp_path: Path) -> None:
    text = "title,duration\nWelcome,20 mins\nTour,4 hr 37 mins\n"

    result = run(app, "catalogue", write(tmp_path, text), "--format", "json")

    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["courses"], answer["new"], answer["minutes"]) == (2, 2, 297)


def test_no_row_of_a_catalogue_is_lost_without_a_word(app: Flask, tmp_path: Path) -> None:
    rows = ["Welcome,20 mins", "Welcome,20 mins", "Tour", "To\0ur,1 h", "Welcome,30 mins"]
    path = write(tmp_path, "\n".join(["title,duration", *rows]))

    result = run(app, "catalogue", path)

    assert result.exit_code == 1
    assert result.stdout == "1 course, 20 minutes planned; 1 of them new.\n"
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "Row 4, whole row “Tour”",
        "Row 5, whole row “To\ufffdur | 1 h”",
        "Row 6, course “Welcome”",
    ]
    assert "Row 2 gives this course another length. Keep the row that is right." in result.stderr


def test_a_file_of_refused_rows_only_records_nothing_and_hands_them_out(
    app: Flask, tmp_path: Path
) -> None:
    add_people(tmp_path)
    rejects = tmp_path / "rejects.csv"
    text = "employee_number,course,date,hours\nE9,Tour,2025-03-04,2\n"

    result = run(app, "import", write(tmp_path, text), "--rejects", rejects)

    assert result.exit_code == 1
    assert result.stdout.startswith("Nothing is recorded: every row is refused.\n")
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0
    assert '"E9","Tour","2025-03-04","2"' in rejects.read_text(encoding="utf-8-sig")
