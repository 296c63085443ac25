import csv
import io
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select

from core.db import db
from ledger.models import Batch, Course, Entry
from ledger.services import importing
from people.models import Employee, Profile, Upload
from tests.accounts import sign_in
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits, fields_of
from tests.ledger.worlds import add_people, assert_rollups, course_id, standing, take
from tests.prepared import prepared
from tests.together import at_once

HEADER = "employee_number,course,date,hours"
GOOD = f"{HEADER}\nE1,Till,2026-01-10,1:30\nE2,Till,2026-01-11,2\n"
MIXED = (
    f"{HEADER}\nE1,Till,2026-01-10,1:30\nE9,Till,2026-01-11,2\nE2,Till,2026-01-12,25\n"
    "E8,Till,2026-01-13,2\nE2,,2026-01-14,1\n"
)


@prepared
def people(tmp_path):
    add_people(tmp_path)


@pytest.fixture
def hr(browser, people):
    browser.sign_in("hr")
    return browser


def text_of(node):
    """Return the text of a node; narrow spaces read as spaces."""
    return " ".join(node.text.split())


def bring(browser, content, name="hours.csv"):
    """Bring a file and return the address of its page."""
    data = content if isinstance(content, bytes) else content.encode()
    answer = browser.open(
        "/import",
        302,
        method="POST",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    return answer.headers["Location"]


def look_again(browser, address, **changes):
    """Change how the file is read and return the page that says what it does now."""
    return browser.submit(address, fields_of(browser.get(address)) | changes | {"action": "check"})


def record(browser, address, **changes):
    """Press the button that records, and return the page one is led to."""
    return browser.submit(address, fields_of(browser.get(address)) | changes | {"action": "record"})


def tally(page):
    names = [dt.text.lower() for dt in page.select(".tm-tally dt")]
    counts = [int("".join(v.text.split())) for v in page.select(".tm-tally .v")]
    return dict(zip(names, counts, strict=True))


def refused(page):
    section = page.select_one("section[aria-labelledby=refused]")
    return [[text_of(td) for td in row.select("td")] for row in section.select("tbody tr")]


def reasons(page):
    return {text_of(th): text_of(td[-1]) for th, td in rows_of_columns(page)}


def rows_of_columns(page):
    rows = page.select("section[aria-labelledby=map] tbody tr")
    return [(row.select_one("th"), row.select("td")) for row in rows]


def in_the_ledger():
    """Return how many rows every table that an import writes has."""
    tables = (Entry, Batch, Course, Profile)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


# The way of a good file


def test_a_file_is_checked_and_then_recorded(hr):
    address = bring(hr, GOOD)

    page = hr.get(address)
    assert text_of(page.h1) == "2 rows are ready to record."
    assert tally(page) == {"new": 2, "same": 0, "changed": 0, "ignored": 0, "refused": 0}
    assert "2 + 0 + 0 + 0 + 0 = 2, the rows of the file." in text_of(page)
    assert page.select_one("button[value=record]").text == "Record 2 rows"
    assert standing() == []

    done = record(hr, address)
    assert text_of(done.h1) == "2 rows are recorded."
    assert [row[0] for row in standing()] == ["E1", "E2"]
    assert hr.open(address, 302).headers["Location"].startswith("/import/batches/")
    assert_rollups()


def test_what_is_kept_of_a_file_goes_when_it_is_recorded(hr):
    record(hr, bring(hr, GOOD))

    assert db.session.scalars(select(Upload.content)).all() == [b""]


def test_the_columns_say_how_they_are_read_and_why(hr):
    page = hr.get(
        bring(
            hr, "Emp ID,Training Title,Completed,Duration,Cost Ctr\nE1,Till,2026-01-10,90 min,C7\n"
        )
    )

    assert reasons(page) == {
        "Emp ID": "“Emp ID” is a known name for it",
        "Training Title": "“Training Title” is a known name for it",
        "Completed": "“Completed” is a known name for it",
        "Duration": "it has this name",
        "Cost Ctr": "no field asks for it",
    }
    examples = [text_of(td[0]) for _, td in rows_of_columns(page)]
    assert examples == ["E1", "Till", "2026-01-10", "90 min", "C7"]


def test_a_column_whose_name_says_nothing_is_explained_once_and_remembered(hr):
    address = bring(hr, "who,course,date,hours\nE1,Till,2026-01-10,1\n")
    assert "contact-hours" in text_of(hr.get(address))

    page = look_again(hr, address, **{"column-who": "employee_number", "basis": "learner"})
    assert text_of(page.h1) == "1 row is ready to record."
    assert reasons(page)["who"] == "chosen by a person"
    record(hr, address)

    again = hr.get(bring(hr, "who,course,date,hours\nE2,Till,2026-01-10,1\n", "next.csv"))
    assert "read as last time" in text_of(again)
    assert tally(again)["new"] == 1


def test_what_was_not_looked_at_is_not_recorded(hr):
    address = bring(hr, MIXED)

    page = record(hr, address, allow_long="y")

    assert "Look again before it is recorded." in text_of(page)
    assert tally(page) == {"new": 2, "same": 0, "changed": 0, "ignored": 0, "refused": 3}
    assert standing() == []
    assert text_of(record(hr, address).h1) == "2 rows are recorded."


def test_the_same_file_again_says_so_and_offers_nothing_to_record(hr):
    record(hr, bring(hr, GOOD))

    page = hr.get(bring(hr, GOOD))

    assert text_of(page.h1) == "Nothing new is in this file."
    assert "This very file was recorded before, as import 1." in text_of(page)
    assert tally(page)["same"] == 2
    assert page.select_one("button[value=record]") is None


def test_several_sheets_can_be_chosen_from(hr):
    book = openpyxl.Workbook()
    book.active.title = "January"
    for sheet, person in ((book.active, "E1"), (book.create_sheet("February"), "E2")):
        sheet.append(HEADER.split(","))
        sheet.append([person, "Till", "2026-01-10", "1"])
    book.create_sheet("Notes").append(["nothing"])
    held = io.BytesIO()
    book.save(held)
    address = bring(hr, held.getvalue(), "book.xlsx")

    assert "sheet “January”" in text_of(hr.get(address))
    assert "sheet “February”" in text_of(look_again(hr, address, sheet="February"))
    stuck = look_again(hr, address, sheet="Notes")
    assert text_of(stuck.h1) == "This file cannot be read as it stands."
    page = hr.submit(address, {"action": "begin again"})
    assert "sheet “January”" in text_of(page)
    record(hr, address)
    assert [row[0] for row in standing()] == ["E1"]


# What needs a decision


def test_refused_rows_are_shown_one_of_each_reason_and_all_when_asked(hr):
    address = bring(hr, MIXED)

    page = hr.get(address)
    assert text_of(page.h1) == "1 row is ready to record. 4 need a decision from you."
    assert refused(page) == [
        [
            "3",
            "employee_number",
            "E9",
            "Nobody has this number. 2 rows like this.",
            "Add the person first, or mend the number.",
        ],
        [
            "4",
            "hours",
            "25",
            "More than 24 hours on one line.",
            "Mend the length, or confirm long lines.",
        ],
        ["6", "course", "(empty)", "The row names no course.", "Fill in a title or a code."],
    ]
    everything = hr.get(f"{address}?refused=all")
    assert [row[0] for row in refused(everything)] == ["3", "4", "5", "6"]


def test_refused_rows_are_mended_and_brought_again(hr):
    address = bring(hr, MIXED)
    answer = hr.open(f"{address}/refused.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["refused_row", "refused_because", "what_to_do", *HEADER.split(",")]
    assert rows[1][3:] == ["E9", "Till", "2026-01-11", "2"]
    record(hr, address)

    mended = answer.data.decode().replace("E9", "E1").replace('"25"', '"2:30"')
    page = hr.get(bring(hr, mended, "mended.csv"))

    assert tally(page) == {"new": 2, "same": 0, "changed": 0, "ignored": 0, "refused": 2}


def test_days_that_could_mean_two_things_are_asked(hr):
    address = bring(hr, f"{HEADER}\nE1,Till,03/04/2025,1\nE1,Till,05/06/2025,2\n")

    page = hr.get(address)
    assert text_of(page.h1) == "The days in this file could mean two things."
    assert "can be read day first or month first; choose which." in text_of(page)
    assert [text_of(one) for one in page.select("button[name=date_order]")] == [
        "Day first: 03/04/2025 is 3 April",
        "Month first: 03/04/2025 is 4 March",
    ]

    page = look_again(hr, address, date_order="day_first")
    assert text_of(page.h1) == "2 rows are ready to record."
    record(hr, address)
    assert [str(row[2]) for row in standing()] == ["2025-04-03", "2025-06-05"]


def test_statuses_nobody_knows_are_decided_and_remembered(hr):
    content = f"{HEADER},status\nE1,Till,2026-01-10,1,Sat in\nE2,Till,2026-01-10,1,Heard of it\n"
    address = bring(hr, content)
    assert tally(hr.get(address))["refused"] == 2

    page = look_again(hr, address, **{"status-Sat in": "yes", "status-Heard of it": "no"})
    assert tally(page) == {"new": 1, "same": 0, "changed": 0, "ignored": 1, "refused": 0}
    assert "Heard of it (1)" in text_of(page)
    record(hr, address)

    again = hr.get(bring(hr, content.replace("-10", "-20"), "next.csv"))
    assert tally(again)["new"] == 1
    assert tally(again)["ignored"] == 1


def test_long_lines_future_days_and_unknown_people_are_confirmed(hr):
    address = bring(
        hr, f"{HEADER}\nE1,Till,2026-01-10,25\nE1,Till,2099-01-10,1\nE77,Till,2026-01-10,1\n"
    )
    assert tally(hr.get(address))["refused"] == 3

    page = look_again(hr, address, allow_long="y", allow_future="y", add_people="y")
    assert tally(page)["new"] == 3
    record(hr, address)

    assert db.session.scalars(select(Employee.number).where(Employee.number == "E77")).all()
    kept = db.session.scalars(select(Profile.choices)).one()
    assert [kept[name] for name in ("allow_long", "allow_future", "add_people")] == [False] * 3


def test_a_day_has_the_length_somebody_says(hr):
    address = bring(hr, "employee_number,course,date,days\nE1,Till,2026-01-10,1\n")
    assert "8 h added" in text_of(hr.get(address))

    assert "7 h 30 added" in text_of(look_again(hr, address, day_hours="7.5"))
    record(hr, address)
    assert [row[3] for row in standing()] == [450]


@pytest.mark.parametrize("hours", ["0", "25", "-1", "NaN", "Infinity", "soon", "1e400"])
def test_a_day_of_no_such_length_is_refused_beside_its_field(hr, hours):
    address = bring(hr, GOOD)

    page = hr.post(address, fields_of(hr.get(address)) | {"day_hours": hours}, status=200)

    assert text_of(page.select_one("#day_hours-error"))
    assert standing() == []


def test_two_columns_cannot_hold_the_same(hr):
    address = bring(hr, "employee_number,course,date,hours,other\nE1,Till,2026-01-10,1,2\n")

    page = look_again(hr, address, **{"column-other": "hours"})

    assert text_of(page.h1) == "Say what the columns of this file mean."
    assert "“hours” and “other” are both chosen as length in hours." in text_of(page)
    page = look_again(hr, address, **{"column-hours": ""})
    assert text_of(page.h1) == "1 row is ready to record."


def test_sessions_without_names_are_contact_hours(hr):
    address = bring(hr, "course,date,hours\nTill,2026-01-10,2\n")

    page = hr.get(address)
    assert "No column names a person, so each line is read as one session" in text_of(page)
    record(hr, address)

    assert db.session.scalars(select(Entry.basis)).all() == ["contact"]


def test_a_list_of_courses_is_recognised_and_kept_as_the_catalogue(hr):
    address = bring(hr, "title,duration\nTill,1:30\nPhone,soon\n", "catalogue.csv")

    page = hr.get(address)
    assert text_of(page.h1) == "This is a list of courses, not of training that took place."
    page = hr.post(page.select_one("button[formaction]")["formaction"], status=200)

    assert text_of(page.h1) == "1 course is in the catalogue, 1 of them new."
    assert len(refused(page)) == 1
    assert course_id("Till")
    assert standing() == []


@pytest.mark.parametrize(
    ("content", "label", "target"),
    [
        ("title,side,category\nTill,hard,technical\n", "classification", "/import/classification"),
        ("employee_number,name,manager_number,unit\nE1,Ada,,Desk\n", "people", "/import/people/"),
    ],
)
def test_a_file_brought_to_the_wrong_door_is_shown_the_right_one(hr, content, label, target):
    page = hr.get(bring(hr, content))

    link = page.find("a", string=lambda text: text and f"Bring it as the {label}" in text)
    assert link["href"] == target
    hr.get(target)


# Bad input


def zipped(name, content):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(name, content)
    return held.getvalue()


WHOLE_FILES = [
    pytest.param(b"", "The file is empty.", id="empty"),
    pytest.param(b"   \n\n", "The file is empty.", id="blank"),
    pytest.param(f"{HEADER}\n".encode(), "The file has a header and no rows", id="header only"),
    pytest.param(b"a,b\n1,2\n", "The file has no column for", id="other columns"),
    pytest.param(
        b"course,course,date,hours\nA,B,2026-01-01,1\n", "Two columns are named", id="doubled"
    ),
    pytest.param(b"E1,Till,2026-01-10,1\nE2,Till,2026-01-11,2\n", "No row names", id="no header"),
    pytest.param(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "PDF", id="a pdf named csv"),
    pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "", id="a picture named csv"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "", id="an old workbook"),
    pytest.param(b"<html><body>Sign in</body></html>", "", id="a web page named csv"),
    pytest.param(b"PK\x03\x04 nothing", "", id="a broken workbook"),
    pytest.param(zipped("xl/workbook.xml", b" " * 60_000_000), "", id="a bomb"),
    pytest.param(b"\x00\x01\x02" * 500, "", id="bytes"),
    pytest.param(b",".join(b"c%d" % i for i in range(99)) + b"\n1\n", "60 are read", id="wide"),
]


@pytest.mark.parametrize("name", ["hours.csv", "hours.xlsx"])
@pytest.mark.parametrize(("content", "sentence"), WHOLE_FILES)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(hr, content, sentence, name):
    before = in_the_ledger()
    address = bring(hr, content, name)

    page = hr.get(address)

    notice = page.select_one(".tm-notice-bad[role=alert]")
    assert sentence in notice.p.text
    assert text_of(notice.p).endswith(".")
    assert "Choose another file" in notice.text
    assert page.select_one("button[value=record]") is None
    hr.open(f"{address}/refused.csv", 400)
    hr.submit(address, {"action": "record", "basis": "learner"})
    assert in_the_ledger() == before


ROWS = [
    pytest.param("E9,Till,2026-01-10,1", "Nobody has this number.", id="unknown person"),
    pytest.param(",Till,2026-01-10,1", "The row names nobody.", id="nobody"),
    pytest.param("E4,Till,2026-01-10,1", "The person left on 30 June 2024", id="leaver"),
    pytest.param("E1,,2026-01-10,1", "The row names no course.", id="no course"),
    pytest.param("E1,Till,,1", "The day is empty.", id="no day"),
    pytest.param("E1,Till,2026-02-30,1", "There is no such day.", id="no such day"),
    pytest.param("E1,Till,soon,1", "This is not a day.", id="not a day"),
    pytest.param("E1,Till,2099-01-10,1", "The day lies in the future.", id="future"),
    pytest.param("E1,Till,2026-01-10,25", "More than 24 hours on one line.", id="25 h"),
    pytest.param("E1,Till,2026-01-10,-1", "negative", id="negative"),
    pytest.param("E1,Till,2026-01-10,NaN", "not a length", id="NaN"),
    pytest.param("E1,Till,2026-01-10,1e400", "", id="1e400"),
    pytest.param("E1,Till,2026-01-10,a morning", "not a length", id="words"),
    pytest.param("E1,Till,2026-01-10," + "9" * 400, "", id="endless"),
    pytest.param("E1,Till,2026-01-10", "The row has 3 cells, the header 4.", id="a cell short"),
    pytest.param(
        "E1,Till,2026-01-10,1" + ",x" * 26, "The row has 30 cells, the header 4.", id="30 cells"
    ),
    pytest.param("Total,,,120", "This looks like a totals line.", id="totals"),
    pytest.param("E1," + "T" * 301 + ",2026-01-10,1", "too long", id="long title"),
]


@pytest.mark.parametrize(("row", "reason"), ROWS)
def test_a_bad_row_is_refused_with_reason_and_remedy_and_the_good_one_taken(hr, row, reason):
    address = bring(hr, f"{HEADER}\nE2,Till,2026-01-09,1\n{row}\n")

    page = hr.get(address)

    assert tally(page) == {"new": 1, "same": 0, "changed": 0, "ignored": 0, "refused": 1}
    ((number, _, _, why, remedy),) = refused(page)
    assert number == "3"
    assert reason in why
    assert remedy
    done = record(hr, address)
    assert [one[0] for one in standing()] == ["E2"]
    assert refused(done)[0][3] == why
    assert_rollups()


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    "name",
    [
        "",
        "a\x00b.csv",
        "x" * 900 + ".csv",
        "../../etc/passwd",
        "<b>.csv",
        "\u202e.csv",
        "no ending",
    ],
)
def test_a_file_may_have_any_name(hr, name):
    answer = hr.open(
        "/import",
        None,
        method="POST",
        data={"file": (io.BytesIO(GOOD.encode()), name)},
        content_type="multipart/form-data",
    )

    assert answer.status_code in {200, 302}
    if answer.status_code == 302:
        page = hr.get(answer.headers["Location"])
        assert text_of(page.h1) == "2 rows are ready to record."
        hr.open(f"{answer.headers['Location']}/refused.csv")


