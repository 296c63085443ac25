"""Looking at a page as it stands: in both widths, light and dark."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from tests import axe
from tests.accounts import sign_in
from tests.browsing import HEIGHTS, PHONE, WIDE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SCHEMES = ("light", "dark")
SHOWN_CHOICES = ("unit", "level", "open")
LOOKS = tuple((width, scheme) for width in (WIDE, PHONE) for scheme in SCHEMES)
SOME_LOOKS = ((WIDE, "dark"), (PHONE, "light"))
"""Where others look at the same page in the other two ways."""

MOST_PAGES = 400
LINK = re.compile(r'<a\s[^>]*?(?<=\s)href="([^"]*)"')
WORDS = {"href", "src", "title", "value", "name", "for", "action", "id", "datetime", "transform"}
PLACES = {"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "points"}
SAID = {f"aria-{one}" for one in ("label", "labelledby", "describedby", "controls")}
NAMES_ONLY = WORDS | PLACES | SAID
"""Attributes whose values are words and places; of the others the values make the page."""

LISTS = frozenset({"tbody", "ul", "ol", "svg", "select", "datalist"})
"""Of what these hold, things made alike count once."""

SHORTEN = """() => {
  const made = e => `<${e.tagName} ${[...e.attributes].map(one =>
    /^(id|href|src|title|value|name|for|aria-(label|labelledby|describedby|controls))$/.test(one.name)
      ? one.name : one.name + "=" + one.value).sort().join(" ")}>`
    + [...e.childNodes].map(one => one.nodeType === 1 ? made(one)
      : one.nodeType === 3 && one.data.trim() ? "text" : "").join("") + "</>";
  for (const list of document.querySelectorAll("tbody, ul, ol")) {
    if (list.closest("nav")) continue;
    const times = {};
    for (const row of [...list.children]) {
      if (row.querySelector("select, input")) continue;
      const kind = made(row);
      times[kind] = (times[kind] || 0) + 1;
      if (times[kind] > 2) row.remove();
    }
  }
}"""
"""Of rows that are alike in all but their words, axe looks at two.

What a form would send stays, and a row that is made in another way, wherever it stands.
"""

SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, input")]
  .filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || box.height >= 24) return false;
    if (/^(checkbox|radio)$/.test(e.type) || e.closest(".visually-hidden, .tm-skip")) return false;
    const beside = [...e.parentElement.childNodes].filter(node => node !== e);
    const inText = beside.some(node => node.textContent.trim());
    return !(inText && getComputedStyle(e).display === "inline");
  })
  .slice(0, 3).map(e => e.outerHTML.slice(0, 160))"""
"""What is hard to hit: lower than 24 px, and no part of running text."""

WIDTHS = "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"


def text_of(page: Page, selector: str) -> str:
    """Return the text of an element with ordinary spaces."""
    return " ".join(page.locator(selector).first.inner_text().split())


def follow(page: Page, group: str, name: str) -> None:
    """Open a group of the main navigation and follow one of its links."""
    page.wait_for_load_state()  # the script that closes groups is there
    bar = page.get_by_role("navigation", name="Main")
    word = bar.locator("summary", has_text=group)
    if word.locator("..").get_attribute("open") is None:
        word.click()
    bar.get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()


def problems_of(page: Page, looks: tuple[tuple[int, str], ...] = LOOKS) -> list[str]:
    """Return what axe finds and what sticks out, in these widths and schemes."""
    found: list[str] = []
    page.wait_for_load_state()
    widths = sorted({width for width, _ in looks}, reverse=True)
    for width in widths:
        found += too_large_or_small(page, width)
    axe.load(page)
    page.evaluate(SHORTEN)
    shown = ""
    for width in reversed(widths):  # to change the width takes the browser long
        widen(page, width)
        # The second width begins as the first has ended: colours are changed seldom.
        schemes = sorted((scheme for one, scheme in looks if one == width), key=shown.__ne__)
        for number, scheme in enumerate(schemes):
            if scheme != shown:
                page.emulate_media(color_scheme=scheme)
            shown = scheme
            # In the other colours nothing else is another.
            said = axe.colours(page) if number else axe.violations(page)
            found += [f"{page.url} at {width}, {scheme}: {one}" for one in said]
    if shown != "light":
        page.emulate_media(color_scheme="light")
    widen(page, WIDE)
    return found


