"""Who is here: each request knows its visit, and what matters is asked for once more."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security

from core.config import secret_from
from core.errors import RefusedError
from core.guarding import guard_nothing
from core.jobs import acting_for
from core.web.access import OWN_SECURITY, PUBLIC, permission_of
from people.queries.opening import begin_looking, reading
from people.queries.settings import find_setting
from people.queries.visibility import viewer_of
from people.queries.visits import Visit, find_visit
from people.rules.access import permissions_of
from people.rules.opening import Reason
from people.rules.signing import Site, device_words, site_of
from people.services.accounts import new_datastore
from people.services.acting import acting_as
from people.services.visits import notice_visit
from people.views.landing import first_page_of

FILES = frozenset({"static", "bootstrap.static", "assets.font"})
OPEN_PLACES = frozenset({"accounts", "assets", "health", "sso"})
"""What is open to strangers and stays open to people who still need a second factor."""

KEPT = "visit"
"""Where the cookie keeps the secret of the visit."""

SECURITY_SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
    "SECURITY_ZXCVBN_MINIMUM_SCORE": 3,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_TOTP_ISSUER": "Training Mix",
}


def start_visits(app: Flask) -> None:
    """Before every request, say who looks and what they may do.

    The sign-in library brings no pages of its own here; ours are in this package.
    """
    salt = str(app.config["SECURITY_PASSWORD_SALT"])
    app.config.setdefault("SECURITY_TOTP_SECRETS", {"1": secret_from(salt, "second factors")})
    for key, value in SECURITY_SETTINGS.items():
        app.config.setdefault(key, value)
    Security(app, new_datastore(), register_blueprint=False)
    app.before_request(_who_looks)
    app.before_request(_open_for_page)
    app.before_request(_second_factor_first)
    app.teardown_request(_nobody_looks)
    if acting_as not in acting_for:
        acting_for.append(acting_as)

    @app.context_processor
    def _whose_data() -> dict[str, object]:
        name = find_setting("organisation") if g.get("viewer") else None
        return {"organisation": name or app.config["ORGANISATION"]}


def _who_looks() -> None:
    begin_looking(None)
    g.viewer = g.visit = g.first_page = None
    g.permissions = frozenset()
    if request.endpoint in FILES or not session.get(KEPT):
        return
    with reading(Reason.WHO_LOOKS):
        found = find_visit(session[KEPT])
    if found is None:
        session.pop(KEPT, None)
        return
    visit, account = found
    g.visit, g.viewer = visit, viewer_of(account)
    g.permissions = frozenset({OWN_SECURITY})
    if not visit.lacks_factor:
        g.permissions |= permissions_of(g.viewer)
    g.first_page = first_page_of(g.viewer, g.permissions)
    notice_visit(visit.id, visit.last_seen_at)


def _open_for_page() -> None:
    """Open to this page what its permission covers; all else waits for a sight."""
    permission = permission_of(current_app, request.endpoint or "")
    held = permission if permission in g.permissions else None
    begin_looking(g.viewer, held, request.blueprint)


def _nobody_looks(_error: BaseException | None) -> None:
    guard_nothing()


def _second_factor_first() -> ResponseReturnValue | None:
    if g.visit is None or not g.visit.lacks_factor or request.endpoint is None:
        return None
    permission = permission_of(current_app, request.endpoint)
    if request.endpoint in FILES or permission == OWN_SECURITY:
        return None
    if permission == PUBLIC and request.blueprint in OPEN_PLACES:
        return None
    return redirect(url_for("own.security"))


def enter(token: str) -> None:
    """Let this browser hold a visit; what it knew before is forgotten."""
    session.clear()
    session[KEPT] = token


def renew(token: str) -> None:
    """Let this browser hold the new secret of the visit it has."""
    session[KEPT] = token


def visit() -> Visit:
    """Return the visit of whoever is signed in."""
    found: Visit = g.visit
    return found


def where_from() -> str:
    """Return the address the request came from, as far as configured proxies vouch for it."""
    return request.remote_addr or "unknown"


def device() -> str:
    """Return what the person uses, in words."""
    return device_words(request.headers.get("User-Agent", ""))


def link_to(endpoint: str, **values: Any) -> str:
    """Return a link for letters, from the configured address and never from the request's."""
    return f"{current_app.config['BASE_URL']}{url_for(endpoint, **values)}"


def site() -> Site | None:
    """Return for which site passkeys are made here, None where there can be none."""
    return site_of(str(current_app.config["BASE_URL"]))


def passkey_site() -> Site:
    """Return for which site passkeys are made.

    Raises:
        RefusedError: Browsers allow none at the configured address.
    """
    found = site()
    if found is None:
        raise RefusedError("Passkeys need HTTPS and an address with a name.")
    return found


def proven(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view be called only by who has proven lately who they are; else ask them first."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if visit().is_proven or visit().is_demo:
            return view(*args, **kwargs)
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("own.prove", next=back or page_before()))

    return guarded


def page_before() -> str:
    """Return the page of ours the person comes from, as a path; nothing where nobody knows."""
    referrer = request.referrer or ""
    root = request.host_url.rstrip("/")
    return referrer.removeprefix(root) if referrer.startswith(f"{root}/") else ""


def not_in_demo(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse what would change an account that everybody shares who tries the demo."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if visit().is_demo and request.method != "GET":
            raise RefusedError(
                "This account belongs to the demonstration and stays as it is. With your own data "
                "you change all of this."
            )
        return view(*args, **kwargs)

    return guarded
