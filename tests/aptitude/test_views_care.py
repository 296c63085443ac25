"""HR changes the framework as a new version, sets targets with dates, and answers contests."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from aptitude.models.assessments import Assessment, AssessmentComment, AssessmentWithdrawal
from aptitude.models.frameworks import Framework
from aptitude.queries.frameworks import get_draft, get_framework, target_book
from aptitude.rules.sources import Source
from aptitude.rules.words import ContestOutcome
from core.clock import at
from core.db import db
from curricula.models.notices import Notice
from people.models import AuditEvent
from people.rules.levels import Level
from people.rules.plain_words import details_in_words
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import company, contest, rate, round_of
from tests.browsing import fields_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def draft_fields(page) -> dict[str, str]:
    texts = {one["name"]: one.get_text().lstrip("\n") for one in page.select("main textarea")}
    return {**fields_of(page), **texts}


DRAFT, PUBLISH = "/aptitude/framework/draft", "/aptitude/framework/publish"


@pytest.fixture
def sent(people, browser) -> dict[str, str]:
    """What the form about a new draft holds."""
    browser.sign_in("hr")
    browser.get(DRAFT, status=404)
    return draft_fields(browser.submit("/aptitude/framework/begin"))


def test_all_that_is_missing_in_a_draft_is_told_at_the_top_and_its_fold_is_open(sent, browser):
    assert len([name for name in sent if name.startswith("anchor-")]) == 175
    assert "There is a draft already" in text_of(browser.submit("/aptitude/framework/begin"))
    sent |= {"anchor-D2-frontline-3": "Looks up and smiles", "anchor-D1-senior-2": ""}
    unsaid = "What is new: Say it in one line before you publish: nobody can add it afterwards."
    for button, news in (({}, ()), ({"then": "publish"}, (unsaid,))):
        bad = browser.post(DRAFT, {**sent, "title": " ", **button}, status=200)
        told = bad.select_one(".tm-notice-bad[autofocus]")
        assert told.find_previous("h1") is None
        assert [" ".join(one.get_text(" ").split()) for one in told.select("li")] == [
            "Title is empty. Give the framework a title.",
            *news,
            "Noticing and empathy, senior, 2: Say what somebody does who stands at 2.",
        ]
        [fold] = bad.select("details.tm-anchors[open]")
        assert fold.select_one(told.select("a")[-1]["href"]) is not None
        assert "Looks up and smiles" in str(bad)
    assert (get_framework().number, get_draft().title) == (1, "Service aptitude")


def test_a_new_version_is_written_kept_and_published(sent, browser):
    sent |= {"anchor-D2-frontline-3": "Looks up and smiles", "change_note": "Shorter words"}
    page = browser.submit(DRAFT, sent)
    assert "Kept. It is a draft until you publish it." in text_of(page)
    assert get_framework().number == 1
    late = browser.post(DRAFT, {**sent, "title": "Mine"}, status=409)
    assert "Not saved: this was changed after you had opened it" in text_of(late)
    assert [one.get_text() for one in late.select(".tm-conflict tbody th")] == ["Title"]

    sent = {**sent, "version": fields_of(page)["version"], "then": "publish"}
    page = browser.submit(DRAFT, {**sent, "anchor-D3-manager-1": "Typed just before publishing"})
    assert "Publish version 2 for everybody? 2 texts change." in text_of(page)
    assert "requests that are open included" in text_of(page)
    assert "Typed just before publishing" in text_of(page)
    assert get_framework().number == 1
    page = browser.submit(PUBLISH, fields_of(page))
    assert "Version 2, in force since 16 March 2026" in text_of(page)
    assert "Looks up and smiles" in text_of(page)
    assert "Typed just before publishing" in text_of(page)
    first = browser.get("/aptitude/framework?version=1")
    assert "Looks up and smiles" not in text_of(first)
    browser.get("/aptitude/framework?version=9", status=404)
    with pytest.raises(Exception, match="never changes"):
        db.session.execute(update(Framework).values(purpose="another"))
    db.session.rollback()


def test_a_kept_draft_marks_what_is_another_with_what_stands_there_now(sent, browser):
    was = sent["anchor-D2-frontline-3"]
    assert "than in version 1" not in text_of(browser.get(DRAFT))

    page = browser.submit(DRAFT, {**sent, "anchor-D2-frontline-3": "Looks up", "title": "Ours"})

    assert "2 texts of the draft as it was kept are another than in version 1" in text_of(page)
    hints = [text_of_one(one) for one in page.select("form .form-text")]
    assert [one for one in hints if one.startswith("Version 1")] == [
        "Version 1: “Service aptitude”",
        f"Version 1: “{was}”",
    ]
    marked = [one for one in page.select("summary .tm-muted") if "changed" in one.get_text()]
    assert [text_of_one(one) for one in marked] == ["1 changed"]
    assert marked[0].find_parent("details").select_one("#anchor-D2-frontline-3") is not None


def text_of_one(node) -> str:
    return " ".join(node.get_text().split())


def test_nothing_changed_is_nothing_to_publish_and_throwing_away_asks_first(sent, browser):
    same = browser.submit(DRAFT, {**sent, "then": "publish"})
    assert "Nothing to publish. The draft says word for word what version 1 says" in text_of(same)
    again = browser.submit(PUBLISH, {"version": fields_of(same)["version"]})
    assert "Nothing to publish." in text_of(again)
    assert get_framework().number == 1
    sent = {**sent, "version": fields_of(same)["version"]}
    silent = browser.post(DRAFT, {**sent, "title": "New", "then": "publish"}, status=200)
    assert [one.get_text(" ", strip=True) for one in silent.select("#change_note-error")] == [
        "Say it in one line before you publish: nobody can add it afterwards."
    ]
    assert silent.select_one("#title")["value"] == "New"  # what was written is still there
    kept = browser.submit(DRAFT, {**sent, "title": "New"})
    assert "Not published. Say first in one line what is new" in text_of(browser.submit(PUBLISH))
    sent = {**sent, "version": fields_of(kept)["version"]}
    browser.submit(DRAFT, {**sent, "title": get_framework().title})
    asks = browser.get("/aptitude/framework/discard")
    assert "Throw the draft of version 2 away?" in text_of(asks)
    assert "Nothing in it differs" in text_of(asks)
    assert get_draft().number == 2
    assert "Thrown away" in text_of(browser.submit("/aptitude/framework/discard", fields_of(asks)))
    browser.get(DRAFT, status=404)


def test_a_draft_that_changed_meanwhile_is_neither_published_nor_thrown_away(people, browser):
    browser.sign_in("hr")
    page = browser.submit("/aptitude/framework/begin")
    opened = fields_of(page)["version"]
    [button] = page.select("form[action$=discard] [name=version]")
    assert button["value"] == opened
    browser.submit(
        "/aptitude/framework/draft",
        {**draft_fields(page), "title": "By another", "change_note": "Title"},
    )

    for path, words in (("publish", "Not published."), ("discard", "Not thrown away.")):
        answer = text_of(browser.submit(f"/aptitude/framework/{path}", {"version": opened}))
        assert f"{words} Somebody else changed this after you had opened it." in answer
    assert (get_framework().number, get_draft().title) == (1, "By another")
    now = {"version": str(get_draft().revision)}
    browser.submit("/aptitude/framework/publish", now)
    assert get_framework().title == "By another"


TARGETS = "/aptitude/targets"


def begun(browser, dimension: str, of: str) -> dict[str, str]:
    """What the form about one target holds before anybody touches it."""
    page = browser.get(f"{TARGETS}?dimension={dimension}&of={of}")
    page.select_one("main form[method=get]").decompose()
    return fields_of(page)


def look_at(browser, sent: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Look at what a target changes; return what is told and what setting it would send."""
    page = browser.post(TARGETS, {**sent, "step": "look"}, status=200)
    promised = page.select_one("[name=promised]")["value"]
    return text_of(page), {**sent, "promised": promised, "step": "set"}


