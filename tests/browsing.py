"""Looking at pages: by an HTTP client with a strict HTML parser, and in a real Chromium."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, Playwright, Request, Response
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from core.db import db
from tests import axe
from tests.accounts import sign_in

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WIDE, PHONE = 1440, 390
HEIGHTS = {WIDE: 900, PHONE: 844}
CHROMIUM_NAMES = (
    "chromium-headless-shell",  # the same browser without windows: a fifth less work
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DRAW_SELDOM = ["--disable-threaded-compositing", "--num-raster-threads=1"]
"""A fifth less work for a browser whose pages are measured, and never clicked: clicks may hang."""


ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|#34|#39);")
VALUE = re.compile(r'(?<!\stype)="[^"&]*"')
TEXT = re.compile(r"(?<=>)\s*[^\s<&][^<&]*(?=<)")
BETWEEN = re.compile(r"(?<=>)\s+(?=<)")
ALIKE = ("</tr>", "</li>", "</option>")
"""Ends of what a page repeats."""

WELL_FORMED: set[str] = set()
"""Markup this process has read strictly: many pages are made alike."""


def read_strictly(html: str) -> None:
    """Refuse a page that is not well formed: the strict parser reads its markup without the words.

    Which words stand in a text or a value changes nothing, nor how often a row comes one after
    the other.
    """
    markup = markup_of(html)
    if markup not in WELL_FORMED:
        html5lib.HTMLParser(strict=True).parse(markup)
        WELL_FORMED.add(markup)


def markup_of(html: str) -> str:
    """Return a page with one letter for every text and value, and rows made alike once."""
    if "<!--" in html:  # what looks like a tag in it is none
        return html
    found = VALUE.sub('="x"', ESCAPED.sub("", html))
    found = BETWEEN.sub(" ", TEXT.sub("x", found))
    for end in ALIKE:
        found = end.join(one for one, _ in groupby(found.split(end)))
    return found


def parsed(html: str) -> BeautifulSoup:
    """Return the page, after a strict parser found nothing wrong; its forms carry their ids."""
    if html.lstrip()[:9].lower() == "<!doctype":
        read_strictly(html)
    page = BeautifulSoup(html, "lxml")
    for form in page.select("form[method=post]"):
        ids = form.select("input[type=hidden][name=submission]")
        assert len(ids) == 1, f"a form carries {len(ids)} ids:\n{form}"
    return page


class Browser:
    """Fetch pages as one person would, each request on its own, and parse them strictly."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def sign_in(self, role: str, employee_id: int | None = None) -> None:
        """Become somebody with this role; `tests.accounts.sign_in` says which there are."""
        self.client = self.app.test_client()
        sign_in(self.client, role, employee_id)

    def sign_out(self) -> None:
        """Become nobody."""
        self.client = self.app.test_client()

    def open(self, path: str, status: int | None = 200, **request: object) -> TestResponse:
        """Return the answer to any request; `status=None` accepts every one."""
        # What the test has written is seen by the request, and what the request has written is
        # seen by the test: like two people, they share the database and nothing else. A file that
        # is streamed is read to its end: one left halfway would keep its context for a later test.
        db.session.commit()
        with self.app.app_context():
            answer = self.client.open(path, **{"buffered": True, **request})
        if status is not None:
            assert answer.status_code == status, f"{answer.status} {path}\n{answer.text[:3000]}"
        return answer

    def get(self, path: str, status: int = 200, **request: object) -> BeautifulSoup:
        """Return the page at `path`."""
        return parsed(self.open(path, status, method="GET", **request).text)

    def post(
        self, path: str, data: dict[str, object] | None = None, status: int = 302, **request: object
    ) -> BeautifulSoup:
        """Send a form and return the page that answers; a redirect is an empty page."""
        answer = self.open(path, status, method="POST", data=data or {}, **request)
        return BeautifulSoup() if 300 <= answer.status_code < 400 else parsed(answer.text)

    def submit(self, path: str, data: dict[str, object] | None = None) -> BeautifulSoup:
        """Send a form, expect to be led on, and return the page one is led to."""
        answer = self.open(path, 302, method="POST", data=data or {})
        return self.get(answer.headers["Location"])


