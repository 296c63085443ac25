"""A duty of the company with its story, and the modules that meet it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.queries.records import record_of
from aptitude.rules.certainty import beside
from aptitude.rules.words import DutyEnd, DutyStep
from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.rules.words import ModuleState
from people.models import Account, Employee, Unit
from people.queries.opening import reading
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.opening import Reason

Owner, Coach = aliased(Employee), aliased(Employee)


@dataclass(frozen=True)
class Taught:
    """A module of a duty.

    Attributes:
        done_on: The day it was completed since the duty was opened; None for not yet.
        is_offered: It can still be completed; what was done before counts either way.
    """

    module_id: int
    title: str
    done_on: date | None
    is_offered: bool = True


@dataclass(frozen=True)
class Step:
    """A step in the story of a duty."""

    step: DutyStep
    at: datetime
    who: str | None
    note: str | None


@dataclass(frozen=True)
class DutyPage:
    """A duty with its story.

    Attributes:
        score: What was known when it was opened; it stays.
        left: What is left of it without what was set aside since; None for nothing.
        modules: Those that are offered, and those done since the duty was opened.
        last_event: The number of the newest step.
    """

    id: int
    subject_id: int
    name: str
    dimension_code: str
    score: float | None
    left: float | None
    target: float
    owner: str | None
    unit: str | None
    coach: str | None
    coach_number: str | None
    opened_on: date
    due_on: date
    closed_on: date | None
    ending: DutyEnd | None
    modules: tuple[Taught, ...]
    steps: tuple[Step, ...]
    last_event: int

    @property
    def planned_at(self) -> int | None:
        """Return which of the steps is the plan that holds; None where none was made."""
        plans = [at for at, one in enumerate(self.steps) if one.step is DutyStep.PLANNED]
        return plans[-1] if plans else None

    @property
    def to_do(self) -> list[int]:
        """Return the modules that are not done yet; none of a duty that is closed."""
        if self.closed_on is not None:
            return []
        return [one.module_id for one in self.modules if one.done_on is None]

    @property
    def coach_words(self) -> str:
        """Return the coach as the form takes them: "Pat DIR, M12"; "" for nobody."""
        return f"{self.coach}, {self.coach_number}" if self.coach else ""

    @property
    def score_words(self) -> str:
        """Return the score beside the target, never as its equal where it is not."""
        return "" if self.score is None else beside(self.score, self.target)

    def days_late(self, on: date) -> int:
        """Return for how many days it is overdue; 0 where it is not."""
        return max(0, ((self.closed_on or on) - self.due_on).days)


def duty_page(duty_id: int, viewer: Viewer, on: date) -> DutyPage:
    """Return a duty, to those who see the person's aptitude.

    Raises:
        NotFoundError: There is no such duty, or the viewer does not see the person.
    """
    seen = assessed_people(viewer, on)
    subject = db.session.scalar(
        select(Duty.subject_id).where(Duty.id == duty_id, *within(Duty.subject_id, seen))
    )
    if subject is None or subject == viewer.employee_id:
        raise NotFoundError("There is no such duty.")
    with reading(Reason.NAMES_ABOVE):
        asked = (
            select(Duty, Employee.name, Owner.name, Unit.path, Coach.name, Coach.number)
            .join(Employee, Employee.id == Duty.subject_id)
            .outerjoin(Owner, Owner.id == Duty.owner_id)
            .outerjoin(Unit, Unit.id == Duty.unit_id)
            .outerjoin(Coach, Coach.id == Duty.coach_id)
            .where(Duty.id == duty_id, *within(Duty.subject_id, seen))
        )
        duty, name, owner, unit, coach, number = db.session.execute(asked).one()
    steps = _steps(duty_id, seen)
    return DutyPage(
        id=duty.id,
        subject_id=duty.subject_id,
        name=name,
        dimension_code=duty.dimension_code,
        score=_opened_with(duty, viewer, on),
        left=duty.score,
        target=duty.target_tenths / 10,
        owner=owner,
        unit=unit,
        coach=coach,
        coach_number=number,
        opened_on=duty.opened_on,
        due_on=duty.due_on,
        closed_on=duty.closed_on,
        ending=duty.ending,
        modules=taught_by([duty], seen)[duty.id],
        steps=tuple(one for _, one in steps),
        last_event=max((id_ for id_, _ in steps), default=0),
    )


def _opened_with(duty: Duty, viewer: Viewer, on: date) -> float | None:
    """Return what was known when a duty was opened, also where some of it was set aside since."""
    known = record_of(duty.subject_id, viewer, on).known
    code = duty.dimension_code
    if not known.was_set_aside(code, duty.opened_on, duty.recorded_at):
        return duty.score
    lines = known.as_of(duty.recorded_at).lines_on(duty.opened_on)
    return next((one.score.mean for one in lines if one.code == code and one.score), duty.score)


def _steps(duty_id: int, seen: Select[int] | None) -> list[tuple[int, Step]]:
    rows = db.session.execute(
        select(DutyEvent.id, DutyEvent.step, DutyEvent.at, Account.name, DutyEvent.note)
        .outerjoin(Account, Account.id == DutyEvent.account_id)
        .where(DutyEvent.duty_id == duty_id, *within(DutyEvent.subject_id, seen))
        .order_by(DutyEvent.id)
    )
    return [(id_, Step(step, at, who, note)) for id_, step, at, who, note in rows]


def taught_by(duties: Sequence[Duty], seen: Select[int] | None) -> Mapping[int, tuple[Taught, ...]]:
    """Return the modules of duties, by duty: what is offered, and what was done, offered or not.

    What is offered no more and was not done is waited for no more.
    """
    gone = select(CompletionWithdrawal.completion_id)
    is_done = and_(
        Completion.module_id == DutyModule.module_id,
        Completion.employee_id == DutyModule.subject_id,
        Completion.completed_on >= Duty.opened_on,
        Completion.id.not_in(gone),
    )
    with reading(Reason.COMPLETING):
        rows = db.session.execute(
            select(DutyModule.duty_id, DutyModule.module_id, func.max(Completion.completed_on))
            .join(Duty, Duty.id == DutyModule.duty_id)
            .outerjoin(Completion, is_done)
            .where(
                DutyModule.duty_id.in_([one.id for one in duties]),
                *within(DutyModule.subject_id, seen),
            )
            .group_by(DutyModule.duty_id, DutyModule.module_id)
        ).all()
    titles = _titles({module_id for _, module_id, _ in rows})
    found: dict[int, list[Taught]] = {one.id: [] for one in duties}
    for duty_id, module_id, done_on in rows:
        title, is_offered = titles[module_id]
        if is_offered or done_on is not None:
            found[duty_id].append(Taught(module_id, title, done_on, is_offered))
    return {id_: tuple(sorted(some, key=_by_title)) for id_, some in found.items()}


@dataclass(frozen=True)
class Seen:
    """What somebody said last of whether a person does it at work."""

    is_done: bool
    on: date
    note: str | None


def seen_last(duty_ids: Sequence[int], seen: Select[int] | None) -> dict[int, Seen]:
    """Return by duty what was said last of whether it is done at work."""
    rows = db.session.execute(
        select(DutyEvent.duty_id, DutyEvent.step, DutyEvent.at, DutyEvent.note)
        .where(
            DutyEvent.duty_id.in_(duty_ids),
            DutyEvent.step.in_([DutyStep.OBSERVED, DutyStep.NOT_YET]),
            *within(DutyEvent.subject_id, seen),
        )
        .order_by(DutyEvent.id)
    )
    return {
        duty_id: Seen(step is DutyStep.OBSERVED, at.date(), note)
        for duty_id, step, at, note in rows
    }


def was_seen(on: date | None, modules: Sequence[Taught]) -> bool:
    """Tell whether somebody was seen doing it at work, on or after the day of the last module."""
    done = [one.done_on for one in modules if one.done_on is not None]
    return on is not None and all(day <= on for day in done)


def _by_title(one: Taught) -> tuple[str, date]:
    return one.title, one.done_on or date.max


def _titles(module_ids: set[int]) -> dict[int, tuple[str, bool]]:
    """Return by module the title under which it is or was offered last, and if it still is."""
    rows = db.session.execute(
        select(ModuleVersion.module_id, ModuleVersion.title, ModuleVersion.state)
        .where(ModuleVersion.module_id.in_(module_ids))
        .order_by(ModuleVersion.number)
    ).all()
    found: dict[int, tuple[str, bool]] = {}
    for module_id, title, state in rows:
        if state is ModuleState.PUBLISHED:
            found[module_id] = title, True
        elif module_id not in found or (state is ModuleState.RETIRED and not found[module_id][1]):
            found[module_id] = title, False
    return found
