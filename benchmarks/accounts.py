"""Accounts of the invented organisations that are measured."""

from sqlalchemy import select

from core.db import db
from people.models import Account, Role


def add_account(n: int, role: str | None, employee_id: int | None) -> None:
    """Add an account with this number."""
    account = Account(
        id=n,
        email=f"t{n}@example.org",
        name=f"Account {n}",
        active=True,
        fs_uniquifier=str(n),
        employee_id=employee_id,
    )
    if role:
        asked = select(Role).where(Role.name == role)
        account.roles = [db.session.scalar(asked) or Role(name=role)]
    db.session.add(account)
    db.session.flush()
