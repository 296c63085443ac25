"""Erasing people, showing them their data and letting go of old data, with real hours recorded."""

import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import Workbook
from sqlalchemy import Column, Enum, LargeBinary, String, event, func, insert, select

from aptitude.rules.holdings import APTITUDE
from core.clock import at
from core.db import Moment, db
from core.errors import RefusedError
from curricula.rules.holdings import CURRICULA
from ledger.models import (
    Coded,
    CutMonth,
    Entry,
    MixCell,
    PersonMonth,
    PersonYear,
    RejectedRow,
    UnitMonth,
)
from ledger.queries.checking import check_rollups
from people.models import (
    Account,
    AccountSession,
    AuditEvent,
    Employee,
    Erasure,
    OutboxMail,
    PeopleBatch,
    Setting,
    Upload,
)
from people.queries.auditing import verify_audit
from people.queries.holdings import holdings, table_of
from people.queries.subject_words import NOT_SHOWN
from people.queries.subjects import held_on, who_is
from people.queries.visibility import balance_scope
from people.rules.access import OPERATOR
from people.rules.erasing import text_of_file
from people.rules.holdings import Fate, Held
from people.services.erasing import erase_person
from people.services.importing import import_people
from people.services.retaining import retain
from people.services.settings import set_retention
from people.services.undoing import undo_people
from people.services.uploads import keep_upload
from planner.models import PublishedReport
from planner.queries.balances import EVERYTHING, balance
from planner.queries.reports import get_report
from planner.services.publishing import publish
from tests.people.files import people_file
from tests.planner.worlds import NOW, OF_Q1, employee_id, take_rows
from tests.prepared import prepared

NAME, NUMBER = "Zora Quill", "ZQ-7731"
ADDRESS, LOGIN = "zora.quill@example.org", "zq@login.example.org"
MARKS = ("zora", "quill", "zq-7731", "zq@login")
STAFF = f"""employee_number,name,e-mail,gender,hired_on,left_on,manager_number,unit,job_title
{NUMBER},{NAME},{ADDRESS},female,2019-04-01,2025-05-31,P02,Service / Desk / Team A,Quill keeper
P13,Mia Moe,mia@example.org,,,,P02,Service / Desk / Team A,Clerk
,Zora Quill,,,,,,,
"""
MISSPELT = f"""employee_number,name,e-mail,hired_on,left_on,manager_number,unit
{NUMBER},Zora Quillfeather,zora@example.org,2019-04-01,2025-05-31,P02,Service / Desk / Team A
"""


@prepared
def zora(own_lumen, tmp_path) -> int:
    """Somebody who left, and who has left traces everywhere."""
    import_people(people_file(tmp_path, MISSPELT), file_name="staff.csv", account_id=None)
    import_people(people_file(tmp_path, STAFF), file_name="Zora Quill.csv", account_id=None)
    taken = take_rows(
        tmp_path,
        f"{NUMBER},Systems,2025-03-05,90,online",
        f"{NUMBER},Walks,2025-03-06,45,walk",
        f"{NUMBER},Systems,2025-99-99,45,online",
        "NOBODY,Systems,2025-03-05,45,online",
    )
    assert (taken.new, taken.refused) == (2, 2)
    person = employee_id(NUMBER)
    login = Account(
        email=LOGIN,
        name="Zora Q. Quill",
        active=True,
        password="kept as a digest",
        fs_uniquifier="z" * 32,
        employee_id=person,
        totp_secret="shh",
        roles=[],
    )
    other = Account(
        email="office@example.org", name="Office", active=True, fs_uniquifier="h", roles=[]
    )
    db.session.add_all([login, other])
    db.session.flush()
    visit = AccountSession(
        digest="d" * 64,
        account_id=login.id,
        how="password",
        device="Firefox of Zora Quill",
        second_factor=False,
        started_at=NOW,
        last_seen_at=NOW,
        proven_at=NOW,
    )
    letter = OutboxMail(
        to_address=LOGIN,
        subject="For Zora Quill",
        body="Dear Zora Quill",
        made_at=NOW,
        next_try_at=None,
        sent_at=NOW,
        tries=1,
        problem=None,
    )
    db.session.add_all([visit, letter])
    db.session.commit()
    hr = other.id
    keep_upload("hours", "team.csv", f"number,hours\n{NUMBER},3\n".encode(), hr)
    keep_upload("hours", "quill.xlsx", workbook([["number"], [NUMBER]]), hr)
    keep_upload("hours", "others.csv", b"number,hours\nP01,3\n", hr)
    return person


def workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def everything() -> str:
    """Return every value of every table, in small letters."""
    parts = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                text = text_of_file(value) if isinstance(column.type, LargeBinary) else value
                parts.append(f"{table.name}.{column.name}={text!r}")
    return "\n".join(parts).casefold()


def traces() -> list[str]:
    return [line[:200] for line in everything().splitlines() if any(m in line for m in MARKS)]


def sums() -> list[list[tuple[object, ...]]]:
    tables = (Entry, MixCell, UnitMonth, CutMonth, PersonMonth, PersonYear)
    return [
        sorted(tuple(row) for row in db.session.execute(select(*_figures(table))))
        for table in tables
    ]


def _figures(table: type) -> list[object]:
    left_out = {"external_id", "delivery", "status", "cost_cents", "reverses_id"}
    columns = table.__table__.columns
    return [column for column in columns if column.name not in left_out]


def test_there_are_traces_everywhere_to_begin_with(zora):
    places = {line.split("=")[0] for line in traces()}

    assert {
        "employee.number",
        "employee.name",
        "employee.email",
        "account.email",
        "account.name",
        "people_batch.file_name",
        "people_batch.before",
        "people_batch.refused",
        "rejected_row.cells",
        "upload.content",
        "outbox.body",
        "account_session.device",
        "assignment.job_title",
    } <= places


def test_after_erasing_no_trace_is_left_anywhere(zora):
    erase_person(zora, "request", "Zora Quill wrote to us on 3 June")

    assert traces() == []
    row = db.session.scalars(select(Erasure)).one()
    assert (row.employee_id, row.ground, row.why) == (
        zora,
        "request",
        "(erased) wrote to us on 3 June",
    )
    assert row.erased_at == NOW


def test_totals_rollups_and_reports_are_as_before(zora):
    published = publish(balance(OF_Q1, EVERYTHING, demo=False), account_id=None).id
    db.session.rollback()
    before = sums(), balance(OF_Q1, EVERYTHING, demo=False)
    digest = get_report(published, EVERYTHING).sha256
    db.session.rollback()

    erase_person(zora, "request")

    assert sums() == before[0]
    assert balance(OF_Q1, EVERYTHING, demo=False) == before[1]
    assert check_rollups().difference_count == 0
    report = get_report(published, EVERYTHING)
    assert report.sha256 == digest
    assert hashlib.sha256(report.text.encode()).hexdigest() == digest


def test_a_published_report_names_nobody(zora):
    publisher = db.session.scalars(select(Account.id).where(Account.name == "Office")).one()
    db.session.rollback()
    published = publish(balance(OF_Q1, EVERYTHING, demo=False), account_id=publisher).id

    content = db.session.get_one(PublishedReport, published).content
    names = {*db.session.scalars(select(Employee.name)), "Office"}
    assert [name for name in names if name in content] == []
    scope = balance_scope(OPERATOR, date(2025, 7, 1))
    assert get_report(published, scope).published_by == "Office"


def test_the_account_is_closed_and_detached(zora):
    account = db.session.scalars(select(Account.id).where(Account.email == LOGIN)).one()
    db.session.rollback()

    erase_person(zora, "request")

    closed = db.session.get_one(Account, account)
    assert (closed.active, closed.employee_id, closed.password, closed.totp_secret) == (
        False,
        None,
        None,
        None,
    )
    assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0


def test_files_of_others_stay(zora):
    erase_person(zora, "request")

    assert [one.file_name for one in db.session.scalars(select(Upload))] == ["others.csv"]
    assert (
        db.session.scalars(select(RejectedRow.cells))
        .all()
        .count(["NOBODY", "Systems", "2025-03-05", "45", "online"])
        == 1
    )
    assert db.session.scalar(select(Employee.name).where(Employee.number == "P13")) == "Mia Moe"


