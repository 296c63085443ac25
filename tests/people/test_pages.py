import io
from datetime import date

import pytest

from people.queries.batches import recent_batches
from people.queries.employees import find_employee
from tests.browsing import fields_of
from tests.people.files import bring
from tests.prepared import prepared

SMALL = """
    employee_number,name,manager_number,unit,level,job_title
    7,Ana Ito,9,Operations / Team 4,front line,Agent
    8,Ben Odu,7,Operations / Team 4,front line,Agent
    9,Cem Pek,,Operations,manager,Head
    10,Dee Qua,9,Sales,senior,Clerk
"""


@prepared
def people(tmp_path):
    bring(tmp_path, SMALL)
    return {number: find_employee(number).id for number in ("7", "8", "9", "10")}


def names(page):
    return [cell.a.text for cell in page.select("tbody th")]


def test_employee_list_shows_everybody_to_hr(browser, people):
    browser.sign_in("hr")

    page = browser.get("/people/")

    assert page.h1.text.strip() == "4 people."
    assert names(page) == ["Ana Ito", "Ben Odu", "Cem Pek", "Dee Qua"]


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=ito", ["Ana Ito"]),
        ("search=10", ["Dee Qua"]),
        ("search=0", ["Dee Qua"]),
        ("search=em", ["Cem Pek"]),
        ("search=qu+de", ["Dee Qua"]),
        ("search=qu+an", []),
        ("search=%25", []),
        ("search=_", []),
        ("level=manager", ["Cem Pek"]),
        ("level=wizard", ["Ana Ito", "Ben Odu", "Cem Pek", "Dee Qua"]),
        ("unit=99999999999999999999", ["Ana Ito", "Ben Odu", "Cem Pek", "Dee Qua"]),
        ("after=rubbish", ["Ana Ito", "Ben Odu", "Cem Pek", "Dee Qua"]),
    ],
)
def test_employee_list_searches_and_filters(browser, people, query, found):
    browser.sign_in("hr")

    assert names(browser.get(f"/people/?{query}")) == found


def test_employee_list_finds_a_part_of_an_e_mail_address(browser, people, tmp_path):
    bring(tmp_path, "employee_number,email\n8,ben.odu@example.org\n")
    browser.sign_in("hr")

    assert names(browser.get("/people/?search=odu@ex")) == ["Ben Odu"]


def test_employee_list_filters_by_a_unit_with_all_below_it(browser, people):
    browser.sign_in("hr")
    tree = browser.get("/people/tree")
    [operations] = [link["href"] for link in tree.select("tbody th a")]

    page = browser.get(operations)

    assert page.h1.text == "Operations"
    assert names(browser.get(page.select_one(".tm-lede a")["href"])) == [
        "Ana Ito",
        "Ben Odu",
        "Cem Pek",
    ]


def test_employee_list_turns_its_pages(browser, database, tmp_path):
    rows = "\n".join(f"{number},Person {number:03d}" for number in range(1, 102))
    bring(tmp_path, f"employee_number,name\n{rows}")
    browser.sign_in("hr")

    seen, address = [], "/people/"
    while address:
        page = browser.get(address)
        seen += names(page)
        following = page.find("a", string="Next people")
        address = following and following["href"]

    assert seen == [f"Person {number:03d}" for number in range(1, 102)]


def test_employee_list_of_a_manager_holds_their_tree_only(browser, people):
    browser.sign_in("manager", employee_id=people["7"])

    assert names(browser.get("/people/")) == ["Ana Ito", "Ben Odu"]


def test_employee_list_without_people_says_what_brings_them(browser):
    browser.sign_in("hr")

    assert browser.get("/people/").h1.text == "Nobody is recorded yet."


