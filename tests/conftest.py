"""Fixtures every test may use: applications on both databases, and browsers to look at them.

A test that asks for `database` or `app` runs twice, on SQLite and on PostgreSQL; one of pages, that
asks for `browser`, on one of them, see `tests/engines.py`. `@pytest.mark.engines("sqlite")` names
one, `--engine sqlite` chooses one for the whole run.
"""

import copy
import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.globals import app_ctx
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Playwright, sync_playwright
from pytest_iam import Server
from sqlalchemy import select

from aptitude.queries.mirror import forget_mirrors
from core.clock import today
from core.db import db
from core.export import fonts
from people.models import Account
from planner.queries.balances import forget_balances
from tests.browsing import Browser, Pages, launched, serving
from tests.databases import (
    PostgresDatabase,
    PostgresServer,
    SqliteDatabase,
    TestDatabase,
)
from tests.engines import ENGINES, without_repetition
from tests.large_pages import EVERY, use_large_pages
from tests.ordering import place_in_the_row, share_of

# The same examples in every run, and no stopwatch: a busy machine is not a failure.
hypothesis.settings.register_profile("ours", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=ENGINES, help="run on this database only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("engines")
    wanted = mark.args if mark else ENGINES
    if "live_server" in metafunc.fixturenames:
        wanted = ("sqlite",)  # what a browser sees does not depend on the database
    only = metafunc.config.getoption("--engine")
    metafunc.parametrize("engine_name", [name for name in wanted if only in {None, name}])


def pytest_collection() -> None:
    """Begin with other files than the processes beside this one: what one rewrites all can use."""
    gc.disable()  # nearly all that comes now stays
    if "PYTEST_XDIST_WORKER" in os.environ:
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        for module in share_of(number, int(os.environ["PYTEST_XDIST_WORKER_COUNT"])):
            import_module(module)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = without_repetition(items)
    items.sort(key=place_in_the_row)


def pytest_collection_finish() -> None:
    """Look for what nobody uses any more seldom: what is imported stays, and is most of it.

    That takes a seventh off the time of a test that asks for pages.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    use_large_pages()


@pytest.fixture(scope="session")
def tests_so_far() -> Iterator[int]:
    """Count the tests of this process."""
    return count(1)


@pytest.fixture(autouse=True)
def large_pages(tests_so_far: Iterator[int]) -> None:
    """Now and then lay what came since the last time out in large pages too."""
    if next(tests_so_far) % EVERY == 0:
        use_large_pages()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[], PostgresServer]]:
    """The PostgreSQL of this process, started by the first who asks."""
    started: list[PostgresServer] = []

    def server() -> PostgresServer:
        if not started:
            started.append(PostgresServer())
        return started[0]

    yield server
    for one in started:
        one.close()


@pytest.fixture(scope="session")
def new_database(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: Callable[[], PostgresServer],
) -> Iterator[Callable[..., TestDatabase]]:
    """Make a database of its own, with an application on it: `new_database("sqlite").app`.

    For worlds that are costly to build and only read (a fixture of module scope fills one), and
    for other settings: `new_database("sqlite", DEMO=True)`. With a `template`, the file of a
    database on SQLite, it begins with what that one holds.
    """
    made: list[TestDatabase] = []
    migrated: list[Path] = []

    def make(engine_name: str, template: Path | None = None, **settings: object) -> TestDatabase:
        if engine_name == "postgresql":
            made.append(PostgresDatabase(postgres_server(), **settings))
        else:
            start = template or next(iter(migrated), None)
            one = SqliteDatabase(tmp_path_factory.mktemp("database"), start, **settings)
            migrated.extend([] if start else [one.template])
            made.append(one)
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a file that whoever comes first makes, for all processes of this run.

    `made_once("demo.db", make)` calls `make(path)` and lets the others wait for it.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], None]) -> Path:
        path, unfinished = folder / name, folder / f"unfinished-{name}"
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                make(unfinished)
                unfinished.rename(path)
        return path

    return made


@pytest.fixture(scope="session")
def font_cuts(made_once: Callable[..., Path]) -> Path:
    """A folder with every cut of the faces, only to be read."""

    def make(folder: Path) -> None:
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRAINING_MIX_CACHE", str(folder))
            fonts.build_all()

    return made_once("fonts", make)


@pytest.fixture(scope="session")
def shared_databases(
    new_database: Callable[..., TestDatabase],
) -> Callable[[str], TestDatabase]:
    """The one database of each kind that most tests use, emptied after each test."""
    made: dict[str, TestDatabase] = {}

    def shared(engine_name: str) -> TestDatabase:
        if engine_name not in made:
            made[engine_name] = new_database(engine_name)
        return made[engine_name]

    return shared


@pytest.fixture
def app(engine_name: str, shared_databases: Callable[[str], TestDatabase]) -> Flask:
    """The application, on the database this run of the test is for."""
    return shared_databases(engine_name).app


@pytest.fixture
def database(
    app: Flask, engine_name: str, shared_databases: Callable[[str], TestDatabase]
) -> Iterator[None]:
    """An application context with every table as the migrations leave it."""
    with app.app_context():
        yield
        db.session.rollback()
        db.session.remove()
    shared_databases(engine_name).empty()
    forget_balances()
    forget_mirrors()


@pytest.fixture(scope="session")
def worlds_so_far() -> dict[tuple[object, ...], tuple[Callable[[], None], object]]:
    """What brings back each world this process has built, and what its fixture gives to tests."""
    return {}


@pytest.fixture
def built_once(
    engine_name: str,
    database: None,
    shared_databases: Callable[[str], TestDatabase],
    worlds_so_far: dict[tuple[object, ...], tuple[Callable[[], None], object]],
) -> Callable[..., Any]:
    """Fill the database for the first test that asks; for all others what that made is copied.

    `built_once(build, …)` calls `build(…)`, and gives every test what it returned. What
    tests do to their world is gone with them. `tests.prepared` makes fixtures of it. Folders and
    fixtures may be given, which are others in every test; anything else makes a world of its own.
    """

    def made(build: Callable[..., Any], *given: object, **named: object) -> Any:
        if db.session.scalar(select(Account.id).limit(1)):  # somebody has signed in before
            return build(*given, **named)
        db.session.rollback()
        words = {**dict(enumerate(given)), **named}
        plain = {name: one for name, one in words.items() if isinstance(one, str | int | tuple)}
        key = engine_name, build, today(), repr(plain)
        if key not in worlds_so_far:
            found = build(*given, **named)
            db.session.commit()
            db.session.remove()
            worlds_so_far[key] = shared_databases(engine_name).kept(), copy.deepcopy(found)
            return found
        bring_back, found = worlds_so_far[key]
        bring_back()
        return copy.deepcopy(found)

    return made


@pytest.fixture
def browser(app: Flask, database: None) -> Browser:
    """Somebody who opens pages, not signed in yet."""
    return Browser(app)


@pytest.fixture(scope="session")
def iam_server(iam_server: Server) -> Iterator[Server]:
    """The sign-in provider of pytest-iam, without the application context it leaves open.

    A command that a later test of the same process runs would take that context for its own.
    """
    left_open = app_ctx._get_current_object()
    left_open.pop()
    yield iam_server
    left_open.push()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Chromium]:
    """A real browser."""
    browser = launched(driver)
    yield browser
    browser.close()


@pytest.fixture
def live_server(app: Flask, database: None) -> Iterator[str]:
    """The application behind a real port: its address without a slash at the end.

    Its forms come with an id, as in production: a browser sends what a page holds.
    """
    app.config["FORMS_CARRY_IDS"] = True
    with serving(app) as address:
        yield address
    app.config["FORMS_CARRY_IDS"] = False


@pytest.fixture
def chromium_page(chromium: Chromium, app: Flask, live_server: str) -> Iterator[Pages]:
    """Open pages in Chromium: `chromium_page("/people", width=390, scheme="dark", role="hr")`.

    The test fails at its end when any of them had an error in the console, broke the content
    security policy, asked another server for something, or was answered with a failure.
    """
    pages = Pages(chromium, app, live_server)
    yield pages
    pages.close()
