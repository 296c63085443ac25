"""Texts of which only a part could be kept: refused by row, never cut, never half saved."""

import pytest
from sqlalchemy import func, select, text

from core.db import db
from core.web.access import requires
from ledger.imports import open_catalogue
from ledger.models import Batch, Classification, Course, Entry
from ledger.services.catalogue import record_catalogue
from people.models import Employee
from tests.ledger.test_views_imports import bring, look_again, record, refused
from tests.ledger.worlds import add_people, assert_rollups, classify_file, counts, take, write
from tests.prepared import prepared

WITH_ID = "employee_number,course,date,minutes,external_id"
CODED = "employee_number,course_code,course,date,minutes"


def told(refusals):
    return [(r.row, r.column, r.reason, r.remedy) for r in refusals]


def number_of(model):
    return db.session.scalar(select(func.count()).select_from(model))


def minutes():
    return db.session.scalar(select(func.sum(Entry.minutes)))


@prepared
def people(tmp_path):
    add_people(tmp_path)


def test_an_id_of_201_characters_is_refused_and_counts_nothing_at_any_import(people, tmp_path):
    rows = [f"E1,Till,2026-01-10,60,{'x' * 200}", f"E2,Till,2026-01-11,30,{'x' * 201}"]

    first = take(tmp_path, *rows, header=WITH_ID)
    again = take(tmp_path, *rows, header=WITH_ID)

    assert (counts(first), counts(again)) == ((1, 0, 0, 0, 1), (0, 1, 0, 0, 1))
    assert told(first.refusals) == [
        (
            3,
            "external_id",
            "This id has 201 characters; at most 200 can be kept.",
            "Shorten it to 200 characters, the same in every file.",
        )
    ]
    assert minutes() == 60
    assert_rollups()


def test_two_long_ids_that_begin_alike_are_not_taken_for_one(people, tmp_path):
    rows = [f"E1,Till,2026-0{n}-10,60,{'x' * 200}{n}" for n in (1, 2)]

    assert counts(take(tmp_path, *rows, header=WITH_ID)) == (0, 0, 0, 0, 2)
    assert minutes() is None


@pytest.mark.parametrize(
    ("code", "title"),
    [
        pytest.param("z" * 121, "Till", id="code"),
        pytest.param("ΐ" * 110, "Till", id="code in small letters"),
        pytest.param("", "y" * 301, id="title"),
        pytest.param("", "ẞ" * 151, id="title in small letters"),
        pytest.param("z" * 121, "", id="code alone"),
    ],
)
def test_a_course_whose_name_is_too_long_is_refused_in_every_file(people, tmp_path, code, title):
    hours = take(tmp_path, f"E1,{code},{title},2026-01-10,60", header=CODED)
    classes = classify_file(
        tmp_path, f"{code},{title},compliance", header="course_code,course,category"
    )
    lengths = write(tmp_path, f"course_code,course,duration\n{code},{title},60 min\n")
    planned = record_catalogue(open_catalogue(lengths))

    column = "course_code" if code else "course"
    sentence = (
        "The name of the course is too long.",
        "Shorten the title to 300 and the code to 120 letters.",
    )
    assert told(hours.refusals) == [(2, "course", *sentence)]
    assert told(classes.refusals) == [(2, column, *sentence)]
    assert told(planned.refusals) == [(2, column, *sentence)]
    assert (number_of(Course), number_of(Classification), number_of(Entry)) == (0, 0, 0)


def test_names_of_the_longest_length_are_taken(people, tmp_path):
    row = f"E1,{'z' * 120},{'y' * 300},2026-01-10,60"

    assert counts(take(tmp_path, row, header=CODED)) == (1, 0, 0, 0, 0)
    assert counts(take(tmp_path, row, header=CODED)) == (0, 1, 0, 0, 0)


@pytest.mark.parametrize("number", [pytest.param("9" * 121, id="long"), "ΐ" * 101])
def test_nobody_is_added_with_a_number_that_is_too_long(people, tmp_path, number):
    before = number_of(Employee)

    result = take(tmp_path, f"{number},Till,2026-01-10,1", add_people=True)

    assert told(result.refusals) == [
        (
            2,
            "employee_number",
            f"This number has {len(number)} characters; at most 120 can be kept.",
            "Nobody is added with it; mend the number.",
        )
    ]
    assert number_of(Employee) == before


def test_a_length_that_no_course_has_is_refused_in_a_catalogue(people, tmp_path):
    path = write(tmp_path, "course,duration\nTill,99999999 h\nGreeting,2000 h\n,1 h\n")

    result = record_catalogue(open_catalogue(path))

    assert told(result.refusals) == [
        (2, "duration", "More than 2 000 hours for one course.", "Check the length."),
        (4, "course", "The row names no course.", "Fill in a title or a code."),
    ]
    assert (result.courses, result.minutes, number_of(Course)) == (1, 120_000, 1)


def test_the_page_refuses_a_long_number_when_unknown_people_are_added(browser, people):
    browser.sign_in("hr")
    address = bring(
        browser,
        f"employee_number,course,date,minutes\n{'9' * 130},Till,2026-01-10,60\n"
        "E1,Till,2026-01-10,60\n",
    )

    page = look_again(browser, address, add_people="y")
    record(browser, address, add_people="y")

    assert len(refused(page)) == 1
    assert "This number has 130 characters; at most 120 can be kept." in page.text
    assert (number_of(Batch), minutes()) == (1, 60)


def test_a_catalogue_with_long_names_is_answered_by_row(browser, people):
    browser.sign_in("hr")
    address = bring(
        browser, f"course,duration\n{'y' * 350},60 min\nTill,99999999 h\nGreeting,1 h\n"
    )

    page = browser.open(f"{address}/catalogue", 200, method="POST", data={})

    assert "The name of the course is too long." in page.text
    assert number_of(Course) == 1


@pytest.mark.engines("postgresql")
def test_what_the_database_cannot_keep_is_answered_in_words(browser, people, monkeypatch):
    """The last resort, where no rule has looked at a value."""

    @requires("hours:import")
    def save_too_much():
        db.session.add(Course(key="title:a", title="a", title_key="a"))
        db.session.flush()
        db.session.execute(text("UPDATE course SET planned_minutes = 99999999999"))
        return "saved"

    monkeypatch.setitem(browser.app.view_functions, "ledger.import_start", save_too_much)
    browser.sign_in("hr")

    page = browser.open("/import", 400, method="GET", data={})

    assert "A value is too long or too large" in page.text
    assert "Nothing was saved." in page.text
    assert number_of(Course) == 0
