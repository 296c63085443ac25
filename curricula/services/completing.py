"""Writing down that people completed modules: facts, written once and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.rules.words import CompletionSource

WITHDRAWN = "The attendance sheet it rests on was taken back."


@dataclass(frozen=True)
class CompletionRow:
    """Somebody completed a module.

    Attributes:
        version_id: The version they were taught; None where it is not known.
        closing_id: The closed sheet that says so.
    """

    employee_id: int
    module_id: int
    completed_on: date
    version_id: int | None = None
    source: CompletionSource = CompletionSource.SESSION
    closing_id: int | None = None


def record_completions(
    session: AnySession, rows: Sequence[CompletionRow], *, account_id: int | None = None
) -> list[int]:
    """Write completions as part of the caller's unit of work; return their ids, in order."""
    at = now()
    made = [Completion(**vars(row), recorded_at=at, account_id=account_id) for row in rows]
    session.add_all(made)
    session.flush()
    return [one.id for one in made]


def withdraw_completions(
    session: AnySession, closing_id: int, *, account_id: int | None, reason: str = WITHDRAWN
) -> int:
    """Count the completions of a closed sheet no more; they stay written. Return how many."""
    gone = select(CompletionWithdrawal.completion_id)
    asked = select(Completion.id).where(
        Completion.closing_id == closing_id, Completion.id.not_in(gone)
    )
    ids = session.scalars(asked).all()
    at = now()
    session.add_all(
        CompletionWithdrawal(
            completion_id=one, withdrawn_at=at, account_id=account_id, reason=reason
        )
        for one in ids
    )
    session.flush()
    return len(ids)
