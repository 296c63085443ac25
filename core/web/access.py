"""Who may call which view: every view says it, and what says nothing is closed.

A permission is a word such as "balance:read". Which person holds which is decided in
`people.rules.access`; the set of whoever looks is put into `g.permissions` before each request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

View = Callable[..., Any]

PUBLIC = "public"
"""For what anybody may see: sign-in, style sheets, health."""

SIGNED_IN = "signed-in"
"""For what everybody with an account may see."""

OWN_SECURITY = "own-security"
"""For setting up a second factor: all that is open to people who need one and have none yet."""


def requires(permission: str) -> Callable[[View], View]:
    """Declare who may call a view; people without `permission` get the answer "not found"."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission != PUBLIC and permission not in getattr(g, "permissions", ()):
                abort(404)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def deny_by_default(app: Flask) -> None:
    """Close every route that does not declare who may call it, and send strangers to sign in."""

    @app.before_request
    def _guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        permission = permission_of(app, request.endpoint)
        if permission == PUBLIC:
            return None
        if permission is None:
            abort(404)
        held = getattr(g, "permissions", ())
        if SIGNED_IN not in held and permission not in held:
            if request.method == "GET" and request.accept_mimetypes.accept_html:
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        return None


OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return the permission `endpoint` asks for, or None when it declares none."""
    if endpoint in OPEN_ENDPOINTS:
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), "permission", None)
