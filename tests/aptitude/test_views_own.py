"""My aptitude, what I am asked, and what my manager and HR see."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.agreement import RatingAgreement
from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest, Rating
from aptitude.queries.frameworks import get_draft
from aptitude.rules.promises import SAID_BEFORE
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import FrameworkTexts
from aptitude.rules.words import RequestState
from aptitude.services.frameworks import (
    begin_version,
    change_draft,
    load_framework,
    publish_version,
    set_target,
)
from aptitude.services.sight import set_levels_down
from core.clock import at
from core.db import db
from people.models import AuditEvent
from people.rules.levels import Level
from people.services.importing import import_people
from tests.aptitude.worlds import CODES, asked, company, rate, round_of
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def text_of(page) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


def test_nothing_is_known_before_anybody_said_anything(people, browser):
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")

    assert page.h1.get_text() == (
        "You have not been assessed yet: nothing is known, and nothing is assumed."
    )
    assert text_of(page).count("Not assessed") == 7
    assert "There is nothing to show yet." in text_of(page)


@pytest.mark.engines("sqlite")
def test_the_menu_begins_where_the_day_does_and_stays_where_there_is_nothing(people, browser):
    for role, who, first, helped in (
        ("hr", None, "/balance", "Courses People"),
        ("hr", "E2", "/balance", "Courses People"),
        ("trainer", "E3", "/week", "Courses"),
        ("executive", "CEO", "/aptitude", "Courses People"),
        ("executive", None, "/balance", ""),
        ("manager", "LEAD", "/aptitude", "Courses People"),
        ("employee", "E1", "/learning", ""),
        ("admin", None, "/accounts", ""),
    ):
        browser.sign_in(role, people[who] if who else None)
        assert browser.open("/", 302).headers["Location"] == first
        page = browser.get(first)
        assert page.select_one(".tm-nav a")["href"] == first
        menu = [one.get_text() for one in page.select(".tm-nav a")]
        assert " ".join(one for one in menu if one in ("Courses", "People")) == helped, (role, who)
    browser.sign_in("employee", people["E1"])  # not in the menu, and still theirs to open
    assert [browser.open(path).status_code for path in ("/people/", "/courses")] == [200, 200]
    browser.sign_in("manager", people["LEAD"])
    hidden, absent = (
        browser.get(f"/team-aptitude/people/{one}", 404) for one in (people["CEO"], 999_999)
    )
    told = "There is nothing here The page does not exist, or it is not for you to see."
    assert told in text_of(hidden)
    assert hidden.body.get_text() == absent.body.get_text()
    assert [one.get_text() for one in absent.select(".tm-nav a")][:3] == [
        "My aptitude",
        "My team",
        "My learning",
    ]
    assert browser.get("/no-such-page", 404).select_one(".tm-who").get_text()
    browser.sign_out()
    assert not browser.get("/no-such-page", 404).select(".tm-nav, .tm-who")


def test_one_rater_is_told_apart_from_nothing_and_from_enough(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, [2.0, *[3.5] * 6])
    set_levels_down(1)
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")
    text = text_of(page)

    assert page.h1.get_text() == (
        "One rater so far on seven of your seven front line dimensions: it takes two to tell "
        "where somebody stands."
    )
    assert (
        "No overall figure yet. It needs two raters besides yourself on five dimensions; so far "
        "that is so on none."
    ) in text
    assert "Manager 1 2.0 ± 0.6 3.5 ± 0.6" in text  # the error of one rating
    assert "It takes two raters, and they are not there yet: Noticing and empathy; " in text
    assert "next; a person decides, not a score" in text
    assert "You, your manager and HR can see your profile" in text
    rate(people["E1"], people["DIR"], Source.MANAGER, [2.0, *[3.5] * 6])
    text = text_of(browser.get("/aptitude"))
    assert "Below what this level takes: Noticing and empathy (2.0, where it takes 2.0)" not in text
    assert "± 0.8" in text  # 1.96 · 0.57 / √2, though both said the same
    assert (
        "Overall 3.3 ± 0.8 on the scale from 1 to 5. The mean of seven of seven dimensions, each "
        "seen by two raters besides yourself."
    ) in text


def test_a_profile_shows_others_self_and_state(people, browser):
    round_of(people, "E1", {"LEAD": 2.0, "E2": 2.0, "E3": 2.5, "E4": 2.0, "E1": 4.5})
    rate(people["E1"], people["E5"], Source.PEER, [*[None] * 6, 2.0])
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")
    text = text_of(page)

    # (2 + 2 + 2.5 + 2) / 4 = 2.125; the self-rating of 4.5 is not in it
    first = page.select_one("section[aria-labelledby=dims] tbody tr").get_text(" ").split()
    assert first[:3] == ["Noticing", "and", "empathy"]
    assert "2.1" in first
    assert "4.5" in first
    assert "Below target" in text
    assert "The ladder, one for everybody" in text
    peers = "Peers 4 2.2 ± 0.4 3 of 4"
    assert peers in text
    assert text.count(" 3 of 4 ") == 6  # all four have seen the last dimension
    assert peers in words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "Pat E2" not in text
    assert "Pat LEAD" not in text


def test_two_peers_are_nowhere(people, browser):
    round_of(people, "E1", {"LEAD": 3.0, "E2": 4.5, "E3": 4.5})
    for role, who, path in (
        ("employee", people["E1"], "/aptitude"),
        ("manager", people["LEAD"], f"/team-aptitude/people/{people['E1']}"),
        ("hr", None, f"/team-aptitude/people/{people['E1']}"),
    ):
        browser.sign_in(role, who)
        page = browser.get(path)
        assert "4.5" not in text_of(page)
        rows = page.select("section[aria-labelledby=sources] tbody th")
        assert [row.get_text(strip=True) for row in rows] == ["Manager"]
    browser.sign_in("employee", people["E1"])
    assert "4.5" not in browser.open("/my-data").text
    assert '"45"' not in browser.open("/my-data.json").text


def test_a_rater_answers_and_what_is_wrong_keeps_what_was_written(people, browser):
    request_id = asked(people["E1"], people["LEAD"], Source.MANAGER)
    browser.sign_in("manager", people["LEAD"])
    assert "1 person waits" in browser.get("/aptitude/asked").h1.get_text(" ").replace(
        "\u202f", " "
    )
    for path in ("/aptitude", "/aptitude/scenarios", "/aptitude/framework", "/aptitude/self"):
        tabs = [one.get_text() for one in browser.get(path).select(".tm-tabs a")]
        assert tabs == ["Where I stand", "Ratings asked of me: 1", "My scenario tests", "Framework"]
    for path in ("/team-aptitude", f"/team-aptitude/people/{people['E1']}"):
        [way] = browser.get(path).select(f'main a[href="/aptitude/asked/{request_id}"]')
        assert way.get_text().startswith("Say what you have seen")
    page = browser.get(f"/aptitude/asked/{request_id}")
    assert "Greets everyone in time, with a tone that fits the channel" in text_of(page)
    assert "not for hiring or dismissal" in text_of(page)

    sent = {f"score-{code}": "30" for code in CODES}
    path = f"/aptitude/asked/{request_id}"
    missing = browser.post(path, {**sent, "score-D3": ""}, status=200)
    assert "Choose a level, or “not observed”" in text_of(missing)
    assert missing.select_one('input[name="score-D1"][value="30"]').has_attr("checked")
    no_example = browser.post(path, {**sent, "score-D2": "50"}, status=200)
    assert "write down what you saw that shows a 5" in text_of(no_example)
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 0
    nothing = browser.post(path, {f"score-{code}": "none" for code in CODES}, status=200)
    assert "Decline the request instead" in text_of(nothing)

    given = {**sent, "score-D2": "50", "example-D2": "Stayed with a lost guest for an hour.",
             "score-D7": "none"}  # fmt: skip
    page = browser.submit(path, given)
    assert "What I gave" in text_of(page)
    rows = db.session.execute(select(Rating.tenths, Rating.not_observed)).all()
    assert sorted(rows, key=str) == sorted([(30, False)] * 5 + [(50, False), (None, True)], key=str)
    assert "Stayed with a lost guest" in text_of(browser.get(path))
    browser.post(path, given, status=200)  # it is closed: the page shows what was given
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1


def test_who_says_where_they_stand_by_themself_answers_what_they_were_asked(people, browser):
    request_id = asked(people["E1"], people["E1"], Source.SELF)
    asked(people["E2"], people["E1"], Source.PEER)
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude/asked")  # one number in title, tab and button
    assert page.h1.get_text(strip=True).replace("\u202f", " ") == (
        "2 requests wait for you: 1 person and yourself."
    )
    assert page.select_one(".tm-tabs [aria-current=page]").get_text() == "Ratings asked of me: 2"
    assert "Answer 2 requests" in text_of(browser.get("/aptitude")).replace("\u202f", " ")
    framework = browser.get("/aptitude/self").select_one("input[name=version]")
    sent = {f"score-{code}": "30" for code in CODES}
    browser.post("/aptitude/self", {**sent, "version": framework["value"] if framework else ""})

    row = db.session.get_one(AssessmentRequest, request_id)
    assert row.state is RequestState.ANSWERED
    page = browser.get("/aptitude/asked")
    assert [
        one.get_text(strip=True) for one in page.select("section[aria-labelledby=open] .t")
    ] == ["Pat E2"]
    given = browser.get(f"/aptitude/asked/{request_id}")
    assert "Purpose and promise 3 Ownership 3" in text_of(given)


def test_what_i_gave_stands_newest_first_and_the_rest_opens(people, browser):
    for day, who in enumerate(("E1", "E2", "E4", "E5", "E6", "LEAD"), 2):
        source = Source.REPORT if who == "LEAD" else Source.PEER
        rate(people[who], people["E3"], source, 3.0, on=date(2026, 3, day))
    browser.sign_in("employee", people["E3"])
    given = browser.get("/aptitude/asked").select_one("section[aria-labelledby=closed]")
    names = [one.get_text(strip=True) for one in given.select(".t")]
    assert names == ["Pat LEAD", "Pat E6", "Pat E5", "Pat E4", "Pat E2", "Pat E1"]
    assert given.select_one("details .t").get_text(strip=True) == "Pat E1"
    assert given.summary.get_text() == "Earlier: 1 more"


def test_only_who_is_asked_answers(people, browser):
    request_id = asked(people["E1"], people["E2"], Source.PEER)
    for role, who in (("employee", people["E3"]), ("manager", people["LEAD"]), ("hr", None)):
        browser.sign_in(role, who)
        browser.get(f"/aptitude/asked/{request_id}", status=404)
        browser.post(f"/aptitude/asked/{request_id}", {}, status=404)
        browser.post(f"/aptitude/asked/{request_id}/decline", {"reason": "no"}, status=404)
    browser.sign_in("employee", people["E2"])
    browser.post(f"/aptitude/asked/{request_id}/decline", {"reason": ""}, status=200)
    assert "1 person waits" in text_of(browser.get("/aptitude/asked")).replace("\u202f", " ")
    page = browser.submit(f"/aptitude/asked/{request_id}/decline", {"reason": "I am new"})
    assert "Nobody waits for you." in text_of(page)


def test_a_manager_sees_two_levels_down_and_the_look_is_on_record(people, browser):
    round_of(people, "E1", {"LEAD": 3.0})
    path = f"/team-aptitude/people/{people['E1']}"
    for who, status in (("LEAD", 200), ("DIR", 200), ("CEO", 404), ("OTHER", 404)):
        browser.sign_in("manager", people[who])
        browser.get(path, status=status)
        browser.get(f"{path}/ask", status=status)
    for role in ("executive", "trainer", "admin"):
        browser.sign_in(role)
        browser.get(path, status=404)
    browser.sign_in("employee", people["E2"])
    browser.get(path, status=404)
    looks = select(func.count()).where(
        AuditEvent.kind == "look", AuditEvent.employee_id == people["E1"]
    )
    assert db.session.scalar(looks) == 2
    browser.sign_in("employee", people["E1"])
    browser.open(path, status=404)


def test_a_manager_asks_and_takes_back(people, browser):
    browser.sign_in("manager", people["LEAD"])
    path = f"/team-aptitude/people/{people['E1']}/ask"
    page = browser.get(path)
    assert "Pat E2" in text_of(page)
    chosen = [f"manager-{people['LEAD']}", f"self-{people['E1']}", f"peer-{people['E2']}"]
    sent = {"raters": chosen, "due_on": "2026-03-30", "purpose": "development"}

    page = browser.submit(path, sent)

    assert "Asked 3. They are told." in text_of(page)
    rows = db.session.execute(
        select(AssessmentRequest.source, AssessmentRequest.rater_id).order_by(AssessmentRequest.id)
    ).all()
    assert {source for source, _ in rows} == {Source.SELF, Source.MANAGER, Source.PEER}
    assert "They are asked already." in text_of(browser.submit(path, sent))
    late = browser.post(path, {**sent, "due_on": "2026-03-01"}, status=200)
    assert "The day has gone by" in text_of(late)
    nobody = browser.post(path, {"due_on": "2026-03-30", "purpose": "development"}, status=200)
    assert "Choose who is asked." in text_of(nobody)
    first = db.session.scalars(select(AssessmentRequest.id).order_by(AssessmentRequest.id)).first()
    assert "Taken back" in text_of(browser.submit(f"/team-aptitude/requests/{first}/withdraw"))
    browser.sign_in("manager", people["OTHER"])
    browser.post(f"/team-aptitude/requests/{first + 1}/withdraw", status=404)
    # One peer and one report are not asked in vain: what they say would never be shown.
    browser.sign_in("hr")
    alone = browser.get(f"/team-aptitude/people/{people['DIR']}/ask").select("[name=raters]")
    offered = [one["value"].partition("-")[0] for one in alone]
    assert offered == ["self", "scenario", "manager"]


def test_a_person_contests_and_their_words_stand(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 2.0)
    browser.sign_in("employee", people["E1"])
    _, about = browser.get("/aptitude").select("#source option")
    sent = {"source": about["value"], "kind": "contest", "text": ""}
    assert "Write what you see differently" in text_of(
        browser.post("/aptitude/comment", sent, status=200)
    )
    page = browser.submit("/aptitude/comment", {**sent, "text": "I was ill that month."})
    assert "Contested: Manager, 2 March 2026: I was ill that month. (16 March 2026) Waits for" in (
        words_of(browser.open("/aptitude/sheet.pdf").data)
    )

    assert "Contested: Manager" in text_of(page)
    assert "I was ill that month." in text_of(page)
    browser.sign_in("manager", people["LEAD"])
    assert "I was ill that month." in text_of(browser.get(f"/team-aptitude/people/{people['E1']}"))


def test_without_a_framework_every_page_says_so(browser):
    browser.sign_in("hr")
    for path in ("/aptitude/framework", "/aptitude/targets", "/team-aptitude/people/1"):
        assert "There is no framework of service aptitude yet." in text_of(browser.get(path))
    browser.get("/aptitude/contests")


def test_everybody_reads_the_framework_and_hr_loads_it(browser):
    browser.sign_in("hr")
    assert "Load the framework that ships" in text_of(browser.get("/aptitude/framework"))
    page = browser.submit("/aptitude/framework/load")
    assert "one ladder for everybody" in text_of(page)
    assert "Greets everyone in time, with a tone that fits the channel" in text_of(page)
    assert "nothing was changed" in text_of(browser.submit("/aptitude/framework/load"))
    for role in ("trainer", "executive"):
        browser.sign_in(role)
        browser.get("/aptitude/framework")
        browser.post("/aptitude/framework/load", status=404)


FORMERLY = """**What it is for.** Learning.

