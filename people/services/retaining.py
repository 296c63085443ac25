"""Letting go of data that have been kept long enough."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from core.clock import now
from core.db import Model, take_turn, transaction
from core.jobs import Job
from people.models import (
    AccountSession,
    Attempts,
    AuditChain,
    AuditEvent,
    Employee,
    Erasure,
    OutboxMail,
    PeopleBatch,
    Submission,
    Ticket,
    Upload,
)
from people.queries.retention import kept_days
from people.rules.auditing import PRUNED
from people.rules.retention import PERIODS
from people.services.auditing import record
from people.services.erasing import erase_all
from people.services.versions import AnySession


@dataclass(frozen=True)
class Due:
    """What is due of one kind of data.

    Attributes:
        what: In words.
        days: For how long it is kept.
        count: How many are older; None where that is told to nobody.
    """

    kind: str
    what: str
    days: int
    count: int | None


@dataclass(frozen=True)
class Step:
    """How one kind of data is counted and let go, given the moment before which it is too old."""

    count: Callable[[AnySession, datetime], int]
    remove: Callable[[AnySession, datetime], None]


def step_of(table: type[Model], *conditions: Callable[[datetime], ColumnElement[bool]]) -> Step:
    """Return the step that deletes the rows of a table that fit all conditions."""

    def count(session: AnySession, before: datetime) -> int:
        here = [condition(before) for condition in conditions]
        return session.scalar(select(func.count()).select_from(table).where(*here)) or 0

    def remove(session: AnySession, before: datetime) -> None:
        session.execute(delete(table).where(*(condition(before) for condition in conditions)))

    return Step(count, remove)


def _refused_of_people(before: datetime) -> list[ColumnElement[bool]]:
    return [PeopleBatch.recorded_at < before]


def _count_refused(session: AnySession, before: datetime) -> int:
    found = session.scalars(select(PeopleBatch.refused).where(*_refused_of_people(before)))
    return sum(len(rows) for rows in found)


def _remove_refused(session: AnySession, before: datetime) -> None:
    here = _refused_of_people(before)
    session.execute(update(PeopleBatch).where(*here).values(refused=[]))


def _last_event(session: AnySession, before: datetime) -> int | None:
    """Return the last event that may go; one that is younger keeps all that follow it."""
    first_kept = select(func.min(AuditEvent.id)).where(AuditEvent.at >= before)
    kept = session.scalar(first_kept)
    last = select(func.max(AuditEvent.id))
    if kept is not None:
        last = last.where(AuditEvent.id < kept)
    return session.scalar(last)


def _count_audit(session: AnySession, before: datetime) -> int:
    last = _last_event(session, before)
    if last is None:
        return 0
    counting = select(func.count()).select_from(AuditEvent).where(AuditEvent.id <= last)
    return session.scalar(counting) or 0


def _remove_audit(session: AnySession, before: datetime) -> None:
    """Cut the chain off at its old end, and say so in a new event."""
    last = _last_event(session, before)
    if last is None:
        return
    digest = session.scalars(select(AuditEvent.digest).where(AuditEvent.id == last)).one()
    record(session, PRUNED, details={"until": last, "digest": digest})
    session.execute(update(AuditChain).values(pruned_id=last, pruned_digest=digest))
    session.execute(delete(AuditEvent).where(AuditEvent.id <= last))


def _leavers(before: datetime) -> list[ColumnElement[bool]]:
    return [Employee.left_on < before.date(), Employee.id.not_in(select(Erasure.employee_id))]


def _count_leavers(session: AnySession, before: datetime) -> int:
    counting = select(func.count()).select_from(Employee).where(*_leavers(before))
    return session.scalar(counting) or 0


def _remove_leavers(session: AnySession, before: datetime) -> None:
    ids = list(session.scalars(select(Employee.id).where(*_leavers(before)).order_by(Employee.id)))
    if ids:
        erase_all(session, ids, "retention", "")


steps: list[tuple[str, Step]] = [
    ("files", step_of(Upload, lambda day: Upload.uploaded_at < day)),
    ("refused", Step(_count_refused, _remove_refused)),
    ("visits", step_of(AccountSession, lambda day: AccountSession.last_seen_at < day)),
    ("letters", step_of(OutboxMail, lambda day: OutboxMail.made_at < day)),
    ("tickets", step_of(Ticket, lambda day: Ticket.expires_at < day)),
    ("tries", step_of(Attempts, lambda day: Attempts.last_at < day)),
    ("jobs", step_of(Job, lambda day: Job.finished_at < day)),
    ("forms", step_of(Submission, lambda day: Submission.recorded_at < day)),
    ("leavers", Step(_count_leavers, _remove_leavers)),
    ("audit", Step(_count_audit, _remove_audit)),
]
"""Kinds of data with how they go, in this order; packages above this one add theirs."""


def _counted(session: AnySession) -> dict[str, int]:
    """Return of each kind of data how much has been kept long enough."""
    days, moment = kept_days(), now()
    counts = dict.fromkeys(days, 0)
    for kind, step in steps:
        counts[kind] += step.count(session, moment - timedelta(days=days[kind]))
    return counts


def _told(counts: dict[str, int]) -> list[Due]:
    days = kept_days()
    return [
        Due(one.kind, one.what, days[one.kind], None if one.untold else counts[one.kind])
        for one in PERIODS
    ]


def retain(*, dry_run: bool) -> list[Due]:
    """Let go of everything that has been kept long enough; return what that was.

    Args:
        dry_run: Only say what would go.
    """
    with transaction() as session:
        take_turn(session)
        counted = _counted(session)
        due = _told(counted)
        if dry_run or not any(counted.values()):
            session.rollback()
            return due
        days, moment = kept_days(), now()
        for kind, step in steps:
            step.remove(session, moment - timedelta(days=days[kind]))
        counts = {one.kind: one.count for one in due if one.count}
        if counts:  # of what is told to nobody there is no event either
            record(session, "privacy.retain", details=counts)
    return due
