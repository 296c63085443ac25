"""What a curriculum needs first and does not hold: told to those who build, assign and learn."""

from datetime import date

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from curricula.models.paths import LearningAssignment
from curricula.queries.curricula import curriculum_page
from curricula.queries.outside import OutsideModule
from curricula.rules.learning import Done, Given, Known, Outside, Step, outside, progress
from curricula.services.enrolling import enrol_people
from curricula.services.modules import copy_module, publish_module
from tests.curricula.classes import NOW, numbers, published, scheduled, staff
from tests.curricula.learners import complete, path
from tests.curricula.test_needs import day_before
from tests.prepared import prepared

CODES = {1: "A", 2: "B", 3: "C", 4: "D", 9: "B-COPY"}


def step(module_id: int, *needs: int) -> Step:
    code = CODES[module_id]
    return Step(module_id, code, f"Title of {code}", 60, True, False, None, needs)


def test_what_is_needed_and_not_held_is_named_with_what_needs_it_a_copy_is_enough():
    steps = [step(9), step(3, 2, 1), step(4, 1)]

    assert outside(steps, [4, 2], {9: 2}) == [Outside(1, ("C", "D"))]
    assert outside(steps, [1], {}) == [Outside(1, ("C", "D")), Outside(2, ("C",))]
    assert outside([step(3)], [1], {}) == [Outside(1)]


def test_somebody_has_to_do_first_only_what_is_missing_and_still_needed():
    on = date(2026, 1, 1)
    steps, given = [step(3, 1), step(4, 2)], Given(on, False)
    done = Done(on, 365)

    assert progress(steps, {}, given, Known(CODES)).outside == (
        Outside(1, ("C",)), Outside(2, ("D",)),
    )  # fmt: skip
    assert progress(steps, {3: done}, given, Known(CODES)).outside == (Outside(2, ("D",)),)
    assert progress(steps, {1: done, 2: done}, given, Known(CODES)).outside == ()
    over = progress([step(3)], {3: done}, Given(on, False, beforehand=(1,)), Known(CODES))
    assert over.outside == ()


@pytest.mark.parametrize(
    ("people", "lacking", "groups_only", "words"),
    [
        (300, 240, True, "240 of 300 people have not completed it."),
        (300, 298, True, "Some may not have completed it; how many is not told of fewer than five"),
        (300, 2, True, "Some may not have completed it"),
        (300, 300, True, "None of the 300 people it is for has completed it."),
        (300, 2, False, "2 of 300 people have not completed it."),
        (300, 1, False, "1 of 300 people has not completed it."),
        (300, 0, True, "Everybody it is for has completed it."),
        (0, 0, True, "Nobody is asked for it yet."),
    ],
)
def test_how_many_lack_it_is_told_but_not_of_few(people, lacking, groups_only, words):
    one = OutsideModule(1, "A", "Title", (), people, lacking, groups_only)

    assert one.lacking_words.startswith(words)


@pytest.fixture
def ids(tmp_path):
    with at(NOW):
        yield staff(tmp_path)


@prepared
def way(ids) -> int:
    """For fifteen people, six of whom completed HOS-01 or a copy of it."""
    first = published("HOS-01")
    copy = copy_module(first, 1, code="HOS-01-COPY", title="Ours", account_id=None)
    publish_module(copy, account_id=None)
    published("HOS-02", prerequisites=("HOS-01",))
    for who in numbers(ids, 1, 2, 3, 4):
        complete(who, first, on=date(2026, 1, 1))
    for who in numbers(ids, 5, 6):
        complete(who, copy, on=date(2026, 1, 1))
    return path("WAY", "HOS-02", prerequisites=("HOS-01",))


@pytest.mark.usefixtures("database")
def test_who_builds_or_assigns_it_is_told_before_how_many_lack_what(browser, ids, way):
    [one] = curriculum_page(way, NOW.date(), drafts=True).outside
    assert (one.code, one.needed_for, one.people, one.lacking) == ("HOS-01", ("HOS-02",), 15, 9)
    assert curriculum_page(way, NOW.date(), drafts=False).outside == ()

    browser.sign_in("trainer")
    for where in (f"/curricula/{way}", f"/curricula/{way}/audience"):
        sent = {"level": "frontline", "unit_id": "", "action": "preview"}
        page = browser.post(where, sent, 200) if "audience" in where else browser.get(where)
        words = " ".join(page.main.text.split())
        assert "Needed first, not part of it HOS-01 Title of HOS-01 Needed for HOS-02." in words
        assert "9 of 15 people have not completed it." in words


@pytest.mark.usefixtures("database")
def test_a_manager_is_told_once_and_then_assigns_it(browser, ids, way):
    browser.sign_in("manager", ids["M1"])
    lacks, has = ids["P07"], ids["P01"]

    page = browser.post(f"/team-learning/people/{lacks}", {"curriculum_id": str(way)}, 200)
    assert "HOS-01 Title of HOS-01, needed for HOS-02" in page.main.text
    assert db.session.scalars(select(LearningAssignment)).all() == []
    sent = {"curriculum_id": str(way), "told": "y"}
    assert "Assigned." in browser.submit(f"/team-learning/people/{lacks}", sent).main.text
    sent = {"curriculum_id": str(way)}
    assert "Assigned." in browser.submit(f"/team-learning/people/{has}", sent).main.text


@pytest.mark.usefixtures("database")
def test_the_learner_sees_it_as_the_first_step_with_the_way_to_it_and_then_the_seat(
    browser, ids, way
):
    browser.sign_in("hr")
    who = ids["P07"]
    browser.submit(f"/team-learning/people/{who}", {"curriculum_id": str(way), "told": "y"})
    given = db.session.scalars(select(LearningAssignment.id)).one()
    browser.sign_in("employee", who)
    told = "First: Title of HOS-01, needed for HOS-02, not part of this curriculum."

    assert told in " ".join(browser.get("/learning").main.text.split())
    page = browser.get(f"/learning/curricula/{given}")
    steps = [" ".join(one.text.split()) for one in page.main.select("ul.tm-list li, ol.tm-list li")]
    assert steps[0].startswith(
        "Title of HOS-01 First HOS-01 Needed for HOS-02, not part of this curriculum."
    )
    assert page.find("a", string="Find a day, or ask for one")["href"].endswith("/want")
    assert "Opens after HOS-01." in steps[1]

    first, then = scheduled(1), scheduled(3, **day_before(-1))
    enrol_people(first, [who], account_id=None)
    enrol_people(then, [who], account_id=None)
    page = browser.get(f"/learning/curricula/{given}")
    steps = [" ".join(one.text.split()) for one in page.main.select("ul.tm-list li, ol.tm-list li")]
    assert "Seat on Thursday 19 November 2026, 10:00 to 12:00, " in steps[0]
    assert "Seat on Friday 20 November 2026, 10:00 to 12:00, " in steps[1]
    assert "Opens after" not in steps[1]
