"""Data about people cannot be read in a request or job before it was decided who may see them."""

from datetime import date

import pytest
from flask import Flask, g
from sqlalchemy import exists, func, select, text, union_all
from sqlalchemy.orm import aliased

from core.clock import today
from core.db import db
from core.guarding import UnscopedReadError, guard_nothing, opened
from core.web.access import requires
from people.models import Account, Assignment, AuditEvent, Employee, PeopleBatch, ReportingLine
from people.queries.employees import find_employee
from people.queries.holdings import holdings
from people.queries.opening import begin_looking, looking, names_of, own_data, reading
from people.queries.subjects import held_on_oneself
from people.queries.visibility import balance_scope, may_see_employee, visible_employees, within
from people.rules.access import OF_MANAGERS, OF_ROLE, OPERATOR, Viewer
from people.rules.holdings import CLEAR, DROP, KEEP, Held, Realm
from people.rules.levels import RoleName
from people.rules.opening import OF_PERMISSION, Reason
from tests.browsing import Browser
from tests.people.files import bring
from tests.prepared import prepared

DAY = date(2026, 5, 1)
SMALL = """
    employee_number,name,manager_number,unit
    7,Ana,9,Team 4
    8,Ben,7,Team 4
    9,Cem,,Operations
    10,Dee,9,Sales
"""
HR = Viewer(1, "Hr", None, frozenset({RoleName.HR}), manages=False)
EXECUTIVE = Viewer(1, "Ex", None, frozenset({RoleName.EXECUTIVE}), manages=False)


@prepared
def ana(tmp_path) -> Viewer:
    """Somebody to whom one person reports."""
    bring(tmp_path, SMALL)
    return Viewer(1, "Ana", find_employee("7").id, frozenset(), manages=True)


def numbers(question):
    return sorted(db.session.scalars(question))


