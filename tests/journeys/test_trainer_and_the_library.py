"""A trainer from an empty catalogue to a session: library, own module, curriculum, day."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.clock import today
from core.db import db
from tests.curricula.classes import staff
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of

OWN_TITLE = "Reading the room at our counter"


@pytest.fixture
def ids(live_server, tmp_path):
    """Fourteen people at the front line of one unit, and one elsewhere."""
    ids = staff(tmp_path)
    db.session.remove()
    return ids


def check_looks(page) -> None:
    found = problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)


def load_library(page) -> None:
    page.get_by_role("link", name="Library").first.click()
    page.get_by_role("button", name="Load the library").click()
    page.get_by_role("heading", name="Loading it again").wait_for()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("36 modules and 6 curricula, ready to teach")
    check_looks(page)


def publish_own_version_of(page, title: str) -> None:
    """Copy a module of the library, change it and publish it."""
    page.goto(page.url.split("/modules")[0] + "/modules")
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Copy as my own module").click()
    page.wait_for_load_state()
    if not page.url.endswith("/edit"):
        page.get_by_role("link", name="Write version 1").click()
    page.get_by_label("Title", exact=True).first.fill(OWN_TITLE)
    page.get_by_label("What you changed, for those who read it later").fill("Our counter.")
    page.get_by_role("button", name="Save version 1").click()
    page.wait_for_load_state()
    if page.url.endswith("/edit"):
        page.goto(page.url.removesuffix("/edit"))
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OWN_TITLE)
    check_looks(page)


def build_curriculum(page) -> None:
    """Two soft modules and a hard one: the mix is told while one builds."""
    page.get_by_role("link", name="Curricula", exact=True).first.click()
    page.get_by_role("link", name="Begin a curriculum").click()
    page.get_by_label("Code").fill("OUR-1")
    page.get_by_label("Title", exact=True).fill("Our counter, the first month")
    page.get_by_label("Front line").check()
    page.get_by_role("button", name="Begin the curriculum").click()
    mixes = []
    for named in ("HOS-01 ", "TEC-05 ", OWN_TITLE):
        choice = page.locator("option", has_text=named).first.get_attribute("value")
        page.get_by_label("Add a module").select_option(choice)
        page.get_by_role("button", name="Add the module").click()
        page.wait_for_load_state()
        mixes.append(text_of(page, "section[aria-labelledby=mix]"))
    assert "100.0 % of 2 h are soft" in mixes[0]
    assert "57.1 % of 3 h 30 are soft" in mixes[1]
    assert "75.0 % of 6 h are soft" in mixes[2]
    check_looks(page)
    page.get_by_role("button", name="Publish the curriculum").click()
    check_looks(page)


def assign_to_the_front_line(page) -> None:
    page.get_by_role("link", name="Assign it to people").click()
    page.get_by_label("Level").select_option(label="Front line")
    page.get_by_label("Unit, with all below it").select_option(label="Service")
    page.get_by_role("button", name="Show who and how many hours").click()
    assert "14 people would get" in text_of(page, "h1")
    assert "6 h each" in text_of(page, "main")
    page.get_by_role("button", name="Assign to 14 people").click()
    assert "14 people have it to do because of it." in text_of(page, "main")
    check_looks(page)


def schedule_in_three_clicks(page) -> None:
    """From the catalogue: the module, its button, the button of the form."""
    page.goto(page.url.split("/curricula")[0] + "/modules")
    page.get_by_role("link", name=OWN_TITLE).click()
    page.get_by_role("link", name="Schedule a session").click()
    page.get_by_label("Day", exact=True).first.fill((today() + timedelta(days=9)).isoformat())
    page.get_by_label("From", exact=True).first.fill("09:00")
    page.get_by_label("Until", exact=True).first.fill("12:00")
    page.get_by_label("Place", exact=True).fill("Harbour")
    check_looks(page)
    page.get_by_role("button", name="Schedule the session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OWN_TITLE)
    assert "0 of 12 seats taken" in text_of(page, "main")
    check_looks(page)


@pytest.mark.engines("sqlite")
def test_a_trainer_from_the_library_to_a_session(chromium_page, ids):
    page = chromium_page("/modules", role="trainer")
    check_looks(page)
    load_library(page)
    publish_own_version_of(page, "Reading the room: noticing needs nobody has said")
    build_curriculum(page)
    assign_to_the_front_line(page)
    schedule_in_three_clicks(page)

    own = chromium_page("/", role="employee", employee_id=ids["P03"])
    assert own.url.endswith("/learning")
    assert "Our counter, the first month" in text_of(own, "main")
    check_looks(own)
