"""Completions from a file: every row accounted for, the same file again adds nothing."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import RefusedError, ValueProblem
from curricula.imports import open_completions
from curricula.models.outcomes import Certificate, Completion
from curricula.models.paths import LearningAssignment
from curricula.queries.learning import learning_of
from curricula.rules.completion_files import score_from_text
from curricula.services.recording import import_completions
from people.rules.access import OPERATOR
from tests.curricula.learners import give, path, person, taught
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
FILE = """User ID,Course code,Completion date,Status,Score,Attempt ID
1,hos-01,2026-05-04,Passed,84.5 %,a1
2,HOS-01,2026-05-05,Completed,,a2
2,HOS-01,2026-05-05,Completed,,
1,HOS-01,2026-05-06,In progress,,a3
9,HOS-01,2026-05-06,Passed,,a4
1,NONE-1,2026-05-06,Passed,,a5
1,HOS-01,2027-05-06,Passed,,a6
1,HOS-01,someday,Passed,,a7
1,HOS-01,2026-05-07,Passed,140,a8
"""


@pytest.fixture
def ana():
    taught()
    person("2")
    return person("1")


def bring(folder, text=FILE, *, dry_run=False, source="Old LMS"):
    file = open_completions(write(folder, text), source=source, today=TODAY)
    return import_completions(file.lines, file.refusals, dry_run=dry_run, account_id=None)


def counts(found) -> tuple[int, ...]:
    return found.rows, found.new, found.same, found.ignored, found.refused


def recorded() -> list[tuple[object, ...]]:
    rows = db.session.scalars(select(Completion).order_by(Completion.id))
    return [
        (one.completed_on, one.score_percent, one.source.value, one.source_name, one.external_id)
        for one in rows
    ]


def test_every_row_is_accounted_for_and_a_dry_run_records_nothing(ana, tmp_path):
    found = bring(tmp_path, dry_run=True)

    assert counts(found) == (9, 2, 1, 1, 5)
    assert [(one.row, one.column, one.value) for one in found.refusals] == [
        (6, "User ID", "9"),
        (7, "Course code", "NONE-1"),
        (8, "Completion date", "2027-05-06"),
        (9, "Completion date", "someday"),
        (10, "Score", "140"),
    ]
    assert recorded() == []


def test_nobody_knows_which_version_another_system_taught(ana, tmp_path):
    bring(tmp_path)

    assert set(db.session.scalars(select(Completion.version_id))) == {None}
    page = learning_of(ana, OPERATOR, TODAY)
    assert [one.title for one in page.learnt] == ["Title of HOS-01"]


def test_the_same_file_again_adds_nothing(ana, tmp_path):
    assert bring(tmp_path).new == 2
    assert recorded() == [
        (date(2026, 5, 4), 85, "imported", "Old LMS", "a1"),
        (date(2026, 5, 5), None, "imported", "Old LMS", "a2"),
    ]

    assert counts(bring(tmp_path)) == (9, 0, 3, 1, 5)
    assert len(recorded()) == 2
    assert db.session.scalars(select(Certificate)).all() == []


def test_an_id_that_says_something_else_now_is_refused_and_the_fact_stays(ana, tmp_path):
    bring(tmp_path)
    changed = "user id,course code,completion date,attempt id\n1,HOS-01,2026-05-20,a1\n"

    found = bring(tmp_path, changed)

    assert counts(found) == (1, 0, 0, 0, 1)
    assert "facts never change" in found.refusals[0].reason
    assert bring(tmp_path, changed, source="New LMS").new == 1


def test_a_person_is_found_by_e_mail_and_a_curriculum_completed_by_the_file(ana, tmp_path):
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 5, 1))

    bring(tmp_path, "email,module,completed_on\n1@EXAMPLE.org,HOS-01,2026-05-09\n")

    db.session.expire_all()
    assert db.session.get_one(LearningAssignment, held).completed_on == date(2026, 5, 9)


def test_a_file_without_a_needed_column_says_which(ana, tmp_path):
    with pytest.raises(RefusedError, match="the module code"):
        bring(tmp_path, "employee_number,completed_on\n1,2026-05-09\n")


@pytest.mark.parametrize(
    ("text", "expected"), [("", None), ("85", 85), ("84,5", 85), ("84.4 %", 84), ("100", 100)]
)
def test_scores_are_read_in_whole_percent(text, expected):
    assert score_from_text(text) == expected


@pytest.mark.parametrize("text", ["good", "-1", "101", "nan"])
def test_other_scores_are_refused(text):
    with pytest.raises(ValueProblem):
        score_from_text(text)


def test_hr_checks_and_records_a_file_on_the_page(ana, browser):
    with at(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        browser.sign_in("hr")
        data = {"file": (io.BytesIO(FILE.encode()), "lms.csv"), "source": "Old LMS"}
        page = browser.submit("/import/completions", data)
        assert page.h1.get_text(strip=True) == "2 completions are ready to record."
        assert "Nobody has this number." in page.get_text()
        link = page.select_one("a[href$='refused.csv']")["href"]
        assert b"NONE-1" in browser.open(link).data

        page = browser.submit(link.removesuffix("/refused.csv"))
        assert "2 completions are new" in page.get_text()
    assert len(recorded()) == 2
    browser.sign_in("trainer")
    browser.get("/import/completions", status=404)


def test_the_command_prints_counts_and_says_that_rows_were_refused(ana, app, tmp_path):
    file = write(tmp_path, FILE)
    db.session.commit()

    answer = app.test_cli_runner().invoke(
        args=["curricula", "completions", str(file), "--format", "json"]
    )

    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert (told["rows"], told["new"], told["refused"]) == (9, 2, 5)
    assert told["refusals"][0]["remedy"]


def test_the_command_says_of_each_refused_row_where_why_and_what_to_do(ana, app, tmp_path):
    wide = "1,HOS-01,2026-05-04,Passed,84,a1" + ",x" * 24
    long_id = f"1,HOS-01,2026-05-04,Passed,84,{'a' * 201}"
    kept_id = f"2,HOS-01,2026-05-04,Passed,84,{'a' * 200}"
    rows = ["1,HOS-01,2026-05-04,Perhaps,,a9", "1,HOS-01,2099-05-04,Passed,,a8", wide, long_id,
            kept_id]  # fmt: skip
    file = write(tmp_path, "\n".join([FILE.splitlines()[0], *rows]))
    db.session.commit()

    answer = app.test_cli_runner().invoke(args=["curricula", "completions", str(file)])

    assert answer.stdout == "5 rows: 1 new, 0 same, 0 ignored, 4 refused.\n"
    assert answer.stderr.splitlines() == [
        "Row 2, Status “Perhaps”: It is not known whether this status counts."
        " Write “passed” or “failed” there, or take the column out.",
        "Row 3, Completion date “2099-05-04”: The day lies in the future."
        " Mend the day, or bring the row when it is done.",
        "Row 4: The row has 30 cells, the header 6."
        " Put text that holds commas in quotation marks, or remove the extra cells.",
        f"Row 5, Attempt ID “{'a' * 200}…”: This id has 201 characters; at most 200 can be kept."
        " Shorten it to 200 characters, the same in every file.",
    ]
    answer = app.test_cli_runner().invoke(
        args=["curricula", "completions", str(file), "--source", "LMS " * 40]
    )
    assert answer.exit_code == 2
    assert answer.stderr.startswith("Error: This name of a system has 160 characters; at most 120")
