import csv
import io

import pytest
from sqlalchemy import select

from core.db import db
from ledger.models import Batch, Entry
from ledger.rules.corrections import CorrectionDraft
from ledger.services.correcting import correct_entry, undo_batch
from people.models import Account
from tests.accounts import add_account
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits
from tests.ledger.worlds import add_people, assert_rollups, standing, take
from tests.prepared import prepared

ROWS = (
    "E1,Till,2026-01-10,1:30,A1",
    "E2,Till,2026-01-11,2,A2",
    "E9,Till,2026-01-12,1,A3",
    "E8,=Till,2026-01-12,1,A4",
    "E1,Till,soon,1,A5",
)
HEADER = "employee_number,course,date,hours,external_id"


@prepared
def world(tmp_path):
    add_people(tmp_path)
    take(tmp_path, *ROWS, header=HEADER)


@pytest.fixture
def hr(browser, world):
    browser.sign_in("hr")
    return browser


def text_of(node):
    return " ".join(node.text.split())


def first_entry():
    return db.session.scalars(select(Entry).order_by(Entry.id)).first()


def correct(**changes):
    entry = first_entry()
    draft = {"course_id": entry.course_id, "done_on": entry.done_on, "minutes": 60, "why": "typo"}
    return correct_entry(entry.id, CorrectionDraft(**(draft | changes)), account_id=None)


def test_a_report_says_what_was_recorded_and_how_it_was_read(hr):
    page = hr.get("/import/batches/1")

    assert text_of(page.h1) == "2 rows are recorded."
    assert text_of(page.select_one(".tm-lede")) == (
        "3 rows stayed out; mend them and bring them as a file."
    )
    assert text_of(page.select_one(".tm-eyebrow")).startswith("Import · Import 1 · hours.csv")
    assert "by Command line" in text_of(page.select_one(".tm-eyebrow"))
    assert [text_of(v) for v in page.select(".tm-tally .v")] == ["2", "0", "0", "0", "3"]
    assert "2 + 0 + 0 + 0 + 3 = 5, the rows of the file." in text_of(page)
    read = [text_of(row) for row in page.select("section[aria-labelledby=read] tbody tr")]
    assert read[0] == "employee_number Employee number"
    assert "one person at one training (learner-hours)." in text_of(page)


def test_a_report_leads_to_its_entries(hr):
    link = hr.get("/import/batches/1").find("a", string="See its entries")["href"]

    assert text_of(hr.get(link).h1) == "2 entries make 3 h 30."


def test_refused_rows_stand_one_of_each_reason_and_can_be_downloaded(hr):
    page = hr.get("/import/batches/1")
    everything = hr.get("/import/batches/1?refused=all")

    def rows(of):
        return [text_of(tr.td) for tr in of.select("section[aria-labelledby=refused] tbody tr")]

    assert rows(page) == ["4", "6"]
    assert "2 rows like this." in text_of(page)
    assert rows(everything) == ["4", "5", "6"]
    answer = hr.open("/import/batches/1/refused.csv")
    header, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header == ["refused_row", "refused_because", "what_to_do", *HEADER.split(",")]
    assert [line[0] for line in lines] == ["4", "5", "6"]
    assert lines[1][4] == "'=Till"


def test_an_undo_is_asked_with_its_figures_and_leaves_reversals(hr):
    page = hr.get("/import/batches/1/undo")
    assert text_of(page.h1) == "Take back what import 1 recorded?"
    assert text_of(page.select_one(".tm-lede")).startswith(
        "2 entries with 210 minutes are taken back by reversals. Nothing is deleted"
    )
    assert text_of(page.select_one("main button")) == "Take back 2 entries"

    done = hr.submit("/import/batches/1/undo")

    assert text_of(done.h1) == "2 entries are taken back."
    assert text_of(done.select_one(".tm-flash")) == (
        "Undone. 2 entries are taken back by reversals; nothing is deleted."
    )
    assert standing() == []
    assert text_of(hr.get("/import/batches/1").h1) == "This was taken back."
    assert_rollups()


def test_an_undo_says_what_stands_again(hr, tmp_path):
    take(tmp_path, "E1,Till,2026-01-10,3,A1", header=HEADER)

    page = hr.get("/import/batches/2/undo")

    assert text_of(page.select_one(".tm-lede")).startswith(
        "1 entry with 180 minutes is taken back by a reversal. "
        "1 entry it had replaced stands again."
    )
    hr.submit("/import/batches/2/undo")
    assert {row[3] for row in standing()} == {90, 120}


