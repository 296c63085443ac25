"""Whole numbers of very many rows, read as one text for each column.

A driver makes an object of each row and each number in it, which takes longer than everything that
is then done with a column of a hundred thousand numbers. The database writes a column down as one
text instead, and numpy reads that.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    cast,
    func,
    select,
)

from core.db import db


def read_numbers(asked: Select[*tuple[Any, ...]]) -> NDArray[np.int64]:
    """Return what a question asks for, column by column, its rows in no order.

    Args:
        asked: Its columns are whole numbers, none of them missing. All of them are written down in
            one pass, and so in one order.
    """
    columns = asked.subquery().columns
    texts = [func.aggregate_strings(cast(column, String), ",") for column in columns]
    found = db.session.execute(select(*texts)).one()
    return np.stack([np.fromstring(text or "", np.int64, sep=",") for text in found])


MOST_BITS = 62
"""So many bits of a number are used at most: the databases know 63 and a sign."""


def read_parts(asked: Select[*tuple[Any, ...]], bits: Sequence[int]) -> list[NDArray[np.int64]]:
    """Return small numbers of very many rows, column by column, the rows in no order.

    As many columns as fit are written down as one, which takes a third off the time.

    Args:
        asked: Its columns are whole numbers that are not below zero, none of them missing.
        bits: How many bits the numbers of each column have at most, as seen at the same moment. It
            is not found out where one has more: it would change its neighbour.
    """
    parts = [_Part(*one) for one in zip(asked.subquery().columns, bits, strict=True)]
    found = read_numbers(select(*map(_joined, joined := _fitting(parts))))
    return [column for one, row in zip(joined, found, strict=True) for column in _apart(one, row)]


def id_bits(*tables: Any) -> list[int]:
    """Return how many bits the numbers of the rows of each table have."""
    last = [select(func.max(table.id)).scalar_subquery() for table in tables]
    return [(number or 0).bit_length() for number in db.session.execute(select(*last)).one()]


class _Part(NamedTuple):
    column: ColumnElement[int]
    bits: int


def _fitting(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Return the parts in groups of which each fits into one number."""
    found: list[list[_Part]] = [[]]
    for part in parts:
        if sum(one.bits for one in found[-1]) + part.bits > MOST_BITS:
            found.append([])
        found[-1].append(part)
    return found


def _joined(parts: Sequence[_Part]) -> ColumnElement[int]:
    """Return several numbers as one, the last in the lowest bits."""
    first: ColumnElement[int] = cast(parts[0].column, BigInteger)
    return reduce(lambda found, part: found * (1 << part.bits) + part.column, parts[1:], first)


def _apart(parts: Sequence[_Part], row: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the numbers one was made of."""
    found = []
    for part in reversed(parts):
        found.append(row & (1 << part.bits) - 1)
        row = row >> part.bits
    return found[::-1]
