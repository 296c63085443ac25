"""Somebody from the front line takes a scenario test on a phone, with thumbs and with keys."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.models.scenarios import ScenarioAnswer, ScenarioSitting
from aptitude.rules.asking import RequestDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from aptitude.services.asking import ask
from core.clock import at, today
from core.db import db
from people.rules.access import OPERATOR
from people.services.accounts import add_account
from tests.aptitude.worlds import company_with_scenarios
from tests.browsing import PHONE
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of
from tests.people.signing import GOOD

TARGETS = """() => [...document.querySelectorAll(".tm-seven-steps label")]
  .map(e => e.getBoundingClientRect()).filter(b => b.height < 44 || b.width < 44).length"""


@pytest.fixture
def people(built_once, tmp_path):
    with at(datetime(2026, 1, 5, 9, tzinfo=UTC)):
        return built_once(company_with_scenarios, tmp_path)


def begun_on_a_phone(chromium_page, employee_id: int) -> tuple[Page, list[str]]:
    """Do the first situation that was asked with thumbs, and leave; return what is wrong."""
    due = today() + timedelta(days=5)
    assert ask([RequestDraft(employee_id, employee_id, Source.SCENARIO, due)], OPERATOR) == 1
    phone = chromium_page("/aptitude", width=PHONE, role="employee", employee_id=employee_id)
    phone.get_by_role("link", name="Take the scenario test you are asked for").click()
    phone.wait_for_url("**/aptitude/scenarios")
    assert "Asked of you, due in 5 days" in text_of(phone, "main")
    assert "not for hiring or dismissal" in text_of(phone, ".tm-purpose")
    found = problems_of(phone, SOME_LOOKS)
    phone.set_viewport_size({"width": PHONE, "height": 844})
    phone.get_by_label("How you mostly meet customers").select_option(label="Phone")
    phone.get_by_role("button", name="Begin a test").click()
    phone.wait_for_url("**/1")
    assert "Situation 1 of 8 · Phone" in text_of(phone, ".tm-eyebrow")
    assert phone.evaluate(TARGETS) == 0
    found += problems_of(phone)
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
    return phone, found


def one_at_a_desk(chromium_page, employee_id: int) -> None:
    """Do the second situation with keys alone, and leave again."""
    desk = chromium_page("/aptitude/scenarios", role="employee", employee_id=employee_id)
    desk.get_by_role("button", name="Go on with the test").click()
    desk.wait_for_url("**/2")
    count = desk.locator(".tm-seven").count()
    desk.locator(".tm-seven input").first.focus()
    for at_ in range(count):  # a number rates, and leads to the next answer
        desk.keyboard.press("6312745"[at_])
    desk.get_by_role("button", name="Save and leave").press("Enter")
    desk.wait_for_url("**/aptitude/scenarios")
    assert "A test is open: 2 of 8" in text_of(desk, "h1")


def test_a_test_is_taken_on_a_phone_but_for_what_was_done_at_a_desk(chromium_page, people):
    phone, found = begun_on_a_phone(chromium_page, people["E1"])
    one_at_a_desk(chromium_page, people["E1"])
    phone.get_by_role("button", name="Go on with the test").click()
    for place in range(3, 9):
        phone.wait_for_url(f"**/{place}")
        scales = phone.locator(".tm-seven")
        for at_ in range(scales.count()):
            scales.nth(at_).get_by_text("6325434"[at_], exact=True).click()
        phone.get_by_role("button", name="Save and go on").click()
    phone.get_by_role("button", name="Hand in 8 answers").click()
    phone.get_by_role("heading", name="By dimension").wait_for()

    assert "of 100, give or take" in text_of(phone, "h1")
    db.session.rollback()
    assert db.session.scalars(select(AssessmentRequest.state)).all() == [RequestState.ANSWERED]
    assert phone.locator(".tm-told .why").count() >= 32
    found += problems_of(phone, SOME_LOOKS)
    assert not found, "\n".join(found)
    scores = db.session.scalars(select(ScenarioSitting.score)).all()
    assert len(scores) == 1
    assert 0 <= scores[0] <= 1
    assert db.session.scalar(select(func.count()).select_from(ScenarioAnswer)) == 8


def written(page: Page) -> None:
    """Write a new scenario down, and keep it as a draft."""
    page.get_by_label("Title").fill("The wet umbrella")
    page.get_by_label("Front line").check()
    page.get_by_label("Noticing and empathy").check()
    page.get_by_label("Situation").fill("A guest drips on the carpet and is sorry.")
    for letter, key in zip("ABCD", ("6.5", "5", "3", "1.5"), strict=True):
        page.get_by_label(f"Answer {letter}", exact=True).fill(f"Way {letter}")
        page.get_by_label(f"What {letter} does").fill("It helps, or not.")
        page.get_by_label(f"How good {letter} is").fill(key)
    page.get_by_role("button", name="Keep as a draft").click()


def rated_on_a_phone(chromium_page, employee_id: int) -> list[str]:
    """Rate what one is asked as an expert; return what is wrong with the pages."""
    phone = chromium_page("/aptitude/scenarios", width=PHONE, role="employee",
                          employee_id=employee_id)  # fmt: skip
    phone.get_by_role("link", name="Umbrellas").click()
    found = problems_of(phone, SOME_LOOKS)
    phone.set_viewport_size({"width": PHONE, "height": 844})
    phone.get_by_role("link", name="The wet umbrella").click()
    assert phone.evaluate(TARGETS) == 0
    assert "It helps, or not." not in text_of(phone, "main")
    found += problems_of(phone, SOME_LOOKS)
    for place in range(4):
        phone.locator(".tm-seven").nth(place).get_by_text(str(6 - place), exact=True).click()
    phone.get_by_role("button", name="Save and go on").click()
    assert "You have rated everything" in text_of(phone, "[role=status]")
    return found


def test_a_scenario_is_written_rated_by_an_expert_and_read_by_hr(chromium_page, people):
    add_account("e1@accounts.example", (), password=GOOD, name="E1", employee_number="E1")
    page = chromium_page("/scenarios", role="hr")
    page.get_by_role("link", name="New scenario").click()
    page.wait_for_url("**/scenarios/new")
    found = problems_of(page, SOME_LOOKS)
    written(page)
    page.get_by_role("link", name="Let experts rate it").click()
    found += problems_of(page, SOME_LOOKS)
    page.get_by_label("Name of the panel").fill("Umbrellas")
    page.get_by_label("Experts").fill("E1")
    assert page.get_by_role("checkbox", checked=True).count() == 1
    page.get_by_role("button", name="Ask them").click()
    assert text_of(page, "h1") == "0 of 1 are done."
    found += problems_of(page, SOME_LOOKS)
    found += rated_on_a_phone(chromium_page, people["E1"])
    page.get_by_text("Close the panel", exact=True).click()
    assert "1 expert is not done: what they have rated so far counts" in text_of(page, "main")
    page.reload()  # they are done meanwhile
    page.get_by_text("Close the panel", exact=True).click()
    assert "Everybody is done. It cannot be opened again." in text_of(page, "main")
    page.get_by_role("button", name="Yes, close it").click()
    assert "Shown when three experts have rated every answer" in text_of(page, ".tm-lede")
    found += problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)
