"""The database handle, the base of every table and the one transaction boundary.

SQLite with its driver's default settings loses updates without an error: it opens a transaction
only at the first write, so two units of work that read first and write later both succeed and one
is forgotten. Here the driver begins nothing by itself; reads begin with `BEGIN`, and a unit of
work that writes begins with `BEGIN IMMEDIATE`, so that it waits for its turn *before* it reads.
"""

import enum
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, TypeDecorator, event, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, scoped_session
from sqlalchemy.orm import Session as AnySession

from core.limits import begin_limited

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

STORED_BY_VALUE = Enum(
    enum.Enum,
    values_callable=lambda kind: [member.value for member in kind],
    native_enum=False,
    length=20,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base with predictable constraint names, so migrations can drop them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={enum.Enum: STORED_BY_VALUE, datetime: Moment},
    )


class Database(SQLAlchemy):
    """The handle; its engines, and no others of the process, begin transactions as we do."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        engine = super()._make_engine(bind_key, options, app)
        event.listen(engine, "do_connect", _begin_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
        return engine


db = Database(model_class=Base)

if TYPE_CHECKING:
    ModelBase = Base
else:
    ModelBase = db.Model


class Model(ModelBase):
    """Base of every table."""

    __abstract__ = True


IntPk = Annotated[int, mapped_column(primary_key=True)]
Title = Annotated[str, mapped_column(String(300))]
Code = Annotated[str, mapped_column(String(120))]


class DataVersion(Model):
    """One row that rises with every write; whoever raises it first has the turn to write.

    `turns` counts every write, `version` those after which balances may be others, and `shifts`
    those after which people may stand elsewhere, or what was recorded before may count otherwise.
    """

    __tablename__ = "data_version"
    id: Mapped[IntPk]
    version: Mapped[int]
    turns: Mapped[int] = mapped_column(server_default="0")
    shifts: Mapped[int] = mapped_column(server_default="0")


PATIENCE_MS = 15000
"""How long a writer waits for its turn on SQLite."""


def take_turn(
    session: scoped_session[Any] | AnySession, *, aside: bool = False, shifts: bool = True
) -> None:
    """Raise the data version: on PostgreSQL this waits until earlier writers have finished.

    Args:
        session: The session whose transaction writes.
        aside: What is written changes no hours and nobody's place, so that balances stay true.
        shifts: Somebody may stand elsewhere afterwards, or earlier entries may count otherwise.
            Without, whoever holds people and hours in memory reads on from the last entry:
            entries may be added, and a reversal is an entry too. What moves earlier entries from
            cell to cell says so by itself.
    """
    raised = {"turns": DataVersion.turns + 1}
    if not aside:
        raised["version"] = DataVersion.version + 1
    if shifts and not aside:
        raised["shifts"] = DataVersion.shifts + 1
    session.execute(update(DataVersion).values(**raised))


def note_shift(session: scoped_session[Any] | AnySession) -> None:
    """Say in a turn that was taken without it that earlier entries count otherwise now."""
    session.execute(update(DataVersion).values(shifts=DataVersion.shifts + 1))


_writing: ContextVar[bool] = ContextVar("writing", default=False)
_patience: ContextVar[int] = ContextVar("patience", default=PATIENCE_MS)


@contextmanager
def impatient() -> Iterator[None]:
    """Let a small unit of work give up at once when another one is writing to SQLite."""
    token = _patience.set(50)
    try:
        yield
    finally:
        _patience.reset(token)


Claim = Callable[[scoped_session[Session]], None]
"""What a unit of work writes first, so that it is kept or forgotten together with the work."""

_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)


def claim_next(claim: Claim | None) -> None:
    """Let the next unit of work that is kept begin with `claim`; None takes the wish back."""
    _claim.set(claim)


def is_claim_open() -> bool:
    """Tell whether a claim still waits for a unit of work that is kept."""
    return _claim.get() is not None


@contextmanager
def transaction(*, claims: bool = True) -> Iterator[scoped_session[Session]]:
    """Commit when the block ends, roll back when it raises. Only services open one.

    What the session has read before is forgotten first, so that everything the unit of work
    decides on is read after its turn has come.

    Args:
        claims: This is what the person asked for. A note beside it, such as a try that is
            counted or a look that is written down, says False: it may happen again.
    """
    db.session.rollback()
    token = _writing.set(True)
    claim = _claim.get() if claims else None
    try:
        db.session.connection()
        if claim is not None:
            claim(db.session)
        yield db.session
        db.session.commit()
        if claim is not None:
            _claim.set(None)
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def _begin_private(dialect: Dialect, _record: Any, names: Any, _more: Any) -> None:
    """Make a missing SQLite file readable for its owner only, as the next start demands.

    SQLite gives the files it keeps beside it the same mode.
    """
    path = str(names[0]) if dialect.name == "sqlite" and names else ":memory:"
    if not path.startswith((":", "file:")):
        with suppress(OSError):  # where the folder is missing, SQLite says so itself
            os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={PATIENCE_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cache_size=-32768",
        ):
            connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if _writing.get():
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_patience.get()}")
        first = "BEGIN IMMEDIATE" if _writing.get() else "BEGIN"
    else:
        # All the questions behind one page see the same moment, as they do on SQLite.
        first = "" if _writing.get() else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    begin_limited(connection, first, writes=_writing.get())
