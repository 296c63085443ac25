"""Jobs act with what their account may do when they run, not when they were asked for."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from core.db import db
from core.guarding import UnscopedReadError, opened
from people.models import Account, AccountRole, AuditEvent, Employee
from people.queries.visibility import viewer_of, visible_employees, within
from people.rules.levels import RoleName
from people.services.accounts import add_account
from people.services.acting import NoLongerAllowedError, acting_as
from people.services.auditing import note
from tests.people.files import bring

SMALL = """
    employee_number,name,manager_number,unit
    7,Ana,9,Team 4
    8,Ben,7,Team 4
    9,Cem,,Operations
"""
PASSWORD = "quiet lamp orbit seventeen"


@pytest.fixture
def people(database, tmp_path):
    bring(tmp_path, SMALL)


def account_of(number=None, *roles):
    return add_account(
        f"p{number}@example.org", list(roles), password=PASSWORD, employee_number=number
    )


def numbers_seen(account_id, permission):
    with acting_as(account_id, permission) as viewer:
        seen = within(Employee.id, visible_employees(viewer, date(2026, 5, 1)))
        return sorted(db.session.scalars(select(Employee.number).where(*seen)))


def test_a_job_sees_what_its_account_sees(people):
    assert numbers_seen(account_of("7"), "people:read") == ["7", "8"]
    assert numbers_seen(account_of("8"), "people:read") == ["8"]
    assert numbers_seen(account_of(None, RoleName.HR), "people:read") == ["7", "8", "9"]


def test_a_job_is_closed_as_a_request_is_and_opened_afterwards(people):
    account_id = account_of("7")

    with acting_as(account_id, "people:read"), pytest.raises(UnscopedReadError):
        db.session.scalars(select(Employee.number)).all()

    assert opened() is None
    assert len(db.session.scalars(select(Employee.number)).all()) == 3


def test_an_account_that_loses_its_role_between_asking_and_running_is_refused(people):
    account_id = account_of(None, RoleName.HR)
    assert RoleName.HR in viewer_of(db.session.get(Account, account_id)).roles
    assert numbers_seen(account_id, "people:import") == ["7", "8", "9"]
    kept = db.session.get(Account, account_id)  # a worker that still holds the old account
    assert [role.name for role in kept.roles] == ["hr"]

    with db.engine.begin() as elsewhere:
        elsewhere.execute(delete(AccountRole).where(AccountRole.account_id == account_id))

    with (
        pytest.raises(NoLongerAllowedError, match="may no longer do it"),
        acting_as(account_id, "people:import"),
    ):
        pytest.fail("the job has run")


def test_a_closed_account_and_one_that_is_gone_are_refused(people):
    account_id = account_of(None, RoleName.HR)
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(Account).values(active=False))

    for one in (account_id, 999_999):
        with (
            pytest.raises(NoLongerAllowedError, match="is closed"),
            acting_as(one, "people:read"),
        ):
            pytest.fail("the job has run")


def test_a_leaver_is_refused_and_keeps_no_role(people, tmp_path):
    account_id = account_of("7", RoleName.HR)
    bring(tmp_path, "employee_number,left_on\n7,2020-01-01")

    assert viewer_of(db.session.get(Account, account_id)).roles == frozenset()
    with (
        pytest.raises(NoLongerAllowedError, match="has left"),
        acting_as(account_id, "people:read"),
    ):
        pytest.fail("the job has run")


def test_a_former_manager_sees_only_themself_in_the_next_step_of_a_job(people, tmp_path):
    account_id = account_of("7")
    assert numbers_seen(account_id, "people:read") == ["7", "8"]

    bring(tmp_path, "employee_number,manager_number\n8,9", effective_on=date(2020, 1, 1))

    assert numbers_seen(account_id, "people:read") == ["7"]
    with (
        pytest.raises(NoLongerAllowedError, match="may no longer do it"),
        acting_as(account_id, "balance:names"),
    ):
        pytest.fail("the job has run")


def test_what_a_job_does_is_in_the_audit_trail_under_its_account(people):
    account_id = account_of(None, RoleName.HR)

    with acting_as(account_id, "audit:read"):
        note("export", of=("file", None))
    note("export", of=("file", None))

    events = db.session.execute(
        select(AuditEvent.account_id, AuditEvent.capacity)
        .where(AuditEvent.kind == "export")
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(event) for event in events] == [(account_id, "hr"), (None, "command line")]
