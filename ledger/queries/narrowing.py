"""What the database decides about the entries behind a figure, before the books decide the rest."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, func, select

from core.clock import today
from core.db import db
from ledger.models import (
    Batch,
    Category,
    Classification,
    ClassificationShare,
    Entry,
    MixCell,
    PersonMonth,
)
from ledger.queries.books import counted_at, known_at
from ledger.queries.entries import EntryQuery
from ledger.rules.kinds import Basis
from ledger.rules.selections import UNCLASSIFIED, Selection
from people.models import Assignment, Unit, UnitPath
from people.queries.visibility import within
from people.rules.levels import BEGINNING, Level

Visible: TypeAlias = Select[int] | None
"""The people whose entries a viewer sees; None for everyone, and then also contact-hours."""


DENSE_PART = 20
"""One entry in so many is often enough to read them all in the order of a list."""


def end_of_day(on: date) -> datetime:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(on + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)


def units_of(selection: Selection) -> Select[int]:
    """Return the question for the unit asked for and, unless only itself is, all below it."""
    if selection.is_direct:
        return select(Unit.id).where(Unit.id == selection.unit_id)
    return select(UnitPath.unit_id).where(UnitPath.ancestor_id == selection.unit_id)


def narrowed(query: EntryQuery, selection: Selection, visible: Visible) -> EntryQuery:
    """Add to a query on entries what the database can decide or leave out."""
    conditions = [
        Entry.basis == selection.basis.value,
        *_days(selection),
        *_named(selection),
        *within(Entry.employee_id, visible),
    ]
    if not _is_dense(selection):
        conditions += [*_possible_people(selection), *_possible_courses(selection)]
    return query.where(*conditions)


def _is_dense(selection: Selection) -> bool:
    """Tell whether so many entries are meant that reading their days in order finds them soonest.

    The roll-ups tell about how many; a moment of the past or today's structure changes little.
    """
    days = Selection(selection.from_on, selection.to_on, selection.basis)
    meant = select(func.sum(MixCell.entries)).where(*cells_of(selection))
    every = select(func.sum(MixCell.entries)).where(*cells_of(days))
    return (db.session.scalar(meant) or 0) * DENSE_PART >= (db.session.scalar(every) or 0)


def _days(selection: Selection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if selection.from_on is not None:
        found.append(Entry.done_on >= selection.from_on)
    if selection.to_on is not None:
        found.append(Entry.done_on <= selection.to_on)
    if selection.as_of is not None:
        known = select(Batch.id).where(Batch.recorded_at <= end_of_day(selection.as_of))
        found.append(Entry.batch_id.in_(known))
    return found


def _named(selection: Selection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if selection.delivery is not None:
        found.append(Entry.delivery == (selection.delivery or None))
    if selection.person_id is not None:
        found.append(Entry.employee_id == selection.person_id)
    if selection.course_id is not None:
        found.append(Entry.course_id == selection.course_id)
    if selection.batch_id is not None:
        found.append(Entry.id.between(*_ids_of_batch(selection.batch_id)))
    return found


def _ids_of_batch(batch_id: int) -> tuple[int, int]:
    query = select(Batch.first_entry_id, Batch.last_entry_id).where(Batch.id == batch_id)
    first, last = db.session.execute(query).one()
    return (first, last) if first is not None and last is not None else (1, 0)


def _possible_people(selection: Selection) -> list[ColumnElement[bool]]:
    """Return the condition that somebody ever stood in the place asked for."""
    asked: list[ColumnElement[bool]] = []
    if selection.unit_id is not None:
        known = Assignment.unit_id.in_(units_of(selection))
        asked.append(known if selection.unit_id else Assignment.unit_id.is_(None))
    if selection.level is not None:
        asked.append(Assignment.level == (Level(selection.level) if selection.level else None))
    if selection.site_id is not None:
        asked.append(Assignment.site_id == (selection.site_id or None))
    if not (selection.unit_id or selection.level or selection.site_id):
        return _people_nobody_knows_the_place_of(selection)
    moment = end_of_day(selection.as_of) if selection.as_of is not None else None
    who = select(Assignment.employee_id).where(*asked, known_at(moment))
    if selection.by_today:
        day = today()
        who = who.where(Assignment.from_on <= day, Assignment.until_on > day)
    else:
        if selection.to_on is not None:
            who = who.where(Assignment.from_on <= selection.to_on)
        if selection.from_on is not None:
            who = who.where(Assignment.until_on > selection.from_on)
    return [Entry.employee_id.in_(who)]


def _people_nobody_knows_the_place_of(selection: Selection) -> list[ColumnElement[bool]]:
    """Return the condition for people with entries of an unknown place, where roll-ups tell."""
    is_now_and_then = selection.as_of is None and not selection.by_today
    if not (selection.asks_for_a_place and is_now_and_then) or selection.basis is Basis.CONTACT:
        return []
    asked: list[ColumnElement[bool]] = []
    if selection.unit_id is not None:
        asked.append(PersonMonth.unit_id == 0)
    if selection.level is not None:
        asked.append(PersonMonth.level == "")
    if selection.site_id is not None:
        asked.append(PersonMonth.site_id == 0)
    return [Entry.employee_id.in_(select(PersonMonth.employee_id).where(*asked))]


def _possible_courses(selection: Selection) -> list[ColumnElement[bool]]:
    """Return the condition that a course was ever in the category asked for."""
    if selection.category is None:
        return []
    if selection.category != UNCLASSIFIED:
        ever = (
            select(Classification.course_id)
            .join(ClassificationShare, ClassificationShare.classification_id == Classification.id)
            .join(Category, Category.id == ClassificationShare.category_id)
            .where(Category.code == selection.category)
        )
        return [Entry.course_id.in_(ever)]
    if selection.as_of is not None:
        return []
    always = select(Classification.course_id).where(
        counted_at(), Classification.from_on <= BEGINNING
    )
    return [Entry.course_id.not_in(always)]


def rollups_answer(selection: Selection, visible: Visible) -> bool:
    """Tell whether the roll-ups hold the sums of a selection."""
    ends_month = selection.to_on is None or (selection.to_on + timedelta(days=1)).day == 1
    whole_months = (selection.from_on is None or selection.from_on.day == 1) and ends_month
    one = (selection.person_id, selection.course_id, selection.batch_id)
    now_and_then = selection.as_of is None and not selection.by_today
    return visible is None and whole_months and now_and_then and one == (None, None, None)


def cells_of(selection: Selection) -> list[ColumnElement[bool]]:
    """Return the conditions that cells of the mix belong to a selection."""
    found = [MixCell.basis == selection.basis.value, *_cells_of_what(selection)]
    if selection.from_on is not None:
        found.append(MixCell.month >= _month(selection.from_on))
    if selection.to_on is not None:
        found.append(MixCell.month <= _month(selection.to_on))
    if selection.unit_id is not None:
        inside = MixCell.unit_id.in_(units_of(selection))
        found.append(inside if selection.unit_id else MixCell.unit_id == 0)
    if selection.level is not None:
        found.append(MixCell.level == selection.level)
    if selection.site_id is not None:
        found.append(MixCell.site_id == selection.site_id)
    return found


def _cells_of_what(selection: Selection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if selection.delivery is not None:
        found.append(MixCell.delivery == selection.delivery)
    if selection.kind is not None:
        found.append(MixCell.kind == selection.kind.value)
    if selection.category == UNCLASSIFIED:
        found.append(MixCell.category_id == 0)
    elif selection.category is not None:
        ids = select(Category.id).where(Category.code == selection.category)
        found.append(MixCell.category_id.in_(ids))
    return found


def _month(on: date) -> int:
    return on.year * 100 + on.month
