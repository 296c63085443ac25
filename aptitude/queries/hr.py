"""Those in HR, who are told what nobody else is there to do."""

from sqlalchemy import select

from core.bulk import AnySession
from people.models import Account, AccountRole, Role
from people.rules.levels import RoleName


def hr_accounts(session: AnySession) -> list[tuple[int, int | None]]:
    """Return the accounts in HR, each with the number of the employee whose it is."""
    asked = (
        select(Account.id, Account.employee_id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Role, Role.id == AccountRole.role_id)
        .where(Role.name == RoleName.HR.value, Account.active)
        .order_by(Account.id)
    )
    return [(account_id, whose) for account_id, whose in session.execute(asked)]
