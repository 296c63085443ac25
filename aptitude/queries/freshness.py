"""Of which day the figures of groups are, while standings are worked out anew."""

from datetime import date, timedelta

from sqlalchemy import func, select

from aptitude.models.assessments import AptitudeStanding
from core.db import db
from core.jobs import Job
from people.queries.opening import reading
from people.rules.opening import Reason

RENEWING = "aptitude_renewing"
"""The kind of job that works out anew where many people stand."""


def worked_out_on(on: date) -> date | None:
    """Return the day some figures are of that are being renewed; None where all are up to date.

    A change that concerns many is worked out by a worker, and what time alone changes on the
    morning of its day: until then what was worked out before holds to the day before. The page of
    a person is never behind: it is made from the log itself.
    """
    one = AptitudeStanding
    queued = select(func.min(Job.queued_at)).where(Job.kind == RENEWING, Job.finished_at.is_(None))
    overdue = select(func.min(one.renew_on)).where(one.renew_on <= on)
    with reading(Reason.CROWD):
        asked_at, since = db.session.scalar(queued), db.session.scalar(overdue)
    days = [asked_at.date()] if asked_at is not None else []
    days += [since - timedelta(days=1)] if since is not None else []
    return min(days, default=None)
