"""Columns of whole numbers, in memory and from the database."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select, union_all

from core.arrays import dense, distinct, in_either
from core.numbers import read_numbers, read_parts

NUMBERS = st.lists(st.integers(-50, 50) | st.integers(-(2**40), 2**40), max_size=30)


@given(NUMBERS)
def test_numbers_are_told_apart_as_numpy_does(numbers):
    values = np.array(numbers, np.int64)
    known, places = np.unique(values, return_inverse=True)
    found, at = dense(values)

    assert distinct(values).tolist() == known.tolist()
    assert len(values) == 0 or (found.tolist(), at.tolist()) == (known.tolist(), places.tolist())
    assert len(values) > 0 or len(at) == 0


@given(NUMBERS, NUMBERS)
def test_numbers_of_two_lists_are_told_apart_as_numpy_does(some, others):
    first, second = np.array(some, np.int64), np.array(others, np.int64)

    assert in_either(first, second).tolist() == np.union1d(first, second).tolist()


def test_rows_are_read_as_columns_of_numbers(database):
    rows = [(1, -5), (2, 2**40), (3, 0)]
    asked = union_all(*(select(literal(a).label("a"), literal(b).label("b")) for a, b in rows))
    columns = asked.subquery().columns

    found = read_numbers(select(columns.a, columns.b))

    assert sorted(zip(*found.tolist(), strict=True)) == rows
    assert read_numbers(select(columns.a, columns.b).where(columns.a > 3)).shape == (2, 0)


@pytest.mark.parametrize("bits", [(3, 41, 20, 2), (20, 41, 20, 20)])
def test_small_numbers_are_read_as_one_and_taken_apart(database, bits):
    rows = [(7, 2**40, 2**20 - 1, 3), (0, 0, 0, 0), (1, 2**41 - 1, 1, 1), (5, 3, 0, 2)]
    asked = union_all(
        *(select(*(literal(n).label(f"n{at}") for at, n in enumerate(row))) for row in rows)
    ).subquery()

    found = read_parts(select(*asked.columns), bits)

    assert sorted(zip(*(column.tolist() for column in found), strict=True)) == sorted(rows)
    assert [len(one) for one in read_parts(select(*asked.columns).where(asked.c.n0 > 7), bits)] == [
        0, 0, 0, 0
    ]  # fmt: skip