Boss = aliased(Employee)
STATEMENTS = {
    "a name": select(Employee.name),
    "a whole person": select(Employee),
    "an alias": select(Boss.number),
    "a table": select(Employee.__table__),
    "a count": select(func.count()).select_from(Employee),
    "a join": select(Account.id).join(Employee, Employee.id == Account.employee_id),
    "a condition": select(func.count()).where(exists().where(Assignment.level.is_not(None))),
    "a union": union_all(select(ReportingLine.below_id), select(Assignment.employee_id)),
    "a subquery": select(select(Employee.number).subquery().c.number),
    "a table expression": select(select(Employee.number).cte().c.number),
    "a scalar": select(select(func.max(Employee.number)).scalar_subquery()),
    "the audit trail": select(AuditEvent.details),
    "a file": select(PeopleBatch.refused),
    "passwords": select(Account.password),
    "text": text("SELECT name FROM employee"),
    "text in a statement": select(text("name")).select_from(text("employee")),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_nothing_about_people_is_read_before_somebody_was_asked(ana, statement):
    with looking(ana, "people:read"), pytest.raises(UnscopedReadError, match="account 1"):
        db.session.execute(statement).all()


def test_neither_does_a_connection_read_it_nor_the_session_by_id(ana):
    with looking(ana, "people:read"):
        connection = db.session.connection()
        with pytest.raises(UnscopedReadError):
            connection.execute(select(Employee.name))
        for question in (
            "SELECT name FROM employee",
            "/* a word before */ WITH one AS (SELECT * FROM Employee) SELECT * FROM one",
        ):
            with pytest.raises(UnscopedReadError):
                connection.exec_driver_sql(question)
        db.session.expire_all()
        with pytest.raises(UnscopedReadError):
            db.session.get(Employee, ana.employee_id)


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_the_sight_of_somebody_opens_only_statements_that_hold_it(ana, statement):
    with looking(ana, "people:read"):
        visible_employees(ana, DAY)

        with pytest.raises(UnscopedReadError):
            db.session.execute(statement).all()


def test_statements_that_hold_the_sight_show_the_people_in_it(ana):
    with looking(ana, "people:read"):
        visible = visible_employees(ana, DAY)
        inner = select(Employee.number).where(Employee.id.in_(visible)).subquery()

        assert numbers(select(Employee.number).where(Employee.id.in_(visible))) == ["7", "8"]
        assert numbers(select(Boss.number).where(Boss.id.in_(visible))) == ["7", "8"]
        assert numbers(select(inner.c.number)) == ["7", "8"]
        assert numbers(
            select(Employee.number)
            .join(Assignment, Assignment.employee_id == Employee.id)
            .where(*within(Assignment.employee_id, visible))
        ) == ["7", "8"]
        assert [one.name for one in db.session.scalars(
            select(Employee).where(Employee.id.in_(visible)).order_by(Employee.name)
        )] == ["Ana", "Ben"]  # fmt: skip
        assert ana.employee_id in db.session.scalars(visible).all()


def test_a_sight_that_does_not_narrow_opens_nothing(ana):
    with looking(ana, "people:read"):
        visible = visible_employees(ana, DAY)
        for statement in (
            select(Employee.name).where(Employee.id.not_in(visible)),
            select(Employee.name, exists(visible)),
            select(Employee.name).where(visible.exists()),
            select(ReportingLine.below_id).where(ReportingLine.above_id.in_(visible)),
        ):
            with pytest.raises(UnscopedReadError):
                db.session.execute(statement)


def test_who_sees_everybody_still_has_to_ask(ana):
    with looking(HR, "people:read"):
        with pytest.raises(UnscopedReadError):
            db.session.scalars(select(Employee.number)).all()

        assert visible_employees(HR, DAY) is None
        assert numbers(select(Employee.number)) == ["10", "7", "8", "9"]
        with pytest.raises(UnscopedReadError):
            db.session.scalars(select(Account.password)).all()


def test_who_sees_groups_reads_no_names(ana):
    with looking(EXECUTIVE, "balance:read"):
        assert balance_scope(EXECUTIVE, DAY).employees is None

        assert len(db.session.scalars(select(Assignment.employee_id)).all()) == 4
        for column in (Employee.name, Employee.number, Employee.email, Assignment.job_title):
            with pytest.raises(UnscopedReadError):
                db.session.scalars(select(column)).all()


def test_the_sight_of_a_balance_opens_no_names_either(ana):
    ben = Viewer(2, "Ben", find_employee("8").id, frozenset(), manages=False)
    with looking(ben, "balance:read"):
        unit = balance_scope(ben, DAY).employees
        mates = select(Assignment.employee_id).where(Assignment.employee_id.in_(unit))

        assert len(set(db.session.scalars(mates))) == 2
        with pytest.raises(UnscopedReadError, match=r"employee\.name"):
            db.session.scalars(select(Employee.name).where(Employee.id.in_(unit))).all()


def test_nobody_borrows_the_sight_of_somebody_else(ana):
    with looking(ana, "people:read"):
        for other in (HR.__class__(2, "Hr", None, HR.roles, manages=False), OPERATOR):
            with pytest.raises(UnscopedReadError, match="borrows"):
                visible_employees(other, DAY)
            with pytest.raises(UnscopedReadError, match="borrows"):
                may_see_employee(other, ana.employee_id, DAY)
            with pytest.raises(UnscopedReadError, match="borrows"):
                held_on_oneself(other)


def test_a_reason_opens_what_it_names_and_only_inside_its_block(ana):
    with looking(ana, "people:read"):
        with reading(Reason.HEAD_COUNTS):
            assert db.session.scalar(select(func.count()).select_from(Employee)) == 4
            with pytest.raises(UnscopedReadError):
                db.session.scalars(select(Employee.name)).all()
        with pytest.raises(UnscopedReadError):
            db.session.scalar(select(func.count()).select_from(Employee))


def test_what_was_opened_inside_a_block_of_a_reason_stays_open(ana):
    with looking(ana, "people:read"):
        with reading(Reason.HEAD_COUNTS):
            visible = visible_employees(ana, DAY)

        assert numbers(select(Employee.number).where(Employee.id.in_(visible))) == ["7", "8"]


def test_commands_read_everything(ana):
    assert opened() is None
    with own_data(OPERATOR):
        assert numbers(select(Employee.number)) == ["10", "7", "8", "9"]
    assert numbers(select(Employee.number)) == ["10", "7", "8", "9"]


@pytest.mark.engines("sqlite")
def test_a_stranger_reads_nothing_but_whether_there_are_accounts(ana):
    begin_looking(None)
    try:
        assert db.session.scalars(select(Account.id)).all() == []
        with pytest.raises(UnscopedReadError, match="not signed in"):
            db.session.scalars(select(Account.email)).all()
    finally:
        guard_nothing()


def forgetful(new_database) -> Flask:
    app = new_database("sqlite").app

    @requires("people:read")
    def everybody() -> str:
        return ", ".join(db.session.scalars(select(Employee.name)))

    @requires("people:read")
    def unnarrowed() -> str:
        visible_employees(g.viewer, today())
        return everybody()

    app.add_url_rule("/everybody", "everybody", everybody)
    app.add_url_rule("/unnarrowed", "unnarrowed", unnarrowed)
    return app


@pytest.mark.parametrize("role", ["hr", "manager"])
def test_a_page_that_forgets_whose_data_it_shows_breaks(new_database, tmp_path, caplog, role):
    app = forgetful(new_database)
    with app.app_context():
        bring(tmp_path, SMALL)
        browser = Browser(app)
        browser.sign_in(role, find_employee("7").id)

        answer = browser.open("/everybody", status=500)
        assert "Ana" not in answer.text
        [told] = [line for line in caplog.messages if line.startswith("closed: ")]
        assert "with the permission people:read: employee.name may not be read here" in told
        browser.open("/unnarrowed", status=200 if role == "hr" else 500)


def test_every_realm_holds_what_it_should():
    realms = {held.table: held.realm for held in holdings()}

    def of(realm):
        return {table for table, one in realms.items() if one is realm}

    assert of(Realm.PEOPLE) == {
        "employee", "assignment", "reporting_line", "entry", "person_month", "person_year",
        "erasure", "learning_assignment", "enrolment", "enrolment_event", "attendance",
        "completion", "completion_withdrawal", "practice", "certificate", "feedback_request",
    }  # fmt: skip
    assert of(Realm.LOGINS) == {
        "account", "account_role", "account_session", "passkey", "recovery_code", "ticket",
        "outbox", "identity", "submission", "calendar_feed", "notice_preference",
    }  # fmt: skip
    assert of(Realm.TRAIL) == {"audit_event", "notice"}
    assert of(Realm.FILES) == {"people_batch", "upload", "rejected_row", "feedback"}
    sensitive = {held.table for held in holdings() if held.sensitive}
    assert not sensitive & of(None)


@pytest.mark.parametrize(
    ("held", "realm"),
    [
        pytest.param(Held("t", "", "", none=("id",)), None, id="nothing about people"),
        pytest.param(
            Held("t", "", "", personal={"employee_id": KEEP}, of_employee=("employee_id",)),
            Realm.PEOPLE,
            id="of a person",
        ),
        pytest.param(Held("t", "", "", sensitive={"cells": CLEAR}), Realm.FILES, id="sensitive"),
        pytest.param(
            Held("t", "", "", personal={"account_id": DROP}, of_account=("account_id",)),
            Realm.LOGINS,
            id="goes with the account",
        ),
        pytest.param(
            Held("t", "", "", personal={"account_id": KEEP}, of_account=("account_id",)),
            None,
            id="who did it",
        ),
    ],
)
def test_a_new_table_is_closed_by_its_declaration(held, realm):
    assert held.realm is realm


def test_every_permission_and_every_opened_column_exists():
    known = set(OF_MANAGERS).union(*OF_ROLE.values())
    assert set(OF_PERMISSION) <= known

    tables = db.metadata.tables
    wanted = [*OF_PERMISSION.values(), *(reason.opens for reason in Reason)]
    for name in sorted(set().union(*map(names_of, wanted))):
        table, _, column = name.partition(".")
        assert table in tables, name
        assert not column or column in tables[table].columns, name
