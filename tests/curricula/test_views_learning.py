"""The pages of learning: what each person sees, and who may not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.clock import at, now, today
from core.db import db, transaction
from core.words import day, day_short
from curricula.models.modules import ModuleVersion
from curricula.models.notices import Notice, NoticePreference
from curricula.models.outcomes import Certificate, FeedbackRequest
from curricula.models.paths import LearningAssignment
from curricula.rules.words import NoticeMode
from curricula.services.daily import remind_of_reviews
from curricula.services.feedback import ask_about_work, ask_right_after
from curricula.services.grace import set_grace_days
from curricula.services.notifying import notify
from people.models import Account, Employee, OutboxMail, Unit
from people.services.outbox import stop_address
from tests.curricula.learners import complete, counted, give, hold, path, taught
from tests.ledger.worlds import add_people
from tests.prepared import prepared

pytestmark = pytest.mark.usefixtures("database")
PEOPLE = """employee_number,name,email,manager_number,unit,level
T1,Tor Top,tor@example.org,,Desk,manager
M1,Mo Myr,mo@example.org,T1,Desk,team_lead
A1,Ana Aas,ana@example.org,M1,Desk / North,frontline
B1,Bo Berg,bo@example.org,T1,Desk / South,frontline
"""


@prepared
def people(tmp_path):
    with at(datetime(2026, 1, 1, tzinfo=UTC)):
        add_people(tmp_path, PEOPLE)
    return dict(db.session.execute(select(Employee.number, Employee.id)).all())


def text(page) -> str:
    return " ".join(page.get_text(" ").replace("\u202f", " ").split())


def test_my_learning_says_what_is_next_and_by_when(browser, people):
    taught("HOS-01")
    taught("HOS-02", prerequisites=("HOS-01",))
    due = today() + timedelta(days=20)
    held = give(
        people["A1"], path("PATH-1", "HOS-01", "HOS-02"), today() - timedelta(days=5), due_on=due
    )
    browser.sign_in("employee", people["A1"])

    page = browser.get("/learning")

    assert page.h1.text.strip().startswith("Title of PATH-1 is due by")
    assert "0 of 2 modules done, 4 h left. Next: Title of HOS-01, 2 h." in text(page)
    steps = browser.get(f"/learning/curricula/{held}")
    assert "Opens after HOS-01." in text(steps)


def test_my_learning_says_what_is_overdue_and_what_is_current_until_when(browser, people):
    module_id = taught("HOS-01")
    taught("HOS-02")
    complete(people["A1"], module_id, on=today() - timedelta(days=300))
    give(
        people["A1"],
        path("PATH-1", "HOS-02"),
        today() - timedelta(days=40),
        due_on=today() - timedelta(days=3),
    )
    browser.sign_in("employee", people["A1"])

    page = browser.get("/learning")

    assert page.h1.text.strip() == "1 curriculum and 1 refresher of yours are overdue."
    due = [one.get_text(strip=True) for one in page.select("section[aria-labelledby=open] .r")]
    since = (today() - timedelta(days=120), today() - timedelta(days=3))
    assert due == [f"overdue since {day_short(one)}" for one in since]
    assert "To be refreshed" in text(page)


def test_open_questions_stand_on_top_of_my_learning_until_they_are_answered(browser, people):
    first, second = taught("HOS-01"), taught("HOS-02")
    address = f"/feedback/{hold(first, [people['A1'], people['B1']])}"
    hold(second, [people["A1"]])
    with transaction() as session:
        assert ask_right_after(session) == 3
    browser.sign_in("employee", people["A1"])

    def asked():
        found = browser.get("/learning").select("section[aria-labelledby=questions] a")
        return [(one.text, one["href"]) for one in found]

    assert browser.get("/learning").select("h2")[0].text == "2 questions for you"
    assert asked()[0] == ("How was Title of HOS-01?", address)
    browser.post(address, {"rating": "4"}, status=200)
    assert [words for words, _ in asked()] == ["How was Title of HOS-02?"]
    browser.sign_in("employee", people["M1"])
    assert asked() == []


def test_a_manager_is_asked_about_a_person_on_the_same_list(browser, people):
    module_id = taught("HOS-01")
    with at(now() - timedelta(days=61)):
        hold(module_id, [people["A1"]])
    with transaction() as session:
        assert ask_about_work(session) == 2
    browser.sign_in("manager", people["M1"])

    (link,) = browser.get("/learning").select("section[aria-labelledby=questions] a")
    assert link.text == "What changed at work of Ana Aas since Title of HOS-01?"
    assert "Ana Aas" in text(browser.get(link["href"]))

    db.session.execute(update(FeedbackRequest).values(expires_on=today() - timedelta(days=1)))
    assert browser.get("/learning").select("section[aria-labelledby=questions]") == []


def test_a_manager_sees_the_own_tree_by_name_and_nobody_else(browser, people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    held = give(people["B1"], curriculum_id, date(2026, 1, 1), due_on=today() - timedelta(days=1))
    browser.sign_in("manager", people["M1"])

    assert "Nobody is overdue" in text(browser.get("/team-learning"))
    browser.get(f"/team-learning/people/{people['A1']}")
    browser.get(f"/team-learning/people/{people['B1']}", status=404)
    browser.get(f"/learning/curricula/{held}", status=404)
    browser.post(
        f"/team-learning/people/{people['B1']}", {"curriculum_id": curriculum_id}, status=404
    )
    browser.sign_in("manager", people["T1"])
    page = browser.get("/team-learning?show=overdue")
    assert page.h1.text.strip() == "1 person is overdue with a curriculum."
    assert [row.get_text(strip=True) for row in page.select("tbody th")] == ["Bo Berg"]


def test_a_person_sees_only_the_own_learning(browser, people):
    taught()
    held = give(people["B1"], path("PATH-1", "HOS-01"), date(2026, 1, 1))
    complete(people["B1"], taught("HOS-02"), on=date(2026, 2, 1))
    code = db.session.scalars(select(Certificate.code)).one()
    browser.sign_in("employee", people["A1"])

    for address in (
        f"/team-learning/people/{people['B1']}",
        f"/learning/curricula/{held}",
        f"/learning/certificates/{code}/certificate.pdf",
        f"/learning/certificates/{code}/badge.jwt",
        "/team-learning",
        "/letters",
    ):
        browser.get(address, status=404)


def test_nobody_exempts_themself(browser, people):
    taught()
    held = give(people["M1"], path("PATH-1", "HOS-01"), date(2026, 1, 1))
    browser.sign_in("manager", people["M1"])

    browser.post(f"/learning/curricula/{held}", {"action": "exempt", "reason": "Busy."}, status=404)

    assert db.session.get_one(LearningAssignment, held).exempted_at is None


def test_a_manager_assigns_exempts_and_the_person_is_told(browser, people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    browser.sign_in("manager", people["M1"])
    browser.submit(f"/team-learning/people/{people['A1']}", {"curriculum_id": curriculum_id})
    held = db.session.scalars(select(LearningAssignment)).one().id

    page = browser.post(f"/learning/curricula/{held}", {"action": "exempt"}, status=200)
    assert "Say why" in text(page)
    browser.submit(f"/learning/curricula/{held}", {"action": "exempt", "reason": "Did it before."})

    browser.sign_in("employee", people["A1"])
    assert "Did it before." in text(browser.get("/learning"))
    messages = text(browser.get("/learning/messages"))
    assert "You are exempted from Title of PATH-1" in messages
    assert "waits for Monday" in messages


def test_an_audience_is_previewed_saved_and_ended(browser, people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    desk = db.session.scalars(select(Unit.id).where(Unit.path == "Desk")).one()
    rule = {"level": "frontline", "unit_id": desk, "ends_assignments": "y"}
    address = f"/curricula/{curriculum_id}/audience"
    browser.sign_in("hr")

    page = browser.post(address, {**rule, "action": "preview"}, status=200)
    assert page.h1.get_text(strip=True) == "2 people would get Title of PATH-1 to do."
    assert "Ana Aas, Bo Berg." in text(page)
    assert "2 h each, up to 4 h in all." in text(page)
    assert db.session.scalars(select(LearningAssignment)).all() == []

    page = browser.submit(address, {**rule, "action": "save"})
    assert "2 people have it to do" in text(page)
    browser.submit(page.select_one("main form.r")["action"], {"sure": "y"})
    assert {one.ended_on for one in db.session.scalars(select(LearningAssignment))} == {today()}


def test_a_trainer_previews_no_names_and_no_number_of_fewer_than_five(browser, people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    browser.sign_in("trainer")
    address = f"/curricula/{curriculum_id}/audience"
    rule = {"level": "frontline", "unit_id": ""}

    page = browser.post(address, {**rule, "action": "preview"}, status=200)

    assert page.h1.get_text(strip=True) == "Fewer than five people would get Title of PATH-1 to do."
    assert "Ana Aas" not in text(page)
    assert "Desk" not in text(page.select_one("section[aria-labelledby=preview]"))

    page = browser.submit(address, {**rule, "action": "save"})
    assert "Fewer than five people have it to do" in text(page)
    assert "2 people" not in text(page)


def test_a_certificate_is_a_pdf_and_anybody_checks_its_code(browser, people):
    complete(people["A1"], taught(), on=date(2026, 2, 1))
    code = db.session.scalars(select(Certificate.code)).one()
    browser.sign_in("employee", people["A1"])

    assert "Title of HOS-01" in text(browser.get("/learning/certificates"))
    paper = browser.open(f"/learning/certificates/{code}/certificate.pdf")
    assert paper.data.startswith(b"%PDF")
    assert paper.data.count(b"/Type /Page\n") == 1

    browser.sign_out()
    page = browser.get(f"/certificates/{code.lower().replace('-', ' ')}")
    assert page.h1.get_text(strip=True) == "This certificate is valid."
    shown = text(page.main)
    assert "Ana Aas" in shown
    assert "ana@example.org" not in shown
    assert "A1" not in shown.split()
    assert "No certificate has this code" in text(
        browser.get("/certificates/AAAA-AAAA-AAAA-AAAA", status=404)
    )


def test_a_revoked_certificate_says_so(browser, people):
    complete(people["A1"], taught(), on=date(2026, 2, 1))
    code = db.session.scalars(select(Certificate.code)).one()
    browser.sign_in("trainer")
    browser.post(f"/certificates/{code}/revoke", {"reason": "Mistake."}, status=404)
    browser.sign_in("hr")
    browser.submit(f"/certificates/{code}/revoke", {"reason": "Recorded for the wrong person."})
    browser.sign_out()

    page = browser.get(f"/certificates/{code}")

    assert page.h1.get_text(strip=True) == "This certificate was revoked."
    assert "wrong person" not in text(page)


def test_a_badge_is_signed_and_a_changed_one_is_refused(browser, people):
    complete(people["A1"], taught(), on=date(2026, 2, 1))
    code = db.session.scalars(select(Certificate.code)).one()
    browser.sign_in("employee", people["A1"])
    address = f"/learning/certificates/{code}/badge.jwt"
    badge = browser.open(address).text
    assert browser.open(address).text == badge
    browser.sign_out()

    page = browser.post("/certificates", {"badge": badge}, status=200)
    assert page.h1.get_text(strip=True) == "This certificate is valid."

    head, body, seal = badge.split(".")
    changed = f"{head}.{body[:-6]}{'A' * 6}.{seal}"
    page = browser.post("/certificates", {"badge": changed}, status=200)
    assert "was not signed here, or it was changed" in text(page)


def test_letters_stop_by_one_click_without_signing_in(browser, people):
    with transaction() as session:
        notify(
            session, people["A1"], "session_cancelled", "one", "Off", "It is off.", "You are in."
        )
    link = stop_address(db.session.scalars(select(OutboxMail.body)).one())
    address = link.removeprefix("http://localhost:8000")

    page = browser.get(address)
    assert page.h1.get_text(strip=True) == "Stop these letters?"
    assert db.session.scalars(select(NoticePreference)).all() == []

    page = browser.post(address, {"List-Unsubscribe": "One-Click"}, status=200)
    assert page.h1.get_text(strip=True) == "These letters are stopped."
    held = db.session.scalars(select(NoticePreference)).one()
    assert (held.address, held.kind, held.mode) == (
        "ana@example.org",
        "session_cancelled",
        NoticeMode.NONE,
    )
    browser.get(f"{address}x", status=404)


def test_i_choose_how_i_hear_of_things(browser, people):
    browser.sign_in("employee", people["A1"])

    browser.submit("/learning/messages/settings", {"weekly": "1", "kind-assigned": "none"})

    chosen = {one.kind: one.mode for one in db.session.scalars(select(NoticePreference))}
    assert chosen == {"weekly": NoticeMode.DIGEST, "assigned": NoticeMode.NONE}
    page = browser.get("/learning/messages/settings")
    assert page.select_one("[name=kind-assigned] [selected]")["value"] == "none"


def test_hr_sees_what_was_sent_to_whom(browser, people):
    with transaction() as session:
        notify(session, people["A1"], "assigned", "one", "Off", "It is off.", "You are in.")
        notify(session, people["B1"], "assigned", "two", "On", "It is on.", "You are in.")
    browser.sign_in("hr")

    page = text(browser.get("/letters?search=ana"))

    assert "Ana Aas, ana@example.org. Why: You are in." in page
    assert "Bo Berg" not in page
    browser.sign_in("trainer")
    browser.get("/letters", status=404)


def test_the_pages_ask_as_much_for_many_as_for_few(browser, people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    give(people["A1"], curriculum_id, date(2026, 1, 1))
    browser.sign_in("manager", people["T1"])

    def asked(address: str) -> int:
        with counted() as statements:
            browser.get(address)
        return len(statements)

    few = asked("/team-learning"), asked(f"/team-learning/people/{people['A1']}")
    for number in range(2, 8):
        module_id = taught(f"HOS-0{number}")
        complete(people["A1"], module_id, on=date(2026, 2, 1))
        give(people["A1"], path(f"PATH-{number}", f"HOS-0{number}"), date(2026, 3, 1))
        give(people["B1"], path(f"PATH-1{number}", f"HOS-0{number}"), date(2026, 3, 1))

    assert (asked("/team-learning"), asked(f"/team-learning/people/{people['A1']}")) == few
    assert db.session.scalars(select(Notice.id)).all()


def test_what_is_past_its_review_date_is_listed_and_stops_counting_after_the_grace(browser, people):
    module_id = taught()
    complete(people["A1"], module_id, on=today() - timedelta(days=10))
    version = db.session.scalars(select(ModuleVersion)).one()
    version.review_by = today() - timedelta(days=20)
    db.session.commit()
    browser.sign_in("employee", people["A1"])
    assert "Not counted" not in text(browser.get("/learning"))

    browser.sign_in("trainer")
    page = browser.get("/modules/past-review")
    assert "1 module is past the review date." in text(page)
    assert "Stale" not in text(page.main)
    browser.post("/modules/past-review", {"days": "400"}, status=200)
    page = browser.submit("/modules/past-review", {"days": "7"})
    assert "Stale" in text(page.main)
    since = day(today() - timedelta(days=12))
    assert f"counts as stale since {since}" in text(browser.get("/week"))

    browser.sign_in("employee", people["A1"])
    assert "Not counted: the module is past its review date" in text(browser.get("/learning"))
    browser.get("/modules/past-review", status=404)


def test_the_owner_hears_once_of_a_module_past_its_review_date(browser, people):
    browser.sign_in("trainer")
    taught()
    owner = db.session.scalars(select(Account.id)).one()
    version = db.session.scalars(select(ModuleVersion)).one()
    version.owner_account_id, version.review_by = owner, date(2026, 3, 2)
    db.session.commit()

    set_grace_days(14)
    for on in (3, 4):
        with at(datetime(2026, 3, on, 9, tzinfo=UTC)), transaction() as session:
            remind_of_reviews(session)

    told = db.session.scalars(select(Notice)).one()
    assert (told.account_id, told.subject) == (owner, "To be looked at: HOS-01 Title of HOS-01")
    assert told.body == (
        "It was to be reviewed by 2 March 2026. Say on its page that it is still right, or begin a"
        " new version. From 17 March 2026 on it counts as current for nobody until you do."
    )