def widen(page: Page, width: int) -> None:
    """Make the window as wide as asked for, unless it is."""
    size = {"width": width, "height": HEIGHTS[width]}
    if page.viewport_size != size:
        page.set_viewport_size(size)


def too_large_or_small(page: Page, width: int) -> list[str]:
    """Return what sticks out, and what is hard to hit, in a window as wide."""
    widen(page, width)
    inside, outside = page.evaluate(WIDTHS)
    found = [f"{page.url} at {width}: lower than 24 px: {one}" for one in page.evaluate(SMALL)]
    if outside > inside:
        found.append(f"{page.url} at {width}: {outside} px wide, of {widest(page)}")
    return found


def widest(page: Page) -> str:
    """Return the element that sticks out furthest to the right."""
    text: str = page.evaluate(
        """() => { let far = 0, who = "";
          for (const e of document.querySelectorAll("body *")) {
            const right = e.getBoundingClientRect().right;
            if (right > far) { far = right; who = e.outerHTML.slice(0, 160); } }
          return who; }"""
    )
    return text


def addresses(
    app: Flask, role: str, starts: tuple[str, ...], files: set[str]
) -> dict[str, TestResponse]:
    """Return an address of every kind of page somebody can reach by links, with its answer.

    Two addresses are of one kind when one view answers both; those of the balance differ by one
    choice that is not the usual one. Kinds that turn out to be files are added to `files`, and
    those that are there are not asked for: a file leads nowhere.
    """
    client = app.test_client()
    sign_in(client, role)
    waiting, kinds, found = list(starts), set(), dict[str, TestResponse]()
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        kind = kind_of(app, address)
        if kind is None or kind in kinds | files:
            continue
        kinds.add(kind)
        with client.get(
            address, follow_redirects=True, buffered=True
        ) as answer:  # or a file stays half read
            if answer.status_code >= 400:
                raise AssertionError(f"{role} is led to {address}, which answers {answer.status}")
            if answer.mimetype == "text/html":
                if answer.request.path == urlsplit(address).path:  # no redirect
                    found[address] = answer
                waiting += links(answer.text, address)
            else:
                files.add(kind)
    return found


class Remembering:
    """An application that gives pages out again as it once answered somebody, and makes the rest.

    A page that was read for its links need not be made a second time to be looked at.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.answers: dict[str, TestResponse] = {}
        self.given: list[str] = []

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING")
        address = environ["PATH_INFO"] + (f"?{query}" if query else "")
        known = self.answers.get(address)
        if known is None or environ["REQUEST_METHOD"] != "GET":
            return self.app(environ, start_response)
        self.given.append(address)
        kept = [(name, value) for name, value in known.headers if name != "Set-Cookie"]
        return Response(known.data, known.status, kept)(environ, start_response)


@cache
def shape_of(html: str) -> str:
    """Return how the main part of a page is made, without its words."""
    return "".join(map(_made, document_fromstring(html).iter("main")))


def _made(node: HtmlElement) -> str:
    if not isinstance(node.tag, str):  # a comment
        return ""
    values = (f"{key}={one}" if key not in NAMES_ONLY else key for key, one in node.items())
    parts = [_said(node.text)]
    for one in node:
        parts += [_made(one), _said(one.tail)]
    inside = dict.fromkeys(parts) if node.tag in LISTS else parts
    return f"<{node.tag} {' '.join(sorted(values))}>{''.join(inside)}</>"


def _said(text: str | None) -> str:
    return "text" if text and text.strip() else ""


def links(html: str, address: str) -> Iterator[str]:
    """Yield where the links of a page lead, without their anchors."""
    for found in LINK.findall(html):
        target = urlsplit(urljoin(address, unescape(found)))
        if not target.netloc:
            yield target.path + (f"?{target.query}" if target.query else "")


def kind_of(app: Flask, address: str) -> str | None:
    """Return what kind of page an address leads to, None for files and nothing of ours."""
    parts = urlsplit(address)
    try:
        endpoint, _ = app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        return None
    if endpoint.endswith("static"):
        return None
    if endpoint != "planner.balance_page":
        return endpoint
    choices = parse_qs(parts.query)
    chosen = sorted(choices.keys() & set(SHOWN_CHOICES))
    chosen += sorted(v[0] for v in choices.values() if v[0] in ("broad", "contact"))
    passed_over = "as_of" in choices or "today" in choices.get("structure", ())
    return None if len(chosen) > 1 or passed_over else f"{endpoint} {chosen}"
