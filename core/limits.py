"""How long the database may work on one statement, wait for another, or be kept waiting.

A statement of a page that takes longer than `STATEMENT_SECONDS` is given up, so that a handful of
costly questions cannot hold the server up; whoever asked reads that the database is busy. A unit
of work that writes, such as an import, has `WRITING_SECONDS` for each of its statements. Commands
run as long as they need.

PostgreSQL keeps these times itself; each transaction begins by saying them. SQLite keeps none: it
asks us now and then while it works, and we tell it when the time is over.
"""

import sqlite3
from contextvars import ContextVar
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from core.guarding import opened

STEPS = 200_000
"""SQLite asks once in so many steps of its machine, which are a few milliseconds."""


USUAL = {
    "statement_seconds": 60.0,  # each statement of a page that reads
    "writing_seconds": 600.0,  # each statement of a unit of work that writes
    "lock_seconds": 15.0,  # waiting for what somebody else is changing
    "idle_seconds": 600.0,  # between two statements of a transaction
}
"""What holds where an engine has no option of this name; 0 is no limit."""

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
_writes: ContextVar[bool] = ContextVar("writes", default=False)


def seconds_of(connection: Connection, name: str) -> float:
    """Return a limit of the engine of a connection."""
    return float(connection.get_execution_options().get(name, USUAL[name]))


def seconds_left(connection: Connection, *, writes: bool) -> float:
    """Return the time a statement has now; 0 without a limit, which commands have."""
    if opened() is None:
        return 0
    return seconds_of(connection, "writing_seconds" if writes else "statement_seconds")


def begin_limited(connection: Connection, first: str, *, writes: bool) -> None:
    """Begin a transaction with its limits.

    Args:
        connection: Where it begins.
        first: The statement it begins with.
        writes: Whether it is a unit of work that writes.
    """
    _writes.set(writes)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(first)
        return
    times = {
        "statement_timeout": seconds_left(connection, writes=writes),
        "lock_timeout": seconds_of(connection, "lock_seconds"),
        "idle_in_transaction_session_timeout": seconds_of(connection, "idle_seconds"),
    }
    said = [f"SET LOCAL {name} = {round(seconds * 1000)}" for name, seconds in times.items()]
    # All of it in one way to the server and back.
    connection.exec_driver_sql(
        "; ".join([first, *said] if first else said), execution_options={"no_parameters": True}
    )


@event.listens_for(Engine, "connect")
def _let_sqlite_ask(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.set_progress_handler(_is_over, STEPS)


def _is_over() -> bool:
    deadline = _deadline.get()
    return deadline is not None and monotonic() > deadline


@event.listens_for(Engine, "before_cursor_execute")
def _start_the_clock(connection: Connection, *_rest: object) -> None:
    if connection.dialect.name == "sqlite":
        seconds = seconds_left(connection, writes=_writes.get())
        _deadline.set(monotonic() + seconds if seconds else None)
