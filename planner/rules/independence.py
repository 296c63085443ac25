"""Tells whether a sum of columns follows from sums that are known, by exact arithmetic.

A row is a sum of columns, kept as the bits of a whole number. Independence is asked modulo two,
which is fast and errs on one side only: rows of zeros and ones that are independent modulo two are
independent. That a row follows from others is believed only when whole numbers prove it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MOST_SOLVED = 40
"""Rows of which it is asked at most whether whole numbers of them are another one."""


@dataclass
class Reduced:
    """Rows in echelon form modulo two, each with the known rows it was made of."""

    pivots: dict[int, tuple[int, int]] = field(default_factory=dict)

    def rest(self, row: int) -> tuple[int, int]:
        """Return what is left of a row, and the known rows that were taken off, as bits."""
        made_of = 0
        while row and (known := self.pivots.get(row.bit_length())) is not None:
            row ^= known[0]
            made_of ^= known[1]
        return row, made_of

    def add(self, rest: int, made_of: int) -> None:
        """Keep what is left of a row as known."""
        self.pivots[rest.bit_length()] = rest, made_of


@dataclass
class Layer:
    """What is known of one kind of training in one year.

    Attributes:
        teams: The columns of each team, as bits; together they are all columns.
    """

    teams: tuple[int, ...]
    known: list[int] = field(default_factory=list)
    reduced: list[Reduced] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nothing known in every team."""
        self.reduced = [Reduced() for _ in self.teams]

    def news(self, row: int) -> list[tuple[int, int]] | None:
        """Return what a row adds in each team, nothing when it follows; None when it is unsafe."""
        if not row:
            return []
        found = []
        for team, reduced in zip(self.teams, self.reduced, strict=True):
            rest, made_of = reduced.rest(row & team)
            if not rest:
                return [] if self._follows(row, made_of) else None
            found.append((rest, made_of))
        return found

    def add(self, row: int, news: list[tuple[int, int]]) -> None:
        """Know a row that was found safe."""
        if news:
            tag = 1 << len(self.known)
            self.known.append(row)
            for reduced, (rest, made_of) in zip(self.reduced, news, strict=True):
                reduced.add(rest, made_of ^ tag)

    def _follows(self, row: int, made_of: int) -> bool:
        """Tell whether a row is the sum of known rows, or what others leave of one of them."""
        used = [self.known[at] for at in _places(made_of)]
        if not used:
            return False
        whole = max(used, key=int.bit_count)
        used.remove(whole)
        if _is_sum([*used, whole], row) or _is_sum([*used, row], whole):
            return True
        return len(used) < MOST_SOLVED and _is_whole_combination([*used, whole], row)


def _places(bits: int) -> list[int]:
    """Return which bits of a number are set; few of many, so each is looked for by itself."""
    found = []
    while bits:
        found.append((bits & -bits).bit_length() - 1)
        bits &= bits - 1
    return found


def _is_whole_combination(rows: list[int], wanted: int) -> bool:
    """Tell whether whole numbers of independent rows are the wanted one.

    The factors are those of least squares, rounded; that nothing is left is asked in whole numbers:
    the squares of what is left sum to factors x products x factors - 2 x factors x shared + size.
    """
    products = np.array([[(one & other).bit_count() for other in rows] for one in rows], np.int64)
    shared = np.array([(one & wanted).bit_count() for one in rows], np.int64)
    solved = np.linalg.solve(products.astype(np.float64), shared.astype(np.float64))
    factors = np.rint(solved).astype(np.int64)
    left = factors @ products @ factors - 2 * factors @ shared + wanted.bit_count()
    return int(left) == 0


def _is_sum(parts: list[int], whole: int) -> bool:
    """Tell whether parts share no column and are the whole together."""
    found = 0
    for part in parts:
        if found & part:
            return False
        found |= part
    return found == whole


def as_bits(mask: NDArray[np.bool_]) -> int:
    """Return a mask as the bits of a number, the first as the lowest."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
