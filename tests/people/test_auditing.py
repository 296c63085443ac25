"""The audit trail: what is written stays, and whoever touches it is found out."""

import random
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db import db, transaction
from people.queries.auditing import AuditFilter, audit_page, verify_audit
from people.services.auditing import note, record
from tests.together import at_once

EDITS = {
    "at": "'2020-01-01 00:00:00'",
    "account_id": "coalesce(account_id, 0) + 1",
    "capacity": "capacity || 'x'",
    "kind": "'sign-out.'",
    "object_kind": "coalesce(object_kind, '') || 'x'",
    "object_id": "coalesce(object_id, 0) + 1",
    "employee_id": "coalesce(employee_id, 0) + 1",
    "details": "details || ' '",
    "previous": "replace(previous, substr(previous, 1, 1), 'g')",
    "digest": "replace(digest, substr(digest, 1, 1), 'g')",
}


def write_some(count: int) -> None:
    with transaction() as session:
        for number in range(count):
            record(
                session,
                ("look", "hours.import", "target.set")[number % 3],
                of=("batch", number + 1),
                about=number % 5 + 1,
                details={"rows": number, "before": None, "after": {"percent": 10}},
                by=None,
            )


@contextmanager
def quiet_triggers(engine_name: str):
    """Do what somebody does who owns the database, and take it back."""
    connection = db.session.connection()
    if engine_name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for name in ("changes", "goes", "replaced"):
            connection.execute(text(f"DROP TRIGGER audit_event_never_{name}"))
    yield connection
    db.session.rollback()


def tamper(connection, chance: random.Random, count: int) -> str:
    def drawn() -> dict[str, int]:
        one, other = sorted(chance.sample(range(1, count + 1), 2))
        return {"one": one, "other": other}

    ids = drawn()
    kind = chance.choice(["edit", "edit", "remove", "swap", "swap content"])
    if kind == "edit":
        column, value = chance.choice(list(EDITS.items()))
        connection.execute(
            text(f"UPDATE audit_event SET {column} = {value} WHERE id = :one"),  # noqa: S608  # literals
            ids,
        )
        return f"{column} of {ids['one']}"
    if kind == "remove":
        connection.execute(text("DELETE FROM audit_event WHERE id = :one"), ids)
    elif kind == "swap":
        for new, old in ((-1, "one"), ("one", "other"), ("other", -1)):
            values = {"new": ids.get(new, new), "old": ids.get(old, old)}
            connection.execute(text("UPDATE audit_event SET id = :new WHERE id = :old"), values)
    else:
        held = connection.execute(
            text(
                "SELECT kind, object_id, details FROM audit_event"
                " WHERE id IN (:one, :other) ORDER BY id"
            ),
            ids,
        ).all()
        for place, (what, object_id, details) in zip(("other", "one"), held, strict=True):
            connection.execute(
                text(
                    "UPDATE audit_event SET kind = :kind, object_id = :object, details = :details"
                    " WHERE id = :id"
                ),
                {"kind": what, "object": object_id, "details": details, "id": ids[place]},
            )
        if held[0] == held[1]:
            return ""
    return f"{kind} {ids}"


def test_a_chain_nobody_touched_holds(database):
    write_some(40)

    verdict = verify_audit()

    assert (verdict.events, verdict.broken) == (40, None)
    assert len(verdict.head) == 64


def test_each_of_a_thousand_tamperings_is_found(database, engine_name):
    chance = random.Random(20260301)  # noqa: S311  # seeded on purpose
    write_some(8)
    missed = []

    with quiet_triggers(engine_name) as connection:
        for _ in range(1000):
            attempt = connection.begin_nested()
            done = tamper(connection, chance, 8)
            if done and verify_audit().broken is None:
                missed.append(done)
            attempt.rollback()

    assert missed == []
    assert verify_audit().broken is None


def test_the_last_events_cannot_be_cut_off_unseen(database, engine_name):
    write_some(10)

    with quiet_triggers(engine_name) as connection:
        connection.execute(text("DELETE FROM audit_event WHERE id > 8"))
        broken = verify_audit().broken

    assert (broken.event_id, broken.reason) == (9, "events at the end are missing or were added")


def test_the_first_events_cannot_be_cut_off_unseen(database, engine_name):
    """Even if both ends of the chain are moved: retention would have said so in an event."""
    write_some(10)

    with quiet_triggers(engine_name) as connection:
        connection.execute(
            text(
                "UPDATE audit_chain SET pruned_id = 3,"
                " pruned_digest = (SELECT digest FROM audit_event WHERE id = 3)"
            )
        )
        connection.execute(text("DELETE FROM audit_event WHERE id <= 3"))
        broken = verify_audit().broken

    assert broken.reason == "events up to here are gone and nothing says why"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET details = '{}' WHERE id = 2",
        "DELETE FROM audit_event WHERE id = 2",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_touch_an_event(database, statement):
    write_some(3)

    with pytest.raises(DBAPIError, match="never"), transaction() as session:
        session.execute(text(statement))

    assert verify_audit().broken is None


@pytest.mark.engines("postgresql")
def test_the_table_cannot_be_emptied(database):
    write_some(3)

    with pytest.raises(DBAPIError, match="never"), transaction() as session:
        session.execute(text("TRUNCATE audit_event"))


@pytest.mark.engines("sqlite")
def test_an_event_cannot_be_replaced(database):
    write_some(3)

    with pytest.raises(DBAPIError, match="never"), transaction() as session:
        session.execute(
            text("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE id = 2")
        )


def test_writers_at_the_same_time_never_fork_the_chain(app, database):
    problems = []

    def write() -> None:
        try:
            with app.app_context():
                for number in range(10):
                    note("look", about=number + 1)
        except Exception as problem:  # told below, where the test can fail
            problems.append(problem)

    at_once(write, 6)

    verdict = verify_audit()
    assert problems == []
    assert (verdict.events, verdict.broken) == (60, None)


def test_an_event_is_gone_when_its_change_is(database):
    def change() -> None:
        with transaction() as session:
            record(session, "target.set")
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        change()

    assert verify_audit().events == 0


def test_events_are_found_by_person_kind_and_days(database):
    write_some(9)

    assert len(audit_page(AuditFilter()).lines) == 9
    assert {line.about_id for line in audit_page(AuditFilter(employee_id=2)).lines} == {2}
    assert {line.kind for line in audit_page(AuditFilter(kind="look")).lines} == {"look"}
    first = audit_page(AuditFilter(), size=4)
    second = audit_page(AuditFilter(), before=first.following, size=4)
    assert [line.id for line in first.lines + second.lines] == [9, 8, 7, 6, 5, 4, 3, 2]
    assert audit_page(AuditFilter(), before=2, size=4).following is None
