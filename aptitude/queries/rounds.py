"""Rounds for a whole team: which units there are, who stands there, and what a round would ask."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from aptitude.models.assessments import Assessment
from aptitude.queries.asking import asked_before
from aptitude.rules.asked import Before
from aptitude.rules.rounds import (
    OWN,
    Pair,
    RoundDraft,
    Sifted,
    Tree,
    check_alone,
    check_round,
    check_size,
    propose,
    sift,
)
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.models import Assignment, Employee, Unit
from people.queries.opening import reading
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason

AT_ONCE = 500
BELOW = " / "


@dataclass(frozen=True)
class Preview:
    """What a round would ask.

    Attributes:
        people: About whom.
        asked: Who would be asked about whom, and how many are left out.
        busiest: About how many people one rater is asked at most; a scenario test is about nobody.
        without_me: Whoever asks stands in the unit too, and is left out.
    """

    people: int
    asked: Sifted
    few_peers: int
    few_reports: int
    busiest: int
    without_me: bool

    @property
    def new(self) -> tuple[Pair, ...]:
        """Return who would be asked about whom."""
        return self.asked.new

    @property
    def raters(self) -> int:
        """Return how many people would be asked something."""
        return len({one.rater_id for one in self.new})

    def count_of(self, source: Source) -> int:
        """Return how many requests go to a source."""
        return sum(one.source is source for one in self.new)


def units_to_ask(viewer: Viewer, on: date) -> list[tuple[int, str]]:
    """Return the units somebody may ask about, by path: of the people they may ask about."""
    asked = (
        select(Unit.id, Unit.path)
        .join(Assignment, Assignment.unit_id == Unit.id)
        .where(
            *_stands(on),
            *within(Assignment.employee_id, assessed_people(viewer, on)),
        )
        .group_by(Unit.id, Unit.path)
        .order_by(Unit.path)
    )
    with reading(Reason.ASKING):
        return [(id_, path) for id_, path in db.session.execute(asked)]


def previewed(draft: RoundDraft, viewer: Viewer, on: date) -> Preview:
    """Return what a round would ask, before anybody is.

    Raises:
        NotFoundError: The viewer may ask about nobody, or there is no such unit.
        RefusedError: The round cannot be.
    """
    check_round(draft, on)
    return preview(db.session, draft, viewer, on)


def preview(session: AnySession, draft: RoundDraft, viewer: Viewer, on: date) -> Preview:
    """Return what a round would ask.

    Raises:
        NotFoundError: The viewer may ask about nobody, or there is no such unit.
        RefusedError: It asks about nobody, or about too many at once.
    """
    if not (viewer.manages or viewer.is_a(RoleName.HR)):
        raise NotFoundError("There is no such page.")
    standing = _subjects(session, draft, viewer, on)
    subjects = [one for one in standing if one != viewer.employee_id]
    check_alone(standing, subjects)
    check_size(len(subjects), 0)
    found = propose(subjects, _tree(session, subjects, on), draft)
    check_size(len(subjects), len(found.pairs))
    before = _before(session, subjects, draft.quiet_days, viewer, on)
    asked = sift(found.pairs, before, draft.quiet_days, on)
    by_rater = Counter(one.rater_id for one in asked.new if one.source is not Source.SCENARIO)
    return Preview(
        people=len(subjects),
        asked=asked,
        few_peers=found.few_peers,
        few_reports=found.few_reports,
        busiest=max(by_rater.values(), default=0),
        without_me=len(subjects) < len(standing),
    )


def _subjects(session: AnySession, draft: RoundDraft, viewer: Viewer, on: date) -> list[int]:
    asked = (
        select(Assignment.employee_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            *_stands(on),
            or_(Employee.left_on.is_(None), Employee.left_on >= on),
            *within(Assignment.employee_id, assessed_people(viewer, on)),
        )
        .order_by(Assignment.employee_id)
    )
    with reading(Reason.ASKING):
        if draft.unit_id is not None:
            asked = asked.where(Assignment.unit_id.in_(_units_below(session, draft.unit_id)))
        return list(session.scalars(asked))


def _units_below(session: AnySession, unit_id: int) -> list[int]:
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise NotFoundError("There is no such unit.")
    inside = Unit.path.startswith(path + BELOW, autoescape=True)
    return list(session.scalars(select(Unit.id).where(or_(Unit.id == unit_id, inside))))


def _tree(session: AnySession, subjects: Sequence[int], on: date) -> Tree:
    """Return who leads these people, and the teams of theirs and of their managers."""
    manager_of: dict[int, int | None] = {}
    below: dict[int, list[int]] = {}
    line = select(Assignment.employee_id, Assignment.manager_id).where(*_stands(on))
    with reading(Reason.ASKING):
        for some in _by(subjects):
            rows = session.execute(line.where(Assignment.employee_id.in_(some)))
            manager_of.update(rows.all())
        managers = {one for one in manager_of.values() if one is not None}
        for some in _by(sorted(managers - set(manager_of))):
            rows = session.execute(line.where(Assignment.employee_id.in_(some)))
            manager_of.update(rows.all())
        leading = managers | set(subjects)
        works_here = or_(Employee.left_on.is_(None), Employee.left_on >= on)
        for some in _by(sorted(leading)):
            rows = session.execute(
                line.join(Employee, Employee.id == Assignment.employee_id)
                .where(Assignment.manager_id.in_(some), works_here)
                .order_by(Assignment.employee_id)
            )
            for employee_id, manager_id in rows:
                below.setdefault(manager_id or 0, []).append(employee_id)
    return Tree(manager_of, below)


def _before(
    session: AnySession, subjects: Sequence[int], quiet_days: int, viewer: Viewer, on: date
) -> dict[int, dict[int, list[Before]]]:
    """Return what was asked about these people lately, and what they said unasked."""
    since = on - timedelta(days=quiet_days)
    found: dict[int, dict[int, list[Before]]] = {}
    for some in _by(subjects):
        found |= asked_before(session, some, since)
        for subject_id, source, said_on in session.execute(
            select(Assessment.subject_id, Assessment.source, Assessment.assessed_on).where(
                Assessment.subject_id.in_(some),
                Assessment.source.in_(OWN),
                Assessment.assessed_on >= since,
                *within(Assessment.subject_id, assessed_people(viewer, on)),
            )
        ):
            said = Before(source, RequestState.ANSWERED, said_on, said_on)
            found[subject_id].setdefault(subject_id, []).append(said)
    return found


def _by(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _stands(on: date) -> Iterable[ColumnElement[bool]]:
    return Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on
