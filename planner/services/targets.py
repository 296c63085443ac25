"""Set the soft share the organisation aims at."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.clock import now
from core.db import take_turn, transaction
from core.errors import RefusedError
from ledger.rules.kinds import Definition
from people.models import Unit
from people.rules.levels import Level
from people.services.auditing import record
from people.services.versions import check_none_since
from planner.models import MixTarget


@dataclass(frozen=True)
class TargetDraft:
    """From a day on, a unit (None for all) and level (None for every one) aim at a soft share."""

    percent: int
    definition: Definition
    from_on: date
    unit_id: int | None = None
    level: Level | None = None
    why: str | None = None


def set_target(draft: TargetDraft, *, account_id: int | None, seen: int | None = None) -> MixTarget:
    """Record a target; earlier ones stay and hold for their time.

    Args:
        draft: What is aimed at.
        account_id: Who says so.
        seen: The last target of all when the person looked; None where nobody did.

    Raises:
        RefusedError: The share is out of range, or the unit does not exist.
        ConflictError: Somebody else set a target for the same unit, level and definition since.
    """
    if not 1 <= draft.percent <= 99:
        raise RefusedError("A target is a whole percentage from 1 to 99.", field="percent")
    with transaction() as session:
        take_turn(session, shifts=False)
        if draft.unit_id is not None and session.get(Unit, draft.unit_id) is None:
            raise RefusedError("There is no such unit.", field="unit_id")
        newest = select(func.max(MixTarget.id)).where(
            MixTarget.unit_id.is_not_distinct_from(draft.unit_id),
            MixTarget.level.is_not_distinct_from(draft.level),
            MixTarget.definition == draft.definition,
        )
        last = select(func.max(MixTarget.id))
        check_none_since(seen, session.scalar(newest), session.scalar(last))
        target = MixTarget(
            unit_id=draft.unit_id,
            level=draft.level,
            definition=draft.definition,
            percent=draft.percent,
            from_on=draft.from_on,
            why=draft.why or None,
            recorded_at=now(),
            account_id=account_id,
        )
        session.add(target)
        session.flush()
        record(
            session,
            "target.set",
            of=("target", target.id),
            details={
                "unit": draft.unit_id,
                "level": draft.level.value if draft.level else None,
                "definition": draft.definition.value,
                "percent": draft.percent,
                "from": draft.from_on.isoformat(),
            },
            by=account_id,
        )
    return target
