"""Facts for a balance: from roll-ups where they hold the answer, else from the entries.

Roll-ups answer for whole months, now, by the structure of the day. Anything else (a past moment,
odd days, today's structure, a circle of people) is counted from the entries by the same
arithmetic that keeps the roll-ups.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import today
from core.db import db
from ledger.models import Batch, Entry, MixCell, PersonMonth
from ledger.queries.books import load_books, mandatory_ids, unit_ancestors
from ledger.queries.entries import EntryQuery, entry_blocks, entry_columns
from ledger.rules.books import Books
from ledger.rules.cells import CellBuilder
from ledger.rules.kinds import Basis, Kind
from people.models import UnitPath
from planner.rules.facts import (
    CategoryKey,
    Facts,
    FactsBuilder,
    People,
    people_from_rows,
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


def month_number(on: date) -> int:
    """Return the month as roll-ups keep it: 202607."""
    return on.year * 100 + on.month


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
    question: Question, table: type[MixCell] | type[PersonMonth]
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
    people = _people_from_rollups(question) if question.basis is Basis.LEARNER else None
    return builder.facts(_above(), people)


def _whole(sums: Sequence[int]) -> tuple[int, int, int]:
    """Return sums as plain integers; PostgreSQL answers with decimals."""
    minutes, entries, firsts = map(int, sums)
    return minutes, entries, firsts


def _people_from_rollups(question: Question) -> People:
    first, last = _months_of(question.period)
    who = (
        PersonMonth.employee_id,
        PersonMonth.unit_id,
        PersonMonth.site_id,
        PersonMonth.level,
    )
    sums = (
        PersonMonth.hard_minutes,
        PersonMonth.family_minutes,
        PersonMonth.other_soft_minutes,
        PersonMonth.unclassified_minutes,
        PersonMonth.entries,
    )
    rows = db.session.execute(
        select(*who, *(func.sum(column) for column in sums))
        .where(PersonMonth.month.between(first, last), *_cells_in(question, PersonMonth))
        .group_by(*who)
    )
    return people_from_rows(
        (employee, unit, site, level, *_whole(minutes), int(none), int(count))
        for employee, unit, site, level, *minutes, none, count in rows
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


def books_for(question: Question) -> Books:
    """Return the books a question is counted by."""
    moment = end_of_day(question.as_of) if question.as_of is not None else None
    placed_on = today() if question.structure is Structure.TODAY else None
    return load_books(as_of=moment, placed_on=placed_on)


def _from_entries(question: Question, circle: Circle, trend: Sequence[date]) -> Facts:
    books = books_for(question)
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


def people_by_month(question: Question, circle: Circle, months: Sequence[date]) -> dict[int, int]:
    """Return how many people had training in each of some months, counted from the entries."""
    inside = _inside(question, _above())
    cells = _counted(question, circle, _trend_period(months), books_for(question))
    pairs = {
        (key.month, key.employee_id)
        for key, sums in cells.people().items()
        if sums.entries > 0 and inside(key.unit_id, key.site_id, key.level)
    }
    return dict(Counter(month for month, _ in pairs))


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