def test_a_target_begins_with_what_holds_and_says_for_whom_it_changes(people, browser):
    browser.sign_in("hr")
    sent = begun(browser, "D1", "frontline")
    assert (sent["score"], sent["required"], sent["floor"]) == ("30", "y", "20")
    told, _ = look_at(browser, sent)
    assert "Nothing: 3.0, required, at least 2.0 is what holds on 16 March 2026." in told
    free = {**sent, "score": "35"} | {"required": ""}
    del free["required"]
    told, whole = look_at(browser, free)
    assert "For 7 people (front line), from 16 March 2026: 3.5, not required" in told
    assert "Without it: 3.0, required, at least 2.0." in told
    assert "It is required no more:" in told
    changed = browser.post(TARGETS, {**whole, "score": "45"}, status=200)
    assert "4.5, not required" in text_of(changed)  # what was not looked at is not kept
    assert len(target_book().rows) == 35
    high = {**sent, "floor": "40", "step": "look"}
    assert "The least score lies above the target" in text_of(
        browser.post(TARGETS, high, status=200)
    )
    for day, words in (("2020-01-01", "This day has gone by."), ("2099-01-01", "a year ahead")):
        assert words in look_at(browser, {**sent, "score": "40", "from_on": day})[0]
    for of in ("job:Dragon tamer", "senior "):
        page = browser.post(TARGETS, {**sent, "of": of, "step": "look"}, status=200)
        assert "Choose one of those offered." in text_of(page)
    offered = [one["value"] for one in browser.get(TARGETS).select("#of option")]
    assert offered[-2:] == ["executive", "job:Keeper"]


