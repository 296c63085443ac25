"""What comes next for a person: modules that train what is weakest, refreshers, and duties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from aptitude.models.duties import Duty
from aptitude.queries.duty_pages import Coach, Owner, Seen, Taught, seen_last, taught_by, was_seen
from aptitude.queries.module_days import ModuleDay, module_days
from aptitude.rules.duties import Teaching, modules_for
from aptitude.rules.profile_words import training_words
from aptitude.rules.profiles import Line
from core.db import db
from core.words import day_short
from curricula.models.modules import Module, ModuleVersion
from curricula.models.sessions import TrainingSession
from curricula.queries.learnt import Learnt, learnt_of, to_refresh
from curricula.queries.reach import learners
from curricula.rules.learning import Standing
from curricula.rules.words import ModuleState, SessionStatus
from people.models import Unit
from people.queries.opening import reading
from people.queries.visibility import within
from people.rules.access import Viewer, as_oneself
from people.rules.levels import Level
from people.rules.opening import Reason

MODULES_FOR_WEAKEST, MODULES_IN_ALL = 2, 3


@dataclass(frozen=True)
class NextModule:
    """A module that trains something, with the reason why it comes next.

    Attributes:
        starts_at: The next session one could join; None where none is scheduled.
    """

    module_id: int
    title: str
    minutes: int
    dimension: str
    starts_at: datetime | None
    why: str


@dataclass(frozen=True)
class Refreshing:
    """A module that was completed and is due again, or soon."""

    module_id: int
    title: str
    due_on: date
    days_since: int
    days_late: int


@dataclass(frozen=True)
class Owed:
    """A duty the company has towards a person.

    Attributes:
        days_late: How many days it is overdue; 0 where it is not.
        seen: What was said last of whether they do it at work; None for nothing yet.
    """

    id: int
    dimension_code: str
    owner: str | None
    unit: str | None
    coach: str | None
    modules: tuple[Taught, ...]
    opened_on: date
    due_on: date
    days_late: int
    seen: Seen | None = None

    @property
    def seen_words(self) -> str:
        """Return what is known of it at work: "Not seen at work yet."."""
        if self.seen is None:
            return "Not seen at work yet."
        told = "Seen at work" if self.seen.is_done else "Looked for at work, not there yet,"
        note = f": {self.seen.note}" if self.seen.note else "."
        again = not was_seen(self.seen.on, self.modules) and self.seen.is_done
        later = " To be seen again after the training." if again else ""
        return f"{told} {day_short(self.seen.on)}{note}{later}"


@dataclass(frozen=True)
class NextSteps:
    """What stands under "Next" and "What the company owes".

    Attributes:
        is_below: A dimension lies below its target, whether a module trains it or not.
        days: Of the modules owed and not done yet, when the person can do them.
    """

    modules: tuple[NextModule, ...]
    refreshing: tuple[Refreshing, ...]
    owed: tuple[Owed, ...]
    is_below: bool = False
    days: Mapping[int, ModuleDay] = field(default_factory=dict)


def next_steps(
    employee_id: int,
    level: Level,
    weakest: Sequence[Line],
    viewer: Viewer,
    seen: Select[int] | None,
    on: date,
) -> NextSteps:
    """Return what comes next for a person.

    Args:
        employee_id: Who.
        level: Where they stand: modules for other levels are left out.
        weakest: The dimensions below target, the most needed first.
        viewer: Who looks; they see this person's aptitude.
        seen: The people whose aptitude they see.
        on: The day.
    """
    is_own = employee_id == viewer.employee_id
    learnt = learnt_of(employee_id, learners(as_oneself(viewer) if is_own else viewer, on), on)
    again = tuple(
        Refreshing(one.module_id, one.title, one.until, (on - one.completed_on).days, one.days_over)
        for one in to_refresh(learnt)
    )
    owed = owed_to(employee_id, seen, on)
    return NextSteps(
        _modules(level, weakest, learnt, on),
        again,
        owed,
        is_below=bool(weakest),
        days=module_days(employee_id, _to_do(owed), viewer, on),
    )


def _to_do(owed: Sequence[Owed]) -> list[int]:
    found = [one.module_id for duty in owed for one in duty.modules if one.done_on is None]
    return list(dict.fromkeys(found))


def _modules(
    level: Level, weakest: Sequence[Line], learnt: Sequence[Learnt], on: date
) -> tuple[NextModule, ...]:
    if not weakest:
        return ()
    done = {one.module_id for one in learnt}
    lapsing = {one.module_id for one in learnt if one.state is not Standing.CURRENT}
    offered = {row.module_id: row for row in _published(level)}
    teaching = [Teaching(id_, row.code, row.levels, row.dimensions) for id_, row in offered.items()]
    chosen: dict[int, tuple[Line, bool]] = {}
    for place, line in enumerate(weakest):
        room = MODULES_FOR_WEAKEST if place == 0 else MODULES_IN_ALL
        for id_ in modules_for(line.code, level, teaching, done):  # as a duty chooses
            if id_ not in lapsing and len(chosen) < room:
                chosen.setdefault(id_, (line, place == 0))
    starts = _starts(list(chosen), on) if chosen else {}
    return tuple(
        NextModule(
            id_,
            offered[id_].title,
            offered[id_].minutes,
            line.code,
            starts.get(id_),
            training_words(line, is_first=is_first, was_completed=id_ in done),
        )
        for id_, (line, is_first) in chosen.items()
    )


def _published(level: Level) -> list[Any]:
    rows = db.session.execute(
        select(
            ModuleVersion.module_id,
            ModuleVersion.title,
            ModuleVersion.minutes,
            ModuleVersion.levels,
            ModuleVersion.dimensions,
            Module.code,
        )
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .order_by(Module.code)
    )
    return [row for row in rows if level.value in row.levels]


def _starts(module_ids: Sequence[int], on: date) -> dict[int, datetime]:
    rows = db.session.execute(
        select(TrainingSession.module_id, TrainingSession.starts_at)
        .where(
            TrainingSession.module_id.in_(module_ids),
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.starts_at.is_not(None),
        )
        .order_by(TrainingSession.starts_at.desc())
    )
    return {
        module_id: starts_at
        for module_id, starts_at in rows
        if starts_at is not None and starts_at.date() > on - timedelta(days=1)
    }


def owed_to(employee_id: int, seen: Select[int] | None, on: date) -> tuple[Owed, ...]:
    """Return what the company owes a person, what is due first in front."""
    with reading(Reason.NAMES_ABOVE):
        rows = db.session.execute(
            select(Duty, Owner.name, Coach.name, Unit.path)
            .outerjoin(Owner, Owner.id == Duty.owner_id)
            .outerjoin(Coach, Coach.id == Duty.coach_id)
            .outerjoin(Unit, Unit.id == Duty.unit_id)
            .where(
                Duty.subject_id == employee_id,
                Duty.closed_on.is_(None),
                *within(Duty.subject_id, seen),
            )
            .order_by(Duty.due_on, Duty.id)
        ).all()
    if not rows:
        return ()
    taught = taught_by([row[0] for row in rows], seen)
    last = seen_last([row[0].id for row in rows], seen)
    return tuple(
        Owed(
            duty.id,
            duty.dimension_code,
            owner,
            unit,
            coach,
            taught[duty.id],
            duty.opened_on,
            duty.due_on,
            max(0, (on - duty.due_on).days),
            last.get(duty.id),
        )
        for duty, owner, coach, unit in rows
    )
