"""Loads who stands behind every figure, for those who see groups only."""

from collections import OrderedDict
from datetime import date
from functools import partial, reduce
from operator import add
from threading import Lock

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SmallInteger,
    case,
    cast,
    func,
    select,
    type_coerce,
)

from core.arrays import Ints
from core.db import db
from core.numbers import read_numbers
from ledger.models import PersonMonth, PersonYear, UnitMonth
from ledger.queries.books import mandatory_ids
from ledger.queries.entries import entries_at_once
from ledger.rules.books import Books
from ledger.rules.cells import LEVEL_CODES, WHOLE, CellBuilder
from ledger.rules.kinds import Basis
from people.models import UnitPath
from people.queries.settings import data_version
from planner.queries.sources import Circle, books_for, entries_of
from planner.rules.groups import A_YEAR, EVER, Above, Cut, Elements, Span
from planner.rules.periods import Period, all_recorded, between
from planner.rules.questions import Question, check_for_groups
from planner.rules.subtracting import Crowd, Guard

MOST_ENTRIES = 250_000
"""With more entries than this, people are read by month instead: without categories."""
MINUTES_OF = ("unclassified_minutes", "hard_minutes", "family_minutes", "other_soft_minutes")
"""The minutes of a person and month by kind, in the order of `KINDS`."""
KEPT = 4
KIND_BITS, DELIVERY_BITS, MONTH_BITS, PLACE_BITS = 2, 3, 20, 24
MONTH_OF_YEAR_BITS, LEVEL_BITS = 4, 3


