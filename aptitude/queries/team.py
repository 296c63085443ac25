"""My team: of whom too little is known, and what I owe my people. Nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from aptitude.models.assessments import AptitudeStanding
from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.queries.duties import Coach, Owner
from aptitude.queries.frameworks import FrameworkView
from aptitude.queries.freshness import worked_out_on
from aptitude.rules.asking import level_or_frontline
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.precision import Z95
from aptitude.rules.words import DutyStep
from core.db import db
from core.words import plural
from curricula.models.outcomes import Completion, CompletionWithdrawal
from people.models import Assignment, Employee, Unit
from people.queries.opening import reading
from people.queries.visibility import assessed_people, select_below, within
from people.rules.access import Viewer
from people.rules.levels import Level
from people.rules.opening import Reason

OLD_DAYS = 365
MOST_PEOPLE, MOST_DUTIES = 1000, 200


class Evidence(Enum):
    """What there is to go by; assessed is who has an overall figure, as in the mirror."""

    NONE = "Not assessed"
    FEW = "Too few raters"
    OLD = "Older than a year"
    THERE = "Within a year"


@dataclass(frozen=True)
class Member:
    """Somebody of the team."""

    employee_id: int
    name: str
    level: Level
    unit: str | None
    evidence: Evidence
    assessed_on: date | None


@dataclass(frozen=True)
class TeamDuty:
    """A duty towards somebody of the team.

    Attributes:
        is_mine: Whoever looks owes it.
    """

    id: int
    subject_id: int
    name: str
    dimension_code: str
    owner: str | None
    coach: str | None
    opened_on: date
    due_on: date
    days_late: int
    is_mine: bool
    modules: int
    modules_done: int
    was_observed: bool

    @property
    def state(self) -> str:
        """Return how far it has come: "1 of 2 modules done, not seen at work yet"."""
        done = f"{self.modules_done} of {plural(self.modules, 'module', 'modules')} done"
        taught = done if self.modules else "no module trains it"
        return f"{taught}, {'seen at work' if self.was_observed else 'not seen at work yet'}"


@dataclass(frozen=True)
class TeamLine:
    """What is known of the team on a dimension; `mean` is None below five people."""

    code: str
    name: str
    people: int
    mean: float | None
    half: float | None


@dataclass(frozen=True)
class TeamPage:
    """Everything on the page of a team.

    Attributes:
        is_cut: There are more people than the page shows.
        worked_out_on: The day some figures are of that are being renewed; None for none.
    """

    members: tuple[Member, ...]
    is_cut: bool
    mine: tuple[TeamDuty, ...]
    others: tuple[TeamDuty, ...]
    lines: tuple[TeamLine, ...]
    worked_out_on: date | None = None

    def with_evidence(self, state: Evidence) -> list[Member]:
        """Return those of whom this much is known, in order of their names."""
        return [one for one in self.members if one.evidence is state]


def team_page(viewer: Viewer, framework: FrameworkView, on: date) -> TeamPage:
    """Return what somebody who leads others sees of them; nobody for who leads nobody."""
    if viewer.employee_id is None or not viewer.manages:
        return TeamPage((), False, (), (), ())
    seen = assessed_people(viewer, on)
    rows = _rows(viewer, seen, on)
    duties = _duties(viewer, seen, on)
    return TeamPage(
        tuple(_member(row, on) for row in rows[:MOST_PEOPLE]),
        len(rows) > MOST_PEOPLE,
        tuple(one for one in duties if one.is_mine),
        tuple(one for one in duties if not one.is_mine),
        _lines([row.profile or {} for row in rows], framework),
        worked_out_on(on),
    )


def _rows(viewer: Viewer, seen: Select[int] | None, on: date) -> list[Any]:
    below = select_below(viewer.employee_id or 0, on)
    rows = db.session.execute(
        select(
            Employee.id,
            Employee.name,
            Assignment.level,
            Unit.path,
            AptitudeStanding.assessed_on,
            AptitudeStanding.overall,
            AptitudeStanding.profile,
        )
        .join(
            Assignment,
            and_(
                Assignment.employee_id == Employee.id,
                Assignment.superseded_at.is_(None),
                Assignment.from_on <= on,
                Assignment.until_on > on,
            ),
        )
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(AptitudeStanding, AptitudeStanding.employee_id == Employee.id)
        .where(
            Employee.id.in_(below),
            or_(Employee.left_on.is_(None), Employee.left_on >= on),
            *within(Employee.id, seen),
        )
        .order_by(Employee.name_key, Employee.id)
        .limit(MOST_PEOPLE + 1)
    )
    return list(rows.all())


def _member(row: Any, on: date) -> Member:
    is_rated = any(one["score"] is not None for one in (row.profile or {}).values())
    if not is_rated or row.assessed_on is None:
        state = Evidence.NONE
    elif row.overall is None:
        state = Evidence.FEW
    elif row.assessed_on < on - timedelta(days=OLD_DAYS):
        state = Evidence.OLD
    else:
        state = Evidence.THERE
    shown = row.assessed_on if state is not Evidence.NONE else None
    return Member(row.id, row.name, level_or_frontline(row.level), row.path, state, shown)


def _lines(
    profiles: Sequence[Mapping[str, Mapping[str, Any]]], framework: FrameworkView
) -> tuple[TeamLine, ...]:
    found = []
    for code, name in framework.names.items():
        scores = [
            one[code]["score"] for one in profiles if code in one and one[code]["score"] is not None
        ]
        mean = half = None
        if len(scores) >= SMALLEST_GROUP:
            mean, half = fmean(scores), Z95 * stdev(scores) / sqrt(len(scores))
        found.append(TeamLine(code, name, len(scores), mean, half))
    return tuple(found)


def _duties(viewer: Viewer, seen: Select[int] | None, on: date) -> list[TeamDuty]:
    below = select_below(viewer.employee_id or 0, on)
    with reading(Reason.NAMES_ABOVE):
        rows = db.session.execute(
            select(Duty, Employee.name, Owner.name, Coach.name)
            .join(Employee, Employee.id == Duty.subject_id)
            .outerjoin(Owner, Owner.id == Duty.owner_id)
            .outerjoin(Coach, Coach.id == Duty.coach_id)
            .where(
                Duty.closed_on.is_(None),
                Duty.subject_id.in_(below),
                *within(Duty.subject_id, seen),
            )
            .order_by(Employee.name_key, Employee.id, Duty.due_on, Duty.id)
            .limit(MOST_DUTIES)
        ).all()
    grounds = _grounds([duty for duty, *_ in rows], seen)
    return [
        TeamDuty(
            duty.id,
            duty.subject_id,
            name,
            duty.dimension_code,
            owner,
            coach,
            duty.opened_on,
            duty.due_on,
            max(0, (on - duty.due_on).days),
            duty.owner_id == viewer.employee_id,
            *grounds[duty.id],
        )
        for duty, name, owner, coach in rows
    ]


def _grounds(duties: Sequence[Duty], seen: Select[int] | None) -> dict[int, tuple[int, int, bool]]:
    """Return by duty of how many modules it consists, how many are done, and if it was seen."""
    ids = [duty.id for duty in duties]
    gone = select(CompletionWithdrawal.completion_id)
    is_done = and_(
        Completion.module_id == DutyModule.module_id,
        Completion.employee_id == DutyModule.subject_id,
        Completion.completed_on >= Duty.opened_on,
        Completion.id.not_in(gone),
    )
    with reading(Reason.COMPLETING):
        rows = db.session.execute(
            select(
                DutyModule.duty_id,
                func.count(DutyModule.module_id.distinct()),
                func.count(Completion.module_id.distinct()),
            )
            .join(Duty, Duty.id == DutyModule.duty_id)
            .outerjoin(Completion, is_done)
            .where(DutyModule.duty_id.in_(ids), *within(DutyModule.subject_id, seen))
            .group_by(DutyModule.duty_id)
        ).all()
    observed = select(DutyEvent.duty_id).where(
        DutyEvent.duty_id.in_(ids),
        DutyEvent.step == DutyStep.OBSERVED,
        *within(DutyEvent.subject_id, seen),
    )
    was_observed = set(db.session.scalars(observed))
    taught = {duty_id: (modules, done) for duty_id, modules, done in rows}
    return {one: (*taught.get(one, (0, 0)), one in was_observed) for one in ids}
