"""Which tables hold what about people; packages above this one add their own."""

from collections.abc import Iterable

from sqlalchemy import Table

from core.db import db
from core.guarding import guard_tables
from people.rules.holdings import PEOPLE, Held

_declared: dict[str, Held] = {}


def declare(*held: Held) -> None:
    """Add what other packages hold."""
    _declared.update({one.table: one for one in held})
    _guard(held)


def _guard(declared: Iterable[Held]) -> None:
    """Close what is about people; `people.queries.opening` opens it to whoever may read it."""
    guard_tables({held.table: held.of_employee for held in declared if held.realm is not None})


declare(*PEOPLE)


def holdings() -> list[Held]:
    """Return what every table holds, those about people first as they were declared."""
    return list(_declared.values())


def table_of(held: Held) -> Table:
    """Return the table itself."""
    return db.metadata.tables[held.table]


def undeclared() -> list[str]:
    """Return every table and column that nobody has declared, or that is declared twice or gone."""
    found = []
    for name, table in db.metadata.tables.items():
        held = _declared.get(name)
        if held is None:
            found.append(name)
            continue
        declared = [column for column, _ in held.columns()]
        there = [column.name for column in table.columns]
        wrong = set(declared) ^ set(there)
        wrong |= {column for column in declared if declared.count(column) > 1}
        wrong |= held.secret - set(held.about_people)
        found += [f"{name}.{column}" for column in sorted(wrong)]
    return found + sorted(_declared.keys() - db.metadata.tables.keys())
