"""What management does for those below a target, and leaders who are seen leading by example."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from aptitude.exports.mirror import mirror_tables
from aptitude.models.duties import Duty
from aptitude.queries.examples import examples_of
from aptitude.queries.frameworks import get_framework
from aptitude.queries.mirror import forget_mirrors, leader_mirror
from aptitude.queries.team import team_page
from aptitude.queries.team_care import Measure
from aptitude.rules.debts import Below, Followed
from aptitude.rules.duties import PlanDraft
from aptitude.rules.examples import Leading, Shown, first_day, lately_from, lately_words, leading_of
from aptitude.rules.mirror_words import management_words, untold_words
from aptitude.rules.sources import Source
from aptitude.rules.words import ContestOutcome, DutyEnd
from aptitude.services.commenting import answer
from aptitude.services.duties import note_observed, plan_duty
from core.clock import at
from core.db import take_turn, transaction
from people.models import Unit
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import RoleName
from planner.rules.suppression import HIDDEN_WORDS, WHY_HIDDEN
from tests.aptitude.test_duties import owed
from tests.aptitude.worlds import company, contest, rate, viewer
from tests.curricula.classes import published

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
LATER = datetime(2026, 5, 18, 9, tzinfo=UTC)
BOSS = Viewer(None, "Boss", None, frozenset({RoleName.EXECUTIVE}), manages=False)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def say(people, who: str, place: int, score: float, on: date) -> None:
    """Two managers say the same on one dimension; all else meets its target."""
    for above in ("LEAD", "DIR"):
        scores = [score if at_ == place else 3.5 for at_ in range(1, 8)]
        rate(people[who], people[above], Source.MANAGER, scores, on=on)


def paper(browser, url: str) -> str:
    pages = PdfReader(BytesIO(browser.open(url).data)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def text_of(part) -> str:
    return " ".join(part.get_text(" ").split())


@pytest.fixture
def taught(people):
    """Three are seen low in March, E3 where no module trains it; two are looked at in May."""
    published("HOS-01", dimensions=("D1",), title="See the person")
    for who, place in (("E1", 1), ("E2", 1), ("E3", 3)):
        say(people, who, place, 1.5, TODAY.date())
    lead = viewer(people["LEAD"], manages=True)
    plan_duty(owed(people["E2"]).id, PlanDraft(date(2026, 6, 1), "DIR"), lead)
    for who, score in (("E1", 4.5), ("E2", 2.0)):
        say(people, who, 1, score, LATER.date())
    return people


def shown(measures: tuple[Measure, ...]) -> dict[str, dict[str, list[str]]]:
    """Return who stands under which figure."""
    for one in measures:
        assert all(part.count == len(part.people) for part in one.parts)
    return {
        one.label: {part.label: [who.name for who in part.people] for part in one.parts}
        for one in measures
    }


def test_a_manager_sees_what_they_do_and_every_figure_opens_to_its_people(taught):
    def team(who: str, on: datetime):
        with at(on):
            looks = viewer(taught[who], manages=True)
            return team_page(looks, get_framework(), on.date()).care

    helped = {
        "Surely better": ["Pat E1"],
        "Not yet: others have looked since": ["Pat E2"],
        "Too early to tell": ["Pat E3"],
    }
    plan, nothing = "With a plan", "No module yet, or its day has gone by"
    expected = {
        "with a plan": {plan: ["Pat E2"], nothing: ["Pat E3"]},
        "with a coach": {"With a coach": ["Pat E2"], "No coach yet": ["Pat E3"]},
        "surely better": helped,
    }
    assert shown(team("LEAD", LATER).mine) == expected
    assert team("LEAD", LATER).others == ()
    assert (team("DIR", LATER).mine, shown(team("DIR", LATER).others)) == ((), expected)
    assert team("OTHER", LATER).mine == ()
    [first, *_] = team("LEAD", LATER).mine
    assert (first.count, first.whole) == (1, 2)
    # A day that has gone by is no plan any more.
    late = shown(team("LEAD", datetime(2026, 6, 2, 9, tzinfo=UTC)).mine)
    assert late["with a plan"] == {plan: [], nothing: ["Pat E2", "Pat E3"]}
    # What is met is asked for no plan; whether it helped is told for a year since it was opened.
    with transaction() as session:
        take_turn(session, aside=True)
        ends = {"closed_on": date(2026, 5, 19), "ending": DutyEnd.TRAINED}
        session.execute(update(Duty).where(Duty.subject_id == taught["E2"]).values(**ends))
    met = shown(team("LEAD", datetime(2026, 5, 20, 9, tzinfo=UTC)).mine)
    assert (met["with a plan"], met["surely better"]) == ({plan: [], nothing: ["Pat E3"]}, helped)
    old = shown(team("LEAD", TODAY + timedelta(days=366)).mine)
    assert old["surely better"] == {
        "Surely better": [],
        "Not yet: others have looked since": [],
        "Too early to tell": ["Pat E3"],
    }


def owed_by_two_units(people, *low: str) -> None:
    """Some stand low on every dimension, and another unit owes all but the first."""
    for who in low:
        for above in ("LEAD", "DIR"):
            rate(people[who], people[above], Source.MANAGER, 1.5, on=LATER.date())
    with transaction() as session:
        take_turn(session)
        shop = session.scalar(select(Unit.id).where(Unit.path == "House / Shop"))
        session.execute(update(Duty).where(Duty.dimension_code != "D1").values(unit_id=shop))
    forget_mirrors()


def test_the_mirror_tells_shares_of_management_of_nobody_or_of_five(taught):
    def total(who: Viewer):
        found = leader_mirror(who, 2026, LATER.date()).debts.total
        assert found is not None
        return found

    with at(LATER):
        named = total(OPERATOR)
        assert (named.below, named.followed) == (Below(2, 0, 1, 1), Followed(3, 0, 1, 1))
        assert [one.words for one in (named.with_plan, named.better, named.too_early)] == [
            "1 of 2",
            "1 of 3",
            "1 of 3",
        ]
        assert management_words(named) == (
            "Of 2 people below a target, 1 has a plan and 1 has a coach."
        )
        hidden = total(BOSS)
        assert (hidden.open, hidden.below, hidden.followed) == (2, None, None)
        assert mirror_tables(leader_mirror(BOSS, 2026, LATER.date()))[2].rows == [
            ("House / Service / Desk", 2, HIDDEN_WORDS, HIDDEN_WORDS, 1),
            ("All units", 2, HIDDEN_WORDS, HIDDEN_WORDS, 1),
        ]
        assert hidden.with_plan.words == "hidden"
        assert untold_words(leader_mirror(OPERATOR, 2026, LATER.date()).debts) == ""
        assert untold_words(leader_mirror(BOSS, 2026, LATER.date()).debts) == (
            "Nothing is told of any unit: it would tell of fewer than five people there, or of "
            "another group."
        )
        assert management_words(hidden) == (
            "How many of those below a target have a plan is not shown: it would tell of fewer "
            "than five people."
        )
        for who in ("E4", "E5", "E6"):
            say(taught, who, 1, 1.5, LATER.date())
        assert total(BOSS).below == Below(5, 5, 4, 1)
        assert total(BOSS).followed == Followed(6, 6, 1, 1)
        # What is held in memory follows each step, and is what is read anew.
        plan = PlanDraft(date(2026, 6, 10), "DIR")
        plan_duty(owed(taught["E3"]).id, plan, viewer(taught["LEAD"], manages=True))
        assert total(BOSS).below == Below(5, 5, 4, 2)
        say(taught, "E4", 1, 4.5, LATER.date() + timedelta(days=1))
        follows = total(BOSS)
        assert (follows.below, follows.followed) == (None, Followed(6, 6, 2, 1))  # four are left
        held = leader_mirror(OPERATOR, 2026, LATER.date())
        forget_mirrors()
        assert leader_mirror(OPERATOR, 2026, LATER.date()).debts == held.debts
        # Two units owe two of the four something: they are four all the same.
        owed_by_two_units(taught, "E5", "E6")
        assert (total(OPERATOR).open, total(OPERATOR).below) == (16, Below(4, 0, 1, 2))
        assert (total(BOSS).below, total(BOSS).overdue, total(BOSS).coached) == (None, None, None)


def test_an_example_counts_where_it_is_shown_by_itself_and_says_what_was_done_well(people):
    lead, told = people["LEAD"], "Took the call of a colleague who was overrun."
    rate(lead, people["DIR"], Source.MANAGER, [4.0, *[None] * 6], on=date(2026, 1, 20),
         example=told)  # fmt: skip
    rate(lead, people["O1"], Source.OBSERVER, [None, 3.0, *[None] * 5], on=date(2026, 2, 26),
         example="Greeted each guest in the queue.")  # fmt: skip
    # Neither what shows that something is to be taught, nor what peers and reports write.
    rate(lead, people["DIR"], Source.MANAGER, [1.0, *[None] * 6], on=date(2026, 3, 3))
    rate(lead, people["OTHER"], Source.PEER, 5.0, on=date(2026, 3, 3))
    for place in (1, 2, 3):
        rate(lead, people[f"E{place}"], Source.REPORT, 5.0, on=date(2026, 3, 3))
    rate(people["E1"], people["DIR"], Source.MANAGER, 5.0)  # leads nobody

    found = examples_of(list(people.values()), None, TODAY.date(), quotes=True)
    assert {who for who, id_ in people.items() if id_ in found} == {"CEO", "DIR", "LEAD", "OTHER"}
    assert found[people["CEO"]] == Leading()
    assert found[people["CEO"]].words == "No example is on record of the last 12 months."
    assert found[lead].examples == (
        Shown(date(2026, 2, 26), "D2", Source.OBSERVER, "Greeted each guest in the queue."),
        Shown(date(2026, 1, 20), "D1", Source.MANAGER, told),
    )
    assert found[lead].words == "Seen in 2 of the last 12 months, last on 26 February 2026."
    # Others are told the days and nothing that would tell who said it.
    days = (Shown(date(2026, 2, 26)), Shown(date(2026, 1, 20)))
    assert examples_of([lead], None, TODAY.date())[lead].examples == days
    assert leader_mirror(OPERATOR, 2026, TODAY.date()).teams.seen == 1
    assert leader_mirror(BOSS, 2026, TODAY.date()).teams.seen is None  # four lead
    with at(datetime(2026, 3, 28, 9, tzinfo=UTC)):  # 30 days after the last
        assert leader_mirror(OPERATOR, 2026, date(2026, 3, 28)).teams.seen == 0

    contest(lead, Source.OBSERVER, "That was my colleague.")
    answer(1, "It was.", ContestOutcome.SET_ASIDE, OPERATOR)
    assert examples_of([lead], None, TODAY.date())[lead].last_on == date(2026, 1, 20)
    assert examples_of([lead], None, date(2027, 1, 4))[lead].months == 0


def test_months_and_words_of_examples():
    assert first_day(date(2026, 3, 16)) == date(2025, 4, 1)
    assert first_day(date(2026, 12, 31)) == date(2026, 1, 1)
    assert lately_from(date(2026, 3, 16)) == date(2026, 2, 15)
    days = (date(2026, 3, 1), date(2026, 3, 31), date(2025, 12, 1))
    found = leading_of(Shown(on, "D1", None) for on in days)
    assert (found.months, found.last_on) == (2, date(2026, 3, 31))
    assert lately_words(None, None) == ""
    assert lately_words(12, 0) == (
        "Of 12 leaders, that is everybody to whom others report, no example of the last 30 days is "
        "on record: nobody looked, or wrote it down."
    )
    assert lately_words(12, 3) == (
        "Of 12 leaders, that is everybody to whom others report, 3 were seen leading by example in "
        "the last 30 days; of the others no example of these 30 days is on record."
    )


SEEN = "Asked a guest what the hurry was, and waited."


@pytest.fixture
def noted(people):
    """One who leads is owed something, and was seen at work."""
    for above in ("DIR", "CEO"):
        rate(people["LEAD"], people[above], Source.MANAGER, [1.5, *[4.0] * 6], on=TODAY.date())
    note_observed(owed(people["LEAD"]).id, SEEN, viewer(people["DIR"], manages=True))


@pytest.mark.engines("sqlite")
def test_leaders_read_their_examples_and_whoever_leads_them_only_when(noted, people, browser):
    words = "Seen in 1 of the last 12 months, last on 16 March 2026."

    browser.sign_in("manager", people["LEAD"])
    own = browser.get("/aptitude").select_one("section[aria-labelledby=leading]")
    assert words in text_of(own)
    assert f"Seen at work, 16 Mar 2026 {SEEN}" in text_of(own)
    assert f"{SEEN} (Seen at work, 16 March 2026)" in paper(browser, "/aptitude/sheet.pdf")
    browser.sign_in("manager", people["DIR"])
    team = browser.get("/team-aptitude")
    leading = team.select_one("section[aria-labelledby=leading]")
    assert words in text_of(leading)
    assert leading.select("details") == []  # of nobody else is there none to tell
    care = text_of(team.select_one("section[aria-labelledby=care]"))
    assert "With a plan 0 of 1" in care
    assert re.search("or its day has gone by: 1. Pat LEAD.* No coach yet: 1. Pat LEAD", care)
    person = browser.get(f"/team-aptitude/people/{people['LEAD']}")
    part = person.select_one("section[aria-labelledby=leading]")
    assert words in text_of(part)
    assert part.select("details") == []
    of_lead = paper(browser, f"/team-aptitude/people/{people['LEAD']}/sheet.pdf")
    assert f"Leading by example {words}" in of_lead
    assert "(Seen at work, 16 March 2026)" not in of_lead
    browser.sign_in("employee", people["E1"])
    assert browser.get("/aptitude").select_one("section[aria-labelledby=leading]") is None


@pytest.mark.engines("sqlite")
def test_a_mirror_lists_what_it_tells_and_says_why_the_rest_is_hidden(noted, people, browser):
    browser.sign_in("executive")
    mirror = browser.get("/leader-mirror")
    [_, *units] = mirror.select("section[aria-labelledby=duties] tr")
    assert text_of(units[-1]) == "All units 1 hidden hidden 0"
    assert WHY_HIDDEN in text_of(mirror.select_one("section[aria-labelledby=duties]"))
    management = mirror.select_one("section[aria-labelledby=management]")
    assert management.select("table") == []
    assert "Nothing is told of any unit: " in text_of(management)
    paper_of_all = paper(browser, "/leader-mirror.pdf")
    assert "What management does, by unit" not in paper_of_all
    assert paper_of_all.index("Duties, by unit") < paper_of_all.index("Ladder")
    assert paper_of_all.count(WHY_HIDDEN) == 1
    browser.sign_in("hr")
    mirror = browser.get("/leader-mirror")
    sections = [one["aria-labelledby"] for one in mirror.select("section")]
    assert sections[:3] == ["management", "duties", "ladder"]
    assert mirror.select("section > details") == []  # one unit says what all of them do
    assert WHY_HIDDEN not in text_of(mirror.select_one("main"))
    on_paper = paper(browser, "/leader-mirror.pdf")
    parts = ("What management does, by unit", "Duties, by unit", "Ladder", "Reviews")
    assert sorted(parts, key=on_paper.index) == list(parts)
    browser.sign_in("manager", people["CEO"])
    leading = browser.get("/team-aptitude").select_one("section[aria-labelledby=leading]")
    folded = text_of(leading.select_one("details"))
    assert folded.startswith("2 others: none in the last twelve months Pat DIR")
    assert "Pat LEAD" not in folded
