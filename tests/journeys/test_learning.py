"""Learning in a real browser: a preview, My learning on a phone, links in letters."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import at, today
from core.db import db, transaction
from curricula.services.notifying import notify
from people.models import Employee, OutboxMail
from people.services.outbox import stop_address
from tests.browsing import PHONE
from tests.curricula.learners import complete, give, path, taught
from tests.journeys.looking import SOME_LOOKS, problems_of, text_of
from tests.ledger.worlds import add_people

PEOPLE = """employee_number,name,email,manager_number,unit,level,job_title
M1,Mo Myr,mo@example.org,,Operations / Desk,team_lead,Head of desk
A1,Ana Duarte,ana@example.org,M1,Operations / Desk / North,frontline,Agent
B1,Bo Berg,bo@example.org,M1,Operations / Desk / South,frontline,Agent
C1,Cy Christ,cy@example.org,M1,Shops / Harbour,frontline,Clerk
"""


@pytest.fixture
def people(database, tmp_path):
    with at(datetime(2026, 1, 1, tzinfo=UTC)):
        add_people(tmp_path, PEOPLE)
    return dict(db.session.execute(select(Employee.number, Employee.id)).all())


@pytest.fixture
def modules(database):
    return [
        taught("HOS-01", title="The first ten seconds"),
        taught("REL-01", title="Listening that shows", shares=(("relationship", 100),)),
        taught("REC-01", title="Hear and apologise", shares=(("service_recovery", 100),),
               review_days=90),
    ]  # fmt: skip


def test_hr_assigns_a_curriculum_to_the_front_line_of_a_unit(chromium_page, people, modules):
    path("PATH-1", "HOS-01", "REL-01", title="First ninety days", due_days=90)
    page = chromium_page("/curricula", role="hr")
    page.get_by_role("link", name="First ninety days").click()
    page.get_by_role("link", name="Assign it to people").click()
    found = problems_of(page)
    page.get_by_label("Level").select_option(label="Front line")
    page.get_by_label("Unit, with all below it").select_option(label="Operations / Desk")
    page.get_by_role("button", name="Show who and how many hours").click()

    assert text_of(page, "h1") == "2 people would get First ninety days to do."
    assert "Ana Duarte, Bo Berg." in text_of(page, "main")
    assert "4 h each, up to 8 h in all." in text_of(page, "main")
    found += problems_of(page)
    page.get_by_role("button", name="Assign to 2 people").click()

    assert "2 people have it to do now" in text_of(page, "[role=status]")
    assert "Front line in Operations / Desk and below" in text_of(page, "main")
    page.get_by_role("link", name="Team learning").click()
    page.get_by_role("link", name="Ana Duarte").click()
    assert text_of(page, "h1") == "1 curriculum is open for Ana Duarte."
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("link", name="First ninety days").click()
    found += problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)


def test_a_person_opens_my_learning_on_a_phone_and_hands_on_a_certificate(
    chromium_page, people, modules
):
    ana, curriculum_id = people["A1"], path("PATH-1", "HOS-01", "REL-01", title="First days")
    give(ana, curriculum_id, today() - timedelta(days=9), due_on=today() + timedelta(days=20))
    complete(ana, modules[0], modules[2], on=today() - timedelta(days=8))
    page = chromium_page("/learning", width=PHONE, role="employee", employee_id=ana)

    assert text_of(page, "h1").startswith("First days is due by")
    assert "Next: Listening that shows, 2 h." in text_of(page, "main")
    assert "A few minutes of practice" in text_of(page, "main")
    found = problems_of(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF certificate of The first ten seconds").click()
    assert download.value.suggested_filename == "Certificate The first ten seconds.pdf"

    page.goto(page.url + "/certificates")
    found += problems_of(page)
    page.get_by_role("link", name="How others see it of Hear and apologise").click()
    assert text_of(page, "h1") == "This certificate is valid."
    found += problems_of(page)
    page.get_by_role("link", name="Check another one").click()
    found += problems_of(page, SOME_LOOKS)
    page.goto(page.url.replace("/certificates", "/learning/messages"))
    found += problems_of(page)
    page.get_by_role("link", name="How I hear of things").click()
    found += problems_of(page)
    assert not found, "\n".join(found)


def test_a_letter_is_stopped_by_its_link_without_signing_in(chromium_page, people):
    with transaction() as session:
        notify(
            session, people["A1"], "session_cancelled", "one", "Off", "It is off.", "You are in."
        )
    link = stop_address(db.session.scalars(select(OutboxMail.body)).one())
    page = chromium_page(link.removeprefix("http://localhost:8000"), width=PHONE)
    found = problems_of(page, SOME_LOOKS)

    page.get_by_role("button", name="Stop them").click()

    assert text_of(page, "h1") == "These letters are stopped."
    found += problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)


def test_a_manager_looks_at_the_own_team(chromium_page, people, modules):
    curriculum_id = path("PATH-1", "HOS-01", title="First ninety days")
    give(people["A1"], curriculum_id, date(2026, 1, 1), due_on=today() - timedelta(days=3))
    page = chromium_page("/team-learning", role="manager", employee_id=people["M1"])

    assert text_of(page, "h1") == "1 person is overdue with a curriculum."
    found = problems_of(page)
    page.get_by_role("link", name="Ana Duarte").click()
    page.get_by_role("link", name="First ninety days").click()
    page.get_by_label("Reason").fill("On leave until May.")
    page.get_by_role("button", name="Exempt").click()

    assert text_of(page, "h1") == "Nothing is waiting for Ana Duarte."
    found += problems_of(page, SOME_LOOKS)
    assert not found, "\n".join(found)
