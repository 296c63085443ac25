"""Visits of people who are signed in."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from core.clock import now
from core.db import db
from people.models import Account, AccountSession, Passkey, RecoveryCode
from people.rules.levels import RoleName
from people.rules.signing import LONGEST_VISIT, digest_of, has_ended, is_proven, needs_two_factors


@dataclass(frozen=True)
class Visit:
    """Somebody's visit, as each request needs it.

    Attributes:
        how: "password", "passkey", "sso" or "demo".
        lacks_factor: The roles ask for two factors and this visit has proven only one.
        is_proven: They have proven lately who they are.
    """

    id: int
    account_id: int
    how: str
    device: str
    started_at: datetime
    last_seen_at: datetime
    lacks_factor: bool
    is_proven: bool

    @property
    def is_demo(self) -> bool:
        """Tell whether one click in the demo began it."""
        return self.how == "demo"


def find_visit(token: str | None) -> tuple[Visit, Account] | None:
    """Return the visit with this secret and whose it is; None when it is over."""
    if not token:
        return None
    asked = db.session.execute(_visit_with(), {"digest": digest_of(token)})
    row = asked.unique().one_or_none()
    if row is None:
        return None
    kept, account = row
    roles = [RoleName(role.name) for role in account.roles]
    at = now()
    if has_ended(kept.started_at, kept.last_seen_at, roles, at):
        return None
    exempt = kept.second_factor or (kept.how == "demo" and account.demo_role is not None)
    visit = Visit(
        id=kept.id,
        account_id=account.id,
        how=kept.how,
        device=kept.device,
        started_at=kept.started_at,
        last_seen_at=kept.last_seen_at,
        lacks_factor=needs_two_factors(roles) and not exempt,
        is_proven=is_proven(kept.proven_at, at),
    )
    return visit, account


@cache
def _visit_with() -> Select[AccountSession, Account]:
    """Return the question for the visit with a digest; every request asks it, so it is kept."""
    return (
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.digest == bindparam("digest"), Account.active)
        .options(joinedload(Account.roles))
    )


def visits_of(account_id: int) -> list[AccountSession]:
    """Return the visits of an account that are not over, the latest seen first."""
    account = db.session.get_one(Account, account_id)
    roles = [RoleName(role.name) for role in account.roles]
    at = now()
    found = db.session.scalars(
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.started_at > at - LONGEST_VISIT,
        )
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.id.desc())
    )
    return [one for one in found if not has_ended(one.started_at, one.last_seen_at, roles, at)]


@dataclass(frozen=True)
class Factors:
    """With what somebody proves themself beside the password."""

    authenticator: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def has_any(self) -> bool:
        """Tell whether there is a second factor."""
        return self.authenticator or bool(self.passkeys)


def factors_of(account_id: int) -> Factors:
    """Return the second factors of an account."""
    secret = db.session.scalar(select(Account.totp_secret).where(Account.id == account_id))
    passkeys = db.session.scalars(
        select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    )
    codes = select(func.count()).where(RecoveryCode.account_id == account_id)
    return Factors(secret is not None, tuple(passkeys), db.session.scalar(codes) or 0)


def has_second_factor(account: Account) -> bool:
    """Tell whether this account has an authenticator app or a passkey."""
    if account.totp_secret is not None:
        return True
    return bool(db.session.scalar(select(exists().where(Passkey.account_id == account.id))))
