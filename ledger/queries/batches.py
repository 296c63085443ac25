"""Imports, corrections and undoings: what was recorded when, by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from core.db import db
from core.errors import NotFoundError
from ledger.models import Batch, Classification, Entry, RejectedRow
from ledger.queries.standing import not_reversed
from ledger.rules.judging import Refusal
from people.models import Account

KIND_WORDS = {
    "import": "Import",
    "undo": "Undoing",
    "correction": "Correction",
    "classification": "Classification",
    "attendance": "Attendance sheet",
}


@dataclass(frozen=True)
class BatchRow:
    """A batch as lists and its report show it."""

    id: int
    kind: str
    kind_label: str
    file_name: str
    basis: str
    recorded_at: datetime
    who: str
    why: str
    counts: dict[str, Any]
    reading: dict[str, Any]
    undoes_id: int | None
    undone_by: int | None
    first_entry_id: int | None
    last_entry_id: int | None
    minutes: int

    @property
    def entries(self) -> int:
        """Lines of the ledger it wrote."""
        if self.first_entry_id is None or self.last_entry_id is None:
            return 0
        return self.last_entry_id - self.first_entry_id + 1

    @property
    def can_be_undone(self) -> bool:
        """Tell whether an undo makes sense at all."""
        wrote = self.entries > 0 or self.kind == "classification"
        return self.kind != "undo" and self.undone_by is None and wrote


def recent_batches(owner_id: int | None = None, limit: int = 30) -> list[BatchRow]:
    """Return the latest batches, the latest first.

    Args:
        owner_id: Only those this account recorded; None for everybody's.
        limit: How many at most.
    """
    return _rows(_of(owner_id).order_by(Batch.id.desc()).limit(limit))


def get_batch(batch_id: int, owner_id: int | None = None) -> BatchRow:
    """Return a batch.

    Args:
        batch_id: Which one.
        owner_id: The account that must have recorded it; None where anybody may have.

    Raises:
        NotFoundError: There is none.
    """
    found = _rows(_of(owner_id).where(Batch.id == batch_id))
    if not found:
        raise NotFoundError("There is no such import.")
    return found[0]


def later_batches(batch: BatchRow, limit: int = 50) -> list[BatchRow]:
    """Return what has taken back or corrected entries of a batch since, the latest first."""
    if batch.first_entry_id is None or batch.last_entry_id is None:
        return []
    reversing = (
        select(Entry.batch_id)
        .where(Entry.reverses_id.between(batch.first_entry_id, batch.last_entry_id))
        .where(Entry.batch_id != batch.id)
        .distinct()
    )
    return _rows(
        select(Batch.id).where(Batch.id.in_(reversing)).order_by(Batch.id.desc()).limit(limit)
    )


def _of(owner_id: int | None) -> Select[int]:
    """Return the question for the batches an account recorded, and for what undid them."""
    query = select(Batch.id)
    if owner_id is None:
        return query
    own = select(Batch.id).where(Batch.account_id == owner_id)
    return query.where(or_(Batch.account_id == owner_id, Batch.undoes_id.in_(own)))


def _rows(ids: Select[int]) -> list[BatchRow]:
    wanted = list(db.session.scalars(ids))
    undone = dict(
        db.session.execute(
            select(Batch.undoes_id, Batch.id).where(Batch.undoes_id.in_(wanted))
        ).all()
    )
    rows = db.session.execute(
        select(Batch, Account.name)
        .outerjoin(Account, Account.id == Batch.account_id)
        .where(Batch.id.in_(wanted))
        .order_by(Batch.id.desc())
    )
    return [_row(batch, name, undone.get(batch.id)) for batch, name in rows]


def _row(batch: Batch, name: str | None, undone_by: int | None) -> BatchRow:
    return BatchRow(
        batch.id,
        batch.kind,
        KIND_WORDS.get(batch.kind, batch.kind),
        batch.file_name or "",
        batch.basis,
        batch.recorded_at,
        name or "Command line",
        batch.why or "",
        batch.counts,
        batch.reading,
        batch.undoes_id,
        undone_by,
        batch.first_entry_id,
        batch.last_entry_id,
        int(batch.counts.get("minutes", 0)),
    )


@dataclass(frozen=True)
class ToUndo:
    """What an undo would do.

    Attributes:
        entries: Standing entries that would be taken back.
        minutes: Their minutes.
        again: Entries the batch had replaced, which would stand again.
        courses: Courses that would count as they did without the file.
    """

    entries: int
    minutes: int
    again: int
    courses: int = 0


def to_undo(batch: BatchRow) -> ToUndo:
    """Return what undoing a batch would take back, and what would stand again."""
    asked = select(func.count(Classification.course_id.distinct())).where(
        Classification.batch_id == batch.id
    )
    courses = db.session.scalar(asked) or 0
    if batch.first_entry_id is None or batch.last_entry_id is None:
        return ToUndo(0, 0, 0, courses)
    own = Entry.id.between(batch.first_entry_id, batch.last_entry_id)
    count, minutes = db.session.execute(
        select(func.count(), func.sum(Entry.minutes)).where(own, not_reversed())
    ).one()
    again = db.session.scalar(select(func.count()).select_from(Entry).where(own, Entry.sign == -1))
    return ToUndo(count, int(minutes or 0), again or 0, courses)


def first_of_each_reason(batch_id: int, limit: int) -> list[Refusal]:
    """Return the first refused row of each reason, in the order of the file."""
    first = (
        select(func.min(RejectedRow.row))
        .where(RejectedRow.batch_id == batch_id)
        .group_by(RejectedRow.reason)
    )
    query = (
        select(RejectedRow)
        .where(RejectedRow.batch_id == batch_id, RejectedRow.row.in_(first))
        .order_by(RejectedRow.row)
        .limit(limit)
    )
    return [_refusal(row) for row in db.session.scalars(query)]


def refused_count(batch_id: int) -> int:
    """Return how many rows of a file were refused."""
    query = select(func.count()).select_from(RejectedRow).where(RejectedRow.batch_id == batch_id)
    return db.session.scalar(query) or 0


def refused_rows(batch_id: int, limit: int | None = None) -> Iterator[Refusal]:
    """Yield the refused rows of a file in its order."""
    query = select(RejectedRow).where(RejectedRow.batch_id == batch_id).order_by(RejectedRow.row)
    if limit is not None:
        query = query.limit(limit)
    for row in db.session.scalars(query.execution_options(yield_per=1000)):
        yield _refusal(row)


def _refusal(row: RejectedRow) -> Refusal:
    return Refusal(row.row, row.column, row.value, row.reason, row.remedy, tuple(row.cells))