def test_a_target_holds_from_its_day_and_a_job_title_goes_before_the_level(people, browser):
    browser.sign_in("hr")
    sent = {**begun(browser, "D1", "frontline"), "from_on": "2026-04-01", "score": "40"}
    _, whole = look_at(browser, sent)
    page = browser.submit(TARGETS, whole)
    assert "Noticing and empathy of front line, 4 from 1 April 2026" in text_of(page)
    again = browser.post(TARGETS, look_at(browser, {**sent, "score": "45"})[1], status=409)
    assert "Not saved" in text_of(again)
    sent = {**begun(browser, "D1", "job:Keeper"), "from_on": "2026-03-01", "score": "20"}
    told, whole = look_at(browser, sent)
    assert "For 11 people (Keeper)" in told
    page = browser.submit(TARGETS, whole)

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


def test_a_target_is_taken_back_after_a_question(people, browser):
    browser.sign_in("hr")
    for of, score in (("frontline", "45"), ("job:Keeper", "20")):
        browser.submit(TARGETS, look_at(browser, {**begun(browser, "D1", of), "score": score})[1])
    page = browser.get(TARGETS)
    links = [one["href"] for one in page.select("a[href$=take-back]")]
    assert len(links) == 2
    asks = browser.get(links[1])
    assert "Take back what is expected of front line: Noticing and empathy, 4.5" in text_of(asks)
    assert "holds again what held before it was set: 3.0, required, at least 2.0" in text_of(asks)
    buttons = [one.get_text(strip=True) for one in page.select("main button")]
    assert buttons == ["Show what holds now", "See who would see whom"]
    heads = [one.get_text(strip=True) for one in page.select("main tbody th")]
    assert heads[0] == "Noticing and empathy"
    assert len(heads) == 7
    told = text_of(page)
    assert "Noticing and empathy of front line: 4.5, required, at least 2.0" in told
    assert "Keeper Noticing and empathy: Change Noticing and empathy of Keeper: 2.0" in told
    assert not re.search(r"\bD[1-7]\b", told)
    set_by_hand = db.session.scalars(
        select(AuditEvent.details).where(AuditEvent.kind == "aptitude.target")
    ).all()
    assert [details_in_words(one) for one in set_by_hand][:1] == [
        [
            ("dimension", "Noticing and empathy"),
            ("expected", "4.5, required, at least 2.0"),
            ("from", "16 March 2026"),
            ("level", "frontline"),
        ]
    ]
    browser.submit(links[1], fields_of(asks))
    browser.get(links[1], status=404)  # another stands in its place
    browser.submit(links[0], fields_of(browser.get(links[0])))
    now = target_book().targets_of(Level.FRONTLINE, None, TODAY.date())["D1"]
    assert (now.value, now.required, now.floor) == (3.0, True, 2.0)
    assert target_book().targets_of(None, "Keeper", TODAY.date()) == {}
    assert len(target_book().rows) == 39
    browser.get(f"{TARGETS}/1/take-back", status=404)  # it came with the framework


def contest_the_older(people, browser) -> str:
    """E1 contests the older of two assessments by a manager; return what the form calls it."""
    round_of(people, "E1", {"LEAD": 3.0, "E2": 3.0, "E3": 3.0, "E4": 3.0}, on=date(2026, 3, 9))
    rate(people["E1"], people["DIR"], Source.MANAGER, 1.0, on=date(2026, 2, 9))
    browser.sign_in("employee", people["E1"])
    form = browser.get("/aptitude")
    offered = {one.get_text(): one["value"] for one in form.select("#source option")}
    days = ["Manager, 9 March 2026", "Manager, 9 February 2026"]
    assert list(offered) == ["Choose", "Peers", *days]
    older = offered["Manager, 9 February 2026"]
    sent = {"source": older, "kind": "contest", "text": "We had not met."}
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.5, on=date(2026, 3, 15))  # meanwhile
    for other in ("manager", "manager-999", "peer-1", "self"):
        wrong = browser.post("/aptitude/comment", {**sent, "source": other}, status=200)
        assert "Choose one of those offered." in text_of(wrong)
    browser.submit("/aptitude/comment", sent)
    assert "Contested: Manager, 9 Feb 2026" in text_of(browser.get("/aptitude"))
    again = {**sent, "text": "Once more."}
    assert "You contested this on 16 March 2026, and HR has not answered yet." in text_of(
        browser.post("/aptitude/comment", again, status=200)
    )
    return older


