"""The world of the two trees, built once for each process and only read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.clock import at
from tests.access.watching import Watched
from tests.access.world import NOW, World, build
from tests.databases import SqliteDatabase, TestDatabase


@dataclass
class Grove:
    """The application on the world of the two trees, and who looks at it."""

    app: Flask
    world: World
    watched: Watched
    cookies: dict[str, str] = field(default_factory=dict)

    def as_(self, looks: str) -> FlaskClient:
        """Return a client of somebody whose visit has begun; "stranger" has none."""
        client = self.app.test_client()
        if looks != "stranger":
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookie_of(looks))
        return client

    def cookie_of(self, looks: str) -> str:
        """Return what their browser keeps, signed once."""
        if looks not in self.cookies:
            client = self.app.test_client()
            with client.session_transaction() as session:
                session["visit"] = self.world.tokens[looks]
            kept = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert kept is not None
            self.cookies[looks] = kept.value
        return self.cookies[looks]


@pytest.fixture(scope="session")
def built_grove(
    new_database: Callable[..., TestDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grove]:
    database = new_database("sqlite")
    assert isinstance(database, SqliteDatabase)
    folder = tmp_path_factory.mktemp("grove")
    world = build(database.app, folder)
    watched = Watched(database.path)
    yield Grove(database.app, world, watched)
    watched.close()


@pytest.fixture
def grove(built_grove: Grove) -> Iterator[Grove]:
    """The two trees on 16 March 2026."""
    with at(NOW):
        yield built_grove
    if built_grove.watched.changed():
        built_grove.watched.restore()
