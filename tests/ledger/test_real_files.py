"""Files that organisations and their systems really wrote, where there is a folder of them.

`TRAINING_MIX_REAL_DATA` names the folder. What a city's calendar of sessions adds up to, once it is
classified, is in `tests/planner/test_one_figure.py`, in every run beside a likeness of it.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from ledger.models import Entry
from tests.ledger.worlds import assert_rollups, write

VARIABLE = "TRAINING_MIX_REAL_DATA"
FOLDER = Path(os.environ.get(VARIABLE, "."))
pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.skipif(
        VARIABLE not in os.environ, reason=f"{VARIABLE} names no folder of real exports"
    ),
]
Run = Callable[..., Any]


@pytest.fixture
def run(app: Flask) -> Run:
    def run_command(*words: object) -> Any:
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return run_command


def told(result: Any, *keys: str) -> tuple[Any, ...]:
    found = json.loads(result.stdout)
    return tuple(found[key] for key in keys)


@pytest.mark.parametrize(
    ("calendar", "figures", "soft"),
    [
        ("Human Resources calendar", (69, 25_710), 11_070),
        ("IT calendar", (77, 11_160), 0),
    ],
)
def test_each_calendar_of_the_city_alone(
    run: Run, tmp_path: Path, calendar: str, figures: tuple[int, int], soft: int
) -> None:
    folder = FOLDER / "burnaby_training_calendar"
    head, *rows = (folder / "sessions.csv").read_text(encoding="utf-8").splitlines()
    own = write(tmp_path, "\n".join([head, *(row for row in rows if calendar in row)]) + "\n")

    brought = run("ledger", "import", own, "--basis", "contact", "--format", "json")
    run("ledger", "classify", folder / "classification.csv")

    assert told(brought, "new", "minutes") == figures
    balance = ("planner", "balance", "--basis", "contact", "--definition", "broad")
    assert told(run(*balance, "--format", "json"), "soft_minutes") == (soft,)
    assert_rollups()


def test_the_record_of_one_employee(run: Run) -> None:
    path = FOLDER / "oregon_public_safety_transcript" / "transcript.csv"

    brought = run("ledger", "import", path, "--add-people", "--allow-long", "--format", "json")

    assert brought.exit_code == 0
    assert told(brought, "rows", "new", "refused", "minutes") == (138, 138, 0, 67_860)
    zero = select(func.count()).select_from(Entry).where(Entry.minutes == 0)
    assert db.session.scalar(zero) == 9
    assert_rollups()


def test_rows_in_days_of_people_whose_numbers_overlap_in_part(run: Run) -> None:
    """Failed and incomplete ones do not count; of the rest every row is recorded or refused."""
    folder = FOLDER / "employee_training_synthetic"
    hours = ("ledger", "import", folder / "training_and_development_data.csv", "--format", "json")
    keys = ("rows", "new", "ignored", "refused", "minutes")

    strangers = run(*hours)
    people = run("people", "import", folder / "employee_data_min.csv", "--format", "json")
    known = run(*hours, "--allow-long")

    assert told(strangers, *keys) == (3_000, 0, 1_491, 1_509, 0)
    assert told(people, "rows", "new", "refused") == (3_000, 3_000, 0)
    assert told(known, *keys) == (3_000, 1_024, 1_491, 485, 1_476_480)
    statuses = db.session.scalars(select(Entry.status).distinct().order_by(Entry.status)).all()
    assert statuses == ["Completed", "Passed"]
    assert_rollups()


def test_courses_of_a_contact_centre_with_lengths_in_words(run: Run) -> None:
    done = run("ledger", "catalogue", FOLDER / "contact_centre_courses" / "courses.csv")

    assert done.output == "8 courses, 1050 minutes planned; 8 of them new.\n"


def test_an_organisation_with_managers_by_name(run: Run) -> None:
    path = FOLDER / "hrdataset_v14" / "HRDataset_v14.csv"

    brought = run("people", "import", path, "--format", "json")

    assert told(brought, "rows", "new", "refused") == (311, 311, 0)
    assert told(brought, "remarks")[0][0] == (
        "75 people are recorded without a manager, as the name given stands for nobody in the file "
        "or here: “Alex Sweetwater” (9), “Board of Directors” (2), “David Stanley” (21), "
        "“Michael Albert” (22), “Webster Butler” (21)."
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("empty", "The file is empty. Choose a file with a header row and rows below it."),
        (
            "notenoughcolumns",
            "The file has no column for the person (employee_number or email), the day (date) and "
            "the length (hours, minutes or days). Its columns are COURSE_IDNUMBER.",
        ),
        *(
            (name, "The file has no column for the day (date) and the length (hours, minutes or "
                   "days). Its columns are COURSE_IDNUMBER and USER_USERNAME.")
            for name in ("onecourseresult", "onecourseresult_nocourse", "onecourseresult_nouser")
        ),
    ],
)  # fmt: skip
def test_the_layout_of_a_learning_platform(run: Run, name: str, sentence: str) -> None:
    folder = FOLDER / "moodle_completion_upload_csv"

    done = run("ledger", "import", folder / f"tests__fixtures__{name}.csv")

    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: {sentence}")
