"""A trainer's journey: from an empty catalogue to hours in the balance and files that open.

One story in steps: what is taught is the copy that was made, and what is assigned the curriculum
that was built.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.clock import now
from core.db import db
from curricula.models.sessions import SessionDay, TrainingSession
from tests.browsing import HEIGHTS, PHONE
from tests.curricula.classes import staff
from tests.journeys.looking import LOOKS, SOME_LOOKS, follow, problems_of, text_of
from tests.journeys.programs import check_in_another_program, entries_of, pages_drawn

FOUND = "Reading the room: noticing needs nobody has said"
OURS = "Reading the room at our counter"
PATH = "Our counter, the first month"
PREPARE = "Put the chairs in a circle."
LOOK_UP = "Look up before the first word."
ZONE = "Europe/Berlin"
AHEAD = timedelta(days=10)
ABSENT = "Dev Patel"
SHORT = "Chiara Conti"


@pytest.fixture
def ids(live_server, tmp_path):
    """Fourteen people at the front line of one unit with their manager, and one elsewhere."""
    ids = staff(tmp_path)
    db.session.remove()
    return ids


@dataclass(frozen=True)
class Person:
    """Somebody in front of a browser: every press and every link is waited for."""

    page: Page

    @property
    def address(self) -> str:
        return "/".join(self.page.url.split("/")[:3])

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def go(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def reads(self, sentence: str, where: str = "main") -> None:
        assert sentence in text_of(self.page, where)

    def takes(self, name: str, folder: Path) -> Path:
        """Return the file behind a link that leads away from the page."""
        link = self.page.get_by_role("link", name=name, exact=True)
        with self.page.expect_download() as waiting:
            link.and_(self.page.locator("a:not([href^='#'])")).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def is_well_drawn(self, looks: tuple[tuple[int, str], ...] = SOME_LOOKS) -> None:
        found = problems_of(self.page, looks)
        assert not found, "\n".join(found)


def load_the_library(trainer: Person) -> None:
    follow(trainer.page, "Training", "Modules")
    trainer.is_well_drawn()
    trainer.go("Library")
    trainer.press("Load the library")
    expect(trainer.page.get_by_role("heading", level=1)).to_have_text(
        "36 modules and 6 curricula, ready to teach"
    )
    trainer.is_well_drawn()


def copy_a_module_change_and_publish_it(trainer: Person) -> None:
    """The copy has a name of its own, needs nothing first, and another handout."""
    page = trainer.page
    page.goto(trainer.address + "/modules")
    trainer.go(FOUND)
    trainer.go("Copy as my own module")
    assert page.get_by_label("Code").input_value() == "HOS-02-COPY"
    assert page.get_by_label("Title").input_value() == f"{FOUND} (our version)"
    trainer.is_well_drawn()
    page.get_by_label("Code").fill("OUR-02")
    page.get_by_label("Title").fill(OURS)
    trainer.press("Copy the module")

    assert page.get_by_label("Title", exact=True).first.input_value() == OURS
    page.get_by_label("Needs first").select_option([])
    page.locator("#preparation").fill(PREPARE)
    page.locator("#handout").fill(f"### At our counter\n\n- {LOOK_UP}\n- Then one kind question.")
    page.get_by_label("What you changed, for those who read it later").fill("Our counter.")
    told = page.locator("[data-tm-unsaved]")
    expect(told).to_have_text("Not saved yet: Facts, Preparation, Handout, Note on the change")
    trainer.press("Save version 1")
    trainer.press("Publish version 1")
    expect(page.get_by_role("heading", level=1)).to_have_text(OURS)
    trainer.is_well_drawn()


def build_a_curriculum(trainer: Person) -> None:
    """Two soft modules and a hard one: the mix is told while one builds."""
    page = trainer.page
    follow(page, "Training", "Curricula")
    trainer.go("Begin a curriculum")
    page.get_by_label("Code").fill("OUR-1")
    page.get_by_label("Title", exact=True).fill(PATH)
    page.get_by_label("Front line").check()
    trainer.press("Begin the curriculum")
    mixes = []
    for named in ("HOS-01 ", "TEC-05 ", f"OUR-02 {OURS}"):
        choice = page.locator("option", has_text=named).first.get_attribute("value")
        page.get_by_label("Add a module").select_option(choice)
        trainer.press("Add the module")
        mixes.append(text_of(page, "section[aria-labelledby=mix]"))
    assert "100.0 % of 2 h are soft" in mixes[0]
    assert "57.1 % of 3 h 30 are soft" in mixes[1]
    assert "75.0 % of 6 h are soft" in mixes[2]
    trainer.is_well_drawn()
    trainer.press("Publish the curriculum")
    trainer.is_well_drawn()


def assign_it_to_the_front_line(trainer: Person) -> None:
    page = trainer.page
    trainer.go("Assign it to people")
    page.get_by_label("Level").select_option(label="Front line")
    page.get_by_label("Unit, with all below it").select_option(label="Service")
    trainer.press("Show who and how many hours")
    trainer.reads("14 people would get", "h1")
    trainer.reads("6 h each")
    trainer.press("Assign to 14 people")
    trainer.reads("14 people have it to do because of it.")
    trainer.is_well_drawn()


def schedule_a_session(trainer: Person) -> str:
    """Three clicks from the catalogue: the module, its button, the button of the form."""
    page = trainer.page
    page.goto(trainer.address + "/modules")
    trainer.go(OURS)
    trainer.go("Schedule a session")
    page.get_by_label("Day", exact=True).first.fill((now().date() + AHEAD).isoformat())
    page.get_by_label("From", exact=True).first.fill("10:00")
    page.get_by_label("Until", exact=True).first.fill("12:30")
    page.get_by_label("Time zone").fill(ZONE)
    page.get_by_label("Place", exact=True).fill("Harbour")
    page.get_by_label("Room", exact=True).fill("Room 2")
    page.get_by_label("Seats", exact=True).fill("10")
    trainer.is_well_drawn(LOOKS)
    trainer.press("Schedule the session")
    expect(page.get_by_role("heading", level=1)).to_have_text(OURS)
    trainer.reads("0 of 10 seats taken")
    return page.url.removeprefix(trainer.address)


def enrol_twelve_on_ten_seats(trainer: Person) -> None:
    """A number that is wrong is named, and nothing that was typed is lost by it."""
    numbers = "\n".join(f"P{number:02d}" for number in range(1, 13))
    typed = trainer.page.get_by_label("Numbers or e-mail addresses")
    typed.fill(f"{numbers}\nP99")
    trainer.press("Enrol them")
    trainer.reads("“P99” stands for nobody whom you may enrol.")
    assert typed.input_value() == f"{numbers}\nP99"
    trainer.is_well_drawn()
    trainer.press("Leave this person out and enrol the others")
    trainer.reads("10 people have a seat now, 2 wait")
    trainer.reads("Left out: “P99”.")
    assert waiting(trainer.page).startswith("1. Kofi Adu")
    trainer.is_well_drawn(LOOKS)


def waiting(page: Page) -> str:
    return text_of(page, "section[aria-labelledby=waiting] ol")


def withdraw_one_so_that_another_moves_up(trainer: Person) -> None:
    trainer.go("Withdraw Amara Nwosu")
    trainer.reads("Kofi Adu, first on the waiting list, gets the seat.")
    trainer.reads("Told at once: Amara Nwosu and Kofi Adu.")
    trainer.is_well_drawn()
    trainer.press("Withdraw Amara Nwosu")
    trainer.reads("Amara Nwosu is withdrawn. Kofi Adu moves up.")
    trainer.reads("Kofi Adu", "section[aria-labelledby=seated]")
    trainer.reads("Moved up: Somebody gave a seat back.")
    assert waiting(trainer.page).startswith("1. Lena Vogt")


def who_moved_up_finds_the_invitation(learner: Person, folder: Path) -> Path:
    """Kofi: the curriculum, the session with its file, and the feed of a calendar."""
    page = learner.page
    assert page.url.endswith("/learning")
    learner.reads(PATH)
    learner.reads("10:00 to 12:30, Room 2, Harbour", "section[aria-labelledby=coming]")
    learner.is_well_drawn(LOOKS)
    invitation = learner.takes(f"File for your calendar for {OURS}", folder)
    learner.go(OURS)
    learner.reads("You moved up. Somebody gave a seat back.")
    learner.is_well_drawn()
    page.goto(learner.address + "/sessions/mine")
    learner.press("Make an address")
    learner.is_well_drawn()
    feed = page.request.get(page.get_by_label("Subscribe to this address").input_value())
    assert [[one.title for one in read] for read in entries_of(feed.body())] == [[OURS], [OURS]]
    return invitation


def ten_days_pass() -> None:
    """Let the session have been yesterday: a browser cannot wait so long."""
    begins = datetime.combine(now().date() - timedelta(days=1), time(10), UTC)
    held = db.session.scalars(select(TrainingSession)).one()
    day = db.session.scalars(select(SessionDay)).one()
    for one in (held, day):
        one.starts_at, one.ends_at = begins, begins + timedelta(minutes=150)
    db.session.commit()
    db.session.remove()


def soft_minutes(page: Page) -> int:
    answer = page.request.get(page.url.split("/balance")[0] + "/balance.json?period=all")
    assert answer.status == 200
    minutes: int = answer.json()["figures"]["soft_minutes"]
    return minutes


def take_attendance_on_a_phone(trainer: Person) -> None:
    """Enter saves and marks nobody; who is absent without a reason is asked for it."""
    page = trainer.page
    trainer.is_well_drawn(LOOKS)
    page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
    present = page.locator("[data-tm-present]")
    with page.expect_navigation():
        page.get_by_label(f"Minutes for {SHORT}").press("Enter")
    trainer.reads("Saved. 0 people are marked.")
    expect(present).to_have_text("0")
    trainer.press("Mark all present")
    expect(present).to_have_text("10")

    page.get_by_label(f"Minutes for {SHORT}").fill("120")
    absent = page.locator(".tm-person", has_text=ABSENT)
    absent.get_by_text("Absent", exact=True).click()
    page.get_by_role("button", name="Close the sheet").click()
    why = absent.get_by_label(f"Why {ABSENT} is absent")
    expect(why).to_be_focused()
    expect(absent.locator(".tm-error")).to_have_text(
        "Needed before the sheet is closed: a word is enough."
    )
    why.fill("ill")
    expect(page.locator("[data-tm-minutes]")).to_have_text("22\u202fh")
    close_the_sheet(trainer)


def close_the_sheet(trainer: Person) -> None:
    trainer.press("Close the sheet")
    trainer.reads("9 people were there, 9 have completed the module.")
    trainer.reads("22 h learner-hours are in the ledger as batch")


def the_papers_open(trainer: Person, learner: Person, folder: Path) -> None:
    """The guide, the handout and a certificate are drawn and read by programs of others."""
    trainer.page.goto(trainer.address + "/modules")
    trainer.go(OURS)
    guide, handout = (trainer.takes(name, folder) for name in ("Trainer guide", "Handout"))
    learner.is_well_drawn()
    certificate = learner.takes(f"PDF certificate of {OURS}", folder)
    on_paper = {
        guide: (OURS, "Six silent scenes", PREPARE),
        handout: ("At our counter", LOOK_UP, "Then one kind question."),
        certificate: ("Ben Whitaker", OURS, "2 h 30"),
    }
    for path, sentences in on_paper.items():
        drawn = pages_drawn(path)
        assert [one for one in sentences if one not in " ".join(drawn)] == []
        assert len(drawn) == 1 or path == guide
        check_in_another_program(path, sentences)


def the_invitation_opens(path: Path) -> None:
    """Two readers of calendars, unrelated to each other, find the same date in it."""
    on = now().date() + AHEAD
    for read in entries_of(path.read_bytes()):
        (entry,) = read
        assert (entry.title, entry.place) == (OURS, "Room 2, Harbour")
        assert entry.zone == ZONE
        assert entry.starts_at == datetime.combine(on, time(10), ZoneInfo(ZONE))
        assert entry.ends_at == datetime.combine(on, time(12, 30), ZoneInfo(ZONE))
        assert entry.attendee == "mailto:kofi@example.org"


def test_a_trainers_journey(chromium_page, ids, tmp_path):
    trainer = Person(chromium_page("/", role="trainer", tolerate=("400",)))
    assert trainer.page.url.endswith("/week")
    trainer.reads("No sessions this week.", "h1")
    trainer.is_well_drawn()
    load_the_library(trainer)
    copy_a_module_change_and_publish_it(trainer)
    build_a_curriculum(trainer)
    assign_it_to_the_front_line(trainer)
    session = schedule_a_session(trainer)
    enrol_twelve_on_ten_seats(trainer)
    withdraw_one_so_that_another_moves_up(trainer)
    kofi = Person(chromium_page("/", role="employee", employee_id=ids["P11"]))
    invitation = who_moved_up_finds_the_invitation(kofi, tmp_path)

    # The day comes: attendance on a phone, and the balance moves by exactly those minutes.
    ten_days_pass()
    hr = chromium_page("/balance", role="hr")
    before = soft_minutes(hr)
    phone = Person(chromium_page(f"{session}/attendance", role="trainer", width=PHONE))
    take_attendance_on_a_phone(phone)
    assert soft_minutes(hr) - before == 8 * 150 + 120

    # What was closed by mistake is taken back as a whole, and closed again.
    phone.press("Undo the closing")
    phone.reads("the sheet is open")
    assert soft_minutes(hr) == before
    phone.go("Take attendance")
    close_the_sheet(phone)
    assert soft_minutes(hr) - before == 8 * 150 + 120

    ben = Person(chromium_page("/learning", role="employee", employee_id=ids["P02"]))
    the_papers_open(trainer, ben, tmp_path)
    the_invitation_opens(invitation)
