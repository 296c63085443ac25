"""Imports, corrections and undoings: what was recorded when, by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core.db import db
from core.errors import NotFoundError
from ledger.models import Batch, Entry, RejectedRow
from ledger.rules.judging import Refusal
from people.models import Account

KIND_WORDS = {
    "import": "Import",
    "undo": "Undoing",
    "correction": "Correction",
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
    entries: int
    minutes: int

    @property
    def can_be_undone(self) -> bool:
        """Tell whether an undo makes sense at all."""
        return self.kind != "undo" and self.undone_by is None and self.entries > 0


def recent_batches(limit: int = 30) -> list[BatchRow]:
    """Return the latest batches, the latest first."""
    return _rows(select(Batch.id).order_by(Batch.id.desc()).limit(limit))


def get_batch(batch_id: int) -> BatchRow:
    """Return a batch.

    Raises:
        NotFoundError: There is none.
    """
    found = _rows(select(Batch.id).where(Batch.id == batch_id))
    if not found:
        raise NotFoundError("There is no such import.")
    return found[0]


def _rows(ids: Any) -> list[BatchRow]:
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
    first, last = batch.first_entry_id, batch.last_entry_id
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
        last - first + 1 if first is not None and last is not None else 0,
        int(batch.counts.get("minutes", 0)),
    )


@dataclass(frozen=True)
class ToUndo:
    """What an undo would take back."""

    entries: int
    minutes: int


def to_undo(batch_id: int) -> ToUndo:
    """Return how many standing lines a batch has, and their minutes."""
    batch = db.session.get_one(Batch, batch_id)
    if batch.first_entry_id is None or batch.last_entry_id is None:
        return ToUndo(0, 0)
    count, minutes = db.session.execute(
        select(func.count(), func.sum(Entry.minutes)).where(
            Entry.id.between(batch.first_entry_id, batch.last_entry_id)
        )
    ).one()
    return ToUndo(count, int(minutes or 0))


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
        yield Refusal(row.row, row.column, row.value, row.reason, row.remedy, tuple(row.cells))
