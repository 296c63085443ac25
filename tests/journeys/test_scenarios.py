"""Somebody from the front line takes a scenario test on a phone, with thumbs and with keys."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.scenarios import ScenarioAnswer, ScenarioSitting
from aptitude.services.scenarios import load_scenarios
from core.clock import at
from core.db import db
from tests.aptitude.worlds import company
from tests.browsing import PHONE
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of

TARGETS = """() => [...document.querySelectorAll(".tm-seven-steps label")]
  .map(e => e.getBoundingClientRect()).filter(b => b.height < 44 || b.width < 44).length"""


@pytest.fixture
def people(database, tmp_path):
    with at(datetime(2026, 1, 5, 9, tzinfo=UTC)):
        found = company(tmp_path)
        load_scenarios(read_aptitude_library().items, account_id=None)
    return found


def begun_on_a_phone(chromium_page, employee_id: int) -> list[str]:
    """Do the first situation with thumbs and leave; return what is wrong with the pages."""
    phone = chromium_page("/aptitude", width=PHONE, role="employee", employee_id=employee_id)
    phone.get_by_role("link", name="Scenarios").click()
    phone.wait_for_url("**/aptitude/scenarios")
    found = problems_of(phone, SOME_LOOKS)
    phone.set_viewport_size({"width": PHONE, "height": 844})
    phone.get_by_label("How you mostly meet customers").select_option(label="Phone")
    phone.get_by_role("button", name="Begin a test").click()
    phone.wait_for_url("**/1")
    assert "Situation 1 of 8 · Phone" in text_of(phone, ".tm-eyebrow")
    assert phone.evaluate(TARGETS) == 0
    found += problems_of(phone, SOME_LOOKS)
    phone.set_viewport_size({"width": PHONE, "height": 844})
    scales = phone.locator(".tm-seven")
    scales.nth(0).get_by_text("6", exact=True).click()
    phone.get_by_role("button", name="Save and go on").dblclick()
    assert "What you rated is kept." in text_of(phone, "[role=alert]")
    for place in range(1, scales.count()):
        scales.nth(place).get_by_text(str(place + 1), exact=True).click()
    phone.get_by_role("button", name="Save and leave").click()
    phone.wait_for_url("**/aptitude/scenarios")
    assert "A test is open: 1 of 8" in text_of(phone, "h1")
    return found


def test_a_test_is_begun_on_a_phone_left_and_handed_in_elsewhere(chromium_page, people):
    found = begun_on_a_phone(chromium_page, people["E1"])
    desk = chromium_page("/aptitude/scenarios", role="employee", employee_id=people["E1"])
    desk.get_by_role("button", name="Go on with the test").click()
    for place in range(2, 9):
        desk.wait_for_url(f"**/{place}")
        count = desk.locator(".tm-seven").count()
        desk.locator(".tm-seven input").first.focus()
        for at_ in range(count):  # a number rates, and leads to the next answer
            desk.keyboard.press("6312745"[at_])
        desk.get_by_role("button", name="Save and go on").press("Enter")
    desk.get_by_role("button", name="Hand in 8 answers").click()
    desk.get_by_role("heading", name="By dimension").wait_for()

    assert "of 100, give or take" in text_of(desk, "h1")
    assert desk.locator(".tm-told .why").count() >= 32
    found += problems_of(desk, SOME_LOOKS)
    assert not found, "\n".join(found)
    scores = db.session.scalars(select(ScenarioSitting.score)).all()
    assert len(scores) == 1
    assert 0 <= scores[0] <= 1
    assert db.session.scalar(select(func.count()).select_from(ScenarioAnswer)) == 8
