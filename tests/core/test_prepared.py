"""A world that tests share is built by the first of them, and copied for the others."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from core.clock import at
from core.db import db
from people.models import OutboxMail
from people.services.outbox import write_letter
from tests.prepared import prepared

BUILT = []


@pytest.fixture(autouse=True)
def now_is_march():
    with at(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        yield


@prepared
def letter(engine_name, tmp_path):
    BUILT.append(engine_name)
    (tmp_path / "letter.txt").write_text("Hello", encoding="utf-8")
    write_letter(db.session, "ana@example.org", "Hello", "...")
    return {"to": "ana@example.org"}


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_world_is_built_once_whatever_folder_a_test_has(letter, engine_name, time):
    assert BUILT.count(engine_name) == 1
    assert letter == {"to": "ana@example.org"}
    assert db.session.scalars(select(OutboxMail.to_address)).all() == ["ana@example.org"]
    write_letter(db.session, "ben@example.org", time, "...")  # is gone before the next
    db.session.commit()
    assert db.session.scalar(select(func.count(OutboxMail.id))) == 2
