"""Who may ask about whom, whom they could ask, and what they learn of what they asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.asked import Asked, Before, may_be_taken_back, told_of
from aptitude.rules.asking import Stands
from aptitude.rules.sources import ANONYMOUS_FROM, UNNAMED, Source
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
    """A request, as those see it who may ask about the person; the unnamed together.

    Who of those answered stands nowhere: beside a mean it could tell what they gave.

    Attributes:
        id: Of those asked together the first.
        rater: The name; "" for peers, reports and observers.
        words, note: How it stands; of those asked together how many answered, when their day is
            over, or why that is not told.
    """

    id: int
    rater: str
    source: Source
    occasion: str | None
    due_on: date
    words: str
    note: str
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
    by_day: dict[tuple[Source, date], list[AssessmentRequest]] = {}
    for row, name in rows:
        if row.source in UNNAMED:
            by_day.setdefault((row.source, row.due_on), []).append(row)
            continue
        words, is_open = REQUEST_STATE_LABELS[row.state], row.state is RequestState.OPEN
        found.append(
            AskedAbout(row.id, name, row.source, row.occasion, row.due_on, words, "", is_open)
        )
    found += [_asked_together(some, on) for some in by_day.values()]
    found.sort(key=lambda asked: (not asked.may_take_back, -asked.due_on.toordinal(), asked.id))
    return found[:MOST_ASKED]


def _asked_together(rows: Sequence[AssessmentRequest], on: date) -> AskedAbout:
    """Return what those of one source were asked by one day, whatever the rounds were called."""
    first = rows[0]
    some = [
        Asked(_rater_of(row), row.state, row.due_on, _day(row.closed_at), _day(row.taken_back_at))
        for row in rows
    ]
    occasions = ", ".join(dict.fromkeys(row.occasion for row in rows if row.occasion))
    told, is_open = told_of(some, on), may_be_taken_back(some, on)
    return AskedAbout(
        first.id, "", first.source, occasions, first.due_on, told.words, told.note, is_open
    )


def _rater_of(row: AssessmentRequest) -> int:
    """Return who is asked; whoever does not work here is told by their account."""
    return row.rater_id or -(row.rater_account_id or 0)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def asked_before(
    session: AnySession, subject_ids: Sequence[int], since: date
) -> dict[int, dict[int, list[Before]]]:
    """Return what was asked about people and is open or was over lately, by person and rater."""
    one = AssessmentRequest
    start = datetime.combine(since, time(), UTC)
    lately = or_(
        one.state == RequestState.OPEN,
        one.due_on >= since,
        one.closed_at >= start,
    )
    found: dict[int, dict[int, list[Before]]] = {id_: {} for id_ in subject_ids}
    with reading(Reason.ASKING):
        rows = session.execute(
            select(
                one.subject_id,
                one.rater_id,
                one.source,
                one.state,
                one.due_on,
                one.closed_at,
                one.taken_back_at,
            ).where(one.subject_id.in_(subject_ids), one.rater_id.is_not(None), lately)
        )
        for subject_id, rater_id, source, state, due_on, closed_at, taken_back_at in rows:
            before = Before(source, state, due_on, _day(closed_at), _day(taken_back_at))
            found[subject_id].setdefault(rater_id or 0, []).append(before)
    return found


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

    Themself twice: for their own view, and to take a scenario test. Fewer peers or reports than
    would ever be shown are not asked in vain.
    """
    manager_id = db.session.scalar(
        select(Assignment.manager_id).where(
            Assignment.employee_id == employee_id, *_standing(Assignment, on)
        )
    )
    found = _people([employee_id], Source.SELF, on) + _people([employee_id], Source.SCENARIO, on)
    if manager_id is not None:
        found += _people([manager_id], Source.MANAGER, on)
    found += _enough(_people(_below(employee_id, on), Source.REPORT, on))
    if manager_id is not None:
        peers = [one for one in _below(manager_id, on) if one != employee_id]
        found += _enough(_people(peers, Source.PEER, on))
    return found


def _enough(people: list[Suggested]) -> list[Suggested]:
    return people if len(people) >= ANONYMOUS_FROM else []


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
