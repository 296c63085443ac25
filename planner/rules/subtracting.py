"""Which figures stay hidden because subtracting two answers would show very few people.

Every figure is the sum over a cut: a unit, a level, a site, a category, a delivery, a period, or
several of these at once. When one cut lies within another, the difference is about the people of
the rest; one to four of them must not be told. So a cut is closed when

- it is about one to four people itself,
- a wider cut adds one to four people to it (the wider one stays open), or
- one of the months, quarters or years in its period is open and leaves one to four people for
  the others.

Cuts that hold the same entries under other names, such as a site where everybody is on one level,
count as one: all their wider cuts are looked at. Periods are months, quarters, years and all, of
which one always lies within the other; so every nested pair of cuts is one of these cases.

More than two answers are subtracted as well: the whole less every sibling but one. So a cut stays
hidden, under its own address too, where the table of a wider cut hides it (`siblings.py`) or hides
a cut around it. The kinds of a cut (soft, hard, unclassified) are cuts like any other; they are
shown together or not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ledger.rules.books import KINDS
from ledger.rules.kinds import Kind
from planner.rules.siblings import hidden_siblings
from planner.rules.suppression import MINIMUM_PEOPLE

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Span: TypeAlias = tuple[int, int]
"""First and last month as 12 times the year plus the month, counted from 0; both included."""

EVER: Span = (0, 12 * 10_000)
MOST_NAMES = 500
"""So many names of the same entries are looked at; what has more stays hidden."""
SOME = 500
KIND_BITS = 2
A_YEAR = 12
KIND_MASK = (1 << KIND_BITS) - 1


@dataclass(frozen=True, slots=True)
class Cut:
    """What a figure is about; None means all. `direct` leaves out what is below the unit."""

    unit: int | None = None
    direct: bool = False
    level: int | None = None
    site: int | None = None
    category: int | None = None
    delivery: int | None = None
    kind: int | None = None
    """Soft of a family, other soft, hard or unclassified, by its place among `KINDS`."""
    period: Span = EVER


def category_code(category_id: int, kind: Kind) -> int:
    """Return a category on one side as one number; a category that has moved is two."""
    return category_id << KIND_BITS | KINDS.index(kind)


def frames_around(month: int) -> tuple[Span, ...]:
    """Return the month, its quarter, its year and all, the shortest first."""
    quarter, year = month - month % 3, month - month % 12
    return (month, month), (quarter, quarter + 2), (year, year + 11), EVER


def with_choice(cut: Cut, name: str, value: int | None) -> Cut:
    """Return the cut with another level, site, category or delivery."""
    return replace(cut, **{name: value})  # type: ignore[arg-type]  # these four are of this type


@dataclass
class Crowd:
    """Who stands behind every cut: one element for each person, place, month and kind of training.

    Attributes:
        above: Each unit with itself and all units above it, the nearest first.
    """

    people: Ints
    months: Ints
    units: Ints
    levels: Ints
    sites: Ints
    categories: Ints
    deliveries: Ints
    above: Mapping[int, tuple[int, ...]]
    _masks: dict[tuple[str, object], Mask] = field(default_factory=dict)
    _closed: dict[Cut, bool] = field(default_factory=dict)
    _split: dict[Cut, bool] = field(default_factory=dict)
    _within: dict[tuple[Cut, bool], bool] = field(default_factory=dict)
    _tables: dict[tuple[Cut, str, bool], frozenset[Cut]] = field(default_factory=dict)

    def is_closed(self, cut: Cut) -> bool:
        """Tell whether the figure of a cut has to stay hidden."""
        if cut not in self._closed:
            here = self._mask(cut)
            count = self._count(here)
            self._closed[cut] = count > 0 and (
                count < MINIMUM_PEOPLE
                or self._is_given_away_by_a_part(cut, here)
                or self._is_given_away_by_a_wider(cut, here)
            )
        return self._closed[cut]

    def is_split_closed(self, cut: Cut) -> bool:
        """Tell whether what is soft, hard and unclassified of a cut has to stay hidden."""
        if cut not in self._split:
            here = self._mask(cut)
            kinds = np.unique(self.categories[here] & KIND_MASK).tolist()
            self._split[cut] = any(self.is_closed(replace(cut, kind=kind)) for kind in kinds)
        return self._split[cut]

    def _is_hidden_in_a_table(self, cut: Cut) -> bool:
        """Tell whether the table of a wider cut hides a cut, or one that it lies within."""
        plain = replace(cut, kind=None)
        if cut.category is None:
            return self._is_hidden_within(plain, split=cut.kind is not None)
        of_kind = self._is_hidden_within(replace(plain, category=None), split=True)
        return of_kind or self._is_hidden_within(plain, split=False)

    def _is_hidden_within(self, cut: Cut, split: bool) -> bool:
        key = (cut, split)
        if key not in self._within:
            self._within[key] = any(
                cut in self._hidden_in(parent, name, split) or self._is_hidden_within(parent, split)
                for parent, name in self._tables_with(cut)
            )
        return self._within[key]

    def _tables_with(self, cut: Cut) -> Iterator[tuple[Cut, str]]:
        """Yield the wider cuts whose tables have a row for a cut, and by what the table is."""
        for name in ("level", "site", "delivery"):
            if getattr(cut, name) is not None:
                yield with_choice(cut, name, None), name
        if cut.category is not None:
            yield replace(cut, category=None, kind=cut.category & KIND_MASK), "category"
        if cut.unit is not None:
            yield from ((one, "unit") for one in self._above_unit(cut))
        month, quarter, *_ = frames_around(cut.period[0])
        if cut.period == month:  # a year is rather hidden itself than one of its quarters
            yield replace(cut, period=quarter), "period"

    def _above_unit(self, cut: Cut) -> Iterator[Cut]:
        chain = self.above.get(cut.unit or 0, ())
        parent = cut.unit if cut.direct and chain else (chain[1] if len(chain) > 1 else None)
        if parent != self.root or parent is None:
            yield replace(cut, unit=parent, direct=False)
        else:
            yield replace(cut, unit=None, direct=False)
            yield replace(cut, unit=parent, direct=False)

    @cached_property
    def root(self) -> int | None:
        """Return the one unit above all; None where there are several or none."""
        roots = {chain[-1] for chain in self.above.values()}
        return roots.pop() if len(roots) == 1 else None

    def _hidden_in(self, parent: Cut, name: str, split: bool) -> frozenset[Cut]:
        """Return the rows that stay hidden in the table of a cut."""
        key = (parent, name, split)
        if key not in self._tables:
            here = np.flatnonzero(self._mask(parent))
            rows, codes = self._rows_of(parent, name, here)
            kinds = self.categories[here] & KIND_MASK if split else np.zeros(len(here), np.int64)
            hidden = hidden_siblings(codes, self.people[here], kinds)
            self._tables[key] = frozenset(rows[code] for code in hidden)
        return self._tables[key]

    def _rows_of(self, parent: Cut, name: str, here: Ints) -> tuple[list[Cut], Ints]:
        """Return the rows of a table, and for each element in which row it lies."""
        if name == "unit":
            return self._unit_rows(parent, here)
        if name == "period":
            return self._period_rows(parent, here)
        values, codes = np.unique(self._columns()[name][here], return_inverse=True)
        parent = replace(parent, kind=None) if name == "category" else parent
        return [with_choice(parent, name, value) for value in values.tolist()], codes

    def _unit_rows(self, parent: Cut, here: Ints) -> tuple[list[Cut], Ints]:
        top = self.root if parent.unit is None else parent.unit
        units, codes = np.unique(self.units[here], return_inverse=True)
        rows: dict[Cut, int] = {}
        places = [
            rows.setdefault(self._unit_row(parent, top, unit), len(rows)) for unit in units.tolist()
        ]
        return list(rows), np.array(places, np.int64)[codes]

    def _unit_row(self, parent: Cut, top: int | None, unit: int) -> Cut:
        chain = self.above.get(unit, ())
        if not chain or unit == top:
            return replace(parent, unit=unit, direct=True)
        return replace(parent, unit=chain[chain.index(top) - 1] if top in chain else chain[-1])

    def _period_rows(self, parent: Cut, here: Ints) -> tuple[list[Cut], Ints]:
        months, codes = np.unique(self.months[here], return_inverse=True)
        rows: dict[Cut, int] = {}
        places = []
        for month in months.tolist():
            frames = frames_around(month)
            span = frames[max(frames.index(parent.period) - 1, 0)]
            places.append(rows.setdefault(replace(parent, period=span), len(rows)))
        return list(rows), np.array(places, np.int64)[codes]

    def _columns(self) -> dict[str, Ints]:
        return {
            "direct": self.units,
            "level": self.levels,
            "site": self.sites,
            "category": self.categories,
            "delivery": self.deliveries,
            "kind": self.categories & KIND_MASK,
        }

    def _is_given_away_by_a_part(self, cut: Cut, here: Mask) -> bool:
        """Tell whether a shorter period that is open leaves very few people for the rest."""
        spans = {
            span
            for month in np.unique(self.months[here]).tolist()
            for span in frames_around(month)
            if cut.period[0] <= span[0] and span[1] <= cut.period[1] and span != cut.period
        }
        return self._small_parts_are_few(cut, here) or any(
            self._is_few(here & ~self._of("period", span))
            and not self.is_closed(replace(cut, period=span))
            for span in spans
        )

    def _small_parts_are_few(self, cut: Cut, here: Mask) -> bool:
        """Tell whether a year, or all, less its parts that are large enough leaves very few."""
        if cut.period[1] - cut.period[0] < A_YEAR - 1 or cut.period not in self._frames(cut):
            return False
        rest = np.flatnonzero(here)
        rows, codes = self._period_rows(cut, rest)
        small = [at for at in range(len(rows)) if self._is_few(self._mask(rows[at]))]
        return 0 < len(np.unique(self.people[rest[np.isin(codes, small)]])) < MINIMUM_PEOPLE

    @staticmethod
    def _frames(cut: Cut) -> tuple[Span, ...]:
        return frames_around(cut.period[0])

    def _is_given_away_by_a_wider(self, cut: Cut, here: Mask) -> bool:
        seen, waiting = {cut}, [cut]
        while waiting:
            one = waiting.pop()
            if self._is_hidden_in_a_table(one):
                return True
            same = list(self._same(one, here))
            for wider in self._wider(one):
                extra = self._mask(wider) & ~here
                if self._is_few(extra):
                    return True
                if not extra.any():
                    same.append(wider)
            waiting += [name for name in dict.fromkeys(same) if name not in seen]
            seen.update(same)
            if len(seen) > MOST_NAMES:
                return True
        return False

    def _wider(self, cut: Cut) -> Iterator[Cut]:
        if cut.direct:
            yield replace(cut, direct=False)
        elif cut.unit is not None:
            chain = self.above.get(cut.unit, ())
            yield replace(cut, unit=chain[1] if len(chain) > 1 else None)
        for name in ("level", "site", "category", "delivery", "kind"):
            if getattr(cut, name) is not None:
                yield with_choice(cut, name, None)
        if cut.category is not None:
            yield replace(cut, category=None, kind=cut.category & KIND_MASK)

    def _same(self, cut: Cut, here: Mask) -> Iterator[Cut]:
        """Yield other names of the same entries: with a choice more, or another period."""
        columns = {
            "level": self.levels,
            "site": self.sites,
            "category": self.categories,
            "delivery": self.deliveries,
            **({"kind": self.categories & KIND_MASK} if cut.category is None else {}),
        }
        for name, column in columns.items():
            if name == "category" and cut.kind is not None:
                continue
            if getattr(cut, name) is None and (only := _only(column[here])) is not None:
                yield with_choice(cut, name, only)
        yield from self._same_unit(cut, here)
        months = self.months[here]
        first, last = int(months.min()), int(months.max())
        for span in frames_around(first):
            named = replace(cut, period=span)
            if last <= span[1] and not (self._mask(named) & ~here).any():
                yield named

    def _same_unit(self, cut: Cut, here: Mask) -> Iterator[Cut]:
        if cut.direct:
            return
        for unit in np.unique(self.units[here])[:1].tolist():
            chain = (*self.above.get(unit, (unit,)), None)
            below = chain[: chain.index(cut.unit)] if cut.unit in chain else ()
            for named in (replace(cut, unit=one) for one in below):
                if not (here & ~self._mask(named)).any():
                    yield named
        if cut.unit is not None and _only(self.units[here]) == cut.unit:
            yield replace(cut, direct=True)

    def _mask(self, cut: Cut) -> Mask:
        found = self._of("period", cut.period)
        if cut.unit is not None:
            found = found & self._of("direct" if cut.direct else "unit", cut.unit)
        for name in ("level", "site", "category", "delivery", "kind"):
            if (value := getattr(cut, name)) is not None:
                found = found & self._of(name, value)
        return found

    def _of(self, name: str, value: object) -> Mask:
        key = (name, value)
        if key not in self._masks:
            self._masks[key] = self._made(name, value)
        return self._masks[key]

    def _made(self, name: str, value: object) -> Mask:
        found: Mask
        if name == "period" and isinstance(value, tuple):
            found = (self.months >= value[0]) & (self.months <= value[1])
        elif name == "unit":
            below = [unit for unit, above in self.above.items() if value in above]
            found = np.isin(self.units, np.array(below, np.int64))
        else:
            found = self._columns()[name] == value
        return found

    def _is_few(self, mask: Mask) -> bool:
        return 0 < self._count(mask) < MINIMUM_PEOPLE

    def _count(self, mask: Mask) -> int:
        """Return how many people; at least five is as good as five."""
        found = self.people[mask]
        some = len(np.unique(found[:SOME]))
        return some if some >= MINIMUM_PEOPLE or len(found) <= SOME else len(np.unique(found))


def _only(column: Ints) -> int | None:
    """Return the one value of a column, None when there are several."""
    first = int(column[0])
    return first if bool((column == first).all()) else None


@dataclass(frozen=True)
class Guard:
    """What of one balance stays hidden: the crowd, and the cut of the whole."""

    crowd: Crowd
    whole: Cut

    def hides(self, **row: object) -> bool:
        """Tell whether a row is closed, given by what it has more than the whole."""
        return self.crowd.is_closed(replace(self.whole, **row))  # type: ignore[arg-type]  # by name

    def hides_split(self, **row: object) -> bool:
        """Tell whether what is soft and hard of a row is closed."""
        return self.crowd.is_split_closed(replace(self.whole, **row))  # type: ignore[arg-type]  # by name
