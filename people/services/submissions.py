"""Forms that were sent: each acts once, however often it arrives.

The row that says so is written in the transaction of what the form asks for. A crash before its
end leaves neither; a form that arrives again while the first is at work waits for the row, on
SQLite for the turn to write, on PostgreSQL for the unique key, and then finds it there.
"""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from core.clock import now
from core.db import Claim, db, transaction
from core.errors import SentBeforeError
from people.models import Submission
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.versions import AnySession


@dataclass(frozen=True)
class Sending:
    """A form that was sent.

    Attributes:
        id: A digest of the id it carried, of who sent it where, and of what it says.
        account_id: Who sent it, None before they are signed in.
        endpoint: Where it was sent.
    """

    id: str
    account_id: int | None
    endpoint: str


@dataclass(frozen=True)
class Answer:
    """How a form was answered.

    Attributes:
        status: The number of the answer, None while it is not given yet.
        location: Where the person was led, None where the answer was a page.
        sealed: What their cookie held after it, encrypted.
        seconds: How long ago the form was acted on.
    """

    status: int | None
    location: str | None
    sealed: str | None
    seconds: float


def claim_of(sending: Sending) -> Claim:
    """Return what writes down, with the work it asks for, that a form is acted on."""

    def claim(session: AnySession) -> None:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert(Submission).values(
            id=sending.id,
            account_id=sending.account_id,
            endpoint=sending.endpoint,
            recorded_at=now(),
        )
        kept = row.on_conflict_do_nothing().returning(Submission.id)
        if session.scalar(kept) is None:
            raise SentBeforeError

    return claim


def keep_answer(sending_id: str, status: int, location: str | None, sealed: str | None) -> None:
    """Remember how a form was answered, so that it is answered alike when it comes again.

    Where the database is too busy for that, the form is done all the same.
    """
    with suppress(OperationalError), transaction(claims=False) as session:
        session.execute(
            update(Submission)
            .where(Submission.id == sending_id)
            .values(status=status, location=location, sealed=sealed)
        )


def find_answer(sending_id: str) -> Answer | None:
    """Return how a form was answered, None when it has not been acted on."""
    db.session.rollback()  # a later look sees what has been answered meanwhile
    asked = select(
        Submission.status, Submission.location, Submission.sealed, Submission.recorded_at
    ).where(Submission.id == sending_id)
    with reading(Reason.SENT_BEFORE):
        row = db.session.execute(asked).first()
    db.session.rollback()  # and whoever waits for it holds no connection meanwhile
    if row is None:
        return None
    return Answer(row.status, row.location, row.sealed, (now() - row.recorded_at).total_seconds())
