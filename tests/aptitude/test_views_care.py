"""HR changes the framework as a new version, sets targets with dates, and answers contests."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from aptitude.models.assessments import AssessmentComment, AssessmentWithdrawal
from aptitude.models.frameworks import Framework
from aptitude.queries.frameworks import get_draft, get_framework, target_book
from aptitude.rules.sources import Source
from core.clock import at
from core.db import db
from people.rules.levels import Level
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import company, contest, rate, round_of
from tests.browsing import fields_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(tmp_path):
    with at(TODAY):
        yield company(tmp_path)


def draft_fields(page) -> dict[str, str]:
    texts = {one["name"]: one.get_text().lstrip("\n") for one in page.select("main textarea")}
    return {**fields_of(page), **texts}


def test_a_new_version_is_written_kept_and_published(people, browser):
    browser.sign_in("hr")
    browser.get("/aptitude/framework/draft", status=404)
    page = browser.submit("/aptitude/framework/begin")
    sent = draft_fields(page)
    assert len([name for name in sent if name.startswith("anchor-")]) == 175
    assert "There is a draft already" in text_of(browser.submit("/aptitude/framework/begin"))

    sent |= {"anchor-D2-frontline-3": "Looks up and smiles", "change_note": "Shorter words"}
    bad = browser.post("/aptitude/framework/draft", {**sent, "anchor-D1-senior-2": ""}, status=200)
    assert "Noticing and empathy: say what somebody does who stands at 2." in text_of(bad)
    assert "Looks up and smiles" in str(bad)
    page = browser.submit("/aptitude/framework/draft", sent)
    assert "Kept. It is a draft until you publish it." in text_of(page)
    assert get_framework().number == 1
    late = browser.post("/aptitude/framework/draft", {**sent, "title": "Mine"}, status=409)
    assert "Not saved: this was changed after you had opened it" in text_of(late)

    page = browser.submit("/aptitude/framework/publish")
    assert "Version 2, in force since 16 March 2026" in text_of(page)
    assert "Looks up and smiles" in text_of(page)
    first = browser.get("/aptitude/framework?version=1")
    assert "Looks up and smiles" not in text_of(first)
    browser.get("/aptitude/framework?version=9", status=404)
    browser.submit("/aptitude/framework/begin")
    assert get_draft().number == 3
    assert "Thrown away" in text_of(browser.submit("/aptitude/framework/discard"))
    with pytest.raises(Exception, match="never changes"):
        db.session.execute(update(Framework).values(purpose="another"))
    db.session.rollback()


def test_a_draft_that_changed_meanwhile_is_neither_published_nor_thrown_away(people, browser):
    browser.sign_in("hr")
    page = browser.submit("/aptitude/framework/begin")
    opened = fields_of(page)["version"]
    buttons = page.select(
        "form[action$=publish] [name=version], form[action$=discard] [name=version]"
    )
    assert [one["value"] for one in buttons] == [opened, opened]
    browser.submit("/aptitude/framework/draft", {**draft_fields(page), "title": "By another"})

    for path, words in (("publish", "Not published."), ("discard", "Not thrown away.")):
        answer = text_of(browser.submit(f"/aptitude/framework/{path}", {"version": opened}))
        assert f"{words} Somebody else changed this after you had opened it." in answer
    assert (get_framework().number, get_draft().title) == (1, "By another")
    now = {"version": str(get_draft().revision)}
    browser.submit("/aptitude/framework/publish", now)
    assert get_framework().title == "By another"


def test_a_target_holds_from_its_day_and_a_job_title_goes_before_the_level(people, browser):
    browser.sign_in("hr")
    path = "/aptitude/targets"
    sent = {**fields_of(browser.get(path)), "dimension": "D1", "from_on": "2026-04-01"}
    both = browser.post(path, {**sent, "level": "frontline", "job_title": "Keeper"}, status=200)
    assert "Choose a level or type a job title, not both." in text_of(both)
    high = {**sent, "level": "frontline", "score": "30", "required": "y", "floor": "40"}
    assert "The least score lies above the target" in text_of(browser.post(path, high, status=200))
    page = browser.submit(path, {**sent, "level": "frontline", "score": "40"})
    assert "D1 of front line, 4 from 1 April 2026" in text_of(page)
    again = browser.post(path, {**sent, "level": "frontline", "score": "45"}, status=409)
    assert "Not saved" in text_of(again)
    sent = {**fields_of(browser.get(path)), "dimension": "D1", "from_on": "2026-03-01"}
    browser.submit(path, {**sent, "level": "", "job_title": "Keeper", "score": "20"})

    book = target_book()
    of = lambda title, day: book.targets_of(Level.FRONTLINE, title, day)["D1"].value  # noqa: E731
    assert of(None, date(2026, 3, 31)) == 3.0
    assert of(None, date(2026, 4, 1)) == 4.0
    assert of("Keeper", date(2026, 2, 28)) == 3.0
    assert of("Keeper", date(2026, 4, 1)) == 2.0
    early = book.as_of(datetime(2026, 3, 1, tzinfo=UTC)).targets_of(
        Level.FRONTLINE, None, date(2026, 4, 1)
    )
    assert early["D1"].value == 3.0


def contest_the_older(people, browser) -> str:
    """E1 contests the older of two assessments by a manager; return what the form calls it."""
    round_of(people, "E1", {"LEAD": 3.0, "E2": 3.0, "E3": 3.0, "E4": 3.0}, on=date(2026, 3, 9))
    rate(people["E1"], people["DIR"], Source.MANAGER, 1.0, on=date(2026, 2, 9))
    browser.sign_in("employee", people["E1"])
    form = browser.get("/aptitude")
    offered = {one.get_text(): one["value"] for one in form.select("#source option")}
    assert list(offered) == ["Peers", "Manager, 9 March 2026", "Manager, 9 February 2026"]
    older = offered["Manager, 9 February 2026"]
    sent = {"source": older, "kind": "contest", "text": "We had not met."}
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.5, on=date(2026, 3, 15))  # meanwhile
    for other in ("manager", "manager-999", "peer-1", "self"):
        wrong = browser.post("/aptitude/comment", {**sent, "source": other}, status=200)
        assert "Not a valid choice" in text_of(wrong)
    browser.submit("/aptitude/comment", sent)
    assert "Contested: Manager, 9 Feb 2026" in text_of(browser.get("/aptitude"))
    return older


def test_a_contested_assessment_is_set_aside_and_the_past_stays(people, browser):
    older = contest_the_older(people, browser)
    browser.sign_in("hr")
    page = browser.get("/aptitude/contests")
    assert "1 comment waits" in page.h1.get_text().replace("\u202f", " ")
    assert "Said on 9 February 2026: D1 1, D2 1, D3 1" in text_of(page)
    comment_id = db.session.scalars(select(AssessmentComment.id)).one()
    path = f"/aptitude/contests/{comment_id}"
    none = browser.post(path, {"answer": "Looked at it."}, status=200)
    assert "Say whether it stands or is set aside." in text_of(none)
    page = browser.submit(path, {"answer": "You are right.", "outcome": "set_aside"})
    assert "Nothing waits for an answer." in text_of(page)
    assert "This is answered already." in text_of(
        browser.submit(path, {"answer": "Again.", "outcome": "stands"})
    )

    aside = db.session.scalars(select(AssessmentWithdrawal.assessment_id)).all()
    assert [f"manager-{one}" for one in aside] == [older]
    browser.sign_in("employee", people["E1"])
    text = text_of(browser.get("/aptitude"))
    assert "It was set aside. You are right." in text
    assert "Manager, 9 February 2026" not in text
    browser.sign_in("manager", people["LEAD"])
    browser.get("/aptitude/contests", status=404)


def test_nobody_in_hr_answers_what_they_wrote_themselves(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 1.0)
    contest(people["E1"], Source.MANAGER, "I was ill that month.")
    path = f"/aptitude/contests/{db.session.scalars(select(AssessmentComment.id)).one()}"
    sent = {"answer": "I am right.", "outcome": "set_aside"}
    browser.sign_in("hr", people["E1"])
    page = browser.get("/aptitude/contests")
    assert "You wrote this: somebody else in HR answers it." in text_of(page)
    assert page.select("main form") == []
    assert "Nobody judges in their own case" in text_of(browser.submit(path, sent))
    assert db.session.scalars(select(AssessmentWithdrawal.assessment_id)).all() == []
    browser.sign_in("hr", people["E2"])
    browser.submit(path, sent)
    assert len(db.session.scalars(select(AssessmentWithdrawal.assessment_id)).all()) == 1


def test_how_far_down_managers_see_is_decided_by_hr(people, browser):
    path = f"/team-aptitude/people/{people['E1']}"
    browser.sign_in("manager", people["CEO"])
    browser.get(path, status=404)
    browser.sign_in("hr")
    assert "Not changed." in text_of(browser.submit("/aptitude/sight", {"levels": "0"}))
    assert "Changed." in text_of(browser.submit("/aptitude/sight", {"levels": "3"}))
    browser.sign_in("manager", people["CEO"])
    browser.get(path)
    browser.sign_in("hr")
    browser.submit("/aptitude/sight", {"levels": "1"})
    browser.sign_in("manager", people["DIR"])
    browser.get(path, status=404)
