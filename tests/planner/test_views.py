"""The pages of the balance as each kind of user sees them."""

import io
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook

from planner.queries.balances import balance
from tests.browsing import Browser
from tests.planner.worlds import OF_Q1, employee_id, opened_everywhere, site_id, unit_id

GAP_SENTENCE = (
    "Add 1.6 soft hours, or swap 1.3, to reach 20 % by December; that is 9 minutes a person."
)
Q1 = "/balance?period=2025-q1"
GROUPS_ONLY = {"trainer", "executive", "employee"}
TOO_FINE_FOR_GROUPS = {
    "?structure=today",
    "?period=last-12-months",
    "?period=2025-01-11..2025-02-10",
    "?from=2025-01-11&to=2025-02-10",
    "?as_of=2025-03-31",
}
ROLES = {
    "hr": None,
    "trainer": None,
    "executive": None,
    "manager": "P02",
    "employee": "P04",
}


def text_of(element):
    return " ".join(element.get_text(" ").split())


def become(someone, role):
    number = ROLES.get(role)
    someone.sign_in(role, employee_id(number) if number else None)


@pytest.fixture
def reader(lumen):
    """Somebody who opens pages on Lumen, on 1 July 2025, and changes nothing."""
    return Browser(lumen)


@pytest.fixture
def hr(reader):
    reader.sign_in("hr")
    return reader


@pytest.fixture
def writer(own_lumen, browser):
    """HR on a Lumen that may be changed."""
    browser.sign_in("hr")
    return browser


def headings(page):
    return [text_of(heading) for heading in page.select("main h2")]


def cells(page, name):
    """Return the cells of a table by the label of their row."""
    table = page.select_one(f"section[aria-labelledby=by-{name}] table")
    rows = [row for row in table.select("tr") if row.select_one("th[scope=row]")]
    return {
        text_of(row.th).partition(" ,")[0]: [
            text_of(cell) for cell in row.select("td:not(.rulercol)")
        ]
        for row in rows
    }


