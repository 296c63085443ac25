"""Other people's accounts: added, given roles, closed and opened, by an administrator."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, or_, select

from core.clock import today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.models import Account, AccountRole, Employee, GroupRole, Role, Ticket
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.managing import (
    Standing,
    check_keeps_an_admin,
    check_links_themselves,
    check_manages,
)
from people.services.accounts import add_within, checked_address, role_row, unlinked_employee
from people.services.auditing import record
from people.services.factors import changed, clear_factors
from people.services.outbox import write_letter
from people.services.passwords import LinkOf, invite_within
from people.services.versions import AnySession, check_unchanged, rows_changed
from people.services.visits import end_within


@dataclass(frozen=True)
class AccountDraft:
    """An account as an administrator writes it down."""

    email: str
    name: str
    employee_number: str | None
    roles: frozenset[RoleName]


def invite(actor: Viewer, draft: AccountDraft, link_of: LinkOf) -> int:
    """Add an account and send its owner a link to choose a password; return its id.

    Raises:
        RefusedError: The address is taken or wrong, the person unknown, or it is not for them.
    """
    address = checked_address(draft.email)
    with transaction() as session:
        take_turn(session, shifts=False)
        _check_is_admin(session, actor)
        employee = unlinked_employee(session, draft.employee_number)
        name = draft.name or (employee.name if employee else address)
        employee_id = employee.id if employee else None
        account_id = add_within(session, address, draft.roles, None, name, employee_id)
        invite_within(session, session.get_one(Account, account_id), link_of)
    return account_id


def invite_again(actor: Viewer, account_id: int, link_of: LinkOf) -> None:
    """Send the link to choose a password once more.

    Raises:
        RefusedError: It is not for them.
    """
    with transaction() as session:
        account = _target(session, actor, account_id)[0]
        invite_within(session, account, link_of)
        details = {"invited": "again"}
        record(session, "account.change", of=("account", account_id), details=details)


def set_roles(
    actor: Viewer, account_id: int, roles: Iterable[RoleName], *, seen: int | None = None
) -> None:
    """Give an account exactly these roles; what its groups give stays. Its visits end.

    Raises:
        RefusedError: It is their own account, or the last administrator.
        ConflictError: Somebody else changed the account since they saw it.
    """
    wanted = frozenset(roles)
    with transaction() as session:
        account, standing = _target(session, actor, account_id)
        check_unchanged(seen, account.version)
        check_keeps_an_admin(standing, wanted, active=account.active)
        before = _given(session, account_id)
        if before == wanted:
            return
        account.version += 1
        rows = [role_row(session, role) for role in wanted]
        session.flush()
        ids = [row.id for row in rows]
        given = or_(AccountRole.from_group.is_(False), AccountRole.role_id.in_(ids))
        session.execute(delete(AccountRole).where(AccountRole.account_id == account_id, given))
        session.add_all(AccountRole(account_id=account_id, role_id=id_) for id_ in ids)
        details = {"before": _words(before), "after": _words(wanted)}
        record(session, "account.roles", of=("account", account_id), details=details)
        end_within(session, account_id)
        write_letter(
            session,
            account.email,
            "Your roles were changed",
            f"Your roles at Training Mix are now: {_words(wanted) or 'none'}.",
        )


def set_active(actor: Viewer, account_id: int, *, active: bool) -> None:
    """Close an account, which ends its visits and links, or open it again.

    Raises:
        RefusedError: It is their own account, or the last administrator.
    """
    with transaction() as session:
        account, standing = _target(session, actor, account_id)
        check_keeps_an_admin(standing, standing.roles, active=active)
        account.active = active
        account.version += 1
        changed(session, account_id, {"active": active})
        end_within(session, account_id)
        session.execute(delete(Ticket).where(Ticket.account_id == account_id))


def reset_factors(actor: Viewer, account_id: int) -> None:
    """Take the second factors of somebody away who has lost them; their visits end.

    Raises:
        RefusedError: It is their own account.
    """
    with transaction() as session:
        account, _ = _target(session, actor, account_id)
        clear_factors(session, account)
        changed(session, account_id, {"removed": "all second factors"})
        end_within(session, account_id)
        write_letter(
            session,
            account.email,
            "Your second factors were removed",
            "An administrator removed the authenticator app, passkeys and recovery codes of your "
            "account at Training Mix. If you did not ask for this, tell HR at once.",
        )


def link_employee(
    actor: Viewer, account_id: int, number: str | None, *, seen: int | None = None
) -> None:
    """Say which person in the organisation an account belongs to; none where it is left empty.

    Their own account they link only where they see everybody anyway: else an administrator would
    open a team for themselves.

    Raises:
        RefusedError: Nobody has the number, they can sign in already, or it is not for them.
        ConflictError: Somebody else changed the account since they saw it.
    """
    own = actor.account_id == account_id
    with transaction() as session:
        account = _own(session, actor) if own else _target(session, actor, account_id)[0]
        check_unchanged(seen, account.version)
        account.version += 1
        before = account.employee_id
        account.employee_id = None
        session.flush()
        employee = unlinked_employee(session, number)
        account.employee_id = employee.id if employee else None
        changed(session, account_id, {"person before": before, "person": account.employee_id})
        if not own:
            end_within(session, account_id)


def map_group(actor: Viewer, group_name: str, role: RoleName) -> None:
    """Let the members of a group hold a role from their next sign-in on.

    Raises:
        RefusedError: They may not, or the group has the role already.
    """
    name = group_name.strip()
    with transaction() as session:
        take_turn(session, shifts=False)
        _check_is_admin(session, actor)
        row = role_row(session, role)
        session.flush()
        there = select(GroupRole.id).where(
            GroupRole.group_name == name, GroupRole.role_id == row.id
        )
        if session.scalar(there) is not None:
            raise RefusedError("This group gives that role already.", field="group_name")
        session.add(GroupRole(group_name=name, role_id=row.id))
        session.flush()
        details = {"group": name[:100], "gives": role.value}
        record(session, "account.roles", of=("group", None), details=details)


def unmap_group(actor: Viewer, group_role_id: int) -> None:
    """Let a group no longer give a role; who holds it by the group loses it now.

    Raises:
        NotFoundError: There is no such line.
        RefusedError: They may not.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        _check_is_admin(session, actor)
        line = session.get(GroupRole, group_role_id)
        if line is None:
            raise NotFoundError
        held = select(AccountRole.account_id).where(
            AccountRole.role_id == line.role_id, AccountRole.from_group
        )
        for account_id in session.scalars(held).all():
            end_within(session, account_id)
        rows_changed(
            session,
            delete(AccountRole).where(AccountRole.role_id == line.role_id, AccountRole.from_group),
        )
        details = {"group": line.group_name[:100], "gives": "nothing"}
        session.delete(line)
        record(session, "account.roles", of=("group", None), details=details)