def test_a_contest_is_told_to_hr_who_see_it_counted_and_one_answer_is_to_all_of_it(people, browser):
    browser.sign_in("hr", people["E6"])
    browser.sign_in("hr")
    older = contest_the_older(people, browser)
    told = db.session.scalars(select(Notice).where(Notice.kind == "contest_made")).all()
    assert {(one.subject, one.path) for one in told} == {
        ("Somebody contests an assessment", "/aptitude/contests")
    }
    assert people["E6"] in {one.employee_id for one in told}
    assert all(one.employee_id != people["E1"] for one in told)
    first = db.session.scalars(select(AssessmentComment)).one()
    twin = {one.name: getattr(first, one.name) for one in AssessmentComment.__table__.columns}
    db.session.add(AssessmentComment(**{**twin, "id": None, "text": "From before there was one"}))
    db.session.commit()
    browser.sign_in("hr")
    page = browser.get("/aptitude/targets")
    tabs = [" ".join(one.get_text().split()) for one in page.select(".tm-tabs a")]
    assert tabs == [
        "Framework",
        "Anchor workshops",
        "Targets",
        "Rounds",
        "Contests: 2",
        "Duties of HR",
        "Agreement",
    ]
    menu = {one.get_text(): one["href"] for one in page.select(".tm-nav a")}
    assert menu["Contests"] == "/aptitude/contests"
    assert menu["Targets"] == "/aptitude/targets"
    assert menu["Rounds"] == "/team-aptitude/rounds"
    for path, place, tab in (
        ("/team-aptitude/round", "Rounds", "Rounds"),
        ("/team-aptitude/rounds", "Rounds", "Rounds"),
        ("/aptitude/framework/workshops", "Framework", "Anchor workshops"),
        ("/aptitude/framework/workshops/new", "Framework", "Anchor workshops"),
    ):
        here = browser.get(path).select(".tm-nav a[aria-current], .tm-tabs a[aria-current]")
        assert [one.get_text() for one in here] == [place, tab]
    assert menu["Agreement"] == "/leader-mirror/agreement"
    browser.submit(f"/aptitude/contests/{first.id}", {"answer": "No.", "outcome": "stands"})
    db.session.expire_all()
    rows = db.session.scalars(select(AssessmentComment)).all()
    assert [(one.answer, one.outcome) for one in rows] == [("No.", ContestOutcome.STANDS)] * 2
    browser.sign_in("employee", people["E1"])
    browser.submit("/aptitude/comment", {"source": older, "kind": "contest", "text": "Anew."})


def test_a_contested_assessment_is_set_aside_and_the_past_stays(people, browser):
    older = contest_the_older(people, browser)
    browser.sign_in("hr")
    page = browser.get("/aptitude/contests")
    assert "1 contest waits" in page.h1.get_text().replace("\u202f", " ")
    assert "Said on 9 February 2026: Noticing and empathy 1, Warm engagement 1," in text_of(page)
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
    days = select(Assessment.assessed_on).where(Assessment.id.in_(aside))
    assert (older, db.session.scalars(days).all()) == ("manager-2", [date(2026, 2, 9)])
    browser.sign_in("employee", people["E1"])
    text = text_of(browser.get("/aptitude"))
    assert "It was set aside. You are right." in text
    assert "HR answered on 16 March 2026 what you contested: read the answer" in text
    assert "Manager, 9 February 2026" not in text
    with at(TODAY + timedelta(days=31)):
        browser.sign_in("employee", people["E1"])
        later = text_of(browser.get("/aptitude"))
    assert "You are right." in later
    assert "read the answer" not in later
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


def test_how_far_down_managers_see_is_decided_by_hr_who_reads_first_what_it_shows(people, browser):
    path = f"/team-aptitude/people/{people['E1']}"
    browser.sign_in("manager", people["CEO"])
    browser.get(path, status=404)
    browser.sign_in("hr")
    assert "Not changed." in text_of(browser.submit("/aptitude/sight", {"levels": "0"}))
    assert "Nothing changes." in text_of(browser.get("/aptitude/sight?levels=2"))
    page = browser.get("/aptitude/sight?levels=3")
    assert page.h1.get_text(strip=True).replace("\u202f", " ") == (
        "6 people become visible by name to 1 manager more above them."
    )
    assert "Pat CEO 6 people" in text_of(page).replace("\u202f", " ")
    assert "up to 3 levels above you, and HR can see your profile" in text_of(page)
    browser.sign_in("manager", people["CEO"])
    browser.get(path, status=404)
    browser.sign_in("hr")
    assert "Changed." in text_of(browser.submit("/aptitude/sight", {"levels": "3"}))
    browser.sign_in("manager", people["CEO"])
    browser.get(path)
    browser.sign_in("hr")
    less = browser.get("/aptitude/sight?levels=1")
    assert "no longer see" in less.h1.get_text()
    browser.submit("/aptitude/sight", {"levels": "1"})
    browser.sign_in("manager", people["DIR"])
    browser.get(path, status=404)