class TestBalance:
    def test_hr_sees_the_finding_every_table_and_what_to_do(self, hr):
        page = hr.get(Q1)

        assert text_of(page.h1).startswith("About one training hour in six was soft.")
        assert "11 people" in page.select_one(".tm-lede").text
        assert headings(page) == [
            "Where the share stands", "No target yet", "Before you sign", "Publish", "By month",
            "By unit", "By level", "By category", "By site", "By delivery", "How this is counted",
        ]  # fmt: skip
        assert "7 people had no soft hour." in page.text

    def test_the_figures_of_the_page_are_those_of_the_document(self, hr):
        page = hr.get(Q1)
        rows = cells(page, "level")

        # Hours are written whole; People, hard, soft, unclassified, total, share, range, rows.
        assert rows["Front line"][:6] == ["4", "11", "1", "1", "13", "10.5 %"]
        assert rows["Executive"][5] == "0.0 %"

    def test_every_figure_leads_to_the_entries_behind_it(self, hr):
        page = hr.get(Q1)

        link = page.select_one("section[aria-labelledby=by-site] tbody tr:nth-of-type(2) .tm-rows")
        asked = parse_qs(urlsplit(link["href"]).query)

        assert urlsplit(link["href"]).path == "/entries"
        assert asked["site"] == [str(site_id("Oslo"))]
        assert asked["from"] == ["2025-01-01"]
        assert asked["to"] == ["2025-03-31"]

    def test_a_unit_opens_in_its_place(self, hr):
        page = hr.get(Q1)
        twist = page.select_one("section[aria-labelledby=by-unit] th a")

        opened = hr.get(twist["href"].partition("#")[0])

        assert "Desk" in cells(opened, "unit")
        assert "Desk" not in cells(page, "unit")

    @pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?definition=broad",
            "?basis=contact",
            "?structure=today",
            "?period=2025",
            "?period=last-12-months",
            "?period=2025-01-11..2025-02-10",
            "?from=2025-01-11&to=2025-02-10",
            "?as_of=2025-03-31",
            "?level=frontline",
            "?period=2020",
            "?target=20",
        ],
    )
    @pytest.mark.parametrize("role", ROLES)
    def test_every_choice_has_a_page_for_everybody(self, reader, role, query):
        become(reader, role)
        is_refused = role in GROUPS_ONLY and query in TOO_FINE_FOR_GROUPS

        page = reader.get("/balance" + query, status=400 if is_refused else 200)

        assert page.h1
        assert ("so that nobody is singled out" in page.get_text()) == is_refused

    @pytest.mark.parametrize("role", sorted(GROUPS_ONLY))
    def test_who_sees_groups_is_offered_only_what_they_may_choose(self, reader, role):
        become(reader, role)
        page = reader.get("/balance")

        choices = page.select("main a[href^='/balance?']")
        offered = {str(link["href"]) for link in choices if "open=" not in str(link["href"])}
        assert offered
        for address in sorted(offered):
            reader.get(address)
        assert not page.select("input[type=date]")

    def test_the_address_keeps_every_choice(self, hr):
        unit, site = unit_id("Service / Desk"), site_id("Oslo")
        chosen = {
            "unit": str(unit),
            "period": "2025-q1",
            "definition": "broad",
            "basis": "learner",
            "structure": "today",
            "as_of": "2025-06-30",
            "level": "frontline",
            "site": str(site),
            "open": str(unit),
            "target": "25",
        }
        page = hr.get("/balance?" + "&".join(f"{k}={v}" for k, v in chosen.items()))

        link = page.select_one("[data-tm-copy]")["href"]
        assert {k: v[0] for k, v in parse_qs(urlsplit(link).query).items()} == chosen
        offered = [a["href"] for a in page.select(".tm-choices ul a")]
        for href in offered:
            found = {k: v[0] for k, v in parse_qs(urlsplit(href).query).items()}
            changed = {k for k in chosen if found.get(k) != chosen[k]}
            assert len(changed - {"open"}) <= 1, href
        for end in ("/balance.xlsx", "/balance.pdf", "/balance/unit.csv"):
            href = next(a["href"] for a in page.select(".end a") if urlsplit(a["href"]).path == end)
            assert {k: v[0] for k, v in parse_qs(urlsplit(href).query).items()} == chosen

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("period=yesterday", "is not a period"),
            ("period=2025-q5", "is not a period"),
            ("period=2025-13", "is not a period"),
            ("from=2025-03-31&to=2025-01-01", "The first day lies after the last; swap them."),
            ("from=soon", "“soon” is no day; write 2026-03-31."),
            ("definition=wide", "there is narrow, broad"),
            ("basis=money", "there is learner, contact"),
            ("structure=never", "there is then, today"),
            ("level=boss", "there is frontline"),
            ("as_of=2025-02-30", "is no day"),
            ("as_of=0001-01-01", "is too far away"),
            ("unit=abc", "“abc” is no unit"),
            ("unit=99999999999999999999", "is no unit"),
            ("unit=-1", "is no unit"),
            ("site=x", "is no site"),
            ("target=0", "A target is a whole percentage from 1 to 99."),
            ("target=20.5", "A target is a whole percentage from 1 to 99."),
        ],
    )
    def test_nonsense_in_the_address_is_answered_with_a_sentence(self, hr, query, sentence):
        page = hr.get("/balance?" + query, 400)

        assert sentence in text_of(page.main)

    @pytest.mark.parametrize("query", ["unit=999999", "site=999999"])
    def test_a_place_nobody_knows_is_not_found(self, hr, query):
        hr.get("/balance?" + query, 404)

    def test_units_opened_by_nonsense_are_passed_over(self, hr):
        hr.get(Q1 + "&open=x.-1.99999999999999999999.7")

    def test_nothing_recorded_leads_to_the_import(self, browser):
        browser.sign_in("hr")

        page = browser.get("/balance")

        assert "There is no training to count in this choice." in page.text
        assert page.select_one(".tm-empty .tm-btn")["href"] == "/import"

    def test_an_executive_sees_groups_and_no_names(self, reader):
        reader.sign_in("executive")

        page = reader.get(Q1)

        assert "hidden to protect small groups" in page.text
        assert not page.select(".tm-rows")
        assert "See who" not in page.text
        assert "Publish" not in headings(page)

    @pytest.mark.parametrize(("role", "number"), [("executive", "P06"), ("trainer", "P03")])
    def test_who_sees_groups_gets_no_rows_even_with_a_team(self, reader, role, number):
        reader.sign_in(role, employee_id(number))

        page = reader.get(Q1)

        assert not page.select(".tm-rows")
        assert "hidden to protect small groups" in page.text

    def test_a_manager_sees_the_own_people_with_their_rows(self, reader):
        become(reader, "manager")

        page = reader.get(Q1)

        assert cells(page, "unit").keys() == {"All my people", "Service"}
        assert "3 people had no soft hour." in page.text
        assert page.select(".tm-rows")

    def test_an_employee_of_a_small_unit_sees_why_there_are_no_figures(self, reader):
        become(reader, "employee")

        page = reader.get(Q1)

        assert "fewer than five people" in text_of(page.h1)
        assert "Team B" not in page.text

    def test_an_employee_cannot_ask_for_another_unit(self, reader):
        become(reader, "employee")

        reader.get(f"{Q1}&unit={unit_id('Shops')}", 404)


