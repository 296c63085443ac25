"""Letting go of refused rows that have been kept long enough."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from ledger.models import Batch, RejectedRow
from people.services.retaining import step_of, steps


def _of_old_batches(before: datetime) -> ColumnElement[bool]:
    old = select(Batch.id).where(Batch.recorded_at < before)
    return RejectedRow.batch_id.in_(old)


REFUSED_ROWS = step_of(RejectedRow, _of_old_batches)


def register() -> None:
    """Let refused rows of hours go with those of people files."""
    if ("refused", REFUSED_ROWS) not in steps:
        steps.insert(0, ("refused", REFUSED_ROWS))
