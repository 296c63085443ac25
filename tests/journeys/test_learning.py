"""Learning in a real browser: a preview, My learning on a phone, links in letters."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import at, today
from core.db import db, transaction
from curricula.models.modules import Module
from curricula.services.feedback import ask_right_after
from curricula.services.notifying import notify
from people.models import Employee, OutboxMail
from people.services.outbox import stop_address
from tests.browsing import PHONE
from tests.curricula.learners import complete, give, hold, path, person, taught
from tests.journeys.looking import SOME_LOOKS, follow, problems_of, text_of
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
    page.wait_for_url("**/audience")
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
    follow(page, "People", "Team learning")
    page.get_by_role("link", name="Ana Duarte").click()
    assert text_of(page, "h1") == "1 curriculum is open for Ana Duarte."
    found += problems_of(page, SOME_LOOKS)
    page.get_by_role("link", name="First ninety days").click()
    page.wait_for_url("**/learning/curricula/*")
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
    page.wait_for_url("**/certificates")
    found += problems_of(page, SOME_LOOKS)
    page.goto(page.url.replace("/certificates", "/learning/messages"))
    found += problems_of(page)
    page.get_by_role("link", name="How I hear of things").click()
    page.wait_for_url("**/settings")
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


def test_feedback_is_given_by_the_link_of_a_letter(chromium_page, attended):
    page = chromium_page(f"/feedback/{attended}", width=PHONE)
    assert text_of(page, "h1") == "The first ten seconds"
    found = problems_of(page)
    page.get_by_role("button", name="Send my answer").click()
    assert "Choose a number from 1 to 5" in text_of(page, "main")
    found += problems_of(page, SOME_LOOKS)

    page.get_by_label("5: of great use").check()
    page.get_by_label("The pace was").select_option(label="Right")
    page.get_by_role("button", name="Send my answer").click()

    assert text_of(page, "h1") == "Thank you."
    found += problems_of(page, SOME_LOOKS)
    page = chromium_page(f"/modules/{db.session.scalars(select(Module.id)).one()}/feedback",
                         role="trainer")  # fmt: skip
    assert "1 of 5 people answered; too few to show." in text_of(page, "main")
    found += problems_of(page)
    assert not found, "\n".join(found)


@pytest.fixture
def attended(people):
    """A closed session that five attended; return the word in the link of the first one."""
    module_id = taught("HOS-01", title="The first ten seconds")
    more = person("E5")
    at_work = [*people.values(), more]
    token = hold(module_id, at_work)
    with transaction() as session:
        assert ask_right_after(session) == len(at_work)
    return token


def test_hr_brings_completions_of_another_system(chromium_page, people, modules, tmp_path):
    file = tmp_path / "lms.csv"
    file.write_text("email,module,completed_on\nana@example.org,HOS-01,2026-05-04\nno,HOS-01,x\n")
    page = chromium_page("/team-learning", role="hr")
    page.get_by_role("link", name="Bring completions of another system").click()
    page.wait_for_url("**/import/completions")
    found = problems_of(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()

    assert text_of(page, "h1") == "1 completion is ready to record."
    found += problems_of(page)
    page.get_by_role("button", name="Record 1 completion").click()
    assert "1 completion is new" in text_of(page, "[role=status]")
    page.goto(page.url.replace("/import/completions", "/modules/past-review"))
    found += problems_of(page)
    assert not found, "\n".join(found)
