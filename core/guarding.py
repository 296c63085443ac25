"""Tables about people cannot be read in a request before somebody has decided who may look.

The check stands where every statement passes on its way to the database, so a page that forgets
to ask whose data it may show fails in its first test instead of showing too much. It knows
nothing of people: which tables are guarded, and what is open at the moment, is said by whoever
decides (`people.queries.opening`). Outside a request nothing is closed: commands, migrations and
the demo work for the machine itself.

A statement passes when each guarded table in it is open as a whole, or at least the columns it
touches are, or when it is narrowed by a question that was marked as somebody's sight
(`as_sight`): an id of a person has to be one of its answers. What a statement touches is worked
out once for each compiled statement and kept as long as SQLAlchemy keeps that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Select, Table, TextClause, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement
from sqlalchemy.sql.operators import in_op
from sqlalchemy.sql.selectable import ScalarSelect, SelectBase

ANNOTATION = "sight"
_CHANGES = re.compile(
    r"\s*(insert|update|delete|create|drop|alter|analyze|pragma|begin|set|lock|truncate)\b",
    re.IGNORECASE,
)
"""How a text of SQL begins that hands nothing back; every other one is taken for a question."""


class UnscopedReadError(RuntimeError):
    """Our own mistake: data about people were asked for before anybody decided who may see them."""


@dataclass(frozen=True, eq=False)
class Mark:
    """What a question carries that narrows a statement to the people in somebody's sight."""

    name: str


@dataclass
class Open:
    """What may be read now, as names of tables and of single columns ("account.name").

    Attributes:
        why: What is being done, for the message when something is closed.
        for_whom: The account that looks; None for somebody who has not signed in.
        whole: Open until the end.
        now: Open for the present block as well.
        narrowed: Open to statements that carry a mark.
    """

    why: str
    for_whom: int | None = None
    whole: set[str] = field(default_factory=set)
    now: frozenset[str] = frozenset()
    narrowed: dict[Mark, frozenset[str]] = field(default_factory=dict)

    def allows(self, table: str, columns: frozenset[str], marks: frozenset[Mark]) -> bool:
        """Tell whether these columns of a guarded table may be read.

        Rows that are only counted tell nothing that one of their open columns would not.
        """
        groups = [self.whole, self.now, *(self.narrowed.get(mark, frozenset()) for mark in marks)]
        if any(table in names for names in groups):
            return True
        if not columns:
            return any(name.startswith(f"{table}.") for names in groups for name in names)
        return all(any(column in names for names in groups) for column in columns)


_guarded: dict[str, frozenset[str]] = {}
_open: ContextVar[Open | None] = ContextVar("open", default=None)


def guard_tables(tables: Mapping[str, Iterable[str]]) -> None:
    """Guard tables; with each go the columns that name the person a row is about."""
    _guarded.update({table: frozenset(columns) for table, columns in tables.items()})
    _touched.clear()
    _words_of.cache_clear()


def opened() -> Open | None:
    """Return what is open at the moment, None where nothing is closed."""
    return _open.get()


def close_all(why: str, for_whom: int | None = None) -> Open:
    """Close every guarded table from now on, and return what can be used to open some."""
    found = Open(why, for_whom)
    _open.set(found)
    return found


def guard_nothing() -> None:
    """Let everything be read again: what follows is done by the machine itself."""
    _open.set(None)


@contextmanager
def also_open(names: frozenset[str]) -> Iterator[None]:
    """Open more for a block of code."""
    before = _open.get()
    if before is None:
        yield
        return
    token = _open.set(replace(before, now=before.now | names))
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def apart(mine: Open | None) -> Iterator[None]:
    """Let only what is in `mine` be open for a block of code, whatever is open around it."""
    token = _open.set(mine)
    try:
        yield
    finally:
        _open.reset(token)


def as_sight(question: Select[Any], mark: Mark) -> Select[Any]:
    """Return a question for ids of people as one that narrows the statements it stands in."""
    marked: Select[Any] = question._annotate({ANNOTATION: mark})
    return marked


@dataclass(frozen=True)
class Touched:
    """What a statement reads: the columns of each guarded table, and what narrows it."""

    tables: tuple[tuple[str, frozenset[str]], ...]
    marks: frozenset[Mark] = frozenset()


