"""Decides the cuts of one year, one after the other, as far as somebody asks.

The order is fixed and never depends on what is asked: stages, and in each the largest cut first.
What a stage decides depends on the stages before it only, so that those behind the one a reader
asks for may wait. The leader mirror asks for the levels of a year, which come early.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import NamedTuple, TypeAlias

import numpy as np

from core.arrays import Ints, dense, distinct
from planner.rules.groups import (
    A_QUARTER,
    A_YEAR,
    CHOICES,
    COLUMNS,
    EVER,
    KIND_BITS,
    KIND_MASK,
    LARGE_UNITS,
    LENGTHS,
    MANDATORY,
    Above,
    Cut,
    Elements,
    Span,
    is_large,
    of_one,
)
from planner.rules.independence import Layer, as_bits
from planner.rules.suppression import MINIMUM_PEOPLE
from planner.rules.teams import deal

EVERYBODY, LARGE, SMALL, LAST = range(4)
DEEP = len(CHOICES)
"""The place of the units below departments, behind every choice."""


Coded: TypeAlias = tuple[Ints, Ints]
"""The values of a column in order, and for each element the place of its own."""


class Stage(NamedTuple):
    """Cuts that are decided together.

    Attributes:
        length: The place of the period's length among `LENGTHS`.
        rank: The place of what is chosen among `CHOICES`; nothing comes first, `DEEP` last.
    """

    group: int
    length: int
    rank: int


YEARS, QUARTERS, MONTHS = range(len(LENGTHS))
STAGES = (
    *(Stage(EVERYBODY, length, -1) for length in (YEARS, QUARTERS, MONTHS)),
    *(Stage(LARGE, length, at) for length in (YEARS, QUARTERS) for at in range(DEEP + 1)),
    *(Stage(SMALL, length, at) for length in (YEARS, QUARTERS) for at in range(DEEP + 1)),
    *(Stage(LAST, MONTHS, at) for at in range(DEEP + 1)),
)


def stage_of(cut: Cut, above: Above) -> Stage:
    """Return when a cut is decided.

    Everybody comes first, then departments, levels, categories, deliveries and the units below
    departments, then small units and sites; years before their quarters. The months of large parts
    come at the end.
    """
    length = cut.period[1] - cut.period[0] + 1
    made = cut.choices()
    if not made:
        return Stage(EVERYBODY, LENGTHS.index(length), -1)
    group = LARGE if is_large(cut, above) else SMALL
    group = LAST if group == LARGE and length == 1 else group
    is_deep = cut.unit is not None and len(above.get(cut.unit, ())) == LARGE_UNITS
    return Stage(group, LENGTHS.index(length), DEEP if is_deep else made[0])


class Decisions:
    """Which cuts of a year stay hidden.

    Attributes:
        above: Each unit with itself and all units above it, the nearest first.
        mandatory: Categories that may not be cut.
        has_categories: Whether categories and deliveries are known.
    """

    def __init__(
        self, elements: Elements, above: Above, mandatory: frozenset[int], *, has_categories: bool
    ) -> None:
        self._elements, self.above = elements, above
        self.mandatory, self.has_categories = mandatory, has_categories
        self._hidden: set[Cut] = set()
        self._sizes: dict[tuple[str, int], Mapping[Stage, Mapping[Cut, int]]] = {}
        self._done = 0
        self._lock = Lock()

    def hides(self, cut: Cut) -> bool:
        """Tell whether a cut stays hidden; a cut about nobody does not."""
        wanted = STAGES.index(stage_of(cut, self.above))
        with self._lock:
            while self._done <= wanted:
                self._decide(STAGES[self._done])
                self._done += 1
        return cut in self._hidden

    def _decide(self, stage: Stage) -> None:
        for cut in self._in_order(stage):
            whole = replace(cut, period=EVER)
            rows = [sheet.row(whole, cut.period) for sheet in self._sheets]
            news = [
                sheet.layer.news(row) for sheet, row in zip(self._sheets, rows, strict=True)
            ]  # fmt: skip
            if any(one is None for one in news):
                self._hidden.add(cut)
                continue
            for sheet, row, new in zip(self._sheets, rows, news, strict=True):
                sheet.layer.add(row, new or [])

    def _in_order(self, stage: Stage) -> list[Cut]:
        """Return the cuts of a stage, the largest first."""
        name = {-1: "level", DEEP: "unit"}.get(stage.rank) or CHOICES[stage.rank]
        if not self.has_categories and name in {"category", "delivery"}:
            return []
        sizes = self._sizes_of(name, stage.length).get(stage, {})
        return sorted(sizes, key=lambda cut: (-sizes[cut], cut.words()))

    @cached_property
    def _sheets(self) -> list["Sheet"]:
        kinds = self._kinds()
        return [
            Sheet(self._elements.where(kinds == kind), self.above, self.has_categories)
            for kind in dense(kinds)[0].tolist()
        ]

    def _kinds(self) -> Ints:
        """Return the kind of each element, the mandatory one apart."""
        ids = np.array(sorted(self.mandatory), np.int64)
        is_mandatory = np.isin(self._elements.categories >> KIND_BITS, ids)
        found: Ints = (self._elements.categories & KIND_MASK) + MANDATORY * is_mandatory
        return found

    def _sizes_of(self, name: str, length: int) -> Mapping[Stage, Mapping[Cut, int]]:
        if (name, length) not in self._sizes:
            self._sizes[name, length] = self._count(name, LENGTHS[length])
        return self._sizes[name, length]

    def _count(self, name: str, length: int) -> Mapping[Stage, Mapping[Cut, int]]:
        """Return every cut by one choice with about how many people it has, by its stage."""
        values, places = dense(getattr(self._elements, COLUMNS[name]))
        spans, at = dense(self._elements.months // length)
        sizes: Counter[Cut] = Counter()
        counts = _people_by(places * len(spans) + at, self._elements.persons)
        for group in np.flatnonzero(counts).tolist():
            first = int(spans[group % len(spans)]) * length
            span = first, first + length - 1
            for cut in self._cuts_with(name, int(values[group // len(spans)]), span):
                sizes[cut] += int(counts[group])
        found: dict[Stage, dict[Cut, int]] = {}
        for cut, size in sizes.items():
            found.setdefault(stage_of(cut, self.above), {})[cut] = size
        return found

    def _cuts_with(self, name: str, value: int, span: Span) -> Iterator[Cut]:
        """Yield the cuts of a period that a value belongs to."""
        yield of_one(name, value, span)
        if name == "unit":
            yield from (Cut(unit=one, period=span) for one in self.above.get(value, ()))
        if name == "level":
            yield Cut(period=span)


def _people_by(groups: Ints, persons: Ints) -> Ints:
    """Return how many people each group has, by its number."""
    bits = int(persons.max(initial=0)).bit_length()
    found: Ints = np.bincount(distinct(groups << bits | persons) >> bits)
    return found


class Sheet:
    """The elements of one kind of training in a year as columns, and every cut as bits."""

    def __init__(self, elements: Elements, above: Above, has_categories: bool) -> None:
        names = CHOICES if has_categories else CHOICES[:3]
        codes = {name: dense(getattr(elements, COLUMNS[name])) for name in names}
        teams = deal(elements.persons, list(_groupings(codes, elements.months)))
        # Units come first, so that rows of units begin apart and are quickly told from each other.
        *cuts, self.months, self.teams = _distinct(
            [*codes.values(), dense(elements.months), (np.arange(MINIMUM_PEOPLE), teams)]
        )
        self.layer = Layer(tuple(as_bits(self.teams == team) for team in range(MINIMUM_PEOPLE)))
        self.all = (1 << len(self.teams)) - 1
        self._spans: dict[Span, int] = {}
        self.parts: dict[Cut, int] = {Cut(): self.all}
        for name, column in zip(names, cuts, strict=True):
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
    packed = np.zeros(len(codes[0][1]), np.int64)
    for size, (_, places) in zip(sizes, codes, strict=True):
        packed = packed * size + places
    left, found = distinct(packed), []
    for size, (values, _) in zip(reversed(sizes), reversed(codes), strict=True):
        left, places = np.divmod(left, size)
        found.append(values[places])
    return found[::-1]


def _groupings(codes: Mapping[str, Coded], months: Ints) -> Iterator[Ints]:
    """Yield the groups in which somebody of every team is wanted, as small numbers."""
    yield dense(months)[1]
    for span in (A_QUARTER, A_YEAR):
        spans, at = dense(months // span)
        for _, places in codes.values():
            yield places * len(spans) + at
