"""The secret address of somebody's own calendar: made, made anew, taken back."""

from sqlalchemy import delete

from core.clock import now
from core.db import transaction
from curricula.models.sessions import CalendarFeed
from people.rules.signing import digest_of
from people.services.auditing import record
from people.services.secrets import new_token


def make_feed(account_id: int) -> str:
    """Return a new secret for somebody's calendar; an earlier one works no longer."""
    token = new_token()
    with transaction() as session:
        session.execute(delete(CalendarFeed).where(CalendarFeed.account_id == account_id))
        session.add(CalendarFeed(account_id=account_id, digest=digest_of(token), made_at=now()))
        record(session, "calendar.make", of=("account", account_id))
    return token


def revoke_feed(account_id: int) -> None:
    """Let the address of somebody's calendar work no longer."""
    with transaction() as session:
        session.execute(delete(CalendarFeed).where(CalendarFeed.account_id == account_id))
        record(session, "calendar.revoke", of=("account", account_id))
