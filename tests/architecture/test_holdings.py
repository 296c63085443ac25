"""Every column says what it holds about people, and the documents say the same."""

import pytest

from core.db import db
from people.queries.holdings import holdings, table_of, undeclared
from people.rules.holdings import Care, Fate, Held
from people.rules.processing import processing_record, sight_table
from people.rules.retention import PERIODS
from tests.architecture.files import ROOT
from tests.databases import application

APP = application("sqlite://")


def test_every_column_of_every_table_is_declared():
    assert undeclared() == []


def test_a_new_column_has_to_be_declared(monkeypatch):
    shorter = Held("site", "", "", none=("id", "name"))
    monkeypatch.setitem(vars_of_declared(), "site", shorter)

    assert undeclared() == ["site.name_key"]


def vars_of_declared() -> dict[str, Held]:
    from people.queries import holdings as module  # noqa: PLC0415  # its private registry

    return module._declared


@pytest.mark.parametrize("held", holdings(), ids=lambda held: held.table)
def test_a_declaration_makes_sense(held):
    table = table_of(held)
    owners = {*held.of_employee, *held.of_account, *held.of_address}
    empty = {name for name, fate in held.about_people.items() if fate is Fate.CLEAR}

    assert held.what
    assert held.why
    assert owners <= set(table.columns.keys())
    assert held.has_owner or not held.about_people or held.scrubbed
    assert all(table.columns[name].nullable for name in empty)
    fates = set(held.about_people.values())
    assert Fate.DROP not in fates or fates <= {Fate.DROP, Fate.SCRUB}  # others' rows are cleaned
    assert held.label is None or held.label in table.columns


def test_references_to_people_are_never_declared_harmless():
    """A column that points to a person or an account is about one."""
    harmless = [
        f"{held.table}.{name}"
        for held in holdings()
        for name, care in held.columns()
        if care is Care.NONE
        for key in db.metadata.tables[held.table].columns[name].foreign_keys
        if key.column.table.name in {"employee", "account"}
    ]

    assert harmless == []


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_record_of_processing_is_up_to_date():
    """Write it anew with: flask privacy record > docs/processing.md."""
    assert document("processing.md") == processing_record(holdings())


def test_the_table_of_who_sees_what_is_up_to_date():
    """Print it with: flask privacy sight."""
    told = document("privacy.md").split("<!-- sight -->")[1].split("<!-- /sight -->")[0]

    assert told.strip() == sight_table().strip()


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.kind)
def test_every_retention_period_is_told(period):
    row = f"| {period.kind} | {period.what} | {period.days} days | {period.since} |"

    assert row in document("privacy.md")


@pytest.mark.parametrize("name", ["record", "sight"])
def test_the_commands_print_the_documents(name):
    printed = APP.test_cli_runner().invoke(args=["privacy", name]).output

    assert printed.strip() in document("processing.md" if name == "record" else "privacy.md")
