import csv
import io
from datetime import date
from urllib.parse import urlencode

import openpyxl
import pytest
from sqlalchemy import select

from core.db import db
from ledger.models import Entry
from ledger.rules.kinds import Basis
from people.models import Employee
from people.queries.auditing import who_looked
from tests.ledger.worlds import (
    add_people,
    assert_rollups,
    classify,
    course_id,
    standing,
    take,
)
from tests.prepared import prepared

PEOPLE = """employee_number,name,manager_number,unit,site,level
E1,Ada Lund,E2,Operations / Team 1,Harbour,frontline
E2,Bo Ek,,Operations,Harbour,team_lead
E3,Cy Holm,,Finance,Airport,frontline
"""
ROWS = (
    "E1,Complaints,2026-01-10,1:30,classroom",
    "E2,Till,2026-01-12,2,online",
    "E3,Till,2026-01-13,4,online",
    "E3,=SUM(1),2026-01-14,0:20,",
)


@prepared
def world(tmp_path):
    add_people(tmp_path, PEOPLE)
    take(tmp_path, *ROWS, header="employee_number,course,date,hours,delivery")
    take(tmp_path, "Complaints,2026-02-01,2", header="course,date,hours", basis=Basis.CONTACT)
    classify("Complaints", ("service_recovery", 100))
    classify("Till", ("technical", 60), ("hospitality", 40))


def person(number):
    return db.session.scalars(select(Employee.id).where(Employee.number == number)).one()


def entry_of(title):
    query = select(Entry.id).where(Entry.course_id == course_id(title)).order_by(Entry.id)
    return db.session.scalars(query).first()


def title_of(page):
    """Return the title; narrow spaces read as spaces."""
    return " ".join(page.h1.text.split())


def rows_of(browser, **choices):
    answer = browser.open(f"/entries.csv?{urlencode(choices)}")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_entry_list_says_what_the_entries_make(browser, world):
    browser.sign_in("hr")

    page = browser.get("/entries?from=2026-01-01&to=2026-01-31&level=frontline")

    assert title_of(page) == "3 entries make 5 h 50."
    lede = " ".join(page.select_one(".tm-lede").text.split())
    assert lede == (
        "Level: Front line; 1 January 2026 to 31 January 2026; learner-hours; narrow definition."
    )
    assert [" ".join(row.select("td")[2].text.split()) for row in page.select("tbody tr")] == [
        "unclassified",
        "2 h 24 hard, 1 h 36 soft",
        "soft",
    ]


def test_entry_list_leads_back_to_the_balance_it_came_from(browser, world):
    browser.sign_in("hr")

    page = browser.get("/entries?from=2026-01-01&to=2026-01-31&definition=broad")

    back = page.select_one(".tm-eyebrow a")["href"]
    assert "definition=broad" in back
    assert "period=2026-01-01..2026-01-31" in back
    browser.get(back)


def test_entries_csv_adds_up_to_the_minute(browser, world):
    browser.sign_in("hr")

    rows = rows_of(browser, category="hospitality")

    assert [(row["employee_number"], row["minutes"], row["hours"]) for row in rows] == [
        ("E3", "96", "1.6"),
        ("E2", "48", "0.8"),
    ]
    every = rows_of(browser)
    parts = ("minutes", "hard_minutes", "soft_minutes", "unclassified_minutes")
    assert [sum(int(row[part]) for row in every) for part in parts] == [470, 216, 234, 20]
    assert every[0]["course"] == "'=SUM(1)"


def test_entries_xlsx_holds_the_rows_and_what_they_are(browser, world):
    browser.sign_in("hr")

    answer = browser.open("/entries.xlsx?level=team_lead")

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book["Entries"]["G"]] == ["Minutes", 120]
    assert [cell.value for cell in book["Entries"]["H"]] == ["Hours", 2]
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Minutes"] == "120"
    assert about["Counted"].startswith("Level: Team lead")


def test_entry_list_of_a_manager_holds_their_tree_only(browser, world):
    browser.sign_in("manager", employee_id=person("E2"))

    page = browser.get("/entries")

    assert title_of(page) == "2 entries make 3 h 30."
    assert {row["name"] for row in rows_of(browser)} == {"Ada Lund", "Bo Ek"}
    assert rows_of(browser, basis="contact") == []
    assert title_of(browser.get(f"/entries?person={person('E1')}")) == "1 entry makes 1 h 30."
    browser.get(f"/entries?person={person('E3')}", 404)
    browser.get(f"/entries/{entry_of('=SUM(1)')}", 404)


def test_entries_are_not_for_trainers_and_executives(browser, world):
    for role in ("trainer", "executive", "admin"):
        browser.sign_in(role)
        for path in ("/entries", "/entries.csv", "/entries.xlsx", f"/entries/{entry_of('Till')}"):
            browser.open(path, 404)


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize("query", ["unit=999", "person=999", "category=nope", "course=999"])
def test_entries_of_what_does_not_exist_are_not_found(browser, world, query):
    browser.sign_in("hr")

    for path in ("/entries", "/entries.csv", "/entries.xlsx"):
        browser.open(f"{path}?{query}", 404)


def test_an_address_that_means_nothing_gets_a_sentence(browser, world):
    browser.sign_in("hr")

    page = browser.get("/entries?from=soon", 400)

    assert "“soon” is no day; write 2026-03-31." in page.text