class TestFiles:
    def test_json_is_the_document(self, hr):
        answer = hr.open("/balance.json?period=2025-q1")

        assert answer.json == balance(OF_Q1)

    def test_csv_of_each_cut_has_its_rows(self, hr):
        for cut in ("unit", "level", "site", "category", "delivery", "month"):
            answer = hr.open(f"/balance/{cut}.csv?period=2025-q1")
            assert answer.mimetype == "text/csv"
            assert f"by {cut}.csv" in answer.headers["Content-Disposition"]
        by_site = hr.open("/balance/site.csv?period=2025-q1").text
        assert '"Bergen","All units","570","200","0","770",' in by_site

    def test_there_is_no_csv_of_another_cut(self, hr):
        hr.get("/balance/person.csv", 404)

    def test_xlsx_holds_every_table(self, hr):
        answer = hr.open("/balance.xlsx?period=2025-q1")

        book = load_workbook(io.BytesIO(answer.data))

        assert book.sheetnames == [
            "By unit", "By level", "By site", "By category", "By delivery", "By month", "About",
        ]  # fmt: skip
        assert [1441, 270, 80, 1791] in [list(row[2:6]) for row in book["By unit"].values]

    def test_pdf_and_chart_are_files(self, hr):
        paper = hr.open("/balance.pdf?period=2025-q1")
        chart = hr.open("/balance/trend.svg?period=2025-q1")

        assert paper.data.startswith(b"%PDF-")
        assert paper.mimetype == "application/pdf"
        assert chart.mimetype == "image/svg+xml"
        assert "attachment" in chart.headers["Content-Disposition"]

    @pytest.mark.parametrize(
        "path", ["/balance.json", "/balance.xlsx", "/balance.pdf", "/balance/unit.csv"]
    )
    def test_files_refuse_nonsense_as_the_page_does(self, hr, path):
        hr.get(path + "?period=nonsense", 400)
        hr.get(path + "?unit=999999", 404)

    def test_an_executive_gets_no_hidden_figure_in_a_file(self, reader):
        reader.sign_in("executive")

        found = reader.open("/balance/level.csv?period=2025-q1").text

        assert "too few people" in found.lower() or "hidden" in found.lower()
        assert '"680","80","45"' not in found