**Who sees it.** You see all of your own profile. Your manager sees it, and so does the manager
above; those further up see groups of five people or more. HR sees it in order to owe you what the
company owes you. Every look at your profile is recorded.

**What it is not for.** It is not for hiring or dismissal, and people are never ranked by it. Do not use it for these.

**With us.** Your team leads see everything. Bonuses do not rest on it."""  # noqa: E501  # as it shipped


def test_what_a_former_purpose_says_against_what_is_set_is_left_out_and_told_to_hr(browser):
    former = replace(read_aptitude_library().framework, purpose=FORMERLY)
    load_framework(former, account_id=None)
    set_levels_down(3)

    browser.sign_in("trainer")
    page = browser.get("/aptitude/framework")
    prose = " ".join(page.select_one(".tm-prose").text.split())
    assert prose.startswith(
        "What it is for. Learning. Who sees it. HR sees it in order to owe you what the company "
        "owes you. With us. Your team leads see everything. Bonuses do not rest on it. Who sees "
        "it, and what it is not for. You, whoever leads you, up to 3 levels above you, and HR can"
    )
    assert "The purpose says it too." not in text_of(page)
    booklet = PdfReader(io.BytesIO(browser.open("/aptitude/framework.pdf").data))
    assert "never ranked" not in booklet.pages[0].extract_text()

    browser.sign_in("hr")
    told = [one.text for one in browser.get("/aptitude/framework").select(".tm-notice li")]
    assert [one.strip("“”") for one in told] == [
        *SAID_BEFORE, "Your team leads see everything."]  # fmt: skip
    edit = browser.submit("/aptitude/framework/begin")
    assert "Every look at your profile is recorded." in edit.select_one("#purpose").text
    way = browser.get("/aptitude/framework").select_one(".tm-notice a")
    assert way["href"].endswith("/draft#purpose")


def test_what_a_manager_saw_is_told_to_the_person_alone(people, browser):
    seen = "Walked a lost guest to the door."
    rate(people["E1"], people["LEAD"], Source.MANAGER, 5.0, example=seen)
    browser.sign_in("employee", people["E1"])
    assert seen in text_of(browser.get("/aptitude"))
    assert seen in browser.open("/my-data").text
    assert f"Noticing and empathy, 5.0: {seen} (Manager, " in words_of(
        browser.open("/aptitude/sheet.pdf").data
    )
    path = f"/team-aptitude/people/{people['E1']}"
    for role, who in (("hr", None), ("manager", people["DIR"]), ("manager", people["LEAD"])):
        browser.sign_in(role, who)
        assert seen not in browser.open(path).text
        assert seen not in words_of(browser.open(f"{path}/sheet.pdf").data)


def test_raters_are_kept_apart_from_what_they_said(people):
    rate(people["E1"], people["E2"], Source.PEER, 3.0)

    assert db.session.scalars(select(AssessmentRater.rater_id)).all() == [people["E2"]]
    assert "rater" not in " ".join(column.name for column in Assessment.__table__.columns)


def history_of(page) -> list[str]:
    rows = page.select("table")[-1].select("tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in rows]


def everything_changes(tmp_path) -> None:
    """Every dimension gets another name, a target is set from long ago on, E1 is promoted."""
    draft = begin_version(account_id=None)
    held = get_draft()
    renamed = [replace(one, name=f"New {one.code}") for one in held.dimensions]
    change_draft(draft, FrameworkTexts(held.title, held.purpose, "Names", renamed))
    publish_version(draft, account_id=None)
    set_target(TargetDraft("D1", Level.SENIOR, None, 45, 20, True, date(2026, 1, 1)),
               account_id=None)  # fmt: skip
    up = write(tmp_path, "employee_number,level\nE1,senior\n", "up.csv")
    import_people(up, file_name="up.csv", account_id=None, effective_on=TODAY.date())


def test_what_somebody_says_of_themself_makes_no_row_and_moves_none(people, browser):
    """One row a month, the last: a row stays where it is until others say something more."""
    for above, value in (("LEAD", 3.0), ("DIR", 3.5)):
        rate(people["E1"], people[above], Source.MANAGER, value, on=date(2026, 2, 9))
    rate(people["E1"], people["E1"], Source.SELF, 5.0, on=date(2026, 2, 20))
    rate(people["E1"], people["E1"], Source.SELF, 4.0, on=date(2026, 3, 5))
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")
    assert history_of(page) == ["9 Feb 2026 Front line 1 0 of 7 3.2 ± 0.8"]
    assert "One row a month: what was known on the last day" in text_of(page)

    rate(people["E1"], people["CEO"], Source.MANAGER, 4.0, on=date(2026, 2, 23))
    assert history_of(browser.get("/aptitude")) == ["23 Feb 2026 Front line 1 0 of 7 3.5 ± 0.6"]
    sheet = words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "The history has one row a month" in sheet
    assert "They reach 1.96 errors to each side, and further where" in sheet
    assert "The band is 1.96 standard errors to each side." not in sheet
    # The bands stand on the page, so what they rest on does, whether there is an overall or not.
    assert "Bands rest on the usual error of one rating (0.57 of a manager" in text_of(page)
    assert "it reads" not in text_of(page) + sheet


def test_a_page_that_reads_otherwise_than_its_history_says_why(people, browser):
    """Nobody said anything new; a page of the past stays as it was."""
    for above in ("LEAD", "DIR"):
        rate(people["E1"], people[above], Source.MANAGER, 3.5, on=date(2026, 2, 9))
    db.session.add(RatingAgreement(measured_at=datetime(2026, 3, 1, 3, tzinfo=UTC), sem=0.3,
                                   figures={}))  # fmt: skip
    db.session.commit()
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")
    assert history_of(page) == ["9 Feb 2026 Front line 1 0 of 7 3.5 ± 0.8"]
    why = (
        "On 16 March 2026 it reads 7 of 7 targets met and 3.5 ± 0.4 overall; the last row holds "
        "0 of 7 targets met and 3.5 ± 0.8 overall: the error of one rating was measured anew on 1 "
        "March 2026 (0.30, the usual one before), so the bands are narrower. Nothing new that "
        "others said is behind it."
    )
    assert why in text_of(page)
    assert why in words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "it reads" not in text_of(browser.get("/aptitude?on=2026-02-28"))
    then = text_of(browser.get("/aptitude?on=2026-03-02"))
    assert why.replace("16 March", "2 March") in then
    set_target(TargetDraft("D1", Level.FRONTLINE, None, 45, 20, True, date(2026, 3, 10)),
               account_id=None)  # fmt: skip
    assert "narrower, and other targets hold since. Nothing" in text_of(browser.get("/aptitude"))


def test_figures_of_the_manager_that_are_older_than_the_newest_say_their_day(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 2, 1))
    browser.sign_in("employee", people["E1"])
    assert "Older figures" not in text_of(browser.get("/aptitude"))
    seen = [None, 4.0, None, *[4.0] * 4]
    rate(people["E1"], people["LEAD"], Source.MANAGER, seen, on=date(2026, 3, 2))
    why = (
        "Older figures of the manager: Noticing and empathy and Purpose and promise of 1 February "
        "2026. Nothing newer was said there."
    )
    assert why in text_of(browser.get("/aptitude"))
    assert why in words_of(browser.open("/aptitude/sheet.pdf").data)


def test_history_stays_as_it_was_known(people, browser, tmp_path):
    first = "13 Jan 2026 Front line 1 0 of 7 3.1 ± 0.6"
    round_of(people, "E1", {"LEAD": 3.0, "E2": 3.0, "E3": 3.5, "E4": 3.0}, on=date(2026, 1, 12))
    browser.sign_in("employee", people["E1"])
    before = browser.get("/aptitude")
    assert history_of(before) == [first]
    round_of(people, "E1", {"LEAD": 4.0, "E2": 4.0, "E3": 4.5, "E4": 4.0}, on=date(2026, 3, 2))
    everything_changes(tmp_path)

    page = browser.get("/aptitude")
    assert history_of(page) == [
        first,
        "3 Mar 2026 Front line 1 7 of 7 4.1 ± 0.6",
        "16 Mar 2026 Promoted to senior. From here on its anchors count (framework 2), with "
        "7 targets of 3.0 to 4.5.",
    ]
    told = words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "3 Mar 2026 Front line 1 7 of 7 4.1" in told
    assert "16 Mar 2026 Promoted to senior." in told

    path = page.select("table")[-1].select_one("tbody a")["href"]
    assert path == "/aptitude?on=2026-01-13"
    then = browser.get(path)
    assert "As known on 13 January 2026 · Keeper · framework version 1" in text_of(then)
    assert then.h1.get_text() == before.h1.get_text()
    assert history_of(then) == [first]
    tables = [[one.get_text() for one in shown.select("table")] for shown in (before, then, page)]
    assert len(tables[0]) == 4
    assert tables[0] == tables[1]
    assert "New D1" in tables[2][1]
    for day in ("2026-03-17", "2026-02-30", "then"):
        browser.get(f"/aptitude?on={day}", 404)

    given_first = select(AssessmentRequest.id).where(AssessmentRequest.rater_id == people["LEAD"])
    browser.sign_in("manager", people["LEAD"])
    given = browser.get(f"/aptitude/asked/{db.session.scalars(given_first).first()}")
    assert "Closed 12 January 2026 · framework version 1 What you said about Pat E1" in text_of(
        given
    )


def words_of(content: bytes) -> str:
    document = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_the_sheet_says_what_the_page_says_and_names_no_rater(people, browser):
    round_of(people, "E1", {"LEAD": 3.0, "E2": 4.5, "E3": 4.5, "E1": 3.5})
    browser.sign_in("employee", people["E1"])
    sheet = words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "Pat E1" in sheet
    assert "not used for hiring or dismissal" in sheet
    assert "Noticing and empathy" in sheet
    assert "4.5" not in sheet  # two peers
    assert "Own rating" in sheet
    assert "Themself" not in sheet
    assert "Front line, the level of your job targets: 7 seen by one rater" in sheet
    assert "What the level senior takes" in sheet
    assert "No overall figure yet. It needs two raters besides yourself on five" in sheet
    assert "Manager 1 3.0 ± 0.6 3.0 ± 0.6" in sheet
    assert "D1 Noticing and empathy 3.0 ± 1.1 3.0 required One rater so far" in sheet
    assert "only you, those who lead you and HR find it." in sheet
    assert "besides yourself" in sheet
    assert [
        one for one in ("Where they stand", "the person", " them", "Pat E1 ") if one in sheet
    ] == [
        "Pat E1 "  # as the title, and in the footer
    ]
    assert "Pat LEAD" not in sheet
    browser.sign_in("manager", people["LEAD"])
    path = f"/team-aptitude/people/{people['E1']}/sheet.pdf"
    theirs = words_of(browser.open(path).data)
    assert "One rater so far on seven of Pat E1’s seven front line dimensions" in theirs
    assert "Front line, the level of their job" in theirs
    assert "only the person, those who lead them and HR find it." in theirs
    assert [one for one in ("You ", " you", "yourself") if one in theirs] == []
    browser.sign_in("manager", people["OTHER"])
    browser.open(path, status=404)
    booklet = words_of(browser.open("/aptitude/framework.pdf").data)
    assert "Greets everyone in time" in booklet
    assert "Who sees it, and what it is not for. You, your manager, theirs and HR" in booklet


def test_the_note_on_method_never_stands_alone_and_the_history_has_its_bands(people, browser):
    for on, value in ((date(2026, 1, 20), 1.5), (date(2026, 2, 20), 2.0), (date(2026, 3, 10), 2.5)):
        for above in ("LEAD", "DIR"):
            rate(people["E1"], people[above], Source.MANAGER, value, on=on)
    browser.sign_in("employee", people["E1"])
    pages = PdfReader(io.BytesIO(browser.open("/aptitude/sheet.pdf").data)).pages
    texts = [" ".join(one.extract_text().split()) for one in pages]
    [of_note] = [text for text in texts if "Others: mean of all raters" in text]
    assert of_note.index("D7 Going further") < of_note.index("Others: mean of all raters")
    assert all(re.search("The ladder|As it was known|What the level", text) for text in texts)
    assert "owed by Pat LEAD, no coach yet. Not seen at work yet." in " ".join(texts)
    history = " ".join(texts).partition("As it was known at each time")[2]
    assert re.findall(r"\d\.\d ± \d\.\d", history) == ["1.5 ± 0.8", "2.0 ± 0.8", "2.5 ± 0.8"]


def faces_of(content: bytes) -> dict[str, bool]:
    """Return each face a document draws with, and whether it travels with it."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(content)).pages:
        fonts = page["/Resources"]["/Font"]
        for name in re.findall(rb"(/F[\d+]+) [\d.]+ Tf [^\n]*\(", page.get_contents().get_data()):
            font = fonts[name.decode()].get_object()
            found[font["/BaseFont"]] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


def test_two_reports_are_on_no_paper_and_every_face_travels_with_it(people, browser):
    round_of(people, "LEAD", {"DIR": 2.0, "E1": 2.5, "E2": 4.5, "LEAD": 3.5})
    browser.sign_in("manager", people["LEAD"])
    own = browser.open("/aptitude/sheet.pdf").data
    browser.sign_in("manager", people["DIR"])
    sheet = browser.open(f"/team-aptitude/people/{people['LEAD']}/sheet.pdf").data
    booklet = browser.open("/aptitude/framework.pdf").data

    for content, whose in ((own, "your"), (sheet, "Pat LEAD’s")):
        text = words_of(content)
        assert f"One rater so far on seven of {whose} seven team lead dimensions" in text
        assert "Manager 1 2.0" in text
        assert "Direct reports" not in text
        assert "2.5" not in text
        assert "4.5" not in text
    for content in (own, booklet):
        faces = faces_of(content)
        assert {name.partition("+")[2] for name in faces} >= {"Inter-400", "SourceSerif4-600"}
        assert all(faces.values())
