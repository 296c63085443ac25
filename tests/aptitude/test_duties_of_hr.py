"""What is owed to somebody whom nobody leads: HR owes it, is told, and can act."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from aptitude.queries.mirror import leader_mirror
from aptitude.rules.duties import PlanDraft
from aptitude.rules.sources import Source
from aptitude.services.duties import hand_over, plan_duty
from core.clock import at
from core.db import db, transaction
from people.models import Assignment
from people.rules.access import OPERATOR
from tests.aptitude.test_duties import TODAY, daily, owed, read, told
from tests.aptitude.worlds import company, rate

pytestmark = pytest.mark.usefixtures("database")
OPENED = ("e6@people.example", "HR owes Pat CEO: Noticing and empathy, by 14 June 2026", None)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


@pytest.fixture
def duty(people, browser):
    """Two see the chief executive low on noticing, and E6 is in HR."""
    browser.sign_in("hr", people["E6"])
    for by in ("LEAD", "O1"):
        rate(people["CEO"], people[by], Source.OBSERVER, [1.5, *[4.5] * 6], on=TODAY.date())
    return owed(people["CEO"])


def plain(part) -> str:
    return " ".join(part.get_text(" ").replace("\u202f", " ").split())


def test_hr_owes_whoever_nobody_leads_is_told_and_can_act(people, duty, browser):
    path = f"/team-aptitude/duties/{duty.id}"
    assert (duty.owner_id, duty.unit_id is None) == (None, False)
    assert told("duty_opened") == [OPENED]
    page = browser.get("/aptitude/duties")
    assert plain(page.h1) == "HR owes 1 duty; none is overdue."
    assert page.select_one(".tm-tabs [aria-current]").get_text() == "Duties of HR: 1"
    [line] = page.select("section[aria-labelledby=owed] li")
    assert line.a["href"] == path
    assert plain(line).startswith(
        "Pat CEO: Noticing and empathy due 14 Jun 2026 Keeper, House. Since 16 Mar"
    )
    assert "owed by HR since 16 March 2026, as nobody leads them" in plain(browser.get(path).main)

    browser.submit(path, {"due_on": "2026-05-04", "coach": "OTHER"})
    browser.submit(f"{path}/observed", {"is_done": "not_yet", "note": "Walked past a guest."})
    coached = read(browser, people["OTHER"], "/aptitude/asked", "section[aria-labelledby=coached]")
    assert "Nobody leads them: talk with HR, who owe it, about what helps most." in coached
    own = read(browser, people["CEO"], "/aptitude", "section[aria-labelledby=owed]")
    assert "Owed by HR, as nobody leads you, since 16 Mar" in own
    sheet = browser.client.get("/aptitude/sheet.pdf").data
    paper = " ".join("".join(one.extract_text() for one in PdfReader(BytesIO(sheet)).pages).split())
    assert "owed by HR, as nobody leads you, with Pat OTHER as coach" in paper


def test_all_in_hr_are_told_once_also_who_comes_later(people, duty, browser):
    plan_duty(duty.id, PlanDraft(date(2026, 5, 4), ""), OPERATOR)
    browser.sign_in("hr", people["E5"])
    for day in (5, 6):
        daily(datetime(2026, 5, day, 5, tzinfo=UTC))
    later = ("e5@people.example", OPENED[1].replace("14 June", "4 May"), None)
    assert told("duty_opened") == [OPENED, later]
    late = "Overdue since 4 May 2026: what HR owes Pat CEO"
    assert told("duty_overdue") == [(who, late, None) for who, *_ in (OPENED, later)]
    with at(datetime(2026, 5, 6, 9, tzinfo=UTC)):
        assert plain(browser.get("/aptitude/duties").h1) == "HR owes 1 duty that is overdue."
        page = plain(browser.get(f"/team-aptitude/duties/{duty.id}").main)
        assert "It counts against House." in page
        debts = leader_mirror(OPERATOR, 2026, date(2026, 5, 6)).debts
        assert (debts.total.open, debts.total.overdue) == (1, 1)


def test_many_duties_of_hr_are_told_in_one_letter_a_month(people, browser):
    browser.sign_in("hr", people["E6"])
    for by in ("LEAD", "O1"):
        rate(people["CEO"], people[by], Source.OBSERVER, [1.5] * 7, on=TODAY.date())
    many = ("e6@people.example", "HR owes training to people whom nobody leads", None)
    assert told("duty_opened") == [many]
    page = browser.get("/aptitude/duties")
    assert plain(page.h1) == "HR owes 7 duties; none is overdue."
    assert len(page.select("section[aria-labelledby=owed] li")) == 7
    for day in (15, 16):
        daily(datetime(2026, 6, day, 5, tzinfo=UTC))
    assert told("duty_overdue") == [
        ("e6@people.example", "Overdue: what HR owes to people whom nobody leads", None)
    ]


def test_hr_owes_nothing_to_oneself_or_to_whom_somebody_leads(people, duty, browser):
    path = f"/team-aptitude/duties/{duty.id}"
    browser.sign_in("hr", people["CEO"])
    assert plain(browser.get("/aptitude/duties").h1) == "HR owes nobody a duty."
    browser.get(path, status=404)
    browser.sign_in("manager", people["DIR"])
    browser.get("/aptitude/duties", status=404)
    moved = update(Assignment).where(Assignment.employee_id == people["CEO"])
    db.session.execute(moved.values(manager_id=people["OTHER"]))
    db.session.commit()
    with at(datetime(2026, 5, 7, 9, tzinfo=UTC)):
        with transaction() as session:
            hand_over(session, date(2026, 5, 7))
        assert owed(people["CEO"]).owner_id == people["OTHER"]
        browser.sign_in("hr", people["E6"])
        assert plain(browser.get("/aptitude/duties").h1) == "HR owes nobody a duty."
