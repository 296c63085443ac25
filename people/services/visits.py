"""Visits: begun at sign-in, seen, listed and ended. The cookie holds a secret, we its digest."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from core.clock import now
from core.db import impatient, transaction
from core.errors import NotFoundError
from people.models import AccountSession
from people.rules.signing import LONGEST_VISIT, NOTICED_AFTER, digest_of
from people.services.auditing import record
from people.services.secrets import new_token
from people.services.versions import AnySession, rows_changed


def begin_visit(account_id: int, *, how: str, device: str, second_factor: bool) -> str:
    """Let somebody in who has proven who they are; return the secret for their cookie.

    Args:
        account_id: Who it is.
        how: "password", "passkey", "sso" or "demo".
        device: What they use, in words.
        second_factor: They have proven themself twice.
    """
    with transaction() as session:
        return visit_within(
            session, account_id, how=how, device=device, second_factor=second_factor
        )


def visit_within(
    session: AnySession, account_id: int, *, how: str, device: str, second_factor: bool
) -> str:
    """Let somebody in as part of a larger unit of work."""
    token, at = new_token(), now()
    session.execute(delete(AccountSession).where(AccountSession.started_at < at - LONGEST_VISIT))
    session.add(
        AccountSession(
            digest=digest_of(token),
            account_id=account_id,
            how=how,
            device=device[:300],
            second_factor=second_factor,
            started_at=at,
            last_seen_at=at,
            proven_at=at,
        )
    )
    record(session, "sign-in", of=("account", account_id), details={"how": how}, by=account_id)
    return token


def notice_visit(visit_id: int, last_seen_at: datetime) -> None:
    """Write down that somebody is here, at most once a minute and never waiting for others."""
    at = now()
    if at - last_seen_at < NOTICED_AFTER:
        return
    with suppress(OperationalError), impatient(), transaction(claims=False) as session:
        session.execute(
            update(AccountSession).where(AccountSession.id == visit_id).values(last_seen_at=at)
        )


def prove_visit(visit_id: int) -> None:
    """Write down that the person has just proven again who they are."""
    with transaction() as session:
        session.execute(
            update(AccountSession).where(AccountSession.id == visit_id).values(proven_at=now())
        )


def renew_within(session: AnySession, visit_id: int, *, second_factor: bool | None = None) -> str:
    """Give a visit a new secret, so that nobody who learned the old one comes in with it."""
    token = new_token()
    values: dict[str, object] = {"digest": digest_of(token), "proven_at": now()}
    if second_factor is not None:
        values["second_factor"] = second_factor
    session.execute(update(AccountSession).where(AccountSession.id == visit_id).values(**values))
    return token


def end_visit(visit_id: int, account_id: int) -> None:
    """End a visit of this account.

    Raises:
        NotFoundError: It has no such visit.
    """
    with transaction() as session:
        ended = delete(AccountSession).where(
            AccountSession.id == visit_id, AccountSession.account_id == account_id
        )
        if not rows_changed(session, ended):
            raise NotFoundError
        record(session, "sign-out", of=("account", account_id))


def end_others(account_id: int, visit_id: int) -> int:
    """End every visit of an account but one; return how many."""
    with transaction() as session:
        ended = end_within(session, account_id, but=visit_id)
        record(session, "sign-out", of=("account", account_id), details={"visits": ended})
        return ended


def end_within(session: AnySession, account_id: int, *, but: int | None = None) -> int:
    """End the visits of an account as part of a larger unit of work; return how many."""
    others = select(AccountSession.id).where(
        AccountSession.account_id == account_id, AccountSession.id != (but or 0)
    )
    return rows_changed(session, delete(AccountSession).where(AccountSession.id.in_(others)))
