"""Many rows at once: into a table, or added to the sums that are already there.

The ORM writes some ten thousand rows a second; an import has a million. SQLite gets statements of
a hundred rows each, PostgreSQL gets COPY.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session, scoped_session

ROWS_PER_STATEMENT = 100
Column = Sequence[Any]
AnySession = Session | scoped_session[Any]


def insert_columns(session: AnySession, table: Table, columns: dict[str, Column]) -> int:
    """Insert rows given as columns of plain values as the driver takes them; return their count."""
    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return 0
    if session.connection().dialect.name == "sqlite":
        _insert_sqlite(session, table.name, list(columns), rows)
    else:
        _copy_postgresql(session, table.name, list(columns), rows)
    return len(rows)


def add_columns(
    session: AnySession, table: Table, columns: dict[str, Column], keys: Sequence[str]
) -> int:
    """Add `columns` to the rows with the same `keys`, or insert them; return the count of rows."""
    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return 0
    names = list(columns)
    added = [name for name in names if name not in keys]
    target = table.name
    update = ", ".join(f"{name} = {target}.{name} + excluded.{name}" for name in added)
    conflict = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {update}"
    if session.connection().dialect.name == "sqlite":
        _insert_sqlite(session, target, names, rows, conflict)
        return len(rows)
    staging = f"adding_{target}"
    run = session.connection().exec_driver_sql
    run(f"CREATE TEMP TABLE {staging} (LIKE {target}) ON COMMIT DROP")
    _copy_postgresql(session, staging, names, rows)
    listed = ", ".join(names)
    run(
        f"INSERT INTO {target} ({listed}) SELECT {listed} FROM {staging}"  # noqa: S608  # our names
        f" ORDER BY {', '.join(keys)}{conflict}"
    )
    run(f"DROP TABLE {staging}")
    return len(rows)


def _insert_sqlite(
    session: AnySession, table: str, names: list[str], rows: list[Any], suffix: str = ""
) -> None:
    cursor = session.connection().connection.cursor()
    one = f"({', '.join('?' * len(names))})"
    head = f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608  # our own names
    whole = len(rows) - len(rows) % ROWS_PER_STATEMENT
    try:
        many = head + ", ".join([one] * ROWS_PER_STATEMENT) + suffix
        cursor.executemany(many, _flat(rows[:whole]))
        cursor.executemany(head + one + suffix, rows[whole:])
    finally:
        cursor.close()


def _flat(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        yield list(chain.from_iterable(rows[start : start + ROWS_PER_STATEMENT]))


def _copy_postgresql(session: AnySession, table: str, names: list[str], rows: list[Any]) -> None:
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
