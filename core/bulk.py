"""Many rows at once: into a table, or added to the sums that are already there.

The ORM writes some ten thousand rows a second; an import has a million. SQLite gets statements of
a hundred rows each, PostgreSQL gets COPY, as bytes put together by columns. A first load also
builds its indexes once at the end instead of row by row.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from sqlite3 import ProgrammingError
from typing import Any

import numpy as np
from sqlalchemy import Connection, FromClause, Index, Table, text
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from core.copying import END, START, Column, Picked, copied, part_of

ROWS_PER_STATEMENT = 100
SORT_MEMORY = "128MB"
LOAD_CACHE_KB = 8192
"""SQLite's cache while rows are only appended; it is also what sorting for an index may take."""
ROWS_AT_ONCE = 20_000
AnySession = Session | scoped_session[Any]


def insert_columns(
    session: AnySession,
    table: FromClause,
    columns: Mapping[str, Column],
    constants: Mapping[str, Any] | None = None,
) -> int:
    """Insert rows given as columns of plain values as the driver takes them; return their count.

    Args:
        session: The session whose transaction writes.
        table: Where to.
        columns: Numbers, texts and None; days as ISO texts; lists, arrays or picked values.
        constants: Values that are the same in every row.
    """
    name: str = table.name  # type: ignore[attr-defined]  # a table has a name
    return _insert(session, table, name, columns, constants or {})


def add_columns(
    session: AnySession,
    table: FromClause,
    columns: Mapping[str, Column],
    keys: Sequence[str],
    constants: Mapping[str, Any] | None = None,
) -> int:
    """Add `columns` to the rows with the same `keys`, or insert them; return the count of rows."""
    fixed = constants or {}
    names = [*fixed, *columns]
    added = [name for name in names if name not in keys]
    target: str = table.name  # type: ignore[attr-defined]  # a table has a name
    update = ", ".join(f"{name} = {target}.{name} + excluded.{name}" for name in added)
    conflict = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {update}"
    if session.connection().dialect.name == "sqlite":
        return _insert(session, table, target, columns, fixed, conflict)
    if not _count(columns):
        return 0
    staging = f"adding_{target}"
    run = session.connection().exec_driver_sql
    run(f"CREATE TEMP TABLE {staging} (LIKE {target}) ON COMMIT DROP")
    count = _insert(session, table, staging, columns, fixed)
    listed = ", ".join(names)
    run(
        f"INSERT INTO {target} ({listed}) SELECT {listed} FROM {staging}"  # noqa: S608  # our names
        f" ORDER BY {', '.join(keys)}{conflict}"
    )
    run(f"DROP TABLE {staging}")
    return count


def _insert(
    session: AnySession,
    table: FromClause,
    target: str,
    columns: Mapping[str, Column],
    constants: Mapping[str, Any],
    suffix: str = "",
) -> int:
    count = _count(columns)
    if not count:
        return 0
    is_sqlite = session.connection().dialect.name == "sqlite"
    if not is_sqlite:
        _copy_postgresql(session, table, target, columns, constants)
        return count
    for start in range(0, count, ROWS_AT_ONCE):
        part = {
            name: _plain_list(part_of(column, start, start + ROWS_AT_ONCE))
            for name, column in columns.items()
        }
        _insert_sqlite(session, target, part, constants, suffix)
    return count


def _plain_list(column: Column) -> Sequence[Any]:
    if isinstance(column, Picked):
        return column.listed()
    return column.tolist() if isinstance(column, np.ndarray) else column


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _count(columns: Mapping[str, Column]) -> int:
    counts = {
        len(column.places if isinstance(column, Picked) else column) for column in columns.values()
    }
    if len(counts) > 1:
        raise ValueError("one column is shorter than another")
    return counts.pop() if counts else 0


