"""The demo organisation, loaded once for all processes of a run."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.clock import at
from core.db import db
from demo.services.loading import load_demo
from people.models import Employee
from serve import Places
from tests.databases import SqliteDatabase, TestDatabase

LEFT_BEHIND = "Somebody of half a company"
OF_THE_MACHINE = ("DATABASE_URL", "SECRET_KEY", "PASSWORD_SALT", "SETUP_TOKEN")
"""Settings a test leaves out, whatever the machine it runs on has."""


def loaded_demo(
    new_database: Callable[..., TestDatabase],
    made_once: Callable[..., Path],
    moment: datetime | None = None,
) -> Path:
    """Return the database of the demo as it is when it is loaded at that moment, or now."""

    def make(path: Path) -> None:
        one = new_database("sqlite", DEMO=True)
        assert isinstance(one, SqliteDatabase)
        if moment is None:
            make_as_served(one, path)
            return
        with one.app.app_context(), at(moment):
            load_demo()
        one.keep(path)

    return made_once(f"demo-{moment.date() if moment else 'now'}.db", make)


def make_as_served(empty: SqliteDatabase, path: Path) -> None:
    """Make the demo as `./run` does where it was left half loaded: one load proves that as well."""
    with empty.app.app_context():
        db.session.add(Employee(number="1", name=LEFT_BEHIND, name_key=LEFT_BEHIND.lower()))
        db.session.commit()
        db.session.remove()
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("TRAINING_MIX_DATA", folder)
        for name in OF_THE_MACHINE:
            patch.delenv(name, raising=False)
        places = Places("127.0.0.1", with_demo=True)
        for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT"):  # what is signed is read in tests
            places.demo.config[name] = empty.app.config[name]
        empty.keep(places.demo_file)
        places.prepare()
        SqliteDatabase.copy(places.demo_file, path)
        places.let_go()
