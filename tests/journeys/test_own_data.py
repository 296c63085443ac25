"""From an empty place to a balance of one's own, in four steps, and one of them taken back."""

from urllib.parse import urljoin

import pyotp
import pytest

from core import clock
from planner.rules.examples import EXAMPLES
from tests.journeys.conftest import SETUP_WORD
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of

PASSWORD = "seven green lanterns by the sea"
SOFT = 2 * 90 + 36  # two people for an hour and a half, and 40 % of 90 minutes
ALL = 735


@pytest.fixture
def files(tmp_path):
    """The example files the product hands out."""
    for name, text in EXAMPLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def bring(page, path, *buttons):
    page.locator("input[type=file]").set_input_files(path)
    for button in buttons:
        page.get_by_role("button", name=button).click()


def make_first_account(pages):
    """Whoever started the server makes the first account and signs in with two factors."""
    page = pages("/start")
    page.get_by_role("link", name="Make the first account").click()
    page.locator("[name=token]").fill(SETUP_WORD)
    page.locator("[name=name]").fill("Ana Duarte")
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    found = problems_of(page, SOME_LOOKS)
    page.get_by_role("button", name="Make the account").click()
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Set up an app").click()
    found += problems_of(page, SOME_LOOKS)
    phone = pyotp.TOTP(page.locator("#totp-key").inner_text().replace("-", ""))
    page.get_by_role("textbox", name="Code").fill(phone.at(clock.now()))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("button", name="Show my recovery codes").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(pages.address + "/start")
    assert not found, "\n".join(found)
    return page


def checked_and_recorded(page, path, rows=6):
    """Bring a file of good rows; return what is wrong with the pages on the way."""
    bring(page, path, "Check the file")
    assert text_of(page, "h1") == f"{rows} rows are ready to record."
    found = problems_of(page, SOME_LOOKS)
    page.get_by_role("button", name=f"Record {rows} rows").click()
    page.wait_for_url("**/batches/*")
    return found + problems_of(page, SOME_LOOKS)


def figures_of(page):
    return page.request.get(urljoin(page.url, "/balance.json?period=2026")).json()["figures"]


def test_four_steps_from_nothing_to_a_balance_and_one_back(own_pages, files):
    page = make_first_account(own_pages)

    page.get_by_role("link", name="Bring a people file").click()
    found = checked_and_recorded(page, files / "people.csv")

    page.goto(own_pages.address + "/start")
    assert text_of(page, "h1") == "Your people are here; bring their hours next."
    page.get_by_role("link", name="Bring an hours file").click()
    found += checked_and_recorded(page, files / "hours.csv")
    assert text_of(page, "h1") == "6 rows are recorded."
    batch = page.url

    page.goto(own_pages.address + "/import/classification")
    found += checked_and_recorded(page, files / "classification.csv", rows=5)
    assert text_of(page, "h1") == "4 courses are classified."

    page.goto(own_pages.address + "/start")
    assert text_of(page, "h1") == "Your balance is ready to be read."
    page.get_by_role("link", name="Open the balance").click()
    figures = figures_of(page)
    assert (figures["soft_minutes"], figures["total_minutes"]) == (SOFT, ALL)
    page.goto(own_pages.address + "/balance?period=2026")
    assert text_of(page, ".tm-headline").startswith("29.39 %")

    page.goto(batch)
    page.get_by_role("link", name="Undo").click()
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_load_state()
    assert figures_of(page)["total_minutes"] == 0
    assert not found, "\n".join(found)


def test_a_file_with_mistakes_leaves_the_decision_to_the_person(own_pages, files, tmp_path):
    page = own_pages("/start", role="hr")
    page.goto(own_pages.address + "/import/people/")
    bring(page, files / "people.csv", "Check the file", "Record 6 rows")
    hours = tmp_path / "mistakes.csv"
    hours.write_text(
        "employee_number,course,date,hours\n"
        "132,Making it right,2026-03-05,1:30\n"
        "999,Making it right,2026-03-05,1:30\n"
        "133,Making it right,soon,1:30\n"
        "133,Making it right,2026-03-05,25\n",
        encoding="utf-8",
    )

    page.goto(own_pages.address + "/import")
    bring(page, hours, "Check the file")

    assert text_of(page, "h1") == "1 row is ready to record. 3 need a decision from you."
    assert not problems_of(page, SOME_LOOKS)
    page.get_by_role("button", name="Record 1 row").click()
    assert text_of(page, "h1").startswith("1 row is recorded.")
