"""The transaction boundary: no update is lost, whoever writes at the same time."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, text

from core.db import DataVersion, Moment, db, note_shift, take_turn, transaction
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")

THREADS, TIMES = 8, 25


def version() -> int:
    return db.session.scalars(select(DataVersion.version)).one()


def hammer(app: Flask, with_turn: bool) -> list[BaseException]:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                for _ in range(TIMES):
                    with transaction() as session:
                        if with_turn:
                            take_turn(session)
                        held = session.scalars(select(DataVersion.version)).one()
                        session.execute(
                            text("UPDATE data_version SET version = :v"), {"v": held + 1}
                        )
                db.session.remove()
        except BaseException as error:  # a thread has nobody to raise to
            errors.append(error)

    at_once(work, THREADS)
    return errors


@pytest.mark.engines("sqlite")
def test_reading_and_then_writing_loses_no_update_on_sqlite(app: Flask) -> None:
    before = version()
    db.session.rollback()

    errors = hammer(app, with_turn=False)

    assert errors == []
    assert version() == before + THREADS * TIMES


def test_whoever_takes_a_turn_loses_no_update_on_either_database(app: Flask) -> None:
    before = version()
    db.session.rollback()

    errors = hammer(app, with_turn=True)

    assert errors == []
    assert version() == before + 2 * THREADS * TIMES


def test_a_block_that_raises_leaves_nothing() -> None:
    before = version()

    def fail() -> None:
        with transaction() as session:
            take_turn(session)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail()

    assert version() == before


@pytest.mark.engines("sqlite")
def test_sqlite_keeps_foreign_keys_and_full_durability() -> None:
    def pragma(name: str) -> object:
        return db.session.execute(text(f"PRAGMA {name}")).scalar()

    assert pragma("foreign_keys") == 1
    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2


def test_a_moment_is_kept_in_utc_and_a_naive_one_refused() -> None:
    kind, dialect = Moment(), db.engine.dialect
    local = datetime(2025, 3, 3, 12, tzinfo=timezone(timedelta(hours=2)))

    kept = kind.process_result_value(kind.process_bind_param(local, dialect), dialect)

    assert kept == datetime(2025, 3, 3, 10, tzinfo=UTC)
    assert kind.process_result_value(kind.process_bind_param(None, dialect), dialect) is None
    with pytest.raises(ValueError, match="time zone"):
        kind.process_bind_param(datetime(2025, 3, 3), dialect)  # noqa: DTZ001


def test_each_counter_rises_with_what_it_counts() -> None:
    def counters() -> tuple[int, int, int]:
        asked = select(DataVersion.turns, DataVersion.version, DataVersion.shifts)
        turns, version, shifts = db.session.execute(asked).one()
        return turns, version, shifts

    first = counters()
    found = []
    for kinds in ({}, {"shifts": False}, {"aside": True}):
        with transaction() as session:
            take_turn(session, **kinds)
        found.append(tuple(np.subtract(counters(), first).tolist()))
    with transaction() as session:
        take_turn(session, shifts=False)
        note_shift(session)

    assert found == [(1, 1, 1), (2, 2, 1), (3, 2, 1)]
    assert tuple(np.subtract(counters(), first).tolist()) == (4, 3, 2)
