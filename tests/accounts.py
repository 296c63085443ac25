"""Signing in for tests: the session of somebody who has signed in, without the argon2 seconds."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from core.clock import at
from core.db import db
from people.models import Account, Role
from people.rules.levels import RoleName
from people.services.visits import begin_visit

ROLES = {role.value for role in RoleName}


def sign_in(client: FlaskClient, role: str, employee_id: int | None = None) -> None:
    """Make `client` somebody with this role, making the account when there is none.

    Where the demo organisation is loaded, its own people are meant. "manager" is not a role but a
    fact of the reporting tree: give the `employee_id` of somebody to whom others report.

    Args:
        client: A client without a session.
        role: "hr", "trainer", "executive" or "admin"; "manager" and "employee" for no role.
        employee_id: Who the account belongs to, where it belongs to somebody in the organisation.
    """
    with client.application.app_context():
        account = find_account(role, employee_id) or add_account(role, employee_id)
        with at(datetime.now(UTC)):  # a live server asks the true time, whatever the test plays
            visit = begin_visit(
                account.id,
                how="demo" if account.demo_role else "password",
                device="A test on this machine",
                second_factor=True,
            )
    with client.session_transaction() as session:
        session["visit"] = visit


def find_account(role: str, employee_id: int | None) -> Account | None:
    """Return the account of this person, else the one the demo has for this role, else ours."""
    if employee_id is not None:
        return db.session.scalar(select(Account).where(Account.employee_id == employee_id))
    of_demo = db.session.scalar(select(Account).where(Account.demo_role == role))
    return of_demo or db.session.scalar(select(Account).where(Account.email == address_of(role)))


def add_account(role: str, employee_id: int | None) -> Account:
    """Make an account that can only be signed in to by `sign_in`: it has no password."""
    whose = role if employee_id is None else f"{role}.{employee_id}"
    account = Account(
        email=address_of(whose),
        name=whose.replace(".", " ").capitalize(),
        active=True,
        fs_uniquifier=f"only for tests: {whose}",
        employee_id=employee_id,
        roles=[role_called(role)] if role in ROLES else [],
    )
    db.session.add(account)
    db.session.commit()
    return account


def address_of(whose: str) -> str:
    return f"{whose}@example.org"


def role_called(name: str) -> Role:
    return db.session.scalar(select(Role).where(Role.name == name)) or Role(name=name)
