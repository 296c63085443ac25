"""Taking back a whole round: what it comes to is read first, and tells no more than rounds do."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.held_rounds import (
    Counts,
    PartOfRound,
    is_taken_back,
    left_to_take_back,
    named_part,
    part_to_take_back,
)
from aptitude.rules.sources import Source
from aptitude.services.assessing import answer_request
from aptitude.services.round_ends import take_back_round
from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.models import AuditEvent
from people.rules.access import Viewer
from people.rules.levels import RoleName
from tests.aptitude.worlds import asked, company, said, viewer
from tests.browsing import fields_of

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)
PEER, MANAGER, SELF = Source.PEER, Source.MANAGER, Source.SELF
PEERS_GO = (
    "All of them are asked no more, whoever answered. What they said stays, and is shown as ever: "
    "when the day is over, from three on. Until then it is told to nobody how many that are."
)


@pytest.mark.parametrize(
    ("counts", "on", "left", "words", "note", "taken_back"),
    [
        (Counts(MANAGER, 6, 4, 2, 0), DUE, 2, "2 open, 4 answered",
         "The open ones are closed. The answers stay and are shown as ever.", False),
        (Counts(MANAGER, 3, 1, 1, 1), DUE, 1, "1 open, 1 answered",
         "The open one is closed. The answer stays and is shown as ever.", False),
        (Counts(SELF, 2, 0, 0, 2), DUE, 0, "0 open, 0 answered", "Nothing changes.", True),
        # Of peers nothing hangs on how many have answered or are open.
        *((Counts(PEER, 8, answered, 8 - answered, 2), DUE, 6, "6 asked", PEERS_GO, False)
          for answered in (0, 3, 8)),
        (Counts(PEER, 8, 8, 0, 8), DUE, 0, "8 asked", "They were taken back before.", True),
        (Counts(PEER, 8, 2, 6, 0), date(2026, 4, 2), 0, "8 asked",
         "Their day is over, so they stay as they are: late answers move no count.", False),
    ],
)  # fmt: skip
def test_what_becomes_of_each_source_when_a_round_is_taken_back(
    counts, on, left, words, note, taken_back
):
    assert left_to_take_back(counts, DUE, on) == left
    assert part_to_take_back(counts, DUE, on) == PartOfRound(counts.source, words, note)
    assert is_taken_back([counts]) is taken_back


def test_what_was_taken_back_is_said_beside_what_was_answered():
    assert [named_part(Counts(MANAGER, *some)).words for some in (
        (5, 2, 3, 0), (5, 2, 0, 3), (5, 0, 0, 5),
    )] == ["2 of 5 answered", "2 of 2 answered, 3 taken back", "taken back"]  # fmt: skip
    assert not is_taken_back([])


HR = Viewer(None, "HR", None, frozenset({RoleName.HR}), manages=False)
OTHER_DAY = date(2026, 4, 9)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


@pytest.fixture
def round_of_five(people) -> dict[str, int]:
    """Three peers, of whom one answered, and two about themselves; the manager by another day."""
    ids = {who: asked(people["E1"], people[who], PEER, DUE) for who in ("E3", "E4", "E5")}
    ids |= {who: asked(people[who], people[who], SELF, DUE) for who in ("E1", "E2")}
    ids["LEAD"] = asked(people["E1"], people["LEAD"], MANAGER, OTHER_DAY)
    answer_request(ids["E3"], said(3.0), viewer(people["E3"]))
    return ids


def states(ids) -> dict[str, tuple[str, bool]]:
    db.session.rollback()
    rows = {who: db.session.get_one(AssessmentRequest, id_) for who, id_ in ids.items()}
    return {who: (row.state.value, row.taken_back_at is not None) for who, row in rows.items()}


def test_hr_takes_back_a_round_and_everybody_asked_hears_of_it_once(people, round_of_five):
    answer_request(round_of_five["E2"], said(3.0), viewer(people["E2"]))
    for who in (viewer(people["LEAD"], manages=True), viewer(people["E1"])):
        with pytest.raises(NotFoundError):
            take_back_round(DUE, who)
    with pytest.raises(RefusedError, match="This is about 4 requests now, not 3"):
        take_back_round(DUE, HR, promised=3)
    own = Viewer(None, "HR", people["E1"], frozenset({RoleName.HR}), manages=False)
    with pytest.raises(RefusedError, match="Nothing of this round is left"):
        take_back_round(DUE, own)  # what is left of it is about themself

    assert take_back_round(DUE, HR, promised=4) == 4
    gone, kept = ("withdrawn", True), ("answered", False)
    assert states(round_of_five) == {
        "E1": gone, "E2": kept, "E3": ("answered", True), "E4": gone, "E5": gone,
        "LEAD": ("open", False),
    }  # fmt: skip
    told = select(Notice.employee_id, Notice.subject).where(Notice.kind == "round_taken_back")
    rows = db.session.execute(told.order_by(Notice.employee_id)).all()
    assert [who for who, _ in rows] == [people[who] for who in ("E1", "E3", "E4", "E5")]
    assert {subject for _, subject in rows} == {
        "You need not answer any more what was asked of you by 1 April 2026"
    }
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "aptitude.withdraw"))
    assert [(one.employee_id, one.details) for one in event] == [
        (None, '{"due":"2026-04-01","requests":4}')
    ]
    with pytest.raises(RefusedError, match="Nothing of this round is left"):
        take_back_round(DUE, HR)


def test_when_the_day_is_over_only_what_stands_beside_a_name_is_taken_back(people, round_of_five):
    with at(TODAY.replace(month=4, day=2)):
        assert take_back_round(DUE, HR) == 2
    assert states(round_of_five) == {
        "E1": ("withdrawn", True), "E2": ("withdrawn", True), "E3": ("answered", False),
        "E4": ("open", False), "E5": ("open", False), "LEAD": ("open", False),
    }  # fmt: skip


@pytest.mark.engines("sqlite")
def test_hr_reads_what_taking_back_comes_to_and_the_list_says_that_it_was(
    people, round_of_five, browser
):
    path = "/team-aptitude/rounds/take-back?until=2026-04-01"

    def read(page) -> str:
        return " ".join(page.select_one("main").get_text(" ").replace("\u202f", " ").split())

    def parts(page) -> list[str]:
        found = [one for one in page.select("main li") if not one.find_parent("nav")]
        return [" ".join(one.get_text(" ").split()) for one in found]

    for role, who in (("manager", "LEAD"), ("trainer", None), ("executive", None)):
        browser.sign_in(role, people[who] if who else None)
        browser.get(path, status=404)
        browser.post(path, status=404)
    browser.sign_in("hr")
    assert path in [one["href"] for one in browser.get("/team-aptitude/rounds").select("main a")]
    page = browser.get(path)
    assert "Take back what is asked until 1 April 2026?" in read(page)
    assert "Take back 5 requests" in read(page)
    assert parts(page) == [
        "About themselves 2 open, 0 answered The open ones are closed.", f"Peers 3 asked {PEERS_GO}"
    ]  # fmt: skip
    answer_request(round_of_five["E4"], said(3.0), viewer(people["E4"]))
    assert read(browser.get(path)) == read(page)  # nothing tells that another peer has answered

    fewer = browser.post(path, {"until": "2026-04-01", "promised": "4"}, status=200)
    assert "Not taken back. This is about 5 requests now, not 4." in read(fewer)
    shown = read(browser.submit(path, fields_of(fewer)))
    assert "Taken back: 5 requests. Whoever is asked no more is told." in shown
    assert "Until 1 April 2026 taken back About 2 people." in shown
    assert "About themselves taken back Peers 3 asked, taken back" in shown
    assert "1 round runs, until 9 April 2026." in shown
    for until in ("2026-04-01", "2026-04-02", "soon", ""):
        gone = read(browser.submit(f"/team-aptitude/rounds/take-back?until={until}"))
        assert "Nothing of this round is left to take back." in gone
    assert "You need not answer any more" not in read(browser.get("/letters"))
    browser.sign_in("employee", people["E3"])
    assert "Answered 16 Mar" in read(browser.get("/aptitude/asked"))
    browser.sign_in("employee", people["E5"])
    assert "Taken back 16 Mar" in read(browser.get("/aptitude/asked"))
