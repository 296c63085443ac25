"""Conventions a reader relies on, checked over every view there is."""

import re

import pytest

from core.web.access import OPEN_ENDPOINTS, PUBLIC, permission_of
from tests.databases import application

APP = application("sqlite://")
RULES = [rule for rule in APP.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]
PLAIN = [rule for rule in RULES if "GET" in rule.methods and not rule.arguments]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_view_says_who_may_call_it_and_what_it_shows(rule):
    assert permission_of(APP, rule.endpoint), f"{rule.endpoint} has no @requires(...)"
    assert APP.view_functions[rule.endpoint].__doc__, f"{rule.endpoint} has no docstring"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_paths_are_lower_case_words_joined_by_hyphens(rule):
    words = re.sub(r"<[^>]+>", "", rule.rule)

    assert re.fullmatch(r"[a-z0-9/.-]*", words)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_ids_in_paths_are_typed(rule):
    assert not re.search(r"<(?!int\b|uuid:|string\b|path:|any\()", rule.rule)


@pytest.mark.parametrize("rule", PLAIN, ids=str)
@pytest.mark.engines("sqlite")
def test_a_stranger_sees_public_pages_only(rule, browser):
    answer = browser.open(rule.rule, status=None)

    if permission_of(APP, rule.endpoint) != PUBLIC:
        assert answer.status_code in {302, 401, 404}
        assert answer.status_code != 302 or "sign-in" in answer.headers["Location"]


def test_a_route_that_says_nothing_is_closed_to_everybody():
    forgetful = application("sqlite://")
    forgetful.add_url_rule("/left-open", "left_open", lambda: "secret")

    answer = forgetful.test_client().get("/left-open")

    assert answer.status_code in {401, 404}
    assert "secret" not in answer.text


def test_a_path_that_does_not_exist_is_not_found():
    assert APP.test_client().get("/no-such-page").status_code == 404
