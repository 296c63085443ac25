"""Accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select

from core.db import db
from core.errors import NotFoundError
from people.models import Account, AccountRole, Employee, GroupRole, Identity, Passkey, Role
from people.queries.opening import reading
from people.rules.levels import RoleName
from people.rules.opening import Reason

MOST_LINES = 500


def has_accounts() -> bool:
    """Tell whether anybody can sign in yet."""
    return bool(db.session.scalar(select(exists().where(Account.id.is_not(None)))))


def find_account(email: str) -> Account | None:
    """Return the account with this address, or None."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().casefold()))


def find_demo_account(role: str) -> Account | None:
    """Return the account of the demo organisation for a role, or None."""
    return db.session.scalar(select(Account).where(Account.demo_role == role))


@dataclass(frozen=True)
class AccountPage:
    """An account, as its own page and that of administrators show it.

    Attributes:
        given: The roles an administrator has given.
        by_group: The roles the groups of the provider give.
        employee_name: The person in the organisation it belongs to.
        has_factor: There is an authenticator app or a passkey.
    """

    id: int
    email: str
    name: str
    active: bool
    given: tuple[RoleName, ...]
    by_group: tuple[RoleName, ...]
    employee_id: int | None
    employee_name: str | None
    employee_number: str | None
    has_password: bool
    has_factor: bool
    added_at: datetime | None
    version: int


def account_page(account_id: int) -> AccountPage:
    """Return an account.

    Raises:
        NotFoundError: There is none with this id.
    """
    found = _pages(select(Account.id).where(Account.id == account_id))
    if not found:
        raise NotFoundError
    return found[0]


def account_lines(search: str) -> list[AccountPage]:
    """Return the accounts whose name or address holds a text, by name."""
    text = search.strip().casefold()
    found = select(Account.id).order_by(Account.name, Account.id).limit(MOST_LINES)
    if text:
        found = found.where(
            or_(
                Account.name.icontains(text, autoescape=True),
                Account.email.icontains(text, autoescape=True),
            )
        )
    return _pages(found)


def _pages(ids: Select[int]) -> list[AccountPage]:
    wanted = list(db.session.scalars(ids))
    query = (
        select(Account, Employee.name, Employee.number)
        .outerjoin(Employee, Employee.id == Account.employee_id)
        .where(Account.id.in_(wanted))
    )
    with reading(Reason.WHOSE_ACCOUNT):
        rows = db.session.execute(query).all()
    roles = _roles_of(wanted)
    keys = select(Passkey.account_id).where(Passkey.account_id.in_(wanted))
    with_passkey = set(db.session.scalars(keys))
    pages = {
        account.id: AccountPage(
            id=account.id,
            email=account.email,
            name=account.name,
            active=account.active,
            given=tuple(role for role, by_group in roles.get(account.id, []) if not by_group),
            by_group=tuple(role for role, by_group in roles.get(account.id, []) if by_group),
            employee_id=account.employee_id,
            employee_name=person,
            employee_number=number,
            has_password=bool(account.password),
            has_factor=account.totp_secret is not None or account.id in with_passkey,
            added_at=account.added_at,
            version=account.version,
        )
        for account, person, number in rows
    }
    return [pages[id_] for id_ in wanted if id_ in pages]


def _roles_of(ids: Iterable[int]) -> dict[int, list[tuple[RoleName, bool]]]:
    found: dict[int, list[tuple[RoleName, bool]]] = {}
    for account_id, name, by_group in db.session.execute(
        select(AccountRole.account_id, Role.name, AccountRole.from_group)
        .join(Role, Role.id == AccountRole.role_id)
        .where(AccountRole.account_id.in_(list(ids)))
        .order_by(Role.name)
    ):
        found.setdefault(account_id, []).append((RoleName(name), by_group))
    return found


def find_identities(account_id: int) -> list[Identity]:
    """Return who an account is at providers of single sign-on."""
    return list(db.session.scalars(select(Identity).where(Identity.account_id == account_id)))


@dataclass(frozen=True)
class GroupLine:
    """A group of the provider and the role it gives."""

    id: int
    group_name: str
    role: RoleName


def group_roles() -> list[GroupLine]:
    """Return which group gives which role."""
    rows = db.session.execute(
        select(GroupRole.id, GroupRole.group_name, Role.name)
        .join(Role, Role.id == GroupRole.role_id)
        .order_by(GroupRole.group_name, Role.name)
    )
    return [GroupLine(id_, name, RoleName(role)) for id_, name, role in rows]
