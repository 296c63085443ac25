"""One file that names a course by its code and by its title: one course, one saying, once."""

import pytest
from sqlalchemy import func, select

from core.db import db
from ledger.models import Classification, Course
from tests.ledger.test_services_classify import minutes_by_category
from tests.ledger.worlds import add_people, assert_rollups, classify_file, take
from tests.prepared import prepared

CODED = "course_code,course,category"
SHARED = "course_code,course,category,percent"


@prepared
def hours(tmp_path):
    add_people(tmp_path)
    take(
        tmp_path,
        "E1,F1,Fire,2025-02-01,60",
        header="employee_number,course_code,course,date,minutes",
    )


def outcome(result):
    return result.new, result.same, result.changed, result.refused, result.new_courses


def number_of(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_lines_by_code_and_by_title_that_contradict_are_refused(hours, tmp_path):
    rows = ("F1,Fire,compliance", ",Fire,service_recovery")

    results = [classify_file(tmp_path, *rows, header=CODED) for _ in range(3)]

    assert [outcome(result) for result in results] == [(0, 0, 0, 2, 0)] * 3
    sentence = "Rows 2 and 3 mean the same course from the same day and contradict each other."
    assert [(r.row, r.column, r.value, r.reason) for r in results[0].refusals] == [
        (2, "category", "compliance", sentence),
        (3, "category", "service_recovery", sentence),
    ]
    assert number_of(Classification) == 0


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("F1,Fire,compliance,100", ",Fire,compliance,100"), id="the same twice"),
        pytest.param((",Fire,compliance,100", "F1,Fire,compliance,100"), id="title first"),
    ],
)
def test_lines_that_say_the_same_are_one_saying(hours, tmp_path, rows):
    first = classify_file(tmp_path, *rows, header=SHARED)
    again = classify_file(tmp_path, *rows, header=SHARED)

    assert (outcome(first), outcome(again)) == ((2, 0, 0, 0, 0), (0, 2, 0, 0, 0))
    assert again.batch_id is None
    assert minutes_by_category() == {"compliance": 60}
    assert (number_of(Classification), number_of(Course)) == (1, 1)
    assert_rollups()


def test_shares_may_come_by_code_and_by_title(hours, tmp_path):
    rows = ("F1,Fire,compliance,50", ",Fire,service_recovery,50")

    first = classify_file(tmp_path, *rows, header=SHARED)
    again = classify_file(tmp_path, *rows, header=SHARED)

    assert (outcome(first), outcome(again)) == ((2, 0, 0, 0, 0), (0, 2, 0, 0, 0))
    assert minutes_by_category() == {"compliance": 30, "service_recovery": 30}


@pytest.mark.parametrize(
    ("rows", "new_courses"),
    [
        pytest.param(("N1,Wine,technical", ",Wine,technical"), 1, id="one course"),
        pytest.param((",Wine,technical", "N1,Wine,technical"), 1, id="one course, title first"),
        pytest.param(("N1,Wine,technical", "N2,Wine,technical", ",Wine,compliance"), 3, id="three"),
        pytest.param(("N1,Fire,technical", ",Fire,compliance"), 2, id="a title of two"),
    ],
)
def test_new_courses_are_the_same_courses_at_the_next_import(hours, tmp_path, rows, new_courses):
    first = classify_file(tmp_path, *rows, header=CODED)
    again = classify_file(tmp_path, *rows, header=CODED)

    assert outcome(first) == (len(rows), 0, 0, 0, new_courses)
    assert outcome(again) == (0, len(rows), 0, 0, 0)