def _target(session: AnySession, actor: Viewer, account_id: int) -> tuple[Account, Standing]:
    """Return an account to be changed by an administrator other than its owner."""
    take_turn(session, shifts=False)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError
    given = _given(session, account_id) if account.password else frozenset()
    standing = Standing(account_id, given, account.active, _other_admins(session, account_id))
    check_manages(actor.account_id, _roles_now(session, actor), standing)
    return account, standing


def _own(session: AnySession, actor: Viewer) -> Account:
    """Return the actor's own account, for them to say which person they are."""
    take_turn(session, shifts=False)
    check_links_themselves(_roles_now(session, actor))
    account = session.get(Account, actor.account_id)
    if account is None:
        raise NotFoundError
    return account


def _check_is_admin(session: AnySession, actor: Viewer) -> None:
    check_manages(actor.account_id, _roles_now(session, actor), Standing(0, frozenset(), True, 0))


def _roles_now(session: AnySession, actor: Viewer) -> frozenset[RoleName]:
    """Return what the actor holds at this moment, whatever was so when the page was opened."""
    if actor.account_id is None:
        return actor.roles
    account = session.get(Account, actor.account_id)
    if account is None or not account.active:
        return frozenset()
    return frozenset(RoleName(role.name) for role in account.roles)


def _given(session: AnySession, account_id: int) -> frozenset[RoleName]:
    names = (
        select(Role.name)
        .join(AccountRole, AccountRole.role_id == Role.id)
        .where(AccountRole.account_id == account_id, AccountRole.from_group.is_(False))
    )
    return frozenset(RoleName(name) for name in session.scalars(names))


def _other_admins(session: AnySession, account_id: int) -> int:
    others = (
        select(func.count())
        .select_from(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Role, Role.id == AccountRole.role_id)
        .where(
            Role.name == RoleName.ADMIN.value,
            AccountRole.from_group.is_(False),
            Account.active,
            Account.password.is_not(None),
            Account.id != account_id,
            Account.id.not_in(_accounts_of_leavers()),
        )
    )
    return session.scalar(others) or 0


def _accounts_of_leavers() -> Select[int]:
    """Return the question for the accounts whose roles count no longer."""
    return (
        select(Account.id)
        .join(Employee, Employee.id == Account.employee_id)
        .where(Employee.left_on < today())
    )


def _words(roles: Iterable[RoleName]) -> str:
    return ", ".join(sorted(role.value for role in roles))
