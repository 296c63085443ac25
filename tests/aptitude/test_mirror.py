"""The leader mirror and the team: who stands where, in figures of groups, and what is owed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from aptitude.exports.mirror import mirror_tables
from aptitude.models.assessments import AptitudeStanding
from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.queries.duty_pages import duty_page
from aptitude.queries.frameworks import get_framework
from aptitude.queries.mirror import SoftHours, leader_mirror
from aptitude.queries.team import Evidence, TeamPage, team_page
from aptitude.rules.duties import PlanDraft
from aptitude.rules.group_figures import Rung, Rungs, score_words
from aptitude.rules.mirror import Reflection
from aptitude.rules.mirror_words import headline, levels_words
from aptitude.rules.sources import Source
from aptitude.rules.words import DutyEnd, DutyStep
from aptitude.services.duties import note_observed, plan_duty
from aptitude.services.sight import set_levels_down
from aptitude.services.standings import hand_duties_over, renew_one
from core.clock import at
from core.db import db, take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from people.models import Assignment, Employee
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level, RoleName
from people.services.importing import import_people
from planner.rules.suppression import HIDDEN_WORDS, WHY_HIDDEN
from tests.aptitude.worlds import CODES, company, rate, round_of, viewer
from tests.ledger.worlds import classify, take, write

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
BOSS = Viewer(None, "Boss", None, frozenset({RoleName.EXECUTIVE}), manages=False)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def stands(employee_id: int, overall: float | None, error: float = 0.1) -> None:
    known = {code: {"score": overall, "error": error, "raters": 3, "own": None} for code in CODES}
    db.session.add(
        AptitudeStanding(
            employee_id=employee_id,
            framework_id=get_framework().id,
            level=Level.FRONTLINE,
            assessed_on=date(2026, 3, 1),
            overall=overall,
            overall_error=error if overall else None,
            raters=3 if overall else 0,
            dimensions=7,
            profile=known if overall else {},
            changed_at=TODAY,
        )
    )
    db.session.commit()


def test_one_inverted_team_raises_one_flag_and_not_assessed_is_no_zero(people):
    for place in range(1, 7):
        stands(people[f"E{place}"], 3.0 + place / 10)
    stands(people["LEAD"], 2.0)
    stands(people["DIR"], None)  # somebody looked, too little is known

    page = leader_mirror(OPERATOR, 2026, TODAY.date())

    [flagged] = page.teams.flagged
    assert (flagged.name, flagged.team) == ("Pat LEAD", 6)
    assert flagged.mirrored.reflection is Reflection.BELOW
    assert flagged.mirrored.team is not None
    assert flagged.mirrored.team.value == pytest.approx(3.35)
    assert [one.name for one in page.teams.unknown] == ["Pat CEO", "Pat DIR", "Pat OTHER"]
    assert {one.mirrored.reflection for one in page.teams.unknown} == {Reflection.NOT_ASSESSED}
    [everybody] = page.rungs.rungs  # one executive alone would be known by name
    assert everybody.label == "Executive, manager, team lead and front line"
    assert (everybody.people, everybody.assessed) == (11, 7)
    assert everybody.mean == pytest.approx((3.35 * 6 + 2.0) / 7)

    seen_by_boss = leader_mirror(BOSS, 2026, TODAY.date())
    assert (seen_by_boss.teams.flagged, seen_by_boss.teams.unknown) == ((), ())
    assert seen_by_boss.teams.leaders is None  # four lead
    assert seen_by_boss.rungs.total is not None
    assert seen_by_boss.rungs.total.mean == 3.0  # of seven people, in steps
    with pytest.raises(NotFoundError):
        leader_mirror(OPERATOR, 2019, TODAY.date())


@pytest.mark.engines("sqlite")
def test_pages_and_files_say_the_same_and_name_leaders_to_hr_alone(people, browser):
    for place in range(1, 7):
        stands(people[f"E{place}"], 3.0 + place / 10)
    stands(people["LEAD"], 2.0)
    browser.sign_in("hr")
    page = browser.get("/leader-mirror?year=2026")
    assert "1 leader stands below their team" in page.select_one("h1").text.replace("\xa0", " ")
    assert "Pat LEAD" in page.select_one("main").text
    browser.sign_in("executive")
    assert "Pat " not in browser.get("/leader-mirror?year=2026").select_one("main").text
    answer = browser.open("/leader-mirror.csv?year=2026")
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == (
        '"level","people","assessed","within_a_year","aptitude","half_interval","soft_minutes"'
    )
    assert lines[-1].startswith('"Everybody","11","7","7","3.00","0.50"')
    reviews = browser.open("/leader-mirror/reviews.csv?year=2026").text
    assert '"Level","Everybody","11","0","0.000000"' in reviews
    book = load_workbook(BytesIO(browser.open("/leader-mirror.xlsx?year=2026").data))
    ladder = list(book["Ladder"].iter_rows(values_only=True))
    assert ladder[0][-2:] == ("Soft minutes", "Soft hours")
    assert ladder[-1] == ("Everybody", 11, 7, 7, 3.0, 0.5, 0, 0)
    shown = [one.number_format for one in book["Ladder"][book["Ladder"].max_row]]
    assert shown[4:] == ["0.00", "0.00", "#,##0", "#,##0.00"]
    pages = PdfReader(BytesIO(browser.open("/leader-mirror.pdf?year=2026").data)).pages
    paper = " ".join(" ".join(one.extract_text() for one in pages).split())
    assert "Everybody 11 7 7 3.0 0.5 " in paper
    assert paper.count("Everybody 11 0 0.0") == 2  # by level and by gender
    assert "Fewer than five lead others, or fewer than five besides those you see by name:" in paper
    browser.sign_in("manager", people["LEAD"])
    team = browser.get("/team-aptitude").select_one("main").text
    assert "Everybody is assessed, and you owe nobody anything." in team


@pytest.mark.engines("sqlite")
def test_the_mirror_of_a_manager_is_about_their_own_people(people, browser):
    browser.sign_in("manager", people["LEAD"])
    own = " ".join(browser.get("/leader-mirror?year=2026").select_one("main").text.split())
    assert "You are in the denominator." in own
    assert "executive" not in own
    assert "Team lead and front line You are in" in own


def test_what_a_mirror_shows_is_rounded_in_one_way(people):
    rung = Rung("Managers", (Level.MANAGER,), 9, 9, 9, 3.98, 0.09, "")
    assert (rung.mean_words, rung.half_words) == ("4.0", "0.1")
    assert [score_words(one, is_half=True) for one in (0.3, 0.31, 0.001)] == ["0.3", "0.4", "0.1"]
    ladder = Rungs((rung, replace(rung, label="Front line")), None)
    assert levels_words(ladder) == "Managers to front line"
    assert levels_words(replace(ladder, rungs=(rung,))) == "Managers"


def test_managers_mirror_their_own_tree_without_who_leads_them(people):
    for place in range(1, 7):
        stands(people[f"E{place}"], 3.0 + place / 10)
    stands(people["CEO"], 1.0)
    lead = viewer(people["LEAD"], manages=True)
    page = leader_mirror(lead, 2026, TODAY.date())

    assert page.rungs.total is not None
    assert (page.rungs.total.people, page.rungs.total.assessed) == (7, 6)
    assert page.teams.leaders is None
    alone = leader_mirror(viewer(people["OTHER"], manages=True), 2026, TODAY.date())
    assert (alone.rungs.total, alone.by_level.total) == (None, None)


def test_no_leader_follows_by_taking_away_those_who_are_seen_by_name(people, tmp_path):
    rows = [
        *(f"A{n},Pat A{n},Keeper,DIR,House / Service,team_lead" for n in (1, 2, 3)),
        *(f"B{n},Pat B{n},Keeper,A{n},House / Service,senior" for n in (1, 2, 3)),
        "C1,Pat C1,Keeper,B1,House / Service,frontline",
        "D1,Pat D1,Keeper,C1,House / Service,frontline",
    ]
    header = "employee_number,name,job_title,manager_number,unit,level"
    path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
    assert import_people(path, file_name="more.csv", account_id=None).refused == 0
    for place in range(1, 7):
        stands(people[f"E{place}"], 3.0 + place / 10)
    stands(people["LEAD"], 2.0)
    above = viewer(people["DIR"], manages=True)

    page = leader_mirror(above, 2026, TODAY.date())  # C1 leads three levels down
    assert (page.teams.leaders, page.teams.below, page.teams.not_assessed) == (None, None, 0)
    assert "below" not in headline(page.rungs, page.teams.leaders, page.teams.below)

    set_levels_down(3)
    page = leader_mirror(above, 2026, TODAY.date())  # one of them alone could be compared
    assert (page.teams.compared, page.teams.below) == (1, None)
    assert page.teams.leaders == page.teams.not_assessed + 1
    named = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert (named.teams.below, [one.name for one in named.teams.flagged]) == (1, ["Pat LEAD"])


def test_what_a_unit_owes_one_person_stands_with_what_others_owe(people, tmp_path):
    """Seven work in the shop and one of them leads one: what is owed there is one person's."""
    rows = [f"S{n},Pat S{n},Keeper,CEO,House / Shop,senior" for n in range(1, 6)]
    rows += ["T1,Pat T1,Keeper,DIR,House / Far,team_lead", "X1,Pat X1,Keeper,T1,House / Far,"]
    rows += ["T2,Pat T2,Keeper,DIR,House / Far,team_lead"]
    rows += [f"F{n},Pat F{n},Keeper,S1,House / Far,frontline" for n in range(1, 5)]
    header = "employee_number,name,job_title,manager_number,unit,level"
    path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
    assert import_people(path, file_name="more.csv", account_id=None).refused == 0
    ids = dict(db.session.execute(select(Employee.number, Employee.id)).all())

    def owed_by_units(who: Viewer) -> list[tuple[str, int, int]]:
        debts = leader_mirror(who, 2026, TODAY.date()).debts
        lines = [*debts.units, *([debts.total] if debts.total else [])]
        return [(one.label, one.people, one.open) for one in lines]

    for subject, leads in (("O1", "OTHER"), ("X1", "T1")):  # three levels below the CEO
        rate(ids[subject], ids[leads], Source.MANAGER, 1.5)
        rate(ids[subject], ids["E1"], Source.OBSERVER, 1.5)
    lines = [("House / Shop", 5, 7), ("Other units together", 5, 7), ("All units", 23, 14)]
    for looks in (BOSS, OPERATOR):
        assert owed_by_units(looks) == lines
    # The CEO sees all by name but X1 and E1 to E6, so that those stand together.
    above = viewer(ids["CEO"], manages=True)
    assert owed_by_units(above) == [("Other units together", 16, 14), ("All units", 23, 14)]


