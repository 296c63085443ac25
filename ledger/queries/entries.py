"""Entries of the ledger in bulk, as arrays."""

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import numpy as np
from sqlalchemy import Select, select

from core.db import db
from ledger.models import Entry
from ledger.rules.cells import DELIVERY_CODES, EntryBlock

BLOCK = 100_000
DELIVERY_INDEX = {code: index for index, code in enumerate(DELIVERY_CODES)} | {None: 0}


EntryQuery: TypeAlias = Select[int | None, int, date, int, int, str | None]


def entry_blocks(query: EntryQuery) -> Iterator[EntryBlock]:
    """Yield the entries a query names, as blocks of bounded size.

    Args:
        query: A select that starts from `entry_columns()`.
    """
    ordinals: dict[date, int] = {}
    result = db.session.execute(query.execution_options(yield_per=BLOCK))
    for rows in result.partitions(BLOCK):
        employees, courses, days, minutes, signs, deliveries = zip(*rows, strict=True)
        for day in set(days) - ordinals.keys():
            ordinals[day] = day.toordinal()
        yield EntryBlock(
            np.array([e or 0 for e in employees], np.int64),
            np.array(courses, np.int64),
            np.array([ordinals[day] for day in days], np.int64),
            np.array(minutes, np.int64),
            np.array(signs, np.int64),
            np.array([DELIVERY_INDEX[d] for d in deliveries], np.int64),
        )


def entry_columns() -> EntryQuery:
    """Return the select that `entry_blocks` understands; add conditions to it."""
    return select(
        Entry.employee_id, Entry.course_id, Entry.done_on, Entry.minutes, Entry.sign, Entry.delivery
    )
