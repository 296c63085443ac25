"""Reads who stands behind the cuts of a year, and reads on when entries were added since.

A year of a hundred thousand people is read in a tenth of a second, which is long for a page that
somebody waits for. What was read is held as long as nobody moved and nothing counts otherwise;
where only entries came, those people are read again who have them. What is held is what reading
everything anew would give, in whichever process it is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Integer,
    SmallInteger,
    and_,
    case,
    select,
    type_coerce,
)

from core.arrays import Ints
from core.db import db
from core.kept import Kept
from core.numbers import id_bits, read_parts
from ledger.models import Entry, PersonMonth
from ledger.queries.books import load_books
from ledger.queries.entries import entries_at_once
from ledger.queries.standing import last_entry_id
from ledger.rules.books import Books
from ledger.rules.cells import LEVEL_CODES, CellBuilder
from people.models import Employee, Site, Unit
from planner.queries.sources import Circle, entries_of
from planner.rules.groups import A_YEAR, Elements
from planner.rules.periods import all_recorded, between
from planner.rules.questions import Question

MINUTES_OF = ("unclassified_minutes", "hard_minutes", "family_minutes", "other_soft_minutes")
"""The minutes of a person and month by kind, in the order of `KINDS`."""
KIND_BITS, DELIVERY_BITS, MONTH_BITS, PLACE_BITS = 2, 3, 20, 24
MONTH_OF_YEAR_BITS, LEVEL_BITS = 4, 3
MOST_NEWS = 1_500
"""After more entries than these it is faster to read the whole year again."""


@dataclass(frozen=True)
class _Year:
    """What was read of a year, up to the last entry there was."""

    last_entry: int
    elements: Elements


_years: Kept[_Year] = Kept(8)


def forget_years() -> None:
    """Forget everything in memory: another database has come under the same address."""
    _years.forget()


def elements_of(circle: Circle, shifts: int, year: int, *, from_months: bool) -> Elements:
    """Return who stands behind the cuts of a year.

    Args:
        circle: Whose entries count.
        shifts: The counter that stays while nobody moves and no earlier entry counts otherwise.
        year: The year.
        from_months: Read people by month, without categories, and not entry by entry.
    """
    if circle.employees is not None:  # those of one unit: read at once
        return _read(circle, year, None, from_months=from_months)
    last_entry, key = last_entry_id(), (str(db.engine.url), shifts, year, from_months)
    held = _years.find(key)
    news = None if held is None else _people_since(held.last_entry, last_entry)
    if held is None or news is None:
        found = _read(circle, year, None, from_months=from_months)
    elif news:
        read = _read(circle, year, news, from_months=from_months)
        found = held.elements.instead_of(np.array(news, np.int64), read)
    else:
        found = held.elements
    return _years.keep(key, _Year(last_entry, found)).elements


def _people_since(first: int, last: int) -> list[int] | None:
    """Return who has entries behind the first one, up to the last; None for very many.

    That is a stretch of the entries. Asked for each person once, SQLite would go through all.
    """
    if not 0 <= last - first <= MOST_NEWS:
        return None
    asked = select(Entry.employee_id).where(Entry.id > first, Entry.employee_id.is_not(None))
    return sorted({one for one in db.session.scalars(asked) if one is not None})


def _read(
    circle: Circle, year: int, people: Sequence[int] | None, *, from_months: bool
) -> Elements:
    """Return a year of these people of the circle; None for all of them."""
    if from_months:
        return _from_months(circle, year, people)
    return _from_entries(circle, year, people)


def _from_months(circle: Circle, year: int, people: Sequence[int] | None) -> Elements:
    """Return a year without categories: there is a row for each person, place and month."""
    who, months, masks, units, sites, levels = _of_year(circle, year, people)
    at, kinds = np.nonzero((masks[:, None] >> np.arange(len(MINUTES_OF))) & 1)
    return Elements(
        people=who[at],
        months=year * A_YEAR + months[at] - 1,
        units=units[at],
        levels=levels[at],
        sites=sites[at],
        categories=kinds.astype(np.int64),
        deliveries=np.zeros(len(at), np.int64),
    )


def _of_year(circle: Circle, year: int, people: Sequence[int] | None) -> list[Ints]:
    """Return who was trained in which month and kinds, and in which unit, site and level."""
    one = PersonMonth
    kinds = [
        case((getattr(one, name) != 0, 1 << at), else_=0) for at, name in enumerate(MINUTES_OF)
    ]
    asked = select(
        one.employee_id,
        one.month % 100,
        reduce(add, kinds),
        one.unit_id,
        type_coerce(one.site_id, Integer),
        type_coerce(one.level, SmallInteger),
    ).where(_in_year(year, people), *circle.holds(one.employee_id))
    person_bits, *place_bits = id_bits(Employee, Unit, Site)
    bits = (person_bits, MONTH_OF_YEAR_BITS, len(MINUTES_OF), *place_bits, LEVEL_BITS)
    return read_parts(asked, bits)


def _in_year(year: int, people: Sequence[int] | None) -> ColumnElement[bool]:
    """Return the condition on rows of a year, each month by itself where few people are read."""
    months = range(year * 100 + 1, year * 100 + A_YEAR + 1)
    if people is None:
        return PersonMonth.month.between(months[0], months[-1])
    return and_(PersonMonth.month.in_(months), PersonMonth.employee_id.in_(people))


def _from_entries(circle: Circle, year: int, people: Sequence[int] | None) -> Elements:
    learner = Question(all_recorded())
    books = load_books(employee_ids=people, people=circle.employees)
    period = between(date(year, 1, 1), date(year, 12, 31))
    asked = entries_of(learner, circle, period)
    if people is not None:
        asked = asked.where(Entry.employee_id.in_(people))
    block = entries_at_once(asked)
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