def test_minutes_of_people_without_a_level_stand_with_the_front_line(people, tmp_path):
    header = "employee_number,name,job_title,manager_number,unit,level"
    rows = [f"N{n},Pat N{n},Keeper,LEAD,House / Service," for n in range(1, 7)]
    path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
    assert import_people(path, file_name="more.csv", account_id=None).refused == 0
    held = [f"{who}{n},Welcome,2026-02-0{n},1" for who in "EN" for n in range(1, 7)]
    assert take(tmp_path, *held).refused == 0
    classify("Welcome", ("hospitality", 100))

    for looks in (OPERATOR, BOSS):
        soft = leader_mirror(looks, 2026, TODAY.date()).soft
        assert [one.minutes for one in soft.values()] == [720]  # six of them have no level


def test_hidden_soft_hours_are_called_so_and_hide_those_of_everybody(people):
    page = leader_mirror(BOSS, 2026, TODAY.date())
    [label] = page.soft
    hidden = replace(page, soft={label: SoftHours(None, None)})

    assert (page.hides_of_levels, page.soft_of_all) == (False, SoftHours(0, 0.0))
    assert (hidden.hides_of_levels, hidden.soft_of_all) == (True, SoftHours(None, None))
    assert [row[-1] for row in mirror_tables(hidden)[0].rows] == [HIDDEN_WORDS, HIDDEN_WORDS]
    assert WHY_HIDDEN in mirror_tables(hidden)[0].notes


