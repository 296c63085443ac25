"""The turn to write: the counter that rises with every change."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, update
from sqlalchemy.orm import Session, scoped_session

from people.models import DataVersion

AnySession = Session | scoped_session[Any]


def raise_data_version(session: AnySession) -> None:
    """Take the turn to write; the first statement of every unit of work that changes data."""
    session.execute(update(DataVersion).values(version=DataVersion.version + 1))


def rows_changed(session: AnySession, statement: Update | Delete) -> int:
    """Change or delete rows and return how many there were."""
    return int(cast("CursorResult[Any]", session.execute(statement)).rowcount)
