"""Of two who set a target for the same, the later one is shown both."""

import pytest
from sqlalchemy import select

from core.db import db
from planner.models import MixTarget
from tests.conflicts import both_of, other_person, told, typed, version_in

NARROW = {"definition": "narrow", "from_on": "2026-01-01", "unit_id": "0", "level": ""}

pytestmark = pytest.mark.usefixtures("database")


def percents():
    db.session.rollback()
    return list(db.session.scalars(select(MixTarget.percent).order_by(MixTarget.id)))


def test_a_target_that_somebody_else_set_is_shown_with_both(browser):
    browser.sign_in("hr")
    seen = version_in(browser.get("/targets"))
    with other_person(browser, "hr"):
        theirs = {**NARROW, "percent": "25", "why": "The board", "version": seen}
        browser.post("/targets", theirs)

    mine = {**NARROW, "percent": "30", "from_on": "2026-04-01", "version": seen}
    page = browser.post("/targets", mine, 409)

    assert both_of(page) == {
        "Soft share": ("30 %", "25 %"),
        "From which day": ("1 April 2026", "1 January 2026"),
        "Why": ("nothing", "The board"),
    }
    assert told(page).startswith("Changed by Hr, ")
    assert (typed(page, "percent"), typed(page, "from_on")) == ("30", "2026-04-01")
    assert percents() == [25]

    browser.post("/targets", {**mine, "version": version_in(page)})

    assert percents() == [25, 30]


def test_a_target_for_something_else_is_no_conflict(browser):
    browser.sign_in("hr")
    seen = version_in(browser.get("/targets"))
    browser.post("/targets", {**NARROW, "percent": "25", "version": seen})

    broad = {**NARROW, "definition": "broad", "percent": "40", "version": seen}
    browser.post("/targets", broad)
    browser.post("/targets", {**NARROW, "level": "manager", "percent": "12", "version": seen})

    assert percents() == [25, 40, 12]
