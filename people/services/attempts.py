"""Slowing down whoever guesses: failures are counted in the database, per account and address.

A try is counted before it is made and taken back when it succeeds, so that a hundred tries at the
same moment are a hundred tries.
"""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import now
from core.db import transaction
from core.errors import TooSoonError
from people.models import Attempts
from people.rules.signing import FORGOTTEN_AFTER, wait_after
from people.services.auditing import record
from people.services.secrets import keyed_digest
from people.services.versions import AnySession


def key_of(kind: str, what: str) -> str:
    """Return under what failures are counted; no address can be read from it."""
    return keyed_digest(f"attempts at {kind}", what.strip().casefold())


def count_try(tries: Mapping[str, str]) -> None:
    """Count a try at each of these, kind by what is tried; a success takes it back.

    The first try that comes too soon is recorded; those that follow before the wait is over add
    nothing, so that nobody fills the trail by asking on and on.

    Raises:
        TooSoonError: Too many have failed; this one must not be made.
    """
    try:
        with transaction(claims=False) as session:
            count_within(session, tries)
    except TooSoonError:
        with transaction(claims=False) as session:
            if _first_too_soon(session, tries):
                record(session, "sign-in.failed", details={"how": "too soon"})
        raise


def _first_too_soon(session: AnySession, tries: Mapping[str, str]) -> bool:
    """Tell whether nobody was turned away since the wait began, and note that somebody is now.

    A row says when it was last tried; while nobody was turned away, that is when its wait began.
    """
    at, is_first = now(), False
    for kind, what in tries.items():
        row = session.get(Attempts, key_of(kind, what))
        if row is None or row.closed_until is None or row.closed_until <= at:
            continue
        if row.last_at + wait_after(kind, row.count) == row.closed_until:
            is_first, row.last_at = True, at
    return is_first


def count_within(session: AnySession, tries: Mapping[str, str]) -> None:
    """Count a try as part of a larger unit of work."""
    at = now()
    keyed = sorted((key_of(kind, what), kind) for kind, what in tries.items())
    rows = {key: _locked(session, key, at) for key, _ in keyed}
    waits = [(row.closed_until - at).total_seconds() for row in rows.values() if row.closed_until]
    longest = max(waits, default=0)
    if longest > 0:
        raise TooSoonError(ceil(longest))
    for key, kind in keyed:
        row = rows[key]
        row.count = 1 if at - row.last_at > FORGOTTEN_AFTER else row.count + 1
        row.last_at = at
        wait = wait_after(kind, row.count)
        row.closed_until = at + wait if wait else None


def forget_tries(tries: Mapping[str, str]) -> None:
    """Take the try back after a success, and forget the failures of the account before it.

    Failures from an address stay: who holds one account could otherwise guess at all others.
    """
    with transaction(claims=False) as session:
        for kind, what in tries.items():
            key = key_of(kind, what)
            if kind == "address":
                session.execute(
                    update(Attempts)
                    .where(Attempts.key == key, Attempts.count > 0)
                    .values(count=Attempts.count - 1, closed_until=None)
                )
            else:
                session.execute(delete(Attempts).where(Attempts.key == key))


def _locked(session: AnySession, key: str, at: datetime) -> Attempts:
    """Return the row of a key, made when it is missing, locked until the unit of work ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Attempts).values(key=key, count=0, last_at=at).on_conflict_do_nothing()
    session.execute(new)
    return session.scalars(select(Attempts).where(Attempts.key == key).with_for_update()).one()
