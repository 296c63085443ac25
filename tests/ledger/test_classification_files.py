"""Files that say what courses count as: seen first, recorded once, taken back as a whole."""

import io
import json
from datetime import date

import numpy as np
import pytest
from sqlalchemy import func, select

from core.clock import now
from core.db import db
from ledger.models import Batch, Classification, ClassificationShare, Course, Entry
from ledger.queries.books import load_books
from ledger.queries.catalogue import category_ids
from ledger.services.correcting import undo_batch
from people.models import Upload
from tests.browsing import fields_of
from tests.ledger.test_cli import run
from tests.ledger.test_services_classify import minutes_by_category
from tests.ledger.worlds import (
    add_people,
    assert_rollups,
    classify,
    classify_file,
    course_id,
    take,
    write,
)
from tests.prepared import prepared


def text_of(node):
    return " ".join(node.text.split())


@prepared
def hours(tmp_path):
    add_people(tmp_path)
    take(tmp_path, "E1,Till,2026-01-10,1", "E2,Greeting,2026-07-11,2")


@pytest.fixture
def hr(browser, hours):
    browser.sign_in("hr")
    return browser


def bring(browser, text, name="classes.csv"):
    """Bring a file and return the address of its page."""
    answer = browser.open(
        "/import/classification",
        302,
        method="POST",
        data={"file": (io.BytesIO(text.encode()), name)},
        content_type="multipart/form-data",
    )
    return answer.headers["Location"]


def tally(page):
    return [int(value.text) for value in page.select(".tm-tally .v")]


def changes_of(page):
    rows = page.select("section[aria-labelledby=changes] tbody tr")
    return [[text_of(cell) for cell in row.select("td, th")] for row in rows]


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_file_is_seen_before_anything_is_saved(hr):
    classify("Till", ("technical", 100))
    text = (
        "course,category,percent,from_on\nTill,technical,,\n"
        "Till,technical,60,2026-06-01\nTill,hospitality,40,2026-06-01\n"
        "Greeting,hospitality,,\nKnots,juggling,,\nGreeting,hospitality,x,\n"
    )

    page = hr.get(bring(hr, text))

    assert text_of(page.h1) == "3 rows are ready to record. 2 need a decision from you."
    assert tally(page) == [1, 1, 2, 2]
    assert changes_of(page) == [
        ["3", "Till", "Technical", "Technical 60 %, Hospitality 40 %", "1 Jun 2026"]
    ]
    refused = page.select("section[aria-labelledby=refused] tbody tr")
    assert [text_of(row.select("td")[0]) for row in refused] == ["6", "7"]
    assert count(Classification) == 1
    assert count(Course) == 2
    assert count(Batch) == 1


def test_courses_nobody_has_heard_of_are_named_before_they_are_added(hr):
    text = (
        "Kurstitel;Kategorie;Anteil;Gültig ab\n"
        "Greting;hospitality;;\nTill;technical;;\nKnots;technical;70;\nKnots;compliance;30;\n"
    )

    page = hr.get(bring(hr, text))

    rows = page.select("section[aria-labelledby=added] tbody tr")
    assert [[text_of(cell) for cell in row.select("td, th")] for row in rows] == [
        ["2", "Greting", "Hospitality"],
        ["4", "Knots", "Technical 70 %, Compliance 30 %"],
    ]
    assert tally(page) == [4, 0, 0, 0]


def test_its_refused_rows_and_changes_can_be_downloaded_first(hr):
    classify("Till", ("technical", 100))
    page = hr.get(bring(hr, "course,category\nTill,hospitality\nTour,juggling\n"))

    refused = page.find("a", string=lambda text: text and "to mend" in text)
    assert '"Tour","juggling"' in hr.open(refused["href"]).text
    changes = page.find("a", string=lambda text: text and "Download the change" in text)
    assert hr.open(changes["href"]).text.splitlines() == [
        '\ufeff"row","course_code","course","before","after","from_on"',
        '"2","","Till","Technical","Hospitality","1900-01-01"',
    ]


def test_what_was_seen_is_recorded_once_with_its_refused_rows(hr):
    address = bring(hr, "course,category\nTill,technical\nTour,juggling\nKnots,technical\n")
    sent = fields_of(hr.get(address))

    pages = [hr.submit(address, sent) for _click in range(2)]

    assert [text_of(page.h1) for page in pages] == ["2 courses are classified."] * 2
    assert tally(pages[0]) == [2, 0, 0, 1]
    assert count(Classification) == 2
    batch = db.session.scalars(select(Batch).where(Batch.kind == "classification")).one()
    assert (batch.file_name, len(batch.sha256)) == ("classes.csv", 64)
    assert db.session.scalar(select(Upload.content)) == b""
    download = pages[0].find("a", string=lambda text: text and "to mend" in text)
    assert '"Tour","juggling"' in hr.open(download["href"]).text
    assert_rollups()


def test_a_file_that_says_nothing_new_is_not_recorded(hr):
    classify("Till", ("technical", 100))
    address = bring(hr, "course,category\nTill,technical\n")
    page = hr.get(address)
    assert text_of(page.h1) == "Nothing new is in this file."
    assert page.select("main button") == []

    page = hr.submit(address, fields_of(page))

    assert "Nothing is recorded. The file says nothing new." in text_of(page)
    assert count(Batch) == 1


