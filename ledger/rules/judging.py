"""Texts of a file to values, judged once for each distinct text.

A million rows hold a few thousand distinct texts. Each is judged by a rule once; rows are then
gathered by number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.reading.shapes import BadRow
from ledger.rules.books import Ints
from ledger.rules.problems import ValueProblem

Flags = NDArray[np.bool_]


class Refusal(NamedTuple):
    """Why one row of a file was not recorded, in words for the person who brought it."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    cells: tuple[str, ...]


def refused_whole(bad_rows: Iterable[BadRow]) -> list[Refusal]:
    """Return the refusals of rows that could not be read at all."""
    return [
        Refusal(
            bad.row, "whole row", " | ".join(bad.cells)[:200], bad.reason, bad.remedy, bad.cells
        )
        for bad in bad_rows
    ]


class Codes(dict[str, int]):
    """Numbers the distinct texts of a column as they come, and keeps what a rule made of each."""

    def __init__(self, judge: Callable[[str], int]) -> None:
        super().__init__()
        self._judge = judge
        self._values: list[int] = []
        self._shared: dict[tuple[str, str], ValueProblem] = {}
        self.problems: list[ValueProblem | None] = []

    def __missing__(self, text: str) -> int:
        value, problem = 0, None
        try:
            value = self._judge(text)
        except ValueProblem as raised:
            # A copy without the way it came, which would keep the whole block of rows alive.
            what = (raised.reason, raised.remedy)
            problem = self._shared.setdefault(what, ValueProblem(*what))
        code = len(self._values)
        self[text] = code
        self._values.append(value)
        self.problems.append(problem)
        return code

    def judge(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the value of each text, and its code where it was refused, else -1."""
        codes = np.fromiter(map(self.__getitem__, texts), np.int64, len(texts))
        refused = np.array([p is not None for p in self.problems], np.bool_)
        values = np.array(self._values, np.int64)
        return values[codes], np.where(refused[codes], codes, -1)

    def forget(self) -> None:
        """Judge every text anew from now on; codes given so far mean nothing any more."""
        self.clear()
        self._values.clear()
        self._shared.clear()
        self.problems.clear()


@dataclass
class Verdicts:
    """What became of the rows of one block, first problem first."""

    count: int
    refused: dict[int, tuple[str, str, ValueProblem]] = field(default_factory=dict)
    """Position in the block to column, text and problem."""

    def refuse(
        self,
        column: str,
        texts: Sequence[str],
        codes: Ints,
        problems: Sequence[ValueProblem | None],
    ) -> None:
        """Refuse the rows whose code is not -1, unless an earlier column already did."""
        for position in np.flatnonzero(codes >= 0).tolist():
            problem = problems[codes[position]]
            if problem is not None:
                self.refused.setdefault(position, (column, texts[position], problem))

    def refuse_where(
        self, column: str, texts: Sequence[str], positions: Sequence[int], problem: ValueProblem
    ) -> None:
        """Refuse the rows at `positions` for one reason."""
        for position in positions:
            self.refused.setdefault(position, (column, texts[position], problem))


def sort_first_wins(keys: Ints, courses: Ints) -> tuple[Ints, Flags]:
    """Order rows by key, then course, then as they came.

    Returns:
        The order, and for each place in it whether the row repeats the one before it.
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    equal = ordered[1:] == ordered[:-1]
    if equal.any():
        tied = np.zeros(len(keys), np.bool_)
        tied[1:] = equal
        tied[:-1] |= equal
        places = np.flatnonzero(tied)
        rows = order[places]
        order[places] = rows[np.lexsort((rows, courses[rows], keys[rows]))]
    same = np.zeros(len(keys), np.bool_)
    same[1:] = equal & (courses[order][1:] == courses[order][:-1])
    return order.astype(np.int64), same


DAY_BITS, MINUTE_BITS = 17, 17


def natural_keys(employees: Ints, days: Ints, minutes: Ints, first_day: int) -> Ints:
    """Return person, day and minutes as one number; with the course it tells entries apart."""
    return ((employees << DAY_BITS | (days - first_day)) << MINUTE_BITS) | minutes


class SeenIds:
    """Remembers the ids of a file with row and content, each as a number: 24 bytes an id."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints, Ints]] = []

    def find(self, ids: Ints) -> tuple[Ints, Ints]:
        """Return the row each id came in, 0 for none, and its content."""
        rows, contents = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.int64)
        for known, known_rows, known_contents in self._parts:
            at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
            found = known[at] == ids
            rows[found], contents[found] = known_rows[at[found]], known_contents[at[found]]
        return rows, contents

    def add(self, ids: Sequence[int], rows: Sequence[int], contents: Sequence[int]) -> None:
        """Remember ids that have not come before."""
        if ids:
            order = np.argsort(np.array(ids, np.int64))
            columns = (np.array(column, np.int64)[order] for column in (ids, rows, contents))
            first, second, third = columns
            self._parts.append((first, second, third))


class SeenFilter:
    """Remembers keys in constant memory: what it has not seen is certainly new.

    Two bits of a table per key. With 2^27 of them (16 MB) every fiftieth new key looks seen at
    10^7 keys, with 2^24 every two thousandth at 2 * 10^5.
    """

    def __init__(self, bits: int) -> None:
        self._bytes = np.zeros(1 << bits - 3, np.uint8)
        self._shift = np.uint64(64 - bits)

    def seen_then_add(self, keys: Ints, courses: Ints) -> Flags:
        """Return for each key whether it may have come before, and remember it."""
        mixed = keys.astype(np.uint64) + courses.astype(np.uint64) * np.uint64(0xA24BAED4963EE407)
        one = mixed * np.uint64(0x9E3779B97F4A7C15)
        two = (one ^ (one >> np.uint64(29))) * np.uint64(0xD6E8FEB86659FD93)
        first = (one >> self._shift).astype(np.int64)
        second = (two >> self._shift).astype(np.int64)
        seen = self._are_set(first) & self._are_set(second)
        self._set(first)
        self._set(second)
        return seen

    def _are_set(self, slots: Ints) -> Flags:
        found: Flags = (self._bytes[slots >> 3] >> (slots & 7).astype(np.uint8) & 1).astype(
            np.bool_
        )
        return found

    def _set(self, slots: Ints) -> None:
        """Set bits; one bit of a byte at a time, so that none of two in one byte gets lost."""
        places, bits = slots >> 3, slots & 7
        for bit in range(8):
            self._bytes[places[bits == bit]] |= np.uint8(1 << bit)