class TestWithoutSoft:
    def test_names_and_numbers(self, hr):
        page = hr.get("/balance/without-soft?period=2025-q1")
        text = hr.open("/balance/without-soft.csv?period=2025-q1").text

        assert text_of(page.h1) == "7 people had no soft hour in Q1 2025."
        assert [text_of(item.a) for item in page.select("main ul.tm-list li")] == [
            "Ada Aas", "Bo Berg", "Ed Eng", "Hal Haug", "Jo Juul", "Kim Krog", "Lea Lie",
        ]  # fmt: skip
        assert '"P12","Lea Lie","no"' in text

    def test_a_manager_gets_the_names_of_the_own_tree_only(self, reader):
        become(reader, "manager")

        page = reader.get("/balance/without-soft?period=2025-q1")

        assert [text_of(item.a) for item in page.select("main ul.tm-list li")] == [
            "Bo Berg", "Ed Eng", "Hal Haug",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("role", "number", "name"),
        [("executive", "P06", "Hal Haug"), ("trainer", "P03", "Ed Eng")],
    )
    def test_who_sees_groups_gets_names_of_the_own_team_only(self, reader, role, number, name):
        reader.sign_in(role, employee_id(number))

        page = reader.get("/balance/without-soft?period=2025-q1")
        text = reader.open("/balance/without-soft.csv?period=2025-q1").text

        assert [text_of(item.a) for item in page.select("main ul.tm-list li")] == [name]
        assert "All my people" in page.text
        assert text.count("P0") == 1

    def test_nobody_missing_is_said_too(self, hr):
        unit = unit_id("Service / Field")

        page = hr.get(f"/balance/without-soft?period=2025-q1&unit={unit}")

        assert text_of(page.h1) == "Everybody had a soft hour in Q1 2025."


class TestTargets:
    GOOD = {
        "percent": "20",
        "definition": "narrow",
        "from_on": "2025-01-01",
        "unit_id": "0",
        "level": "",
        "why": "Service year",
    }

    def test_a_target_is_set_and_stands_on_the_balance(self, writer):
        page = writer.submit("/targets", self.GOOD)

        assert "The target of 20 % is set." in text_of(page.main)
        page = writer.get(Q1)
        assert "To reach 20 % by December" in headings(page)
        assert text_of(page.select_one(".tm-gap")) == GAP_SENTENCE
        listed = text_of(writer.get("/targets").select_one("main ul.tm-list"))
        assert listed.startswith("20 % narrow, All units, every level from 1 January 2025")
        assert "Service year" in listed

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("percent", "", "Enter a whole percentage"),
            ("percent", "0", "Enter 1 to 99"),
            ("percent", "100", "Enter 1 to 99"),
            ("percent", "ten", "Write a whole number in digits, such as 8."),
            ("from_on", "", "Enter the first day it holds"),
            ("from_on", "31.12.2025", "This is no day of the calendar. Write it as 2026-11-30."),
            ("definition", "wide", "Choose one of those offered."),
            ("unit_id", "999", "Choose one of those offered."),
            ("level", "boss", "Choose one of those offered."),
            ("why", "x" * 501, "This is too long: at most 500 characters are kept. Shorten it."),
        ],
    )
    def test_a_mistake_is_told_beside_its_field(self, writer, field, value, message):
        page = writer.post("/targets", {**self.GOOD, field: value}, status=200)

        control = page.select_one(f"[name={field}]")
        assert control["aria-invalid"] == "true"
        told = " ".join(text_of(page.find(id=name)) for name in control["aria-describedby"].split())
        assert message in told
        assert "No target is set yet." in page.text


