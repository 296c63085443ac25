"""Where people of the demo stand: every page of aptitude has something to show from the start."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from aptitude.models.assessments import (
    AptitudeStanding,
    Assessment,
    AssessmentComment,
    AssessmentRequest,
    Rating,
)
from aptitude.models.duties import Duty, DutyEvent
from aptitude.models.scenarios import ScenarioSitting
from aptitude.queries.agreement import agreement_page
from aptitude.queries.examples import examples_of, seen_lately
from aptitude.queries.frameworks import get_framework
from aptitude.queries.mirror import leader_mirror
from aptitude.queries.panels import panel_lines, panel_page
from aptitude.queries.workshops import workshop_lines, workshop_page
from aptitude.rules.own_words import headline
from aptitude.rules.sources import RATERS, Source
from aptitude.rules.words import DutyEnd, DutyStep, RequestState
from aptitude.rules.workshops import summary_words
from core.db import db
from demo.rules import sayings, story
from people.models import Account, Employee
from people.rules.access import OPERATOR
from tests.browsing import Browser

TODAY = date(2026, 10, 15)


def count(asked):
    return db.session.scalar(select(func.count()).select_from(asked.subquery()))


def test_people_were_asked_in_several_rounds_by_every_source(demo):
    occasions = db.session.execute(
        select(AssessmentRequest.occasion, AssessmentRequest.due_on).distinct()
    ).all()
    sources = set(db.session.scalars(select(Assessment.source).distinct()))

    assert sorted(on for what, on in occasions if what != "Visits") == [
        date(2025, 6, 2), date(2026, 1, 3), date(2026, 7, 29), date(2026, 8, 24),
        date(2026, 9, 7), date(2026, 10, 23),
    ]  # fmt: skip
    assert sorted(on for what, on in occasions if what == "Visits") == [
        date(2025, 12, 19), date(2026, 3, 14), date(2026, 5, 28), date(2026, 8, 15),
        date(2026, 9, 21), date(2026, 10, 6),
    ]  # fmt: skip
    assert sources == set(Source)
    assert 3000 < count(select(Assessment.id)) < 5000
    assert 330 < count(select(AptitudeStanding.employee_id)) < 400
    assert 100 < count(select(AssessmentRequest.id).where(
        AssessmentRequest.state == RequestState.OPEN)) < 300  # fmt: skip
    assert count(select(ScenarioSitting.id)) == 14
    late = select(Assessment.id).where(Assessment.assessed_on > TODAY)
    bare = select(Rating.assessment_id).where(Rating.tenths.in_((10, 50)), Rating.example.is_(None))
    assert (count(late), count(bare)) == (0, count(bare.where(Rating.source == Source.SCENARIO)))


def test_hr_reads_at_once_how_far_raters_agree(demo):
    assert headline(agreement_page(get_framework()).found) == (
        "Two raters of the same person agree moderately: differences below 1.2 are noise."
    )


def test_judges_have_read_the_anchors_of_the_front_line(demo):
    (line,) = workshop_lines()
    page = workshop_page(line.id)

    assert (line.title, line.judges, line.finished) == ("Front line, first reading", 8, 8)
    assert summary_words(page.found) == "29 of 35 anchors hold; 6 want other words."
    assert 0.7 < page.kappa < 0.9
    assert len(page.to_revise) == 6


def test_experts_agreed_on_a_key_and_one_answer_is_weak(demo):
    (line,) = panel_lines()

    page = panel_page(line.id)
    assert (line.title, line.experts, line.finished) == ("Service recovery", 5, 5)
    assert line.has_keys
    assert page.whole.icc.value > 0.9
    words = [item.found.words for item in page.items]
    assert words[:5] == ["Every answer can be kept."] * 5
    assert words[5].startswith("Kept without 1 of ")


def test_one_team_is_inverted_some_leaders_are_not_assessed_and_leaders_stand_lower(demo):
    page = leader_mirror(OPERATOR, 2026, TODAY)

    assert len(page.teams.flagged) == 1
    assert page.teams.flagged[0].unit == "Contact centre / Voice south"
    assert 1 <= len(page.teams.unknown) <= 10
    assert page.rungs.total.people == 400
    means = {one.label: one.mean for one in page.rungs.rungs}
    assert means["Executive"] < means["Team lead"] < means["Front line"]
    others = select(func.avg(Rating.tenths)).join(Assessment, Assessment.id == Rating.assessment_id)
    own = db.session.scalar(
        others.where(Assessment.level == "executive", Rating.source == Source.SELF)
    )
    seen = db.session.scalar(others.where(Assessment.level == "executive",
                                          Rating.source.in_(RATERS)))  # fmt: skip
    assert own > seen + 7  # tenths of a level


def test_duties_are_open_overdue_met_coached_and_seen_at_work(demo):
    open_ones = select(Duty.id).where(Duty.closed_on.is_(None))

    assert 100 < count(open_ones) < 300
    assert 5 <= count(open_ones.where(Duty.due_on < TODAY)) <= 40
    assert count(open_ones.where(Duty.coach_id.is_not(None))) == 107
    assert count(open_ones.where(Duty.coach_id == Duty.subject_id)) == 0
    assert count(select(Duty.id).where(Duty.ending == DutyEnd.IMPROVED)) >= 5
    assert count(select(DutyEvent.id).where(DutyEvent.step == DutyStep.OBSERVED)) >= 1
    answered = db.session.scalars(
        select(AssessmentComment.answer).order_by(AssessmentComment.id)
    ).all()
    assert [bool(one) for one in answered] == [True, False]


def test_a_demo_left_open_for_two_weeks_is_not_all_overdue(demo):
    open_ones = select(Duty.id).where(Duty.closed_on.is_(None))
    later = TODAY + timedelta(days=14)
    mine = select(Employee.id).join(Account, Account.employee_id == Employee.id)
    manager = mine.where(Account.demo_role == "manager")

    assert count(open_ones.where(Duty.due_on > later)) > count(open_ones) * 0.6
    days = db.session.execute(
        select(func.count()).where(Duty.closed_on.is_(None)).group_by(Duty.due_on)
    ).scalars()
    assert max(days) < count(open_ones) / 3
    owed = open_ones.where(Duty.owner_id.in_(manager))
    assert (count(owed), count(owed.where(Duty.due_on < TODAY))) == (7, 1)
    assert count(owed.where(Duty.due_on > later)) >= 4
    assert count(owed.where(Duty.coach_id.is_not(None))) == 4


def test_a_third_of_the_leaders_was_seen_leading_by_example(demo):
    ids = db.session.scalars(select(Employee.id)).all()
    found = examples_of(ids, None, TODAY)
    seen = [one for one in found.values() if one.examples]
    quoted = examples_of(ids, None, TODAY, quotes=True)
    texts = [one.text for leading in quoted.values() for one in leading.examples]

    assert len(found) == 121
    assert len(seen) == 40
    assert {one.months for one in seen} == {1, 2, 3}
    assert len(seen_lately(TODAY, ())) == 12
    assert len(texts) == 133
    assert len(set(texts)) == 21
    for role in ("manager", "executive"):
        who = db.session.scalar(select(Account.employee_id).where(Account.demo_role == role))
        assert found[who].examples


def test_some_were_promoted_with_their_history_and_some_have_two_peers_only(demo):
    levels = (
        select(Assessment.subject_id)
        .group_by(Assessment.subject_id)
        .having(func.count(Assessment.level.distinct()) > 1)
    )
    two_peers = (
        select(Assessment.subject_id)
        .where(Assessment.source == Source.PEER, Assessment.assessed_on > date(2026, 7, 1))
        .group_by(Assessment.subject_id)
        .having(func.count(Assessment.id) == 2)
    )

    assert count(levels) >= 1
    assert count(two_peers) >= 5


@pytest.mark.parametrize(
    ("role", "title", "asked"),
    [
        ("learner", "front line targets", "wait"),
        ("manager", "manager targets", "wait"),
        ("executive", "executive targets", "Where do you stand yourself?"),
        ("chief", "executive targets", "wait"),
        ("hr", "senior targets", "wait"),
        ("trainer", "senior targets", "wait"),
    ],
)
def test_my_aptitude_is_first_in_the_menu_of_who_leads_and_shows_everybody_their_own(
    demo_app, demo, role, title, asked
):
    browser = Browser(demo_app)
    browser.sign_in(role)
    page = browser.get("/aptitude")
    menu = [one["href"] for one in page.select("header nav a")]
    name = db.session.scalar(select(Account.name).where(Account.demo_role == role))

    begins = {"learner": "/learning", "hr": "/balance", "trainer": "/week"}.get(role)
    assert next(one for one in menu if one != begins) == "/aptitude"
    assert browser.open("/", 302).headers["Location"] == menu[0] == (begins or "/aptitude")
    assert page.select_one("main .tm-eyebrow").text.strip().startswith(f"{name},")
    assert title in page.select_one("h1").text
    assert len(page.select("section[aria-labelledby=dims] tbody tr")) == 7
    assert len(page.select("section[aria-labelledby=hist] tbody tr")) >= 2
    assert asked in browser.get("/aptitude/asked").select_one("h1").text


def test_the_manager_has_a_team_that_owes_and_lacks_something(demo_app, demo):
    browser = Browser(demo_app)
    browser.sign_in("manager")
    page = browser.get("/team-aptitude")

    assert "overdue" in page.select_one("h1").text
    assert len(page.select("section[aria-labelledby=mine] li")) >= 3
    assert len(page.select("section[aria-labelledby=none] li")) >= 1
    assert len(page.select("section[aria-labelledby=old] li")) >= 1


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29)])
def test_rounds_are_told_on_any_day(today):
    steps = story.tell(today).steps
    held = [one for one in steps if isinstance(one, sayings.RoundHeld)]
    loaded = next(one for one in steps if isinstance(one, sayings.FrameworkLoaded))

    assert len(held) == 12
    assert all(loaded.at < one.at and one.sayings for one in held)
    assert any(one.look is None for one in held[-1].sayings)
    visits = [one for one in held if one.occasion == "Visits"]
    assert len(visits) == 6
    assert {bool(look.noted) for one in visits for look in (s.look for s in one.sayings)} == {True}
