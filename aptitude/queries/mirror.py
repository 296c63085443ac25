"""The leader mirror: the ladder in figures of groups, and leaders beside their teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from aptitude.models.assessments import AptitudeStanding, Assessment, AssessmentWithdrawal
from aptitude.models.duties import Duty, DutyEvent
from aptitude.rules.asking import level_or_frontline
from aptitude.rules.group_figures import (
    Debts,
    Rungs,
    Share,
    Shares,
    Tally,
    UnitDuties,
    debts_of,
    label_of,
    merged,
    rungs_of,
    shares_of,
)
from aptitude.rules.mirror import SMALLEST_GROUP, Mirrored, Reflection, mirrored
from aptitude.rules.precision import Z95
from aptitude.rules.scores import Score
from aptitude.rules.sources import Source
from aptitude.rules.words import DutyEnd
from core.db import db
from core.errors import NotFoundError
from people.models import Assignment, Employee, Unit
from people.queries.opening import reading
from people.queries.settings import data_version
from people.queries.visibility import aptitude_groups, assessed_people, balance_scope, within
from people.rules.access import Viewer
from people.rules.levels import Gender, Level
from people.rules.opening import Reason
from planner.queries.balances import balance
from planner.rules import periods
from planner.rules.questions import Question

RECENT_DAYS = 365
AT_ONCE = 500
YEARS = 5
MOST_LEADERS, MOST_UNITS = 100, 200
Leader = aliased(AptitudeStanding)
Led, OfLeader = aliased(Assignment), aliased(Assignment)
GENDER_LABELS = {
    Gender.FEMALE: "Women",
    Gender.MALE: "Men",
    Gender.OTHER: "Other",
    Gender.UNDISCLOSED: "Not disclosed",
    None: "Not recorded",
}


@dataclass(frozen=True)
class SoftHours:
    """The soft training of a rung in the year; None where too few people had any."""

    minutes: int | None
    a_head: float | None


@dataclass(frozen=True)
class Beside:
    """A leader beside the team, for those who see everybody by name."""

    employee_id: int
    name: str
    unit: str | None
    team: int
    mirrored: Mirrored


@dataclass(frozen=True)
class Teams:
    """How leaders stand to their teams.

    Attributes:
        leaders: How many lead somebody; None where fewer than five do.
        compared: Of how many it could be said.
        below: Who stands below the median of the team.
        not_assessed: Of whom too little is known.
        flagged, unknown: The same by name; only for those who see everybody.
    """

    leaders: int | None
    compared: int
    below: int
    not_assessed: int
    flagged: tuple[Beside, ...]
    unknown: tuple[Beside, ...]


@dataclass(frozen=True)
class MirrorPage:
    """Everything on the page of the leader mirror.

    Attributes:
        soft: By the label of the rung.
        names: Whether leaders are named.
    """

    year: int
    years: tuple[int, ...]
    on: date
    whose: str
    names: bool
    rungs: Rungs
    soft: Mapping[str, SoftHours]
    teams: Teams
    debts: Debts
    by_level: Shares
    by_gender: Shares


def leader_mirror(viewer: Viewer, year: int, on: date) -> MirrorPage:
    """Return the mirror of those whose figures a viewer sees.

    Raises:
        NotFoundError: The year is to come, or long gone.
    """
    if not on.year - YEARS < year <= on.year:
        raise NotFoundError("There is no such year.")
    groups, seen = aptitude_groups(viewer, on), assessed_people(viewer, on)
    key = (str(db.engine.url), _stamp(), year, on, _circle(groups), _circle(seen))
    found = _kept.get(key)
    if found is None:
        found = _mirror(viewer, groups, seen, year, on)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = found
    return found


MOST_KEPT = 32
_kept: dict[tuple[object, ...], MirrorPage] = {}
"""Finished mirrors by all that they depend on; a change of any of it asks anew."""


def _circle(people: Select[int] | None) -> str:
    if people is None:
        return ""
    return str(people.compile(compile_kwargs={"literal_binds": True}))


def _stamp() -> tuple[object, ...]:
    """Return what changes whenever a figure of the mirror may have changed."""
    with reading(Reason.STANDINGS):
        marks = select(
            select(func.max(AptitudeStanding.changed_at)).scalar_subquery(),
            select(func.count(AptitudeStanding.level)).scalar_subquery(),
            select(func.max(DutyEvent.id)).scalar_subquery(),
            select(func.count(Duty.id)).scalar_subquery(),
            select(func.max(Assessment.id)).scalar_subquery(),
            select(func.count(Assessment.id)).scalar_subquery(),
            select(func.count(AssessmentWithdrawal.assessment_id)).scalar_subquery(),
        )
        return (data_version(), *db.session.execute(marks).one())


def _mirror(
    viewer: Viewer,
    groups: Select[int] | None,
    seen: Select[int] | None,
    year: int,
    on: date,
) -> MirrorPage:
    years = tuple(range(on.year, on.year - YEARS, -1))
    rungs = rungs_of(_tallies(groups, seen, on))
    by_level, by_gender = _reviews(groups, year, on)
    return MirrorPage(
        year=year,
        years=years,
        on=on,
        whose="Everybody" if groups is None else "My people",
        names=groups is None and seen is None,
        rungs=rungs,
        soft=_soft(rungs, viewer, year, on),
        teams=_teams(groups, on, names=groups is None and seen is None),
        debts=_debts(groups, year, on),
        by_level=by_level,
        by_gender=by_gender,
    )


def _stands(table: Any, on: date) -> tuple[ColumnElement[bool], ...]:
    return table.superseded_at.is_(None), table.from_on <= on, table.until_on > on


def _works_here(on: date) -> ColumnElement[bool]:
    return or_(Employee.left_on.is_(None), Employee.left_on >= on)


def _tallies(groups: Select[int] | None, seen: Select[int] | None, on: date) -> dict[Level, Tally]:
    one = AptitudeStanding
    unseen: Any = 0
    if seen is not None:
        is_unseen = and_(one.overall.is_not(None), Assignment.employee_id.not_in(seen))
        unseen = func.sum(case((is_unseen, 1), else_=0))
    recent = case((one.assessed_on > on - timedelta(days=RECENT_DAYS), 1), else_=0)
    rows = db.session.execute(
        select(
            Assignment.level,
            func.count(),
            func.sum(recent),
            func.count(one.overall),
            unseen,
            func.coalesce(func.sum(one.overall), 0.0),
            func.coalesce(func.sum(one.overall * one.overall), 0.0),
        )
        .join(Employee, Employee.id == Assignment.employee_id)
        .outerjoin(one, one.employee_id == Assignment.employee_id)
        .where(*_stands(Assignment, on), _works_here(on), *within(Assignment.employee_id, groups))
        .group_by(Assignment.level)
    )
    found: dict[Level, Tally] = {}
    for level, *counts in rows:
        rung = level_or_frontline(level)
        found[rung] = found.get(rung, Tally()).plus(Tally(*counts))
    return found


def _soft(rungs: Rungs, viewer: Viewer, year: int, on: date) -> dict[str, SoftHours]:
    """Return the soft hours of the year by rung, as the balance shows them to this viewer."""
    question = Question(period=periods.parse(str(year), on))
    document: Any = balance(question, balance_scope(viewer, on))
    rows = document["tables"]["level"]["rows"]
    by_level = {row["key"]: row for row in rows if not row["total"]}
    by_level.setdefault("frontline", by_level.get("", {}))
    return {
        one.label: _soft_of([by_level.get(level.value) for level in one.levels], one.people)
        for one in rungs.rungs
    }


def _soft_of(rows: Sequence[Mapping[str, Any] | None], people: int) -> SoftHours:
    found = [row for row in rows if row]
    minutes = [row["soft_minutes"] for row in found]
    if any(row.get("suppressed") for row in found) or None in minutes:
        return SoftHours(None, None)
    return SoftHours(sum(minutes), sum(minutes) / 60 / people if people else None)


def _teams(groups: Select[int] | None, on: date, *, names: bool) -> Teams:
    leads = _leads(groups, on)
    scores = _scores([row for row in leads if _may_be_below(row)], groups, on)
    below = {
        row.manager_id: found
        for row in leads
        if row.manager_id in scores
        and (found := mirrored(_score(row), scores[row.manager_id])).reflection is Reflection.BELOW
    }
    unknown = [row for row in leads if row.overall is None]
    flagged = [row for row in leads if row.manager_id in below]
    compared = [row for row in leads if _is_compared(row)]
    is_shown = names or len(leads) >= SMALLEST_GROUP
    counts = (len(compared), len(flagged), len(unknown)) if is_shown else (0, 0, 0)
    return Teams(
        len(leads) if is_shown else None,
        *counts,
        _named(Employee.id.in_(list(below)[:AT_ONCE]), flagged, below, on) if names else (),
        _named(_is_unknown(on), unknown, {}, on) if names else (),
    )


def _leads(groups: Select[int] | None, on: date) -> list[Any]:
    """Return everybody who leads somebody, with how many of the team surely stand above them."""
    one = AptitudeStanding
    highest = Leader.overall + Z95 * func.coalesce(Leader.overall_error, 0.0)
    rows = db.session.execute(
        select(
            Led.manager_id,
            Leader.overall,
            Leader.overall_error,
            Leader.raters,
            func.count().label("team"),
            func.count(one.overall).label("assessed"),
            func.sum(case((one.overall > highest, 1), else_=0)).label("above"),
        )
        .join(Employee, Employee.id == Led.employee_id)
        .outerjoin(one, one.employee_id == Led.employee_id)
        .outerjoin(Leader, Leader.employee_id == Led.manager_id)
        .where(
            *_stands(Led, on),
            _works_here(on),
            Led.manager_id.is_not(None),
            *within(Led.employee_id, groups),
            *within(Led.manager_id, groups),
        )
        .group_by(Led.manager_id, Leader.overall, Leader.overall_error, Leader.raters)
    )
    return list(rows.all())


def _is_compared(row: Any) -> bool:
    known = row.overall is not None and row.overall_error is not None
    return known and row.assessed >= SMALLEST_GROUP


def _may_be_below(row: Any) -> bool:
    """Tell whether the median may lie above the leader: more than half of the team has to."""
    return _is_compared(row) and row.above * 2 > row.assessed


def _score(row: Any) -> Score | None:
    if row.overall is None:
        return None
    return Score(row.overall, row.raters, row.overall_error)


def _scores(leads: Sequence[Any], groups: Select[int] | None, on: date) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for start in range(0, len(leads), AT_ONCE):
        some = [row.manager_id for row in leads[start : start + AT_ONCE]]
        rows = db.session.execute(
            select(Led.manager_id, AptitudeStanding.overall)
            .join(AptitudeStanding, AptitudeStanding.employee_id == Led.employee_id)
            .join(Employee, Employee.id == Led.employee_id)
            .where(
                *_stands(Led, on),
                _works_here(on),
                Led.manager_id.in_(some),
                AptitudeStanding.overall.is_not(None),
                *within(Led.employee_id, groups),
            )
        )
        for manager_id, overall in rows:
            found.setdefault(manager_id or 0, []).append(overall or 0.0)
    return found


def _named(
    wanted: ColumnElement[bool],
    leads: Sequence[Any],
    below: Mapping[int, Mirrored],
    on: date,
) -> tuple[Beside, ...]:
    """Return leaders by name, in order of their names; whoever looks sees everybody."""
    by_id = {row.manager_id: row for row in leads}
    asked = (
        select(Employee.id, Employee.name, Unit.path)
        .outerjoin(OfLeader, and_(OfLeader.employee_id == Employee.id, *_stands(OfLeader, on)))
        .outerjoin(Unit, Unit.id == OfLeader.unit_id)
        .where(wanted)
        .order_by(Employee.name_key, Employee.id)
        .limit(MOST_LEADERS)
    )
    nothing = Mirrored(Reflection.NOT_ASSESSED, None, None)
    return tuple(
        Beside(id_, name, unit, by_id[id_].team, below.get(id_, nothing))
        for id_, name, unit in db.session.execute(asked)
        if id_ in by_id
    )


def _is_unknown(on: date) -> ColumnElement[bool]:
    led = select(Led.manager_id).where(*_stands(Led, on), Led.manager_id.is_not(None))
    known = select(AptitudeStanding.employee_id).where(AptitudeStanding.overall.is_not(None))
    return and_(Employee.id.in_(led), Employee.id.not_in(known))


def _debts(groups: Select[int] | None, year: int, on: date) -> Debts:
    is_open = Duty.closed_on.is_(None)
    taught = and_(
        Duty.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        Duty.ending.in_((DutyEnd.IMPROVED, DutyEnd.TRAINED)),
    )
    rows = db.session.execute(
        select(
            Duty.unit_id,
            Unit.path,
            func.sum(case((is_open, 1), else_=0)),
            func.sum(case((and_(is_open, Duty.due_on < on), 1), else_=0)),
            func.sum(case((and_(is_open, Duty.coach_id.is_not(None)), 1), else_=0)),
            func.sum(case((taught, 1), else_=0)),
        )
        .outerjoin(Unit, Unit.id == Duty.unit_id)
        .where(or_(is_open, taught), *within(Duty.subject_id, groups))
        .group_by(Duty.unit_id, Unit.path)
        .order_by(Unit.path)
    ).all()
    heads = _heads([row[0] for row in rows], on)
    units = [
        UnitDuties(path or "No unit", heads.get(unit_id, 0), *counts)
        for unit_id, path, *counts in rows
    ]
    return debts_of(units, "Units of fewer than five people")


def _heads(unit_ids: Sequence[int | None], on: date) -> dict[int | None, int]:
    if not unit_ids:
        return {}
    asked = (
        select(Assignment.unit_id, func.count())
        .where(*_stands(Assignment, on), Assignment.unit_id.is_not(None))
        .group_by(Assignment.unit_id)
    )
    with reading(Reason.HEAD_COUNTS):
        return dict(db.session.execute(asked).all())


def _reviews(groups: Select[int] | None, year: int, on: date) -> tuple[Shares, Shares]:
    """Return who was reviewed in a year: assessed by their manager, by level and by gender."""
    end = min(date(year, 12, 31), on)
    gone = select(AssessmentWithdrawal.assessment_id)
    reviewed = select(Assessment.subject_id).where(
        Assessment.source == Source.MANAGER,
        Assessment.assessed_on.between(date(year, 1, 1), end),
        Assessment.id.not_in(gone),
    )
    was_reviewed = case((Assignment.employee_id.in_(reviewed), 1), else_=0)
    asked = (
        select(Assignment.level, Employee.gender, func.count(), func.sum(was_reviewed))
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(*_stands(Assignment, end), _works_here(end), *within(Assignment.employee_id, groups))
        .group_by(Assignment.level, Employee.gender)
    )
    with reading(Reason.REVIEWS):
        rows = db.session.execute(asked).all()
    return _by_level(rows), _by_gender(rows)


def _by_level(rows: Sequence[Any]) -> Shares:
    people: dict[Level, int] = {}
    done: dict[Level, int] = {}
    for level, _, count, reviewed in rows:
        rung = level_or_frontline(level)
        people[rung] = people.get(rung, 0) + count
        done[rung] = done.get(rung, 0) + reviewed
    shares = [
        Share(label_of(group), sum(people[one] for one in group), sum(done[one] for one in group))
        for group in merged(people)
    ]
    return shares_of(shares, "Other levels")


def _by_gender(rows: Sequence[Any]) -> Shares:
    shares = [
        Share(
            label,
            sum(row[2] for row in rows if row[1] is gender),
            sum(row[3] for row in rows if row[1] is gender),
        )
        for gender, label in GENDER_LABELS.items()
    ]
    return shares_of([one for one in shares if one.people], "Other groups together")
