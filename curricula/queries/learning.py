"""What people have to learn and have learnt: one person, and one assignment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.outcomes import Certificate
from curricula.models.paths import Curriculum, LearningAssignment
from curricula.queries.ahead import Coming, sessions_ahead
from curricula.queries.completions import Ways, done_by, ways_through
from curricula.queries.learnt import Learnt, Seen, learnt_of, to_refresh
from curricula.queries.outside import titles_of
from curricula.queries.reach import learners
from curricula.queries.standing_in import links_by_id
from curricula.rules.learning import (
    Done,
    Place,
    Progress,
    progress,
)
from curricula.rules.standing_in import originals
from curricula.rules.versions import version_of
from curricula.rules.words import AssignmentSource, EnrolmentStatus
from people.models import Employee
from people.queries.visibility import within
from people.rules.access import Viewer, as_oneself

PER_PAGE = 50


@dataclass(frozen=True)
class FirstModule:
    """A module to complete before a curriculum, or before some of its modules.

    Attributes:
        needed_for: The codes of those modules; empty where the whole curriculum needs it.
    """

    module_id: int
    code: str
    title: str
    needed_for: tuple[str, ...]

    @property
    def because(self) -> str:
        """Return what needs it: "needed for REC-02, not part of this curriculum"."""
        what = ", ".join(self.needed_for) or "the whole curriculum"
        return f"needed for {what}, not part of this curriculum"

    @property
    def sentence(self) -> str:
        """Return it in words."""
        return f"First: {self.title}, {self.because}."


@dataclass(frozen=True)
class Assigned:
    """A curriculum somebody has to do, with where they stand in it.

    Attributes:
        next_step: The module to do next; None where all that is left is locked or done.
        days_over: How many days it is overdue; 0 where it is not.
        first: What is to be completed before, though it is not part of the curriculum.
    """

    id: int
    curriculum_id: int
    title: str
    code: str
    source: AssignmentSource
    assigned_on: date
    due_on: date | None
    is_renewal: bool
    exempt_reason: str | None
    kept_reason: str | None
    reached: Progress
    next_step: Place | None
    days_over: int
    first: tuple[FirstModule, ...] = ()


@dataclass(frozen=True)
class Ended:
    """A curriculum that was completed or ended."""

    title: str
    completed_on: date | None
    ended_on: date | None
    reason: str | None
    certificate: str | None


@dataclass(frozen=True)
class Learning:
    """Everything on the page of a person.

    Attributes:
        coming: Sessions that are not over.
        waiting: Sessions that are over, whose sheet is not closed yet.
    """

    employee_id: int
    name: str
    open: tuple[Assigned, ...]
    exempted: tuple[Assigned, ...]
    ended: tuple[Ended, ...]
    learnt: tuple[Learnt, ...]
    coming: tuple[Coming, ...]
    waiting: tuple[Coming, ...]

    @property
    def today(self) -> tuple[Coming, ...]:
        """Return where somebody has a seat today; once over, while one may still sign in."""
        ahead = (*self.coming, *self.waiting)
        return tuple(one for one in ahead if one.is_today and (one.is_now or not one.is_over))

    @property
    def overdue_count(self) -> int:
        """Return how many curricula are overdue."""
        return sum(1 for one in self.open if one.days_over)

    @property
    def practice(self) -> tuple[Learnt, ...]:
        """Return the modules a few minutes of practice are due for."""
        return tuple(one for one in self.learnt if one.refresher)

    @property
    def to_do(self) -> tuple[Assigned | Learnt, ...]:
        """Return what is to be done, curricula and refreshers, what is due first in front."""
        return tuple(sorted((*self.open, *self.refreshing), key=_first_due))

    @property
    def refreshing(self) -> tuple[Learnt, ...]:
        """Return the modules to be completed again, by now or soon, what is due first in front."""
        return to_refresh(self.learnt)


def _first_due(one: Assigned | Learnt) -> tuple[date, str]:
    due_on = one.until if isinstance(one, Learnt) else one.due_on
    return due_on or date.max, one.title


def learning_of(employee_id: int, viewer: Viewer, on: date) -> Learning:
    """Return what somebody has to learn and has learnt, what is due first before the rest.

    Raises:
        NotFoundError: There is no such person, or the viewer does not see them.
    """
    is_own = employee_id == viewer.employee_id
    seen = learners(as_oneself(viewer) if is_own else viewer, on)
    named = select(Employee.name).where(Employee.id == employee_id, *within(Employee.id, seen))
    name = db.session.scalar(named)
    if name is None:
        raise NotFoundError("There is no such person.")
    certificates = _certificates(employee_id, seen)
    all_open = _assigned(LearningAssignment.employee_id == employee_id, seen, on)
    ahead = sessions_ahead(employee_id, seen, on)
    return Learning(
        employee_id=employee_id,
        name=name,
        open=tuple(one for one in all_open if not one.exempt_reason),
        exempted=tuple(one for one in all_open if one.exempt_reason),
        ended=_ended(employee_id, certificates, seen),
        learnt=learnt_of(employee_id, seen, on, certificates),
        coming=tuple(one for one in ahead if not one.is_over),
        waiting=tuple(one for one in ahead if one.is_over),
    )


def _assigned(wanted: ColumnElement[bool], seen: Seen, on: date) -> list[Assigned]:
    rows = db.session.execute(
        select(LearningAssignment, Curriculum.title, Curriculum.code)
        .join(Curriculum, Curriculum.id == LearningAssignment.curriculum_id)
        .where(
            wanted,
            *within(LearningAssignment.employee_id, seen),
            LearningAssignment.ended_on.is_(None),
            LearningAssignment.completed_on.is_(None),
        )
        .order_by(
            case((LearningAssignment.due_on.is_(None), 1), else_=0),
            LearningAssignment.due_on,
            Curriculum.title,
        )
    ).all()
    if not rows:
        return []
    ways = ways_through(db.session, {one.curriculum_id for one, _, _ in rows})
    done = done_by(db.session, {one.employee_id for one, _, _ in rows}, seen)
    reached = [(_reached(one, ways, done.get(one.employee_id, {}))) for one, _, _ in rows]
    titles = titles_of({first.module_id for there in reached for first in there.outside})
    return [
        _placed(one, (title, code), there, titles, on)
        for (one, title, code), there in zip(rows, reached, strict=True)
    ]


def _reached(one: LearningAssignment, ways: Ways, done: Mapping[int, Done]) -> Progress:
    steps = ways.steps.get((one.curriculum_id, one.path), ())
    return progress(steps, done, ways.given(one), ways.known)


def _placed(
    one: LearningAssignment,
    named: tuple[str, str],
    reached: Progress,
    titles: Mapping[int, tuple[str, str]],
    on: date,
) -> Assigned:
    over = (on - one.due_on).days if one.due_on else 0
    title, code = named
    return Assigned(
        id=one.id,
        curriculum_id=one.curriculum_id,
        title=title,
        code=code,
        source=one.source,
        assigned_on=one.assigned_on,
        due_on=one.due_on,
        is_renewal=one.is_renewal,
        exempt_reason=one.exempt_reason,
        kept_reason=one.kept_reason,
        reached=reached,
        next_step=reached.next_step,
        days_over=max(over, 0),
        first=tuple(
            FirstModule(one.module_id, *titles[one.module_id], one.needed_for)
            for one in reached.outside
        ),
    )


def _certificates(employee_id: int, seen: Seen) -> dict[tuple[str, int], str]:
    """Return the codes of the certificates that hold, by what they are for."""
    rows = db.session.execute(
        select(Certificate.code, Certificate.completion_id, Certificate.assignment_id).where(
            Certificate.employee_id == employee_id,
            Certificate.revoked_at.is_(None),
            *within(Certificate.employee_id, seen),
        )
    )
    found: dict[tuple[str, int], str] = {}
    for code, completion_id, assignment_id in rows:
        if completion_id is not None:
            found["completion", completion_id] = code
        if assignment_id is not None:
            found["assignment", assignment_id] = code
    return found


def _ended(employee_id: int, codes: Mapping[tuple[str, int], str], seen: Seen) -> tuple[Ended, ...]:
    one = LearningAssignment
    rows = db.session.execute(
        select(one.id, Curriculum.title, one.completed_on, one.ended_on, one.ended_reason)
        .join(Curriculum, Curriculum.id == one.curriculum_id)
        .where(
            one.employee_id == employee_id,
            *within(one.employee_id, seen),
            one.completed_on.is_not(None) | one.ended_on.is_not(None),
        )
        .order_by(func.coalesce(one.completed_on, one.ended_on).desc(), one.id.desc())
        .limit(PER_PAGE)
    )
    return tuple(
        Ended(title, completed, ended, reason, codes.get(("assignment", id_)))
        for id_, title, completed, ended, reason in rows
    )


@dataclass(frozen=True)
class AssignmentPage:
    """One curriculum of one person; None where it was completed or ended by now.

    Attributes:
        version: Differs whenever somebody changed until when, or whether, it is to be done.
        seats: Where they are in a session to come, or wait for one, by the module it counts for.
    """

    assigned: Assigned | None
    employee_id: int
    name: str
    gate: str
    version: int
    seats: Mapping[int, Coming]


def assignment_page(assignment_id: int, viewer: Viewer, on: date) -> AssignmentPage:
    """Return a curriculum somebody has to do, with each of its modules.

    Raises:
        NotFoundError: There is none, or the viewer does not see this person.
    """
    seen = learners(viewer, on)
    row = db.session.execute(
        select(LearningAssignment, Employee.name, Curriculum.gate)
        .join(Employee, Employee.id == LearningAssignment.employee_id)
        .join(Curriculum, Curriculum.id == LearningAssignment.curriculum_id)
        .where(
            LearningAssignment.id == assignment_id, *within(LearningAssignment.employee_id, seen)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such assignment.")
    found = _assigned(LearningAssignment.id == assignment_id, seen, on)
    one, name, gate = row
    version = assignment_version(one)
    seats = seats_ahead(one.employee_id, seen, on)
    return AssignmentPage(found[0] if found else None, one.employee_id, name, gate, version, seats)


def seats_ahead(employee_id: int, seen: Seen, on: date) -> dict[int, Coming]:
    """Return the first session to come by module, and by what that stands in for."""
    links = links_by_id(db.session)
    found: dict[int, Coming] = {}
    coming = [one for one in sessions_ahead(employee_id, seen, on) if not one.is_over]
    for one in sorted(coming, key=lambda one: one.status is not EnrolmentStatus.ENROLLED):
        for module_id in (one.module_id, *originals(links, one.module_id)):
            found.setdefault(module_id, one)
    return found


def assignment_version(one: LearningAssignment) -> int:
    """Return a number that differs whenever somebody changed an assignment."""
    return version_of(one.due_on, one.exempt_reason, one.ended_on, one.completed_on)
