import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from core.db import db
from people.models import Account, Employee
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
