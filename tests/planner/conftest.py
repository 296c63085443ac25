from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from core.clock import at
from core.db import db
from tests.databases import TestDatabase
from tests.planner import worlds


@pytest.fixture(scope="session")
def lumens(
    new_database: Callable[..., TestDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Flask]:
    """The application on Lumen, one for each database; only to be read."""
    made: dict[str, Flask] = {}

    def lumen_on(engine_name: str) -> Flask:
        if engine_name not in made:
            made[engine_name] = new_database(engine_name).app
            with made[engine_name].app_context():
                worlds.build(tmp_path_factory.mktemp("lumen"))
        return made[engine_name]

    return lumen_on


@pytest.fixture
def lumen(engine_name: str, lumens: Callable[[str], Flask]) -> Iterator[Flask]:
    """Lumen on 1 July 2025, only to be read."""
    app = lumens(engine_name)
    with app.app_context(), at(worlds.NOW):
        yield app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def own_lumen(built_once, tmp_path) -> Iterator[None]:
    """Lumen on 1 July 2025, in a database that may be changed."""
    built_once(worlds.build, tmp_path)
    with at(worlds.NOW):
        yield
