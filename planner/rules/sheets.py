"""The elements of a year as columns of a sheet, in which every cut is some of the columns."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import Ints, dense, distinct
from planner.rules.groups import A_QUARTER, A_YEAR, Above, Cut, Span, of_one
from planner.rules.independence import Layer, as_bits
from planner.rules.suppression import MINIMUM_PEOPLE
from planner.rules.teams import deal

Coded: TypeAlias = tuple[Ints, Ints]
"""The values of a column in order, and for each element the place of its own."""


class OfKind:
    """The elements of one kind of training in a year as columns of small numbers, with teams."""

    def __init__(self, codes: Mapping[str, Coded], months: Coded, persons: Ints) -> None:
        self.codes, self.months = codes, months
        self.teams = np.arange(MINIMUM_PEOPLE), deal(persons, list(_groupings(codes, months)))

    def rough(self, above: Above) -> "OfKind":
        """Return levels and, as units, the topmost ones they belong to: no more is told apart."""
        values, places = self.codes["unit"]
        tops = [above.get(value, (value,))[-1] for value in values.tolist()]
        units, at = dense(np.array(tops, np.int64))
        one = copy(self)
        one.codes = {"unit": (units, at[places]), "level": self.codes["level"]}
        return one


class Sheet:
    """The columns of one kind of training in a year, and every cut as bits."""

    def __init__(self, elements: OfKind, above: Above) -> None:
        # Units come first, so that rows of units begin apart and are quickly told from each other.
        *cuts, self.months, self.teams = _distinct(
            [*elements.codes.values(), elements.months, elements.teams]
        )
        self.layer = Layer(tuple(as_bits(self.teams == team) for team in range(MINIMUM_PEOPLE)))
        self.all = (1 << len(self.teams)) - 1
        self._spans: dict[Span, int] = {}
        self.parts: dict[Cut, int] = {Cut(): self.all}
        for name, column in zip(elements.codes, cuts, strict=True):
            bits_of = _bits_in_order if name == "unit" else _bits
            self.parts |= {of_one(name, value): bits for value, bits in bits_of(column)}
        self._add_units(above)

    def _add_units(self, above: Above) -> None:
        for cut, bits in [*self.parts.items()]:
            for unit in above.get(cut.unit, ()) if cut.unit is not None else ():
                whole = Cut(unit=unit)
                self.parts[whole] = self.parts.get(whole, 0) | bits

    def row(self, whole: Cut, span: Span) -> int:
        """Return the columns a cut is the sum of: those of all its months in a period."""
        part, columns = self.parts.get(whole, 0), self._span(span)
        return part if columns == self.all else part & columns

    def _span(self, span: Span) -> int:
        if span not in self._spans:
            self._spans[span] = as_bits((self.months >= span[0]) & (self.months <= span[1]))
        return self._spans[span]


def _bits(column: Ints) -> Iterator[tuple[int, int]]:
    """Yield each value with the places where it stands, as bits."""
    for value in dense(column)[0].tolist():
        yield value, as_bits(column == value)


def _bits_in_order(column: Ints) -> Iterator[tuple[int, int]]:
    """Yield the same of a column in order, in which each value stands in one stretch."""
    values = dense(column)[0]
    starts = np.searchsorted(column, values).tolist()
    for value, start, end in zip(values.tolist(), starts, [*starts[1:], len(column)], strict=True):
        yield value, ((1 << end - start) - 1) << start


def _distinct(codes: list[Coded]) -> list[Ints]:
    """Return the rows that columns make together, each once, in the order of the columns."""
    sizes = [len(values) for values, _ in codes]
    if np.prod([float(size) for size in sizes]) > np.iinfo(np.int64).max:
        return list(np.unique(np.stack([values[places] for values, places in codes]), axis=1))
    packed = codes[0][1]
    for size, (_, places) in zip(sizes[1:], codes[1:], strict=True):
        packed = packed * size + places
    left, found = distinct(packed), []
    for size, (values, _) in zip(reversed(sizes), reversed(codes), strict=True):
        left, places = np.divmod(left, size)
        found.append(values[places])
    return found[::-1]


def _groupings(codes: Mapping[str, Coded], months: Coded) -> Iterator[Ints]:
    """Yield the groups in which somebody of every team is wanted, as small numbers."""
    yield months[1]
    for length in (A_QUARTER, A_YEAR):
        spans, at = spans_of(months, length)
        for _, places in codes.values():
            yield places * len(spans) + at


def spans_of(months: Coded, length: int) -> Coded:
    """Return the periods of so many months, counted from the year 0, in place of months."""
    values, places = months
    spans, at = dense(values // length)
    return spans, at[places]


def only(column: Coded, mask: NDArray[np.bool_]) -> Coded:
    """Return a column for the elements that `mask` picks."""
    return column[0], column[1][mask]
