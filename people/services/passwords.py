"""Passwords: changed by who knows the old one, reset by who reads the mail."""

from collections.abc import Callable

from flask_security.utils import hash_password
from sqlalchemy import delete, select

from core.db import db, transaction
from core.errors import RefusedError
from people.models import Account, Ticket
from people.services.accounts import checked_password
from people.services.attempts import count_try, count_within, forget_tries
from people.services.auditing import record
from people.services.factors import changed
from people.services.outbox import write_letter
from people.services.signing import password_is_right
from people.services.tickets import find_ticket, take_ticket, ticket_within
from people.services.versions import AnySession
from people.services.visits import end_within, renew_within

GONE = "This link was used already, or it is too old. Ask for a new one."
CHANGED_SUBJECT = "Your password was changed"
CHANGED = (
    "The password of your account at Training Mix was changed, and every other visit was ended. "
    "If this was not you, tell an administrator at once."
)
LinkOf = Callable[[str], str]


def change_password(account_id: int, visit_id: int, *, old: str, new: str) -> str:
    """Change a password, end the other visits and return the new secret of this one.

    Raises:
        RefusedError: The old one is wrong or the new one weak.
        TooSoonError: The old one was wrong too often.
    """
    account = db.session.get_one(Account, account_id)
    email = account.email
    tries = {"code": str(account_id)}
    count_try(tries)
    held = db.session.get_one(Account, account_id)
    known = held.password
    if not password_is_right(held, old):
        raise RefusedError("This is not your password now.", field="old")
    forget_tries(tries)
    hashed = hash_password(_checked(new, email))
    with transaction() as session:
        now_held = session.get_one(Account, account_id)
        if now_held.password != known:  # changed in another window while this one was checked
            raise RefusedError("This is not your password now.", field="old")
        _set(session, now_held, hashed)
        end_within(session, account_id, but=visit_id)
        return renew_within(session, visit_id)


def ask_for_reset(email: str, *, address: str, link_of: LinkOf) -> None:
    """Send whoever asks a link to a new password; say nothing about whether the account exists.

    Both cases do the same work in one transaction: a ticket is made for nobody, too.

    Args:
        email: What was typed.
        address: From where.
        link_of: Makes the link of a ticket, from the configured address of this server.

    Raises:
        TooSoonError: It was asked for too often.
    """
    with transaction() as session:
        count_within(session, {"reset": email, "reset-address": address})
        account = session.scalar(
            select(Account).where(Account.email == email.strip().casefold(), Account.active)
        )
        token = ticket_within(session, "reset", account.id if account else None)
        link = link_of(token)
        who = ("account", account.id if account else None)
        record(session, "account.change", of=who, details={"asked for": "a new password"})
        if account is not None:
            write_letter(
                session,
                account.email,
                "Choose a new password",
                f"Somebody asked for a new password of your account at Training Mix.\n\n{link}\n\n"
                "The link works once, for 30 minutes. If this was not you, do nothing: your "
                "password stays as it is.",
            )


def invite_within(session: AnySession, account: Account, link_of: LinkOf) -> None:
    """Send the link with which somebody chooses their first password."""
    token = ticket_within(session, "invite", account.id)
    write_letter(
        session,
        account.email,
        "You have an account at Training Mix",
        f"{account.name}, an account was made for you at Training Mix. Choose a password:\n\n"
        f"{link_of(token)}\n\nThe link works once, for three days.",
    )


def reset_is_good(token: str) -> bool:
    """Tell whether a link from a letter still leads somewhere."""
    with transaction(claims=False) as session:
        return _find(session, token) is not None


def finish_reset(token: str, password: str) -> None:
    """Set the password of whoever holds the link, and end every visit of the account.

    Raises:
        RefusedError: The link is used or too old, or the password weak.
    """
    with transaction(claims=False) as session:
        begun = _find(session, token)
        account = session.get(Account, begun.account_id) if begun else None
        email = account.email if account else ""
    if begun is None or account is None:
        raise RefusedError(GONE)
    hashed = hash_password(checked_password(password, email=email))
    with transaction() as session:
        taken = take_ticket(session, "reset", token) or take_ticket(session, "invite", token)
        account = session.get(Account, taken.account_id) if taken else None
        if taken is None or account is None or not account.active:
            raise RefusedError(GONE)
        _set(session, account, hashed)
        end_within(session, account.id)
    forget_tries({"account": email, "reset": email})


def _find(session: AnySession, token: str) -> Ticket | None:
    found = find_ticket(session, "reset", token) or find_ticket(session, "invite", token)
    return found if found is not None and found.account_id is not None else None


def _checked(password: str, email: str) -> str:
    try:
        return checked_password(password, email=email)
    except RefusedError as refusal:
        raise RefusedError(refusal.message, field="new") from refusal


def _set(session: AnySession, account: Account, hashed: str) -> None:
    """Keep a new password; what was begun with the old one, or by mail, ends with it."""
    account.password = hashed
    session.execute(delete(Ticket).where(Ticket.account_id == account.id))
    changed(session, account.id, {"changed": "password"})
    write_letter(session, account.email, CHANGED_SUBJECT, CHANGED)
