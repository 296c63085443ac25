"""A kept people file becomes one batch, whoever presses the button how often."""

import pytest
from sqlalchemy import func, select

from core.db import db
from people.models import PeopleBatch, Profile, Upload
from people.queries.employees import find_employee
from people.services import importing
from tests.accounts import sign_in
from tests.browsing import fields_of
from tests.people.files import bring
from tests.people.test_pages import record, tally, upload
from tests.together import at_once

STAFF = "employee_number,name,email,unit\n1,Ana,ana@example.org,Sales\n2,Ben,,Sales\n"


def text_of(node):
    return " ".join(node.text.split())


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def changes_of(page):
    rows = page.select("section[aria-labelledby=changes] tbody tr")
    return [[text_of(cell) for cell in row.select("td, th")] for row in rows]


def test_two_who_record_at_the_same_time_get_one_batch(browser, app):
    browser.sign_in("hr")
    address = upload(browser, STAFF)
    sent = fields_of(browser.get(address)) | {"action": "record"}
    answers = []

    def press():
        client = app.test_client()
        with app.app_context():
            sign_in(client, "hr")
            answers.append(client.post(address, data=sent).headers["Location"])
            db.session.remove()

    at_once(press)

    assert count(PeopleBatch) == 1
    batch_id = db.session.scalar(select(PeopleBatch.id))
    assert answers == [f"/import/people/batches/{batch_id}"] * 2


def test_a_crash_while_it_is_recorded_leaves_nothing_and_the_file_waits(browser, monkeypatch):
    browser.sign_in("hr")
    address = upload(browser, STAFF)
    sent = fields_of(browser.get(address)) | {"action": "record"}

    def crash(*_args):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(importing, "keep_profile", crash)
        browser.open(address, 500, method="POST", data=sent)

    assert [count(PeopleBatch), count(Profile)] == [0, 0]
    assert db.session.scalar(select(Upload.batch_id)) is None
    assert text_of(browser.submit(address, sent).h1) == "2 people added, 0 changed."


def test_what_was_not_looked_at_is_not_recorded(browser):
    browser.sign_in("hr")
    address = upload(browser, "number,a,b\n1,Ana,Sales\n")
    looked_at = fields_of(browser.get(address)) | {"column-a": "name"}

    page = browser.submit(address, looked_at | {"action": "record"})

    assert "Look again before it is recorded." in page.text
    assert count(PeopleBatch) == 0
    assert text_of(record(browser, address).h1) == "1 person added, 0 changed."


def test_the_next_file_of_the_same_layout_is_read_as_the_last_one(browser):
    browser.sign_in("hr")
    address = upload(browser, "no.,who,begun\n1,Ana,03/04/2025\n")
    chosen = {"column-no.": "employee_number", "column-who": "name", "column-begun": "hired_on"}
    browser.submit(address, {"action": "check", "date_order": "day_first", **chosen})
    record(browser, address)

    page = browser.get(upload(browser, "No.,WHO,begun\n2,Ben,05/06/2025\n", "next.csv"))

    assert tally(page) == [1, 0, 0, 0]
    assert "The columns are read as last time." in page.text
    page = record(browser, f"/import/people/{db.session.scalar(select(func.max(Upload.id)))}")
    assert find_employee("2").hired_on.isoformat() == "2025-06-05"
    profile = db.session.scalars(select(Profile)).one()
    assert (profile.kind, profile.name) == ("people", "people")


def test_a_preview_says_what_changes_before_and_after(browser):
    browser.sign_in("hr")
    record(browser, upload(browser, STAFF))
    again = "employee_number,name,email,unit\n1,Ana Lee,,Sales / Shop 4\n2,Ben,,Sales\n"

    page = browser.get(upload(browser, again))

    today = changes_of(page)[2][-1]
    assert changes_of(page) == [
        ["2", "Ana 1", "Name", "Ana", "Ana Lee", "at once"],
        ["E-mail", "ana@example.org", "nothing", "at once"],
        ["Unit", "Sales", "Sales / Shop 4", today],
    ]
    caption = page.select_one("section[aria-labelledby=changes] caption")
    assert text_of(caption) == "Name 1, E-mail 1, Unit 1."
    link = page.find("a", string=lambda text: text and "Download" in text and "change" in text)
    lines = browser.open(link["href"]).text.splitlines()
    assert lines[0] == '\ufeff"row","employee_number","name","field","before","after","from_on"'
    assert lines[1] == '"2","1","Ana","Name","Ana","Ana Lee",""'
    assert len(lines) == 4
    assert find_employee("1").name == "Ana"


def test_a_hundred_people_are_shown_and_all_can_be_downloaded(browser):
    browser.sign_in("hr")
    lines = [f"{number},Person {number}" for number in range(120)]
    record(browser, upload(browser, "\n".join(["employee_number,name", *lines])))
    again = [f"{number},Person {number} B" for number in range(120)]

    page = browser.get(upload(browser, "\n".join(["employee_number,name", *again])))

    assert len(changes_of(page)) == 100
    caption = page.select_one("section[aria-labelledby=changes] caption")
    assert text_of(caption) == "Name 120. The first 100 of 120 people."
    link = page.find("a", string=lambda text: text and "120 changes" in text)
    assert len(browser.open(link["href"]).text.splitlines()) == 121


def test_rows_that_would_be_refused_can_be_downloaded_before_anything_is_recorded(browser):
    browser.sign_in("hr")

    page = browser.get(upload(browser, "employee_number,name,level\n1,Ana,\n2,Ben,wizard\n"))

    link = page.find("a", string=lambda text: text and "to mend" in " ".join(text.split()))
    assert browser.open(link["href"]).text.splitlines()[1].endswith('"2","Ben","wizard"')


def test_a_file_of_refused_rows_only_records_nothing(browser):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name,level\n1,Ana,wizard\n")

    page = record(browser, address)

    assert "Nothing is recorded: every row is refused." in page.text
    assert count(PeopleBatch) == 0


@pytest.mark.parametrize("path", ["refused.csv", "changes.csv"])
def test_files_about_somebody_elses_upload_are_not_found(browser, tmp_path, path):
    bring(tmp_path, STAFF)
    browser.sign_in("hr")
    address = upload(browser, STAFF)

    browser.sign_in("hr", employee_id=find_employee("1").id)

    browser.open(f"{address}/{path}", 404)


@pytest.mark.parametrize(
    "line",
    [
        "Total,,,",
        "Summe:,,,",
        "Gesamt,412,,",
        "Grand total: 412,,,",
        ",Total 412,,",
    ],
)
def test_a_totals_line_is_no_employee(browser, line):
    browser.sign_in("hr")

    page = browser.get(upload(browser, STAFF + line + "\n"))

    assert tally(page) == [2, 0, 0, 1]
    cells = page.select("section[aria-labelledby=refused] tbody td")
    assert [text_of(cell) for cell in cells[3:]] == [
        "This looks like a totals line.",
        "Leave it out; people are counted here.",
    ]


def test_somebody_called_sum_is_an_employee(browser):
    browser.sign_in("hr")
    text = "last_name,first_name,employee_number\nSum,Li,17\nTotal,Ada,18\n"

    assert tally(browser.get(upload(browser, text))) == [2, 0, 0, 0]
