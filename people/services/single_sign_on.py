"""Single sign-on: who somebody is at the provider, and which roles their groups give them."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.models import Account, AccountRole, GroupRole, Identity, Role
from people.queries.visits import has_second_factor
from people.rules.levels import RoleName
from people.rules.managing import roles_from_groups
from people.services.accounts import add_within, checked_address, role_row
from people.services.auditing import record
from people.services.factors import changed
from people.services.signing import Entry
from people.services.tickets import ticket_within
from people.services.versions import AnySession, rows_changed
from people.services.visits import end_within, visit_within

NOT_KNOWN = (
    "Nobody here is linked with this sign-in. If you have an account, sign in with its password "
    "and link it on your account page; else ask an administrator for an account."
)


@dataclass(frozen=True)
class Stranger:
    """What the provider says about who signs in.

    Attributes:
        issuer: The provider.
        subject: Who it is there; never reused for somebody else.
        second_factor: The provider has asked for two factors.
    """

    issuer: str
    subject: str
    email: str | None
    name: str | None
    groups: frozenset[str]
    second_factor: bool


def sign_in_by_provider(who: Stranger, *, device: str, new_accounts: bool) -> Entry:
    """Let somebody in whom the provider has identified.

    Who is not linked yet gets an account of their own, never that of somebody with the same
    address; it sees nothing but what the table of groups gives it.

    Raises:
        RefusedError: Nobody is linked and no account may be made, or the account is closed.
    """
    with transaction() as session:
        account = _linked(session, who)
        if account is None and new_accounts:
            account = _new_account(session, who)
        if account is None or not account.active:
            raise RefusedError(NOT_KNOWN)
        needs_code = has_second_factor(account) and not who.second_factor
        _take_roles(session, account.id, who.groups)
        if needs_code:
            return Entry(ticket=ticket_within(session, "second-factor", account.id))
        return Entry(
            visit=visit_within(
                session,
                account.id,
                how="sso",
                device=device,
                second_factor=who.second_factor,
            )
        )


def _linked(session: AnySession, who: Stranger) -> Account | None:
    return session.scalar(
        select(Account)
        .join(Identity, Identity.account_id == Account.id)
        .where(Identity.issuer == who.issuer, Identity.subject == who.subject)
    )


def _new_account(session: AnySession, who: Stranger) -> Account:
    try:
        address = checked_address(who.email or "")
    except RefusedError as refusal:
        raise RefusedError(NOT_KNOWN) from refusal
    if session.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise RefusedError(NOT_KNOWN)
    name = " ".join((who.name or "").split())[:300] or address
    account_id = add_within(session, address, (), None, name, None)
    _link(session, account_id, who)
    return session.get_one(Account, account_id)


def _link(session: AnySession, account_id: int, who: Stranger) -> None:
    session.add(
        Identity(account_id=account_id, issuer=who.issuer, subject=who.subject, linked_at=now())
    )
    changed(session, account_id, {"added": "single sign-on"})


def link_identity(account_id: int, who: Stranger) -> None:
    """Link the account of somebody who is signed in with who they are at the provider.

    Raises:
        RefusedError: That sign-in belongs to another account.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        there = _linked(session, who)
        if there is not None and there.id != account_id:
            raise RefusedError("This sign-in belongs to another account.")
        if there is None:
            _link(session, account_id, who)


def unlink_identity(account_id: int, identity_id: int) -> None:
    """Take the link to the provider away; the roles its groups gave go with it.

    Raises:
        NotFoundError: The account has no such link.
        RefusedError: Without it the owner could not sign in at all.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        account = session.get_one(Account, account_id)
        if not account.password:
            raise RefusedError("Choose a password first: without the link you could not sign in.")
        ours = delete(Identity).where(Identity.id == identity_id, Identity.account_id == account_id)
        if not rows_changed(session, ours):
            raise NotFoundError
        _take_roles(session, account_id, frozenset())
        changed(session, account_id, {"removed": "single sign-on"})


def _take_roles(session: AnySession, account_id: int, groups: frozenset[str]) -> None:
    """Let an account hold what its groups give and no longer what they gave."""
    table = session.execute(select(GroupRole.group_name, Role.name).join(Role)).all()
    wanted = roles_from_groups(groups, [(name, RoleName(role)) for name, role in table])
    held = {
        RoleName(name): from_group
        for name, from_group in session.execute(
            select(Role.name, AccountRole.from_group)
            .join(AccountRole, AccountRole.role_id == Role.id)
            .where(AccountRole.account_id == account_id)
        )
    }
    by_group = {role for role, from_group in held.items() if from_group}
    lost, new = by_group - wanted, wanted - held.keys()
    if not lost and not new:
        return
    lost_ids = [role_row(session, role).id for role in lost]
    session.execute(
        delete(AccountRole).where(
            AccountRole.account_id == account_id,
            AccountRole.role_id.in_(lost_ids),
            AccountRole.from_group,
        )
    )
    for role in new:
        row = role_row(session, role)
        session.add(AccountRole(account_id=account_id, role_id=row.id, from_group=True))
    session.flush()
    session.expire_all()
    details = {
        "before": ", ".join(sorted(role.value for role in by_group)),
        "after": ", ".join(sorted(role.value for role in wanted)),
    }
    record(session, "account.roles", of=("account", account_id), details=details)
    end_within(session, account_id)
