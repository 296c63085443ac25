"""One entry with all that is known of it: its file, what it counts as, what became of it."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, select

from core.db import db
from core.errors import NotFoundError, RefusedError
from ledger.models import Batch, Category, Course, Entry
from ledger.queries.books import load_books
from ledger.queries.narrowing import Visible
from ledger.queries.selections import EntryLine, entry_lines
from ledger.rules.books import KINDS
from ledger.rules.kinds import Kind
from ledger.rules.splitting import split_minutes
from ledger.rules.titles import title_key
from people.models import Site, Unit
from people.queries.visibility import within

MOST_STEPS = 50


@dataclass(frozen=True)
class CountedPart:
    """A part of the minutes of an entry and what it counts as."""

    category: str
    percent: int
    minutes: int
    kind: Kind


@dataclass(frozen=True)
class Standpoint:
    """Where the person of an entry stood on its day; None where nobody knows."""

    unit: str | None
    site: str | None
    level: str | None


@dataclass(frozen=True)
class EntryDetail:
    """An entry as its page shows it.

    Attributes:
        history: The entry with what it replaced and what replaced it, in the order of recording.
        stands: It was not taken back and takes nothing back, so it can be corrected.
    """

    line: EntryLine
    basis: str
    cost_cents: int | None
    external_id: str | None
    parts: list[CountedPart]
    place: Standpoint
    history: list[EntryLine]
    stands: bool

    @property
    def standing(self) -> EntryLine | None:
        """Return the entry of the history that counts now, None when all were taken back."""
        left = [one for one in self.history if one.reverses_id is None and one.reversed_by is None]
        return left[-1] if left else None

    @property
    def taken_back_by(self) -> EntryLine | None:
        """Return the reversal of this entry, None while it stands."""
        return next((one for one in self.history if one.reverses_id == self.line.id), None)


def entry_detail(entry_id: int, visible: Visible) -> EntryDetail:
    """Return an entry with its history.

    Raises:
        NotFoundError: There is no such entry, or the viewer may not see it.
    """
    entry = _get(entry_id, visible)
    if entry is None:
        raise NotFoundError("There is no such entry.")
    history = entry_lines(_family(entry, visible), visible)
    line = next(line for line in history if line.id == entry_id)
    return EntryDetail(
        line=line,
        basis=entry.basis,
        cost_cents=entry.cost_cents,
        external_id=entry.external_id,
        parts=_parts(entry),
        place=_place(entry, visible),
        history=history,
        stands=line.reverses_id is None and line.reversed_by is None,
    )


def _parts(entry: Entry) -> list[CountedPart]:
    books = load_books(employee_ids=[], course_ids=[entry.course_id])
    day = np.array([entry.done_on.toordinal()], np.int64)
    courses = np.array([entry.course_id], np.int64)
    shares = books.classifications.shares[int(books.classifications.look_up(courses, day)[0])]
    if not shares:
        return []
    minutes = split_minutes(entry.minutes, [percent for _, percent in shares])
    kinds = books.categories.look_up(
        np.array([category for category, _ in shares], np.int64), np.repeat(day, len(shares))
    )
    ids = [category for category, _ in shares]
    names: dict[int, str] = dict(
        db.session.execute(select(Category.id, Category.name).where(Category.id.in_(ids))).all()
    )
    return [
        CountedPart(names[category], percent, part, KINDS[kind])
        for (category, percent), part, kind in zip(shares, minutes, kinds.tolist(), strict=True)
    ]


def _place(entry: Entry, visible: Visible) -> Standpoint:
    if entry.employee_id is None:
        return Standpoint(None, None, None)
    who = [entry.employee_id]
    book = load_books(employee_ids=who, course_ids=[], people=visible).placements
    at = book.look_up(
        np.array([entry.employee_id], np.int64), np.array([entry.done_on.toordinal()], np.int64)
    )
    place = book.places[int(at[0])]
    unit = db.session.get(Unit, place.unit_id) if place.unit_id else None
    site = db.session.get(Site, place.site_id) if place.site_id else None
    return Standpoint(unit.path if unit else None, site.name if site else None, place.level or None)


def _family(entry: Entry, visible: Visible) -> list[int]:
    """Return the ids of an entry, what it replaced and what replaced it, in order.

    It ends where a file has moved the training to a person out of sight.
    """
    first = _get(entry.reverses_id, visible) or entry
    ids = {entry.id, first.id}
    earlier: Entry | None = first
    for _ in range(MOST_STEPS):
        taken = _taken_back_for(earlier, visible) if earlier is not None else None
        if taken is None:
            break
        earlier = _get(taken.reverses_id, visible)
        ids |= {taken.id, taken.reverses_id or taken.id}
    later: Entry | None = first
    for _ in range(MOST_STEPS):
        if later is None:
            break
        reversal = _find(Entry.reverses_id == later.id, visible)
        if reversal is None:
            break
        ids.add(reversal.id)
        later = _entered_instead(reversal, visible)
        if later is not None:
            ids.add(later.id)
    return sorted(ids)


def _get(entry_id: int | None, visible: Visible) -> Entry | None:
    return _find(Entry.id == entry_id, visible) if entry_id is not None else None


def _find(condition: ColumnElement[bool], visible: Visible) -> Entry | None:
    query = select(Entry).where(condition, *within(Entry.employee_id, visible))
    return db.session.scalar(query.limit(1))


def _same_event(entry: Entry, batch_id: int) -> ColumnElement[bool] | None:
    """Return the condition that entries of a batch replace one another; None for no such batch.

    A correction is one event. In a file, where many lines may change, the external id tells.
    """
    batch = db.session.get_one(Batch, batch_id)
    inside = Entry.id.between(batch.first_entry_id, batch.last_entry_id)
    if batch.kind == "correction":
        return inside
    if batch.kind == "import" and entry.external_id:
        return inside & (Entry.external_id == entry.external_id)
    return None


def _entered_instead(reversal: Entry, visible: Visible) -> Entry | None:
    reversed_entry = _get(reversal.reverses_id, visible) or reversal
    same = _same_event(reversed_entry, reversal.batch_id)
    return _find(same & (Entry.sign == 1), visible) if same is not None else None


def _taken_back_for(entry: Entry, visible: Visible) -> Entry | None:
    same = _same_event(entry, entry.batch_id)
    return _find(same & (Entry.sign == -1), visible) if same is not None else None


def known_titles(limit: int) -> list[str]:
    """Return the titles of all courses for choosing one; nothing where there are too many."""
    titles = list(db.session.scalars(select(Course.title).order_by(Course.title).limit(limit + 1)))
    return titles if len(titles) <= limit else []


def course_called(text: str, usual_id: int) -> int:
    """Return the course a person named by code or title.

    Args:
        text: What they typed.
        usual_id: The course that is meant where several are called so.

    Raises:
        RefusedError: No course is called so, or several are.
    """
    wanted = text.strip()
    coded = db.session.scalar(select(Course.id).where(Course.key == f"code:{wanted.casefold()}"))
    if coded is not None:
        return coded
    called = select(Course.id).where(Course.title_key == title_key(wanted))
    found = list(db.session.scalars(called))
    if len(found) == 1:
        return found[0]
    if usual_id in found:
        return usual_id
    if found:
        raise RefusedError(
            f"{len(found)} courses are called “{wanted}”; enter the code of one.", field="course"
        )
    raise RefusedError(f"No course is called “{wanted}”; enter a title or a code.", field="course")
