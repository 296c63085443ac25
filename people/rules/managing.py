"""Who may change whose account: nobody their own, and the last way in stays open."""

from collections.abc import Collection
from dataclasses import dataclass

from core.errors import RefusedError
from people.rules.levels import RoleName


@dataclass(frozen=True)
class Standing:
    """What decides whether an account may be changed.

    Attributes:
        account_id: Whose account.
        roles: What it holds.
        active: It can sign in.
        other_admins: How many other accounts are administrators that sign in with a password, so
            that somebody gets in when single sign-on fails.
    """

    account_id: int
    roles: frozenset[RoleName]
    active: bool
    other_admins: int


def check_manages(
    actor_id: int | None, actor_roles: Collection[RoleName], target: Standing
) -> None:
    """Refuse somebody who is no administrator, and administrators at their own account.

    Args:
        actor_id: Who wants to change it; None for the operator of the machine.
        actor_roles: What they hold now.
        target: What is to be changed.

    Raises:
        RefusedError: They may not.
    """
    if actor_id is None:
        return
    if RoleName.ADMIN not in actor_roles:
        raise RefusedError("Only an administrator changes accounts.")
    if actor_id == target.account_id:
        raise RefusedError(
            "Nobody changes the roles of their own account, nor closes it. Ask another "
            "administrator."
        )


def links_themselves(roles: Collection[RoleName]) -> bool:
    """Tell whether holders of the roles may say themselves which person they are.

    Linked to somebody, an account sees who reports to that person; with HR it sees them already.
    """
    return {RoleName.ADMIN, RoleName.HR} <= set(roles)


def check_links_themselves(roles: Collection[RoleName]) -> None:
    """Refuse those who would see more people by linking their own account.

    Raises:
        RefusedError: They may not.
    """
    if not links_themselves(roles):
        raise RefusedError(
            "Another administrator says which person your account belongs to.",
            field="employee_number",
        )


def check_keeps_an_admin(target: Standing, after: Collection[RoleName], *, active: bool) -> None:
    """Refuse what would leave nobody to run the system.

    Raises:
        RefusedError: It is the last administrator.
    """
    loses = RoleName.ADMIN in target.roles and target.active
    stays = RoleName.ADMIN in after and active
    if loses and not stays and target.other_admins == 0:
        raise RefusedError(
            "This is the last administrator with a password. Make somebody else administrator "
            "first."
        )


def roles_from_groups(
    groups: Collection[str], table: Collection[tuple[str, RoleName]]
) -> frozenset[RoleName]:
    """Return the roles of these groups; a group that is not in the table gives nothing."""
    held = set(groups)
    return frozenset(role for name, role in table if name in held)
