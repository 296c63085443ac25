"""A trainer from an empty week to closed hours: schedule, enrol, wait, move up, attend, close."""

from datetime import UTC, datetime, time, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from sqlalchemy import select

from core.clock import now
from core.db import db
from curricula.models.sessions import SessionDay, TrainingSession
from tests.browsing import PHONE
from tests.curricula.classes import published, staff
from tests.journeys.looking import problems_of, text_of

TITLE = "Reading the room: noticing needs nobody has said"
AHEAD = timedelta(days=10)


@pytest.fixture
def ids(live_server, tmp_path):
    """Fourteen people with their managers, and a module to teach them."""
    ids = staff(tmp_path)
    published(title=TITLE)
    db.session.remove()
    return ids


def check_looks(page) -> None:
    found = problems_of(page)
    assert not found, "\n".join(found)


def schedule(page) -> int:
    """Put the module on a day, with ten seats; return the id of the session."""
    page.get_by_role("link", name="Schedule a session").first.click()
    check_looks(page)
    page.get_by_label("Module", exact=True).select_option(label=f"HOS-01 {TITLE}")
    page.get_by_label("Day", exact=True).first.fill((now().date() + AHEAD).isoformat())
    page.get_by_label("From", exact=True).first.fill("10:00")
    page.get_by_label("Until", exact=True).first.fill("12:00")
    page.get_by_label("Time zone").fill("Atlantic/Reykjavik")
    page.get_by_label("Place", exact=True).fill("Harbour")
    page.get_by_label("Room", exact=True).fill("Room 2")
    page.get_by_label("Seats", exact=True).fill("10")
    page.get_by_role("button", name="Schedule the session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return int(page.url.rsplit("/", 1)[1])


def enrol_twelve(page) -> None:
    numbers = "\n".join(f"P{number:02d}" for number in range(1, 13))
    page.get_by_label("Numbers or e-mail addresses").fill(numbers)
    page.get_by_role("button", name="Enrol them").click()
    assert "10 people have a seat now, 2 wait" in text_of(page, "main")
    assert text_of(page, "section[aria-labelledby=waiting] ol").startswith("1. Kofi Adu")
    check_looks(page)


def ten_days_pass() -> None:
    """Let the session have been yesterday: a browser cannot wait so long."""
    begins = datetime.combine(now().date() - timedelta(days=1), time(10), UTC)
    held = db.session.scalars(select(TrainingSession)).one()
    day = db.session.scalars(select(SessionDay)).one()
    for one in (held, day):
        one.starts_at, one.ends_at = begins, begins + timedelta(hours=2)
    db.session.commit()
    db.session.remove()


def soft_minutes(page) -> int:
    answer = page.request.get(page.url.split("/balance")[0] + "/balance.json?period=all")
    assert answer.status == 200
    minutes: int = answer.json()["figures"]["soft_minutes"]
    return minutes


def take_attendance(page) -> None:
    page.get_by_role("button", name="Mark all present").click()
    expect(page.locator("[data-tm-present]")).to_have_text("10")
    page.get_by_label("Minutes for Chiara Conti").fill("90")
    dev = page.locator(".tm-person", has_text="Dev Patel")
    dev.get_by_text("Absent", exact=True).click()
    dev.get_by_label("Why Dev Patel is absent").fill("ill")
    expect(page.locator("[data-tm-minutes]")).to_have_text("17\u202fh\u202f30")
    check_looks(page)
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.get_by_role("button", name="Close the sheet").click()
    said = text_of(page, "main")
    assert "9 people were there, 9 have completed the module." in said
    assert "17 h 30 learner-hours are in the ledger as batch" in said


def move_one_up(page) -> None:
    """One gives the seat back; the first who waits moves up, with the reason beside them."""
    page.get_by_role("button", name="Withdraw Amara Nwosu").click()
    assert "Kofi Adu" in text_of(page, "section[aria-labelledby=seated]")
    assert "Moved up: Somebody gave a seat back." in text_of(page, "main")
    assert text_of(page, "section[aria-labelledby=waiting] ol").startswith("1. Lena Vogt")


def open_in_a_calendar(own) -> None:
    """The invitation and the feed are read by a library for calendars."""
    check_looks(own)
    with own.expect_download() as waiting:
        own.get_by_role("link", name="File for your calendar").click()
    invitation = Calendar.from_ical(waiting.value.path().read_bytes())
    (event,) = invitation.walk("VEVENT")
    assert (invitation["METHOD"], str(event["SUMMARY"])) == ("REQUEST", TITLE)
    assert str(event["ATTENDEE"]) == "mailto:kofi@example.org"
    own.goto(own.url.rsplit("/", 1)[0] + "/mine")
    own.get_by_role("button", name="Make an address").click()
    check_looks(own)
    feed = own.request.get(own.get_by_label("Subscribe to this address").input_value())
    assert len(Calendar.from_ical(feed.body()).walk("VEVENT")) == 1


def test_a_trainer_from_an_empty_week_to_closed_hours(chromium_page, ids):
    page = chromium_page("/", role="trainer")
    assert page.url.endswith("/week")
    assert text_of(page, "h1") == "No sessions this week."
    check_looks(page)
    session_id = schedule(page)
    enrol_twelve(page)
    move_one_up(page)
    path = f"/sessions/{session_id}"
    open_in_a_calendar(chromium_page(path, role="employee", employee_id=ids["P11"]))

    # The day comes: attendance on a phone, and the balance moves by exactly those minutes.
    ten_days_pass()
    hr = chromium_page("/balance", role="hr")
    before = soft_minutes(hr)
    sheet = chromium_page(f"{path}/attendance", role="trainer", width=PHONE)
    take_attendance(sheet)
    assert soft_minutes(hr) - before == 8 * 120 + 90

    # What was closed by mistake is taken back as a whole.
    sheet.get_by_role("button", name="Undo the closing").click()
    assert "the sheet is open" in text_of(sheet, "main")
    assert soft_minutes(hr) == before
