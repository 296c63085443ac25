"""Which entries already stand in the ledger: the question behind every duplicate."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Column as TableColumn
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    MetaData,
    Table,
    and_,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased

from core.bulk import insert_columns
from core.copying import Column
from core.db import db
from ledger.models import Batch, Entry
from people.queries.opening import reading
from people.rules.opening import Reason

PROBE = Table(
    "probe",
    MetaData(),
    TableColumn("place", Integer, primary_key=True),
    TableColumn("employee_id", Integer),
    TableColumn("course_id", Integer),
    TableColumn("done_on", Date),
    TableColumn("minutes", Integer),
    prefixes=["TEMPORARY"],
)
CHUNK = 500


class Standing(NamedTuple):
    """A standing entry found by its external id."""

    id: int
    employee_id: int | None
    course_id: int
    done_on: date
    minutes: int
    delivery: str | None
    cost_cents: int | None
    basis: str
    status: str | None
    account_id: int | None = None
    """Who recorded it, where that was asked."""


def not_reversed() -> ColumnElement[bool]:
    """Return the condition that an entry has not been taken back."""
    reversal = aliased(Entry)
    return and_(Entry.sign == 1, ~exists().where(reversal.reverses_id == Entry.id))


def standing_places(
    employees: Sequence[int | None],
    courses: Sequence[int],
    days: Column,
    minutes: Sequence[int],
) -> set[int]:
    """Return the positions whose person, course, day and minutes stand in the ledger already.

    A person None asks for contact entries, which have nobody.
    """
    if not courses:
        return set()
    connection = db.session.connection()
    PROBE.create(connection, checkfirst=True)
    connection.execute(PROBE.delete())
    columns = {
        "place": range(len(courses)),
        "employee_id": employees,
        "course_id": courses,
        "done_on": days,
        "minutes": minutes,
    }
    insert_columns(db.session, PROBE, columns)
    who = Entry.employee_id == PROBE.c.employee_id
    if employees[0] is None:
        who = and_(Entry.employee_id.is_(None), PROBE.c.employee_id.is_(None))
    query = (
        select(PROBE.c.place)
        .distinct()
        .join(
            Entry,
            and_(
                who,
                Entry.course_id == PROBE.c.course_id,
                Entry.done_on == PROBE.c.done_on,
                Entry.minutes == PROBE.c.minutes,
            ),
        )
        .where(not_reversed())
    )
    return set(db.session.scalars(query))


def standing_by_external_id(
    source: str, basis: str, external_ids: Sequence[str]
) -> dict[str, Standing]:
    """Return the standing entries of one source and basis that carry these external ids."""
    found: dict[str, Standing] = {}
    for start in range(0, len(external_ids), CHUNK):
        query = (
            select(
                Entry.external_id,
                Entry.id,
                Entry.employee_id,
                Entry.course_id,
                Entry.done_on,
                Entry.minutes,
                Entry.delivery,
                Entry.cost_cents,
                Entry.basis,
                Entry.status,
                Batch.account_id,
            )
            .join(Batch, Batch.id == Entry.batch_id)
            .where(
                Entry.external_id.in_(external_ids[start : start + CHUNK]),
                Batch.source == source,
                Entry.basis == basis,
                not_reversed(),
            )
        )
        for external_id, *rest in db.session.execute(query):
            found[str(external_id)] = Standing(*rest)
    return found


def ledger_is_empty() -> bool:
    """Return whether not one entry was ever recorded."""
    with reading(Reason.EXTENT):
        return db.session.scalar(select(Entry.id).limit(1)) is None


def last_entry_id() -> int:
    """Return the highest id given to an entry, 0 for none."""
    with reading(Reason.EXTENT):
        return db.session.scalar(select(func.max(Entry.id))) or 0
