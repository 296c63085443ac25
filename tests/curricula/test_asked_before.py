"""What is asked before something is taken off somebody, and what is said while one builds."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from curricula.models.modules import ModuleVersion
from curricula.models.paths import AudienceRule, LearningAssignment
from curricula.queries.audiences import RuleDraft
from curricula.rules.contents import Step
from curricula.rules.headlines import question_about
from curricula.rules.modules import plan_remark
from curricula.services.assigning import add_audience_rule
from curricula.services.modules import begin_module
from people.rules.levels import Level
from tests.access.sent_learning import MODULE
from tests.curricula.classes import staff
from tests.curricula.learners import give, path, person, taught
from tests.curricula.worlds import module


def words(page) -> str:
    return " ".join(page.main.text.split())


def test_only_what_takes_something_off_is_asked_about_and_only_with_a_reason():
    assert question_about("due", "P", "Ana", "") is None
    assert question_about("end", "P", "Ana", " ") is None
    asked = question_about("end", "P", "Ana", "On leave.")
    assert asked is not None
    assert (asked.title, asked.button) == ("Take “P” off Ana?", "Take it off Ana")
    assert "with your reason: On leave." in asked.consequence


@pytest.mark.usefixtures("database")
def test_an_assignment_and_an_exemption_end_only_after_it_was_said_whose_they_are(browser):
    taught()
    held = give(person(), path("PATH-1", "HOS-01"), date(2026, 1, 1))
    where = f"/learning/curricula/{held}"
    browser.sign_in("hr")

    assert "Exempt Person 1" in words(browser.get(where))
    browser.post(where, {"action": "exempt", "reason": "Knows it."})
    asked = browser.post(where, {"action": "ask-again"}, 200)
    assert asked.h1.text == "Ask “Title of PATH-1” of Person 1 after all?"
    assert db.session.get_one(LearningAssignment, held).exempt_reason == "Knows it."
    browser.post(where, {"action": "ask-again", "sure": "y"})
    db.session.expire_all()
    assert db.session.get_one(LearningAssignment, held).exempt_reason is None

    assert "Say why" in words(browser.post(where, {"action": "end"}, 200))
    asked = browser.post(where, {"action": "end", "reason": "Moved on."}, 200)
    assert asked.h1.text == "Take “Title of PATH-1” off Person 1?"
    assert asked.find("input", attrs={"name": "reason"})["value"] == "Moved on."
    browser.post(where, {"action": "end", "reason": "Moved on.", "sure": "y"})
    db.session.expire_all()
    assert db.session.get_one(LearningAssignment, held).ended_reason == "Moved on."


@pytest.mark.usefixtures("database")
def test_a_rule_ends_only_after_it_was_said_how_many_it_concerns(browser, tmp_path):
    staff(tmp_path)
    taught()
    way = path("PATH-1", "HOS-01", levels=("senior", "frontline"))
    add_audience_rule(way, RuleDraft(level=Level.FRONTLINE), account_id=None)
    rule = db.session.scalars(select(AudienceRule)).one()
    browser.sign_in("trainer")

    page = browser.get(f"/curricula/{way}/audience")
    levels = [one.text for one in page.find("select", id="level").find_all("option")]
    assert levels == ["Any level", "Front line", "Senior", "Team lead", "Manager", "Executive"]
    asked = browser.post(f"/curricula/{way}/audience/{rule.id}/end", status=200)
    assert "15 people have “Title of PATH-1” to do because of it." in words(asked)
    db.session.expire_all()
    assert db.session.get_one(AudienceRule, rule.id).ended_at is None
    browser.submit(f"/curricula/{way}/audience/{rule.id}/end", {"sure": "y"})
    db.session.expire_all()
    assert db.session.get_one(AudienceRule, rule.id).ended_at is not None
    browser.post(f"/curricula/{way}/audience/{rule.id}/end", {"sure": "y"}, 404)


@pytest.mark.usefixtures("database")
def test_a_new_rule_begins_with_the_first_level_of_the_curriculum(browser):
    taught()
    way = path("PATH-1", "HOS-01", levels=("manager", "team_lead"))
    browser.sign_in("trainer")

    chosen = browser.get(f"/curricula/{way}/audience").find("select", id="level")

    assert chosen.find("option", selected=True).text == "Team lead"


def test_a_plan_that_does_not_fit_is_told_by_how_much():
    short = module(plan=(Step(50, "Begin", "talk", "Hello."),))
    long = module(plan=(Step(130, "Begin", "talk", "Hello."),))

    assert plan_remark(module()) == plan_remark(module(plan=())) == ""
    assert plan_remark(short).endswith("the plan is 1\u202fh\u202f10 short of it.")
    assert plan_remark(long).endswith("the plan is 10\u202fmin too long.")


@pytest.mark.usefixtures("database")
def test_saving_a_plan_that_does_not_fit_saves_it_and_says_so(browser):
    module_id = begin_module(module(), account_id=None)
    browser.sign_in("trainer")
    plan = {"plan-1-minutes": "50", "plan-1-title": "Begin", "plan-1-kind": "talk"}

    page = browser.submit(f"/modules/{module_id}/edit", {**MODULE, **plan})

    assert "Saved version 1." in page.main.text
    assert "the plan is" in words(page)
    assert "Mend that before it is published." in words(page)
    version = db.session.scalars(select(ModuleVersion)).one()
    assert (version.state.value, version.minutes) == ("draft", 60)
