"""What waits for a rater, by which words they answer, and what they gave."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest, Rating
from aptitude.models.frameworks import Dimension
from aptitude.queries.asking import stands_to
from aptitude.queries.frameworks import FrameworkView, get_framework
from aptitude.rules.asking import Words, level_or_frontline, observer_moved
from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose, RequestState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.models import Assignment, Employee
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.levels import Level
from people.rules.opening import Reason


@dataclass(frozen=True)
class Asked:
    """A request, as the one who is asked sees it."""

    id: int
    subject_id: int
    name: str
    source: Source
    purpose: Purpose
    occasion: str | None
    due_on: date
    state: RequestState
    closed_at: datetime | None


@dataclass(frozen=True)
class ToRate:
    """Whom a rater assesses, by which words.

    Attributes:
        request: None where somebody rates themself without being asked.
        moved: Why an observer cannot answer any more; "" where nothing is in the way.
    """

    request: Asked | None
    subject_id: int
    name: str
    source: Source
    level: Level
    framework: FrameworkView
    moved: str = ""

    @property
    def request_id(self) -> int | None:
        """Return which request is answered; None for none."""
        return self.request.id if self.request else None

    @property
    def is_closed(self) -> bool:
        """Tell whether it can be answered no more."""
        return self.request is not None and self.request.state is not RequestState.OPEN

    @property
    def words(self) -> Words:
        """Return the words that are in force for it."""
        return Words(self.framework.id, self.level)


def mine(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a request is for whoever looks."""
    one = AssessmentRequest
    parts: list[ColumnElement[bool]] = []
    if viewer.employee_id is not None:
        parts.append(one.rater_id == viewer.employee_id)
    if viewer.account_id is not None:
        parts.append(one.rater_account_id == viewer.account_id)
    return or_(*parts) if parts else one.id.is_(None)


def asked_of(viewer: Viewer) -> list[Asked]:
    """Return what I am asked for and what I gave, what is open and due first in front."""
    one = AssessmentRequest
    with reading(Reason.RATING):
        rows = db.session.execute(
            select(one, Employee.name)
            .join(Employee, Employee.id == one.subject_id)
            .where(mine(viewer))
            .order_by(one.closed_at.is_not(None), one.due_on, one.id)
        ).all()
    return [_asked(row, name) for row, name in rows]


def _asked(row: AssessmentRequest, name: str) -> Asked:
    return Asked(
        row.id,
        row.subject_id,
        name,
        row.source,
        row.purpose,
        row.occasion,
        row.due_on,
        row.state,
        row.closed_at,
    )


def test_asked(viewer: Viewer) -> Asked | None:
    """Return the scenario test I am asked to take, until it is handed in."""
    row = test_asked_of(db.session, viewer)
    return _asked(row, viewer.name) if row else None


def test_asked_of(session: AnySession, viewer: Viewer) -> AssessmentRequest | None:
    """Return the open request to me to take a scenario test; there is one at most."""
    one = AssessmentRequest
    with reading(Reason.RATING):
        return session.scalars(
            select(one)
            .where(mine(viewer), one.source == Source.SCENARIO, one.state == RequestState.OPEN)
            .order_by(one.due_on, one.id)
            .limit(1)
        ).first()


@dataclass(frozen=True)
class Waiting:
    """How much waits for me: ratings, of myself and workshops too, and scenario tests."""

    ratings: int
    tests: int


@reading(Reason.RATING)
def waiting_for(viewer: Viewer) -> Waiting:
    """Return how much waits for me, as the tabs count it."""
    one = AssessmentRequest
    rows = db.session.execute(
        select(one.source, func.count(one.id))
        .where(mine(viewer), one.state == RequestState.OPEN)
        .group_by(one.source)
    ).all()
    tests = sum(many for source, many in rows if source is Source.SCENARIO)
    return Waiting(sum(many for _, many in rows) - tests, tests)


@reading(Reason.RATING)
def ratings_of_others(viewer: Viewer) -> dict[int, int]:
    """Return the open request that waits for me by the person it is about, the first due."""
    one = AssessmentRequest
    rows = db.session.execute(
        select(one.subject_id, one.id)
        .where(
            mine(viewer),
            one.state == RequestState.OPEN,
            one.source.not_in([Source.SELF, Source.SCENARIO]),
        )
        .order_by(one.due_on.desc(), one.id.desc())
    )
    return {row.subject_id: row.id for row in rows}


@reading(Reason.RATING)
def to_rate(request_id: int, viewer: Viewer, on: date) -> ToRate:
    """Return whom somebody was asked to assess.

    Raises:
        NotFoundError: There is no such request, or it is not for them.
    """
    row = db.session.execute(
        select(AssessmentRequest, Employee.name)
        .join(Employee, Employee.id == AssessmentRequest.subject_id)
        .where(
            AssessmentRequest.id == request_id,
            AssessmentRequest.source != Source.SCENARIO,
            mine(viewer),
        )
    ).first()
    if row is None:
        raise NotFoundError("There is no such request.")
    asked = _asked(row[0], row[1])
    level = level_of(db.session, asked.subject_id, on)
    moved = ""
    if asked.source is Source.OBSERVER and row[0].rater_id is not None:
        moved = observer_moved(stands_to(db.session, row[0].rater_id, asked.subject_id, on))
    return ToRate(asked, asked.subject_id, asked.name, asked.source, level, get_framework(), moved)


@reading(Reason.RATING)
def to_rate_oneself(viewer: Viewer, on: date) -> ToRate:
    """Return what somebody needs to say where they stand themself.

    Raises:
        NotFoundError: They do not work here, or there is no framework yet.
    """
    if viewer.employee_id is None:
        raise NotFoundError("There is nobody to assess.")
    level = level_of(db.session, viewer.employee_id, on)
    return ToRate(None, viewer.employee_id, viewer.name, Source.SELF, level, get_framework())


def level_of(session: AnySession, employee_id: int, on: date) -> Level:
    """Return the level somebody stands on."""
    found = session.scalar(
        select(Assignment.level).where(
            Assignment.employee_id == employee_id,
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
        )
    )
    return level_or_frontline(found)


@dataclass(frozen=True)
class GivenRating:
    """What somebody gave on one dimension."""

    name: str
    tenths: int | None
    example: str | None


@reading(Reason.RATING)
def given_for(request_id: int, viewer: Viewer) -> list[GivenRating]:
    """Return what I gave for a request; nobody else sees this."""
    rows = db.session.execute(
        select(Dimension.name, Rating.tenths, Rating.example)
        .join(Dimension, Dimension.id == Rating.dimension_id)
        .join(AssessmentRater, AssessmentRater.assessment_id == Rating.assessment_id)
        .join(AssessmentRequest, AssessmentRequest.id == AssessmentRater.request_id)
        .join(Assessment, Assessment.id == Rating.assessment_id)
        .where(AssessmentRequest.id == request_id, mine(viewer))
        .order_by(Dimension.position)
    )
    return [GivenRating(*row) for row in rows]
