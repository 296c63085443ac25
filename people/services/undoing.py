"""Taking a people file back as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import now
from core.db import Model, db, take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.models import (
    Account,
    Assignment,
    Employee,
    PeopleBatch,
    ReportingLine,
    Site,
    Unit,
    UnitPath,
)
from people.services.applying import in_parts, restore_people, supersede
from people.services.auditing import record
from people.services.closure import rebuild_reporting_lines
from people.services.listeners import removal_guards, tell, tell_removed
from people.services.versions import AnySession


@dataclass(frozen=True)
class PeopleUndo:
    """What an undo took back: people removed again, and people who are as they were before."""

    batch: int
    removed: int
    restored: int


def undo_people(batch_id: int) -> PeopleUndo:
    """Take back everything a people file changed; what was believed meanwhile stays on record.

    Raises:
        NotFoundError: There is no such batch.
        RefusedError: It was undone already, or something newer builds on it.
    """
    with transaction() as session:
        take_turn(session)
        batch, created, moved = _undoable(session, batch_id)
        tell(session, moved, "before")
        at = now()
        _take_back_stays(session, batch, at)
        restore_people(session, batch.before["people"])
        tell_removed(session, created)
        _remove_people(session, created)
        _remove_places(session, batch)
        rebuild_reporting_lines(session)
        batch.undone_at = at
        tell(session, moved, "after")
        undone = PeopleUndo(
            batch_id, len(created), len({*moved, *map(int, batch.before["people"])})
        )
        counts = {"removed": undone.removed, "restored": undone.restored}
        record(session, "people.undo", of=("people file", batch_id), details=counts)
        return undone


def why_not_undone(batch_id: int) -> str | None:
    """Return why a people file cannot be undone as things stand; None when it can.

    Raises:
        NotFoundError: There is no such batch.
    """
    try:
        _undoable(db.session, batch_id)
    except RefusedError as refusal:
        return refusal.message
    return None


def _undoable(session: AnySession, batch_id: int) -> tuple[PeopleBatch, list[int], list[int]]:
    """Return a file that can be undone, whom it brought and whom else it placed."""
    batch = session.get(PeopleBatch, batch_id)
    if batch is None:
        raise NotFoundError(f"There is no people file number {batch_id}.")
    if batch.undone_at is not None:
        raise RefusedError("This file was undone already.")
    created: list[int] = batch.before["created"]
    moved = _moved_ids(session, batch, created)
    _check_nothing_newer(session, batch, {*created, *moved, *map(int, batch.before["people"])})
    _check_removable(session, batch, created)
    return batch, created, moved


def _moved_ids(session: AnySession, batch: PeopleBatch, created: Sequence[int]) -> list[int]:
    found = session.scalars(
        select(Assignment.employee_id).where(Assignment.batch_id == batch.id).distinct()
    )
    return sorted(set(found) - set(created))


def _check_nothing_newer(session: AnySession, batch: PeopleBatch, touched: set[int]) -> None:
    newer = session.scalars(
        select(PeopleBatch)
        .where(PeopleBatch.id > batch.id, PeopleBatch.undone_at.is_(None))
        .order_by(PeopleBatch.id.desc())
    )
    for other in newer:
        theirs = set(map(int, other.before["people"])) | set(
            session.scalars(
                select(Assignment.employee_id).where(Assignment.batch_id == other.id).distinct()
            )
        )
        shared = len(theirs & touched)
        if shared:
            who = "1 person" if shared == 1 else f"{shared} people"
            raise RefusedError(
                f"File {other.id} ({other.file_name}) changed {who} of this one later. "
                f"Undo file {other.id} first."
            )


def _check_removable(session: AnySession, batch: PeopleBatch, created: Sequence[int]) -> None:
    for guard in removal_guards:
        sentence = guard(session, created)
        if sentence:
            raise RefusedError(sentence)
    if _count(session, Account, Account.employee_id, created):
        raise RefusedError("People of this file can sign in. Remove their accounts first.")
    others = Assignment.batch_id.is_distinct_from(batch.id)
    if _count(session, Assignment, Assignment.manager_id, created, others):
        raise RefusedError(
            "People of another file report to people of this one. Undo the other file first."
        )


def _count(
    session: AnySession,
    table: type[Model],
    column: InstrumentedAttribute[int | None],
    ids: Sequence[int],
    *conditions: ColumnElement[bool],
) -> int:
    counting = select(func.count()).select_from(table).where(*conditions)
    return sum(session.scalar(counting.where(column.in_(part))) or 0 for part in in_parts(ids))


_COPIED = (
    "employee_id",
    "from_on",
    "until_on",
    "unit_id",
    "site_id",
    "level",
    "job_title",
    "manager_id",
    "fte_percent",
    "employment",
    "batch_id",
)


def _take_back_stays(session: AnySession, batch: PeopleBatch, at: datetime) -> None:
    """Believe again what was believed before, without forgetting what was believed meanwhile."""
    current = session.scalars(
        select(Assignment.id).where(
            Assignment.batch_id == batch.id, Assignment.superseded_at.is_(None)
        )
    )
    supersede(session, list(current), at)
    columns = [Assignment.__table__.c[name] for name in _COPIED]
    for part in in_parts(batch.before["superseded"]):
        rows = session.execute(select(*columns).where(Assignment.id.in_(part))).mappings()
        copies = [{**row, "recorded_at": at, "superseded_at": None} for row in rows]
        if copies:
            session.execute(insert(Assignment), copies)


def _remove_people(session: AnySession, created: Sequence[int]) -> None:
    for part in in_parts(created):
        session.execute(delete(Assignment).where(Assignment.employee_id.in_(part)))
    session.execute(delete(ReportingLine))
    for part in in_parts(created):
        # What was believed meanwhile of others stays, but for a manager who never was here.
        session.execute(
            update(Assignment).where(Assignment.manager_id.in_(part)).values(manager_id=None)
        )
        session.execute(delete(Employee).where(Employee.id.in_(part)))


def _remove_places(session: AnySession, batch: PeopleBatch) -> None:
    """Remove the units and sites the file brought, as far as nothing else uses them by now."""
    for unit_id in sorted(batch.before["units"], reverse=True):
        _remove_unless_used(
            session,
            delete(UnitPath).where(UnitPath.unit_id == unit_id),
            delete(Unit).where(Unit.id == unit_id),
        )
    for site_id in batch.before["sites"]:
        _remove_unless_used(session, delete(Site).where(Site.id == site_id))


def _remove_unless_used(session: AnySession, *statements: Delete) -> None:
    try:
        with session.begin_nested():
            for statement in statements:
                session.execute(statement)
    except IntegrityError:
        return
