"""Aptitude in a real browser: a manager rates by keyboard, the top looks at the ladder."""

import re
from datetime import date

from playwright.sync_api import Page
from sqlalchemy import func, select

from aptitude.models.assessments import Rating
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.services.frameworks import set_target
from aptitude.services.standings import rebuild_standings
from aptitude.services.workshops import WorkshopDraft, open_workshop
from core.clock import today
from core.db import db
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.accounts import add_account
from tests.aptitude.worlds import asked, company, rate, round_of
from tests.browsing import PHONE
from tests.journeys.keystrokes import Hands
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of
from tests.people.signing import GOOD
from tests.prepared import prepared


@prepared
def people(tmp_path):
    return company(tmp_path)


SAID = "Walked a lost guest to the right door."


def with_keys(page: Page, hands: Hands) -> None:
    """Answer with the keyboard alone: think twice once, and write what an end asks for."""
    page.locator("#score-D1-0").focus()
    for number in range(7):
        end = number == 3
        hands.press(*["ArrowRight"] * (8 if end else 3 + number % 3))
        hands.read()
        if number == 1:
            hands.press("ArrowRight", "ArrowLeft")
        hands.press("Tab")
        if end:
            hands.press("Tab")
            hands.type(SAID)
        hands.press("Tab")
    assert page.locator(":focus").inner_text() == "Send"
    hands.press("Enter")


def with_clicks(page: Page, hands: Hands) -> None:
    """Answer with a click for each dimension: think twice once, and write what an end asks for."""
    questions = page.locator(".tm-scale")
    assert questions.count() == 7
    for number in range(7):
        end = number == 3
        if number == 1:
            hands.click(questions.nth(number).locator("label").nth(7))
            hands.read()
        hands.click(questions.nth(number).locator("label").nth(8 if end else 3 + number % 3))
        hands.read()
        if end:
            hands.click(questions.nth(number).get_by_label("What did you see?"))
            hands.type(SAID)
    asked_for = "input:visible:not([type=radio]), textarea:visible, select:visible"
    assert page.locator(f".tm-scale :is({asked_for})").count() == 1  # what an end asks for
    hands.click(page.get_by_role("button", name="Send"))


def test_a_manager_rates_two_people_in_under_three_minutes_each(chromium_page, people):
    due = today()
    for who in ("E1", "E2"):
        asked(people[who], people["LEAD"], Source.MANAGER, due_on=due)
    page = chromium_page("/aptitude/asked", role="manager", employee_id=people["LEAD"])
    found = problems_of(page, SOME_LOOKS)
    for who, answer in (("E1", with_keys), ("E2", with_clicks)):
        hands = Hands(page)
        hands.click(page.get_by_role("link", name=f"Pat {who}"))
        page.wait_for_url("**/aptitude/asked/*")
        assert "not for hiring or dismissal" in text_of(page, ".tm-purpose")
        if who == "E1":
            found += problems_of(page, SOME_LOOKS)
        hands.read()
        answer(page, hands)
        page.wait_for_url("**/aptitude/asked")
        assert f"Thank you for looking closely at Pat {who}" in text_of(page, "[role=status]")
        assert hands.acts.seconds < 180, hands.acts
    db.session.rollback()
    tenths = select(Rating.tenths, func.count()).group_by(Rating.tenths).order_by(Rating.tenths)
    assert db.session.execute(tenths).all() == [(25, 4), (30, 4), (35, 4), (50, 2)]
    assert not found, "\n".join(found)


def test_what_is_chosen_on_a_phone_is_kept_and_an_end_of_the_scale_opens_its_example(
    chromium_page, people
):
    page = chromium_page("/aptitude/self", width=PHONE, role="employee", employee_id=people["E1"])
    at_one = page.locator("label[for=score-D1-0] .tm-anchor")
    assert at_one.bounding_box()["width"] == 1  # folded to the eye, still there to be read out
    assert at_one.text_content().startswith("Answers the words only")
    page.get_by_label("Show 1 and 5 too").check()
    assert at_one.bounding_box()["width"] > 100
    for number in range(1, 8):
        page.locator(f"label[for=score-D{number}-4]").click()
    page.locator("label[for=score-D2-8]").click()
    example = page.get_by_label("Warm engagement: what did you see?")
    with page.expect_response(lambda one: "A guest" in (one.request.post_data or "")):
        example.fill("A guest")
    page.locator("[data-tm-kept]", has_text=re.compile(r"^Kept \d\d:\d\d$")).wait_for()
    page.reload()
    assert page.locator(".tm-scale :checked").count() == 7
    assert example.is_visible()
    assert example.input_value() == "A guest"
    page.get_by_role("button", name="Send").click()
    assert "write down what you saw that shows a 5" in text_of(page, "main")
    assert page.locator("#score-D2-8").is_checked()
    found = problems_of(page, SOME_LOOKS)
    page.get_by_label("Warm engagement: what did you see?").fill("A guest asked for me by name.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/aptitude")
    assert "It stands beside what others say" in text_of(page, "[role=status]")
    assert not found, "\n".join(found)