def _insert_sqlite(
    session: AnySession,
    table: str,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any],
    suffix: str,
) -> None:
    count, width = _count(columns), len(columns)
    flat: list[Any] = [None] * (count * width)
    for place, column in enumerate(columns.values()):
        flat[place::width] = column
    fixed = list(constants.values())
    head = f"INSERT INTO {table} ({_listed([*constants, *columns])}) VALUES "  # noqa: S608  # our own names
    same = [f"?{place}" for place in range(1, len(fixed) + 1)]

    def statement(rows: int) -> str:
        marks = (
            ", ".join([*same, *(f"?{len(fixed) + row * width + at + 1}" for at in range(width))])
            for row in range(rows)
        )
        return head + ", ".join(f"({row})" for row in marks) + suffix

    cursor = session.connection().connection.cursor()
    step = ROWS_PER_STATEMENT * width
    whole = count // ROWS_PER_STATEMENT * step
    try:
        many = (fixed + flat[start : start + step] for start in range(0, whole, step))
        cursor.executemany(statement(ROWS_PER_STATEMENT), many)  # type: ignore[arg-type]  # sqlite3 takes any iterable
        if whole < len(flat):
            rest = fixed + flat[whole:]
            cursor.execute(statement(count % ROWS_PER_STATEMENT), rest)
    finally:
        cursor.close()


def _copy_postgresql(
    session: AnySession,
    table: FromClause,
    target: str,
    columns: Mapping[str, Column],
    constants: Mapping[str, Any],
) -> None:
    count = _count(columns)
    names = [*constants, *columns]
    types = [table.columns[name].type for name in names]
    same = [Picked([value], np.zeros(count, np.int64)) for value in constants.values()]
    every = [*same, *columns.values()]
    cursor = session.connection().connection.cursor()
    question = f"COPY {target} ({_listed(names)}) FROM STDIN (FORMAT binary)"
    with cursor.copy(question) as copy:
        copy.write(START)
        for start in range(0, count, ROWS_AT_ONCE):
            end = min(start + ROWS_AT_ONCE, count)
            part = [part_of(column, start, end) for column in every]
            for rows in copied(part, types, end - start):
                copy.write(rows)
        copy.write(END)


@contextmanager
def indexes_built_at_end(
    session: AnySession, table: Table, indexes: Sequence[Index] = ()
) -> Iterator[None]:
    """Let a large load run without these indexes, and build them once when it is done.

    PostgreSQL also checks foreign keys once at the end, for all rows together. All of it happens
    in the transaction of the load: when that fails, everything is as before. While it runs,
    PostgreSQL lets nobody else read the table, so this is for tables that were empty.
    """
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    constraints = set() if is_sqlite else table.foreign_key_constraints
    ordered = sorted(constraints, key=lambda constraint: str(constraint.name))
    for constraint in ordered:
        connection.execute(DropConstraint(constraint))
    for index in indexes:
        connection.execute(DropIndex(index))
    with _small_cache(connection) if is_sqlite else nullcontext():
        yield
        if not is_sqlite:
            connection.execute(text(f"SET LOCAL maintenance_work_mem = '{SORT_MEMORY}'"))
        for index in indexes:
            connection.execute(CreateIndex(index))
    for constraint in ordered:
        connection.execute(AddConstraint(constraint, isolate_from_table=False))


@contextmanager
def _small_cache(connection: Connection) -> Iterator[None]:
    """Take SQLite's cache down to what appending needs, and give it back even after a failure."""
    driver: Any = connection.connection.driver_connection
    usual = driver.execute("PRAGMA cache_size").fetchone()[0]
    driver.execute(f"PRAGMA cache_size = -{LOAD_CACHE_KB}")
    try:
        yield
    finally:
        with suppress(ProgrammingError):  # A closed connection has no cache any more.
            driver.execute(f"PRAGMA cache_size = {usual}")


def after_explicit_ids(session: AnySession, table: str) -> None:
    """Let PostgreSQL's counter go on after ids that were given by hand."""
    if session.connection().dialect.name == "postgresql":
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608  # our own names
            )
        )
