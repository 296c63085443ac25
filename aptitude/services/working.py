"""The work of aptitude that falls due by itself, and what goes when it was kept long enough."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from aptitude.models.agreement import CorrectedOverall
from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest
from aptitude.models.scenarios import ScenarioSitting
from aptitude.rules.words import RequestState
from aptitude.services.agreement import measure_when_due
from aptitude.services.duties import tell_late
from aptitude.services.renewing import RENEWAL, listen
from aptitude.services.standings import renew_for_duties, renew_outdated
from aptitude.services.telling import tell_due
from core.bulk import AnySession
from core.clock import today
from core.jobs import JobKind, Payload, register
from people.services.retaining import step_of, steps

REMINDED_DAYS = 3
PARTS = ("standings", "agreement", "duties", "reminders", "overdue")


def _divide(_: Payload) -> list[Payload]:
    return [{"what": what} for what in PARTS]


def _do(session: AnySession, part: Payload) -> None:
    work = {
        "standings": renew_outdated,
        "agreement": measure_when_due,
        "duties": renew_for_duties,
        "reminders": _remind,
        "overdue": _tell_late,
    }
    work[str(part["what"])](session)


def _remind(session: AnySession) -> None:
    """Remind whoever was asked and has not answered, three days before the day."""
    one = AssessmentRequest
    soon = today() + timedelta(days=REMINDED_DAYS)
    waiting = select(one).where(one.state == RequestState.OPEN, one.due_on.between(today(), soon))
    for row in session.scalars(waiting).all():
        tell_due(session, row, today())


def _tell_late(session: AnySession) -> None:
    tell_late(session, today())


APTITUDE_DAILY = JobKind("aptitude_daily", _divide, _do, cron="30 4 * * *")


def _said_before(before: datetime) -> ColumnElement[bool]:
    return Assessment.recorded_at < before


def _taken_before(before: datetime) -> ColumnElement[bool]:
    return ScenarioSitting.started_at < before


def _asked_before(before: datetime) -> ColumnElement[bool]:
    return AssessmentRequest.asked_at < before


def _has_no_younger_answer(before: datetime) -> ColumnElement[bool]:
    """Keep a request with its assessment: its day says from when on peers may be shown."""
    younger = (
        select(AssessmentRater.request_id)
        .join(Assessment, Assessment.id == AssessmentRater.assessment_id)
        .where(Assessment.recorded_at >= before, AssessmentRater.request_id.is_not(None))
    )
    return AssessmentRequest.id.not_in(younger)


def _measured_before(before: datetime) -> ColumnElement[bool]:
    return CorrectedOverall.measured_at < before


OLD = (
    ("assessments", step_of(ScenarioSitting, _taken_before)),
    ("assessments", step_of(Assessment, _said_before)),
    ("assessments", step_of(AssessmentRequest, _asked_before, _has_no_younger_answer)),
    ("assessments", step_of(CorrectedOverall, _measured_before)),
)


def register_work() -> None:
    """Say what falls due each day and what is old enough to go; hear of people who move."""
    register(APTITUDE_DAILY, RENEWAL)
    listen()
    for step in reversed(OLD):
        if step not in steps:
            steps.insert(0, step)
