"""Which figures stay hidden because all figures together would tell of very few people.

Every figure is a sum over a cut: everybody, or one unit, level, site, category or delivery, in a
month, a quarter, a year or all. Cuts of two kinds at once are not answered. Of the others, these
are shown, in a fixed order that does not depend on what is asked:

- Everybody is dealt into five teams, for each year and kind of training anew.
- A cut is shown when, in every team taken alone, it is not a sum or a difference of what is shown
  already. So it has somebody in every team.
- A cut that is exactly a sum or a difference of what is shown is shown too: it tells nothing more.

Whatever is added to or subtracted from what, in whatever multiple: what comes out and is not
nothing is not nothing in each of the five teams either, so that at least five people stand behind
it. Nobody, and no group of two, three or four, can be worked out (docs/decisions/0005).

Teams are a proof, so any teams will do; these are dealt to let the smallest groups pass. Whether a
row depends on others is asked modulo two, which can only hide more: whole numbers that are
independent modulo two are independent.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ledger.rules.books import KINDS
from ledger.rules.kinds import Kind
from planner.rules.independence import Layer, as_bits
from planner.rules.suppression import MINIMUM_PEOPLE
from planner.rules.teams import deal

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Span: TypeAlias = tuple[int, int]
"""First and last month as 12 times the year plus the month, counted from 0; both included."""

EVER: Span = (0, 12 * 10_000)
KIND_BITS, SPAN_BITS, PERSON_BITS = 2, 18, 20
A_YEAR = 12
A_QUARTER = 3
LENGTHS = (A_YEAR, A_QUARTER, 1)
"""Months of the periods, in the order in which it is decided what is shown."""
EVERYBODY, LARGE, SMALL, LAST = range(4)
LARGE_UNITS = 2
"""So deep lie the units that are decided before all others."""
KIND_MASK = (1 << KIND_BITS) - 1
MANDATORY = KIND_MASK + 1
"""Added to the kind of training that may not be cut: its minutes are shown by themselves."""
CHOICES = ("unit", "level", "site", "category", "delivery")
COLUMNS = dict(zip(CHOICES, ("units", "levels", "sites", "categories", "deliveries"), strict=True))


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

    def choices(self) -> int:
        """Return how many choices are made at once."""
        return sum(getattr(self, name) is not None for name in CHOICES)

    def choice(self) -> int:
        """Return the place of what is chosen; nothing comes first."""
        made = [at for at, name in enumerate(CHOICES) if getattr(self, name) is not None]
        return made[0] if made else -1

    def needs_categories(self) -> bool:
        """Tell whether the roll-ups of people do not hold it."""
        return self.category is not None or self.delivery is not None


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


def is_large(cut: Cut, above: Mapping[int, tuple[int, ...]]) -> bool:
    """Tell whether a cut is one that most readers come for: no site and no unit deep below."""
    depth = len(above.get(cut.unit, ())) if cut.unit is not None else 0
    return depth <= LARGE_UNITS and not cut.direct and cut.site is None


@dataclass
class Crowd:
    """Who stands behind every cut: one element for each person, place, month and kind of training.

    Attributes:
        above: Each unit with itself and all units above it, the nearest first.
        mandatory: Categories that may not be cut.
        has_categories: Whether categories and deliveries are known; else neither they nor the
            mandatory minutes are shown.
    """

    people: Ints
    months: Ints
    units: Ints
    levels: Ints
    sites: Ints
    categories: Ints
    deliveries: Ints
    above: Mapping[int, tuple[int, ...]]
    mandatory: frozenset[int] = frozenset()
    has_categories: bool = True
    _years: dict[int, frozenset[Cut]] = field(default_factory=dict)

    def is_closed(self, cut: Cut) -> bool:
        """Tell whether the figures of a cut have to stay hidden."""
        if cut.choices() > 1 or (not self.has_categories and cut.needs_categories()):
            return True
        if cut.period == EVER:
            return any(self.is_closed(replace(cut, period=year_of(year))) for year in self.years)
        year = cut.period[0] // A_YEAR
        if not is_decided(cut.period) or (is_month(cut.period) and not is_large(cut, self.above)):
            return True
        if year not in self._years:
            self._years[year] = frozenset(self._hidden_in(year))
        return cut in self._years[year]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years with training."""
        return tuple(np.unique(self.months // A_YEAR).tolist())

    @cached_property
    def kinds(self) -> Ints:
        """Return the kind of each element, the mandatory one apart."""
        ids = np.array(sorted(self.mandatory), np.int64)
        is_mandatory = np.isin(self.categories >> KIND_BITS, ids)
        found: Ints = (self.categories & KIND_MASK) + MANDATORY * is_mandatory
        return found

    def _hidden_in(self, year: int) -> Iterator[Cut]:
        """Decide the cuts of a year one after the other, and yield those that stay hidden."""
        here = self.months // A_YEAR == year
        sheets = [Sheet(self, np.flatnonzero(here & (self.kinds == kind)))
                  for kind in np.unique(self.kinds[here]).tolist()]  # fmt: skip
        for cut in _in_order(self._sizes(here), self.above):
            rows = [sheet.row(cut) for sheet in sheets]
            news = [sheet.layer.news(row) for sheet, row in zip(sheets, rows, strict=True)]
            if any(one is None for one in news):
                yield cut
                continue
            for sheet, row, new in zip(sheets, rows, news, strict=True):
                sheet.layer.add(row, new or [])

    def _sizes(self, here: Mask) -> Mapping[Cut, int]:
        """Return every cut of a year with about how many people it has."""
        found: Counter[Cut] = Counter()
        people = np.unique(self.people[here], return_inverse=True)[1]
        for name in CHOICES if self.has_categories else CHOICES[:3]:
            column = getattr(self, COLUMNS[name])[here]
            for length in LENGTHS:
                spans = self.months[here] // length
                rows = np.unique((column << SPAN_BITS | spans) << PERSON_BITS | people)
                groups, counts = np.unique(rows >> PERSON_BITS, return_counts=True)
                for group, count in zip(groups.tolist(), counts.tolist(), strict=True):
                    value, at = divmod(group, 1 << SPAN_BITS)
                    span = (at * length, at * length + length - 1)
                    for cut in self._cuts_with(name, value):
                        found[replace(cut, period=span)] += count
        return found

    def _cuts_with(self, name: str, value: int) -> Iterator[Cut]:
        """Yield the cuts that a value belongs to."""
        yield _cut(name, value)
        if name == "unit":
            yield from (Cut(unit=one) for one in self.above.get(value, ()))
        if name == "level":
            yield Cut()


def _cut(name: str, value: int) -> Cut:
    """Return the cut of one value; a unit by itself, without what is below."""
    found: Cut = replace(Cut(), **{name: value, "direct": name == "unit"})  # type: ignore[arg-type]  # by name
    return found


class Sheet:
    """The elements of one kind of training in one year as columns, and every cut as bits."""

    def __init__(self, crowd: Crowd, here: Ints) -> None:
        named = {name: getattr(crowd, COLUMNS[name])[here] for name in CHOICES}
        if not crowd.has_categories:
            del named["category"], named["delivery"]
        months, people = crowd.months[here], crowd.people[here]
        teams = deal(people, _groupings(named, months))
        # Units come first, so that rows of units begin apart and are quickly told from each other.
        columns = np.unique(np.stack([*named.values(), months, teams]), axis=1)
        self.months, self.teams = columns[-2], columns[-1]
        self.layer = Layer(tuple(as_bits(self.teams == team) for team in range(MINIMUM_PEOPLE)))
        self.all = as_bits(np.ones(columns.shape[1], np.bool_))
        self._spans: dict[Span, int] = {}
        self.parts: dict[Cut, int] = {Cut(): self.all}
        for name, column in zip(named, columns[:-2], strict=True):
            self.parts |= {
                _cut(name, value): as_bits(column == value) for value in np.unique(column).tolist()
            }
        self._add_units(crowd.above)

    def _add_units(self, above: Mapping[int, tuple[int, ...]]) -> None:
        for cut, bits in [*self.parts.items()]:
            for unit in above.get(cut.unit, ()) if cut.unit is not None else ():
                whole = Cut(unit=unit)
                self.parts[whole] = self.parts.get(whole, 0) | bits

    def row(self, cut: Cut) -> int:
        """Return the columns a cut is the sum of."""
        return self.parts.get(replace(cut, period=EVER), 0) & self._span(cut.period)

    def _span(self, span: Span) -> int:
        if span not in self._spans:
            self._spans[span] = as_bits((self.months >= span[0]) & (self.months <= span[1]))
        return self._spans[span]


def _groupings(named: Mapping[str, Ints], months: Ints) -> Iterator[Ints]:
    """Yield the groups in which somebody of every team is wanted."""
    yield months
    for span in (A_QUARTER, A_YEAR):
        for column in named.values():
            yield np.unique(column << SPAN_BITS | months // span, return_inverse=True)[1]


def _in_order(sizes: Mapping[Cut, int], above: Mapping[int, tuple[int, ...]]) -> list[Cut]:
    """Return cuts as they are decided: those first that most readers come for.

    Everybody comes first, then departments, levels, categories, deliveries and the units below
    departments, then small units and sites; years before their quarters. The months of large parts
    come at the end, and those of small ones are never shown.
    """

    def place(cut: Cut) -> tuple[int, int, int, int, str]:
        length = cut.period[1] - cut.period[0] + 1
        group = EVERYBODY if not cut.choices() else LARGE if is_large(cut, above) else SMALL
        group = LAST if group == LARGE and length == 1 else group
        return group, LENGTHS.index(length), _rank(cut, above), -sizes[cut], repr(cut)

    wanted = (cut for cut in sizes if is_large(cut, above) or not is_month(cut.period))
    return sorted(wanted, key=place)


def _rank(cut: Cut, above: Mapping[int, tuple[int, ...]]) -> int:
    """Return the place of a large cut among those of its length: departments, then levels."""
    is_deep = cut.unit is not None and len(above.get(cut.unit, ())) == LARGE_UNITS
    return len(CHOICES) if is_deep else cut.choice()


@dataclass(frozen=True)
class Guard:
    """What of one balance stays hidden: the crowd, and the cut of the whole."""

    crowd: Crowd
    whole: Cut

    def hides(self, **row: object) -> bool:
        """Tell whether a row is closed, given by what it has more than the whole."""
        cut: Cut = replace(self.whole, **row)  # type: ignore[arg-type]  # by name
        return self.crowd.is_closed(cut)
