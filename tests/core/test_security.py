"""What every answer tells the browser."""

import re
from pathlib import Path

import pytest
from flask import Flask, g

from app import create_app
from core.export.fonts import RECIPE
from core.web.security import set_cache_headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
YEAR = "public, max-age=31536000, immutable"
STYLE_SHEET = Path("static/css/training-mix.css").read_text(encoding="utf-8")


def app_with(**settings: object) -> Flask:
    return create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://", **settings})


@pytest.fixture(scope="module")
def client():
    return app_with(DEMO=True).test_client()


def test_every_answer_carries_the_strict_policy(client):
    for path in ("/styleguide", "/no-such-page"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_https_is_forced_only_where_it_is_set():
    app = app_with(DEMO=True, FORCE_HTTPS=True, SESSION_COOKIE_SECURE=True)
    answer = app.test_client().get("/styleguide")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://")
    answer = app.test_client().get("/styleguide", base_url="https://localhost")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_files_are_kept_for_a_year_under_an_address_that_names_their_content(client):
    page = client.get("/styleguide").text
    addresses = re.findall(r'"(/[^"]+\.(?:css|js)\?v=[^"]+)"', page)
    addresses += [f"/assets/fonts/{name}?v={RECIPE}" for name in re.findall(r"[\w-]+\.woff2", page)]
    assert len(addresses) == 4
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == YEAR
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert "Set-Cookie" not in answer.headers


def test_fonts_are_served_and_named_by_the_style_sheet(client):
    named = re.findall(r'url\("\.\./\.\.(/assets/fonts/[\w-]+\.woff2)\?v=(\d+)"\)', STYLE_SHEET)
    assert [path for path, _ in named] == [
        "/assets/fonts/inter.woff2",
        "/assets/fonts/source-serif-4.woff2",
    ]
    assert {int(mark) for _, mark in named} == {RECIPE}
    for path, mark in named:
        with client.get(f"{path}?v={mark}") as answer:
            assert answer.mimetype == "font/woff2"
            assert answer.headers["Cache-Control"] == YEAR
    assert client.get("/assets/fonts/other.woff2").status_code == 404


def test_a_file_without_its_mark_is_asked_for_again_after_an_hour(client):
    with client.get("/static/css/training-mix.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_what_a_signed_in_person_saw_is_kept_nowhere():
    app = app_with()
    with app.test_request_context("/"):
        g.permissions = frozenset({"signed-in"})
        answer = set_cache_headers(app.make_response("private"))
        assert answer.headers["Cache-Control"] == "no-store"
        g.permissions = frozenset()
        answer = set_cache_headers(app.make_response("public"))
        assert answer.headers["Cache-Control"] == "no-cache"


def test_pages_and_files_are_sent_compressed(client):
    for path in ("/styleguide", "/static/css/training-mix.css"):
        with client.get(path, headers={"Accept-Encoding": "br"}) as answer:
            assert answer.headers["Content-Encoding"] == "br"


def test_addresses_hold_under_a_prefix():
    app = app_with(DEMO=True)
    page = app.test_client().get("/styleguide", environ_overrides={"SCRIPT_NAME": "/own"}).text
    assert 'href="/own/static/css/training-mix.css?v=' in page
    assert 'href="/own/bootstrap/static/css/bootstrap.min.css?v=' in page