def team_of(who: str, people) -> TeamPage:
    return team_page(viewer(people[who], manages=True), get_framework(), TODAY.date())


def test_assessed_means_one_thing_everywhere_on_my_team(people, browser):
    """Two raters besides the person, on five dimensions of seven: else a name says what lacks."""
    four = [3.5] * 4 + [None] * 3
    for place in range(1, 6):
        rate(people[f"E{place}"], people["LEAD"], Source.MANAGER, 3.0)
        rate(people[f"E{place}"], people["DIR"], Source.MANAGER, 4.0 if place < 5 else four)
    rate(people["E6"], people["E6"], Source.SELF, 5.0)
    team = team_of("LEAD", people)

    assert {state.value: [one.name for one in team.with_evidence(state)] for state in Evidence} == {
        "Not assessed: no rater yet": ["Pat E6"],
        "Not assessed: one rater only": [],
        "Not assessed: too few dimensions": ["Pat E5"],
        "Evidence older than a year": [],
        "Assessed within a year": ["Pat E1", "Pat E2", "Pat E3", "Pat E4"],
    }
    # Four are assessed, so no mean is shown, though a fifth was seen by two on four dimensions.
    assert {(line.assessed, line.mean) for line in team.lines} == {(4, None)}
    assert team.not_assessed == 2
    browser.sign_in("manager", people["LEAD"])
    page = browser.get("/team-aptitude")
    assert page.h1.get_text(" ", strip=True).replace("\u202f", " ") == (
        "2 people are not assessed yet."
    )
    for code, score in (("DIR", 3.5), ("CEO", 4.0)):
        rate(people["E5"], people[code], Source.MANAGER, score)
    assert {(line.assessed, line.mean) for line in team_of("LEAD", people).lines} == {(5, 3.5)}


