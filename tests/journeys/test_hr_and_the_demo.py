"""HR, from the front door of the demo to a signed report, and what the others may do there."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from core.clock import today
from tests.browsing import PHONE
from tests.journeys.looking import follow, text_of

NARROW = "definition=narrow&basis=learner"
LAST_YEAR = today().year - 1  # the demo tells of the 36 months that are over


FIRST_PAGES = {"HR": "balance", "Trainer": "week", "Manager": "aptitude", "Executive": "aptitude"}


def enter(pages, role, **window):
    """Sign in through the front door with one click."""
    page = pages("/", **window)
    page.get_by_role("button", name=f"Enter as {role}", exact=True).click()
    page.wait_for_url(f"**/{FIRST_PAGES[role]}")
    return page


def fetched(page, url):
    answer = page.request.get(url)
    assert answer.status == 200, url
    return answer


def download(page, link):
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def rows_added(page, url):
    """Return the sums of the entries behind a figure, as their CSV has them."""
    text = fetched(page, url.replace("/entries?", "/entries.csv?")).text()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    return sum(int(row["minutes"]) for row in rows)


def test_hr_from_the_front_door_to_a_signed_report(demo_pages):
    page = enter(demo_pages, "HR")
    answer = json.loads(fetched(page, demo_pages.address + "/balance.json").text())

    # The finding, its figure, and the company it is about.
    assert text_of(page, "h1") == " ".join(answer["title"].split())
    assert "demonstration data" in text_of(page, "footer")

    # A unit opens where it stands; the address says so.
    unit = page.locator("section[aria-labelledby=by-unit] tbody th a").first
    name = unit.evaluate("link => link.firstChild.textContent.trim()")
    unit.click()
    page.wait_for_url("**open=*")
    assert page.locator("section[aria-labelledby=by-unit] tr.child").count() >= 2

    # The rows behind its figure add up to it, to the minute.
    row = next(one for one in answer["tables"]["unit"]["rows"] if one["label"] == name)
    page.locator("section[aria-labelledby=by-unit] tr", has_text=name).first.get_by_role(
        "link", name=f"Rows of {name}"
    ).click()
    page.wait_for_url("**/entries?*")
    assert rows_added(page, page.url) == row["total_minutes"]
    assert text_of(page, "h1").startswith(f"{row['entries']:,} entries".replace(",", " "))

    # Back on the balance it is published, and the report opens with a digest.
    page.goto(demo_pages.address + f"/balance?period={LAST_YEAR}-q2&{NARROW}")
    page.get_by_role("link", name="Publish this balance").click()
    assert text_of(page, "h1") == f"Publish the balance of All units, Q2 {LAST_YEAR}?"
    page.get_by_role("button", name="Publish this balance").click()
    page.wait_for_url(re.compile(r"/reports/\d+$"))
    assert "Published report" in text_of(page, ".tm-eyebrow")
    assert re.fullmatch("[0-9a-f]{64}", text_of(page, ".tm-hash"))
    assert download(page, page.get_by_role("link", name="PDF", exact=True)).startswith(b"%PDF-")

    # It stands in the list of reports, at the top.
    follow(page, "Hours", "Reports")
    assert f"Q2 {LAST_YEAR}" in text_of(page, "main ul.tm-list li")


def test_every_total_of_the_balance_is_the_sum_of_its_entries(demo_pages):
    page = enter(demo_pages, "HR")
    answer = json.loads(fetched(page, demo_pages.address + "/balance.json").text())
    shown = {}
    for link in page.locator("a.tm-rows").all():
        section = link.locator("xpath=ancestor::section").get_attribute("aria-labelledby")
        shown[section, " ".join(link.inner_text().split())] = link.get_attribute("href")

    checked = 0
    for cut in ("level", "site", "delivery"):
        for row in answer["tables"][cut]["rows"]:
            url = shown[f"by-{cut}", " ".join(f"Rows of {row['label']}".split())]
            assert rows_added(page, demo_pages.address + url) == row["total_minutes"], url
            checked += 1
    assert checked > 10


@pytest.mark.parametrize(
    ("role", "pages_of_the_job"),
    [
        (
            "HR",
            "Balance · My aptitude · My learning"
            " · Training: This week, Sessions, Curricula, Modules"
            " · Hours: Import, Courses, Reports · People: Team learning, People"
            " · Aptitude: Leader mirror, Framework, Targets, Rounds, Contests, Duties of HR,"
            " Agreement, Scenario library"
            " · Audit",
        ),
        (
            "Trainer",
            "This week · My aptitude · My learning · Balance"
            " · Training: Sessions, Curricula, Modules"
            " · Hours: Import, Courses, Reports · Scenario library",
        ),
        (
            "Manager",
            "My aptitude · My team · My learning · Balance · Training: Sessions, Curricula"
            " · Courses · People: Team learning, People · Aptitude: Leader mirror, Rounds",
        ),
        (
            "Executive",
            "My aptitude · My team · My learning · Balance · Training: Sessions, Curricula"
            " · Hours: Courses, Reports · People: Team learning, People"
            " · Aptitude: Leader mirror, Rounds",
        ),
    ],
)
def test_each_has_the_pages_of_the_job(demo_pages, role, pages_of_the_job):
    page = enter(demo_pages, role)

    groups = page.locator(".tm-nav > li").evaluate_all(
        """found => found.map(one => {
          const word = one.querySelector("summary");
          const links = [...one.querySelectorAll("a")].map(link => link.textContent).join(", ");
          return word ? `${word.textContent}: ${links}` : links;
        })"""
    )
    assert " · ".join(groups) == pages_of_the_job
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/welcome")
    page.goto(demo_pages.address + "/balance")
    assert page.url.endswith("/welcome?next=/balance")


@pytest.mark.parametrize("role", ["Trainer", "Executive"])
def test_who_sees_groups_finds_neither_names_nor_rows(demo_pages, role):
    page = enter(demo_pages, role)
    page.goto(demo_pages.address + "/balance")

    assert page.locator("a.tm-rows").count() == 0
    assert page.get_by_text("Publish this balance").count() == 0
    assert page.locator("h1").count() == 1


def test_a_manager_sees_the_own_people_and_nobody_else(demo_pages):
    page = enter(demo_pages, "Manager")
    whole = json.loads(fetched(page, demo_pages.address + "/balance.json").text())

    assert whole["tables"]["unit"]["rows"][0]["label"] == "All my people"
    assert whole["figures"]["people"] < 200
    page.goto(demo_pages.address + "/balance")
    page.locator("a.tm-rows").last.click()
    assert "Entries of people you may see." in text_of(page, ".tm-lede")
    assert rows_added(page, page.url) > 0


def test_a_shared_link_leads_back_after_signing_in(demo_pages):
    link = f"/balance?period={LAST_YEAR}-q2&definition=broad&basis=learner&structure=then"
    page = demo_pages(link)

    page.get_by_role("button", name="Enter as HR").click()
    page.wait_for_url("**/balance?*")

    assert page.url == demo_pages.address + link
    assert "Broad" in page.locator(".tm-choices").inner_text()


def test_the_whole_job_can_be_done_on_a_phone(demo_pages):
    page = enter(demo_pages, "HR", width=PHONE)

    page.locator(".tm-choices summary", has_text="Definition").click()
    page.get_by_role("link", name="Broad").click()
    page.wait_for_url("**definition=broad*")
    page.locator(".tm-choices summary", has_text="Period").click()
    page.get_by_label("From", exact=True).fill(f"{LAST_YEAR}-02-10")
    page.get_by_label("To", exact=True).fill(f"{LAST_YEAR}-03-20")
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url(f"**from={LAST_YEAR}-02-10*")

    days = f"10 February {LAST_YEAR} to 20 March {LAST_YEAR}"
    assert days in text_of(page, ".tm-lede")
    assert "definition=broad" in page.url


def test_what_is_folded_stands_open_on_paper(demo_pages):
    page = demo_pages("/leader-mirror", role="hr")
    fold = page.locator("main details", has_text="Plans, coaches and what helped, by unit")
    row = fold.get_by_role("row", name="All units")
    assert fold.get_attribute("open") is None
    assert not row.is_visible()

    page.emulate_media(media="print")

    assert row.is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