def fields_of(page: BeautifulSoup) -> dict[str, str]:
    """Return what a browser would send for the form of the page, without its buttons."""
    form = page.select_one("main form")
    sent = {}
    for one in form.select("input, select"):
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            sent[one["name"]] = chosen["value"] if chosen else ""
        elif one.get("type") in ("radio", "checkbox"):
            if one.has_attr("checked"):
                sent[one["name"]] = one.get("value", "y")
        else:
            sent[one["name"]] = one.get("value", "")
    return sent


@contextmanager
def serving(app: "WSGIApplication") -> Iterator[str]:
    """Serve `app` on a free port and yield its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def find_chromium() -> str | None:
    """Return the path of a browser that can be driven, or None."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def launched(driver: Playwright, *flags: str) -> Chromium:
    """Start a browser with these flags besides the usual ones."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium found: install it, or name one with CHROMIUM=/path/to/chrome.")
    return driver.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS, *flags])


@dataclass
class Watch:
    """What went wrong on a page while a test used it."""

    address: str
    tolerated: tuple[str, ...]
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        """Remember a problem unless the test expects it."""
        if not any(text in problem for text in self.tolerated):
            self.problems.append(problem)

    def on_console(self, message: ConsoleMessage) -> None:
        """Errors of scripts, of missing files and of the content security policy end up here."""
        if message.type in {"error", "warning"}:
            self.note(f"console {message.type}: {message.text} {message.location.get('url', '')}")

    def on_request(self, request: Request) -> None:
        """Everything comes from our own server."""
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.note(f"request to somebody else: {request.url}")

    def on_response(self, response: Response) -> None:
        """The server never fails."""
        if response.status >= 500:
            self.note(f"{response.status} {response.url}")


class Pages:
    """Open pages in Chromium and keep an eye on each of them."""

    def __init__(self, chromium: Chromium, app: Flask, address: str) -> None:
        self.chromium = chromium
        self.app = app
        self.address = address
        self.watches: list[Watch] = []

    def __call__(
        self,
        path: str = "/",
        *,
        width: int = WIDE,
        scheme: str = "light",
        role: str | None = None,
        tolerate: tuple[str, ...] = (),
        employee_id: int | None = None,
    ) -> Page:
        """Return a new page at `path`, in a window of its own.

        Args:
            path: Path on the server, with its query.
            width: Width of the window in pixels.
            scheme: "light" or "dark".
            role: Who looks, as for `Browser.sign_in`; None for nobody.
            tolerate: Parts of console messages this test expects, such as "404".
            employee_id: Who looks, when somebody in the organisation does.
        """
        context = self.chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        if role:
            context.add_cookies(self._cookies(role, employee_id))
        page = context.new_page()
        watch = Watch(self.address, tolerate)
        self.watches.append(watch)
        page.on("console", watch.on_console)
        page.on("pageerror", lambda error: watch.note(f"script: {error}"))
        page.on("request", watch.on_request)
        page.on("response", watch.on_response)
        page.set_default_timeout(15_000)
        page.goto(self.address + path)
        return page

    def close(self) -> None:
        """Close every window and say what went wrong in any of them."""
        for context in self.chromium.contexts:
            context.close()
        problems = [problem for watch in self.watches for problem in watch.problems]
        assert not problems, "\n".join(problems)

    def _cookies(self, role: str, employee_id: int | None) -> list[dict[str, str]]:
        client = self.app.test_client()
        sign_in(client, role, employee_id)
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None, f"signing in as {role} left no cookie"
        return [{"name": name, "value": cookie.value, "url": self.address}]


def assert_accessible(page: Page) -> None:
    """Let axe look at the page as it stands; it finds nothing.

    Whoever presses what leads to another page waits for that page first: of one that is on its way
    out nothing can be said.
    """
    page.wait_for_load_state()
    found = axe.violations(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def assert_fits(page: Page) -> None:
    """Nothing sticks out to the right: the page never scrolls sideways."""
    inside, outside = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert outside <= inside, f"{page.url} is {outside} px wide in a window of {inside} px"


def save_picture(page: Page, path: Path) -> None:
    """Keep a picture of the whole page, for people to look at."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path), full_page=True)