_touched: WeakKeyDictionary[Any, Touched] = WeakKeyDictionary()


@event.listens_for(Engine, "before_cursor_execute")
def _check(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    _parameters: object,
    context: Any,
    _many: bool,  # SQLAlchemy calls it
) -> None:
    now = _open.get()
    if now is None or context.isinsert or context.isupdate or context.isdelete:
        return
    compiled = context.compiled
    if not isinstance(compiled, SQLCompiler):
        touched = Touched(_words_of(statement))
    else:
        kept = _touched.get(compiled)
        touched = kept if kept is not None else _keep(compiled)
    for table, columns in touched.tables:
        if not now.allows(table, columns, touched.marks):
            raise UnscopedReadError(_message(now, table, columns))


def _message(now: Open, table: str, columns: frozenset[str]) -> str:
    which = ", ".join(sorted(columns)) or f"rows of {table}"
    return (
        f"{now.why}: {which} may not be read here. Ask people.queries.visibility whose data the "
        "viewer sees and use its answer in the statement, or see people.rules.opening."
    )


def _keep(compiled: SQLCompiler) -> Touched:
    found = touched_by(compiled)
    _touched[compiled] = found
    return found


def touched_by(compiled: SQLCompiler) -> Touched:
    """Return what a compiled statement reads from guarded tables."""
    look = _Look()
    final = getattr(compiled.compile_state, "statement", None)  # with what relations added
    for root in (compiled.statement, final):
        if isinstance(root, ClauseElement):
            look.at(root)
    if look.has_text:
        for table, _ in _words_of(compiled.string):
            look.tables.setdefault(table, set()).add(f"{table}.*")
    return Touched(
        tuple((table, frozenset(columns)) for table, columns in sorted(look.tables.items())),
        frozenset(look.marks),
    )


@lru_cache(maxsize=500)
def _words_of(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the guarded tables a text of SQL names; nobody knows which of their columns."""
    if _CHANGES.match(text):
        return ()
    words = set(re.findall(r"\w+", text.lower()))
    return tuple((name, frozenset({f"{name}.*"})) for name in sorted(_guarded.keys() & words))


class _Look:
    """A walk through a statement; what stands inside a sight is the sight's own business."""

    def __init__(self) -> None:
        self.tables: dict[str, set[str]] = {}
        self.marks: set[Mark] = set()
        self.has_text = False

    def at(self, root: ClauseElement) -> None:
        """Note everything below an element."""
        if (mark := _mark_of(root)) is not None:
            self.marks.add(mark)
            return
        waiting: list[Any] = [root]
        while waiting:
            element = waiting.pop()
            if _mark_of(element) is None:
                self._note(element)
                waiting.extend(element.get_children())

    def _note(self, element: Any) -> None:
        if isinstance(element, Column):
            self._note_column(element)
        elif isinstance(element, Table) and element.name in _guarded:
            self.tables.setdefault(element.name, set())
        elif isinstance(element, SelectBase):
            self._note_result(element)
        elif isinstance(element, BinaryExpression):
            self._note_narrowing(element)
        elif isinstance(element, TextClause):
            self.has_text = True

    def _note_result(self, element: SelectBase) -> None:
        for column in element.selected_columns:
            if isinstance(column, Column):
                self._note_column(column)

    def _note_column(self, column: Column[Any]) -> None:
        table = _table_of(column)
        if table in _guarded:
            self.tables.setdefault(table, set()).add(f"{table}.{column.name}")

    def _note_narrowing(self, element: BinaryExpression[Any]) -> None:
        left, right = element.left, element.right
        if element.operator is not in_op or not isinstance(left, Column):
            return
        inner = right.element if isinstance(right, ScalarSelect) else right
        mark = _mark_of(inner)
        if mark is not None and left.name in _guarded.get(_table_of(left), ()):
            self.marks.add(mark)


def _mark_of(element: Any) -> Mark | None:
    found = getattr(element, "_annotations", {}).get(ANNOTATION)
    return found if isinstance(found, Mark) else None


def _table_of(column: Column[Any]) -> str:
    table: Any = column.table
    while table is not None and not isinstance(table, Table):
        table = getattr(table, "element", None)
    return table.name if table is not None else ""
