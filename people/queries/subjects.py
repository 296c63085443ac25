"""Everything that is held on one person, found by the declarations of the columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, or_, select

from core.db import db
from people.models import Account, Employee
from people.queries.holdings import holdings, table_of
from people.queries.opening import own_data
from people.queries.subject_words import Labels, text_of
from people.rules.access import Viewer
from people.rules.erasing import Marks, text_of_file
from people.rules.holdings import SCRUB, Held

NAMED_IN_REMARK = "a remark on the file names you"
READ_AT_ONCE = 1000


@dataclass(frozen=True)
class Section:
    """The rows of one table that are about a person.

    Attributes:
        table: Its name in the database.
        what: What a row is.
        why: What it is needed for.
        kept: How long.
        columns: The names of the columns.
        rows: Their values as text, in the order of the columns.
    """

    table: str
    what: str
    why: str
    kept: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Who:
    """Whose data are wanted.

    Attributes:
        employee_id: The person; None for an account of somebody who does not work here.
        account_ids: Their accounts.
        addresses: Their e-mail addresses.
        marks: What they can be recognised by in texts.
    """

    employee_id: int | None
    account_ids: tuple[int, ...]
    addresses: frozenset[str]
    marks: Marks


def who_is(employee_id: int | None, account_id: int | None) -> Who:
    """Return a person with all that is known to be theirs."""
    theirs: list[ColumnElement[bool]] = []
    if employee_id is not None:
        theirs.append(Account.employee_id == employee_id)
    if account_id is not None:
        theirs.append(Account.id == account_id)
    accounts = db.session.execute(
        select(Account.id, Account.email, Account.name).where(or_(*theirs))
    ).all()
    person = db.session.get(Employee, employee_id) if employee_id is not None else None
    names = {account.name for account in accounts} | ({person.name} if person else set())
    addresses = {account.email for account in accounts}
    if person is not None and person.email:
        addresses.add(person.email)
    return Who(
        employee_id,
        tuple(account.id for account in accounts),
        frozenset(addresses),
        Marks(
            frozenset({person.number} if person else ()),
            frozenset(names),
            frozenset(addresses),
        ),
    )


def held_on_oneself(viewer: Viewer) -> list[Section]:
    """Return everything that is held on whoever asks."""
    with own_data(viewer):
        return held_on(who_is(viewer.employee_id, viewer.account_id))


def held_on(who: Who) -> list[Section]:
    """Return everything that is held on a person, table by table; what is empty is left out."""
    labels = Labels()
    found = [_section(held, who, labels) for held in holdings() if held.about_people]
    return [section for section in found if section.rows]


def _section(held: Held, who: Who, labels: Labels) -> Section:
    table = table_of(held)
    columns = [column for column in table.columns if _is_shown(held, column)]
    names = tuple(column.name for column in columns)
    rows = [
        tuple(text_of(held, column, row[column.name], labels) for column in columns)
        for row in _rows(held, table, who)
    ]
    return Section(held.table, held.what, held.why, held.kept, names, rows)


def _is_shown(held: Held, column: Column[Any]) -> bool:
    """Show what is about people, and what else a reader needs to understand a row."""
    if column.name in held.hidden:
        return False
    return column.name in held.about_people or not column.name.endswith(("key", "sha256"))


def _rows(held: Held, table: Table, who: Who) -> Iterable[Mapping[str, Any]]:
    owned = _owned(held, table, who)
    order = list(table.primary_key.columns)
    if owned:
        asked = select(table).where(or_(*owned), *_along_the_key(held, table)).order_by(*order)
        found = db.session.execute(asked)
        yield from (
            _without_others(held, dict(row), who)
            for row in found.mappings()
            if held.only_with is None or row[held.only_with]
        )
    if held.scrubbed and not held.quiet:
        yield from _mentions(held, table, who, owned, order)


def _without_others(held: Held, row: Mapping[str, Any], who: Who) -> dict[str, Any]:
    """Return a row of one's own; where a file with other people's data is kept, only one's part.

    Whoever recorded a people file keeps no copy of it by that, least of all after their role ended.
    What is quiet is about one person as a whole, so they see all of it.
    """
    if held.quiet:
        return dict(row)
    return {
        name: mentions(value, who) if held.sensitive.get(name) is SCRUB else value
        for name, value in row.items()
    }


def _along_the_key(held: Held, table: Table) -> list[ColumnElement[bool]]:
    """Return a condition that is always true and lets the primary key find a person's rows.

    Where the key begins with something else, such as the month, and goes on with the person, the
    few values it begins with are stepped through first. Without them the whole table would be
    read, and an index only for this page would be as large as the table.
    """
    first, *rest = table.primary_key.columns
    if not rest or (rest[0].name,) != held.of_employee:
        return []
    values = select(func.min(first).label("value")).cte("values_of_key", recursive=True)
    later = table.alias().c[first.name]
    following = select(func.min(later)).where(later > values.c.value).scalar_subquery()
    values = values.union_all(select(following).where(values.c.value.is_not(None)))
    return [first.in_(select(values.c.value))]


def _owned(held: Held, table: Table, who: Who) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if who.employee_id is not None:
        told = _shown(held, table)
        found += [and_(table.c[name] == who.employee_id, *told) for name in held.of_employee]
    found += [_is_one_of(table.c[name], who) for name in held.of_author]
    found += [table.c[name].in_(who.account_ids) for name in held.of_account]
    found += [table.c[name].in_(who.addresses) for name in held.of_address]
    return found


def _shown(held: Held, table: Table) -> list[ColumnElement[bool]]:
    """Return the condition that leaves out rows that would tell who of several said what."""
    if held.shown_where is None:
        return []
    name, values = held.shown_where
    name, _, of_other = name.partition(".")
    if not of_other:
        return [table.c[name].in_(values)]
    (key,) = table.c[name].foreign_keys
    told = select(key.column).where(key.column.table.c[of_other].in_(values))
    return [table.c[name].in_(told)]


def _is_one_of(column: Column[Any], who: Who) -> ColumnElement[bool]:
    """Return the condition that a column names the person or an account of theirs."""
    (target,) = {key.column.table.name for key in column.foreign_keys}
    if target == Account.__tablename__:
        return column.in_(who.account_ids)
    return column.in_([] if who.employee_id is None else [who.employee_id])


def _mentions(
    held: Held,
    table: Table,
    who: Who,
    owned: Sequence[ColumnElement[bool]],
    order: Sequence[Column[Any]],
) -> Iterable[Mapping[str, Any]]:
    """Yield rows of others in which the person is named: only the places that name them.

    Whose row it is stands there, but not their address.
    """
    not_told = dict.fromkeys(held.of_address)
    asked = select(table).order_by(*order)
    if owned:
        asked = asked.where(~or_(*owned).is_(True))
    with db.session.execute(asked, execution_options={"yield_per": READ_AT_ONCE}) as rows:
        for row in rows.mappings():
            about = {name: mentions(row[name], who) for name in held.scrubbed}
            if any(value is not None for value in about.values()):
                yield {**row, **not_told, **about}


def mentions(value: object, who: Who) -> object:
    """Return the parts of a text or of plain data that are about a person, None when none is."""
    if isinstance(value, bytes):
        return value if who.marks.are_in_file(text_of_file(value)) else None
    if isinstance(value, str):
        return value if who.marks.are_in(value) else None
    if isinstance(value, dict):
        return _mentions_in_parts(value, who)
    if isinstance(value, list):
        if value and not any(isinstance(part, dict | list) for part in value):
            return value if who.marks.are_in_row(value) else None
        return [part for part in value if mentions(part, who) is not None] or None
    return None


def _mentions_in_parts(value: Mapping[str, object], who: Who) -> object:
    cells = value.get("cells")
    if isinstance(cells, list):
        return value if who.marks.are_in_row(cells) else None
    found = {
        name: part if name == str(who.employee_id) else mentions(part, who)
        for name, part in value.items()
    }
    if found.get("remarks") is not None:  # a remark on a file may name others beside them
        found["remarks"] = NAMED_IN_REMARK
    return {name: part for name, part in found.items() if part is not None} or None
