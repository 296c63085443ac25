"""The words in which somebody reads what is held on them."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, select

from core.db import db
from people.queries.holdings import holdings
from people.rules.holdings import Held

NOT_SHOWN = "kept, not shown"


def text_of(held: Held, column: Column[Any], value: object, labels: "Labels") -> str:
    """Return a value as text: secrets as such, ids as what they lead to."""
    if value is None or value == "":
        return ""
    if column.name in held.secret:
        return NOT_SHOWN
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    for key in column.foreign_keys:
        return labels.of(key.column.table, value)
    if held.own_numbers and column.primary_key:
        return labels.of(column.table, value)
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items() if part)
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    return str(value)


class Labels:
    """What the rows that others point to are called."""

    def __init__(self) -> None:
        self._columns = {held.table: held.label for held in holdings() if held.label}
        self._numbered: dict[str, dict[object, int]] = {
            held.table: {} for held in holdings() if held.own_numbers
        }
        self._known: dict[tuple[str, object], str] = {}

    def of(self, table: Table, key: object) -> str:
        """Return the words for a row of a table, with its id, or its number in this answer."""
        numbers = self._numbered.get(table.name)
        if numbers is not None:
            return str(numbers.setdefault(key, len(numbers) + 1))
        if (table.name, key) not in self._known:
            self._known[table.name, key] = self._found(table, key)
        return self._known[table.name, key]

    def _found(self, table: Table, key: object) -> str:
        name = self._columns.get(table.name)
        if name is None:
            return str(key)
        (primary,) = table.primary_key.columns
        words = db.session.scalar(select(table.c[name]).where(primary == key))
        return f"{words} ({key})" if words else str(key)
