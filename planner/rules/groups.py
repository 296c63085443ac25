"""What a figure of groups is about: cuts, and the elements of a year that they are sums of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.arrays import Ints, dense
from ledger.rules.books import KINDS
from ledger.rules.kinds import Kind

Span: TypeAlias = tuple[int, int]
"""First and last month as 12 times the year plus the month, counted from 0; both included."""

EVER: Span = (0, 12 * 10_000)
KIND_BITS = 2
KIND_MASK = (1 << KIND_BITS) - 1
MANDATORY = KIND_MASK + 1
"""Added to the kind of training that may not be cut: its minutes are shown by themselves."""
A_YEAR = 12
A_QUARTER = 3
LENGTHS = (A_YEAR, A_QUARTER, 1)
"""Months of the periods, in the order in which it is decided what is shown."""
LARGE_UNITS = 2
"""So deep lie the units that are decided before all others."""
CHOICES = ("unit", "level", "site", "category", "delivery")
COLUMNS = dict(zip(CHOICES, ("units", "levels", "sites", "categories", "deliveries"), strict=True))
Above: TypeAlias = Mapping[int, tuple[int, ...]]
"""Each unit with itself and all units above it, the nearest first."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a figure is about; None means all. `direct` leaves out what is below the unit."""

    unit: int | None = None
    direct: bool = False
    level: int | None = None
    site: int | None = None
    category: int | None = None
    delivery: int | None = None
    period: Span = EVER

    def choices(self) -> list[int]:
        """Return the places of what is chosen among `CHOICES`."""
        made = (self.unit, self.level, self.site, self.category, self.delivery)
        return [at for at, one in enumerate(made) if one is not None]

    def words(self) -> str:
        """Return a text that puts cuts of one size in an order that stays."""
        return (
            f"{self.unit}, {self.direct}, {self.level}, {self.site}, {self.category}, "
            f"{self.delivery}, {self.period}"
        )

    def needs_categories(self) -> bool:
        """Tell whether the roll-ups of people do not hold it."""
        return self.category is not None or self.delivery is not None


@dataclass(frozen=True)
class Elements:
    """Who stands behind the cuts of a year: one for each person, place, month and kind."""

    people: Ints
    months: Ints
    units: Ints
    levels: Ints
    sites: Ints
    categories: Ints
    deliveries: Ints

    def where(self, mask: NDArray[np.bool_]) -> "Elements":
        """Return the elements that `mask` picks."""
        return Elements(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def instead_of(self, people: Ints, others: "Elements") -> "Elements":
        """Return these, with others in place of all elements of some people; in another order.

        The last ones move to where somebody is gone, which is faster than to pick all that stay.
        """
        gone = np.flatnonzero(np.isin(self.people, people))
        left = len(self.people) - len(gone)
        moved = np.setdiff1d(np.arange(left, len(self.people)), gone)
        free = gone[gone < left]
        found = []
        for name in self.__dataclass_fields__:
            column = getattr(self, name)
            both = np.concatenate([column[:left], getattr(others, name)])
            both[free] = column[moved]
            found.append(both)
        return Elements(*found)

    @cached_property
    def persons(self) -> Ints:
        """Return who stands behind each element, people numbered without gaps."""
        return dense(self.people)[1]


def category_code(category_id: int, kind: Kind) -> int:
    """Return a category on one side as one number; a category that has moved is two."""
    return category_id << KIND_BITS | KINDS.index(kind)


def year_of(year: int) -> Span:
    """Return a year as its first and last month."""
    return year * A_YEAR, year * A_YEAR + A_YEAR - 1


def is_decided(span: Span) -> bool:
    """Tell whether a period is a quarter, a year or a month."""
    length = span[1] - span[0] + 1
    return length in LENGTHS and span[0] % length == 0


def is_month(span: Span) -> bool:
    """Tell whether a period is a month."""
    return span[0] == span[1]


def is_large(cut: Cut, above: Above) -> bool:
    """Tell whether a cut is one that most readers come for: no site and no unit deep below."""
    depth = len(above.get(cut.unit, ())) if cut.unit is not None else 0
    return depth <= LARGE_UNITS and not cut.direct and cut.site is None


def of_one(name: str, value: int, period: Span = EVER) -> Cut:
    """Return the cut of one value of a column; a unit by itself, without what is below."""
    if name == "unit":
        return Cut(unit=value, direct=True, period=period)
    return Cut(**{name: value, "period": period})  # type: ignore[arg-type]  # by name