def test_undoing_a_file_later_brings_nobody_back(zora, tmp_path):
    again = MISSPELT.replace("Quillfeather", "Quilling")
    batch = import_people(people_file(tmp_path, again), file_name="x.csv", account_id=None).batch
    erase_person(zora, "request")

    undo_people(batch)

    assert traces() == []
    assert db.session.get_one(Employee, zora).name == f"Erased person {zora}"


def test_an_erasure_is_in_the_trail_and_the_trail_holds(zora):
    erase_person(zora, "objection")

    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.kind, event.employee_id) == ("people.erase", zora)
    assert json.loads(event.details)["ground"] == "objection"
    assert verify_audit().broken is None


def test_nobody_is_erased_twice_or_without_ground(zora):
    with pytest.raises(RefusedError, match="legal ground"):
        erase_person(zora, "because")
    erase_person(zora, "request")
    with pytest.raises(RefusedError, match="before"):
        erase_person(zora, "request")


def test_the_command_erases_by_number(app, zora):
    runner = app.test_cli_runner()

    outcome = runner.invoke(args=["privacy", "erase", NUMBER, "--ground", "request", "--yes"])

    assert outcome.exit_code == 0, outcome.output
    assert f"Erased. The hours stay under erased-{zora}." in outcome.output
    assert traces() == []


def test_hr_erases_on_a_page_and_others_cannot(zora, browser):
    browser.sign_in("hr")
    page = browser.get(f"/people/{zora}/erase")
    assert "Erase this person?" in page.h1.get_text()
    browser.post(f"/people/{zora}/erase", {"ground": ""}, status=200)
    browser.post(f"/people/{zora}/erase", {"ground": "request"})
    assert traces() == []
    for role in ("trainer", "executive", "admin"):
        browser.sign_in(role)
        browser.get(f"/people/{zora}/erase", status=404)
        browser.post(f"/people/{employee_id('P13')}/erase", {"ground": "request"}, status=404)
    assert db.session.scalar(select(func.count()).select_from(Erasure)) == 1


def test_everything_held_on_me_is_on_my_page_and_in_both_files(zora, browser):
    """Every personal column of every row that is mine is there; secrets are named, not shown."""
    browser.sign_in("employee", zora)
    page = browser.get("/my-data").get_text(" ")
    tables = json.loads(browser.open("/my-data.json").text)["tables"]
    csv = browser.open("/my-data.csv").text

    sections = {section.table: section for section in held_on(who_is(zora, None))}
    missing = [
        f"{held.table}.{name}"
        for held in holdings()
        if held.table in sections
        for name in held.about_people
        if name not in sections[held.table].columns
        or not all(name in row for row in tables[held.table]["rows"])
    ]
    marks = (NAME, NUMBER, ADDRESS, LOGIN, "Quill keeper", "2019-04-01", "2025-03-06")
    for where, text in places(page, tables, csv):
        in_words = text.replace("6 March 2025", "2025-03-06")  # the page writes days in words
        missing += [f"{mark} on {where}" for mark in marks if mark not in in_words]

    assert missing == []
    assert {"employee", "assignment", "entry", "account", "account_session", "outbox"} <= set(
        tables
    )
    assert {"rejected_row", "upload", "people_batch", "person_month", "person_year"} <= set(tables)
    assert tables["account"]["rows"][0]["password"] == NOT_SHOWN
    assert "shh" not in page + csv + json.dumps(tables)
    assert [row["minutes"] for row in tables["entry"]["rows"]] == ["90", "45"]


def places(page: str, tables: object, csv: str) -> list[tuple[str, str]]:
    return [("page", page), ("json", json.dumps(tables, ensure_ascii=False)), ("csv", csv)]


def test_a_canary_in_every_personal_column_appears(own_lumen):
    """One row made by hand in each table that belongs to people, all of them the same person's."""
    me = employee_id("P04")
    account = Account(email="di@example.org", name="Di", active=True, fs_uniquifier="d", roles=[])
    account.employee_id = me
    db.session.add(account)
    db.session.commit()
    owner = {"of_employee": me, "of_account": account.id, "of_address": "di@example.org"}
    who = who_is(me, account.id)
    let_anything_in()
    wanted: dict[str, str] = {}
    for held in holdings():
        if held.has_owner and held.table not in {"employee", "account", "account_role"}:
            row = canaries(held, owner)
            db.session.execute(insert(table_of(held)).values(row))
            wanted |= {
                f"{held.table}.{name}": shown(row[name])
                for name in held.about_people
                if name in row and name not in held.secret and not references(held, name, owner)
                if held.sensitive.get(name) is not Fate.SCRUB  # of these only what is mine
            }
    found = {
        f"{section.table}.{column}": {row[place] for row in section.rows}
        for section in held_on(who)
        for place, column in enumerate(section.columns)
    }
    db.session.rollback()

    assert {name for name, text in wanted.items() if text not in found.get(name, set())} == set()
    assert len(wanted) > 35


