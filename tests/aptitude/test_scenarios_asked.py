"""Somebody is asked to take a scenario test, and scenarios of one's own come into use."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from aptitude.models.assessments import AssessmentRequest
from aptitude.models.scenarios import Scenario, ScenarioSitting
from aptitude.queries.scenarios import get_scenario
from aptitude.rules.asking import RequestDraft
from aptitude.rules.rounds import RoundDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import KeySource, RequestState, ScenarioState
from aptitude.services.asking import ask, decline
from aptitude.services.assessing import answer_request
from aptitude.services.rounds import ask_round
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at
from core.db import db, transaction
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.rules.access import OPERATOR
from people.services.accounts import add_account
from tests.aptitude.test_scenarios import begin, options_of, scenario, take, text_of, written
from tests.aptitude.worlds import company_with_scenarios, said, viewer
from tests.people.signing import GOOD

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company_with_scenarios, tmp_path)


def ask_path(employee_id: int) -> str:
    return f"/team-aptitude/people/{employee_id}/ask"


def sent_for(employee_id: int) -> dict[str, object]:
    return {"raters": [f"scenario-{employee_id}"], "observer": "", "due_on": "2026-03-30",
            "purpose": "development", "occasion": "Spring"}  # fmt: skip


def test_a_manager_asks_and_the_person_is_told(people, browser):
    who = people["E1"]
    browser.sign_in("manager", people["LEAD"])
    assert "A scenario test, taken by the person" in text_of(browser.get(ask_path(who)))
    page = browser.submit(ask_path(who), sent_for(who))
    assert "Asked 1. They are told." in text_of(page)
    assert "They are asked already." in text_of(browser.submit(ask_path(who), sent_for(who)))
    assert "Pat E1 Open A scenario test, by 30 Mar 2026, Spring" in text_of(page)
    letter = db.session.scalars(select(Notice).where(Notice.kind == "assessment_asked")).one()
    assert (letter.employee_id, letter.path) == (who, "/aptitude/scenarios")
    assert letter.subject == "What would you do? A scenario test for you by 30 March 2026"

    browser.sign_in("employee", who)
    mine = text_of(browser.get("/aptitude"))
    assert "Take the scenario test you are asked for" in mine
    assert "Answer" not in mine
    shown = text_of(browser.get("/aptitude/asked"))
    assert "Nobody waits for you." in shown
    assert "Apart from these, a scenario test waits for you, due in 14 days." in shown
    assert "Asked of you, due in 14 days · Spring" in text_of(browser.get("/aptitude/scenarios"))


def request_of(subject: int, source: Source, due_on: date = date(2026, 3, 20)) -> int:
    assert ask([RequestDraft(subject, subject, source, due_on)], OPERATOR) == 1
    return db.session.scalars(select(AssessmentRequest.id).order_by(AssessmentRequest.id)).all()[-1]


def test_what_was_asked_is_answered_by_handing_in_and_by_nothing_else(people, browser):
    who = people["E1"]
    request_id = request_of(who, Source.SCENARIO)
    browser.sign_in("employee", who)
    browser.get(f"/aptitude/asked/{request_id}", status=404)
    browser.post(f"/aptitude/asked/{request_id}", {"score-D1": "50"}, status=404)
    with pytest.raises(NotFoundError):
        answer_request(request_id, said(3), viewer(who))
    with pytest.raises(NotFoundError):
        decline(request_id, "I would rather not", viewer(who))
    sitting_id = begin(browser)
    take(browser, sitting_id)
    assert "due in 4 days" in text_of(browser.get("/aptitude/asked"))
    browser.post(f"/aptitude/scenarios/{sitting_id}/hand-in")

    row = db.session.scalars(select(AssessmentRequest)).one()
    assert (row.state, row.closed_at) == (RequestState.ANSWERED, TODAY)
    assert db.session.get_one(ScenarioSitting, sitting_id).request_id == request_id
    assert "scenario test waits" not in text_of(browser.get("/aptitude/asked"))
    assert "Handed in on 16 March 2026" in text_of(browser.get("/aptitude/scenarios"))
    browser.sign_in("manager", people["LEAD"])
    assert "Pat E1 Answered A scenario test" in text_of(browser.get(ask_path(who)))
    browser.get(f"/aptitude/scenarios/{sitting_id}", status=404)


def test_whom_one_may_ask_and_what_is_refused(people, browser):
    for role, who in (("manager", people["OTHER"]), ("employee", people["E2"]), ("trainer", None)):
        browser.sign_in(role, who)
        browser.post(ask_path(people["E1"]), sent_for(people["E1"]), status=404)
    browser.sign_in("hr")
    ceo = people["CEO"]
    assert "Asked 1." in text_of(browser.submit(ask_path(ceo), sent_for(ceo)))
    late = browser.post(ask_path(ceo), sent_for(ceo) | {"due_on": "2026-03-15"}, status=200)
    assert "The day has gone by; choose today or a later one." in text_of(late)
    with pytest.raises(RefusedError, match="taken, not given"):
        ask([RequestDraft(ceo, people["DIR"], Source.SCENARIO, date(2026, 3, 30))], OPERATOR)
    for one in db.session.scalars(select(Scenario)):
        one.state = ScenarioState.RETIRED
    db.session.commit()
    none = browser.post(ask_path(people["E1"]), sent_for(people["E1"]), status=200)
    assert "There is no situation for their level yet." in text_of(none)


def test_a_test_begun_before_answers_what_is_asked_since(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    request_of(people["E1"], Source.SCENARIO)
    request_of(people["E1"], Source.SELF)
    with at(TODAY + timedelta(days=2)):
        with transaction() as session:
            APTITUDE_DAILY.do(session, {"what": "reminders"})
        titles = db.session.scalars(select(Notice.subject).where(Notice.kind == "assessment_due"))
        assert sorted(titles) == [
            "A scenario test waits for you until 20 March 2026",
            "An assessment waits for you until 20 March 2026",
        ]
    take(browser, sitting_id)
    browser.post(f"/aptitude/scenarios/{sitting_id}/hand-in")

    rows = db.session.execute(
        select(AssessmentRequest.source, AssessmentRequest.state).order_by(AssessmentRequest.id)
    ).all()
    assert rows == [(Source.SCENARIO, RequestState.ANSWERED), (Source.SELF, RequestState.OPEN)]


def test_a_round_asks_a_whole_team_once(people):
    request_of(people["E1"], Source.SELF)
    wanted = RoundDraft(None, frozenset({Source.SELF, Source.SCENARIO}), 0, date(2026, 3, 30))
    looks = viewer(people["LEAD"], manages=True)

    assert ask_round(wanted, looks) == 11  # six tests, and five own views more
    with pytest.raises(RefusedError, match="asked already"):
        ask_round(wanted, looks)
    letters = select(Notice.subject).where(Notice.kind == "round_asked")
    assert sorted(db.session.scalars(letters)) == [
        *["What would you do? A scenario test for you by 30 March 2026"] * 6,
        *["You are asked where 1 person stands, by 30 March 2026"] * 5,
    ]


EXPERTS = [f"E{n}" for n in range(1, 6)]
KEYS = ("6.5", "5", "3", "1.5")
OWN: dict[str, object] = {
    "title": "The wet umbrella", "area": "going_beyond", "channel": "face_to_face",
    "levels": ["frontline"], "dimensions": ["D1"], "situation": "A guest drips.",
    **{f"{name}-{place}": value for place, key in enumerate(KEYS, start=1)
       for name, value in (("text", f"Way {place}"), ("reason", "So."), ("key", key))},
}  # fmt: skip


def test_a_new_scenario_is_written_as_a_draft(people, browser):
    browser.sign_in("trainer")
    page = browser.get("/scenarios")
    assert page.select_one('main a[href="/scenarios/new"]').text == "New scenario"
    sent = written(browser.get("/scenarios/new"))
    empty = browser.post("/scenarios/new", sent, status=200)
    told = [one.get_text() for one in empty.select(".tm-faults a")]
    assert told == [
        "Title: Write a title.",
        "Levels: Choose at least one level.",
        "Dimensions: Choose at least one dimension.",
        "Situation: Write the situation.",
    ]
    sent |= OWN
    three = browser.post("/scenarios/new", sent | {"text-4": "", "reason-4": ""}, status=200)
    assert "There are 3 answers; write 4 or 5." in text_of(three)
    assert three.select_one("[name=title]")["value"] == "The wet umbrella"
    assert "Kept as a draft." in text_of(browser.submit("/scenarios/new", sent))
    draft = scenario("OWN-01")
    assert (draft.state, draft.revision) == (ScenarioState.DRAFT, 1)
    assert get_scenario(draft.id).key.source is KeySource.AUTHORS
    browser.submit("/scenarios/new", sent | {"title": "The second"})
    assert scenario("OWN-02").title == "The second"
    for role, who in (("manager", people["LEAD"]), ("employee", people["E1"]), ("executive", None)):
        browser.sign_in(role, who)
        browser.get("/scenarios/new", status=404)
        browser.post("/scenarios/new", sent, status=404)


@pytest.fixture
def draft(people, browser):
    """A draft that five experts are asked to rate; return it with the path of the panel."""
    for who in EXPERTS:
        add_account(f"{who}@accounts.example", (), password=GOOD, name=who, employee_number=who)
    browser.sign_in("hr")
    browser.post("/scenarios/new", OWN)
    one = scenario("OWN-01").id
    chosen = browser.get(f"/scenarios/panels/new?scenario={one}")
    assert chosen.select_one("main input[checked][name=scenarios]")["value"] == str(one)
    sent = {"title": "Umbrellas", "scenarios": [str(one)], "experts": "\n".join(EXPERTS)}
    page = browser.submit("/scenarios/panels/new", sent)
    return one, page.select_one("form[action*=close]")["action"].removesuffix("/close")


def given_by(browser, people, draft, rows) -> None:
    one, path = draft
    for place, who in enumerate(EXPERTS[: len(rows[0])]):
        browser.sign_in("employee", people[who])
        ratings = {f"rating-{id_}": str(row[place])
                   for id_, row in zip(options_of(one), rows, strict=True)}  # fmt: skip
        browser.post(f"/aptitude/panels/{path.rpartition('/')[2]}/{one}", ratings)
    browser.sign_in("hr")


def test_experts_bring_a_draft_to_use_with_their_agreement(people, draft, browser):
    one, path = draft
    edit = f"/scenarios/{one}/edit"
    again = written(browser.get(edit)) | {"title": "Changed"}
    refused = text_of(browser.post(edit, again, status=200))
    assert "Experts rate this draft in the panel “Umbrellas”. Close the panel first." in refused
    given_by(browser, people, draft, ((7, 6, 7, 7, 6), (5,) * 5, (3,) * 5, (1,) * 5))
    closed = text_of(browser.submit(f"{path}/close"))
    assert "Publishing puts drafts that get a key to use." in closed
    browser.submit(f"{path}/publish")

    shown = text_of(browser.get(f"/scenarios/{one}")).replace("\u202f", " ")
    assert "Version 2 of the key, by a panel of experts" in shown
    assert "Umbrellas : 5 experts rated every answer." in shown
    assert "answers that are kept 1.00: enough for a key." in shown
    db.session.expire_all()
    assert scenario("OWN-01").state is ScenarioState.PUBLISHED
    browser.post(edit, written(browser.get(edit)) | {"title": "Changed"})
    assert scenario("OWN-01").title == "The wet umbrella"
    assert scenario("OWN-01/2").title == "Changed"


def test_a_draft_that_experts_rated_is_reworded_beside_itself(people, draft, browser):
    one, path = draft
    given_by(browser, people, draft, ((7,), (5,), (3,), (1,)))
    browser.post(f"{path}/close")
    edit = f"/scenarios/{one}/edit"
    browser.post(edit, written(browser.get(edit)) | {"title": "Other words"})

    assert scenario("OWN-01").title == "The wet umbrella"
    assert scenario("OWN-01/2").title == "Other words"
    browser.submit(f"/scenarios/{scenario('OWN-01/2').id}/use")
    db.session.expire_all()
    assert scenario("OWN-01").state is ScenarioState.RETIRED
