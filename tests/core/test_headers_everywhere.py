"""Every answer, also that to an error, tells the browser to trust only us and to keep nothing."""

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge

from core.errors import RefusedError
from core.web.access import OPEN_ENDPOINTS
from core.web.security import FILES
from tests.accounts import sign_in
from tests.core.test_security import POLICY
from tests.databases import application, migrate

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BROKEN = {
    "bad": lambda: int("x"),
    "refused": lambda: (_ for _ in ()).throw(RefusedError("No.")),
    "large": lambda: (_ for _ in ()).throw(RequestEntityTooLarge()),
    "missing": lambda: (_ for _ in ()).throw(NotFound()),
    "method": lambda: (_ for _ in ()).throw(MethodNotAllowed()),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    path = tmp_path_factory.mktemp("headers") / "headers.db"
    made = application(f"sqlite:///{path}", PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=True)
    migrate(made)
    for name, breaks in BROKEN.items():
        breaks.permission = "public"
        made.add_url_rule(f"/broken/{name}", f"broken-{name}", breaks)
    return made


@pytest.fixture(scope="module")
def clients(app):
    found = {"stranger": app.test_client()}
    for role in ("hr", "admin", "employee"):
        found[role] = app.test_client()
        sign_in(found[role], role)
    return found


def addresses(app) -> list[tuple[str, str]]:
    """Return an address for every route, with the ids of things that may or may not exist."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            values = {
                name: next(iter(getattr(converter, "items", ())), None) or _value(converter)
                for name, converter in rule._converters.items()
            }
            found.append((adapter.build(rule.endpoint, values), rule.endpoint))
    return found


def _value(converter) -> object:
    return 1 if hasattr(converter, "num_convert") else "x"


@pytest.mark.parametrize(
    ("who", "methods"),
    [
        ("stranger", ("GET", "POST", "DELETE")),
        ("hr", ("GET", "POST", "DELETE")),
        ("admin", ("GET",)),
        ("employee", ("GET",)),
    ],
)
def test_every_route_for_everybody(app, clients, who, methods):
    wrong = []
    for address, endpoint in addresses(app):
        for method in methods:
            with clients[who].open(address, method=method) as answer:
                headers = answer.headers
                wrong += [
                    f"{method} {address}: {name}"
                    for name, value in ALWAYS.items()
                    if headers.get(name) != value
                ]
                is_file = endpoint in FILES | OPEN_ENDPOINTS and answer.status_code == 200
                kept = headers.get("Cache-Control", "")
                if who != "stranger" and not is_file and kept != "no-store":
                    wrong.append(f"{method} {address}: {answer.status_code} is kept: {kept}")
                if answer.status_code >= 500 and not address.startswith("/broken"):
                    wrong.append(f"{method} {address}: {answer.status_code}")

    assert wrong == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/broken/bad", 500),
        ("/broken/refused", 400),
        ("/broken/large", 413),
        ("/broken/missing", 404),
        ("/broken/method", 405),
        ("/no-such-page", 404),
        ("/people/99999999999999999999", 404),
    ],
)
def test_every_error_carries_the_headers(clients, path, status):
    answer = clients["hr"].get(path)

    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_its_token_is_refused_with_the_headers(clients):
    answer = clients["hr"].post("/targets", data={"percent": "10"})

    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
