"""Work that is done later: written with what asks for it, done exactly once by a worker.

A job is a row that is written in the transaction of whatever asks for it, so that nothing is
promised that is not kept, and nothing done that was taken back. A worker divides it into parts and
does them one by one. A part and the note that it is done are one transaction: when a worker dies
in the middle, the next one goes on with the first part that is not noted. `core.worker` has the
engine that finds, repeats and resumes jobs.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from core.clock import now
from core.db import Code, IntPk, Model, db, transaction
from core.errors import RefusedError

AnySession = scoped_session[Any] | Session
Payload = Mapping[str, Any]
"""What a job is about, as plain values for JSON; ids, never copies of people's data."""

MOST_TOLD = 500


class Job(Model):
    """Something to be done, and how far it is."""

    __tablename__ = "job"
    id: Mapped[IntPk]
    kind: Mapped[Code]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The same key never makes a second job."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """For whom it is done; None for the organisation itself."""
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    done: Mapped[int]
    parts: Mapped[int | None]
    """How many parts it has; None before it is divided."""
    problem: Mapped[str | None] = mapped_column(String(MOST_TOLD))


class JobPart(Model):
    """The note that a part of a job is done, written with what it did."""

    __tablename__ = "job_part"
    job_id: Mapped[int] = mapped_column(
        ForeignKey("job.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    done_at: Mapped[datetime]


class JobWorker(Model):
    """A worker and when it was last alive."""

    __tablename__ = "job_worker"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime]


@dataclass(frozen=True)
class JobKind:
    """One kind of work.

    Attributes:
        name: What it is called in the database; never changes.
        divide: Returns the parts of a job, as plain values; it only reads.
        do: Does one part within the transaction it is given.
        cron: When it falls due by itself, in UTC ("0 6 * * 1": Mondays at six); None when asked.
        permission: What whoever asks for it has to hold, still when each part is done.
    """

    name: str
    divide: Callable[[Payload], Sequence[Payload]]
    do: Callable[[AnySession, Payload], None]
    cron: str | None = None
    permission: str | None = None


kinds: dict[str, JobKind] = {}
"""Every kind of work there is, by its name; features register theirs when the app is made."""

acting_for: list[Callable[[int, str], AbstractContextManager[object]]] = []
"""Do a block as an account that holds a permission now, or raise; people add how."""


def register(*added: JobKind) -> None:
    """Add kinds of work."""
    kinds.update({kind.name: kind for kind in added})


def queue(
    session: AnySession, kind: str, key: str, payload: Payload, account_id: int | None = None
) -> None:
    """Ask for work, as part of the unit of work that needs it; the same key asks only once.

    Args:
        session: The session of the transaction.
        kind: The name of a registered kind.
        key: What makes this job the same as another one, without the kind.
        payload: What it is about.
        account_id: For whom it is done: it stops when they may no longer do it.
    """
    full = f"{kind}:{key}"
    if kind not in kinds:
        raise LookupError(f"nobody does work of the kind {kind!r}")
    if session.scalar(select(exists().where(Job.key == full))):
        return
    session.add(
        Job(
            kind=kind,
            key=full,
            payload=dict(payload),
            account_id=account_id,
            queued_at=now(),
            done=0,
        )
    )


def queue_due(kind: str, at: datetime) -> None:
    """Ask for the work that falls due at a moment; several workers may ask, one job comes of it."""
    with transaction() as session:
        queue(session, kind, at.isoformat(timespec="seconds"), {"at": at.isoformat()})


def waiting_jobs(limit: int = 100) -> dict[int, str]:
    """Return the ids of jobs nobody has begun, the oldest first, each with a name for its run.

    The name is of this job alone, even where ids begin anew because a copy was put back.
    """
    asked = select(Job.id, Job.key, Job.queued_at).where(Job.started_at.is_(None))
    rows = db.session.execute(asked.order_by(Job.id).limit(limit))
    return {row.id: f"{row.key}#{row.id}@{row.queued_at.isoformat()}" for row in rows}


def note_started(job_ids: Iterable[int]) -> None:
    """Note that jobs were handed to the engine; from then on it takes care of them."""
    with transaction() as session:
        session.execute(update(Job).where(Job.id.in_(job_ids)).values(started_at=now()))


def divide_job(job_id: int) -> list[Payload]:
    """Return the parts of a job, and note how many there are."""
    with _acting(job_id), transaction() as session:
        job = session.get_one(Job, job_id)
        parts: list[Payload] = [dict(part) for part in kinds[job.kind].divide(job.payload)]
        job.parts = len(parts)
        return parts


def do_part(job_id: int, number: int, part: Payload) -> None:
    """Do one part unless it is done, and note it in the same transaction."""
    with _acting(job_id), transaction() as session:
        if session.get(JobPart, (job_id, number)) is not None:
            return
        job = session.get_one(Job, job_id)
        kinds[job.kind].do(session, part)
        session.add(JobPart(job_id=job_id, number=number, done_at=now()))
        job.done += 1


def finish_job(job_id: int, problem: str | None = None) -> None:
    """Note that a job is over, and why when it failed."""
    told = problem[:MOST_TOLD] if problem else None
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(finished_at=now(), problem=told))


def run_here(job_id: int) -> None:
    """Do a whole job in this process, without a worker: for commands and the demo."""
    note_started([job_id])
    try:
        for number, part in enumerate(divide_job(job_id)):
            do_part(job_id, number, part)
    except RefusedError as refusal:
        finish_job(job_id, str(refusal))
    else:
        finish_job(job_id)


@contextlib.contextmanager
def _acting(job_id: int) -> Iterator[None]:
    """Do a block as whoever asked for the job, who must still be allowed to ask for it."""
    job = db.session.get_one(Job, job_id, populate_existing=True)
    with contextlib.ExitStack() as stack:
        permission = kinds[job.kind].permission
        if job.account_id is not None and permission is not None:
            account_id = job.account_id
            for act in acting_for:
                stack.enter_context(act(account_id, permission))
        yield
