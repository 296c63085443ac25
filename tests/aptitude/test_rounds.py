"""A round about a whole team: proposed from the tree, looked at first, asked once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.queries.rounds import previewed, units_to_ask
from aptitude.rules.asked import (
    Asked,
    Before,
    Told,
    is_asked,
    may_be_taken_back,
    told_of,
    was_heard,
)
from aptitude.rules.rounds import (
    Pair,
    RoundDraft,
    Tree,
    check_alone,
    check_round,
    check_size,
    propose,
    sift,
)
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from aptitude.services.assessing import answer_request, assess_oneself
from aptitude.services.rounds import ask_round
from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.models import AuditEvent, Unit
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import RoleName
from tests.aptitude.worlds import asked, company, rate, said, viewer

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)
EVERY = frozenset({Source.MANAGER, Source.PEER, Source.REPORT, Source.SELF})
TEAM = Tree(dict.fromkeys(range(1, 6), 9) | {9: None}, {9: [1, 2, 3, 4, 5]})


PEER, MANAGER, SELF, OBSERVER = Source.PEER, Source.MANAGER, Source.SELF, Source.OBSERVER
SCENARIO = Source.SCENARIO
OPEN, ANSWERED, DECLINED = RequestState.OPEN, RequestState.ANSWERED, RequestState.DECLINED
WITHDRAWN = RequestState.WITHDRAWN
MARCH_16 = TODAY.date()


def draft(unit_id: int | None = None, sources=EVERY, peers=3, due_on=DUE) -> RoundDraft:
    return RoundDraft(unit_id, sources, peers, due_on, occasion="Spring 2026")


def test_every_peer_rates_as_many_as_rate_them():
    found = propose(range(1, 6), TEAM, draft(sources=frozenset({Source.PEER})))

    assert found.pairs[:3] == tuple(Pair(1, one, Source.PEER) for one in (2, 3, 4))
    for rater in range(1, 6):
        assert sum(one.rater_id == rater for one in found.pairs) == 3
    assert all(one.subject_id != one.rater_id for one in found.pairs)


def test_whose_manager_would_rate_alone_is_seen_by_one_more_level():
    tree = Tree({1: 8, 8: 9, 9: None}, {8: [1], 9: [8]})
    found = propose([1], tree, draft())

    assert [one.rater_id for one in found.pairs if one.source is Source.MANAGER] == [8, 9]


def test_the_top_has_no_manager_and_three_people_are_no_peers():
    tree = Tree({1: 9, 2: 9, 3: 9, 9: None}, {9: [1, 2, 3]})
    found = propose([9, 1, 2, 3], tree, draft())

    assert (found.few_peers, found.few_reports) == (4, 0)  # two peers each are never shown
    assert {one.source for one in found.pairs if one.subject_id == 9} == {
        Source.SELF, Source.REPORT,
    }  # fmt: skip
    assert [one.rater_id for one in found.pairs if one.source is Source.MANAGER] == [9, 9, 9]


def test_a_scenario_test_is_asked_beside_the_own_view():
    both = frozenset({Source.SELF, Source.SCENARIO})

    assert propose([1], TEAM, draft(sources=both)).pairs == (
        Pair(1, 1, Source.SELF), Pair(1, 1, Source.SCENARIO))  # fmt: skip


@pytest.mark.parametrize(
    ("source", "before", "asked", "heard"),
    [
        # Whose name stands beside what they said is asked while open, and heard when they answered.
        (MANAGER, Before(MANAGER, OPEN, date(2026, 3, 2)), True, False),
        (MANAGER, Before(MANAGER, ANSWERED, date(2025, 12, 1), date(2025, 12, 17)), False, True),
        (MANAGER, Before(MANAGER, ANSWERED, date(2025, 12, 1), date(2025, 12, 16)), False, False),
        (MANAGER, Before(MANAGER, DECLINED, date(2026, 3, 2), date(2026, 3, 1)), False, False),
        (SELF, Before(SCENARIO, OPEN, date(2026, 3, 20)), False, False),
        (SCENARIO, Before(SCENARIO, OPEN, date(2026, 3, 2)), True, False),
        # Peers and reports by their day alone, whatever they did.
        *((PEER, Before(PEER, state, date(2026, 3, 16), closed), True, True)
          for state, closed in ((OPEN, None), (ANSWERED, MARCH_16), (DECLINED, MARCH_16))),
        *((PEER, Before(PEER, state, date(2025, 12, 17), closed), False, True)
          for state, closed in ((OPEN, None), (ANSWERED, date(2025, 12, 2)), (DECLINED, MARCH_16))),
        *((PEER, Before(PEER, state, date(2025, 12, 16), closed), False, False)
          for state, closed in ((OPEN, None), (ANSWERED, MARCH_16), (WITHDRAWN, MARCH_16))),
        *((PEER, Before(PEER, state, date(2026, 9, 1), date(2026, 1, 5), date(2026, 1, 9)), False,
           True) for state in (ANSWERED, WITHDRAWN)),
        *((PEER, Before(PEER, state, date(2026, 9, 1), date(2025, 12, 1), date(2025, 12, 9)), False,
           False) for state in (ANSWERED, WITHDRAWN)),
        # In another part: a peer whose time runs is asked already, answered or not.
        (OBSERVER, Before(PEER, ANSWERED, date(2026, 3, 16), MARCH_16), True, False),
        (OBSERVER, Before(PEER, OPEN, date(2026, 3, 15)), False, False),
        (PEER, Before(OBSERVER, OPEN, date(2026, 3, 16)), True, False),
        (PEER, Before(OBSERVER, OPEN, date(2026, 3, 2)), False, False),
        (OBSERVER, Before(OBSERVER, ANSWERED, date(2026, 3, 20), MARCH_16), True, True),
    ],
)  # fmt: skip
def test_who_is_asked_already_or_was_heard_in_ninety_days(source, before, asked, heard):
    assert is_asked([before], source, MARCH_16) is asked
    assert was_heard([before], source, 90, MARCH_16) is heard


def test_who_is_left_out_is_counted_by_why():
    before = {
        1: {9: [Before(MANAGER, ANSWERED, date(2026, 3, 1), date(2026, 3, 1))],
            2: [Before(PEER, OPEN, date(2026, 3, 1))]},
        2: {9: [Before(MANAGER, OPEN, date(2026, 3, 1))],
            3: [Before(PEER, ANSWERED, date(2026, 3, 1), date(2026, 3, 1))]},
    }  # fmt: skip
    pairs = propose([1, 2], TEAM, draft(sources=frozenset({PEER, MANAGER}))).pairs
    found = sift(pairs, before, 90, MARCH_16)

    assert (len(pairs), len(found.new)) == (8, 4)
    assert (found.waiting, found.answered, found.heard) == (1, 1, 2)
    assert (sift(pairs, before, 0, MARCH_16).heard, sift(pairs, {}, 90, MARCH_16).new) == (0, pairs)


@pytest.mark.parametrize(
    ("states", "on", "words", "note"),
    [
        ("AAO", DUE, "3 asked", "How many answered is told after that day."),
        ("AAO", date(2026, 4, 2), "fewer than three of 3 answered in time", ""),
        ("AAA", date(2026, 4, 2), "3 of 3 answered in time", ""),
        ("AAAD", date(2026, 4, 2), "3 of 4 answered in time", ""),
        ("AAALLO", date(2026, 4, 2), "3 of 6 answered in time", ""),
        ("A", DUE, "1 asked", "How many answered is not shown for fewer than three."),
        ("AA", date(2026, 4, 2), "2 asked", "How many answered is not shown for fewer than three."),
    ],
)
def test_what_whoever_asks_is_told_of_peers(states, on, words, note):
    closed = {"A": (ANSWERED, DUE), "L": (ANSWERED, date(2026, 4, 2)), "O": (OPEN, None),
              "D": (DECLINED, DUE)}  # fmt: skip
    asked = [Asked(rater, closed[one][0], DUE, closed[one][1], None)
             for rater, one in enumerate(states)]  # fmt: skip
    assert told_of(asked, on) == Told(words, note)
    assert may_be_taken_back(asked, on) is (on == DUE)
    taken_back = [replace(one, taken_back_on=DUE) for one in asked]
    assert told_of(taken_back, on) == Told(f"{words}, taken back", note)
    assert not may_be_taken_back(taken_back, DUE)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (draft(sources=frozenset()), "Choose who is asked"),
        (draft(peers=2), "Ask three to eight peers"),
        (draft(due_on=date(2026, 3, 1)), "The day has gone by"),
        (replace(draft(), quiet_days=366), "Choose 0 to 365 days"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(RefusedError, match=words):
        check_round(wrong, TODAY.date())


def test_a_round_is_bounded():
    check_size(2000, 20_000)
    for people, requests, words in ((0, 0, "Nobody"), (2001, 0, "2000"), (10, 20_001, "20000")):
        with pytest.raises(RefusedError, match=words):
            check_size(people, requests)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def unit(path: str) -> int:
    return db.session.scalars(select(Unit.id).where(Unit.path == path)).one()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(AssessmentRequest)) or 0


def test_hr_asks_about_a_unit_with_all_below_and_each_rater_hears_of_it_once(people):
    wanted = draft(unit("House / Service"))
    found = previewed(wanted, OPERATOR, TODAY.date())
    # DIR, LEAD and six at the desk; LEAD alone under DIR has no peers and DIR no three reports.
    assert (found.people, len(found.new), found.raters, found.busiest) == (8, 40, 9, 7)
    counts = {one.value: found.count_of(one) for one in EVERY}
    assert counts == {"self": 8, "manager": 8, "report": 6, "peer": 18}
    assert (found.few_peers, found.few_reports, count()) == (2, 1, 0)

    assert ask_round(wanted, OPERATOR, promised=40) == 40
    assert count() == 40
    notices = db.session.execute(select(Notice.kind, Notice.mode, Notice.subject)).all()
    assert len(notices) == 9
    assert {kind for kind, _, _ in notices} == {"round_asked"}
    assert {mode.value for _, mode, _ in notices} == {"digest"}
    told = {subject.replace("\u202f", " ") for _, _, subject in notices}
    assert "You are asked where 7 people stand, by 1 April 2026" in told
    assert db.session.scalars(select(AuditEvent.kind).where(
        AuditEvent.kind == "aptitude.ask")).all() == ["aptitude.ask"]  # fmt: skip

    with pytest.raises(RefusedError, match="Everybody is asked already"):
        ask_round(wanted, OPERATOR)
    again = previewed(wanted, OPERATOR, TODAY.date()).asked
    assert (again.waiting, again.answered, again.heard) == (16, 0, 24)
    assert (count(), len(db.session.scalars(select(Notice.id)).all())) == (40, 9)


@pytest.mark.engines("sqlite")
def test_what_changed_since_it_was_looked_at_is_not_asked_unseen(people):
    wanted = draft(unit("House / Shop"))
    with pytest.raises(RefusedError, match="comes to 5 requests now, not 3"):
        ask_round(wanted, OPERATOR, promised=3)
    assert count() == 0


@pytest.mark.engines("sqlite")
def test_managers_ask_about_those_they_see_never_about_themselves_or_another_tree(people):
    lead = viewer(people["LEAD"], manages=True)
    assert [path for _, path in units_to_ask(lead, TODAY.date())] == ["House / Service / Desk"]
    found = previewed(draft(), lead, TODAY.date())
    assert {one.subject_id for one in found.new} == {people[f"E{place}"] for place in range(1, 7)}
    with pytest.raises(RefusedError, match="Nobody whom you may ask about works there"):
        ask_round(draft(unit("House / Shop")), lead)
    with pytest.raises(NotFoundError):
        ask_round(draft(999), lead)
    with pytest.raises(NotFoundError):
        ask_round(draft(), viewer(people["E1"]))
    assert count() == 0


def test_a_second_round_leaves_out_whom_the_first_has_heard(people):
    both = draft(unit("House / Service / Desk"), sources=frozenset({MANAGER, PEER, SELF}))
    desk = [people[f"E{place}"] for place in range(1, 7)]
    # LEAD stands at the desk too, rated by DIR and CEO; LEAD rates the six, and three peers each.
    assert ask_round(both, OPERATOR) == 8 + 7 + 18
    asks = select(AssessmentRequest.id).where(AssessmentRequest.subject_id == desk[0])
    lead = db.session.scalars(asks.where(AssessmentRequest.source == MANAGER)).one()
    answer_request(lead, said(3.0), viewer(people["LEAD"]))
    assess_oneself(said(4.0), viewer(desk[1]))
    for peer in db.session.scalars(asks.where(AssessmentRequest.source == PEER)).all():
        rater = db.session.get(AssessmentRequest, peer).rater_id
        answer_request(peer, said(3.0), viewer(rater))

    with at(datetime(2026, 4, 2, 9, tzinfo=UTC)):
        on, second = date(2026, 4, 2), replace(both, due_on=date(2026, 4, 20))
        left = previewed(second, OPERATOR, on).asked
        # E2 said it by themself, which answers what they were asked.
        assert (len(left.new), left.waiting, left.answered, left.heard) == (0, 13, 2, 18)
        with pytest.raises(RefusedError, match="Everybody is asked already or was lately"):
            ask_round(second, OPERATOR)
        assert ask_round(replace(second, quiet_days=0), OPERATOR) == 2 + 18
        states = select(AssessmentRequest.state, func.count()).where(
            AssessmentRequest.source == PEER
        )
        assert sorted((state.value, many) for state, many in db.session.execute(
            states.group_by(AssessmentRequest.state)).all()) == [
            ("answered", 3), ("open", 18), ("withdrawn", 15),
        ]  # fmt: skip

    with at(datetime(2026, 7, 20, 9, tzinfo=UTC)):
        later = previewed(replace(both, due_on=date(2026, 8, 1)), OPERATOR, date(2026, 7, 20)).asked
        assert (len(later.new), later.waiting, later.heard) == (18, 15, 0)


def test_who_said_it_unasked_is_not_asked_in_a_round_either(people):
    own = draft(unit("House / Service / Desk"), sources=frozenset({SELF}))
    assess_oneself(said(4.0), viewer(people["E2"]))

    found = previewed(own, OPERATOR, MARCH_16)
    assert (len(found.new), found.asked.answered) == (6, 1)


@pytest.mark.engines("sqlite")
def test_hr_who_stand_in_a_unit_are_left_out_of_the_round_about_it(people, browser):
    browser.sign_in("hr", people["E1"])
    sent = {"unit": str(unit("House / Service / Desk")), "sources": ["manager", "peer", "self"],
            "peers": "3", "due_on": "2026-04-01", "purpose": "development",
            "quiet_days": "90"}  # fmt: skip
    looked = browser.open("/team-aptitude/round", method="POST", data={**sent, "step": "look"})
    words = " ".join(BeautifulSoup(looked.text, "lxml").get_text(" ").split())
    assert "You are left out Somebody else has to ask about you." in words
    # LEAD by DIR, CEO and themself; five of the desk by LEAD, themselves and three peers each.
    browser.open("/team-aptitude/round", 302, method="POST",
                 data={**sent, "step": "ask", "promised": "28"})  # fmt: skip
    about = select(AssessmentRequest.subject_id).distinct()
    assert set(db.session.scalars(about)) == {
        people[who] for who in ("LEAD", "E2", "E3", "E4", "E5", "E6")
    }
    assert db.session.scalar(select(func.count()).where(
        AssessmentRequest.rater_id == people["E1"])) == 3  # fmt: skip

    browser.sign_in("hr", people["DIR"])
    sent["unit"] = str(unit("House / Service"))
    other = browser.open("/team-aptitude/round", method="POST", data={**sent, "step": "look"})
    assert "You are left out" in other.text
    own = viewer(people["CEO"], manages=True)
    alone = Viewer(None, "HR", people["CEO"], frozenset({RoleName.HR}), manages=False)
    with pytest.raises(RefusedError, match="Nobody but you works there"):
        check_alone([4], [])
    assert people["CEO"] not in {one.subject_id for one in previewed(
        draft(), own, MARCH_16).new}  # fmt: skip
    assert people["CEO"] not in {one.subject_id for one in previewed(
        draft(), alone, MARCH_16).new}  # fmt: skip


@pytest.mark.engines("sqlite")
def test_a_manager_looks_first_and_then_asks_on_the_page(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 2.0, on=TODAY.date())
    rate(people["E6"], people["LEAD"], Source.MANAGER, 4.5, on=TODAY.date())
    browser.sign_in("manager", people["LEAD"])
    assert browser.get("/team-aptitude").select_one('a[href="/team-aptitude/round"]')
    sent = {"unit": "0", "sources": ["manager", "peer"], "peers": "3", "due_on": "2026-04-01",
            "purpose": "development", "occasion": "Spring 2026", "quiet_days": "0"}  # fmt: skip
    looked = browser.open("/team-aptitude/round", method="POST", data={**sent, "step": "look"})
    assert "This asks 7 people about 6 people." in looked.text.replace("\u202f", " ")
    before = count()
    browser.open("/team-aptitude/round", 302, method="POST",
                 data={**sent, "step": "ask", "promised": "24"})  # fmt: skip
    assert count() - before == 24

    # Both managers' requests and all peers' are open: who was asked is not asked twice.
    twice = browser.open("/team-aptitude/round", method="POST", data={**sent, "step": "look"})
    words = " ".join(twice.text.replace("\u202f", " ").split())
    assert "Everybody is asked already, or was lately." in words
    assert "6 requests are open already" in words
    assert "18 requests to peers and reports are left out: they are asked, or were" in words

    # Nobody is ranked: whatever their scores, people stand in the order of their names.
    page = browser.get("/team-aptitude")
    for section in ("none", "one"):
        names = [one.text for one in page.select(f"section[aria-labelledby={section}] li .t")]
        assert names == sorted(names)
    assert [one.text for one in page.select("section[aria-labelledby=one] li .t")] == [
        "Pat E1", "Pat E6",
    ]  # fmt: skip
    assert not page.select("main table a[href*=sort], main [aria-sort]")


@pytest.mark.usefixtures("database")
def test_rounds_are_followed_in_counts_that_tell_no_more_than_the_pages_of_people(
    tmp_path, browser
):
    with at(TODAY):
        people = company(tmp_path)
        for subject in ("E1", "E2"):
            for who, source in (("LEAD", MANAGER), ("E3", PEER), ("E4", PEER), ("E5", PEER)):
                asked(people[subject], people[who], source, DUE)
        browser.sign_in("manager", people["LEAD"])
        assert "How rounds stand" in browser.get("/team-aptitude/round").get_text()

        def shown() -> list[str]:
            found = browser.get("/team-aptitude/rounds").select("main li")
            return [" ".join(one.get_text(" ").split()) for one in found]

        peers = "Peers 6 asked How many answered is told after that day."
        assert shown() == ["Manager 0 of 2 answered", peers]
        rows = select(AssessmentRequest).order_by(AssessmentRequest.id)
        for row in db.session.scalars(rows).all():
            is_second_of_e2 = row.subject_id == people["E2"] and row.rater_id == people["E5"]
            if not is_second_of_e2:
                answer_request(row.id, said(3.0), viewer(row.rater_id))
        assert shown() == ["Manager 2 of 2 answered", peers]
    with at(TODAY.replace(month=4, day=2)):
        assert shown() == [
            "Manager 2 of 2 answered",
            "Peers 6 asked; 3 of 3 answered Of 1 person about whom three or more answered in time.",
        ]
        browser.sign_in("manager", people["OTHER"])
        assert shown() == []
        browser.sign_in("manager", people["LEAD"])
        assert (
            "Take back" not in browser.get(f"/team-aptitude/people/{people['E2']}/ask").get_text()
        )
