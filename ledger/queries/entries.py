"""Entries of the ledger in bulk, as arrays."""

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import numpy as np
from sqlalchemy import Integer, Select, case, cast, extract, func, select

from core.arrays import dense
from core.db import db
from core.numbers import read_numbers
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


def entries_at_once(query: EntryQuery) -> EntryBlock:
    """Return the entries a query names as one block: much faster, for those that fit in memory.

    Args:
        query: A select that starts from `entry_columns()`.
    """
    year, month, day = (
        cast(extract(part, Entry.done_on), Integer) for part in ("year", "month", "day")
    )
    codes = {code: place for code, place in DELIVERY_INDEX.items() if code is not None}
    numbers = query.with_only_columns(
        func.coalesce(Entry.employee_id, 0),
        Entry.course_id,
        (year * 100 + month) * 100 + day,
        Entry.minutes,
        Entry.sign,
        case(codes, value=Entry.delivery, else_=0),
    )
    employees, courses, written, minutes, signs, deliveries = read_numbers(numbers)
    days, at = dense(written)
    ordinals = [date(one // 10_000, one // 100 % 100, one % 100).toordinal() for one in days]
    return EntryBlock(
        employees, courses, np.array(ordinals, np.int64)[at], minutes, signs, deliveries
    )


def entry_columns() -> EntryQuery:
    """Return the select that `entry_blocks` understands; add conditions to it."""
    return select(
        Entry.employee_id, Entry.course_id, Entry.done_on, Entry.minutes, Entry.sign, Entry.delivery
    )
