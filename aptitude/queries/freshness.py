"""Of which day the figures of groups are, while standings are worked out anew."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from aptitude.models.assessments import AptitudeStanding
from aptitude.rules.mirror_words import Behind
from core.db import db
from core.jobs import Job
from people.queries.opening import reading
from people.rules.opening import Reason

RENEWING = "aptitude_renewing"
"""The kind of job that works out anew where many people stand."""

DAILY = "aptitude_daily"
"""The kind of job that does each night what is due, and makes up for what was left undone."""


def figures_behind(on: date) -> Behind | None:
    """Return of which day some figures are that are being renewed; None where all are up to date.

    A change that concerns many is worked out by a worker, and what time alone changes on the
    morning of its day: until then what was worked out before holds to the day before. Work that
    failed counts as not done until later work has made up for it. The page of a person is never
    behind: it is made from the log itself.
    """
    one = AptitudeStanding
    undone = _undone()
    with reading(Reason.CROWD):
        since = db.session.scalar(select(func.min(one.renew_on)).where(one.renew_on <= on))
    days = [job.queued_at.date() for job in undone]
    days += [since - timedelta(days=1)] if since is not None else []
    has_failed = any(job.problem is not None for job in undone)
    return Behind(min(days), has_failed=has_failed) if days else None


def everybody_since() -> datetime | None:
    """Return when work about everybody was last asked for that is not done; None for none."""
    return max((job.queued_at for job in _undone() if _is_of_everybody(job)), default=None)


def _undone() -> list[Job]:
    """Return the work that waits, goes on, or failed and was not made up for since."""
    done = Job.finished_at.is_not(None) & Job.problem.is_(None)
    night = db.session.scalar(select(func.max(Job.id)).where(Job.kind == DAILY, done)) or 0
    asked = select(Job).where(Job.kind == RENEWING, Job.finished_at.is_(None) | (Job.id > night))
    jobs = db.session.scalars(asked.order_by(Job.id)).all()
    return [job for place, job in enumerate(jobs) if _is_undone(job, jobs[place + 1 :])]


def _is_undone(job: Job, later: Sequence[Job]) -> bool:
    """Tell whether a job is not done; one that failed is done by a later one about as many."""
    if job.finished_at is None:
        return True
    made_up = (
        one.finished_at is not None
        and one.problem is None
        and (_is_of_everybody(one) or not _is_of_everybody(job))
        for one in later
    )
    return job.problem is not None and not any(made_up)


def _is_of_everybody(job: Job) -> bool:
    return bool(job.payload.get("everybody"))