def test_no_file_is_asked_for_beside_the_field(hr):
    page = hr.post("/import", status=200)

    assert text_of(page.select_one("#file-error")) == "Choose a file"


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    "given",
    [
        {"basis": "nonsense"},
        {"date_order": "nonsense"},
        {"column-hours": "nonsense"},
        {"column-\x00": "hours"},
        {"status-\x00": "yes"},
        {"sheet": "nonsense" * 1000},
        {"sheet": "\x00"},
    ],
)
def test_choices_no_page_offers_break_nothing(hr, given):
    address = bring(hr, GOOD)

    answer = hr.open(
        address, None, method="POST", data=fields_of(hr.get(address)) | given | {"action": "record"}
    )

    assert answer.status_code in {200, 302, 400}
    hr.get(address)
    assert standing() == []


# Who may


def test_a_file_belongs_to_the_account_that_brought_it(hr, browser):
    address = bring(hr, GOOD)

    for role in ("trainer", "executive", "admin"):
        browser.sign_in(role)
        browser.get(address, 404)
        browser.get(f"{address}/refused.csv", 404)
        browser.post(address, {"action": "record"}, status=404)
        browser.post(f"{address}/catalogue", status=404)


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize("number", [0, 999, 2**31 - 1, 2**31, 10**30])
def test_an_unknown_file_is_not_found(hr, number):
    hr.get(f"/import/hours/{number}", 404)