class _Kept:
    """The crowds asked for last, by the data as they are and the circle."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[object, ...], Crowd] = OrderedDict()
        self._lock = Lock()

    def get(self, circle: Circle) -> Crowd:
        asked = circle.employees
        words = (
            str(asked.compile(compile_kwargs={"literal_binds": True})) if asked is not None else ""
        )
        key = (str(db.engine.url), data_version(), words)
        with self._lock:
            if key in self._held:
                return self._held[key]
        found = _crowd(circle)
        with self._lock:
            self._held[key] = found
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return found

    def forget(self) -> None:
        with self._lock:
            self._held.clear()


_kept = _Kept()


def forget_crowds() -> None:
    """Forget every crowd in memory: another database has come under the same address."""
    _kept.forget()


def guard_for(question: Question, circle: Circle) -> Guard | None:
    """Return what hides the figures of a balance that others would give away.

    None where nothing is about people: sessions are not.
    """
    if question.basis is not Basis.LEARNER:
        return None
    check_for_groups(question)
    return Guard(_kept.get(circle), _whole(question))


def _whole(question: Question) -> Cut:
    return Cut(
        unit=question.unit_id,
        level=LEVEL_CODES.index(question.level.value) if question.level else None,
        site=question.site_id,
        period=_span(question.period),
    )


def _span(period: Period) -> Span:
    first = period.from_on.year * 12 + period.from_on.month - 1 if period.from_on else EVER[0]
    return first, period.to_on.year * 12 + period.to_on.month - 1 if period.to_on else EVER[1]


def _crowd(circle: Circle) -> Crowd:
    """Return the crowd of a circle; each year is read when somebody asks for it."""
    years, entries = _recorded(circle)
    if entries > MOST_ENTRIES:
        return Crowd(years, partial(_from_months, circle), _above(), has_categories=False)
    return Crowd(years, partial(_from_entries, circle), _above(), mandatory_ids())


def _recorded(circle: Circle) -> tuple[tuple[int, ...], int]:
    """Return the years with training, and how many standing entries there are in all."""
    if circle.employees is None:
        asked = select(UnitMonth.month, UnitMonth.entries).where(
            UnitMonth.basis == Basis.LEARNER.value, UnitMonth.unit_id == WHOLE
        )
        rows = [(month // 100, count) for month, count in db.session.execute(asked)]
    else:
        counted = (
            select(PersonYear.year, func.sum(PersonYear.entries))
            .where(*circle.holds(PersonYear.employee_id))
            .group_by(PersonYear.year)
        )
        rows = [(year, count) for year, count in db.session.execute(counted)]
    return tuple(sorted({year for year, _ in rows})), sum(int(count) for _, count in rows)


def _from_months(circle: Circle, year: int) -> Elements:
    """Return a year without categories: there is a row for each person, place and month."""
    who, where = _of_year(circle, year)
    at, kinds = np.nonzero((who[:, None] >> np.arange(len(MINUTES_OF))) & 1)
    who, where = who[at] >> len(MINUTES_OF), where[at]
    return Elements(
        people=who >> MONTH_OF_YEAR_BITS,
        months=year * A_YEAR + (who & (1 << MONTH_OF_YEAR_BITS) - 1) - 1,
        units=where >> LEVEL_BITS + PLACE_BITS,
        levels=where & (1 << LEVEL_BITS) - 1,
        sites=where >> LEVEL_BITS & (1 << PLACE_BITS) - 1,
        categories=kinds.astype(np.int64),
        deliveries=np.zeros(len(at), np.int64),
    )


def _of_year(circle: Circle, year: int) -> Ints:
    """Return who was trained in which month and kinds, and where, as two numbers for each row."""
    one = PersonMonth
    kinds = [
        case((getattr(one, name) != 0, 1 << at), else_=0) for at, name in enumerate(MINUTES_OF)
    ]
    who = _beside(cast(one.employee_id, BigInteger), MONTH_OF_YEAR_BITS, one.month % 100)
    where = _beside(cast(one.unit_id, BigInteger), PLACE_BITS, type_coerce(one.site_id, Integer))
    level = type_coerce(one.level, SmallInteger)
    return read_numbers(
        select(
            _beside(who, len(MINUTES_OF), reduce(add, kinds)), _beside(where, LEVEL_BITS, level)
        ).where(
            one.month.between(year * 100 + 1, year * 100 + A_YEAR), *circle.holds(one.employee_id)
        )
    )


def _beside(large: ColumnElement[int], bits: int, small: ColumnElement[int]) -> ColumnElement[int]:
    """Return two numbers as one, the second in the lowest bits."""
    return large * (1 << bits) + small


def _above() -> Above:
    """Return each unit with itself and all units above it, the nearest first."""
    above: dict[int, tuple[int, ...]] = {}
    paths = select(UnitPath.unit_id, UnitPath.ancestor_id).order_by(
        UnitPath.unit_id, UnitPath.depth
    )
    for unit_id, ancestor_id in db.session.execute(paths):
        above[unit_id] = (*above.get(unit_id, ()), ancestor_id)
    return above


def _from_entries(circle: Circle, year: int) -> Elements:
    learner = Question(all_recorded())
    books = books_for(learner, circle)
    period = between(date(year, 1, 1), date(year, 12, 31))
    block = entries_at_once(entries_of(learner, circle, period))
    if not len(block):
        return _standing(np.zeros((3, 0), np.int64), books)
    places = books.placements.look_up(block.employees, block.days)
    part = CellBuilder(books, with_people=False).parts(block)
    kinds = books.categories.look_up(part.category, block.days[part.entry])
    of = part.entry
    who = block.employees[of] << MONTH_BITS | _months(block.days)[of]
    what = (places[of] << PLACE_BITS | part.category) << KIND_BITS | kinds
    what = what << DELIVERY_BITS | block.deliveries[of]
    return _standing(np.stack([who, what, block.signs[of]]), books)


def _months(days: Ints) -> Ints:
    """Return days as months, 12 times the year plus the month."""
    origin = 12 * 1970
    moved = (days - 719_163).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found: Ints = moved + origin
    return found


def _standing(rows: Ints, books: Books) -> Elements:
    """Return the elements of what was not taken back."""
    order = np.lexsort((rows[1], rows[0]))
    who, what, signs = rows[:, order]
    starts = np.flatnonzero(np.r_[True, (np.diff(who) != 0) | (np.diff(what) != 0)][: len(who)])
    sums = np.add.reduceat(signs, starts) if len(starts) else signs
    kept = starts[sums > 0]
    who, what = who[kept], what[kept]
    place = what >> DELIVERY_BITS + KIND_BITS + PLACE_BITS
    places = books.placements.places
    units, sites = (np.array([getattr(one, name) for one in places], np.int64)
                    for name in ("unit_id", "site_id"))  # fmt: skip
    levels = np.array([LEVEL_CODES.index(one.level) for one in places], np.int64)
    return Elements(
        people=who >> MONTH_BITS,
        months=who & (1 << MONTH_BITS) - 1,
        units=units[place],
        levels=levels[place],
        sites=sites[place],
        categories=what >> DELIVERY_BITS & (1 << KIND_BITS + PLACE_BITS) - 1,
        deliveries=what & (1 << DELIVERY_BITS) - 1,
    )
