"""Counting in the audit trail how many raters without a name answered.

An event of its own for each would tell by its moment who did. So the trail holds what whoever asked
is told, for all groups together: how many answered in time, when their day is over, and nothing of
fewer than three.
"""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import func, select

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
    """Write down how many answered of those whose day has come to an end since the last time."""
    one, on = AssessmentRequest, today()
    rows = session.execute(
        select(one.subject_id, one.source, one.due_on, one.closed_at).where(
            one.source.in_(UNNAMED),
            one.state == RequestState.ANSWERED,
            one.due_on >= _counted_until(session, on),
            one.due_on < on,
        )
    )
    groups = Counter(
        (subject_id, source, due_on)
        for subject_id, source, due_on, closed_at in rows
        if closed_at and closed_at.date() <= due_on
    )
    answers = sum(count for count in groups.values() if count >= ANONYMOUS_FROM)
    if answers:
        record(session, COUNTED, of=("assessments", None), details={"answers": answers})


def _counted_until(session: AnySession, on: date) -> date:
    """Return the day before which all is counted; what the trail has lost is not counted again."""
    last = session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.kind == COUNTED))
    return last.date() if last else on - timedelta(days=kept_days()["audit"])
