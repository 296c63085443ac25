from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from core.clock import at
from core.db import db
from tests.databases import TestDatabase
from tests.organisations import loaded_demo

OPENED_AT = datetime(2026, 10, 15, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_app(new_database: Callable[..., TestDatabase], made_once: Callable[..., Path]) -> Flask:
    """The application on the demo organisation as it is on 15 October 2026; only to be read."""
    loaded = loaded_demo(new_database, made_once, OPENED_AT)
    return new_database("sqlite", loaded, DEMO=True).app


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[None]:
    """An application context in the demo organisation."""
    with demo_app.app_context(), at(OPENED_AT):
        yield
        db.session.rollback()
        db.session.remove()
