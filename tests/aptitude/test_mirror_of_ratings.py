"""The leader mirror and promotions, by what raters were asked and answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from aptitude.exports.mirror import mirror_tables
from aptitude.models.assessments import AptitudeStanding
from aptitude.queries.mirror import forget_mirrors, leader_mirror
from aptitude.queries.profiles import aptitude_page
from aptitude.rules.mirror import Reflection
from aptitude.rules.sources import Source
from aptitude.services.standings import rebuild_standings
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at
from core.db import db, take_turn, transaction
from people.models import Employee
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.erasing import erase_person
from people.services.importing import import_people
from tests.aptitude.worlds import ROUND, company, rate
from tests.ledger.worlds import write

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(database, tmp_path):
    with at(TODAY - timedelta(days=60)):
        found = company(tmp_path)
        rows = ["LEAD2,Pat LEAD2,lead2@people.example,DIR,House / Service / Phones,team_lead"]
        rows += [f"F{n},Pat F{n},f{n}@people.example,LEAD2,House / Service / Phones,frontline"
                 for n in range(1, 7)]  # fmt: skip
        header = "employee_number,name,email,manager_number,unit,level"
        path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
        assert import_people(path, file_name="more.csv", account_id=None).refused == 0
    ids = dict(db.session.execute(select(Employee.number, Employee.id)).all())
    with at(TODAY):
        yield {who: ids[who] for who in (*found, "LEAD2", *(f"F{n}" for n in range(1, 7)))}


def two_say(people, subject: str, manager: str, value: float) -> None:
    """The manager and somebody who looks on say the same, half a level apart."""
    rate(people[subject], people[manager], Source.MANAGER, value)
    rate(people[subject], people["OTHER"], Source.OBSERVER, value + 0.5)


def teams_are_rated(people) -> None:
    for n in range(1, 7):
        two_say(people, f"E{n}", "LEAD", 4.0)
        two_say(people, f"F{n}", "LEAD2", 2.5)
    two_say(people, "LEAD", "DIR", 2.0)
    for n in range(1, 5):  # reports count from three on, and when their round is over
        rate(people["LEAD"], people[f"E{n}"], Source.REPORT, 2.0)
    two_say(people, "LEAD2", "DIR", 3.0)
    rate(people["CEO"], people["CEO"], Source.SELF, 5.0)
    rate(people["DIR"], people["CEO"], Source.MANAGER, 4.0)
    rebuild_standings()


@pytest.mark.engines("sqlite")
def test_one_inverted_team_raises_one_flag_and_the_chief_executive_is_counted(people, browser):
    teams_are_rated(people)
    page = leader_mirror(OPERATOR, 2026, TODAY.date())

    [flagged] = page.teams.flagged
    assert (flagged.name, flagged.mirrored.reflection) == ("Pat LEAD", Reflection.BELOW)
    assert flagged.mirrored.leader is not None
    assert flagged.mirrored.leader.mean == pytest.approx((2.0 + 2.5 + 4 * 2.0) / 6)
    assert (page.teams.leaders, page.teams.compared, page.teams.below) == (5, 2, 1)
    unknown = {one.name: one.mirrored.reflection for one in page.teams.unknown}
    assert unknown == dict.fromkeys(("Pat CEO", "Pat DIR", "Pat OTHER"), Reflection.NOT_ASSESSED)
    assert [(one.label, one.people) for one in page.rungs.rungs] == [
        ("Executive, manager and team lead", 5),  # one executive alone would be known by name
        ("Front line", 13),
    ]
    assert page.rungs.total is not None
    assert (page.rungs.total.people, page.rungs.total.assessed) == (18, 14)
    assert page.by_level.total is not None
    assert (page.by_level.total.people, page.by_level.total.reviewed) == (18, 15)

    browser.sign_in("hr")
    told = browser.get("/leader-mirror").select_one("main").text.replace("\xa0", " ")
    assert "14 of 18 people are assessed; 1 leader stands below their team." in told
    at_the_top = "Whoever nobody led is among these people and cannot be counted as reviewed"
    assert at_the_top in told
    assert any(at_the_top in note for note in mirror_tables(page)[1].notes)
    assert told.count("not assessed") >= 4  # three leaders, and the sentence that it is no zero
    assert "Pat LEAD2" not in told


@pytest.mark.engines("sqlite")
def test_the_same_page_follows_each_new_rating_and_move(people, tmp_path):
    """The columns in memory are mended by what is new, and say what the tables say."""
    teams_are_rated(people)
    assert leader_mirror(OPERATOR, 2026, TODAY.date()).teams.below == 1
    later = date(2026, 3, 10)
    for rater, source in (("DIR", Source.MANAGER), ("OTHER", Source.OBSERVER)):
        rate(people["LEAD"], people[rater], source, 5.0, on=later)
    rate(people["LEAD"], people["O1"], Source.OBSERVER, 4.5, on=later)
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert (page.teams.flagged, page.teams.compared) == ((), 2)
    for rater in ("LEAD", "O1"):  # nobody is above the chief executive
        rate(people["CEO"], people[rater], Source.OBSERVER, 4.0)
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert [one.name for one in page.teams.unknown] == ["Pat DIR", "Pat OTHER"]
    with transaction() as session:  # as an erasure does
        take_turn(session)
        session.execute(
            delete(AptitudeStanding).where(AptitudeStanding.employee_id == people["F1"])
        )
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert page.rungs.total is not None
    assert page.rungs.total.assessed == 14  # the chief executive in, F1 out
    moved(tmp_path, "F2,team_lead", TODAY.date())
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert [(one.label, one.people) for one in page.rungs.rungs] == [
        ("Executive, manager and team lead", 6),
        ("Front line", 12),
    ]
    forget_mirrors()
    assert leader_mirror(OPERATOR, 2026, TODAY.date()) == page
    # What was seen of somebody and said to them goes with them, from what is in memory too.
    rate(people["LEAD"], people["DIR"], Source.MANAGER, [4.0, *[None] * 6], on=later,
         example="Took the call of a colleague who was overrun.")  # fmt: skip
    rate(people["O1"], people["OTHER"], Source.MANAGER, 3.0, on=later)
    before = seen_and_reviewed()
    erase_person(people["LEAD"], "request")
    after = seen_and_reviewed()
    forget_mirrors()
    assert (before, after, seen_and_reviewed()) == ((1, 16), (0, 15), (0, 15))


def seen_and_reviewed() -> tuple[int, int]:
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    return page.teams.seen, page.by_level.total.reviewed


def moved(tmp_path, row: str, on: date) -> None:
    path = write(tmp_path, f"employee_number,level\n{row}\n", f"{row}.csv")
    done = import_people(path, file_name="moves.csv", account_id=None, effective_on=on)
    assert done.refused == 0


@pytest.mark.engines("sqlite")
def test_a_promotion_keeps_the_history_and_shows_what_is_missing_for_the_next_level(
    people, tmp_path, browser
):
    two_say(people, "E1", "LEAD", 3.0)
    before = aptitude_page(people["E1"], OPERATOR, TODAY.date())
    assert (before.level, before.next_level) == (Level.FRONTLINE, Level.SENIOR)
    moved(tmp_path, "E1,senior", TODAY.date())
    page = aptitude_page(people["E1"], OPERATOR, TODAY.date())

    assert (page.level, page.next_level) == (Level.SENIOR, Level.TEAM_LEAD)
    assert [one.target for one in page.lines] == [one.target for one in before.next_lines]
    assert [one.score for one in page.lines] == [one.score for one in before.lines]
    assert page.points[0] == before.points[0]
    assert (page.rungs[0].kind, page.rungs[1].kind) == ("held", "here")
    assert page.rungs[0].words.endswith(", 2026")
    assert [one.code for one in page.next_lines] == [one.code for one in page.lines]
    said = "Some ratings were given before, by what is expected of another level."
    assert page.other_level_words.startswith(said)
    for who, others, note in (("E2", 2, False), ("E3", 3, True)):  # peers alone, from three on
        for at_place in range(4, 4 + others - 1):
            rate(people[who], people[f"E{at_place}"], Source.PEER, 3.0)
        rate(people[who], people["E1"], Source.PEER, 3.0)
        moved(tmp_path, f"{who},senior", TODAY.date())
        told = aptitude_page(people[who], OPERATOR, TODAY.date()).other_level_words
        assert told.startswith(said) is note, who

    held = db.session.get(AptitudeStanding, people["E1"])
    assert held is not None
    assert held.level is Level.SENIOR

    browser.sign_in("employee", people["E1"])
    told = browser.get("/aptitude").select_one("main").text
    assert "team lead" in told.casefold()
    assert any(words in told for words in (" is missing.", "Too close to tell"))
    for verdict in ("not ready", "is ready", "ready for", "failed", "unfit"):
        assert verdict not in told.casefold()


@pytest.mark.engines("sqlite")
def test_whoever_has_no_level_any_more_is_put_right_too(people, tmp_path):
    two_say(people, "LEAD2", "DIR", 3.0)
    moved(tmp_path, "LEAD2,", TODAY.date())
    with at(TODAY + timedelta(days=1)):
        for part in APTITUDE_DAILY.divide({}):
            with transaction() as session:
                APTITUDE_DAILY.do(session, part)
    db.session.expire_all()
    held = db.session.get(AptitudeStanding, people["LEAD2"])
    assert held is not None
    assert held.level is aptitude_page(people["LEAD2"], OPERATOR, ROUND + timedelta(days=20)).level
