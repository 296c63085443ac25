"""Decides the cuts of one year, one after the other, as far as somebody asks.

The order is fixed and never depends on what is asked: stages, and in each the largest cut first.
What a stage decides depends on the stages before it only, so that those behind the one a reader
asks for may wait. The leader mirror asks for the levels of a year, which come early.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np

from core.arrays import Ints, dense, distinct
from planner.rules.groups import (
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
from planner.rules.sheets import Coded, OfKind, Sheet, only, spans_of

EVERYBODY, LARGE, SMALL, LAST = range(4)
DEEP = len(CHOICES)
"""The place of the units below departments, behind every choice."""


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
ROUGH = STAGES.index(Stage(LARGE, YEARS, CHOICES.index("level"))) + 1
"""So many stages tell apart neither what lies below a topmost unit nor sites."""


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
        self._shown: list[Cut] = []
        self._sizes: dict[tuple[str, int, bool], Mapping[Stage, Mapping[Cut, int]]] = {}
        self._people: dict[tuple[str, int], tuple[Ints, Ints]] = {}
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
        sheets = self._rough if STAGES.index(stage) < ROUGH else self._fine
        for cut in self._in_order(stage):
            if _learn(sheets, cut):
                self._shown.append(cut)
            else:
                self._hidden.add(cut)

    def _in_order(self, stage: Stage) -> list[Cut]:
        """Return the cuts of a stage, the largest first."""
        name = {-1: "level", DEEP: "unit"}.get(stage.rank) or CHOICES[stage.rank]
        if name not in self._codes:
            return []
        sizes = self._sizes_of(name, stage).get(stage, {})
        return sorted(sizes, key=lambda cut: (-sizes[cut], cut.words()))

    @cached_property
    def _codes(self) -> Mapping[str, Coded]:
        """The columns that cuts choose from, as small numbers."""
        names = CHOICES if self.has_categories else CHOICES[:3]
        return {name: dense(getattr(self._elements, COLUMNS[name])) for name in names}

    @cached_property
    def _months(self) -> Coded:
        return dense(self._elements.months)

    @cached_property
    def _kinds_apart(self) -> list[OfKind]:
        kinds = self._kinds()
        persons, found = self._elements.persons, []
        for one in dense(kinds)[0]:
            mask = kinds == one
            codes = {name: only(column, mask) for name, column in self._codes.items()}
            found.append(OfKind(codes, only(self._months, mask), persons[mask]))
        return found

    @cached_property
    def _rough(self) -> list[Sheet]:
        """What the first stages need: far fewer columns, of which the same is true.

        Columns that every cut of these stages holds together, or not at all, are one.
        """
        return [Sheet(one.rough(self.above), self.above) for one in self._kinds_apart]

    @cached_property
    def _fine(self) -> list[Sheet]:
        """What all other stages need; it knows already what was shown before."""
        sheets = [Sheet(one, self.above) for one in self._kinds_apart]
        for cut in self._shown:
            _learn(sheets, cut)
        return sheets

    def _kinds(self) -> Ints:
        """Return the kind of each element, the mandatory one apart."""
        ids = np.array(sorted(self.mandatory), np.int64)
        is_mandatory = np.isin(self._elements.categories >> KIND_BITS, ids)
        found: Ints = (self._elements.categories & KIND_MASK) + MANDATORY * is_mandatory
        return found

    def _sizes_of(self, name: str, stage: Stage) -> Mapping[Stage, Mapping[Cut, int]]:
        # Of very many units the few large ones are asked for first, and often alone.
        key = (name, stage.length, name == "unit" and stage.group == LARGE)
        if key not in self._sizes:
            self._sizes[key] = self._count(*key)
        return self._sizes[key]

    def _count(self, name: str, length: int, only_large: bool) -> Mapping[Stage, Mapping[Cut, int]]:
        """Return every cut by one choice with about how many people it has, by its stage."""
        values, months = self._codes[name][0], LENGTHS[length]
        spans, counts = self._people_in(name, length)
        sizes: Counter[Cut] = Counter()
        for group in np.flatnonzero(counts).tolist():
            first = int(spans[group % len(spans)]) * months
            span = first, first + months - 1
            for cut in self._cuts_with(name, int(values[group // len(spans)]), span, only_large):
                sizes[cut] += int(counts[group])
        found: dict[Stage, dict[Cut, int]] = {}
        for cut, size in sizes.items():
            found.setdefault(stage_of(cut, self.above), {})[cut] = size
        return found

    def _people_in(self, name: str, length: int) -> tuple[Ints, Ints]:
        """Return the periods, and how many people each value has in each, by value and period."""
        if (name, length) not in self._people:
            spans, at = spans_of(self._months, LENGTHS[length])
            groups = self._codes[name][1] * len(spans) + at
            self._people[name, length] = spans, _people_by(groups, self._elements.persons)
        return self._people[name, length]

    def _cuts_with(self, name: str, value: int, span: Span, only_large: bool) -> Iterator[Cut]:
        """Yield the cuts of a period that a value belongs to."""
        if name == "unit":
            above = self.above.get(value, ())
            wanted = above[-LARGE_UNITS:] if only_large else above
            yield from (Cut(unit=one, period=span) for one in wanted)
        if not only_large:
            yield of_one(name, value, span)
        if name == "level":
            yield Cut(period=span)


def _people_by(groups: Ints, persons: Ints) -> Ints:
    """Return how many people each group has, by its number.

    Most are in one group only, and are counted where they were seen last.
    """
    usual = np.full(int(persons.max(initial=-1)) + 1, -1, np.int64)
    usual[persons] = groups
    once = usual[usual >= 0]
    other = np.flatnonzero(usual[persons] != groups)
    bits = len(usual).bit_length()
    more = distinct(groups[other] << bits | persons[other]) >> bits
    found: Ints = np.bincount(np.concatenate([once, more]))
    return found


def _learn(sheets: Sequence[Sheet], cut: Cut) -> bool:
    """Tell whether a cut is safe beside all that is known, and know it from now on."""
    whole = replace(cut, period=EVER)
    rows = [sheet.row(whole, cut.period) for sheet in sheets]
    news = [sheet.layer.news(row) for sheet, row in zip(sheets, rows, strict=True)]
    if any(one is None for one in news):
        return False
    for sheet, row, new in zip(sheets, rows, news, strict=True):
        sheet.layer.add(row, new or [])
    return True
