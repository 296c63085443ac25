"""Rows as bytes for PostgreSQL: what each kind of value becomes, and rows of different lengths."""

from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Date, Integer, SmallInteger, String
from sqlalchemy.types import TypeEngine

from core.copying import Column, Picked, copied


def test_numbers_days_and_texts_become_a_length_and_their_bytes() -> None:
    columns: list[Column] = [range(7, 8), [-2], np.array([3]), ["2000-01-02"], ["é"]]
    types: list[TypeEngine[Any]] = [Integer(), SmallInteger(), BigInteger(), Date(), String(5)]

    rows = b"".join(copied(columns, types, 1))

    assert rows == (
        b"\x00\x05"
        b"\x00\x00\x00\x04\x00\x00\x00\x07"
        b"\x00\x00\x00\x02\xff\xfe"
        b"\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x03"
        b"\x00\x00\x00\x04\x00\x00\x00\x01"
        b"\x00\x00\x00\x02\xc3\xa9"
    )


def test_nothing_has_no_bytes_and_texts_keep_their_own_length() -> None:
    texts = Picked(["ab", None, ""], np.array([0, 1, 2, 0]))

    types: list[TypeEngine[Any]] = [String(5), SmallInteger()]

    rows = b"".join(copied([texts, [None, 5, None, None]], types, 4))

    nothing = b"\xff\xff\xff\xff"
    ab, empty, five = b"\x00\x00\x00\x02ab", b"\x00\x00\x00\x00", b"\x00\x00\x00\x02\x00\x05"
    assert rows == b"".join(
        b"\x00\x02" + first + second
        for first, second in ((ab, nothing), (nothing, five), (empty, nothing), (ab, nothing))
    )


def test_rows_too_wide_for_one_piece_come_in_several() -> None:
    texts = ["x" * 5_000_000, "y", "z" * 5_000_000]

    pieces = list(copied([texts], [String()], 3))

    assert len(pieces) == 3
    assert b"".join(pieces).count(b"y") == 1