@pytest.mark.parametrize("text", ["", "course,category\n", "a,b\n1,2\n", "\x00\x01\x02"])
def test_a_file_that_cannot_be_read_says_why(hr, text):
    address = bring(hr, text)

    page = hr.get(address)

    assert text_of(page.h1) == "This file cannot be read as it stands."
    assert text_of(page.select_one("[role=alert] p")).endswith(".")
    assert "Nothing is recorded." in hr.submit(address).text


def test_a_file_of_somebody_else_is_not_found(hr):
    address = bring(hr, "course,category\nTill,technical\n")
    other = db.session.scalar(select(Entry.employee_id).limit(1))

    hr.sign_in("hr", employee_id=other)

    for path in (address, f"{address}/refused.csv", f"{address}/changes.csv"):
        hr.open(path, 404)


def test_taking_it_back_leaves_what_was_said_before_and_after(hours, tmp_path):
    classify("Till", ("technical", 100))
    taken = classify_file(tmp_path, "Till,hospitality", "Greeting,hospitality", "Knots,technical")
    classify("Greeting", ("compliance", 100))
    assert minutes_by_category() == {"hospitality": 60, "compliance": 120}

    undo = undo_batch(taken.batch_id, account_id=None)

    assert undo.counts == {"courses": 3}
    assert minutes_by_category() == {"technical": 60, "compliance": 120}
    assert count(Course) == 3
    assert_rollups()


def test_a_course_nobody_had_classified_waits_again(hours, tmp_path):
    taken = classify_file(tmp_path, "Till,hospitality")

    undo_batch(taken.batch_id, account_id=None)

    assert minutes_by_category() == {"": 180}
    assert_rollups()
    again = classify_file(tmp_path, "Till,hospitality")
    assert (again.new, again.same, again.classified) == (1, 0, 1)
    assert minutes_by_category() == {"hospitality": 60, "": 120}


def test_files_can_be_taken_back_in_any_order(hours, tmp_path):
    first = classify_file(tmp_path, "Till,technical")
    second = classify_file(tmp_path, "Till,hospitality")

    undo_batch(first.batch_id, account_id=None)
    assert minutes_by_category() == {"hospitality": 60, "": 120}
    undo_batch(second.batch_id, account_id=None)

    assert minutes_by_category() == {"": 180}
    assert_rollups()


def test_a_report_as_of_an_earlier_moment_counts_as_it_did(hours, tmp_path):
    taken = classify_file(tmp_path, "Till,hospitality")
    moment = now()
    till = course_id("Till")

    undo_batch(taken.batch_id, account_id=None)

    share = ((category_ids()["hospitality"], 100),)
    assert counted(till, moment) == share
    assert counted(till, None) == ()
    assert count(ClassificationShare) == 1


def counted(course, as_of):
    """Return the shares a course had on a day, as known at a moment."""
    book = load_books(as_of).classifications
    at = book.look_up(np.array([course]), np.array([date(2026, 1, 10).toordinal()]))
    return book.shares[int(at[0])]


def test_the_page_asks_before_it_takes_a_file_back(hr, tmp_path):
    taken = classify_file(tmp_path, "Till,hospitality")
    report = hr.get(f"/import/batches/{taken.batch_id}")

    ask = hr.get(report.find("a", string="Undo")["href"])
    assert text_of(ask.select_one(".tm-lede")).startswith("1 course counts again as without this")
    done = hr.submit(f"/import/batches/{taken.batch_id}/undo")

    assert text_of(done.h1) == "1 course counts as without the file."
    course = hr.get(f"/courses/{course_id('Till')}")
    assert "taken back" in text_of(course.select("main table")[-1])
    assert text_of(hr.get(f"/import/batches/{taken.batch_id}").h1) == "This was taken back."
    hr.get("/import")


def test_the_command_tells_first_and_takes_back(app, hours, tmp_path):
    path = write(tmp_path, "course,category\nTill,technical\nTour,juggling\n", "c.csv")
    rejects = tmp_path / "mend.csv"

    seen = run(app, "classify", path, "--dry-run", "--rejects", rejects)
    done = run(app, "classify", path, "--format", "json")
    undone = run(app, "undo", 2)

    assert seen.stdout.startswith("Dry run: nothing is recorded.\n2 rows: 1 course classified")
    assert "Row 3, category “juggling”: " in seen.stderr
    assert '"Tour","juggling"' in rejects.read_text(encoding="utf-8-sig")
    answer = json.loads(done.stdout)
    assert (answer["batch"], answer["classified"], answer["refused"]) == (2, 1, 1)
    assert undone.stdout == "Batch 2 is undone by batch 3: 1 course counts as without this file.\n"
    assert minutes_by_category() == {"": 180}


def test_a_file_of_refused_rows_only_records_nothing(app, hours, tmp_path):
    path = write(tmp_path, "course,category\nTour,juggling\n", "c.csv")

    result = run(app, "classify", path)

    assert result.exit_code == 1
    assert result.stdout.startswith("Nothing is recorded.\n")
    assert count(Batch) == 1
