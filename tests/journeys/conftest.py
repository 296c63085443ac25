from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Playwright

from tests.browsing import DRAW_SELDOM, Pages, launched, serving
from tests.databases import TestDatabase
from tests.organisations import loaded_demo

SETUP_WORD = "oak river lantern"


@pytest.fixture(scope="session")
def demo_app(new_database: Callable[..., TestDatabase], made_once: Callable[..., Path]) -> Flask:
    """The application on the demo organisation, as `make run` serves it today."""
    loaded = loaded_demo(new_database, made_once)
    return new_database("sqlite", loaded, DEMO=True, WTF_CSRF_ENABLED=True).app


@pytest.fixture(scope="session")
def demo_address(demo_app: Flask) -> Iterator[str]:
    """Where the demo is served."""
    with serving(demo_app) as address:
        yield address


@pytest.fixture
def demo_pages(chromium: Chromium, demo_app: Flask, demo_address: str) -> Iterator[Pages]:
    """Open pages of the demo in Chromium; errors of any of them fail the test at its end."""
    pages = Pages(chromium, demo_app, demo_address)
    yield pages
    pages.close()


@pytest.fixture(scope="module")
def measuring_chromium(driver: Playwright) -> Iterator[Chromium]:
    """A real browser for tests that measure pages and click nowhere."""
    browser = launched(driver, *DRAW_SELDOM)
    yield browser
    browser.close()


@pytest.fixture
def own_pages(chromium: Chromium, new_database: Callable[..., TestDatabase]) -> Iterator[Pages]:
    """Open pages of an empty place for one's own data, where nobody can sign in yet."""
    app = new_database("sqlite", WTF_CSRF_ENABLED=True, SETUP_TOKEN=SETUP_WORD).app
    with serving(app) as address:
        pages = Pages(chromium, app, address)
        yield pages
        pages.close()
