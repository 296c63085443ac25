"""Hours the product itself knows, such as attendance: one batch for what belongs together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.bulk import AnySession
from core.clock import now
from ledger.models import Batch
from ledger.queries.standing import last_entry_id
from ledger.rules.cells import DELIVERY_CODES
from ledger.rules.judges import NO_COST
from ledger.rules.kinds import Basis
from ledger.rules.rows import Rows
from ledger.services.writing import EntryWriter
from people.services.auditing import record


@dataclass(frozen=True)
class Line:
    """What one person was trained in on one day."""

    employee_id: int
    course_id: int
    done_on: date
    minutes: int
    delivery: str
    status: str = ""
    cost_cents: int | None = None
    external_id: str = ""


@dataclass(frozen=True)
class Origin:
    """Where lines come from.

    Attributes:
        kind: The kind of batch, a word of `ledger.queries.batches.KIND_WORDS`.
        source: What their external ids are unique in.
        name: What it is called in lists.
    """

    kind: str
    source: str
    name: str


def record_lines(
    session: AnySession, lines: Sequence[Line], origin: Origin, *, account_id: int | None
) -> Batch:
    """Write lines as one batch, inside a transaction that has its turn."""
    batch = Batch(
        kind=origin.kind,
        source=origin.source,
        file_name=origin.name[:300],
        basis=Basis.LEARNER.value,
        recorded_at=now(),
        account_id=account_id,
        counts={},
        reading={},
    )
    session.add(batch)
    session.flush()
    writer = EntryWriter(session, Basis.LEARNER, origin.source, False, last_entry_id())
    writer.open(batch.id)
    writer.write_rows(_rows(lines))
    batch.first_entry_id, batch.last_entry_id = writer.close()
    minutes = sum(line.minutes for line in lines)
    batch.counts = {"rows": len(lines), "new": len(lines), "changed": 0, "minutes": minutes}
    what = ("batch", batch.id)
    record(session, "hours.attend", of=what, details=batch.counts, by=account_id)
    return batch


def _rows(lines: Sequence[Line]) -> Rows:
    return Rows(
        np.arange(1, len(lines) + 1, dtype=np.int64),
        np.array([line.employee_id for line in lines], np.int64),
        np.array([line.course_id for line in lines], np.int64),
        np.array([line.done_on.toordinal() for line in lines], np.int64),
        np.array([line.minutes for line in lines], np.int64),
        np.array([DELIVERY_CODES.index(line.delivery) for line in lines], np.int64),
        np.array(
            [NO_COST if line.cost_cents is None else line.cost_cents for line in lines], np.int64
        ),
        [line.status for line in lines],
        [line.external_id for line in lines],
    )