def test_a_trainer_brings_hours_and_adds_nobody(browser, people):
    browser.sign_in("trainer")
    address = bring(browser, f"{HEADER}\nE1,Till,2026-01-10,1\nE77,Till,2026-01-10,1\n")

    page = look_again(browser, address, add_people="y")

    assert tally(page)["refused"] == 1
    assert page.select_one("#add_people") is None
    assert text_of(record(browser, address).h1) == "1 row is recorded."


def test_the_start_page_lists_what_was_recorded_before(hr, tmp_path):
    record(hr, bring(hr, GOOD, "january.csv"))
    take(tmp_path, "E3,Till,2026-01-12,1")

    page = hr.get("/import")

    assert [text_of(th) for th in page.select("tbody th")] == [
        "Import 2, hours.csv",
        "Import 1, january.csv",
    ]


# How it looks


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_the_pages_of_an_import_are_accessible_and_fit(
    chromium_page, app, people, width, scheme, browser
):
    app.config["FORMS_CARRY_IDS"] = False  # the files are sent from no page
    browser.sign_in("hr")
    long_words = "L" * 290
    content = MIXED + f"E7,{long_words},2026-01-10,{'9' * 300}\n"
    address = bring(browser, content, f"{'long-name-' * 20}.csv")
    ambiguous = bring(browser, f"{HEADER}\nE1,Till,03/04/2025,1\n")
    for path in ("/import", address, f"{address}?refused=all", ambiguous):
        page = chromium_page(path, width=width, scheme=scheme, role="hr")
        assert_accessible(page)
        assert_fits(page)


