"""Rounds for a whole team: which units there are, who stands there, and what a round would ask."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.rounds import Pair, RoundDraft, Tree, check_round, check_size, propose
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
        new: Who would be asked about whom; who is asked the same already is left out.
        asked_already: How many of the requests are open already.
        busiest: About how many people one rater is asked at most; a scenario test is about nobody.
    """

    people: int
    new: tuple[Pair, ...]
    asked_already: int
    few_peers: int
    few_reports: int
    busiest: int

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
            *_others(viewer),
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
    subjects = _subjects(session, draft, viewer, on)
    check_size(len(subjects), 0)
    found = propose(subjects, _tree(session, subjects, on), draft)
    check_size(len(subjects), len(found.pairs))
    open_ones = _open_pairs(session, subjects)
    new = tuple(one for one in found.pairs if _key(one) not in open_ones)
    by_rater = Counter(one.rater_id for one in new if one.source is not Source.SCENARIO)
    return Preview(
        people=len(subjects),
        new=new,
        asked_already=len(found.pairs) - len(new),
        few_peers=found.few_peers,
        few_reports=found.few_reports,
        busiest=max(by_rater.values(), default=0),
    )


def _subjects(session: AnySession, draft: RoundDraft, viewer: Viewer, on: date) -> list[int]:
    asked = (
        select(Assignment.employee_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            *_stands(on),
            *_others(viewer),
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


Key = tuple[int, int | None, bool]
"""About whom, who is asked, and whether it is to take a scenario test."""


def _key(one: Pair) -> Key:
    return one.subject_id, one.rater_id, one.source is Source.SCENARIO


def _open_pairs(session: AnySession, subjects: Sequence[int]) -> set[Key]:
    one = AssessmentRequest
    found: set[Key] = set()
    with reading(Reason.ASKING):
        for some in _by(subjects):
            rows = session.execute(
                select(one.subject_id, one.rater_id, one.source).where(
                    one.subject_id.in_(some), one.state == RequestState.OPEN
                )
            )
            found |= {
                (subject_id, rater_id, source is Source.SCENARIO)
                for subject_id, rater_id, source in rows
            }
    return found


def _by(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _stands(on: date) -> Iterable[ColumnElement[bool]]:
    return Assignment.superseded_at.is_(None), Assignment.from_on <= on, Assignment.until_on > on


def _others(viewer: Viewer) -> Iterable[ColumnElement[bool]]:
    """Return the condition that nobody but HR asks about themself."""
    if viewer.is_a(RoleName.HR) or viewer.employee_id is None:
        return ()
    return (Assignment.employee_id != viewer.employee_id,)