def test_the_chief_executive_opens_my_aptitude(chromium_page, people):
    for who in ("DIR", "OTHER"):
        rate(people["CEO"], people[who], Source.REPORT, 3.0, on=date(2026, 3, 2))
    round_of(people, "LEAD", {"DIR": 3.0, "E1": 2.0, "E2": 2.5, "E3": 2.0, "LEAD": 4.0})
    page = chromium_page("/", role="manager", employee_id=people["CEO"])
    page.wait_for_url("**/aptitude")
    assert text_of(page, ".tm-nav li") == "My aptitude"
    assert "Executive, the level of your job" in text_of(page, ".tm-ladder")
    assert "no evidence yet" in text_of(page, "main")  # two reports show nothing, not even a row
    found = problems_of(page)
    page.reload()  # what stands in long lists was left out to look
    page.get_by_role("link", name="Framework", exact=True).click()
    page.wait_for_url("**/framework")
    found += problems_of(page, SOME_LOOKS)

    page = chromium_page(
        f"/team-aptitude/people/{people['LEAD']}", role="manager", employee_id=people["DIR"]
    )
    page.get_by_text("What the level manager takes").click()
    assert "missing" in text_of(page, ".tm-anchors table")
    found += problems_of(page)
    page.get_by_role("link", name="Ask for assessments").click()
    page.wait_for_url("**/ask")
    found += problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)


def test_hr_looks_after_targets_texts_and_contests(chromium_page, people):
    page = chromium_page("/aptitude/targets", role="hr")
    found = problems_of(page, SOME_LOOKS)
    page.get_by_role("link", name="What O*NET says").click()
    page.wait_for_url("**/occupations")
    page.get_by_label("Our job title").select_option("Keeper")
    page.get_by_label("Words of an occupation").fill("hotel desk clerk")
    page.get_by_role("button", name="Look").click()
    assert "Used under the CC BY 4.0 license" in text_of(page, "main")
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("link", name="Decide on a target for Keeper").click()
    page.wait_for_url("**/targets?job_title=Keeper#set")
    page.get_by_role("link", name="Contests").click()
    page.wait_for_url("**/contests")
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("link", name="Framework", exact=True).click()
    page.get_by_role("button", name="Begin a new version").click()
    page.wait_for_url("**/draft")
    found += problems_of(page)
    page.reload()
    page.get_by_label("Title").fill("What our customers feel")
    page.get_by_label("What is new").fill("The title says whom it is about")
    page.get_by_role("button", name="See what changes, then publish").click()
    page.wait_for_url("**/publish")
    assert "What our customers feel" in text_of(page, "main")
    found += problems_of(page)
    page.goto(page.url.replace("/publish", "/discard"))  # where no script opens the dialog
    found += problems_of(page)
    assert not found, "\n".join(found)


def test_hr_is_asked_before_something_concerns_many(chromium_page, people):
    draft = TargetDraft("D1", Level.FRONTLINE, None, 40, None, False, today())
    set_target(draft, account_id=None)
    page = chromium_page("/aptitude/targets", role="hr")
    page.get_by_role("link", name="Take back").first.click()
    page.wait_for_url("**/take-back")
    found = problems_of(page)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/targets")
    page.get_by_label("Levels below them").fill("3")
    page.get_by_label("Levels below them").press("Enter")
    page.wait_for_url("**/sight?*")
    found += problems_of(page)
    workshop_id = open_workshop(_workshop(), OPERATOR)
    page.goto(page.url.split("/aptitude/")[0] + f"/aptitude/framework/workshops/{workshop_id}")
    page.get_by_role("link", name="Close the workshop").click()
    page.wait_for_url("**/close")
    found += problems_of(page)
    phone = chromium_page(f"/aptitude/workshops/{workshop_id}/1", width=PHONE, role="employee",
                          employee_id=people["E1"])  # fmt: skip
    found += problems_of(phone)
    assert not found, "\n".join(found)


def _workshop() -> WorkshopDraft:
    judges = tuple(f"E{n}" for n in range(1, 6))
    for who in judges:
        add_account(f"{who}@accounts.example", (), password=GOOD, employee_number=who)
    return WorkshopDraft("Spring", 1, Level.FRONTLINE, today(), judges)


def test_hr_reads_the_leader_mirror(chromium_page, people):
    for who in ("E1", "E2", "E3", "E4", "E5", "E6"):
        others = [one for one in ("E1", "E2", "E3", "E4", "E5") if one != who][:3]
        round_of(people, who, {"LEAD": 4.0} | dict.fromkeys(others, 4.0))
    reports = dict.fromkeys(("E1", "E2", "E3", "E4"), 2.0)
    round_of(people, "LEAD", {"DIR": 2.0} | reports)
    rebuild_standings()
    page = chromium_page("/", role="hr")
    bar = page.get_by_role("navigation", name="Main")
    bar.locator("summary", has_text="Aptitude").click()
    bar.get_by_role("link", name="Leader mirror").click()
    page.wait_for_url("**/leader-mirror")
    shown = text_of(page, "main")
    assert "The chief executive is in every denominator." in shown
    assert "not assessed is not zero." in shown
    assert "Below the median of their team Pat LEAD 2.0" in shown
    assert "Not assessed Pat CEO not assessed" in shown
    found = problems_of(page)
    page.reload()
    page.get_by_role("link", name="Pat LEAD").click()
    page.wait_for_url(f"**/team-aptitude/people/{people['LEAD']}")
    assert "never labels the person. Not for hiring or dismissal." in text_of(page, "main")
    assert not found, "\n".join(found)
