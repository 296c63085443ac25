"""Counting in the audit trail how many raters without a name answered, or said why they cannot.

An event of its own for each would tell by its moment who did. So they are counted when their day is
over, all over the organisation, and from three on.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.sources import ANONYMOUS_FROM, UNNAMED
from aptitude.rules.words import RequestState
from core.bulk import AnySession
from core.clock import today
from people.models import AuditEvent
from people.queries.retention import kept_days
from people.services.auditing import record

COUNTED = "aptitude.counted"


def count_answers(session: AnySession) -> None:
    """Write down how many answers came since they were last counted, where three did at least."""
    one, on = AssessmentRequest, today()
    since, until = _counted_until(session, on), _start(on)
    answers = session.scalar(
        select(func.count(one.id)).where(
            one.source.in_(UNNAMED),
            one.state.in_((RequestState.ANSWERED, RequestState.DECLINED)),
            one.due_on < on,
            one.closed_at < until,
            or_(one.due_on >= since, one.closed_at >= _start(since)),
        )
    )
    if answers is not None and answers >= ANONYMOUS_FROM:
        record(session, COUNTED, of=("assessments", None), details={"answers": answers})


def _counted_until(session: AnySession, on: date) -> date:
    """Return the day before which all is counted; what the trail has lost is not counted again."""
    last = session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.kind == COUNTED))
    return last.date() if last else on - timedelta(days=kept_days()["audit"])


def _start(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
