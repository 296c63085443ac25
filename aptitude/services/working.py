"""The work of aptitude that falls due by itself, and what goes when it was kept long enough."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from aptitude.models.agreement import CorrectedOverall
from aptitude.models.assessments import AssessmentRequest
from aptitude.models.scenarios import ScenarioSitting
from aptitude.queries.freshness import DAILY, everybody_since
from aptitude.rules.words import RequestState
from aptitude.services.agreement import measure_when_due
from aptitude.services.begun import OF_BEGUN
from aptitude.services.counting import count_answers
from aptitude.services.duties import tell_late
from aptitude.services.letting_go import OF_ASSESSMENTS, OF_REQUESTS, OF_WORKSHOPS
from aptitude.services.renewing import RENEWAL, listen, parts_of
from aptitude.services.standings import (
    hand_duties_over,
    not_renewed_since,
    outdated,
    owed_something,
    renew_standings,
)
from aptitude.services.telling import tell_due
from core.bulk import AnySession
from core.clock import today
from core.jobs import JobKind, Payload, register
from people.services.retaining import step_of, steps

REMINDED_DAYS = 3


def _divide(_: Payload) -> list[Payload]:
    """Return what is to be done: of many people in parts, each a unit of work of its own."""
    return [
        *({"what": "people", "ids": some} for some in parts_of(_to_renew())),
        {"what": "agreement"},
        *({"what": "people", "ids": some} for some in parts_of(owed_something())),
        *({"what": what} for what in ("duties", "reminders", "overdue", "answers")),
    ]


def _to_renew() -> list[int]:
    """Return whose standing rests on what has changed, and whom work that is not done was about."""
    since = everybody_since()
    left = not_renewed_since(since) if since else []
    return sorted({*outdated(today()), *left})


def _do(session: AnySession, part: Payload) -> None:
    if part["what"] == "people":
        renew_standings(session, [int(one) for one in part["ids"]], today())
        return
    work = {
        "agreement": measure_when_due,
        "duties": hand_duties_over,
        "reminders": _remind,
        "overdue": _tell_late,
        "answers": count_answers,
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


APTITUDE_DAILY = JobKind(DAILY, _divide, _do, cron="30 4 * * *")


def _taken_before(before: datetime) -> ColumnElement[bool]:
    return ScenarioSitting.started_at < before


def _measured_before(before: datetime) -> ColumnElement[bool]:
    return CorrectedOverall.measured_at < before


OLD = (
    ("begun", OF_BEGUN),
    ("assessments", step_of(ScenarioSitting, _taken_before)),
    ("assessments", OF_ASSESSMENTS),
    ("assessments", OF_REQUESTS),
    ("assessments", OF_WORKSHOPS),
    ("assessments", step_of(CorrectedOverall, _measured_before)),
)


def register_work() -> None:
    """Say what falls due each day and what is old enough to go; hear of people who move."""
    register(APTITUDE_DAILY, RENEWAL)
    listen()
    for step in reversed(OLD):
        if step not in steps:
            steps.insert(0, step)
