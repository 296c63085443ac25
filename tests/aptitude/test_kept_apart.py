"""Nothing tells what a peer, a report or an observer said, that they said it, or when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from aptitude.models.assessments import AptitudeStanding, AssessmentRequest
from aptitude.queries.profiles import AptitudePage, aptitude_page
from aptitude.queries.requests import asked_about
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from aptitude.services.asking import decline, withdraw
from aptitude.services.assessing import answer_request
from aptitude.services.standings import renew_one
from core.clock import at
from core.db import db
from core.errors import RefusedError
from people.models import AuditEvent
from people.rules.access import OPERATOR
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import CODES, asked, company, rate, round_of, said, viewer

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
LATER = TODAY + timedelta(days=60)


@pytest.fixture
def people(tmp_path):
    with at(TODAY):
        yield company(tmp_path)


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
    caused = select(AuditEvent.kind, AuditEvent.employee_id, AuditEvent.object_id).where(
        AuditEvent.kind.in_(["aptitude.withdraw", "aptitude.assess"])
    )
    assert db.session.execute(caused.order_by(AuditEvent.id)).all() == [
        ("aptitude.withdraw", None, None),
        ("aptitude.assess", None, None),
    ]
    browser.sign_in("employee", subject)
    for path in ("/my-data", "/my-data.json", "/aptitude"):
        answer = browser.open(path).text
        assert [name for name in ("Pat E2", "Pat O1", "We have not met") if name in answer] == []
    # The test accounts are called by their role: nothing done about E1 as an employee is left.
    looks = text_of(browser.get("/my-data")).split("Who looked")[1].split("Held ")[0]
    assert "as employee" not in looks


def test_who_answered_is_told_by_counts_alone(people, browser):
    subject, due = people["E1"], date(2026, 3, 30)
    ids = {who: asked(subject, people[who], Source.PEER, due) for who in ("E2", "E3", "E4", "E5")}
    asked(subject, people["LEAD"], Source.MANAGER, due)
    answer_request(ids["E3"], said(2.0), viewer(people["E3"]))
    decline(ids["E4"], "I am new.", viewer(people["E4"]))
    browser.sign_in("manager", people["DIR"])
    path = f"/team-aptitude/people/{subject}/ask"

    def so_far() -> list[str]:
        rows = browser.get(path).select("section[aria-labelledby=asked] li")
        return [" ".join(row.get_text(" ").split()) for row in rows]

    assert so_far() == [
        "Peers 1 of 4 answered, 1 declined by 30 Mar 2026 "
        "Take back the rest of what was asked of Peers",
        "Pat LEAD Open Manager, by 30 Mar 2026 Take back of what was asked of Pat LEAD",
    ]
    everybody = {"raters": [f"peer-{people[who]}" for who in ids], "due_on": "2026-04-06"}
    again = {**everybody, "purpose": "development"}
    assert "They are asked already." in text_of(browser.submit(path, again))  # who answered too
    browser.submit(f"/team-aptitude/requests/{ids['E2']}/withdraw")
    assert so_far()[1].startswith("Peers 1 of 4 answered, 1 declined, 2 taken back by")
    assert "They are asked already." in text_of(browser.submit(path, again))
    late = at(TODAY + timedelta(days=20))
    with late, pytest.raises(RefusedError, match="The day of this round is over"):
        withdraw(ids["E2"], OPERATOR)


def test_asking_anew_after_a_round_tells_nobody_who_had_not_answered(people):
    subject, due = people["E1"], date(2026, 3, 30)
    ids = {who: asked(subject, people[who], Source.PEER, due) for who in ("E2", "E3")}
    answer_request(ids["E3"], said(2.0), viewer(people["E3"]))
    with at(TODAY + timedelta(days=20)):
        on = (TODAY + timedelta(days=20)).date()
        before = asked_about(subject, on)
        for who in ids:
            asked(subject, people[who], Source.PEER, date(2026, 4, 20))
        new, old = asked_about(subject, on)

    assert [old] == before
    assert (old.words, old.may_take_back) == ("1 of 2 answered", False)
    assert (new.words, new.may_take_back) == ("0 of 2 answered", True)
    open_ones = select(AssessmentRequest.rater_id).where(
        AssessmentRequest.state == RequestState.OPEN
    )
    assert sorted(db.session.scalars(open_ones)) == sorted([people["E2"], people["E3"]])


def test_hr_neither_asks_nor_takes_back_in_their_own_case(people, browser):
    request_id = asked(people["E1"], people["LEAD"], Source.MANAGER)
    browser.sign_in("hr", people["E1"])
    own = f"/team-aptitude/people/{people['E1']}/ask"
    sent = {"raters": [f"peer-{people['E2']}"], "due_on": "2026-03-30", "purpose": "development"}
    browser.get(own, status=404)
    browser.post(own, sent, status=404)
    browser.post(f"/team-aptitude/requests/{request_id}/withdraw", status=404)
    browser.post(f"/team-aptitude/people/{people['E2']}/ask", {**sent, "raters": []}, status=200)
    assert [one.state for one in db.session.scalars(select(AssessmentRequest))] == [
        RequestState.OPEN
    ]