def test_old_evidence_and_too_few_raters_are_two_questions(people):
    """Seen by one alone 13 months ago: that is too few, and it is old."""
    for place in range(1, 4):
        rate(people[f"E{place}"], people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 2, 2))
    rate(people["E1"], people["DIR"], Source.MANAGER, 3.5, on=date(2026, 2, 2))
    rate(people["E4"], people["LEAD"], Source.MANAGER, 3.0, on=date(2027, 2, 2))
    later = datetime(2027, 3, 1, 9, tzinfo=UTC)
    with at(later):
        team = team_page(viewer(people["LEAD"], manages=True), get_framework(), later.date())
        assert {one: [m.name for m in team.with_evidence(one)] for one in Evidence} == {
            Evidence.NONE: ["Pat E5", "Pat E6"],
            Evidence.ONE: ["Pat E2", "Pat E3", "Pat E4"],
            Evidence.FEW: [],
            Evidence.OLD: ["Pat E1", "Pat E2", "Pat E3"],
            Evidence.THERE: [],
        }
    assert {one.name: one.assessed_on for one in team.with_evidence(Evidence.OLD)} == dict.fromkeys(
        ["Pat E1", "Pat E2", "Pat E3"], date(2026, 2, 2)
    )


def test_one_rater_makes_nobody_assessed(people, browser):
    for place in range(1, 7):
        rate(people[f"E{place}"], people["LEAD"], Source.MANAGER, 3.5)
    browser.sign_in("manager", people["LEAD"])
    team = browser.get("/team-aptitude").select_one("main").get_text(" ", strip=True)

    assert "6 people are not assessed yet." in team.replace("\u202f", " ").replace("\xa0", " ")
    assert "Not assessed: one rater only Pat E1 2 Mar 2026" in team
    assert [line for line in team_of("LEAD", people).lines if line.assessed or line.mean] == []
    few = "Fewer than five people of the team are assessed on any dimension so far"
    assert few in team
    assert "no rater yet" not in team
    browser.sign_in("manager", people["OTHER"])
    page = browser.get("/team-aptitude")
    small = "takes five people, so that it says nothing about one of them; the team has 1."
    assert small in " ".join(page.get_text(" ").split())
    assert not page.select("main table")
    browser.sign_in("manager", people["LEAD"])
    total = leader_mirror(OPERATOR, 2026, TODAY.date()).rungs.total
    assert total is not None
    assert total.assessed == 0


