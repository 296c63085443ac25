"""Targets of the organisation, as they were set."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Select, func, select

from core.db import db
from core.errors import NotFoundError
from ledger.rules.kinds import Definition
from people.models import Account, Unit
from people.rules.levels import LEVEL_LABELS, Level
from planner.models import MixTarget
from planner.rules.cuts import TargetView
from planner.rules.targets import Target, target_for

EVERY_LEVEL = "every level"
ALL_UNITS = "All units"
Targets: TypeAlias = Select[MixTarget, str | None, str | None]


@dataclass(frozen=True)
class TargetRow:
    """A target as the page of targets lists it."""

    id: int
    unit_label: str
    level_label: str
    definition: str
    percent: int
    from_on: date
    why: str
    who: str
    recorded_at: datetime

    @property
    def recorded_on(self) -> date:
        """Return the day it was set."""
        return self.recorded_at.date()


def all_targets() -> list[TargetRow]:
    """Return every target that was ever set, the latest first."""
    return _rows(_targets().order_by(MixTarget.from_on.desc(), MixTarget.id.desc()))


def last_target() -> int:
    """Return the id of the target that was set last; 0 before the first."""
    return db.session.scalar(select(func.max(MixTarget.id))) or 0


def latest_target(unit_id: int | None, level: Level | None, definition: Definition) -> TargetRow:
    """Return what was set last for a unit, level and definition.

    Raises:
        NotFoundError: Nothing was.
    """
    found = _rows(
        _targets()
        .where(
            MixTarget.unit_id.is_not_distinct_from(unit_id),
            MixTarget.level.is_not_distinct_from(level),
            MixTarget.definition == definition,
        )
        .order_by(MixTarget.id.desc())
        .limit(1)
    )
    if not found:
        raise NotFoundError
    return found[0]


def _targets() -> Targets:
    return (
        select(MixTarget, Unit.path, Account.name)
        .outerjoin(Unit, Unit.id == MixTarget.unit_id)
        .outerjoin(Account, Account.id == MixTarget.account_id)
    )


def _rows(query: Targets) -> list[TargetRow]:
    return [
        TargetRow(
            target.id,
            path or ALL_UNITS,
            LEVEL_LABELS[target.level] if target.level else EVERY_LEVEL,
            target.definition.value,
            target.percent,
            target.from_on,
            target.why or "",
            name or "Command line",
            target.recorded_at,
        )
        for target, path, name in db.session.execute(query)
    ]


def applicable_target(
    ancestry: tuple[int, ...],
    level: Level | None,
    definition: Definition,
    on: date,
    known_by: datetime | None = None,
) -> TargetView | None:
    """Return the target for a unit (nearest ancestor first) and level on a day.

    Args:
        ancestry: The unit and all above it; empty for the whole organisation.
        level: The level in view, None for all of them.
        definition: What counts as soft.
        on: The day asked about.
        known_by: Only targets that were set up to this moment; None for all.
    """
    query = select(MixTarget)
    if known_by is not None:
        query = query.where(MixTarget.recorded_at <= known_by)
    rows = {row.id: row for row in db.session.scalars(query)}
    targets = [
        Target(row.id, row.unit_id, row.level, row.definition, row.percent, row.from_on)
        for row in rows.values()
    ]
    found = target_for(targets, ancestry, level, definition, on)
    if found is None:
        return None
    row = rows[found.target.key]
    unit = db.session.get(Unit, row.unit_id) if row.unit_id else None
    who = db.session.scalar(select(Account.name).where(Account.id == row.account_id))
    return TargetView(
        row.percent,
        row.definition,
        row.from_on,
        unit.name if unit else ALL_UNITS,
        LEVEL_LABELS[row.level] if row.level else EVERY_LEVEL,
        who or "Command line",
        row.why or "",
    )