class TestReports:
    def test_publishing_is_asked_about_first(self, writer):
        page = writer.get("/balance/publish?period=2025-q1&definition=broad")

        assert text_of(page.h1) == "Publish the balance of All units, Q1 2025?"
        assert "Broad definition, learner-hours, as recorded on 1 July 2025" in text_of(page.main)
        asked = urlsplit(page.select_one("main form")["action"])
        assert parse_qs(asked.query)["definition"] == ["broad"]
        assert "No report is published yet." in writer.get("/reports").text

    def test_publishing_leads_to_the_report_and_it_stays(self, writer):
        page = writer.submit(
            f"/balance/publish?period=2025-q1&definition=broad&open={unit_id('Service')}"
        )

        assert "Published report" in page.select_one(".tm-eyebrow").text
        assert cells(page, "unit").keys() >= {"All units", "Service", "Desk", "Shops"}
        assert len(text_of(page.select_one(".tm-hash"))) == 64
        [listed] = writer.get("/reports").select("main ul.tm-list li")
        assert "All units, Q1 2025" in text_of(listed)

    def test_the_files_of_a_report_are_its_page(self, writer):
        writer.submit("/balance/publish?period=2025-q1")
        shown = balance(OF_Q1)

        frozen = json.loads(writer.open("/reports/1.json").text)
        book = load_workbook(io.BytesIO(writer.open("/reports/1.xlsx").data))
        paper = writer.open("/reports/1.pdf")

        assert frozen["report"] == shown
        assert "published_by" not in frozen
        assert [1441, 270, 80, 1791] in [list(row[2:6]) for row in book["By unit"].values]
        assert paper.data.startswith(b"%PDF-")
        assert writer.open("/reports/1.pdf").data == paper.data

    def test_without_a_report_the_page_says_what_one_is(self, writer):
        page = writer.get("/reports")

        assert text_of(page.h1) == "No report is published yet."
        assert page.select_one(".tm-empty a")["href"] == "/balance"

    @pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
    @pytest.mark.parametrize("path", ["/reports/1", "/reports/1.pdf", "/reports/99999999999999"])
    def test_a_report_nobody_published_is_not_found(self, writer, path):
        writer.get(path, 404)

    @pytest.mark.parametrize("role", ["executive", "trainer"])
    def test_who_sees_groups_opens_the_report_without_small_groups(self, writer, role):
        writer.submit("/balance/publish?period=2025-q1")
        become(writer, role)

        page = writer.get("/reports/1")

        assert cells(page, "site")["Bergen"] == ["hidden to protect small groups"]
        assert "hidden to protect small groups" in page.text
        assert "Frozen text" not in page.text
        writer.get("/reports/1.json", 404)
        assert writer.open("/reports/1.pdf").data.startswith(b"%PDF-")

    def test_a_manager_of_a_part_does_not_see_the_report_of_the_whole(self, writer):
        writer.submit("/balance/publish?period=2025-q1")
        become(writer, "manager")

        writer.get("/reports/1", 404)
        writer.get("/reports/1.pdf", 404)


class TestDoors:
    PAGES = (
        "/balance",
        "/balance.json",
        "/balance.xlsx",
        "/balance.pdf",
        "/balance/unit.csv",
        "/balance/trend.svg",
        "/balance/without-soft",
        "/balance/without-soft.csv",
        "/reports",
        "/reports/1",
        "/targets",
    )

    @pytest.mark.parametrize("path", PAGES)
    def test_strangers_are_sent_to_sign_in(self, reader, path):
        reader.sign_out()

        answer = reader.open(path, 302, headers={"Accept": "text/html"})

        assert answer.headers["Location"] == f"/sign-in?next={path}"

    @pytest.mark.parametrize(
        ("role", "closed"),
        [
            ("hr", set()),
            ("trainer", {"/balance/without-soft", "/balance/without-soft.csv", "/targets"}),
            ("executive", {"/balance/without-soft", "/balance/without-soft.csv", "/targets"}),
            ("manager", {"/targets", "/reports"}),
            (
                "employee",
                {"/balance/without-soft", "/balance/without-soft.csv", "/targets", "/reports"},
            ),
            ("admin", set(PAGES)),
        ],
    )
    def test_what_one_may_not_see_is_not_found(self, reader, role, closed):
        become(reader, role)

        answers = {path: reader.open(path, None).status_code for path in self.PAGES}

        expected = {path: 404 if path in closed else 200 for path in self.PAGES}
        assert answers == {**expected, "/reports/1": 404}

    @pytest.mark.parametrize("role", ["trainer", "executive", "manager", "employee", "admin"])
    def test_only_hr_publishes_and_sets_targets(self, reader, role):
        become(reader, role)

        reader.get("/balance/publish", 404)
        reader.post("/balance/publish", status=404)
        reader.post("/targets", TestTargets.GOOD, status=404)


def test_the_opened_units_are_those_of_the_document(hr):
    question = opened_everywhere(OF_Q1)
    opened = ".".join(map(str, sorted(question.opened)))

    answer = hr.open(f"/balance.json?period=2025-q1&open={opened}")

    assert answer.json == balance(question)
    assert answer.json != balance(replace(question, opened=frozenset()))
