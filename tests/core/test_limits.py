"""A statement that takes too long is given up; imports and commands have more time."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, literal, select, table, text
from sqlalchemy.exc import OperationalError

from core.db import db, take_turn, transaction
from core.guarding import apart, close_all, guard_nothing
from core.limits import USUAL
from core.web.access import PUBLIC, requires


@pytest.fixture
def hurried(engine_name, new_database) -> Iterator[Flask]:
    """An application that gives a page a quarter of a second for each statement."""
    limits = {"statement_seconds": 0.25, "writing_seconds": 20, "lock_seconds": 0.2}
    options = {"pool_pre_ping": True, "execution_options": limits}
    one = new_database(engine_name, SQLALCHEMY_ENGINE_OPTIONS=options)
    with one.app.app_context():
        yield one.app
        db.session.remove()


def endless(rows: int = 2 * 10**9):
    """Return a question that counts for a very long time, in small steps."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < rows))
    return select(func.count()).select_from(numbers)


def test_a_page_that_asks_too_much_is_answered_that_the_database_is_busy(hurried):
    @requires(PUBLIC)
    def costly() -> str:
        return str(db.session.scalar(endless()))

    hurried.add_url_rule("/costly", "costly", costly)

    answer = hurried.test_client().get("/costly")

    assert answer.status_code == 503
    assert "The database is busy" in answer.text
    assert db.session.scalar(select(func.count()).select_from(table("role"))) is not None


def test_each_statement_has_its_own_time(hurried):
    close_all("a page")
    try:
        for _ in range(30):
            assert db.session.scalar(endless(20_000)) == 20_000
    finally:
        guard_nothing()


def test_units_of_work_that_write_and_commands_have_more_time(hurried):
    rows = 1_500_000  # about half a second, and more than a page has
    close_all("a page")
    try:
        with pytest.raises(OperationalError):
            db.session.scalar(endless(rows * 4))
        with transaction() as session:
            assert session.scalar(endless(rows)) == rows
    finally:
        guard_nothing()
    with apart(None):
        assert db.session.scalar(endless(rows)) == rows


@pytest.mark.engines("postgresql")
def test_postgres_is_told_every_limit_at_the_beginning_of_each_transaction(app, database):
    def told(name: str) -> str:
        return str(db.session.scalar(text(f"SHOW {name}")))

    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    assert [told(name) for name in names] == ["0", "15s", "10min"]
    db.session.rollback()
    close_all("a page")
    try:
        assert [told(name) for name in names] == ["1min", "15s", "10min"]
        assert told("transaction_isolation") == "repeatable read"
        with transaction():
            assert [told(name) for name in names] == ["10min", "15s", "10min"]
            assert told("transaction_isolation") == "read committed"
    finally:
        guard_nothing()


@pytest.mark.engines("postgresql")
def test_nobody_waits_for_a_lock_for_ever(hurried):
    failed: list[BaseException] = []

    def wait() -> None:
        try:
            with hurried.app_context(), transaction() as session:
                take_turn(session)
        except OperationalError as error:
            failed.append(error)

    with transaction() as session:
        take_turn(session)
        other = threading.Thread(target=wait)
        other.start()
        other.join(timeout=10)

    assert "lock timeout" in str(failed[0])


@pytest.mark.engines("postgresql")
def test_a_connection_that_has_died_is_replaced_unseen(hurried):
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    address = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as elsewhere:
        elsewhere.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    assert db.session.scalar(text("SELECT pg_backend_pid()")) != pid


def test_the_usual_limits_are_those_the_manual_names():
    assert USUAL == {
        "statement_seconds": 60, "writing_seconds": 600, "lock_seconds": 15, "idle_seconds": 600,
    }  # fmt: skip
