"""Everything that is recorded about one person's aptitude, to make the page of any day from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, and_, func, select

from aptitude.models.agreement import CorrectedOverall
from aptitude.models.assessments import Assessment, AssessmentComment
from aptitude.models.duties import Duty, DutyEvent
from aptitude.queries.agreement import error_book
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import target_book
from aptitude.queries.known import Known, stands_of
from aptitude.queries.versions import framework_book
from aptitude.rules.correcting import Corrected
from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind, ContestOutcome, DutyStep
from core.db import db
from core.errors import NotFoundError
from people.models import Employee
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer, as_oneself

LAST_MOMENT = time(23, 59, 59, 999_999)
NEW_DAYS = 30
"""How long an answer is told at the top of the page."""


@dataclass(frozen=True)
class Comment:
    """What the person said about an assessment, and the answer; `given_on` is its day.

    Attributes:
        counts_now: What counts in the place of what was set aside, in words; "" for nothing.
    """

    id: int
    source: Source
    given_on: date | None
    kind: CommentKind
    text: str
    made_at: datetime
    answer: str | None
    answered_at: datetime | None
    outcome: ContestOutcome | None
    counts_now: str = ""

    def as_of(self, moment: datetime) -> "Comment":
        """Return it as it was at a moment: without an answer that came later."""
        if self.answered_at is None or self.answered_at <= moment:
            return self
        return replace(self, answer=None, answered_at=None, outcome=None)


def new_answer(comments: Sequence[Comment], on: date) -> Comment | None:
    """Return what was answered last, if that was not long ago."""
    since = end_of(on - timedelta(days=NEW_DAYS))
    answered = {one.answered_at: one for one in comments if one.answered_at is not None}
    newest = max(answered, default=since)
    return answered[newest] if newest > since else None


@dataclass(frozen=True)
class Owing:
    """A duty of the company; `until` is None while it stands."""

    dimension_code: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Record:
    """The log of one person, for whoever may see it.

    Attributes:
        called: How the person is called where others read; empty on their own page.
        corrected: Overall figures without severity, with the moments they were measured at.
    """

    employee_id: int
    name: str
    called: str
    known: Known
    comments: Sequence[Comment]
    corrected: Sequence[tuple[datetime, Corrected]]
    duties: Sequence[Owing] = ()

    @property
    def owed(self) -> tuple[str, ...]:
        """Return the dimensions on which the company owes training."""
        return tuple(one.dimension_code for one in self.duties if one.until is None)

    def as_of(self, moment: datetime) -> "Record":
        """Return the log as it was at a moment, without anything recorded later."""
        return replace(
            self,
            known=self.known.as_of(moment),
            comments=[one.as_of(moment) for one in self.comments if one.made_at <= moment],
            corrected=[(at, one) for at, one in self.corrected if at <= moment],
            duties=[
                replace(one, until=one.until if one.until and one.until <= moment else None)
                for one in self.duties
                if one.since <= moment
            ],
        )


def end_of(day: date) -> datetime:
    """Return the last moment of a day."""
    return datetime.combine(day, LAST_MOMENT, tzinfo=UTC)


def record_of(employee_id: int, viewer: Viewer, on: date) -> Record:
    """Return what is recorded about a person, to those who may see it on a day.

    Raises:
        NotFoundError: There is no such person, the viewer does not see them, or there is no
            framework yet.
    """
    is_own = employee_id == viewer.employee_id
    seen = assessed_people(as_oneself(viewer) if is_own else viewer, on)
    named = select(Employee.name).where(Employee.id == employee_id, *within(Employee.id, seen))
    name = db.session.scalar(named)
    if name is None:
        raise NotFoundError("There is no such person.")
    known = Known(
        framework_book(),
        target_book(),
        stands_of(employee_id, seen),
        evidence_on([employee_id], seen)[employee_id],
        error_book(),
    )
    comments, corrected = _comments(employee_id, seen), _corrected(employee_id, seen)
    duties, called = _duties(employee_id, seen), "" if is_own else name
    return Record(employee_id, name, called, known, comments, corrected, duties)


def _duties(employee_id: int, seen: Select[int] | None) -> list[Owing]:
    closed = and_(DutyEvent.duty_id == Duty.id, DutyEvent.step == DutyStep.DONE)
    rows = db.session.execute(
        select(Duty.dimension_code, Duty.recorded_at, func.max(DutyEvent.at))
        .outerjoin(DutyEvent, closed)
        .where(Duty.subject_id == employee_id, *within(Duty.subject_id, seen))
        .group_by(Duty.id, Duty.dimension_code, Duty.recorded_at)
        .order_by(Duty.id)
    )
    return [Owing(code, since, until) for code, since, until in rows]


def _corrected(employee_id: int, seen: Select[int] | None) -> list[tuple[datetime, Corrected]]:
    one = CorrectedOverall
    rows = db.session.execute(
        select(one.measured_at, one.overall, one.basis)
        .where(one.subject_id == employee_id, *within(one.subject_id, seen))
        .order_by(one.id)
    )
    return [(at, Corrected(overall, basis)) for at, overall, basis in rows]


def _comments(employee_id: int, seen: Select[int] | None) -> list[Comment]:
    rows = db.session.execute(
        select(AssessmentComment, Assessment.assessed_on)
        .outerjoin(Assessment, Assessment.id == AssessmentComment.assessment_id)
        .where(
            AssessmentComment.subject_id == employee_id,
            *within(AssessmentComment.subject_id, seen),
        )
        .order_by(AssessmentComment.made_at.desc())
    )
    return [
        Comment(
            row.id,
            row.source,
            given_on,
            row.kind,
            row.text,
            row.made_at,
            row.answer,
            row.answered_at,
            row.outcome,
        )
        for row, given_on in rows
    ]
