"""Numbers in paths, and addresses people are led back to."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, RequestRedirect

LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A whole number that every database can hold; a larger one is a page that does not exist."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def limit_ids(app: Flask) -> None:
    """Let `<int:...>` in paths mean numbers a database can hold; before any route is added."""
    app.url_map.converters["int"] = IdConverter


def id_argument(name: str) -> int | None:
    """Return a number from the query of the address; None when it is missing or no such number."""
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST_ID)):
        return None
    return int(text) if int(text) <= LARGEST_ID else None


def safe_next(target: str | None) -> str:
    """Return where to go after signing in: `target` if it is a page of ours, else home.

    Only a plain path that a page answers is accepted, so that no link can lead a person through
    our sign-in to somebody else's server. Where the application is served below a path of its own,
    the path may be given with that beginning or without; the answer has it.
    """
    home = url_for("accounts.home")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    if "\\" in target or any(not char.isprintable() for char in target):
        return home
    below = request.script_root
    if below and target.startswith(f"{below}/"):
        target = target.removeprefix(below)
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return home
    try:
        current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return home
    return f"{below}{target}"