def test_entry_list_turns_its_pages(browser, world, tmp_path):
    take(
        tmp_path, *(f"E1,Till,2026-03-{day:02d},{hour}" for day in range(1, 29) for hour in (1, 2))
    )
    browser.sign_in("hr")

    seen, address = 0, "/entries?from=2026-03-01"
    while address:
        page = browser.get(address)
        seen += len(page.select("tbody tr"))
        following = page.select_one("a[rel=next]")
        address = following and following["href"]

    assert seen == 56
    assert title_of(page) == "56 entries make 84 h."


def test_the_page_of_a_person_leads_to_their_entries(browser, world):
    browser.sign_in("hr")

    page = browser.get(f"/people/{person('E1')}")

    link = page.find("a", string="Hours of Ada Lund")["href"]
    assert title_of(browser.get(link)) == "1 entry makes 1 h 30."


def test_entry_list_without_entries_says_so(browser):
    browser.sign_in("hr")

    assert title_of(browser.get("/entries")) == "No entry makes this figure."


def test_entry_page_shows_where_it_comes_from_and_what_it_counts_as(browser, world):
    browser.sign_in("hr")

    page = browser.get(f"/entries/{entry_of('Till')}")

    assert title_of(page) == "2 h of Till on 12 January 2026."
    facts = {r.th.text.strip(): " ".join(r.td.text.split()) for r in page.select("tbody tr")}
    assert facts["Counts as"] == ("Technical 60 %: 1 h 12 hard, Hospitality 40 %: 48 min soft")
    assert facts["Stood in"] == "Operations, Harbour, Team lead, on the day of the training"
    assert facts["File"].startswith("hours.csv, line 3, recorded ")


def test_an_entry_is_corrected_by_a_reversal_and_a_new_one(browser, world):
    browser.sign_in("hr")
    old = entry_of("Complaints")

    page = browser.submit(
        f"/entries/{old}",
        {
            "action": "replace",
            "course": "till",
            "done_on": "2026-01-11",
            "length": "1,5",
            "why": "wrong course",
        },
    )

    assert title_of(page) == "1 h 30 of Till on 11 January 2026."
    history = [" ".join(item.text.split()) for item in page.select("ol.tm-list li")]
    assert len(history) == 3
    assert "wrong course" in history[1]
    assert "wrong course" in history[2]
    assert ("E1", "Till", date(2026, 1, 11), 90) in {row[:4] for row in standing()}
    assert title_of(browser.get(f"/entries/{old}")) == "1 h 30 of Complaints were taken back."
    assert browser.get(f"/entries/{old}").form.get("action") != f"/entries/{old}"
    assert_rollups()


def test_an_entry_that_did_not_take_place_is_taken_back(browser, world):
    browser.sign_in("hr")
    old = entry_of("Complaints")

    page = browser.submit(
        f"/entries/{old}",
        {
            "action": "remove",
            "course": "anything",
            "done_on": "2026-01-10",
            "length": "9",
            "why": "it was cancelled",
        },
    )

    assert title_of(page) == "This takes back 1 h 30 of Complaints."
    assert title_of(browser.get(f"/entries?person={person('E1')}")) == "No entry makes this figure."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"length": "soon"}, "length", "This is not a length of time."),
        ({"length": "25"}, "length", "More than 24 hours on one line."),
        ({"length": "-2"}, "length", "A length of time cannot be negative."),
        ({"course": "Nothing"}, "course", "No course is called “Nothing”"),
        ({"why": ""}, "why", "Say why"),
        ({"done_on": "soon"}, "done_on", "This is no day of the calendar. Write it as 2026-11-30."),
        ({}, "", "Nothing would change."),
    ],
)
def test_a_correction_that_cannot_be_is_refused_beside_its_field(
    browser, world, changes, field, sentence
):
    browser.sign_in("hr")
    before = standing()
    given = {
        "action": "replace",
        "course": "Complaints",
        "done_on": "2026-01-10",
        "length": "1:30",
        "why": "a reason",
    }

    page = browser.post(f"/entries/{entry_of('Complaints')}", given | changes, status=200)

    place = page.select_one(f"#{field}-error" if field else "[role=alert]")
    assert sentence in place.text
    assert standing() == before


def test_a_manager_reads_an_entry_and_corrects_nothing(browser, world):
    browser.sign_in("manager", employee_id=person("E2"))
    old, before = entry_of("Complaints"), standing()

    page = browser.get(f"/entries/{old}")
    browser.post(
        f"/entries/{old}",
        {"action": "remove", "course": "x", "done_on": "2026-01-10", "length": "1", "why": "x"},
        status=200,
    )

    assert page.select_one("#why") is None
    assert standing() == before


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize("number", [0, 999, 2**31 - 1, 2**31, 10**30])
def test_an_unknown_entry_is_not_found(browser, world, number):
    browser.sign_in("hr")

    browser.get(f"/entries/{number}", 404)


def test_whose_entries_are_in_a_file_can_read_who_took_it(browser, world):
    """E1 is on both files, E3 on the second only, and E2 on the second too."""
    browser.sign_in("hr")
    browser.open("/entries.csv?level=frontline&unit=&from=2026-01-10&to=2026-01-10")
    browser.open("/entries.xlsx")

    looks = {n: len(who_looked(person(n), None)) for n in ("E1", "E2", "E3")}

    assert looks == {"E1": 2, "E2": 1, "E3": 1}


def test_a_file_of_very_many_entries_is_a_look_at_everybody(browser, world, monkeypatch):
    monkeypatch.setattr("ledger.views.entries.MOST_LOOKED_THROUGH", 2)
    browser.sign_in("hr")
    browser.open("/entries.csv")

    (look,) = who_looked(person("E3"), None)
    assert "everybody" in look.details
