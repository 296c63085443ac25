"""Accounts."""

from sqlalchemy import exists, select

from core.db import db
from people.models import Account


def has_accounts() -> bool:
    """Tell whether anybody can sign in yet."""
    return bool(db.session.scalar(select(exists().where(Account.id.is_not(None)))))


def find_account(email: str) -> Account | None:
    """Return the account with this address, or None."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().casefold()))


def find_demo_account(role: str) -> Account | None:
    """Return the account of the demo organisation for a role, or None."""
    return db.session.scalar(select(Account).where(Account.demo_role == role))
