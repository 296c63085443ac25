"""Work that is done later: asked for with its cause, done once, whatever happens to workers."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from core.clock import now
from core.db import db, transaction
from core.jobs import (
    Job,
    JobKind,
    JobWorker,
    do_part,
    kinds,
    queue,
    queue_due,
    register,
    run_here,
    waiting_jobs,
)
from people.models import Account, OutboxMail
from people.rules.levels import RoleName
from people.services.accounts import add_account
from tests.core.a_worker import letters, write_letters


@pytest.fixture
def letter_kind(database):
    register(letters(0))
    yield
    del kinds["letters"]


def ask(count: int, key: str = "first", account_id: int | None = None) -> Job:
    with transaction() as session:
        queue(session, "letters", key, {"count": count}, account_id)
    return db.session.scalars(select(Job)).one()


def written() -> list[str]:
    return list(db.session.scalars(select(OutboxMail.to_address).order_by(OutboxMail.to_address)))


def test_a_job_does_all_its_parts_and_says_so(letter_kind):
    job = ask(3)
    run_here(job.id)
    db.session.refresh(job)

    assert written() == ["0@example.org", "1@example.org", "2@example.org"]
    assert (job.done, job.parts, job.problem) == (3, 3, None)
    assert job.finished_at is not None


def test_the_same_key_asks_only_once(letter_kind):
    ask(3)

    assert ask(5).payload == {"count": 3}


def test_what_is_taken_back_was_never_asked_for(letter_kind):
    def ask_and_think_again() -> None:
        with transaction() as session:
            queue(session, "letters", "first", {"count": 3})
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        ask_and_think_again()
    assert waiting_jobs() == {}


def test_a_part_that_is_done_is_not_done_again(letter_kind):
    job = ask(1)
    for _ in range(3):
        do_part(job.id, 0, {"to": 0})

    assert written() == ["0@example.org"]
    assert db.session.get_one(Job, job.id).done == 1


def test_a_part_that_fails_leaves_nothing(database):
    def fail(session, part):
        letters(0).do(session, part)
        raise RuntimeError("the printer is on fire")

    register(JobKind("letters", lambda _: [{"to": 1}], fail))
    job = ask(1)
    with pytest.raises(RuntimeError, match="printer"):
        do_part(job.id, 0, {"to": 1})
    del kinds["letters"]

    assert written() == []
    assert db.session.get_one(Job, job.id).done == 0


def test_work_for_somebody_stops_when_they_may_no_longer_do_it(letter_kind):
    """Between two parts the account loses its role; what was done stays, nothing more is done."""
    account = add_account("a@example.org", [RoleName.HR], password="seven lanterns by the sea")
    with transaction() as session:
        queue(session, "letters", "first", {"count": 2}, account)
    job = db.session.scalars(select(Job)).one()
    do_part(job.id, 0, {"to": 0})
    with transaction() as session:
        session.get_one(Account, account).roles = []
    run_here(job.id)

    job = db.session.scalars(select(Job)).one()
    assert job.problem == "Whoever asked for this may no longer do it."
    assert (written(), job.done) == (["0@example.org"], 1)


def test_work_nobody_knows_is_refused_when_it_is_asked_for(database):
    with pytest.raises(LookupError, match="unheard-of"), transaction() as session:
        queue(session, "unheard-of", "1", {})


def test_what_falls_due_makes_one_job_however_many_workers_say_so(letter_kind):
    monday = datetime(2026, 11, 23, 6, tzinfo=UTC)
    for _ in range(3):
        queue_due("letters", monday)

    job = db.session.scalars(select(Job)).one()
    assert job.key == "letters:2026-11-23T06:00:00+00:00"


def url() -> str:
    return db.engine.url.render_as_string(hide_password=False)


def wait_until(is_so, seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not is_so():
        db.session.rollback()
        assert monotonic() < end, "it never came to that"
        sleep(0.1)


def letters_there() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMail)) or 0


def finished() -> bool:
    return db.session.scalar(select(Job.finished_at)) is not None


FORKS = get_context("forkserver")
"""Each worker is forked from one process that has loaded the product, which takes seconds."""

FORKS.set_forkserver_preload(["app", write_letters.__module__])


@contextmanager
def working(name: str, pause: float):
    """A worker that is killed without a word when the block ends."""
    worker = FORKS.Process(target=write_letters, args=(url(), name, pause))
    worker.start()
    try:
        yield
    finally:
        worker.kill()
        worker.join()
        db.session.rollback()


@pytest.mark.engines("sqlite")
def test_a_killed_worker_goes_on_where_it_was_and_each_part_acts_once(letter_kind):
    """The real thing: `kill -9` in the middle, and the same worker started again."""
    ask(20)
    db.session.rollback()
    with working("one", 0.1):
        wait_until(lambda: letters_there() >= 5)
    before = letters_there()
    db.session.rollback()
    with working("one", 0):
        wait_until(finished)

    job = db.session.scalars(select(Job)).one()
    assert 5 <= before < 20
    assert sorted(written()) == sorted(f"{n}@example.org" for n in range(20))
    assert (job.done, job.parts, job.problem) == (20, 20, None)


@pytest.mark.engines("postgresql")
def test_a_killed_worker_goes_on_and_another_takes_over_when_it_never_comes_back(letter_kind):
    """Both in one: it is killed, goes on where it was, and is killed for good."""
    ask(40)
    db.session.rollback()
    killed_at = [0]
    for _ in range(2):
        with working("lost", 0.1):
            wait_until(lambda: letters_there() >= killed_at[-1] + 5)
        killed_at.append(letters_there())
    with transaction() as session:
        session.get_one(JobWorker, "lost").seen_at = now() - timedelta(minutes=5)
    db.session.rollback()
    with working("other", 0):
        wait_until(finished)

    job = db.session.scalars(select(Job)).one()
    assert killed_at[1] + 5 <= killed_at[2] < 40
    assert sorted(written()) == sorted(f"{n}@example.org" for n in range(40))
    assert (job.done, job.parts, job.problem) == (40, 40, None)
    assert list(db.session.scalars(select(JobWorker.name))) == ["other"]
