"""Two people with the same form open: what a test needs to send both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup
from flask import Flask

from core.db import db
from tests.browsing import Browser
from tests.together import at_once

WORKERS = 4


def version_in(page: BeautifulSoup, form: str = "form") -> str:
    """Return the version the first form that has one carries, or one that a selector names."""
    field = page.select_one(f"{form} input[name=version]")
    assert field is not None, "no form on this page carries a version"
    return str(field["value"])


def both_of(page: BeautifulSoup) -> dict[str, tuple[str, str]]:
    """Return what was sent and what is there, by label, after a conflict."""
    rows = page.select(".tm-conflict tbody tr")
    texts = [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]
    return {label: (sent, held) for label, sent, held in texts}


def told(page: BeautifulSoup) -> str:
    """Return the sentences above what was sent and what is there."""
    return " ".join(page.select_one(".tm-conflict p").text.split())


def typed(page: BeautifulSoup, name: str) -> str:
    """Return what a field of the page holds."""
    field = page.select_one(f"main [name={name}]")
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    return str(field.get("value", ""))


@contextmanager
def other_person(browser: Browser, role: str, employee_id: int | None = None) -> Iterator[None]:
    """Let somebody else use the browser for a while."""
    mine = browser.client
    browser.sign_in(role, employee_id)
    yield
    browser.client = mine


def too_late(
    browser: Browser,
    where: str,
    mine: dict[str, str],
    theirs: dict[str, str],
    role: str,
) -> BeautifulSoup:
    """Return what somebody is shown whose form was read before somebody with `role` sent theirs."""
    seen = version_in(browser.get(where))
    with other_person(browser, role):
        browser.post(where, {**theirs, "version": seen})
    return browser.post(where, {**mine, "version": seen}, 409)


def all_at_once(app: Flask, work: Callable[[int], None]) -> None:
    """Let several people work at the same moment, each with a number and a session of their own."""
    numbers = iter(range(WORKERS))

    def run() -> None:
        with app.app_context():
            work(next(numbers))
            db.session.remove()

    at_once(run, WORKERS)