def test_two_who_record_one_file_at_the_same_time_get_one_batch(hr, app):
    address = bring(hr, GOOD)
    sent = fields_of(hr.get(address)) | {"action": "record"}
    answers = []

    def press():
        client = app.test_client()
        with app.app_context():
            sign_in(client, "hr")
            answers.append(client.post(address, data=sent).headers["Location"])
            db.session.remove()

    at_once(press)

    batch_id = db.session.scalar(select(Batch.id))
    assert in_the_ledger() == [2, 1, 1, 1]
    assert answers == [f"/import/batches/{batch_id}"] * 2


def test_a_crash_while_a_file_is_recorded_leaves_nothing_and_the_file_waits(hr, monkeypatch):
    address = bring(hr, GOOD)
    sent = fields_of(hr.get(address)) | {"action": "record"}

    def crash(*_args):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(importing, "keep_profile", crash)
        hr.open(address, 500, method="POST", data=sent)

    assert in_the_ledger() == [0, 0, 0, 0]
    assert db.session.scalar(select(Upload.batch_id)) is None
    hr.submit(address, sent)
    assert in_the_ledger() == [2, 1, 1, 1]


def test_a_file_of_refused_rows_only_is_not_recorded(hr):
    address = bring(hr, f"{HEADER}\nE9,Till,2026-01-10,1\n")

    page = record(hr, address)

    assert "Nothing is recorded. Every row is refused" in text_of(page)
    assert in_the_ledger() == [0, 0, 0, 0]


def test_a_layout_is_known_whatever_capitals_its_columns_have(hr):
    address = bring(hr, GOOD.replace("course", "What"))
    look_again(hr, address, **{"column-What": "course"})
    record(hr, address)

    page = hr.get(bring(hr, GOOD.replace("course", "WHAT").replace("2026", "2025"), "next.csv"))

    assert tally(page)["new"] == 2
    chosen = page.select_one("select[name='column-WHAT'] option[selected]")
    assert chosen["value"] == "course"