def test_reviews_are_of_managers_in_the_year_and_a_promotion_counts_at_once(people, tmp_path):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 4.0)
    rate(people["E2"], people["E2"], Source.SELF, 4.0)
    rate(people["CEO"], people["DIR"], Source.REPORT, 4.0)
    rate(people["E3"], people["DIR"], Source.MANAGER, 4.0)  # two levels above, not their own
    page = leader_mirror(OPERATOR, 2026, TODAY.date())

    assert page.by_level.total is not None
    assert (page.by_level.total.people, page.by_level.total.reviewed) == (11, 1)
    assert [(one.label, one.reviewed) for one in page.by_gender.groups] == [("Not recorded", 1)]
    last_year = leader_mirror(OPERATOR, 2025, TODAY.date())
    assert last_year.by_level.total is not None
    assert (last_year.by_level.total.people, last_year.by_level.total.reviewed) == (11, 0)

    move = write(tmp_path, "employee_number,manager_number\nE1,OTHER\nE3,DIR\n", "move.csv")
    moved_on = date(2026, 3, 9)
    assert (
        import_people(move, file_name="move.csv", account_id=None, effective_on=moved_on).refused
        == 0
    )  # whoever leads them now did not on the day
    moved = leader_mirror(OPERATOR, 2026, TODAY.date()).by_level.total
    assert moved is not None
    assert moved.reviewed == 1
    rate(people["E3"], people["DIR"], Source.MANAGER, 4.0, on=date(2026, 3, 10))
    later = leader_mirror(OPERATOR, 2026, TODAY.date()).by_level.total
    assert later is not None
    assert later.reviewed == 2

    at_once = update(Assignment).where(
        Assignment.employee_id.in_([people[f"E{place}"] for place in range(1, 5)])
    )
    with transaction() as session:
        take_turn(session)
        session.execute(at_once.values(level=Level.EXECUTIVE))
    page = leader_mirror(OPERATOR, 2026, TODAY.date())
    assert [(one.label, one.people) for one in page.rungs.rungs] == [
        ("Executive", 5),
        ("Manager, team lead and front line", 6),
    ]


def low(people, value: float = 1.5, on: date = date(2026, 3, 2)) -> None:
    """What four peers and the manager say of E1, on the day after, when it may be shown."""
    said = {"LEAD": value, "E2": value, "E3": value + 0.5, "E4": value, "E5": value}
    round_of(people, "E1", said, on)
    with at(datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(days=1)):
        renew_one(people["E1"])


def owed(employee_id: int) -> list[Duty]:
    db.session.expire_all()
    found = (
        select(Duty).where(Duty.subject_id == employee_id).order_by(Duty.dimension_code, Duty.id)
    )
    return list(db.session.scalars(found))