def test_who_recorded_a_file_does_not_keep_the_people_in_it(own_lumen):
    """The file of others is not data on me; a row in it that is mine is."""
    me = employee_id("P04")
    account = Account(email="di@example.org", name="Di", active=True, fs_uniquifier="d", roles=[])
    account.employee_id = me
    db.session.add(account)
    db.session.flush()
    mine, other = {"row": 2, "cells": ["P04", "Di"]}, {"row": 3, "cells": ["P05", "Zora Quist"]}
    batch = PeopleBatch(
        account_id=account.id,
        file_name="people.csv",
        sha256="0" * 64,
        counts={},
        before={},
        refused=[mine, other],
        recorded_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    db.session.add(batch)
    db.session.commit()

    (section,) = [s for s in held_on(who_is(me, account.id)) if s.table == "people_batch"]
    row = dict(zip(section.columns, section.rows[-1], strict=True))

    assert row["file_name"] == "people.csv"
    assert "Zora" not in str(section.rows)
    assert row["refused"] == "row: 2; cells: P04, Di"


def let_anything_in() -> None:
    """Let rows stand that no page would write, until the test takes them back."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        checks = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c'"
            " AND connamespace = 'public'::regnamespace"
        ).all()
        for table, name in checks:
            connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def references(held: Held, name: str, owner: dict[str, object]) -> bool:
    """Tell whether a column names a person or thing by its id, and not by a value of its own."""
    return bool(table_of(held).columns[name].foreign_keys) or any(
        name in getattr(held, kind) for kind in owner
    )


def canaries(held: Held, owner: dict[str, object]) -> dict[str, object]:
    row: dict[str, object] = {}
    for place, column in enumerate(table_of(held).columns):
        kinds = [kind for kind in owner if column.name in getattr(held, kind)]
        if kinds:
            row[column.name] = owner[kinds[0]]
        elif column.foreign_keys:
            row[column.name] = 1
        else:
            row[column.name] = canary(column, f"{held.table}{place}", place)
    return row


def canary(column: Column, text: str, place: int) -> object:
    """Return a value of the type of a column that stands nowhere else in this table."""
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class:
        return list(kind.enum_class)[-1]
    if isinstance(kind, Coded):
        return kind.words[-1]
    if isinstance(kind, String):
        return text[-(kind.length or 60) :]
    if isinstance(kind, Moment):
        return datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=place)
    values = {
        bool: True,
        bytes: b"canary",
        float: 20_000.5 + place,
        int: 20_000 + place,
        date: date(2041, 1, 1) + timedelta(days=place),
    }
    return values.get(kind.python_type, {"note": text})


def shown(value: object) -> str:
    """Return a value as the page writes it."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, dict):
        return f"note: {value['note']}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(getattr(value, "value", value))


def test_somebody_else_is_not_on_my_page(zora, browser):
    browser.sign_in("employee", employee_id("P13"))

    text = browser.get("/my-data").get_text(" ") + browser.open("/my-data.csv").text

    assert "Mia Moe" in text
    assert [mark for mark in ("Zora", NUMBER, ADDRESS) if mark in text] == []


def test_months_of_one_person_are_found_by_the_key_of_the_table(own_lumen):
    """Without an index of its own: the months are stepped through, then each is asked for one."""
    asked = []

    def note(*call: object) -> None:
        asked.append(call[2:4])

    event.listen(db.engine, "before_cursor_execute", note)
    sections = {one.table: one for one in held_on(who_is(employee_id("P02"), None))}
    event.remove(db.engine, "before_cursor_execute", note)

    assert [row[0] for row in sections["person_month"].rows] == ["202501", "202502"]
    [(statement, values)] = [one for one in asked if "FROM person_month \nWHERE" in one[0]]
    if db.engine.dialect.name == "sqlite":  # PostgreSQL reads so small a table whole
        lines = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = "\n".join(str(line[-1]) for line in lines)
        assert "SEARCH person_month USING PRIMARY KEY (month=? AND employee_id=?)" in plan
        assert "SCAN person_month" not in plan


def test_i_see_who_looked_at_me(zora, browser):
    browser.sign_in("hr")
    browser.get(f"/people/{zora}")
    browser.sign_in("employee", zora)

    rows = browser.get("/my-data").find(id="looks").find_parent("section").select("tbody tr")
    looks = json.loads(browser.open("/my-data.json").text)["looks"]

    assert [one["what"] for one in looks] == ["Somebody’s data looked at"]
    assert len(rows) == 1
    assert "Hr as hr" in rows[0].get_text()


def test_an_account_without_a_person_sees_its_own_account(own_lumen, browser):
    browser.sign_in("admin")

    tables = json.loads(browser.open("/my-data.json").text)["tables"]

    assert tables["account"]["rows"][0]["email"] == "admin@example.org"
    assert "employee" not in tables


def due_of(listed: list[object]) -> dict[str, int]:
    return {one.kind: one.count for one in listed if one.count}


def test_a_dry_run_lists_and_removes_nothing(zora):
    before = everything()
    with at(NOW + timedelta(days=2000)):
        listed = retain(dry_run=True)

    assert due_of(listed) == {
        "files": 3,
        "refused": 3,
        "visits": 1,
        "letters": 1,
        "audit": verify_audit().events,
        "leavers": 1,
    }
    assert everything() == before


def test_old_data_go_and_the_trail_still_holds(zora):
    with at(NOW + timedelta(days=2000)):
        retain(dry_run=False)
        again = retain(dry_run=True)

    assert due_of(again) == {}
    assert traces() == []
    assert db.session.scalars(select(Erasure.ground)).all() == ["retention"]
    assert db.session.scalar(select(func.count()).select_from(RejectedRow)) == 0
    assert [rows for rows in db.session.scalars(select(PeopleBatch.refused)) if rows] == []
    verdict = verify_audit()
    assert verdict.broken is None
    kinds = list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds == ["people.erase", "audit.retain", "privacy.retain"]


def test_young_data_stay(zora):
    before = everything()

    with at(NOW + timedelta(days=6)):
        assert due_of(retain(dry_run=False)) == {}

    assert everything() == before


def test_a_period_can_be_decided_otherwise(app, zora):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["privacy", "keep", "files", "3"]).exit_code == 0

    with at(NOW + timedelta(days=4)):
        assert due_of(retain(dry_run=True)) == {"files": 3}
    assert db.session.scalar(select(Setting.value).where(Setting.key == "keep_files_days")) == "3"
    with pytest.raises(RefusedError):
        set_retention("files", 0)
    with pytest.raises(RefusedError):
        set_retention("everything", 3)


def test_the_command_lists_first(app, zora):
    dry = app.test_cli_runner().invoke(args=["privacy", "retain", "--dry-run"])

    assert dry.exit_code == 0
    assert dry.output.splitlines()[0].startswith("files: 0 older than 30 days.")
    assert dry.output.splitlines()[-1] == "Nothing was removed: this was a dry run."


def test_every_column_that_is_cleaned_or_emptied_is_covered_by_the_traces():
    """A new scrubbed column shows up here, so that a trace in it is added to this story.

    Those of the curricula and of aptitude are all covered by stories of their own.
    """
    scrubbed = {
        f"{held.table}.{name}"
        for held in holdings()
        if held not in (*CURRICULA, *APTITUDE)
        for name, fate in held.about_people.items()
        if fate is Fate.SCRUB
    }

    assert scrubbed == {
        "batch.counts",
        "batch.file_name",
        "batch.reading",
        "batch.why",
        "classification.why",
        "erasure.why",
        "mix_target.why",
        "people_batch.before",
        "people_batch.counts",
        "people_batch.file_name",
        "people_batch.refused",
        "rejected_row.cells",
        "rejected_row.reason",
        "rejected_row.value",
        "upload.content",
        "upload.file_name",
    }
