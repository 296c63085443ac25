"""My team: of whom too little is known, and what I owe my people. Nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from sqlalchemy import Select, and_, or_, select

from aptitude.models.assessments import AptitudeStanding
from aptitude.queries.examples import examples_of
from aptitude.queries.frameworks import FrameworkView
from aptitude.queries.freshness import figures_behind
from aptitude.queries.team_care import TeamCare, team_care
from aptitude.queries.team_duties import TeamDuty, duties_below
from aptitude.rules.asking import level_or_frontline
from aptitude.rules.examples import Leading
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.mirror_words import Behind
from aptitude.rules.precision import Z95
from aptitude.rules.scores import RATERS_FOR_OVERALL
from core.db import db
from people.models import Assignment, Employee, Unit
from people.queries.visibility import assessed_people, select_below, within
from people.rules.access import Viewer
from people.rules.levels import Level

OLD_DAYS = 365
MOST_PEOPLE = 1000


class Evidence(Enum):
    """What there is to go by; assessed is who has an overall figure, as in the mirror.

    How many have looked and how long ago are two questions: `OLD` are those of either answer to the
    first whose newest evidence is that old, and whoever is `THERE` is assessed by newer evidence.
    """

    NONE = "Not assessed: no rater yet"
    ONE = "Not assessed: one rater only"
    FEW = "Not assessed: too few dimensions"
    OLD = "Evidence older than a year"
    THERE = "Assessed within a year"


NOT_ASSESSED = (Evidence.NONE, Evidence.ONE, Evidence.FEW)


@dataclass(frozen=True)
class Member:
    """Somebody of the team.

    Attributes:
        is_old: What others said last, they said more than a year ago.
        leading: Their examples, where they lead somebody.
    """

    employee_id: int
    name: str
    level: Level
    unit: str | None
    evidence: Evidence
    assessed_on: date | None
    is_old: bool = False
    leading: Leading | None = None


@dataclass(frozen=True)
class TeamLine:
    """What is known of the team on a dimension; `mean` is None below five people.

    Attributes:
        assessed: How many of those who are assessed two raters have seen on it: the mean is theirs.
    """

    code: str
    name: str
    assessed: int
    mean: float | None
    half: float | None


@dataclass(frozen=True)
class TeamPage:
    """Everything on the page of a team.

    Attributes:
        is_cut: There are more people than the page shows.
        others: Duties that others owe, the first of them; `others_count` says how many there are.
        care: What is done for those below a target.
        behind: Of which earlier day some of it is; None where all is up to date.
    """

    members: tuple[Member, ...]
    is_cut: bool
    mine: tuple[TeamDuty, ...]
    others: tuple[TeamDuty, ...]
    others_count: int
    lines: tuple[TeamLine, ...]
    care: TeamCare
    behind: Behind | None = None

    def with_evidence(self, state: Evidence) -> list[Member]:
        """Return those of whom this much is known, in order of their names."""
        if state is Evidence.OLD:
            return [one for one in self.members if one.is_old]
        return [one for one in self.members if one.evidence is state]

    @property
    def leaders(self) -> list[Member]:
        """Return those who lead somebody, in order of their names."""
        return [one for one in self.members if one.leading is not None]

    @property
    def not_assessed(self) -> int:
        """Return how many are not assessed, whatever is missing."""
        return sum(one.evidence in NOT_ASSESSED for one in self.members)


def team_page(viewer: Viewer, framework: FrameworkView, on: date) -> TeamPage:
    """Return what somebody who leads others sees of them; nobody for who leads nobody."""
    if viewer.employee_id is None or not viewer.manages:
        return TeamPage((), False, (), (), 0, (), TeamCare())
    seen = assessed_people(viewer, on)
    rows = _rows(viewer, seen, on)
    mine, others, many = duties_below(viewer, seen, on)
    leading = examples_of([row.id for row in rows[:MOST_PEOPLE]], seen, on)
    members = tuple(_member(row, leading.get(row.id), on) for row in rows[:MOST_PEOPLE])
    return TeamPage(
        members,
        len(rows) > MOST_PEOPLE,
        tuple(mine),
        tuple(others),
        many,
        _lines([row.profile or {} for row in rows if row.overall is not None], framework),
        team_care(viewer, seen, members, on),
        figures_behind(on),
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


def _member(row: Any, leading: Leading | None, on: date) -> Member:
    raters = max((one["raters"] for one in (row.profile or {}).values()), default=0)
    if not raters or row.assessed_on is None:
        state = Evidence.NONE
    elif raters < RATERS_FOR_OVERALL:
        state = Evidence.ONE
    elif row.overall is None:
        state = Evidence.FEW
    else:
        state = Evidence.OLD if _is_old(row.assessed_on, on) else Evidence.THERE
    shown = row.assessed_on if state is not Evidence.NONE else None
    level, is_old = level_or_frontline(row.level), _is_old(shown, on)
    return Member(row.id, row.name, level, row.path, state, shown, is_old, leading)


def _is_old(assessed_on: date | None, on: date) -> bool:
    return assessed_on is not None and assessed_on < on - timedelta(days=OLD_DAYS)


def _lines(
    profiles: Sequence[Mapping[str, Mapping[str, Any]]], framework: FrameworkView
) -> tuple[TeamLine, ...]:
    found = []
    for code, name in framework.names.items():
        scores = [
            one[code]["score"]
            for one in profiles
            if code in one and one[code]["raters"] >= RATERS_FOR_OVERALL
        ]
        mean = half = None
        if len(scores) >= SMALLEST_GROUP:
            mean, half = fmean(scores), Z95 * stdev(scores) / sqrt(len(scores))
        found.append(TeamLine(code, name, len(scores), mean, half))
    return tuple(found)
