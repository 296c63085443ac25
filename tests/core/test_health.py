"""What whoever watches the server is told."""

import pytest
from sqlalchemy import text

from core.db import db


def test_the_process_is_alive_without_a_look_at_the_database(browser):
    assert browser.open("/healthz").json == {"status": "ok"}


def test_it_is_ready_when_the_database_has_every_table(browser):
    answer = browser.open("/readyz")

    assert answer.json == {"status": "ok", "database": "ok", "migrations": "ok"}


def test_it_is_not_ready_when_migrations_are_missing(browser):
    version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    answer = browser.open("/readyz", status=503)

    db.session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
    db.session.commit()
    assert answer.json["migrations"] == "behind"


@pytest.mark.engines("sqlite")
def test_it_is_not_ready_without_its_database(browser, monkeypatch):
    db.session.rollback()
    db.session.remove()
    db.engine.dispose()
    path = db.engine.url.database
    monkeypatch.setattr("core.web.health._found_version", _unreachable)

    answer = browser.open("/readyz", status=503)

    assert answer.json == {"status": "not ready", "database": "unreachable"}
    assert path is not None


def _unreachable():
    return set(db.session.scalars(text("SELECT version_num FROM no_such_table")))
