"""The entries behind a figure: exactly those a balance counts, newest first, and their sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Select, func, or_, select

from core.clock import today
from core.db import db
from core.errors import NotFoundError
from ledger.models import (
    Batch,
    Category,
    Course,
    Entry,
    MixCell,
)
from ledger.queries.books import load_books
from ledger.queries.entries import DELIVERY_INDEX, EntryQuery, entry_blocks, entry_columns
from ledger.queries.narrowing import (
    Visible,
    cells_of,
    end_of_day,
    narrowed,
    rollups_answer,
    units_of,
)
from ledger.queries.standing import last_entry_id
from ledger.rules.books import Books
from ledger.rules.cells import EntryBlock
from ledger.rules.kinds import Definition, Kind
from ledger.rules.selections import UNCLASSIFIED, Chooser, Selection
from people.models import Account, Employee, Site, Unit
from people.queries.visibility import within

FIRST_BLOCK, LARGEST_BLOCK = 256, 16_384
CHUNK = 500


class Place(NamedTuple):
    """Where a list of entries goes on: after the entry of this day and id."""

    done_on: date
    entry_id: int


@dataclass(frozen=True)
class Totals:
    """Sums of a selection; reversals count as what they take away."""

    entries: int
    minutes: int
    hard_minutes: int
    soft_minutes: int
    unclassified_minutes: int


@dataclass(frozen=True)
class EntryLine:
    """An entry in a list, with the part of its minutes that is selected."""

    id: int
    done_on: date
    person_id: int | None
    person_number: str | None
    person: str | None
    course_id: int
    course_code: str | None
    course: str
    minutes: int
    hard_minutes: int
    soft_minutes: int
    unclassified_minutes: int
    entry_minutes: int
    sign: int
    delivery: str | None
    status: str | None
    batch_id: int
    batch_kind: str
    file_name: str | None
    line: int
    reverses_id: int | None
    reversed_by: int | None
    recorded_at: datetime
    who: str | None
    why: str | None


@dataclass(frozen=True)
class LinePage:
    """One page of lines; `following` is where the next one begins, None on the last."""

    lines: list[EntryLine]
    following: Place | None


@dataclass(frozen=True)
class SelectionNames:
    """What the ids of a selection are called; None for what is not asked for."""

    unit: str | None
    site: str | None
    category: str | None
    person: str | None
    course: str | None
    batch: str | None


def selection_names(selection: Selection, visible: Visible) -> SelectionNames:
    """Return what is asked for in words.

    Raises:
        NotFoundError: Something does not exist, or the person is out of sight.
    """
    person = select(Employee.name).where(
        Employee.id == selection.person_id, *within(Employee.id, visible)
    )
    unit = select(Unit.path).where(Unit.id == selection.unit_id)
    site = select(Site.name).where(Site.id == selection.site_id)
    course = select(Course.title).where(Course.id == selection.course_id)
    batch = select(func.coalesce(Batch.file_name, Batch.kind)).where(Batch.id == selection.batch_id)
    if visible is not None:  # somebody else's import is not there for them
        brought = select(Entry.batch_id).where(
            Entry.batch_id == selection.batch_id, Entry.employee_id.in_(visible)
        )
        batch = batch.where(Batch.id.in_(brought))
    category = select(Category.name).where(Category.code == selection.category)
    return SelectionNames(
        unit=_name(unit) if selection.unit_id else None,
        site=_name(site) if selection.site_id else None,
        category=_name(category) if selection.category not in (None, UNCLASSIFIED) else None,
        person=_name(person) if selection.person_id is not None else None,
        course=_name(course) if selection.course_id is not None else None,
        batch=_name(batch) if selection.batch_id is not None else None,
    )


def _name(query: Select[str]) -> str:
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError("There is nothing of this kind.")
    return found


def selected_page(
    selection: Selection, visible: Visible, after: Place | None, size: int
) -> LinePage:
    """Return one page of the lines of a selection, newest first."""
    found: list[EntryLine] = []
    for line in selected_lines(selection, visible, after):
        if len(found) == size:
            last = found[-1]
            return LinePage(found, Place(last.done_on, last.id))
        found.append(line)
    return LinePage(found, None)


def selected_lines(
    selection: Selection, visible: Visible, after: Place | None = None
) -> Iterator[EntryLine]:
    """Yield the lines of a selection, newest first, reading blocks of bounded size.

    What is recorded while they are read is left out, so that they add up to the sums before.
    """
    chooser = _chooser(selection, _books(selection, visible))
    query = narrowed(_line_columns(), selection, visible).where(Entry.id <= last_entry_id())
    size = FIRST_BLOCK
    while True:
        rows = db.session.execute(_after(query, after).limit(size)).all()
        if rows:
            yield from _chosen_lines(chooser, rows, visible)
        if len(rows) < size:
            return
        after = Place(rows[-1].done_on, rows[-1].id)
        size = min(size * 4, LARGEST_BLOCK)


def entry_lines(entry_ids: Sequence[int], visible: Visible) -> list[EntryLine]:
    """Return entries by their ids, in their order, with all of their minutes."""
    chooser = Chooser(Selection(), load_books(people=visible))
    seen = within(Entry.employee_id, visible)
    query = _line_columns().where(Entry.id.in_(entry_ids), *seen).order_by(Entry.id)
    return list(_chosen_lines(chooser, db.session.execute(query).all(), visible))


def _line_columns() -> EntryQuery:
    return entry_columns().add_columns(Entry.id)


def _after(query: EntryQuery, place: Place | None) -> EntryQuery:
    if place is not None:
        query = query.where(
            Entry.done_on <= place.done_on,
            or_(Entry.done_on < place.done_on, Entry.id < place.entry_id),
        )
    return query.order_by(Entry.done_on.desc(), Entry.id.desc())


def _block(rows: Sequence[Any]) -> EntryBlock:
    return EntryBlock(
        np.array([row.employee_id or 0 for row in rows], np.int64),
        np.array([row.course_id for row in rows], np.int64),
        np.array([row.done_on.toordinal() for row in rows], np.int64),
        np.array([row.minutes for row in rows], np.int64),
        np.array([row.sign for row in rows], np.int64),
        np.array([DELIVERY_INDEX[row.delivery] for row in rows], np.int64),
    )


def _chosen_lines(chooser: Chooser, rows: Sequence[Any], visible: Visible) -> Iterator[EntryLine]:
    chosen = chooser.choose(_block(rows))
    sums = (chosen.minutes, chosen.hard, chosen.soft, chosen.unclassified)
    counted = list(
        zip((rows[at].id for at in chosen.at), *(part.tolist() for part in sums), strict=True)
    )
    for start in range(0, len(counted), CHUNK):
        some = counted[start : start + CHUNK]
        facts = _facts([entry_id for entry_id, *_ in some], visible)
        for entry_id, *parts in some:
            yield _line(facts[entry_id], parts)


def _facts(entry_ids: Sequence[int], visible: Visible) -> dict[int, Any]:
    reversal = Entry.__table__.alias("reversal")
    rows = db.session.execute(
        select(
            Entry,
            Employee.number,
            Employee.name,
            Course.code,
            Course.title,
            Batch.kind,
            Batch.file_name,
            Batch.recorded_at,
            Batch.why,
            Account.name.label("who"),
            reversal.c.id.label("reversed_by"),
        )
        .outerjoin(Employee, Employee.id == Entry.employee_id)
        .join(Course, Course.id == Entry.course_id)
        .join(Batch, Batch.id == Entry.batch_id)
        .outerjoin(Account, Account.id == Batch.account_id)
        .outerjoin(reversal, reversal.c.reverses_id == Entry.id)
        .where(Entry.id.in_(entry_ids), *within(Entry.employee_id, visible))
    )
    return {row.Entry.id: row for row in rows}


def _line(row: Any, parts: Sequence[int]) -> EntryLine:
    entry: Entry = row.Entry
    minutes, hard, soft, none = parts
    return EntryLine(
        id=entry.id,
        done_on=entry.done_on,
        person_id=entry.employee_id,
        person_number=row.number,
        person=row.name,
        course_id=entry.course_id,
        course_code=row.code,
        course=row.title,
        minutes=minutes,
        hard_minutes=hard,
        soft_minutes=soft,
        unclassified_minutes=none,
        entry_minutes=entry.minutes,
        sign=entry.sign,
        delivery=entry.delivery,
        status=entry.status,
        batch_id=entry.batch_id,
        batch_kind=row.kind,
        file_name=row.file_name,
        line=entry.line,
        reverses_id=entry.reverses_id,
        reversed_by=row.reversed_by,
        recorded_at=row.recorded_at,
        who=row.who,
        why=row.why,
    )


def selection_totals(selection: Selection, visible: Visible) -> Totals:
    """Return the sums of a selection: from the roll-ups where they hold them, else counted."""
    if rollups_answer(selection, visible):
        return _from_rollups(selection)
    chooser = _chooser(selection, _books(selection, visible))
    query = narrowed(entry_columns(), selection, visible).where(Entry.id <= last_entry_id())
    sums = np.zeros(5, np.int64)
    for block in entry_blocks(query):
        chosen = chooser.choose(block)
        parts = (chosen.signs, chosen.minutes, chosen.hard, chosen.soft, chosen.unclassified)
        sums += [part.sum() for part in parts]
    return Totals(*(int(value) for value in sums))


def selected_people(selection: Selection, visible: Visible) -> list[int]:
    """Return the ids of everybody who has an entry in a selection, in order."""
    chooser = _chooser(selection, _books(selection, visible))
    query = narrowed(entry_columns(), selection, visible).where(Entry.id <= last_entry_id())
    found: set[int] = set()
    for block in entry_blocks(query):
        chosen = chooser.choose(block)
        found.update(np.unique(block.employees[chosen.at]).tolist())
    return sorted(found)


def _books(selection: Selection, visible: Visible) -> Books:
    moment = end_of_day(selection.as_of) if selection.as_of is not None else None
    placed_on = today() if selection.by_today else None
    return load_books(as_of=moment, placed_on=placed_on, people=visible)


def _chooser(selection: Selection, books: Books) -> Chooser:
    units: frozenset[int] = frozenset()
    if selection.unit_id:
        units = frozenset(db.session.scalars(units_of(selection)))
    category_id = 0
    if selection.category not in (None, UNCLASSIFIED):
        found = select(Category.id).where(Category.code == selection.category)
        category_id = db.session.scalar(found) or -1
    return Chooser(selection, books, units, category_id)


def _from_rollups(selection: Selection) -> Totals:
    # An entry is counted once, in its first category, unless only a category is asked for.
    entries = MixCell.entries if selection.asks_for_a_category else MixCell.firsts
    query = (
        select(MixCell.kind, func.sum(MixCell.minutes), func.sum(entries))
        .where(*cells_of(selection))
        .group_by(MixCell.kind)
    )
    minutes = dict.fromkeys(Kind, 0)
    count = 0
    for kind, summed, counted in db.session.execute(query):
        minutes[Kind(kind)] = int(summed)
        count += int(counted)
    hard, soft, other = minutes[Kind.HARD], minutes[Kind.FAMILY], minutes[Kind.OTHER_SOFT]
    if selection.definition is Definition.NARROW:
        hard += other
    else:
        soft += other
    return Totals(count, sum(minutes.values()), hard, soft, minutes[Kind.NONE])
