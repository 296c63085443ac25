"""Accounts: who may sign in, with which roles."""

import secrets
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import (
    hash_password,
    password_complexity_validator,
    password_length_validator,
)
from sqlalchemy import func, select

from core.clock import now
from core.db import db, take_turn, transaction
from core.errors import RefusedError, ValueProblem
from people.models import Account, Employee, Role
from people.queries.opening import reading
from people.rules.cells import email_from
from people.rules.levels import RoleName
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.versions import AnySession

LONGEST_PASSWORD = 200


def new_datastore() -> SQLAlchemyUserDatastore:
    """Return what the sign-in library needs to find accounts."""
    return SQLAlchemyUserDatastore(db, Account, Role)


def add_account(
    email: str,
    roles: Iterable[RoleName],
    *,
    password: str,
    name: str | None = None,
    employee_number: str | None = None,
) -> int:
    """Let somebody sign in and return the id of the account.

    Args:
        email: The address to sign in with.
        roles: What the account may do; none for somebody who only sees their own data or tree.
        password: Kept as a hash only.
        name: How the person is addressed; the employee's name when it is left out.
        employee_number: The person in the organisation, where there is one.

    Raises:
        RefusedError: The address is taken or wrong, the password too weak, the person unknown.
    """
    address = checked_address(email)
    checked = checked_password(password, email=address)
    with transaction() as session:
        take_turn(session, shifts=False)
        employee = unlinked_employee(session, employee_number)
        return add_within(
            session,
            address,
            roles,
            checked,
            name or (employee.name if employee else address),
            employee.id if employee else None,
        )


def add_first_account(email: str, *, password: str, name: str) -> int:
    """Let the first person sign in, as HR and administrator, and return the id of the account.

    Raises:
        RefusedError: Somebody can sign in already, or an answer does not do.
    """
    address = checked_address(email)
    checked = checked_password(password, email=address)
    with transaction() as session:
        take_turn(session, shifts=False)
        if session.scalar(select(func.count()).select_from(Account)):
            raise RefusedError("The first account exists already. Sign in with it.")
        return add_within(session, address, (RoleName.HR, RoleName.ADMIN), checked, name, None)


def checked_password(password: str, email: str = "") -> str:
    """Return a password in the form that is hashed.

    Raises:
        RefusedError: It is too short, too long or too easy to guess.
    """
    if len(password) > LONGEST_PASSWORD:
        raise RefusedError(f"Use at most {LONGEST_PASSWORD} characters.", field="password")
    normal = unicodedata.normalize("NFKD", password)
    if password_length_validator(normal):
        raise RefusedError("Use at least 12 characters.", field="password")
    messages = password_complexity_validator(normal, is_register=True, email=email)
    if messages:
        hints = " ".join(str(message) for message in messages)
        raise RefusedError(f"This password is easy to guess. {hints}", field="password")
    return normal


def checked_address(email: str) -> str:
    """Return an address in the form it is kept in.

    Raises:
        RefusedError: It is no address.
    """
    try:
        address = email_from(email.strip())
    except ValueProblem as error:
        raise RefusedError(str(error), field="email") from error
    if address is None:
        raise RefusedError("Enter an e-mail address.", field="email")
    return address


class Unlinked(NamedTuple):
    """A person who cannot sign in yet."""

    id: int
    name: str


def unlinked_employee(session: AnySession, number: str | None) -> Unlinked | None:
    """Return the person with an employee number, who cannot sign in yet.

    Raises:
        RefusedError: Nobody has the number, or they can sign in already.
    """
    if not number:
        return None
    asked = select(Employee.id, Employee.name).where(Employee.number == number.strip())
    with reading(Reason.WHOSE_ACCOUNT):
        row = session.execute(asked).one_or_none()
    if row is None:
        raise RefusedError(f"Nobody has the employee number {number}.", field="employee_number")
    if session.scalar(select(Account.id).where(Account.employee_id == row.id)) is not None:
        raise RefusedError(f"{row.name} can sign in already.", field="employee_number")
    return Unlinked(row.id, row.name)


def add_within(
    session: AnySession,
    address: str,
    roles: Iterable[RoleName],
    password: str | None,
    name: str,
    employee_id: int | None,
) -> int:
    """Add an account as part of a larger unit of work, and return its id."""
    if session.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise RefusedError("There is an account with this address already.", field="email")
    account = Account(
        email=address,
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        employee_id=employee_id,
        name=name,
        demo_role=None,
        added_at=now(),
    )
    account.roles = [role_row(session, role) for role in roles]
    session.add(account)
    session.flush()
    held = ", ".join(sorted(role.name for role in account.roles))
    record(session, "account.add", of=("account", account.id), details={"roles": held})
    return account.id


def role_row(session: AnySession, name: RoleName) -> Role:
    """Return the row of a role."""
    role = session.scalar(select(Role).where(Role.name == name.value))
    if role is None:
        role = Role(name=name.value)
        session.add(role)
    return role
