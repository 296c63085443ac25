"""Take back what was recorded: never by changing it, always by another line."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from ledger.models import Batch, Entry
from ledger.queries.standing import Standing, last_entry_id, not_reversed
from ledger.rules.cells import DELIVERY_CODES
from ledger.rules.corrections import CorrectionDraft, check_day
from ledger.rules.judges import NO_COST
from ledger.rules.kinds import Basis
from ledger.rules.rows import Rows
from ledger.services.classification_files import KIND as CLASSIFICATION
from ledger.services.classification_files import take_back_file
from ledger.services.writing import EntryWriter, Reversal
from people.services.auditing import record

STEP = 50_000
CHUNK = 500
TAKEN_BACK = "This entry was taken back before; correct the one that stands."

undo_listeners: list[Callable[[AnySession, Batch, Batch], None]] = []
"""Called inside the transaction with a batch and what undid it, by packages above this one."""


def undo_batch(batch_id: int, *, account_id: int | None, why: str | None = None) -> Batch:
    """Take back everything a batch recorded, by a batch of reversals.

    What a file said that courses count as is believed no more from now on.

    Raises:
        NotFoundError: There is no such batch.
        RefusedError: It was undone before, is itself an undoing, or some of its entries were
            corrected since.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        return undo_within(session, batch_id, account_id=account_id, why=why)


def undo_within(
    session: AnySession, batch_id: int, *, account_id: int | None, why: str | None = None
) -> Batch:
    """Do the same inside a transaction that has its turn."""
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise NotFoundError(f"There is no import {batch_id}.")
    _check_can_be_undone(session, batch)
    copies = _copies(session, batch)
    undo = _new_batch(batch, "undo", account_id, why or f"undoing import {batch.id}")
    undo.undoes_id = batch.id
    session.add(undo)
    session.flush()
    if batch.kind == CLASSIFICATION:
        undo.counts = {"courses": take_back_file(session, batch, undo.recorded_at)}
    else:
        writer = _writer(session, batch, undo.id)
        taken = _reverse_all(session, writer, batch, copies)
        undo.first_entry_id, undo.last_entry_id = writer.close()
        undo.counts = {"reversed": taken}
        take_back_file(session, batch, undo.recorded_at)
    for listener in undo_listeners:
        listener(session, batch, undo)
    counts = {**undo.counts, "batch": undo.id}
    record(session, "hours.undo", of=("batch", batch_id), details=counts, by=account_id)
    return undo


def _check_can_be_undone(session: AnySession, batch: Batch) -> None:
    if batch.kind == "undo":
        raise RefusedError("This is itself an undoing; import the file again instead.")
    if session.scalar(select(Batch.id).where(Batch.undoes_id == batch.id)):
        raise RefusedError("This import was undone before.")


def _copies(session: AnySession, batch: Batch) -> list[int]:
    """Return the entries that stand in the place of entries of the batch.

    What a correction or a later import took back is entered again when that one is undone; such
    an entry belongs to the undoing, but it is the batch's own in content.

    Raises:
        RefusedError: Some entries were corrected since, and that was not undone.
    """
    if batch.first_entry_id is None or batch.last_entry_id is None:
        return []
    own = Entry.id.between(batch.first_entry_id, batch.last_entry_id)
    waiting = _taken_back(session, own, batch.last_entry_id)
    found: list[int] = []
    corrected = 0
    while waiting:
        copies: list[int] = []
        for by_id, ids in waiting.items():
            again = _entered_again(session, by_id)
            copies += [again[id_] for id_ in ids if id_ in again]
            corrected += sum(id_ not in again for id_ in ids)
        waiting = {}
        for start in range(0, len(copies), CHUNK):
            some = Entry.id.in_(copies[start : start + CHUNK])
            for by_id, ids in _taken_back(session, some, batch.last_entry_id).items():
                waiting.setdefault(by_id, []).extend(ids)
        found += sorted(set(copies).difference(*waiting.values()))
    if corrected:
        raise RefusedError(
            f"{corrected} of its entries were corrected since; undo those corrections first."
        )
    return found


def _taken_back(
    session: AnySession, some: ColumnElement[bool], after_id: int
) -> dict[int, list[int]]:
    """Return which of some entries were taken back later, by the batch that did it."""
    reversal = aliased(Entry)
    query = (
        select(reversal.batch_id, Entry.id)
        .join(reversal, reversal.reverses_id == Entry.id)
        .where(some, reversal.id > after_id)
    )
    found: dict[int, list[int]] = {}
    for batch_id, id_ in session.execute(query):
        found.setdefault(batch_id, []).append(id_)
    return found


def _entered_again(session: AnySession, batch_id: int) -> dict[int, int]:
    """Return what the undoing of a batch entered again, by what the batch had taken back.

    Both are in one order, see `_restore_replaced`; nothing while the batch is not undone.
    """
    batch = session.get_one(Batch, batch_id)
    undo = session.scalars(select(Batch).where(Batch.undoes_id == batch_id)).first()
    if undo is None:
        return {}
    taken = session.scalars(
        select(Entry.reverses_id)
        .where(
            Entry.id.between(batch.first_entry_id, batch.last_entry_id),
            Entry.reverses_id.is_not(None),
        )
        .order_by(Entry.reverses_id)
    )
    again = session.scalars(
        select(Entry.id)
        .where(Entry.id.between(undo.first_entry_id, undo.last_entry_id), Entry.sign == 1)
        .order_by(Entry.id)
    )
    pairs = zip(taken, again, strict=True)
    return {original: copy for original, copy in pairs if original is not None}


