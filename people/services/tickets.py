"""Tickets: something begun, such as resetting a password, that may be finished once and soon."""

from typing import Any

from sqlalchemy import delete, select

from core.clock import now
from core.db import transaction
from people.models import Ticket
from people.rules.signing import TICKETS, digest_of
from people.services.secrets import new_token
from people.services.versions import AnySession, rows_changed


def give_ticket(kind: str, account_id: int | None, content: dict[str, Any] | None = None) -> str:
    """Begin something and return the secret with which it can be finished."""
    with transaction() as session:
        return ticket_within(session, kind, account_id, content)


def ticket_within(
    session: AnySession, kind: str, account_id: int | None, content: dict[str, Any] | None = None
) -> str:
    """Begin something as part of a larger unit of work; what has run out is thrown away."""
    token, at = new_token(), now()
    session.execute(delete(Ticket).where(Ticket.expires_at <= at))
    session.add(
        Ticket(
            digest=digest_of(token),
            kind=kind,
            account_id=account_id,
            content=content or {},
            expires_at=at + TICKETS[kind],
        )
    )
    return token


def find_ticket(session: AnySession, kind: str, token: str | None) -> Ticket | None:
    """Return a ticket that is still good, without using it up."""
    return session.scalar(
        select(Ticket).where(
            Ticket.digest == digest_of(token or ""), Ticket.kind == kind, Ticket.expires_at > now()
        )
    )


def take_ticket(session: AnySession, kind: str, token: str | None) -> Ticket | None:
    """Return a ticket that is still good and use it up; of two who bring it, one gets it."""
    ticket = find_ticket(session, kind, token)
    if ticket is None:
        return None
    session.expunge(ticket)
    return ticket if rows_changed(session, delete(Ticket).where(Ticket.id == ticket.id)) else None
