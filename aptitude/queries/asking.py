"""Who may ask about whom, whom they could ask, and what they learn of what they asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.asking import Stands, round_words
from aptitude.rules.sources import ANONYMOUS, Source
from aptitude.rules.words import REQUEST_STATE_LABELS, RequestState
from core.bulk import AnySession
from core.db import db
from people.models import Assignment, Employee, ReportingLine
from people.queries.opening import reading
from people.queries.visibility import may_see_aptitude
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason

MOST_SUGGESTED, MOST_ASKED = 40, 60
Rater = aliased(Employee)


@dataclass(frozen=True)
class AskedAbout:
    """A request, as those see it who may ask about the person; peers and reports together.

    Who of those answered stands nowhere: beside a mean it could tell what they gave.

    Attributes:
        id: Of those asked together the first.
        rater: The name; "" for peers and reports.
        words: How it stands, of those asked together how many answered.
    """

    id: int
    rater: str
    source: Source
    occasion: str | None
    due_on: date
    words: str
    may_take_back: bool


def may_ask_about(viewer: Viewer, employee_id: int, on: date) -> bool:
    """Tell whether somebody may ask for assessments of a person.

    HR may about everybody else, a manager about those whose aptitude they see. Nobody may about
    themself: who chooses the raters, or takes a request back, makes the figure.
    """
    if employee_id == viewer.employee_id:
        return False
    may_ask = viewer.manages or viewer.is_a(RoleName.HR)
    return may_ask and may_see_aptitude(viewer, employee_id, on)


@reading(Reason.ASKING)
def asked_about(employee_id: int, on: date) -> list[AskedAbout]:
    """Return what was asked about a person; the caller has made sure that they may ask."""
    one = AssessmentRequest
    rows = db.session.execute(
        select(one, Rater.name)
        .outerjoin(Rater, Rater.id == one.rater_id)
        .where(one.subject_id == employee_id)
        .order_by(one.id)
    )
    found: list[AskedAbout] = []
    rounds: dict[tuple[Source, date, str | None], list[AssessmentRequest]] = {}
    for row, name in rows:
        if row.source in ANONYMOUS:
            rounds.setdefault((row.source, row.due_on, row.occasion), []).append(row)
            continue
        words, is_open = REQUEST_STATE_LABELS[row.state], row.state is RequestState.OPEN
        who = name or "An observer"
        found.append(AskedAbout(row.id, who, row.source, row.occasion, row.due_on, words, is_open))
    found += [_asked_together(some, on) for some in rounds.values()]
    found.sort(key=lambda asked: (not asked.may_take_back, -asked.due_on.toordinal(), asked.id))
    return found[:MOST_ASKED]


def _asked_together(rows: Sequence[AssessmentRequest], on: date) -> AskedAbout:
    """Return what peers or reports were asked together: how many answered, never who."""
    first = rows[0]
    states = [_told(row) for row in rows]
    may_take_back = first.due_on >= on and RequestState.OPEN in states
    words = round_words(states)
    return AskedAbout(
        first.id, "", first.source, first.occasion, first.due_on, words, may_take_back
    )


def _told(row: AssessmentRequest) -> RequestState:
    """Return how a request is counted: one that was asked anew when it was late is still open."""
    is_late = row.closed_at is not None and row.closed_at.date() > row.due_on
    return RequestState.OPEN if is_late and row.state is RequestState.WITHDRAWN else row.state


@dataclass(frozen=True)
class Suggested:
    """Somebody who could be asked, and as whom."""

    employee_id: int
    name: str
    job_title: str | None
    source: Source

    @property
    def key(self) -> str:
        """Return the value of their box: "peer-12"."""
        return f"{self.source.value}-{self.employee_id}"


@reading(Reason.ASKING)
def suggested_for(employee_id: int, on: date) -> list[Suggested]:
    """Return who could be asked about a person: themself, their manager, reports and peers.

    Themself twice: for their own view, and to take a scenario test.
    """
    manager_id = db.session.scalar(
        select(Assignment.manager_id).where(
            Assignment.employee_id == employee_id, *_standing(Assignment, on)
        )
    )
    found = _people([employee_id], Source.SELF, on) + _people([employee_id], Source.SCENARIO, on)
    if manager_id is not None:
        found += _people([manager_id], Source.MANAGER, on)
    found += _people(_below(employee_id, on), Source.REPORT, on)
    if manager_id is not None:
        peers = [one for one in _below(manager_id, on) if one != employee_id]
        found += _people(peers, Source.PEER, on)
    return found


def _standing(table: type[Assignment], on: date) -> tuple[ColumnElement[bool], ...]:
    return table.superseded_at.is_(None), table.from_on <= on, table.until_on > on


def _below(manager_id: int, on: date) -> list[int]:
    asked = (
        select(Assignment.employee_id)
        .where(Assignment.manager_id == manager_id, *_standing(Assignment, on))
        .order_by(Assignment.employee_id)
        .limit(MOST_SUGGESTED)
    )
    return list(db.session.scalars(asked))


def _people(ids: Sequence[int], source: Source, on: date) -> list[Suggested]:
    rows = db.session.execute(
        select(Employee.id, Employee.name)
        .where(Employee.id.in_(ids), or_(Employee.left_on.is_(None), Employee.left_on >= on))
        .order_by(Employee.name, Employee.id)
    )
    return [Suggested(id_, name, None, source) for id_, name in rows]


def stands_to(session: AnySession, rater_id: int, subject_id: int, on: date) -> Stands:
    """Return how two people stand to one another on a day."""
    if rater_id == subject_id:
        return Stands(same=True, manages=False, below=False)
    line = select(ReportingLine.depth).where(
        ReportingLine.from_on <= on, ReportingLine.until_on > on
    )
    above = session.scalar(
        line.where(ReportingLine.above_id == rater_id, ReportingLine.below_id == subject_id)
    )
    below = session.scalar(
        line.where(ReportingLine.above_id == subject_id, ReportingLine.below_id == rater_id)
    )
    leads = select(ReportingLine.above_id).where(
        ReportingLine.from_on <= on, ReportingLine.until_on > on, ReportingLine.depth == 1
    )
    of_subject = leads.where(ReportingLine.below_id == subject_id)
    beside = session.scalar(
        leads.where(ReportingLine.below_id == rater_id, ReportingLine.above_id.in_(of_subject))
    )
    return Stands(
        same=False, manages=above is not None, below=below == 1, beside=beside is not None
    )


@reading(Reason.ASKING)
def employee_numbered(number: str) -> int | None:
    """Return the id of the person with an employee number, to ask them as an observer."""
    return db.session.scalar(select(Employee.id).where(Employee.number == number.strip()))