def test_employee_detail_shows_where_somebody_stood_and_who_is_around(browser, people, tmp_path):
    bring(
        tmp_path,
        "employee_number,unit,manager_number\n8,Sales,9",
        effective_on=date(2026, 6, 1),
    )
    browser.sign_in("hr")

    page = browser.get(f"/people/{people['8']}")

    assert page.h1.text == "Ben Odu"
    rows = [[cell.text.strip() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert [row[:3] for row in rows] == [
        ["1 Jun 2026", "now", "Sales"],
        ["always", "31 May 2026", "Operations / Team 4"],
    ]
    above = page.select_one("section[aria-labelledby=above]")
    assert [link.text for link in above.select("a")] == ["Cem Pek"]


def test_employee_detail_out_of_scope_or_unknown_is_not_found(browser, people):
    browser.sign_in("manager", employee_id=people["7"])

    assert browser.get(f"/people/{people['8']}").h1.text == "Ben Odu"
    for hidden in (people["9"], people["10"], 999, 2**31, 10**23):
        browser.open(f"/people/{hidden}", 404)


def test_employee_detail_of_oneself_is_seen(browser, people):
    browser.sign_in("employee", employee_id=people["8"])

    page = browser.get(f"/people/{people['8']}")
    browser.open(f"/people/{people['7']}", 404)

    above = page.select_one("section[aria-labelledby=above]")
    assert [entry.text for entry in above.select(".t")] == ["Ana Ito", "Cem Pek"]
    assert above.select("a") == [], "the pages of those above are not theirs to open"


@pytest.mark.parametrize("role", ["trainer", "executive", "admin"])
def test_people_are_not_shown_to_other_roles(browser, people, role):
    browser.sign_in(role)

    for path in ("/people/", f"/people/{people['7']}", "/people/tree", "/import/people/"):
        browser.open(path, 404)


def test_unit_tree_counts_heads_with_all_below(browser, people):
    browser.sign_in("hr")

    page = browser.get("/people/tree")

    assert page.h1.text.strip() == "4 people work here today."
    rows = [[cell.text.strip() for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert rows == [["Operations", "1", "3"], ["Sales", "1", "1"]]
    browser.open("/people/tree?unit=999", 404)


def upload(browser, text, name="people.csv"):
    answer = browser.open(
        "/import/people/", 302, method="POST", data={"file": (io.BytesIO(text.encode()), name)}
    )
    return answer.headers["Location"]


def record(browser, address, **changes):
    """Press the button that records, and return the page one is led to."""
    return browser.submit(address, fields_of(browser.get(address)) | changes | {"action": "record"})


def tally(page):
    return [int(value.text) for value in page.select(".tm-tally .v")]


def test_people_file_is_checked_recorded_and_undone(browser):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name,level\n1,Ana,\n2,=Ben,wizard\n")

    page = browser.get(address)
    assert " ".join(page.h1.text.split()) == (
        "1 row is ready to record. 1 needs a decision from you."
    )
    assert tally(page) == [1, 0, 0, 1]
    assert find_employee("1") is None

    report = record(browser, address)
    assert report.h1.text.strip() == "1 person added, 0 changed."
    assert find_employee("1").name == "Ana"
    refused = browser.open(
        report.find("a", string=lambda text: text and "Download" in text)["href"]
    )
    assert refused.text.splitlines()[1].endswith('"2","\'=Ben","wizard"')

    undo = report.find("a", string="Undo this file")["href"]
    assert browser.get(undo).h1.text == "Undo this file?"
    after = browser.submit(undo)
    assert after.h1.text.strip().startswith("This file was undone")
    assert find_employee("1") is None


def test_a_file_that_cannot_be_undone_says_so_before_it_is_asked(browser, tmp_path):
    browser.sign_in("hr")
    bring(tmp_path, "employee_number,name,job_title\n1,Ana,Host")
    bring(tmp_path, "employee_number,name,job_title\n1,Ana,Guide", effective_on=date(2026, 6, 1))

    page = browser.get("/import/people/batches/1/undo")

    assert "Undo file 2 first." in page.select_one(".tm-lede").text
    assert page.select("main form") == []
    assert browser.get("/import/people/batches/2/undo").select("main form") != []


def test_people_file_can_be_read_another_way(browser):
    browser.sign_in("hr")
    address = upload(browser, "number,who,hired_on\n1,Ana,03/04/2025\n")
    problem = browser.get(address)
    assert "which part of a day is the day" in problem.select_one("[role=alert]").text

    page = browser.submit(
        address,
        {
            "action": "check",
            "date_order": "day_first",
            "column-number": "employee_number",
            "column-who": "name",
            "column-hired_on": "hired_on",
        },
    )

    assert tally(page) == [1, 0, 0, 0]
    chosen = {
        one["name"]: one.find("option", selected=True)["value"] for one in page.select("td select")
    }
    assert chosen == {
        "column-number": "employee_number",
        "column-who": "name",
        "column-hired_on": "hired_on",
    }


def test_people_file_recorded_twice_is_recorded_once(browser):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name\n1,Ana\n")

    sent = fields_of(browser.get(address)) | {"action": "record"}

    for _click in range(2):
        browser.submit(address, sent)

    assert len(recent_batches()) == 1


@pytest.mark.parametrize(
    "text",
    ["", "employee_number,name\n", "\x00\x01", "a,b\nc,d", "employee_number,employee_number\n1,2"],
)
def test_people_file_that_cannot_be_read_says_why(browser, text):
    browser.sign_in("hr")

    page = browser.get(upload(browser, text))

    assert page.h1.text == "This file cannot be read as it stands."
    assert page.select_one("[role=alert] p").text.endswith(".")


def test_people_file_with_unknown_columns_can_be_explained(browser):
    browser.sign_in("hr")
    address = upload(browser, "colour,weight\nred,12\n")
    page = browser.get(address)
    assert [one["name"] for one in page.select("td select")] == ["column-colour", "column-weight"]

    page = browser.submit(address, {"column-colour": "employee_number", "column-weight": ""})

    assert tally(page) == [1, 0, 0, 0]


def test_people_file_of_somebody_else_is_not_found(browser, people):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name\n1,Ana\n")

    browser.sign_in("hr", employee_id=people["9"])

    browser.open(address, 404)
    browser.open("/import/people/batches/999", 404)


def test_changes_cannot_count_from_the_end_of_time(browser):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name\n1,Ana\n")
    sent = fields_of(browser.get(address)) | {"effective_on": "9999-12-31", "action": "record"}

    page = browser.post(address, sent, status=200)

    assert page.select_one("#effective_on-error").text == (
        "9999-12-31 is too far in the future; days from 1950 to 2100 work."
    )
    assert find_employee("1") is None