def _reverse_all(session: AnySession, writer: EntryWriter, batch: Batch, copies: list[int]) -> int:
    """Reverse what the batch added, and let stand again what it had reversed."""
    if batch.first_entry_id is None or batch.last_entry_id is None:
        return 0
    taken = 0
    first, last = batch.first_entry_id, batch.last_entry_id
    parts = [
        Entry.id.between(start, min(start + STEP - 1, last))
        for start in range(first, last + 1, STEP)
    ]
    parts += [Entry.id.in_(copies[start : start + CHUNK]) for start in range(0, len(copies), CHUNK)]
    for part in parts:
        held = session.execute(_standing().where(part, not_reversed()))
        reversals = [Reversal(Standing(*row[:9]), row.line) for row in held]
        if reversals:
            writer.reverse(reversals)
            taken += len(reversals)
    _restore_replaced(session, writer, batch)
    return taken


def _restore_replaced(session: AnySession, writer: EntryWriter, batch: Batch) -> None:
    """Enter anew what the batch had taken back, so that undoing it leaves what was there."""
    original = aliased(Entry)
    query = (
        select(original)
        .join(Entry, Entry.reverses_id == original.id)
        .where(Entry.id.between(batch.first_entry_id, batch.last_entry_id))
        .order_by(original.id)
    )
    replaced = list(session.scalars(query))
    if replaced:
        writer.write_again(replaced)


StandingQuery: TypeAlias = Select[
    int, int | None, int, date, int, str | None, int | None, str, str | None, int
]


def _standing() -> StandingQuery:
    return select(
        Entry.id,
        Entry.employee_id,
        Entry.course_id,
        Entry.done_on,
        Entry.minutes,
        Entry.delivery,
        Entry.cost_cents,
        Entry.basis,
        Entry.status,
        Entry.line,
    ).order_by(Entry.id)


def _new_batch(of: Batch, kind: str, account_id: int | None, why: str) -> Batch:
    return Batch(
        kind=kind,
        source=of.source,
        file_name=of.file_name,
        basis=of.basis,
        recorded_at=now(),
        account_id=account_id,
        why=why[:500],
        counts={},
        reading={},
    )


def _writer(session: AnySession, batch: Batch, new_batch_id: int) -> EntryWriter:
    writer = EntryWriter(session, Basis(batch.basis), batch.source, False, last_entry_id())
    writer.open(new_batch_id)
    return writer


def correct_entry(entry_id: int, draft: CorrectionDraft, *, account_id: int | None) -> Batch:
    """Replace a standing entry by a reversal and a new entry, or only take it back.

    Raises:
        NotFoundError: There is no such entry.
        RefusedError: Nothing would change, or no training can have been on that day.
        ConflictError: Somebody else has taken the entry back; another one may stand for it.
    """
    if draft.minutes is not None:
        check_day(draft.done_on, today())
    with transaction() as session:
        take_turn(session, shifts=False)
        entry = session.get(Entry, entry_id)
        if entry is None:
            raise NotFoundError(f"There is no entry {entry_id}.")
        row = session.execute(_standing().where(Entry.id == entry_id, not_reversed())).first()
        if row is None:
            raise ConflictError(0, TAKEN_BACK)
        _check_changes(entry, draft)
        origin = session.get_one(Batch, entry.batch_id)
        batch = _new_batch(origin, "correction", account_id, draft.why)
        session.add(batch)
        session.flush()
        writer = _writer(session, origin, batch.id)
        writer.reverse([Reversal(Standing(*row[:9]), row.line)])
        if draft.minutes is not None:
            writer.write_rows(_corrected(entry, draft))
        batch.first_entry_id, batch.last_entry_id = writer.close()
        batch.counts = {"reversed": 1, "new": int(draft.minutes is not None)}
        record(
            session,
            "entry.correct",
            of=("entry", entry_id),
            about=entry.employee_id,
            details={
                "batch": batch.id,
                "before": _as_plain(entry.course_id, entry.done_on, entry.minutes),
                "after": _as_plain(draft.course_id, draft.done_on, draft.minutes),
            },
            by=account_id,
        )
    return batch


def _as_plain(course_id: int, on: date, minutes: int | None) -> dict[str, str | int | None]:
    return {"course": course_id, "day": on.isoformat(), "minutes": minutes}


def _check_changes(entry: Entry, draft: CorrectionDraft) -> None:
    now_held = (entry.course_id, entry.done_on, entry.minutes)
    if draft.minutes is not None and now_held == (draft.course_id, draft.done_on, draft.minutes):
        raise RefusedError("Nothing would change.", field="minutes")


def _corrected(entry: Entry, draft: CorrectionDraft) -> Rows:
    return Rows(
        np.array([entry.line], np.int64),
        np.array([entry.employee_id or 0], np.int64),
        np.array([draft.course_id], np.int64),
        np.array([draft.done_on.toordinal()], np.int64),
        np.array([draft.minutes], np.int64),
        np.array([DELIVERY_CODES.index(entry.delivery or "")], np.int64),
        np.array([NO_COST if entry.cost_cents is None else entry.cost_cents], np.int64),
        [entry.status or ""],
        [entry.external_id or ""],
    )
