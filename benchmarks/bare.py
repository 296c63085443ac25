"""The bare load an import is compared with: the same rows, clean, typed and sorted beforehand.

Same columns and primary key as the ledger's table and the key that tells entries apart (person,
day, course, minutes), in whose order the rows come; no other index, no foreign key, no check. The
rows stand ready in memory, so that nothing but the load itself is on the clock.
"""

import sqlite3
import time
from contextlib import closing
from itertools import islice

import psycopg
from sqlalchemy.engine import make_url

from ledger.models import Entry

AT_ONCE = 1_000_000
TYPES = {
    "sqlite": {"id": "INTEGER PRIMARY KEY"},
    "postgresql": {"id": "BIGINT PRIMARY KEY", "cost_cents": "BIGINT", "reverses_id": "BIGINT"},
}
NAMES = [column.name for column in Entry.__table__.columns]
KEY = "employee_id, done_on, course_id, minutes"
INDEX = f"CREATE INDEX bare_entry_key ON bare_entry ({KEY})"


def _definition(engine: str) -> str:
    listed = []
    for column in Entry.__table__.columns:
        kind = TYPES[engine].get(column.name) or str(column.type)
        required = "" if column.nullable or column.name == "id" else " NOT NULL"
        listed.append(f"{column.name} {kind}{required}")
    return f"CREATE TABLE bare_entry ({', '.join(listed)})"


def bare_load_seconds(source: str, target: str) -> float:
    """Load the entries of the database at `source` into a bare table of the one at `target`."""
    if source.startswith("sqlite"):
        return _sqlite(source.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
    return _postgresql(_dsn(source), _dsn(target))


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _sqlite(source: str, target: str) -> float:
    seconds = 0.0
    question = f"SELECT {', '.join(NAMES)} FROM entry ORDER BY {KEY}"  # noqa: S608  # our own names
    places = ", ".join("?" * len(NAMES))
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
        writer.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
            writer.execute(f"PRAGMA {pragma}").close()
        writer.execute(_definition("sqlite"))
        writer.execute(INDEX)
        rows = reader.execute(question)
        writer.execute("BEGIN IMMEDIATE")
        while part := list(islice(rows, AT_ONCE)):
            start = time.perf_counter()
            writer.executemany(f"INSERT INTO bare_entry VALUES ({places})", part)  # noqa: S608
            seconds += time.perf_counter() - start
        start = time.perf_counter()
        writer.execute("COMMIT")
        return seconds + time.perf_counter() - start


def _postgresql(source: str, target: str) -> float:
    seconds = 0.0
    question = f"SELECT {', '.join(NAMES)} FROM entry ORDER BY {KEY}"  # noqa: S608  # our own names
    with psycopg.connect(source) as reader, psycopg.connect(target) as writer:
        writer.execute(_definition("postgresql"))
        writer.execute(INDEX)
        with (
            reader.cursor().copy(f"COPY ({question}) TO STDOUT") as out,
            writer.cursor() as cursor,
        ):
            start = time.perf_counter()
            with cursor.copy("COPY bare_entry FROM STDIN") as copy:
                seconds += time.perf_counter() - start
                while part := b"".join(bytes(line) for line in islice(out, AT_ONCE // 10)):
                    start = time.perf_counter()
                    copy.write(part)
                    seconds += time.perf_counter() - start
                start = time.perf_counter()
        writer.commit()
        return seconds + time.perf_counter() - start
