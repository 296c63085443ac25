"""Nothing tells what a peer, a report or an observer said, that they said it, or when."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import select, true

from aptitude.models.assessments import (
    AptitudeStanding,
    Assessment,
    AssessmentComment,
    AssessmentRequest,
)
from aptitude.queries.asking import asked_about
from aptitude.queries.profiles import AptitudePage, aptitude_page
from aptitude.rules.asking import RequestDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import ContestOutcome, RequestState
from aptitude.services import commenting
from aptitude.services.asking import ask, withdraw
from aptitude.services.assessing import answer_request
from aptitude.services.standings import renew_one
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at
from core.db import db, transaction
from core.errors import RefusedError
from people.models import AuditEvent
from people.rules.access import OPERATOR
from people.services.importing import import_people
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import CODES, asked, company, contest, rate, round_of, said, viewer
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
OWN_TRACES = frozenset({"account_session", "audit_event", "submission"})
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
LATER = TODAY + timedelta(days=60)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def page_of(employee_id: int, on: datetime) -> AptitudePage:
    with at(on):
        return aptitude_page(employee_id, OPERATOR, on.date())


def test_one_late_peer_moves_no_date_and_no_row(people):
    round_of(people, "E1", {"E2": 3.0, "E3": 3.0, "E4": 3.5})
    before = page_of(people["E1"], LATER)
    rate(people["E1"], people["E5"], Source.PEER, 5.0, on=date(2026, 4, 20))
    rate(people["LEAD"], people["E2"], Source.REPORT, 5.0, on=date(2026, 4, 20))

    assert page_of(people["E1"], LATER) == before
    assert (before.evidence_to, before.sources[0].shown_on) == (date(2026, 3, 3), date(2026, 3, 3))
    assert [one.on for one in before.points] == [date(2026, 3, 3)]
    nothing = page_of(people["LEAD"], LATER)
    assert (nothing.evidence_to, nothing.sources, nothing.points) == (None, (), ())


def test_what_people_say_of_themselves_makes_no_evidence_younger(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 1, 12))
    rate(people["E1"], people["E1"], Source.SELF, 4.0)
    renew_one(people["E1"])

    assert db.session.scalars(select(AptitudeStanding.assessed_on)).all() == [date(2026, 1, 12)]
    page = page_of(people["E1"], LATER)
    assert page.evidence_to == date(2026, 1, 12)
    assert [(one.source, one.shown_on) for one in page.sources] == [
        (Source.SELF, date(2026, 3, 2)),
        (Source.MANAGER, date(2026, 1, 12)),
    ]
    old = page_of(people["E1"], TODAY + timedelta(days=700))
    assert ([one.source for one in old.sources], old.evidence_to) == ([Source.SELF], None)


def test_a_second_round_takes_the_place_of_the_first_on_the_page(people, browser):
    round_of(people, "E1", {"E2": 4.0, "E3": 4.0, "E4": 1.5})
    round_of(people, "E1", {"E2": 4.0, "E3": 4.0, "E5": 4.0}, on=date(2026, 3, 9))
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")

    [peers] = page.select("section[aria-labelledby=sources] tbody tr")
    words = " ".join(peers.get_text(" ").split())
    assert words.startswith("Peers 3 4.0 ± 0.4 4.0")
    assert "1.5" not in text_of(page)


@pytest.mark.parametrize(
    ("subject", "who"), [("E1", "E2"), ("E1", "LEAD"), ("E1", "DIR"), ("LEAD", "E3")]
)
def test_whose_view_is_kept_apart_is_no_observer(people, subject, who):
    with pytest.raises(RefusedError, match="what an observer says is shown by itself") as refused:
        asked(people[subject], people[who], Source.OBSERVER)

    assert refused.value.field == "observer"
    assert asked(people[subject], people["O1"], Source.OBSERVER)


def test_the_form_refuses_a_peer_as_observer_and_tells_observers_what_is_shown(people, browser):
    browser.sign_in("manager", people["LEAD"])
    path = f"/team-aptitude/people/{people['E1']}/ask"
    sent = {"due_on": "2026-03-30", "purpose": "development", "observer": "E2"}
    assert "is shown by itself. Ask this person" in text_of(browser.post(path, sent, status=200))
    page = browser.post(path, {**sent, "observer": "pat e"}, status=200)
    choices = [one["value"] for one in page.select("input[type=radio][name=observer]")]
    assert choices == ["E2", "E3", "E4", "E5", "E6"]  # everybody of that name but E1
    browser.post(path, {**sent, "observer": "O1"})
    browser.sign_in("employee", people["O1"])
    request_id = db.session.scalars(select(AssessmentRequest.id)).one()
    page = text_of(browser.get(f"/aptitude/asked/{request_id}"))
    assert "Pat E1 reads your examples word for word and may guess who saw it" in page


def test_my_data_and_the_trail_name_nobody_who_was_asked_or_observed(people, browser):
    subject = people["E1"]
    for who, source in (("E2", Source.PEER), ("O1", Source.OBSERVER)):
        request_id = asked(subject, people[who], source)
        browser.sign_in("employee", people[who])
        if source is Source.PEER:
            declined = {"reason": "We have not met"}
            browser.post(f"/aptitude/asked/{request_id}/decline", declined)
        else:
            sent = {f"score-{code}": "30" for code in CODES}
            browser.post(f"/aptitude/asked/{request_id}", sent)
    assert trail_of_answers() == []
    browser.sign_in("employee", subject)
    for path in ("/my-data", "/my-data.json", "/aptitude"):
        answer = browser.open(path).text
        assert [name for name in ("Pat E2", "Pat O1", "We have not met") if name in answer] == []
    # The test accounts are called by their role: nothing done about E1 as an employee is left.
    looks = text_of(browser.get("/my-data")).split("Who looked")[1].split("Held ")[0]
    assert "as employee" not in looks


def trail_of_answers() -> list[tuple[str, datetime, int | None, str]]:
    """Return what the trail says of answers, with their moment, who acted and the details."""
    one = AuditEvent
    told = select(one.kind, one.at, one.account_id, one.details).where(
        one.kind.in_(["aptitude.assess", "aptitude.withdraw", "aptitude.counted"])
    )
    return [tuple(row) for row in db.session.execute(told.order_by(one.id))]


def test_the_trail_counts_the_unnamed_once_when_their_day_is_over_and_three_have_answered(people):
    def count(day: int) -> list[tuple[int, int | None, str]]:
        with at(datetime(2026, 3, day, 4, 30, tzinfo=UTC)), transaction() as session:
            APTITUDE_DAILY.do(session, {"what": "answers"})
        return [(at_.day, account, details) for _, at_, account, details in trail_of_answers()]

    def answer(subject: str, who: str, source: Source, due: int) -> None:
        request_id = asked(people[subject], people[who], source, date(2026, 3, due))
        answer_request(request_id, said(2.0), viewer(people[who]))

    for who in ("E2", "E3", "E4"):
        answer("E1", who, Source.PEER, 18)
    answer("E1", "O1", Source.OBSERVER, 18)
    late = asked(people["E1"], people["E5"], Source.PEER, date(2026, 3, 18))
    first = (19, None, '{"answers":3}')
    assert (count(18), count(19)) == ([], [first])
    with at(TODAY + timedelta(days=4)):
        answer_request(late, said(2.0), viewer(people["E5"]))
    assert (count(19), count(21)) == ([first], [first])
    for who in ("E2", "E3", "E4", "E5"):
        answer("E6", who, Source.PEER, 22)
    assert (count(22), count(25), count(26)) == (
        [first],
        [first, (25, None, '{"answers":4}')],
        [first, (25, None, '{"answers":4}')],
    )


def test_an_observer_is_a_count_to_whoever_asked_and_no_name_stands_beside_the_figure(
    people, browser
):
    due = date(2026, 3, 30)
    request_id = asked(people["E1"], people["O1"], Source.OBSERVER, due)
    path = f"/team-aptitude/people/{people['E1']}"
    browser.sign_in("hr", None)
    row = "Observers 1 asked by 30 Mar 2026. How many answered is not shown for fewer than three."
    taken_back = "Take back what was asked of Observers"
    assert asked_on(f"{path}/ask", browser) == [f"{row} {taken_back}"]
    browser.sign_in("employee", people["O1"])
    form = text_of(browser.get(f"/aptitude/asked/{request_id}"))
    assert "Nobody is told whether you answered, but whoever asked you and no other" in form
    browser.post(f"/aptitude/asked/{request_id}", {f"score-{code}": "25" for code in CODES})
    browser.sign_in("hr", None)
    assert asked_on(f"{path}/ask", browser) == [f"{row} {taken_back}"]
    assert "Observers 1 2.5" in text_of(browser.get(path)).replace(" ± 0.9", "")
    for page in (path, f"{path}/ask", "/audit", "/letters"):
        main = browser.get(page).select_one("main")
        for choice in main.select("option"):
            choice.decompose()  # whose acts are looked for
        assert "Pat O1" not in main.text, page
    again = {"due_on": "2026-03-30", "purpose": "development", "observer": "O1"}
    assert "They are asked already." in text_of(browser.submit(f"{path}/ask", again))
    withdraw(request_id, OPERATOR)
    assert "Asked 1." in text_of(browser.submit(f"{path}/ask", again))


def my_data_of(subject: int, browser) -> dict[str, object]:
    """Return what somebody holds in hand of their own data, without their own visits and looks."""
    browser.sign_in("employee", subject)
    tables = json.loads(browser.open("/my-data.json").text)["tables"]
    listed = csv.DictReader(StringIO(browser.open("/my-data.csv").text.lstrip("\ufeff")))
    rows = [row for row in listed if row["table"] not in OWN_TRACES]
    shown = {
        section.get_text(" ", strip=True)
        for section in browser.get("/my-data").select("main section")
        if section["aria-labelledby"].removeprefix("part-") not in OWN_TRACES
    }
    told = {name: rows for name, rows in tables.items() if name not in OWN_TRACES}
    return {"json": told, "csv": rows, "page": shown}


@pytest.mark.engines("sqlite")
def test_my_data_do_not_tell_that_or_when_a_peer_answered(people, browser):
    """Neither of the first three of whom nothing is shown yet, nor of one more afterwards."""
    subject, rows_of = people["E1"], "assessment"
    ids = {who: asked(subject, people[who], Source.PEER) for who in ("E2", "E3", "E4", "E5")}
    nothing = my_data_of(subject, browser)
    for who in ("E2", "E3"):
        with at(TODAY + timedelta(hours=2, minutes=17)):
            answer_request(ids[who], said(2.0), viewer(people[who]))
            assert my_data_of(subject, browser) == nothing
    rate(subject, people["LEAD"], Source.MANAGER, 3.0, on=TODAY.date())
    one = my_data_of(subject, browser)
    assert [row["id"] for row in one["json"][rows_of]["rows"]] == ["1"]
    for who in ("E4", "E5"):
        with at(TODAY + timedelta(hours=3)):
            answer_request(ids[who], said(2.0), viewer(people[who]))
            assert my_data_of(subject, browser) == one

    with at(TODAY + timedelta(days=15)):
        renew_one(subject)
        rate(subject, people["DIR"], Source.MANAGER, 3.0, on=date(2026, 3, 31))
        contest(subject, Source.PEER, "We had never met.")
        contested = db.session.scalars(select(AssessmentComment.id)).one()
        commenting.answer(contested, "Granted.", ContestOutcome.SET_ASIDE, OPERATOR)
        told = my_data_of(subject, browser)["json"]
    assert [row["id"] for row in told[rows_of]["rows"]] == ["1", "2"]
    assert {row["assessment_id"] for row in told["rating"]["rows"]} == {"1", "2"}
    assert "assessment_withdrawal" not in told  # four rows would tell that four had answered
    assert [row["outcome"] for row in told["assessment_comment"]["rows"]] == ["set_aside"]


def asked_on(path: str, browser) -> list[str]:
    rows = browser.get(path).select("section[aria-labelledby=asked] li")
    for question in (one for row in rows for one in row.select("details > :not(summary)")):
        question.decompose()
    return [" ".join(row.get_text(" ").split()) for row in rows]


def test_how_many_answered_is_told_when_their_day_is_over_and_never_changes(people, browser):
    subject, due = people["E1"], date(2026, 3, 30)
    ids = {who: asked(subject, people[who], Source.PEER, due) for who in ("E2", "E3", "E4", "E5")}
    asked(subject, people["LEAD"], Source.MANAGER, due)
    path = f"/team-aptitude/people/{subject}/ask"
    waiting = "Peers 4 asked by 30 Mar 2026. How many answered is told after that day."
    for who in ("E2", "E3", "E4"):
        answer_request(ids[who], said(2.0), viewer(people[who]))
        browser.sign_in("manager", people["DIR"])
        assert asked_on(path, browser) == [
            f"{waiting} Take back what was asked of Peers",
            "Pat LEAD Open Manager, by 30 Mar 2026 Take back what was asked of Pat LEAD",
        ]
    with at(TODAY + timedelta(days=15)):
        over = ["3 of 4 answered in time", "Open"]
        assert [one.words for one in asked_about(subject, TODAY.date() + timedelta(days=15))] == (
            over[::-1]
        )
        answer_request(ids["E5"], said(2.0), viewer(people["E5"]))  # late: it moves no count
        assert sorted(
            one.words for one in asked_about(subject, TODAY.date() + timedelta(days=15))
        ) == sorted(over)
        with pytest.raises(RefusedError, match="The day of this round is over"):
            withdraw(ids["E2"], OPERATOR)


def test_whoever_is_asked_by_one_day_is_one_group_whatever_the_round_is_called(people):
    """Nobody is asked apart by a name of their own, and taking back part of them tells nothing."""
    subject, due, over = people["E1"], date(2026, 3, 30), TODAY.date() + timedelta(days=15)
    for who, called in (("E2", "Spring"), ("E3", "Spring"), ("E4", "Only Pat")):
        draft = RequestDraft(subject, people[who], Source.PEER, due, occasion=called)
        assert ask([draft], OPERATOR) == 1
    [first] = asked_about(subject, TODAY.date())
    assert (first.words, first.occasion) == ("3 asked", "Spring, Only Pat")
    answer_request(first.id + 2, said(2.0), viewer(people["E4"]))
    withdraw(first.id + 2, OPERATOR)
    assert [one.words for one in asked_about(subject, TODAY.date())] == ["3 asked, taken back"]
    assert [one.words for one in asked_about(subject, over)] == [
        "fewer than three of 3 answered in time, taken back"
    ]
    with pytest.raises(RefusedError, match=r"This is taken back already\."):
        withdraw(first.id, OPERATOR)


def seen_by_askers(people, browser) -> dict[str, str]:
    """Return all that whoever asks about E1 and the others reads of it; HR more."""
    found, subject = {}, people["E1"]
    wanted = {"unit": "0", "sources": ["manager", "peer", "report"], "peers": "3",
              "due_on": "2026-04-20", "purpose": "development", "quiet_days": "0"}  # fmt: skip
    for role, who in (("hr", None), ("manager", "LEAD")):
        browser.sign_in(role, people[who] if who else None)
        pages = [f"/team-aptitude/people/{subject}{ending}" for ending in ("", "/ask")]
        pages += ["/letters"] if role == "hr" else ["/team-aptitude"]
        texts = {path: text_of(browser.get(path)) for path in pages}
        for days in ("0", "90"):
            sent = {**wanted, "quiet_days": days, "step": "look"}
            looked = browser.open("/team-aptitude/round", method="POST", data=sent)
            texts[f"round {days}"] = looked.text.split("What it comes to")[1]
        found |= {f"{role} {path}": text for path, text in texts.items()}
    return found


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("alone", [True, False])
def test_what_a_peer_does_changes_nothing_that_whoever_asks_can_read(people, browser, alone):
    """One peer, asked alone or with others: nothing tells whether they answered or declined."""
    due, ids = date(2026, 3, 19), {}
    for who in ("E2",) if alone else ("E2", "E3", "E4"):
        ids[who] = asked(people["E1"], people[who], Source.PEER, due)
    before = seen_by_askers(people, browser)
    browser.sign_in("employee", people["E2"])
    if alone:
        sent = {f"score-{code}": "30" for code in CODES}
        browser.post(f"/aptitude/asked/{ids['E2']}", sent)
    else:
        browser.post(f"/aptitude/asked/{ids['E2']}/decline", {"reason": "We have not met"})
    with transaction() as session:
        APTITUDE_DAILY.do(session, {"what": "reminders"})  # to whoever has not answered
    assert seen_by_askers(people, browser) == before
    assert trail_of_answers() == []

    # Asking again, as whatever, does not tell either; nor does taking back and asking again.
    again = {"due_on": "2026-03-19", "purpose": "development"}
    path = f"/team-aptitude/people/{people['E1']}/ask"
    browser.sign_in("manager", people["LEAD"])
    for who in ids:
        peer = {**again, "raters": [f"peer-{people[who]}"]}
        assert "They are asked already." in text_of(browser.submit(path, peer))
    assert "Taken back." in text_of(browser.submit(f"/team-aptitude/requests/{ids['E2']}/withdraw"))
    everybody = {**again, "raters": [f"peer-{people[who]}" for who in ids]}
    assert f"Asked {len(ids)}." in text_of(browser.submit(path, everybody))


@pytest.mark.parametrize("answers", [True, False])
def test_a_peer_who_is_asked_as_an_observer_too_is_asked_already(people, answers):
    request_id = asked(people["E1"], people["O1"], Source.PEER)
    if answers:
        answer_request(request_id, said(3.0), viewer(people["O1"]))
    observer = RequestDraft(people["E1"], people["O1"], Source.OBSERVER, date(2026, 4, 1))
    assert ask([observer], OPERATOR) == 0


def test_asking_anew_after_a_round_tells_nobody_who_had_not_answered(people):
    subject, due = people["E1"], date(2026, 3, 30)
    ids = {who: asked(subject, people[who], Source.PEER, due) for who in ("E2", "E3", "E4")}
    answer_request(ids["E3"], said(2.0), viewer(people["E3"]))
    with at(TODAY + timedelta(days=20)):
        on = (TODAY + timedelta(days=20)).date()
        before = asked_about(subject, on)
        for who in ids:
            asked(subject, people[who], Source.PEER, date(2026, 4, 20))
        new, old = asked_about(subject, on)

    assert [old] == before
    assert (old.words, old.may_take_back) == ("fewer than three of 3 answered in time", False)
    assert (new.words, new.may_take_back) == ("3 asked", True)
    open_ones = select(AssessmentRequest.rater_id).where(
        AssessmentRequest.state == RequestState.OPEN
    )
    assert sorted(db.session.scalars(open_ones)) == sorted(people[who] for who in ids)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ("O1,LEAD", "You were asked as an observer, and you report to the same manager now."),
        ("O1,E1", "You were asked as an observer, and you report to them now."),
        ("E1,O1", "You were asked as an observer, and you lead them now."),
    ],
)
def test_an_observer_who_moved_answers_no_more_and_loses_no_word(
    people, browser, tmp_path, moved, words
):
    request_id = asked(people["E1"], people["O1"], Source.OBSERVER)
    path = write(tmp_path, f"employee_number,manager_number\n{moved}\n", "moved.csv")
    report = import_people(
        path, file_name="moved.csv", account_id=None, effective_on=date(2026, 3, 16)
    )
    assert report.refused == 0
    browser.sign_in("employee", people["O1"])
    told = browser.get(f"/aptitude/asked/{request_id}").select_one("[role=alert]")
    assert told.get_text(" ", strip=True).startswith(words)
    sent = {f"score-{code}": "30" for code in CODES} | {"example-D2": "Carried the bags up."}
    page = browser.post(f"/aptitude/asked/{request_id}", sent, status=200)

    assert f"{words} What an observer says is shown by itself" in text_of(page)
    assert page.select_one("textarea[name=example-D2]").text.strip() == "Carried the bags up."
    assert page.select_one("input[name=score-D1][value='30']").has_attr("checked")
    states = select(AssessmentRequest.state, Assessment.id).outerjoin(Assessment, true())
    assert db.session.execute(states).all() == [(RequestState.OPEN, None)]
    browser.post(f"/aptitude/asked/{request_id}/decline", {"reason": "I moved."})


def test_hr_neither_asks_nor_takes_back_in_their_own_case(people, browser):
    request_id = asked(people["E1"], people["LEAD"], Source.MANAGER)
    browser.sign_in("hr", people["E1"])
    own = f"/team-aptitude/people/{people['E1']}/ask"
    sent = {"raters": [f"peer-{people['E2']}"], "due_on": "2026-03-30", "purpose": "development"}
    browser.get(own, status=404)
    browser.post(own, sent, status=404)
    assert "Pat LEAD" not in text_of(browser.get("/letters"))  # nor whom another asked about them
    browser.post(f"/team-aptitude/requests/{request_id}/withdraw", status=404)
    browser.post(f"/team-aptitude/people/{people['E2']}/ask", {**sent, "raters": []}, status=200)
    assert [one.state for one in db.session.scalars(select(AssessmentRequest))] == [
        RequestState.OPEN
    ]
