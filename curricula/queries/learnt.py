"""What somebody has learnt: the modules they completed, and until when each is current."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from sqlalchemy import Select, func, select

from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.queries.falling_due import recovery_modules
from curricula.queries.grace import grace_days
from curricula.queries.practices import practised
from curricula.rules.freshness import freshness
from curricula.rules.learning import (
    Refresher,
    Standing,
    current_until,
    refresher_due,
    standing,
)
from curricula.rules.words import ModuleState
from people.queries.visibility import within

Seen: TypeAlias = Select[int] | None
"""The people whose learning the viewer sees; None for everyone."""

TO_REFRESH = frozenset({Standing.EXPIRING, Standing.EXPIRED})
"""What is past its review date is not among them: its owner has to look at it, nobody else."""

NO_CODES: Mapping[tuple[str, int], str] = MappingProxyType({})


@dataclass(frozen=True)
class Learnt:
    """A module somebody completed, and until when that is current.

    Attributes:
        refresher: The few minutes of practice that are due; None where none are, or they are done.
        is_due: It is to be completed again, by now or soon, and is still taught.
        days_over: How many days that is overdue; 0 where it is not.
    """

    completion_id: int
    module_id: int
    code: str
    title: str
    completed_on: date
    until: date
    state: Standing
    refresher: Refresher | None
    certificate: str | None
    is_due: bool = False
    days_over: int = 0


def to_refresh(learnt: Iterable[Learnt]) -> tuple[Learnt, ...]:
    """Return the modules to be completed again, by now or soon, what is due first in front."""
    due = (one for one in learnt if one.is_due)
    return tuple(sorted(due, key=lambda one: (one.until, one.title)))


def learnt_of(
    employee_id: int,
    seen: Seen,
    on: date,
    codes: Mapping[tuple[str, int], str] = NO_CODES,
) -> tuple[Learnt, ...]:
    """Return the modules somebody completed, the newest completion of each.

    Args:
        employee_id: Who.
        seen: The people whose learning the viewer sees; None for everyone.
        on: The day.
        codes: The codes of the certificates that hold, where they are shown.
    """
    published = select(ModuleVersion).where(ModuleVersion.state == ModuleState.PUBLISHED).subquery()
    gone = select(CompletionWithdrawal.completion_id)
    rows = db.session.execute(
        select(
            Completion.id,
            Completion.module_id,
            Completion.completed_on,
            Module.code,
            func.coalesce(published.c.title, ModuleVersion.title, Module.code),
            func.coalesce(published.c.review_days, ModuleVersion.review_days, 365),
            published.c.review_by,
            published.c.id,
        )
        .join(Module, Module.id == Completion.module_id)
        .outerjoin(ModuleVersion, ModuleVersion.id == Completion.version_id)
        .outerjoin(published, published.c.module_id == Completion.module_id)
        .where(
            Completion.employee_id == employee_id,
            Completion.id.not_in(gone),
            *within(Completion.employee_id, seen),
        )
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )
    recovery, grace = recovery_modules(db.session, on), grace_days()
    done = practised(employee_id, seen)
    found: dict[int, Learnt] = {}
    for id_, module_id, completed_on, code, title, days, review_by, taught_id in rows:
        if module_id in found:
            continue
        until = current_until(completed_on, days)
        state = standing(until, on, freshness(review_by, on, grace))
        due = refresher_due(completed_on, days, on, is_recovery=module_id in recovery)
        found[module_id] = Learnt(
            completion_id=id_,
            module_id=module_id,
            code=code,
            title=title,
            completed_on=completed_on,
            until=until,
            state=state,
            refresher=due if due and (id_, due.number) not in done else None,
            certificate=codes.get(("completion", id_)),
            is_due=state in TO_REFRESH and taught_id is not None,
            days_over=max(0, (on - until).days),
        )
    return tuple(found.values())
