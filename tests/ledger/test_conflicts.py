"""Of two who classify, move or correct the same, the later one is shown both."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import db
from core.errors import ConflictError
from ledger.models import Classification, Entry
from ledger.queries.courses import last_classification
from ledger.rules.classifying import ClassificationDraft
from ledger.services.classifying import classify_each
from ledger.services.correcting import undo_batch
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits
from tests.conflicts import both_of, other_person, told, too_late, typed, version_in
from tests.ledger.test_views_imports import bring, fields_of
from tests.ledger.worlds import (
    add_people,
    assert_rollups,
    classify,
    classify_file,
    course_id,
    standing,
    take,
)
from tests.prepared import prepared

ROWS = (
    "E1,Complaints,2026-01-10,8",
    "E1,Till,2026-01-12,2",
    "E2,Fire drill,2026-01-13,1",
)


@prepared
def world(tmp_path):
    add_people(tmp_path)
    take(tmp_path, *ROWS)
    classify("Till", ("technical", 100))


def said_of(title):
    db.session.rollback()
    of = Classification.course_id == course_id(title)
    return db.session.scalar(select(func.count()).where(of))


def entry_of(title):
    query = select(Entry.id).where(Entry.course_id == course_id(title)).order_by(Entry.id)
    return db.session.scalars(query).first()


def test_a_course_that_somebody_else_classified_is_shown_with_both(browser, world):
    browser.sign_in("hr")
    path = f"/courses/{course_id('Till')}"
    seen = version_in(browser.get(path))
    with other_person(browser, "trainer"):
        data = {"category-1": "hospitality", "why": "It is about guests", "version": seen}
        browser.post(path, data)

    mine = {
        "category-1": "technical",
        "percent-1": "60",
        "category-2": "hospitality",
        "percent-2": "40",
        "from_on": "2026-03-01",
        "why": "Both, since the new till",
        "version": seen,
    }
    page = browser.post(path, mine, 409)

    assert both_of(page) == {
        "Counts as": ("Technical 60 %, Hospitality 40 %", "Hospitality"),
        "From": ("from 1 March 2026", "from the beginning"),
        "Why": ("Both, since the new till", "It is about guests"),
    }
    assert told(page).startswith("Changed by Trainer, ")
    assert [typed(page, name) for name in mine if name != "version"] == [
        "technical",
        "60",
        "hospitality",
        "40",
        "2026-03-01",
        "Both, since the new till",
    ]
    assert said_of("Till") == 2

    browser.post(path, {**mine, "version": version_in(page)})

    assert said_of("Till") == 3
    assert_rollups()


def test_what_is_said_of_another_course_is_no_conflict(browser, world):
    browser.sign_in("hr")
    path = f"/courses/{course_id('Till')}"
    seen = version_in(browser.get(path))
    classify("Complaints", ("service_recovery", 100))

    browser.post(path, {"category-1": "hospitality", "version": seen})

    assert said_of("Till") == 2


def test_of_several_ticked_courses_those_that_changed_are_shown(browser, world, tmp_path):
    browser.sign_in("hr")
    seen = version_in(browser.get("/courses"))
    classify_file(tmp_path, "Complaints,hospitality")
    both = [str(course_id("Complaints")), str(course_id("Fire drill"))]

    data = {"course": both, "category": "compliance", "why": "New rules", "version": seen}
    page = browser.post("/courses", data, 409)

    shown = both_of(page)
    assert list(shown) == ["Complaints"]
    assert shown["Complaints"][0] == "Compliance from the beginning"
    assert shown["Complaints"][1].startswith("Hospitality from the beginning; by Command line, ")
    assert "Nothing of what you chose was recorded." in told(page)
    assert {box["value"] for box in page.select("[name=course][checked]")} == set(both)
    assert (typed(page, "category"), typed(page, "why")) == ("compliance", "New rules")
    assert (said_of("Complaints"), said_of("Fire drill")) == (1, 0)

    browser.post("/courses", {**data, "version": version_in(page)})

    assert (said_of("Complaints"), said_of("Fire drill")) == (2, 1)


def test_a_title_of_the_work_list_that_somebody_else_decided_is_shown(browser, world):
    browser.sign_in("hr")
    path = "/courses/unclassified"
    seen = version_in(browser.get(path))
    complaints, drill = course_id("Complaints"), course_id("Fire drill")
    classify("Complaints", ("hospitality", 100))

    data = {
        f"category-{complaints}": "service_recovery",
        f"category-{drill}": "compliance",
        "version": seen,
    }
    page = browser.post(path, data, 409)

    assert list(both_of(page)) == ["Complaints"]
    assert typed(page, f"category-{drill}") == "compliance"
    assert said_of("Fire drill") == 0
    again = {f"category-{drill}": "compliance", "version": version_in(page)}
    browser.post(path, again)
    assert said_of("Fire drill") == 1


def test_a_category_that_somebody_else_moved_is_shown_with_both(browser, world):
    browser.sign_in("hr")
    rows = browser.get("/courses/categories")
    link = next(a for a in rows.select("a[href*='/courses/categories/']"))
    path = link["href"]
    mine = {"side": "hard", "from_on": "2026-02-01"}
    theirs = {"side": "other", "from_on": "2026-01-01"}

    page = too_late(browser, path, mine, theirs, "trainer")

    assert both_of(page) == {
        "Counts as": ("hard", "other soft"),
        "From": ("1 February 2026", "from 1 January 2026"),
    }
    assert told(page).startswith("Changed by Trainer, ")
    assert page.select_one("[name=side][checked]")["value"] == "hard"
    browser.post(path, {**mine, "version": version_in(page)})


def test_an_entry_that_somebody_else_corrected_is_shown_with_both(browser, world):
    browser.sign_in("hr")
    first = entry_of("Till")
    path = f"/entries/{first}"
    common = {"action": "replace", "course": "Till", "done_on": "2026-01-12"}
    browser.get(path)
    with other_person(browser, "hr", employee_id=None):
        browser.post(path, {**common, "length": "3:00", "why": "The list says three"})

    mine = {**common, "length": "2:30", "why": "I was there"}
    page = browser.post(path, mine, 409)

    assert both_of(page) == {
        "Course": ("Till", "Till"),
        "Day": ("12 January 2026", "12 January 2026"),
        "Length": ("2:30", "3:00"),
        "Why": ("I was there", "The list says three"),
    }
    assert told(page).startswith("Changed by Hr, ")
    assert (typed(page, "length"), typed(page, "why")) == ("2:30", "I was there")
    assert [row[3] for row in standing() if row[1] == "Till"] == [180]

    action = page.select_one("aside form, .tm-aside form")["action"]
    assert action != path
    browser.post(action, mine)

    assert [row[3] for row in standing() if row[1] == "Till"] == [150]
    assert_rollups()


def test_an_entry_that_was_taken_back_leaves_the_text_and_no_button(browser, world):
    browser.sign_in("hr")
    path = f"/entries/{entry_of('Till')}"
    common = {"course": "Till", "done_on": "2026-01-12", "length": "2:00"}
    browser.post(path, {**common, "action": "remove", "why": "It was cancelled"})

    data = {**common, "action": "replace", "length": "2:30", "why": "I was there"}
    page = browser.post(path, data, 409)

    assert both_of(page)["Length"] == ("2:30", "nothing")
    assert "nothing is left to correct" in told(page)
    assert typed(page, "why") == "I was there"
    assert page.find("button", string="Correct the entry") is None


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_both_versions_of_a_course_are_accessible_and_fit(chromium_page, world, width, scheme):
    page = chromium_page(
        f"/courses/{course_id('Till')}",
        width=width,
        scheme=scheme,
        role="hr",
        tolerate=("409",),
    )
    classify("Till", ("hospitality", 60), ("service_recovery", 40))
    page.get_by_role("button", name="Classify the course").click()
    page.get_by_role("heading", name="Not saved: this was changed").wait_for()

    assert_accessible(page)
    assert_fits(page)


def test_two_windows_that_read_a_file_in_two_ways_are_shown_both(browser, world):
    browser.sign_in("hr")
    address = bring(browser, "employee_number,course,date,hours\nE1,Till,2026-02-10,1\n")
    one = fields_of(browser.get(address))
    other = {
        **one,
        "day_hours": "7.5",
        "allow_long": "y",
        "action": "check",
        "submission": "o" * 20,
    }
    browser.submit(address, other)

    mine = {**one, "day_hours": "8", "action": "record"}
    page = browser.post(address, mine, 409)

    assert both_of(page) == {
        "Minutes in a day of training": ("480", "450"),
        "Lines of more than 24 hours": ("no", "yes"),
    }
    assert told(page).startswith("Changed by you, in another window.")
    assert typed(page, "day_hours") == "8"
    assert len(standing()) == 3
    browser.submit(address, {**fields_of(page), "action": "record"})
    assert len(standing()) == 4


def test_taking_a_file_back_is_an_edit_of_its_courses(database, tmp_path):
    add_people(tmp_path)
    take(tmp_path, "E1,Fire,2026-02-01,1")
    said = classify_file(tmp_path, "Fire,compliance")
    seen = last_classification()
    undo_batch(said.batch_id, account_id=None)
    draft = ClassificationDraft((("service_recovery", 100),), date(1900, 1, 1))

    with pytest.raises(ConflictError) as conflict:
        classify_each({course_id("Fire"): draft}, account_id=None, seen=seen)

    assert conflict.value.version == last_classification()
    assert classify_each({course_id("Fire"): draft}, account_id=None, seen=last_classification())


def test_a_classification_file_is_looked_at_again_when_a_colleague_was_faster(browser, tmp_path):
    add_people(tmp_path)
    take(tmp_path, "E1,Fire,2026-02-01,1")
    browser.sign_in("hr")
    brought = browser.open(
        "/import/classification",
        302,
        method="POST",
        data={"file": (io.BytesIO(b"course,category\nFire,compliance\n"), "classes.csv")},
    )
    address = brought.location
    form = fields_of(browser.get(address))
    classify("Fire", ("service_recovery", 100))

    browser.post(address, form)

    page = browser.get(address)
    assert "Somebody has classified courses since you looked." in page.text
    assert fields_of(page)["promise"] != form["promise"]
