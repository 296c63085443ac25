"""Entries to roll-up cells, in whole minutes.

The same arithmetic serves an import, an undo, a move, a reclassification, a recount and a report
as of a past moment: a set of entries becomes cells, and cells are added or subtracted. Minutes are
whole numbers, so the order does not matter and what is taken away leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.rules.books import KIND_CODES, KINDS, Books, Ints, Place
from ledger.rules.kinds import Kind
from ledger.rules.splitting import split_minutes
from ledger.rules.sums import Sums, reduced
from people.rules.levels import Level

BASES = ("learner", "contact")
LEVEL_CODES = ("", *(level.value for level in Level))
CUTS = ("level", "site", "delivery", "category")
DELIVERY_CODES = ("", "classroom", "online", "on_the_job", "coaching", "walk")
FIRST_YEAR = 1900
MONTH_BITS, PLACE_BITS, CATEGORY_BITS, KIND_BITS, DELIVERY_BITS = 12, 24, 12, 2, 3
_BELOW_PLACE = CATEGORY_BITS + KIND_BITS + DELIVERY_BITS
_PLACES, _MONTHS = (1 << PLACE_BITS) - 1, (1 << MONTH_BITS) - 1
CELLS_AT_ONCE = 100_000
PERSON_COLUMNS = (
    "hard_minutes",
    "family_minutes",
    "other_soft_minutes",
    "unclassified_minutes",
    "entries",
)


@dataclass(frozen=True)
class EntryBlock:
    """Entries as arrays of equal length; reversals carry negative minutes and sign -1."""

    employees: Ints
    """Employee ids, 0 on contact basis."""
    courses: Ints
    days: Ints
    """Proleptic ordinals."""
    minutes: Ints
    signs: Ints
    deliveries: Ints
    """Indexes into `DELIVERY_CODES`."""

    def __len__(self) -> int:
        return len(self.minutes)


class MixKey(NamedTuple):
    """Where a cell of the mix lies."""

    month: int
    unit_id: int
    site_id: int
    level: str
    category_id: int
    kind: Kind
    delivery: str


class MixSums(NamedTuple):
    """What a cell of the mix holds; see `ledger.models.MixCell`."""

    minutes: int
    entries: int
    firsts: int


class PersonKey(NamedTuple):
    """Where a cell of a person lies."""

    month: int
    employee_id: int
    unit_id: int
    site_id: int
    level: str


class PersonSums(NamedTuple):
    """What a cell of a person holds, in minutes and standing entries."""

    hard: int
    family: int
    other_soft: int
    unclassified: int
    entries: int


class CourseSums(NamedTuple):
    """What is recorded for a course, in minutes and standing entries."""

    minutes: int
    entries: int
    unclassified: int


@dataclass
class Parts:
    """Entries divided into categories: one element per entry and category."""

    entry: Ints
    category: Ints
    minutes: Ints
    first: NDArray[np.bool_]


class MixColumns(NamedTuple):
    """Cells of the mix as arrays of equal length."""

    months: Ints
    units: Ints
    sites: Ints
    levels: Ints
    """Indexes into `LEVEL_CODES`."""
    categories: Ints
    kinds: Ints
    """Indexes into `KINDS`."""
    deliveries: Ints
    """Indexes into `DELIVERY_CODES`."""
    minutes: Ints
    entries: Ints
    firsts: Ints


def _ranks(places: list[Place]) -> Ints:
    """Return the rank of each place among all places in order."""
    ranks = np.empty(len(places), np.int64)
    units, sites, levels = _place_columns(places, np.arange(len(places)))
    ranks[np.lexsort((levels, sites, units))] = np.arange(len(places))
    return ranks


def _place_columns(book: list[Place], places: Ints) -> tuple[Ints, Ints, Ints]:
    units = np.array([place.unit_id for place in book], np.int64)
    sites = np.array([place.site_id for place in book], np.int64)
    levels = np.array([LEVEL_CODES.index(place.level) for place in book], np.int64)
    return units[places], sites[places], levels[places]


class CellBuilder:
    """Adds blocks of entries up to cells, by one set of books."""

    def __init__(self, books: Books, with_people: bool = True) -> None:
        self.books = books
        self._with_people = with_people
        self._mix = Sums(3)
        self._people = Sums(5)
        self._courses = Sums(3)

    def add(self, block: EntryBlock, direction: int = 1) -> None:
        """Add the entries of `block`, or take them away with `direction` -1."""
        if not len(block):
            return
        months = month_codes(block.days)
        places = self.books.placements.look_up(block.employees, block.days)
        parts = self.parts(block)
        part_days = block.days[parts.entry]
        kinds = self.books.categories.look_up(parts.category, part_days)
        minutes = parts.minutes * direction
        signs = block.signs * direction
        self._add_mix(block, months, places, parts, kinds, minutes, signs)
        by_kind = _minutes_by_kind(len(block), parts.entry, kinds, minutes)
        self._courses.add(block.courses, [block.minutes * direction, signs, by_kind[0]])
        if self._with_people:
            keys = (block.employees << MONTH_BITS | months) << PLACE_BITS | places
            none, hard, family, other = by_kind
            self._people.add(keys, [hard, family, other, none, signs])

    def _add_mix(
        self,
        block: EntryBlock,
        months: Ints,
        places: Ints,
        parts: Parts,
        kinds: Ints,
        minutes: Ints,
        signs: Ints,
    ) -> None:
        keys = months[parts.entry] << PLACE_BITS | places[parts.entry]
        keys = (keys << CATEGORY_BITS | parts.category) << KIND_BITS | kinds
        keys = keys << DELIVERY_BITS | block.deliveries[parts.entry]
        part_signs = signs[parts.entry]
        self._mix.add(keys, [minutes, part_signs, np.where(parts.first, part_signs, 0)])

    def parts(self, block: EntryBlock) -> Parts:
        """Return the entries of a block divided into the categories they count as."""
        book = self.books.classifications
        codes = book.look_up(block.courses, block.days)
        single = np.array([s[0][0] if len(s) == 1 else 0 for s in book.shares], np.int64)
        many = np.array([len(s) > 1 for s in book.shares])
        divided = many[codes]
        everyone = np.arange(len(block), dtype=np.int64)
        whole = everyone[~divided]
        parts = Parts(
            whole, single[codes[whole]], block.minutes[whole], np.ones(len(whole), np.bool_)
        )
        if not divided.any():
            return parts
        rest = everyone[divided]
        extra = _divided(rest, codes[rest], block.minutes[rest], book.shares)
        return Parts(
            np.concatenate((parts.entry, extra.entry)),
            np.concatenate((parts.category, extra.category)),
            np.concatenate((parts.minutes, extra.minutes)),
            np.concatenate((parts.first, extra.first)),
        )

    def mix_parts(self) -> Iterator[MixColumns]:
        """Yield the cells of the mix that are not empty, in the order of their keys, many at once.

        In parts, because decoded they take three times the memory they take here.
        """
        keys, sums = self._mix.result()
        order = np.flatnonzero(sums[0] | sums[1] | sums[2])
        ordered = keys[order]
        places = ordered >> _BELOW_PLACE & _PLACES
        ordered += (_ranks(self.books.placements.places)[places] - places) << _BELOW_PLACE
        order = order[np.argsort(ordered)]
        for start in range(0, len(order), CELLS_AT_ONCE):
            at = order[start : start + CELLS_AT_ONCE]
            yield self._mix_columns(keys[at], [value[at] for value in sums])

    def _mix_columns(self, keys: Ints, sums: list[Ints]) -> MixColumns:
        rest = keys >> _BELOW_PLACE
        return MixColumns(
            month_numbers(rest >> PLACE_BITS),
            *_place_columns(self.books.placements.places, rest & _PLACES),
            keys >> DELIVERY_BITS + KIND_BITS & (1 << CATEGORY_BITS) - 1,
            keys >> DELIVERY_BITS & (1 << KIND_BITS) - 1,
            keys & (1 << DELIVERY_BITS) - 1,
            *sums,
        )

    def mix(self) -> dict[MixKey, MixSums]:
        """Return the cells of the mix that are not empty."""
        found: dict[MixKey, MixSums] = {}
        for part in self.mix_parts():
            for row in zip(*(column.tolist() for column in part), strict=True):
                month, unit, site, level, category, kind, delivery = row[:7]
                names = (LEVEL_CODES[level], category, KINDS[kind], DELIVERY_CODES[delivery])
                found[MixKey(month, unit, site, *names)] = MixSums(*row[7:])
        return found

    def people_parts(self) -> Iterator[dict[str, Ints]]:
        """Yield the cells of people as columns, in the order of month and employee."""
        keys, sums = self._people.result()
        months = keys >> PLACE_BITS & _MONTHS
        order = np.argsort(months.astype(np.int16), kind="stable")
        for start in range(0, len(order), CELLS_AT_ONCE):
            at = order[start : start + CELLS_AT_ONCE]
            yield {
                "month": month_numbers(months[at]),
                **self._people_columns(keys[at] >> PLACE_BITS + MONTH_BITS, keys[at] & _PLACES),
                **dict(zip(PERSON_COLUMNS, (value[at] for value in sums), strict=True)),
            }

    def year_columns(self) -> dict[str, Ints]:
        """Return the cells of people summed by year, as columns, in the order of employee."""
        keys, sums = self._people.result()
        months = keys >> PLACE_BITS & _MONTHS
        keys = (keys >> PLACE_BITS + MONTH_BITS << PLACE_BITS | keys & _PLACES) << MONTH_BITS
        keys, sums = reduced(keys | months // 12, sums)
        places = keys >> MONTH_BITS & _PLACES
        return {
            **self._people_columns(keys >> PLACE_BITS + MONTH_BITS, places),
            "year": FIRST_YEAR + (keys & _MONTHS),
            **dict(zip(PERSON_COLUMNS, sums, strict=True)),
        }

    def _people_columns(self, people: Ints, places: Ints) -> dict[str, Ints]:
        units, sites, levels = _place_columns(self.books.placements.places, places)
        return {"employee_id": people, "unit_id": units, "site_id": sites, "level": levels}

    def people(self) -> dict[PersonKey, PersonSums]:
        """Return the cells of people that are not empty."""
        found: dict[PersonKey, PersonSums] = {}
        for part in self.people_parts():
            for row in zip(*(column.tolist() for column in part.values()), strict=True):
                if any(row[5:]):
                    month, employee, unit, site, level = row[:5]
                    key = PersonKey(month, employee, unit, site, LEVEL_CODES[level])
                    found[key] = PersonSums(*row[5:])
        return found

    def course_columns(self) -> dict[str, Ints]:
        """Return the sums of courses as columns, in the order of course."""
        keys, sums = self._courses.result()
        return {"course_id": keys, **dict(zip(CourseSums._fields, sums, strict=True))}

    def courses(self) -> dict[int, CourseSums]:
        """Return the sums of courses."""
        keys, sums = self._courses.result()
        rows = zip(keys.tolist(), *(value.tolist() for value in sums), strict=True)
        return {key: CourseSums(*values) for key, *values in rows}


def _divided(
    entries: Ints, codes: Ints, minutes: Ints, shares: list[tuple[tuple[int, int], ...]]
) -> Parts:
    """Divide each entry among the categories of its shares; few distinct cases, judged once."""
    cases, inverse = np.unique(np.stack([codes, minutes], 1), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    found: list[Parts] = []
    for case, (code, whole) in enumerate(cases.tolist()):
        mine = entries[inverse == case]
        pairs = shares[code]
        parts = split_minutes(whole, [percent for _, percent in pairs])
        for position, ((category, _), part) in enumerate(zip(pairs, parts, strict=True)):
            count = len(mine)
            found.append(
                Parts(
                    mine,
                    np.full(count, category, np.int64),
                    np.full(count, part, np.int64),
                    np.full(count, position == 0, np.bool_),
                )
            )
    return Parts(
        np.concatenate([p.entry for p in found]),
        np.concatenate([p.category for p in found]),
        np.concatenate([p.minutes for p in found]),
        np.concatenate([p.first for p in found]),
    )


def _minutes_by_kind(count: int, entry: Ints, kinds: Ints, minutes: Ints) -> list[Ints]:
    """Return four arrays of minutes per entry, in the order of `KINDS`."""
    sums = np.zeros((len(KINDS), count), np.int64)
    if len(entry) == count:
        sums[kinds, entry] = minutes
    else:
        np.add.at(sums, (kinds, entry), minutes)
    return list(sums)


_ALL_DAYS: dict[str, Ints] = {}


def month_codes(days: Ints) -> Ints:
    """Return months counted from January 1900 for proleptic ordinals.

    Raises:
        ValueError: A day lies outside 1900 to 2100.
    """
    if len(days) and not FIRST_DAY <= int(days.min()) <= int(days.max()) <= LAST_DAY:
        raise ValueError("a day outside 1900 to 2100")
    if "codes" not in _ALL_DAYS:
        first = np.datetime64("1900-01-01")
        span = np.arange(first, np.datetime64("2101-01-01"))
        _ALL_DAYS["codes"] = span.astype("datetime64[M]").astype(np.int64) + 70 * 12
    return _ALL_DAYS["codes"][days - FIRST_DAY]


FIRST_DAY = 693596
"""Ordinal of 1900-01-01."""

LAST_DAY = 767009
"""Ordinal of 2100-12-31."""


def month_number(code: int) -> int:
    """Return the month as people sort it: 202607 for July 2026."""
    return (FIRST_YEAR + code // 12) * 100 + code % 12 + 1


def month_numbers(codes: Ints) -> Ints:
    """Return months as numbers such as 202607 for an array of codes."""
    return (FIRST_YEAR + codes // 12) * 100 + codes % 12 + 1


class UnitSums(NamedTuple):
    """Minutes of a unit with everything below it."""

    hard: int
    family: int
    other_soft: int
    unclassified: int
    mandatory: int
    entries: int


def category_key(category_id: int, kind: Kind) -> int:
    """Return the key of a category that counted as a kind, among the cuts."""
    return category_id << KIND_BITS | KIND_CODES[kind]


def of_category_key(key: int) -> tuple[int, Kind]:
    """Return the category of a key among the cuts, and what it counted as."""
    return key >> KIND_BITS, KINDS[key & (1 << KIND_BITS) - 1]


def _kinds_of(mix: MixColumns, mandatory_ids: frozenset[int]) -> list[Ints]:
    """Return the minutes of each cell in the column of its kind, then the mandatory ones."""
    values = [
        np.where(mix.kinds == KIND_CODES[kind], mix.minutes, 0)
        for kind in (Kind.HARD, Kind.FAMILY, Kind.OTHER_SOFT, Kind.NONE)
    ]
    mandatory = np.isin(mix.categories, list(mandatory_ids))
    return [*values, np.where(mandatory, mix.minutes, 0)]


SUMS = (
    "hard_minutes",
    "family_minutes",
    "other_soft_minutes",
    "unclassified_minutes",
    "mandatory_minutes",
    "entries",
)
"""What roll-ups of units and cuts add up, in the order of their columns."""
CUT_KEY_BITS = 32
CUT_COLUMNS = ("cut", "month", "key", *SUMS)
MONTH_NUMBER_BITS = 20
WHOLE = 0
"""The unit id under which everything is summed."""


class MixTotals:
    """Adds cells of the mix up: along each cut by itself, and up the organisation tree."""

    def __init__(self, mandatory_ids: frozenset[int]) -> None:
        self._mandatory_ids = mandatory_ids
        self._units = Sums(6)
        self._cuts = [Sums(6) for _ in CUTS]

    def add(self, mix: MixColumns) -> None:
        """Add cells."""
        values = _kinds_of(mix, self._mandatory_ids)
        self._units.add(mix.units << MONTH_NUMBER_BITS | mix.months, [*values, mix.firsts])
        categories = mix.categories << KIND_BITS | mix.kinds
        cuts = (
            (mix.levels, mix.firsts),
            (mix.sites, mix.firsts),
            (mix.deliveries, mix.firsts),
            (categories, mix.entries),
        )
        for held, (keys, entries) in zip(self._cuts, cuts, strict=True):
            held.add(mix.months << CUT_KEY_BITS | keys, [*values, entries])

    def cut_columns(self) -> dict[str, Ints]:
        """Return sums for the whole organisation, along each cut by itself."""
        found = []
        for cut, held in enumerate(self._cuts):
            keys, sums = held.result()
            month_and_key = (keys >> CUT_KEY_BITS, keys & (1 << CUT_KEY_BITS) - 1)
            found.append((np.full(len(keys), cut), *month_and_key, *sums))
        return dict(zip(CUT_COLUMNS, map(np.concatenate, zip(*found, strict=True)), strict=True))

    def unit_sums(
        self, ancestors: Callable[[int], tuple[int, ...]]
    ) -> dict[tuple[int, int], UnitSums]:
        """Return sums by unit, with everything below it, and month; unit 0 is the whole.

        Args:
            ancestors: Gives the ids of a unit and of all units above it.
        """
        keys, sums = self._units.result()
        units = (keys >> MONTH_NUMBER_BITS).tolist()
        months = (keys & (1 << MONTH_NUMBER_BITS) - 1).tolist()
        rows = np.stack(sums, 1).tolist()
        found: dict[tuple[int, int], list[int]] = {}
        for unit_id, month, own in zip(units, months, rows, strict=True):
            for unit in (WHOLE, *(ancestors(unit_id) if unit_id else ())):
                held = found.get((unit, month))
                found[unit, month] = own if held is None else list(map(add, held, own))
        return {key: UnitSums(*row) for key, row in found.items() if any(row)}


@dataclass
class EntryColumns:
    """Plain lists from which an EntryBlock is made."""

    employees: list[int] = field(default_factory=list)
    courses: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)
    deliveries: list[int] = field(default_factory=list)

    def block(self) -> EntryBlock:
        """Return the arrays."""
        return EntryBlock(
            *(
                np.array(column, np.int64)
                for column in (
                    self.employees,
                    self.courses,
                    self.days,
                    self.minutes,
                    self.signs,
                    self.deliveries,
                )
            )
        )
