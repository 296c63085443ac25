"""Figures of a balance by any cut, whether they come from roll-ups or from entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from itertools import chain
from operator import sub
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ledger.rules.kinds import Definition, Kind
from planner.rules.intervals import PersonSums
from planner.rules.shares import Minutes

Ints = NDArray[np.int64]


class Sum(NamedTuple):
    """Minutes and standing entries of a cut."""

    minutes: Minutes
    entries: int


NOTHING = Sum(Minutes(), 0)


def plus(one: Sum, other: Sum) -> Sum:
    """Return both together."""
    return Sum(one.minutes + other.minutes, one.entries + other.entries)


def minus(one: Sum, other: Sum) -> Sum:
    """Return what is left of `one` without `other`."""
    mine, theirs = astuple(one.minutes), astuple(other.minutes)
    return Sum(Minutes(*map(sub, mine, theirs)), one.entries - other.entries)


def of_kind(kind: Kind, minutes: int, mandatory: bool) -> Minutes:
    """Return minutes that count as one kind."""
    return Minutes(
        hard=minutes if kind is Kind.HARD else 0,
        family=minutes if kind is Kind.FAMILY else 0,
        other_soft=minutes if kind is Kind.OTHER_SOFT else 0,
        unclassified=minutes if kind is Kind.NONE else 0,
        mandatory=minutes if mandatory else 0,
    )


class CategoryKey(NamedTuple):
    """A category and what it counted as."""

    category_id: int
    kind: Kind


class CategorySum(NamedTuple):
    """Minutes of a category and the entries that touch it."""

    minutes: int
    entries: int


@dataclass(frozen=True)
class People:
    """One element per person and place in the period; minutes by kind."""

    employees: Ints
    units: Ints
    sites: Ints
    levels: NDArray[np.str_]
    hard: Ints
    family: Ints
    other_soft: Ints
    unclassified: Ints
    entries: Ints

    def where(self, mask: NDArray[np.bool_]) -> "People":
        """Return the elements that `mask` picks."""
        return People(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def trained(self) -> int:
        """Return how many people have a standing entry."""
        return len(np.unique(self.employees[self.entries > 0]))

    def trained_by(self, groups: Ints) -> dict[int, int]:
        """Return how many people have a standing entry in each group; one group per element."""
        mask = self.entries > 0
        pairs = np.unique(np.stack([groups[mask], self.employees[mask]], 1), axis=0)
        keys, counts = np.unique(pairs[:, 0], return_counts=True)
        return dict(zip(keys.tolist(), counts.tolist(), strict=True))

    def by_person(self, definition: Definition) -> tuple[Ints, Ints, Ints]:
        """Return employees with their soft and their classified minutes over all places."""
        keys, inverse = np.unique(self.employees, return_inverse=True)
        sums = np.zeros((4, len(keys)), np.int64)
        for row, values in enumerate((self.hard, self.family, self.other_soft, self.entries)):
            np.add.at(sums[row], inverse, values)
        hard, family, other, entries = sums
        soft = family if definition is Definition.NARROW else family + other
        kept = entries > 0
        return keys[kept], soft[kept], (hard + family + other)[kept]

    def sums(self, definition: Definition) -> PersonSums:
        """Return what the interval of the share is computed from.

        People without classified minutes are left out.
        """
        _, soft, counted = self.by_person(definition)
        kept = counted > 0
        soft, counted = soft[kept], counted[kept]
        return PersonSums(
            people=len(soft),
            soft=int(soft.sum()),
            counted=int(counted.sum()),
            soft_squares=int((soft * soft).sum()),
            products=int((soft * counted).sum()),
            counted_squares=int((counted * counted).sum()),
        )


@dataclass(frozen=True)
class Facts:
    """Everything a balance needs to know about its scope and period."""

    total: Sum
    months: Mapping[int, Sum]
    """By month such as 202607, also before the period where the trend shows it."""
    units: Mapping[int, Sum]
    """Each unit of the scope with everything below it; 0 for people whose unit is not known."""
    direct: Mapping[int, Sum]
    """Each unit alone, without what is below it."""
    levels: Mapping[str, Sum]
    sites: Mapping[int, Sum]
    deliveries: Mapping[str, Sum]
    categories: Mapping[CategoryKey, CategorySum]
    people: People | None
    """None on contact basis."""


@dataclass
class FactsBuilder:
    """Adds cells of the mix up to facts."""

    mandatory: frozenset[int]
    total: Sum = NOTHING
    months: dict[int, Sum] = field(default_factory=dict)
    direct: dict[int, Sum] = field(default_factory=dict)
    levels: dict[str, Sum] = field(default_factory=dict)
    sites: dict[int, Sum] = field(default_factory=dict)
    deliveries: dict[str, Sum] = field(default_factory=dict)
    categories: dict[CategoryKey, CategorySum] = field(default_factory=dict)

    def add_month(self, month: int, category: CategoryKey, minutes: int, firsts: int) -> None:
        """Add a cell to its month only."""
        part = self._part(category, minutes, firsts)
        self.months[month] = plus(self.months.get(month, NOTHING), part)

    def add(
        self,
        place: tuple[int, int, str],
        category: CategoryKey,
        delivery: str,
        sums: tuple[int, int, int],
    ) -> None:
        """Add a cell of the period: unit, site, level; minutes, entries touched, entries."""
        minutes, entries, firsts = sums
        part = self._part(category, minutes, firsts)
        unit, site, level = place
        self.total = plus(self.total, part)
        self.direct[unit] = plus(self.direct.get(unit, NOTHING), part)
        self.sites[site] = plus(self.sites.get(site, NOTHING), part)
        self.levels[level] = plus(self.levels.get(level, NOTHING), part)
        self.deliveries[delivery] = plus(self.deliveries.get(delivery, NOTHING), part)
        held = self.categories.get(category, CategorySum(0, 0))
        self.categories[category] = CategorySum(held.minutes + minutes, held.entries + entries)

    def _part(self, category: CategoryKey, minutes: int, firsts: int) -> Sum:
        return Sum(of_kind(category.kind, minutes, category.category_id in self.mandatory), firsts)

    def facts(self, above: Mapping[int, tuple[int, ...]], people: People | None) -> Facts:
        """Return the facts; `above` gives each unit with all units above it."""
        units: dict[int, Sum] = {}
        for unit, part in self.direct.items():
            for ancestor in above.get(unit, (unit,)):
                units[ancestor] = plus(units.get(ancestor, NOTHING), part)
        return Facts(
            self.total,
            self.months,
            units,
            self.direct,
            self.levels,
            self.sites,
            self.deliveries,
            self.categories,
            people,
        )


def empty_people() -> People:
    """Return nobody."""
    none = np.zeros(0, np.int64)
    return People(none, none, none, np.zeros(0, np.str_), none, none, none, none, none)


def people_from_sums(rows: Iterable[Iterable[int]], levels: Sequence[str]) -> People:
    """Return people from rows as `PersonRow`, with the place among `levels` for the level."""
    listed = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, PERSON_COLUMNS).T
    employees, units, sites, codes, hard, family, other, none, entries = listed
    names = np.array(levels, np.str_)[codes]
    return People(employees, units, sites, names, hard, family, other, none, entries)


PERSON_COLUMNS = 9
PersonRow: TypeAlias = tuple[int, int, int, str, int, int, int, int, int]
"""Employee, unit, site, level, hard, family, other soft, unclassified minutes, entries."""


def people_from_rows(rows: Iterable[PersonRow]) -> People:
    """Return people from rows of one person in one place each."""
    listed = list(rows)
    if not listed:
        return empty_people()

    def column(place: int) -> Ints:
        return np.array([row[place] for row in listed], np.int64)

    return People(
        employees=column(0),
        units=column(1),
        sites=column(2),
        levels=np.array([row[3] for row in listed], np.str_),
        hard=column(4),
        family=column(5),
        other_soft=column(6),
        unclassified=column(7),
        entries=column(8),
    )
