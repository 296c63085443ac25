"""What statements of services have in common."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session, scoped_session

from core.errors import ConflictError

AnySession = Session | scoped_session[Any]


def check_unchanged(seen: int | None, held: int) -> None:
    """Refuse to change what was changed since the person saw it.

    Args:
        seen: The version the form was made from; None where nobody looked, as for a command.
        held: The version that is there now.

    Raises:
        ConflictError: They differ.
    """
    if seen is not None and seen != held:
        raise ConflictError(held)


def check_none_since(seen: int | None, newest: int | None, last: int | None) -> None:
    """Refuse to follow dated rows which the person has not seen; such rows are only ever added.

    Args:
        seen: The last row of the table when the form was made; None where nobody looked.
        newest: The last row now about the same thing.
        last: The last row of the whole table now.

    Raises:
        ConflictError: A row was added about the same thing.
    """
    if seen is not None and (newest or 0) > seen:
        raise ConflictError(last or 0)


def rows_changed(session: AnySession, statement: Update | Delete) -> int:
    """Change or delete rows and return how many there were."""
    return int(cast("CursorResult[Any]", session.execute(statement)).rowcount)
