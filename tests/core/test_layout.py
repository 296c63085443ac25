"""The frame around every page."""

from dataclasses import dataclass
from enum import Enum

import pytest
from bs4 import BeautifulSoup
from flask import Flask, flash, render_template

from app import create_app
from core.web.layout import role_names
from core.web.navigation import Group, Link, grouped
from tests.browsing import parsed


class Role(Enum):
    HR = "hr"
    TRAINER = "trainer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Somebody:
    name: str
    roles: frozenset[Role]


@pytest.fixture(scope="module")
def frame_app() -> Flask:
    return create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "ORGANISATION": "Meridian Services",
            "DEMO": True,
        }
    )


def page_with(app: Flask, *messages: tuple[str, str], **values: object) -> BeautifulSoup:
    with app.test_request_context("/"):
        for message, category in messages:
            flash(message, category)
        return parsed(render_template("_layout/page.html", **values))


def test_roles_are_words():
    assert role_names([Role.TRAINER, Role.HR]) == "HR, Trainer"
    assert role_names([Role.ADMIN]) == "Administrator"


def test_a_page_says_whose_data_it_shows_and_that_it_is_invented(frame_app):
    page = page_with(frame_app)
    assert page.footer.span.text == "Meridian Services, demonstration data"
    assert page.html["lang"] == "en"
    assert page.select_one("a.tm-skip")["href"] == "#main"
    assert page.select_one("pattern#tm-hatch") is not None


def test_a_person_sees_their_pages_their_role_and_the_way_out(frame_app):
    links = [Link("Balance", "/balance", is_current=True), Link("Import", "/import", False)]
    groups = grouped([("", links[0]), ("Hours", links[1])])
    viewer = Somebody("Ingrid Solberg", frozenset({Role.HR}))
    page = page_with(frame_app, navigation=groups, viewer=viewer)
    assert [link.text for link in page.select("nav a")] == ["Balance", "Import"]
    assert page.select_one("nav [aria-current]").text == "Balance"
    who = page.select(".tm-who > a, .tm-who span")
    # the name where there is room for it, and on a phone the word
    assert [one.text for one in who] == ["Ingrid Solberg", "Account", "HR"]
    form = page.select_one(".tm-who form")
    assert (form["method"], form["action"]) == ("post", "/sign-out")
    assert form.select_one("[name=csrf_token]")["value"]


def test_many_pages_stand_in_groups_that_open_without_scripts(frame_app):
    labels = ["Learn", "Balance", "Week", "Sessions", "Import", "Courses", "Audit"]
    words = ["Mine", "", "Training", "Training", "Hours", "Hours", ""]
    links = [Link(label, f"/{label.lower()}", label == "Week") for label in labels]

    groups = grouped(list(zip(words, links, strict=True)))

    assert groups == [
        Group("", (links[0],)),
        Group("", (links[1],)),
        Group("Training", (links[2], links[3])),
        Group("Hours", (links[4], links[5])),
        Group("", (links[6],)),
    ]
    page = page_with(frame_app, navigation=groups)
    assert [one.text for one in page.select("nav details > summary")] == ["Training", "Hours"]
    assert page.select_one("nav summary.current").text == "Training"
    assert page.select_one("nav [aria-current=page]").text == "Week"
    assert [group.label for group in grouped([("Hours", one) for one in links[:6]])] == [""] * 6


def test_a_stranger_has_nothing_to_sign_out_of(frame_app):
    assert page_with(frame_app).select_one(".tm-who") is None


def test_messages_begin_with_what_happened(frame_app):
    page = page_with(
        frame_app,
        ("Undone. 1 216 entries no longer count.", "message"),
        ("Not saved. Somebody changed it a minute ago.", "bad"),
        ("A target was set.", "message"),
    )
    first, second, third = page.select(".tm-flash")
    assert (first["role"], first.select_one(".w").text) == ("status", "Undone.")
    assert first.p.text == "1 216 entries no longer count."
    assert (second["role"], second.select_one(".w").text) == ("alert", "Not saved.")
    assert third.select_one(".w") is None
    assert third.p.text == "A target was set."