def test_what_was_undone_cannot_be_undone_again(hr):
    undo_batch(1, account_id=None)

    again = hr.post("/import/batches/1/undo", status=200)
    itself = hr.post("/import/batches/2/undo", status=200)

    assert "This import was undone before." in text_of(again.select_one("[role=alert]"))
    assert "This is itself an undoing" in text_of(itself.select_one("[role=alert]"))
    assert again.select_one("main form button") is None


def test_corrections_and_later_files_are_told_in_words(hr, tmp_path):
    correct()
    take(tmp_path, "E2,Till,2026-01-11,3,A2", header=HEADER)

    page = hr.get("/import/batches/1")

    since = [text_of(li) for li in page.select("section[aria-labelledby=later] li")]
    assert [line.partition(" 22")[0].split(" ")[0] for line in since] == ["Import", "Correction"]
    assert since[0].endswith(
        "Replaced entries that the file hours.csv has changed, by Command line."
    )
    assert since[1].endswith("typo, by Command line.")
    refusal = hr.post("/import/batches/1/undo", status=200).select_one("[role=alert]")
    assert "were corrected since; undo those corrections first." in text_of(refusal)


def test_why_hr_corrected_a_trainer_s_file_is_told_by_hr(hr, browser):
    correct()
    browser.sign_in("trainer")
    trainer = db.session.scalars(select(Account.id).where(Account.email.like("trainer%"))).one()
    db.session.get_one(Batch, 1).account_id = trainer
    db.session.commit()

    since = browser.get("/import/batches/1").select_one("section[aria-labelledby=later]")

    assert "typo" not in since.text
    assert since.find("a") is None
    assert "Changed entries of this file; HR can say why, by Command line." in text_of(since)


def test_a_correction_has_its_own_report_and_can_be_undone(hr):
    correct()

    page = hr.get("/import/batches/2")

    assert text_of(page.h1) == "One entry is corrected."
    assert text_of(page.select_one(".tm-lede")) == "typo"
    hr.submit("/import/batches/2/undo")
    assert {row[3] for row in standing()} == {90, 120}
    assert_rollups()


def test_a_trainer_sees_and_undoes_their_own_imports_only(browser, world, tmp_path):
    browser.sign_in("trainer")

    for path in ("", "/undo", "/refused.csv"):
        browser.get(f"/import/batches/1{path}", 404)
    browser.post("/import/batches/1/undo", status=404)
    assert browser.get("/import").select("tbody tr") == []
    assert len(standing()) == 2


def test_a_trainer_sees_who_undid_their_import(browser, world):
    browser.sign_in("trainer")
    content = "employee_number,course,date,hours\nE3,Till,2026-01-10,1\n"
    address = browser.open(
        "/import",
        302,
        method="POST",
        data={"file": (io.BytesIO(content.encode()), "mine.csv")},
        content_type="multipart/form-data",
    ).headers["Location"]
    page = browser.get(address)
    seen = page.select_one("input[name=seen]")["value"]
    mapping = {
        select["name"]: select.select_one("option[selected]")["value"]
        for select in page.select("select[name^=column-]")
    }
    browser.submit(address, mapping | {"seen": seen, "basis": "learner", "action": "record"})
    hr = db.session.scalars(select(Account).where(Account.name == "Hr")).first()
    undo_batch(2, account_id=(hr or add_account("hr", None)).id)

    page = browser.get(browser.get("/import/batches/2").select_one(".tm-lede a")["href"])

    assert "by Hr" in text_of(page.select_one(".tm-eyebrow"))


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize("number", [0, 999, 2**31 - 1, 2**31, 10**30])
def test_an_unknown_batch_is_not_found(hr, number):
    for path in ("", "/undo", "/refused.csv"):
        hr.get(f"/import/batches/{number}{path}", 404)


def test_reports_are_not_for_those_who_do_not_import(browser, world):
    for role in ("executive", "admin"):
        browser.sign_in(role)
        for path in ("", "/undo", "/refused.csv"):
            browser.get(f"/import/batches/1{path}", 404)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_reports_are_accessible_and_fit(chromium_page, world, width, scheme):
    correct()
    for path in ("/import/batches/1", "/import/batches/1/undo", "/import/batches/2"):
        page = chromium_page(path, width=width, scheme=scheme, role="hr")
        assert_accessible(page)
        assert_fits(page)
