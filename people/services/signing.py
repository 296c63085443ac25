"""Signing in with a password, and with a second factor after it."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from flask_security.utils import hash_password, verify_password

from core.db import db, transaction
from core.errors import RefusedError
from people.models import Account
from people.queries.accounts import find_account
from people.queries.visits import has_second_factor
from people.services.accounts import LONGEST_PASSWORD
from people.services.attempts import count_try, forget_tries
from people.services.auditing import note, record
from people.services.factors import check_code
from people.services.secrets import setting
from people.services.tickets import find_ticket, give_ticket, take_ticket
from people.services.visits import begin_visit, prove_visit, visit_within

NOT_TOGETHER = "E-mail address and password do not belong together. Check both."
TOO_LONG_AGO = "This took too long. Sign in again."


@dataclass(frozen=True)
class Entry:
    """How far somebody has come: in, or up to the second factor.

    Attributes:
        visit: The secret of their visit, once they are in.
        ticket: What the second factor is given with, before that.
    """

    visit: str | None = None
    ticket: str | None = None


@cache
def _nobodys_hash(cost: str) -> str:  # noqa: ARG001  # another cost, another hash
    """Return the hash that is tried where there is no account, so that it costs the same time."""
    return str(hash_password("nobody has this password"))


def password_is_right(account: Account | None, password: str) -> bool:
    """Tell whether a password is right; without an account it costs the same time."""
    given = unicodedata.normalize("NFKD", password[:LONGEST_PASSWORD])
    nobodys = _nobodys_hash(str(setting("PASSWORD_HASH_PASSLIB_OPTIONS")))
    kept = account.password if account is not None and account.password else None
    is_right = bool(verify_password(given, kept or nobodys))
    return is_right and kept is not None


def authenticate(email: str, password: str) -> Account:
    """Return the account with this address and password.

    A wrong address costs the same time and gives the same answer as a wrong password.

    Raises:
        RefusedError: They do not belong together, or the account is closed.
    """
    account = find_account(email)
    if password_is_right(account, password) and account is not None and account.active:
        return account
    raise RefusedError(NOT_TOGETHER)


def sign_in(email: str, password: str, *, address: str, device: str) -> Entry:
    """Let somebody in, or up to the second factor where the account has one.

    Raises:
        RefusedError: Address and password do not belong together, or the account is closed.
        TooSoonError: Too many tries have failed.
    """
    tries = {"account": email, "address": address}
    count_try(tries)
    try:
        account = authenticate(email, password)
    except RefusedError:
        note("sign-in.failed", details={"how": "password"})
        raise
    account_id, needs_more = account.id, has_second_factor(account)
    forget_tries(tries)
    if needs_more:
        return Entry(ticket=give_ticket("second-factor", account_id))
    visit = begin_visit(account_id, how="password", device=device, second_factor=False)
    return Entry(visit=visit)


def finish_sign_in(ticket: str | None, code: str, *, device: str) -> str:
    """Let somebody in who has given the password and now the second factor.

    Raises:
        RefusedError: The code is wrong, or the password was given too long ago.
        TooSoonError: Too many codes were wrong.
    """
    with transaction(claims=False) as session:
        begun = find_ticket(session, "second-factor", ticket)
        account_id = begun.account_id if begun else None
    if account_id is None:
        raise RefusedError(TOO_LONG_AGO)
    tries = {"code": str(account_id)}
    count_try(tries)
    with transaction() as session:
        account = session.get_one(Account, account_id)
        is_right = account.active and check_code(session, account, code)
        if not is_right:
            record(session, "sign-in.failed", of=("account", account_id), details={"how": "code"})
        elif take_ticket(session, "second-factor", ticket) is None:
            raise RefusedError(TOO_LONG_AGO)
        else:
            visit = visit_within(
                session, account_id, how="password", device=device, second_factor=True
            )
    if not is_right:
        raise RefusedError(
            "This code is not right, or it was used already. Wait for the next one.", field="code"
        )
    forget_tries(tries)
    return visit


def prove_again(
    account_id: int, visit_id: int, *, password: str = "", code: str = ""
) -> None:  # none given
    """Let somebody who is in prove again who they are, by password or by code.

    Raises:
        RefusedError: It is wrong.
        TooSoonError: Too many tries have failed.
    """
    tries = {"code": str(account_id)}
    count_try(tries)
    if password:
        is_right = password_is_right(db.session.get_one(Account, account_id), password)
    else:
        with transaction(claims=False) as session:
            account = session.get_one(Account, account_id)
            is_right = bool(code) and check_code(session, account, code or "")
    if not is_right:
        note("sign-in.failed", of=("account", account_id), details={"how": "proof"})
        raise RefusedError(
            "This is not right. Try again.", field="password" if password else "code"
        )
    forget_tries(tries)
    prove_visit(visit_id)
