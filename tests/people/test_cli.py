import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from people.models import Account, Employee, PeopleBatch
from people.queries.profiles import PEOPLE
from people.services.profiles import keep_profile
from tests.people.files import people_file

pytestmark = pytest.mark.usefixtures("database")

ONE_BAD = "employee_number,name,level\n1,Ana,\n2,Ben,wizard\n"


def run(app: Flask, *words: object, **options: object) -> Result:
    return app.test_cli_runner().invoke(args=["people", *map(str, words)], **options)


def test_import_prints_json_that_adds_up(app, tmp_path):
    result = run(app, "import", people_file(tmp_path, ONE_BAD), "--format", "json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told == {
        "batch": 1,
        "rows": 2,
        "new": 1,
        "same": 0,
        "changed": 0,
        "refused": 1,
        "remarks": [],
        "refusals": [
            {
                "row": 3,
                "column": "level",
                "value": "wizard",
                "reason": "This is none of the five levels.",
                "remedy": "Write front line, senior, team lead, manager or executive.",
            }
        ],
    }


def test_import_says_what_it_did_and_exits_with_0(app, tmp_path):
    result = run(app, "import", people_file(tmp_path, "employee_number,name\n1,Ana"))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "1 row: 1 new, 0 same, 0 changed, 0 refused.",
        "Recorded as people file 1.",
    ]


def test_import_writes_the_refused_rows_to_be_mended(app, tmp_path):
    rejects = tmp_path / "mend.csv"

    run(app, "import", people_file(tmp_path, ONE_BAD), "--rejects", rejects)
    mended = rejects.read_text(encoding="utf-8").replace("wizard", "senior")
    again = run(app, "import", people_file(tmp_path, mended, "mended.csv"))

    assert again.exit_code == 0
    assert sorted(db.session.scalars(select(Employee.name))) == ["Ana", "Ben"]


@pytest.mark.parametrize(("option", "exit_code"), [("--strict", 2), ("--dry-run", 1)])
def test_import_that_saves_nothing(app, tmp_path, option, exit_code):
    result = run(app, "import", people_file(tmp_path, ONE_BAD), option)

    assert result.exit_code == exit_code
    assert db.session.scalars(select(Employee)).all() == []


def test_import_of_a_file_that_cannot_be_read_exits_with_2(app, tmp_path):
    result = run(app, "import", people_file(tmp_path, "a,b\nc,d"), "--format", "json")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no column for the employee number" in result.stderr


def test_undo_takes_the_file_back(app, tmp_path):
    run(app, "import", people_file(tmp_path, "employee_number,name\n1,Ana"))

    assert run(app, "undo", 1).exit_code == 0
    assert run(app, "undo", 1).exit_code == 2
    assert run(app, "undo", 99).exit_code == 2
    assert db.session.scalars(select(Employee)).all() == []


def test_add_account_reads_the_password_from_standard_input(app, tmp_path):
    run(app, "import", people_file(tmp_path, "employee_number,name\n1,Ana Ito"))

    weak = run(app, "add-account", "a@example.org", "--role", "hr", input="short\n")
    good = run(
        app,
        "add-account",
        "a@example.org",
        "--role",
        "hr",
        "--employee",
        "1",
        input="quiet lamp orbit seventeen\n",
    )

    assert weak.exit_code == 2
    assert good.exit_code == 0
    account = db.session.scalar(select(Account))
    assert (account.name, [role.name for role in account.roles]) == ("Ana Ito", ["hr"])


def test_a_file_of_refused_rows_only_records_nothing_and_exits_with_1(app, tmp_path):
    rejects = tmp_path / "mend.csv"
    file = people_file(tmp_path, "employee_number,name,level\n2,Ben,wizard\n")

    result = run(app, "import", file, "--rejects", rejects)

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "1 row: 0 new, 0 same, 0 changed, 1 refused.",
        "Nothing is recorded: every row is refused.",
    ]
    assert '"2","Ben","wizard"' in rejects.read_text(encoding="utf-8-sig")
    assert db.session.scalars(select(PeopleBatch)).all() == []


def test_a_dry_run_writes_what_would_change(app, tmp_path):
    run(app, "import", people_file(tmp_path, "employee_number,name\n1,Ana"))
    changes = tmp_path / "changes.csv"
    file = people_file(tmp_path, "employee_number,name\n1,Ana Lee")

    result = run(app, "import", file, "--dry-run", "--changes", changes)

    assert result.exit_code == 0
    assert changes.read_text(encoding="utf-8-sig").splitlines() == [
        '"row","employee_number","name","field","before","after","from_on"',
        '"2","1","Ana","Name","Ana","Ana Lee",""',
    ]


def test_changes_belong_to_a_dry_run(app, tmp_path):
    file = people_file(tmp_path, "employee_number,name\n1,Ana")

    result = run(app, "import", file, "--changes", tmp_path / "changes.csv")

    assert result.exit_code == 2
    assert "add --dry-run" in result.stderr


def test_a_profile_says_how_the_columns_are_read(app, tmp_path):
    with transaction() as session:
        mapping = {"no.": "employee_number", "who": "name"}
        keep_profile(session, PEOPLE, "payroll", "x", {"mapping": mapping})
    file = people_file(tmp_path, "no.,who\n1,Ana")

    result = run(app, "import", file, "--profile", "payroll", "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)["new"]) == (0, 1)
    unknown = run(app, "import", file, "--profile", "lms")
    assert unknown.exit_code == 2
    assert "No profile is called lms. Remembered are: payroll." in unknown.stderr
