"""A round about a whole team: proposed from the tree, looked at first, asked once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.queries.rounds import previewed, units_to_ask
from aptitude.rules.rounds import Pair, RoundDraft, Tree, check_round, check_size, propose
from aptitude.rules.sources import Source
from aptitude.services.rounds import ask_round
from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.models import AuditEvent, Unit
from people.rules.access import OPERATOR
from tests.aptitude.worlds import company, rate, viewer

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)
EVERY = frozenset({Source.MANAGER, Source.PEER, Source.REPORT, Source.SELF})
TEAM = Tree(dict.fromkeys(range(1, 6), 9) | {9: None}, {9: [1, 2, 3, 4, 5]})


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
    ("wrong", "words"),
    [
        (draft(sources=frozenset()), "Choose who is asked"),
        (draft(peers=2), "Ask 3 to 8 peers"),
        (draft(due_on=date(2026, 3, 1)), "The day has gone by"),
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
def people(database, tmp_path):
    with at(TODAY):
        yield company(tmp_path)


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
    assert previewed(wanted, OPERATOR, TODAY.date()).asked_already == 40
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


@pytest.mark.engines("sqlite")
def test_a_manager_looks_first_and_then_asks_on_the_page(people, browser):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 2.0, on=TODAY.date())
    rate(people["E6"], people["LEAD"], Source.MANAGER, 4.5, on=TODAY.date())
    browser.sign_in("manager", people["LEAD"])
    assert browser.get("/team-aptitude").select_one('a[href="/team-aptitude/round"]')
    sent = {"unit": "0", "sources": ["manager", "peer"], "peers": "3", "due_on": "2026-04-01",
            "purpose": "development", "occasion": "Spring 2026"}  # fmt: skip
    looked = browser.open("/team-aptitude/round", method="POST", data={**sent, "step": "look"})
    assert "This asks 7 people about 6 people." in looked.text.replace("\u202f", " ")
    before = count()
    browser.open("/team-aptitude/round", 302, method="POST",
                 data={**sent, "step": "ask", "promised": "24"})  # fmt: skip
    assert count() - before == 24

    # Nobody is ranked: whatever their scores, people stand in the order of their names.
    page = browser.get("/team-aptitude")
    for section in ("unknown", "there"):
        names = [one.text for one in page.select(f"section[aria-labelledby={section}] li .t")]
        assert names == sorted(names)
    assert [one.text for one in page.select("section[aria-labelledby=there] li .t")] == [
        "Pat E1", "Pat E6",
    ]  # fmt: skip
    assert not page.select("main table a[href*=sort], main [aria-sort]")
