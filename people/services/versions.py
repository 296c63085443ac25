"""What statements of services have in common."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session, scoped_session

AnySession = Session | scoped_session[Any]


def rows_changed(session: AnySession, statement: Update | Delete) -> int:
    """Change or delete rows and return how many there were."""
    return int(cast("CursorResult[Any]", session.execute(statement)).rowcount)
