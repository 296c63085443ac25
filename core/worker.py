"""The worker: it finds jobs, runs them on a durable engine, and takes over those of the dead.

The engine is DBOS. It keeps, in tables of its own, how far each job is; a worker that is started
again under its name goes on where the killed one stopped, and another worker takes over what
belongs to one that has not been seen for a while. That a part acts once does not depend on the
engine: `core.jobs.do_part` notes it in the transaction of the part.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from core.clock import now
from core.db import db, transaction
from core.errors import RefusedError
from core.jobs import (
    JobWorker,
    Payload,
    divide_job,
    do_part,
    finish_job,
    kinds,
    note_started,
    queue_due,
    waiting_jobs,
)

QUEUE = "jobs"
VERSION = "1"
"""Jobs survive new versions of the product: their parts are plain values."""

LOOKED_EVERY = 1.0
SEEN_EVERY = 20.0
DEAD_AFTER = timedelta(minutes=2)
AT_ONCE = 2
TRIES = 4

AppContext = Callable[[], AbstractContextManager[object]]
_context: list[AppContext] = []


@dataclass(frozen=True)
class Engine:
    """Where the engine keeps its tables, and under which name this worker is known.

    Attributes:
        url: A database; on PostgreSQL the one of the product, on SQLite a file beside it.
        name: Stays the same when the worker is started again.
    """

    url: str
    name: str


def engine_url(database_url: str) -> str:
    """Return where the engine keeps its tables: SQLite lets only one at a time write to a file."""
    if database_url.startswith("sqlite:///"):
        return f"{database_url.removesuffix('.db')}.jobs.db"
    return database_url


def _in_app(function: Callable[..., Any]) -> Callable[..., Any]:
    def within(*args: Any) -> Any:
        with _context[-1]():
            return function(*args)

    within.__name__ = within.__qualname__ = function.__name__
    return within


_tries: dict[str, Any] = {
    "retries_allowed": True,
    "max_attempts": TRIES,
    "interval_seconds": 2.0,
    "should_retry": lambda error: not isinstance(error, RefusedError),
}
_divide = DBOS.step(name="divide", **_tries)(_in_app(divide_job))
_do = DBOS.step(name="do", **_tries)(_in_app(do_part))
_finish = DBOS.step(name="finish", **_tries)(_in_app(finish_job))
_due = DBOS.step(name="due", **_tries)(_in_app(queue_due))


@DBOS.workflow(name="job", max_recovery_attempts=100)
def _run(job_id: int) -> None:
    try:
        parts: Sequence[Payload] = _divide(job_id)
        for number, part in enumerate(parts):
            _do(job_id, number, part)
    except RefusedError as refusal:
        _finish(job_id, str(refusal))
    except Exception as error:
        logging.getLogger("training_mix").exception("job %s failed", job_id)
        _finish(job_id, f"{type(error).__name__}: {error}")
    else:
        _finish(job_id)


@DBOS.workflow(name="due")
def _fall_due(at: datetime, kind: str) -> None:
    _due(kind, at)


def work(
    app_context: AppContext,
    engine: Engine,
    stop: threading.Event,
    also: Sequence[Callable[[], None]] = (),
) -> None:
    """Work until `stop` is set.

    Args:
        app_context: Opens an application context.
        engine: Where the engine keeps what it knows.
        stop: Ends the work after the parts that are being done.
        also: Small things to do each time round, such as sending letters.
    """
    _context.append(app_context)
    config: DBOSConfig = {
        "name": "training-mix",
        "system_database_url": engine.url,
        "application_version": VERSION,
        "executor_id": engine.name,
        "log_level": "ERROR",
        "scheduler_polling_interval_sec": LOOKED_EVERY,
    }
    DBOS(config=config)
    DBOS.launch()
    try:
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=LOOKED_EVERY)
        _schedule()
        seen_at = -SEEN_EVERY
        while not stop.is_set():
            do = list(also)
            if monotonic() - seen_at >= SEEN_EVERY:
                seen_at = monotonic()
                do = [partial(_say_alive, engine.name), *also]
            _once_round(app_context, [_hand_over, *do])
            stop.wait(LOOKED_EVERY)
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=10)
        _context.pop()


def _schedule() -> None:
    wanted = {kind.name: kind.cron for kind in kinds.values() if kind.cron}
    there = {one["schedule_name"]: one["schedule"] for one in DBOS.list_schedules()}
    for name in there:
        if wanted.get(name) != there[name]:
            DBOS.delete_schedule(name)
    for name, cron in wanted.items():
        if there.get(name) != cron:
            DBOS.create_schedule(
                schedule_name=name,
                workflow_fn=_fall_due,
                schedule=cron,
                context=name,
                automatic_backfill=True,
            )


def _once_round(app_context: AppContext, duties: Sequence[Callable[[], None]]) -> None:
    for do in duties:
        with app_context():
            try:
                do()
            except OperationalError:  # busy or away: what is left waits for the next round
                logging.getLogger("training_mix").warning("worker: the database is busy")


def _hand_over() -> None:
    """Give jobs to the engine; the id of the run keeps a second hand-over from doing anything."""
    waiting = waiting_jobs()
    queue = DBOS.retrieve_queue(QUEUE)
    if not waiting or queue is None:
        return
    for job_id, run in waiting.items():
        with SetWorkflowID(run):
            queue.enqueue(_run, job_id)
    note_started(waiting)


def _say_alive(name: str) -> None:
    at = now()
    with transaction() as session:
        worker = session.get(JobWorker, name)
        if worker is None:
            session.add(JobWorker(name=name, seen_at=at))
        else:
            worker.seen_at = at
    _take_over_from_the_dead(name)


def _take_over_from_the_dead(name: str) -> None:
    asked = select(JobWorker.name).where(
        JobWorker.seen_at < now() - DEAD_AFTER, JobWorker.name != name
    )
    for dead in db.session.scalars(asked).all():
        for run in DBOS.list_workflows(executor_id=dead, status="PENDING"):
            DBOS.resume_workflow(run.workflow_id)
        with transaction() as session:
            session.execute(delete(JobWorker).where(JobWorker.name == dead))