def test_every_dimension_below_target_is_owed_by_the_manager_until_it_is_surely_better(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 1.5)
    assert owed(people["E1"]) == []  # one who rates alone proves nothing

    low(people)
    duties = owed(people["E1"])
    assert [one.dimension_code for one in duties] == list(CODES)
    first = duties[0]
    assert (first.owner_id, first.due_on - first.opened_on) == (
        people["LEAD"],
        timedelta(days=90),
    )
    assert first.closed_on is None

    team = team_page(viewer(people["LEAD"], manages=True), get_framework(), TODAY.date())
    assert (len(team.mine), team.others) == (7, ())
    assert [one.name for one in team.with_evidence(Evidence.THERE)] == ["Pat E1"]
    assert [one.name for one in team.with_evidence(Evidence.NONE)] == [
        f"Pat E{place}" for place in range(2, 7)
    ]
    assert {line.mean for line in team.lines} == {None}
    above = team_page(viewer(people["DIR"], manages=True), get_framework(), TODAY.date())
    assert (above.mine, len(above.others)) == ((), 7)

    with at(TODAY + timedelta(days=100)):
        later = (TODAY + timedelta(days=100)).date()
        late = team_page(viewer(people["LEAD"], manages=True), get_framework(), later)
        assert {one.days_late for one in late.mine} == {(later - first.due_on).days}
        debts = leader_mirror(OPERATOR, 2026, later).debts
        assert debts.total is not None
        assert [(one.label, one.open, one.overdue) for one in debts.units] == [
            ("House / Service / Desk", 7, 7)
        ]
    low(people, value=4.0, on=date(2026, 7, 1))
    assert {one.ending for one in owed(people["E1"])} == {DutyEnd.IMPROVED}


def test_a_duty_is_planned_observed_and_follows_the_manager(people):
    low(people)
    duty = owed(people["E1"])[0]
    lead, on = viewer(people["LEAD"], manages=True), TODAY.date()
    seen = duty_page(duty.id, lead, on).last_event
    plan_duty(duty.id, PlanDraft(on + timedelta(days=30), "DIR"), lead, seen=seen)
    page = duty_page(duty.id, lead, on)
    assert (page.coach, page.due_on) == ("Pat DIR", on + timedelta(days=30))
    with pytest.raises(ConflictError):
        plan_duty(duty.id, PlanDraft(on, ""), lead, seen=seen)
    for draft, words in (
        (PlanDraft(on + timedelta(days=400), ""), "Choose a day"),
        (PlanDraft(on, "NOBODY"), "Nobody here is called “NOBODY”"),
        (PlanDraft(on, "E1"), "Nobody coaches themself"),
    ):
        with pytest.raises(RefusedError, match=words):
            plan_duty(duty.id, draft, lead)
    for nobody in (viewer(people["E1"]), viewer(people["OTHER"], manages=True)):
        with pytest.raises(NotFoundError):
            plan_duty(duty.id, PlanDraft(on, ""), nobody)
        with pytest.raises(NotFoundError):
            duty_page(duty.id, nobody, on)

    assert note_observed(duty.id, "Greeted a guest by name.", lead) == people["E1"]
    renew_one(people["E1"])
    assert owed(people["E1"])[0].closed_on is None  # no module was done
    db.session.execute(
        update(Assignment)
        .where(Assignment.employee_id == people["E1"])
        .values(manager_id=people["DIR"])
    )
    db.session.commit()
    with transaction() as session:
        hand_duties_over(session)
    handed = owed(people["E1"])[0]
    assert handed.owner_id == people["DIR"]
    steps = db.session.scalars(
        select(DutyEvent.step).where(DutyEvent.duty_id == duty.id).order_by(DutyEvent.id)
    ).all()
    assert steps == [
        DutyStep.OPENED,
        DutyStep.PLANNED,
        DutyStep.OBSERVED,
        DutyStep.HANDED_OVER,
    ]
    assert db.session.scalars(select(DutyModule.duty_id)).all() == []
