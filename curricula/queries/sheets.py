"""The attendance sheet of one day of a session, and the code people sign in with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.sessions import Attendance, Enrolment, SessionDay
from curricula.queries.drafts import shares_of
from curricula.queries.mixes import kinds_on
from curricula.queries.session_reach import check_runs, sees_seat
from curricula.queries.sessions import Person, SessionPage, placed, session_page
from curricula.rules.attending import Presence, completes, mark_version
from curricula.rules.enrolling import SEATED
from curricula.rules.mixing import Taught, mix_of
from people.models import Assignment, Employee, Unit
from people.rules.access import Viewer


@dataclass(frozen=True)
class SheetRow:
    """A person on the sheet.

    Attributes:
        mark: What is said of them on this day; None for nothing yet.
        signed_in: They signed in themselves.
    """

    enrolment_id: int
    employee_id: int
    name: str
    unit: str
    mark: Presence | None
    signed_in: bool

    @property
    def version(self) -> int:
        """Return a number that differs whenever they are marked otherwise."""
        return mark_version(self.mark)


@dataclass(frozen=True)
class Sheet:
    """One day of the attendance sheet.

    Attributes:
        minutes: Of everybody over all days as they are marked.
        side: What they count as, in a word; empty where they count as several things.
        unmarked: How many people have no mark on some day.
        entries: How many lines closing writes.
        after: How many dates follow the last one with marks; 0 where nothing is marked.
        short: Who was there too briefly to have completed the module, over the marked days.
    """

    page: SessionPage
    day: SessionDay
    rows: tuple[SheetRow, ...]
    minutes: int
    side: str
    unmarked: int
    entries: int
    after: int
    short: tuple[str, ...]

    @property
    def present(self) -> int:
        """Return how many are marked present on this day."""
        return sum(row.mark is not None and row.mark.is_present for row in self.rows)

    @property
    def names(self) -> Mapping[int, str]:
        """Return the people by the id of their enrolment."""
        return {row.enrolment_id: row.name for row in self.rows}

    @property
    def marks(self) -> Mapping[int, Presence]:
        """Return what is said of people on this day, by the id of their enrolment."""
        return {row.enrolment_id: row.mark for row in self.rows if row.mark}

    @property
    def waiting(self) -> Sequence[Person]:
        """Return who wanted a seat, got none and may have come all the same; none before it."""
        return self.page.of("waitlisted", "requested") if self.page.has_begun else []


def sheet_of(session_id: int, position: int, viewer: Viewer, on: date) -> Sheet:
    """Return the sheet of a day, counted from 1.

    Raises:
        NotFoundError: There is no such day, or the viewer does not run the session.
    """
    check_runs(viewer, session_id)
    page = session_page(session_id, viewer, on)
    day = next((one for one in page.days if one.position == position), None)
    if day is None:
        raise NotFoundError("This session has no such day.")
    marks = _marks(page, viewer, on)
    rows = _rows(page, marks.get(day.id, {}), viewer, on)
    sums: dict[int, int] = {}
    counts: dict[int, int] = {}
    for of_day in marks.values():
        for enrolment_id, mark in of_day.items():
            sums[enrolment_id] = sums.get(enrolment_id, 0) + mark.minutes
            counts[enrolment_id] = counts.get(enrolment_id, 0) + 1
    return Sheet(
        page=page,
        day=day,
        rows=tuple(rows),
        minutes=sum(sums.values()),
        side=_side(page, on),
        unmarked=sum(counts.get(row.enrolment_id, 0) < len(page.days) for row in rows),
        entries=sum(mark.is_present for of_day in marks.values() for mark in of_day.values()),
        after=_after(page, marks),
        short=tuple(
            row.name
            for row in rows
            if counts.get(row.enrolment_id, 0) == len(page.days)
            and sums[row.enrolment_id]
            and not completes(sums[row.enrolment_id], page.held.minutes)
        ),
    )


def _after(page: SessionPage, marks: Mapping[int, object]) -> int:
    marked = [day.position for day in page.days if day.id in marks]
    return sum(day.position > max(marked) for day in page.days) if marked else 0


def _marks(page: SessionPage, viewer: Viewer, on: date) -> dict[int, dict[int, Presence]]:
    found: dict[int, dict[int, Presence]] = {}
    asked = (
        select(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Attendance.session_day_id.in_([day.id for day in page.days]),
            Enrolment.status.in_(SEATED),
            sees_seat(viewer, on),
        )
    )
    for one in db.session.scalars(asked):
        of_day = found.setdefault(one.session_day_id, {})
        of_day[one.enrolment_id] = Presence(one.minutes, one.reason or "")
    return found


def _rows(
    page: SessionPage, marks: Mapping[int, Presence], viewer: Viewer, on: date
) -> list[SheetRow]:
    rows = db.session.execute(
        select(Enrolment.id, Employee.id, Employee.name, Unit.name, Enrolment.signed_in_at)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, placed(on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(
            Enrolment.session_id == page.held.id,
            Enrolment.status.in_(SEATED),
            sees_seat(viewer, on),
        )
        .order_by(Employee.name, Employee.id)
    )
    return [
        SheetRow(
            enrolment_id, employee_id, name, unit or "", marks.get(enrolment_id), at is not None
        )
        for enrolment_id, employee_id, name, unit, at in rows
    ]


def _side(page: SessionPage, on: date) -> str:
    version_id = page.held.version_id
    shares = shares_of([version_id], on).get(version_id, ()) if version_id else ()
    mix = mix_of([Taught(100, shares)], kinds_on(on))
    if mix.hard_minutes == mix.total_minutes:
        return "hard"
    if mix.soft_minutes_broad == mix.total_minutes:
        return "soft"
    return "unclassified" if mix.unclassified_minutes == mix.total_minutes else ""
