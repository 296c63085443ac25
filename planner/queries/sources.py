"""Facts for a balance: from roll-ups where they hold the answer, else from the entries.

Roll-ups answer for whole months, now, by the structure of the day. Anything else (a past moment,
odd days, today's structure, a circle of people) is counted from the entries by the same
arithmetic that keeps the roll-ups.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SmallInteger,
    cast,
    func,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import today
from core.db import db
from ledger.models import Batch, Entry, MixCell, PersonMonth, PersonYear
from ledger.queries.books import load_books, mandatory_ids, unit_ancestors
from ledger.queries.entries import EntryQuery, entry_blocks, entry_columns
from ledger.rules.books import Books
from ledger.rules.cells import LEVEL_CODES, CellBuilder
from ledger.rules.kinds import Basis, Kind
from people.models import UnitPath
from planner.queries.everybody import facts_of_everybody, month_number
from planner.rules.facts import (
    CategoryKey,
    Facts,
    FactsBuilder,
    People,
    people_from_rows,
    people_from_sums,
)
from planner.rules.periods import Period
from planner.rules.questions import Question, Structure

EVER = (100_001, 999_912)
"""Months from first to last as numbers: all of them."""


@dataclass(frozen=True)
class Circle:
    """Whose entries count: the people of a viewer's sight; None for everybody."""

    employees: Select[int] | None = None

    def holds(self, column: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
        """Return the condition that an employee id is one of the circle; none for everybody."""
        return [column.in_(self.employees)] if self.employees is not None else []


def end_of_day(on: date) -> datetime:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(on + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)


def rollups_answer(question: Question, circle: Circle) -> bool:
    """Tell whether the roll-ups hold the answer."""
    return (
        question.as_of is None
        and question.structure is Structure.THEN
        and circle.employees is None
        and question.period.is_month_aligned
    )


def facts_for(question: Question, circle: Circle, trend: Sequence[date]) -> Facts:
    """Return the facts of a question; `trend` are the first days of the months to show."""
    if rollups_answer(question, circle):
        return _from_rollups(question, trend)
    return _from_entries(question, circle, trend)


def _months_of(period: Period) -> tuple[int, int]:
    first = month_number(period.from_on) if period.from_on else EVER[0]
    return first, month_number(period.to_on) if period.to_on else EVER[1]


def _above() -> dict[int, tuple[int, ...]]:
    ancestors = unit_ancestors()
    units = db.session.scalars(select(UnitPath.unit_id).distinct())
    return {unit: ancestors(unit) for unit in units}


def _cells_in(
    question: Question, table: type[MixCell] | type[PersonMonth] | type[PersonYear]
) -> list[ColumnElement[bool]]:
    """Return the conditions that a roll-up's cells lie in the scope of a question."""
    conditions: list[ColumnElement[bool]] = []
    if question.unit_id is not None:
        below = select(UnitPath.unit_id).where(UnitPath.ancestor_id == question.unit_id)
        conditions.append(table.unit_id.in_(below))
    if question.level is not None:
        conditions.append(table.level == question.level.value)
    if question.site_id is not None:
        conditions.append(table.site_id == question.site_id)
    return conditions


def _from_rollups(question: Question, trend: Sequence[date]) -> Facts:
    people = _people_from_rollups(question) if question.basis is Basis.LEARNER else None
    if question.unit_id is None and question.level is None and question.site_id is None:
        return facts_of_everybody(question.basis, _months_of(question.period), trend, people)
    builder = FactsBuilder(mandatory_ids())
    scope = [MixCell.basis == question.basis.value, *_cells_in(question, MixCell)]
    first, last = _months_of(question.period)
    where = (MixCell.unit_id, MixCell.site_id, MixCell.level)
    what = (MixCell.category_id, MixCell.kind)
    minutes, entries, firsts = (
        func.sum(column) for column in (MixCell.minutes, MixCell.entries, MixCell.firsts)
    )
    rows = db.session.execute(
        select(*where, *what, MixCell.delivery, minutes, entries, firsts)
        .where(MixCell.month.between(first, last), *scope)
        .group_by(*where, *what, MixCell.delivery)
    )
    for unit, site, level, category, kind, delivery, *sums in rows:
        key = CategoryKey(category, Kind(kind))
        builder.add((unit, site, level), key, delivery, _whole(sums))
    if trend:
        ends = (month_number(trend[0]), month_number(trend[-1]))
        by_month = db.session.execute(
            select(MixCell.month, MixCell.category_id, MixCell.kind, minutes, firsts)
            .where(MixCell.month.between(*ends), *scope)
            .group_by(MixCell.month, *what)
        )
        for month, category, kind, summed, counted in by_month:
            builder.add_month(month, CategoryKey(category, Kind(kind)), int(summed), int(counted))
    return builder.facts(_above(), people)


def _whole(sums: Sequence[int]) -> tuple[int, int, int]:
    """Return sums as plain integers; PostgreSQL answers with decimals."""
    minutes, entries, firsts = map(int, sums)
    return minutes, entries, firsts


def _people_from_rollups(question: Question) -> People:
    first, last = _months_of(question.period)
    years = (-(-(first - 1) // 100), (last + 88) // 100 - 1)
    parts = [_people_rows(question, PersonMonth, PersonMonth.month, (first, last))]
    if years[0] <= years[1]:
        ends = [(first, years[0] * 100), (years[1] * 100 + 100, last)]
        parts = [_people_rows(question, PersonYear, PersonYear.year, years)]
        parts += [
            _people_rows(question, PersonMonth, PersonMonth.month, end)
            for end in ends
            if end[0] <= end[1]
        ]
    rows = parts[0]
    if len(parts) > 1:
        every = union_all(*parts).subquery()
        who, sums = list(every.columns)[:4], list(every.columns)[4:]
        rows = select(*who, *map(func.sum, sums)).group_by(*who)
    return people_from_sums(db.session.execute(rows), LEVEL_CODES)


def _people_rows(
    question: Question,
    table: type[PersonMonth] | type[PersonYear],
    when: InstrumentedAttribute[int],
    ends: tuple[int, int],
) -> Select[Any]:
    """Return the question for the sums of each person and place from one roll-up."""
    who: list[Any] = [
        table.employee_id,
        table.unit_id,
        table.site_id,
        type_coerce(table.level, SmallInteger).label("level"),
    ]
    sums = (
        table.hard_minutes,
        table.family_minutes,
        table.other_soft_minutes,
        table.unclassified_minutes,
        table.entries,
    )
    added = [cast(func.sum(column), BigInteger).label(column.key) for column in sums]
    return (
        select(*who, *added)
        .where(when.between(*ends), *_cells_in(question, table))
        .group_by(table.employee_id, table.unit_id, table.site_id, table.level)
    )


def entries_of(question: Question, circle: Circle, period: Period) -> EntryQuery:
    """Return the entries that may belong to a question; place and kind are decided by the books."""
    return entry_columns().where(*conditions_of(question, circle, period))


def conditions_of(question: Question, circle: Circle, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions of basis, period, moment and circle on entries."""
    found = [Entry.basis == question.basis.value]
    if period.from_on is not None:
        found.append(Entry.done_on >= period.from_on)
    if period.to_on is not None:
        found.append(Entry.done_on <= period.to_on)
    if question.as_of is not None:
        known = select(Batch.id).where(Batch.recorded_at <= end_of_day(question.as_of))
        found.append(Entry.batch_id.in_(known))
    return [*found, *circle.holds(Entry.employee_id)]


def books_for(question: Question, circle: Circle) -> Books:
    """Return the books a question is counted by, for the people whose entries count."""
    moment = end_of_day(question.as_of) if question.as_of is not None else None
    placed_on = today() if question.structure is Structure.TODAY else None
    return load_books(as_of=moment, placed_on=placed_on, people=circle.employees)


def _from_entries(question: Question, circle: Circle, trend: Sequence[date]) -> Facts:
    books = books_for(question, circle)
    above = _above()
    inside = _inside(question, above)
    builder = FactsBuilder(mandatory_ids())
    cells = _counted(question, circle, question.period, books)
    for key, sums in cells.mix().items():
        if inside(key.unit_id, key.site_id, key.level):
            place = (key.unit_id, key.site_id, key.level)
            category = CategoryKey(key.category_id, key.kind)
            builder.add(place, category, key.delivery, (sums.minutes, sums.entries, sums.firsts))
    if trend:
        history = _counted(question, circle, _trend_period(trend), books)
        for key, sums in history.mix().items():
            if inside(key.unit_id, key.site_id, key.level):
                category = CategoryKey(key.category_id, key.kind)
                builder.add_month(key.month, category, sums.minutes, sums.firsts)
    people = None
    if question.basis is Basis.LEARNER:
        people = people_from_rows(
            (key.employee_id, key.unit_id, key.site_id, key.level, *sums)
            for key, sums in cells.people().items()
            if inside(key.unit_id, key.site_id, key.level)
        )
    return builder.facts(above, people)


def _counted(question: Question, circle: Circle, period: Period, books: Books) -> CellBuilder:
    cells = CellBuilder(books, with_people=question.basis is Basis.LEARNER)
    for block in entry_blocks(entries_of(question, circle, period)):
        cells.add(block)
    return cells


def _trend_period(trend: Sequence[date]) -> Period:
    last = (trend[-1].replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Period(trend[0], last, "", "", "")


def _inside(
    question: Question, above: dict[int, tuple[int, ...]]
) -> Callable[[int, int, str], bool]:
    """Return the test whether a place lies in the scope of a question."""
    level = question.level.value if question.level is not None else None

    def test(unit_id: int, site_id: int, level_name: str) -> bool:
        if question.unit_id is not None and question.unit_id not in above.get(unit_id, ()):
            return False
        if level is not None and level != level_name:
            return False
        return question.site_id is None or question.site_id == site_id

    return test
