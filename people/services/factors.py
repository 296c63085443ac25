"""Second factors: an authenticator app and recovery codes."""

from typing import Any

from flask_security.totp import Totp
from passlib.totp import TOTP
from sqlalchemy import delete, func, select, update

from core.clock import now
from core.db import transaction
from core.errors import RefusedError
from people.models import Account, Passkey, RecoveryCode
from people.rules.auditing import Detail
from people.rules.levels import RoleName
from people.rules.signing import needs_two_factors, plain_code
from people.services.auditing import record
from people.services.outbox import write_letter
from people.services.secrets import new_recovery_codes, recovery_digest, setting
from people.services.versions import AnySession, rows_changed
from people.services.visits import end_within, renew_within

WINDOW = 30
"""Codes of the half minute before and after are taken too: clocks differ."""

CODE_DIGITS = 6


class Codes(Totp):
    """The codes of authenticator apps; the one used last, and those before it, are good no more."""

    def __init__(self) -> None:
        super().__init__(setting("TOTP_SECRETS"), setting("TOTP_ISSUER"))
        self._totp = TOTP.using(
            issuer=setting("TOTP_ISSUER"),
            secrets=setting("TOTP_SECRETS"),
            now=lambda: now().timestamp(),
        )

    def get_last_counter(self, user: Any) -> int | None:
        """Return the number of the code that was used last."""
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember the number of the code that was used."""
        user.totp_counter = tmatch.counter


def new_secret() -> str:
    """Return a new secret for an authenticator app, encrypted."""
    return str(Codes().generate_totp_secret())


def words_of_secret(secret: str, address: str) -> tuple[str, str]:
    """Return a secret as a person types it and as an app reads it from a picture."""
    codes = Codes()
    return codes.get_totp_pretty_key(secret), codes.get_totp_uri(address, secret)


def set_up_authenticator(account_id: int, visit_id: int, secret: str, code: str) -> str:
    """Take an authenticator app as second factor and return the new secret of the visit.

    Raises:
        RefusedError: The code is not the one the app shows.
    """
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.totp_counter = None
        if not Codes().verify_totp(plain_code(code), secret, account, WINDOW):
            raise RefusedError(
                "This is not the code the app shows now. Check that the clock of the phone is "
                "right, wait for the next code and type that one.",
                field="code",
            )
        account.totp_secret = secret
        write_letter(
            session,
            account.email,
            "An authenticator app was added to your account",
            "An authenticator app was added to your account at Training Mix. If this was not you, "
            "tell an administrator at once.",
        )
        return factor_added(session, account_id, visit_id, "authenticator")


def factor_added(session: AnySession, account_id: int, visit_id: int, what: str) -> str:
    """End the other visits, which proved less, and return the new secret of this one."""
    changed(session, account_id, {"added": what})
    end_within(session, account_id, but=visit_id)
    return renew_within(session, visit_id, second_factor=True)


def changed(session: AnySession, account_id: int, details: dict[str, Detail]) -> None:
    """Write down that something about an account has changed."""
    record(session, "account.change", of=("account", account_id), details=details)


def check_code(session: AnySession, account: Account, code: str) -> bool:
    """Tell whether a code of the app, or a recovery code, is right; it is used up by that."""
    plain = plain_code(code)
    if len(plain) == CODE_DIGITS and plain.isdigit():
        return _check_app_code(session, account, plain)
    right = delete(RecoveryCode).where(
        RecoveryCode.account_id == account.id,
        RecoveryCode.digest == recovery_digest(account.id, plain),
    )
    return rows_changed(session, right) > 0


def _check_app_code(session: AnySession, account: Account, code: str) -> bool:
    if account.totp_secret is None:
        return False
    before = account.totp_counter
    if not Codes().verify_totp(code, account.totp_secret, account, WINDOW):
        return False
    after = account.totp_counter
    session.expire(account, ["totp_counter"])
    unused = Account.totp_counter.is_(None) if before is None else Account.totp_counter == before
    used = (
        update(Account)
        .where(Account.id == account.id, unused)
        .values(totp_counter=after)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(session, used) > 0


def make_recovery_codes(account_id: int) -> list[str]:
    """Return new recovery codes; the earlier ones are good no more. They are shown only now."""
    codes = new_recovery_codes()
    with transaction() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
        session.add_all(
            RecoveryCode(account_id=account_id, digest=recovery_digest(account_id, code))
            for code in codes
        )
        changed(session, account_id, {"added": "recovery codes"})
    return codes


def remove_authenticator(account_id: int) -> None:
    """Take the authenticator app away.

    Raises:
        RefusedError: It is the last second factor of somebody who needs one.
    """
    with transaction() as session:
        account = session.get_one(Account, account_id)
        check_keeps_a_factor(session, account, 1 if account.totp_secret else 0)
        account.totp_secret = None
        account.totp_counter = None
        changed(session, account_id, {"removed": "authenticator"})
        write_letter(
            session,
            account.email,
            "The authenticator app was removed from your account",
            "The authenticator app was removed from your account at Training Mix. If this was not "
            "you, tell an administrator at once.",
        )


def check_keeps_a_factor(session: AnySession, account: Account, removed: int) -> None:
    """Refuse to take away the last second factor of HR and administrators.

    Raises:
        RefusedError: It would be the last one.
    """
    if not needs_two_factors([RoleName(role.name) for role in account.roles]):
        return
    passkeys = session.scalar(select(func.count()).where(Passkey.account_id == account.id)) or 0
    if passkeys + (account.totp_secret is not None) - removed < 1:
        raise RefusedError(
            "HR and administrators need a second factor. Add another one first, then remove this."
        )


def clear_factors(session: AnySession, account: Account) -> None:
    """Take every second factor away, for somebody who has lost them all."""
    account.totp_secret = None
    account.totp_counter = None
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
