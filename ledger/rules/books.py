"""Looking up, for many entries at once, where a person stood and what a course counted as.

A book is built once from rows of the database and then answers for whole arrays. Days are
proleptic ordinals (`date.toordinal()`); ids are positive; 0 stands for "none".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.rules.kinds import Kind

Ints = NDArray[np.int64]

DAY_BITS = 22
"""Ordinals up to 9999-12-31 fit in 22 bits."""


class PlacementRow(NamedTuple):
    """One assignment: where an employee stood from a day until (not including) a day."""

    employee_id: int
    from_day: int
    until_day: int
    unit_id: int
    site_id: int
    level: str


class Place(NamedTuple):
    """A distinct combination of unit, site and level; 0 and "" where not known."""

    unit_id: int
    site_id: int
    level: str


NOWHERE = Place(0, 0, "")


class PlacementBook:
    """Where people stood on a day."""

    def __init__(self, rows: Iterable[PlacementRow]) -> None:
        places: dict[Place, int] = {NOWHERE: 0}
        keys: list[int] = []
        untils: list[int] = []
        owners: list[int] = []
        codes: list[int] = []
        for employee_id, from_day, until_day, unit_id, site_id, level in rows:
            keys.append(employee_id << DAY_BITS | from_day)
            untils.append(until_day)
            owners.append(employee_id)
            codes.append(places.setdefault(Place(unit_id, site_id, level), len(places)))
        order = np.argsort(np.array(keys, np.int64), kind="stable")
        self._keys = np.array(keys, np.int64)[order]
        self._untils = np.array(untils, np.int64)[order]
        self._owners = np.array(owners, np.int64)[order]
        self._codes = np.array(codes, np.int64)[order]
        self.places: list[Place] = list(places)

    def look_up(self, employees: Ints, days: Ints) -> Ints:
        """Return the index into `places` for each employee and day, 0 where nobody knows."""
        if not len(self._keys):
            return np.zeros(len(employees), np.int64)
        at = np.searchsorted(self._keys, employees << DAY_BITS | days, side="right") - 1
        safe = np.maximum(at, 0)
        found = (at >= 0) & (self._owners[safe] == employees) & (days < self._untils[safe])
        return np.where(found, self._codes[safe], 0)


class ClassificationRow(NamedTuple):
    """One classification with its shares, as recorded at a moment."""

    id: int
    course_id: int
    from_day: int
    recorded_at: datetime
    shares: tuple[tuple[int, int], ...]
    """Pairs of category id and whole percent."""


class ClassificationBook:
    """What a course counted as on a day: the latest start wins, then what was recorded last."""

    def __init__(self, rows: Iterable[ClassificationRow]) -> None:
        latest: dict[tuple[int, int], ClassificationRow] = {}
        for row in rows:
            held = latest.get((row.course_id, row.from_day))
            if held is None or (held.recorded_at, held.id) < (row.recorded_at, row.id):
                latest[row.course_id, row.from_day] = row
        kept = [latest[key] for key in sorted(latest)]
        self._keys = np.array([r.course_id << DAY_BITS | r.from_day for r in kept], np.int64)
        self._courses = np.array([r.course_id for r in kept], np.int64)
        shares: dict[tuple[tuple[int, int], ...], int] = {(): 0}
        self._codes = np.array([shares.setdefault(r.shares, len(shares)) for r in kept], np.int64)
        self.shares: list[tuple[tuple[int, int], ...]] = list(shares)

    def look_up(self, courses: Ints, days: Ints) -> Ints:
        """Return the index into `shares` for each course and day, 0 where unclassified."""
        if not len(self._keys):
            return np.zeros(len(courses), np.int64)
        at = np.searchsorted(self._keys, courses << DAY_BITS | days, side="right") - 1
        safe = np.maximum(at, 0)
        found = (at >= 0) & (self._courses[safe] == courses)
        return np.where(found, self._codes[safe], 0)


KINDS = (Kind.NONE, Kind.HARD, Kind.FAMILY, Kind.OTHER_SOFT)
KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}


class CategorySpell(NamedTuple):
    """From a day on, minutes of a category count as a kind."""

    category_id: int
    from_day: int
    kind: Kind


class CategoryBook:
    """What minutes of a category count as on a day; rows in the order they were recorded."""

    def __init__(self, rows: Sequence[CategorySpell]) -> None:
        latest = {(row.category_id, row.from_day): KIND_CODES[row.kind] for row in rows}
        keys = sorted(latest)
        self._keys = np.array([c << DAY_BITS | d for c, d in keys], np.int64)
        self._categories = np.array([c for c, _ in keys], np.int64)
        self._codes = np.array([latest[key] for key in keys], np.int64)

    def look_up(self, categories: Ints, days: Ints) -> Ints:
        """Return the index into `KINDS` for each category and day; category 0 is none."""
        if not len(self._keys):
            return np.zeros(len(categories), np.int64)
        at = np.searchsorted(self._keys, categories << DAY_BITS | days, side="right") - 1
        safe = np.maximum(at, 0)
        found = (at >= 0) & (self._categories[safe] == categories)
        return np.where(found, self._codes[safe], 0)


@dataclass(frozen=True)
class Books:
    """All that is needed to turn entries into cells."""

    placements: PlacementBook
    classifications: ClassificationBook
    categories: CategoryBook
