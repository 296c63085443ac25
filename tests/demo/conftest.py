from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from core.clock import at
from core.db import db
from demo.services.loading import load_demo
from tests.databases import TestDatabase

OPENED_AT = datetime(2026, 10, 15, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_app(new_database: Callable[..., TestDatabase]) -> Flask:
    """The application on the demo organisation as it is on 15 October 2026; only to be read."""
    app = new_database("sqlite", DEMO=True).app
    with app.app_context(), at(OPENED_AT):
        load_demo()
    return app


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[None]:
    """An application context in the demo organisation."""
    with demo_app.app_context(), at(OPENED_AT):
        yield
        db.session.rollback()
        db.session.remove()
