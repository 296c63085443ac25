"""The balance as files: what they say is what the document says."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from pypdf import PdfReader

from core.export.sheets import csv_bytes, xlsx_bytes
from ledger.rules.kinds import Basis, Definition
from planner.exports.pdf import balance_pdf
from planner.exports.sheets import (
    CUTS,
    balance_table,
    balance_tables,
    groups_csv,
    people_table,
)
from planner.queries.persons import Colleague
from planner.rules.cuts import CategoryName, UnitNode
from planner.rules.facts import NOTHING, Facts, empty_people
from planner.rules.questions import Question
from planner.rules.reports import Report
from tests.planner.balances import Q3, around, balance, facts, guard, part

FIGURE_CUTS = [cut for cut in CUTS if cut != "category"]
SIGNED = {
    "published_at": "2026-10-02T08:30:00+00:00",
    "published_by": "Ingrid Solberg",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
NOBODY = Facts(NOTHING, {}, {}, {}, {}, {}, {}, {}, empty_people())
HOSTILE = [
    "<b>x & <i>",
    '<img src="/etc/passwd">',
    "W" * 200_000,
    "Zażółć gęślą jaźń",
    "Ελληνικά",
    "Кириллица",
    "Đặng Thị Hằng",
    "=1+1",
    "x\x00\u202ey",
    "long name " * 30,
]


def asked(facts_=None, **question):
    return Question(Q3, **{"opened": frozenset({1}), **question}), facts_ or facts()


def document(facts_=None, question=None, **changes):
    return Report(*asked(facts_, **(question or {})), around(**changes)).document()


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


class TestTables:
    @pytest.mark.parametrize("cut", FIGURE_CUTS)
    def test_the_rows_of_a_file_are_the_rows_of_the_page(self, cut):
        rows = read(csv_bytes(balance_table(balance(), cut)))
        shown = balance()["tables"][cut]["rows"]

        assert [row[cut] for row in rows] == [row["label"] for row in shown]
        for name in ("hard_minutes", "soft_minutes", "unclassified_minutes", "total_minutes"):
            assert [row[name] for row in rows] == [str(row[name]) for row in shown]

    @pytest.mark.parametrize("cut", FIGURE_CUTS)
    def test_the_parts_of_the_whole_add_up_to_it(self, cut):
        whole, *parts = read(csv_bytes(balance_table(balance(), cut)))
        direct = [row for row in parts if row["part_of"] == whole[cut]]

        for name in ("hard_minutes", "soft_minutes", "unclassified_minutes", "total_minutes"):
            assert sum(int(row[name]) for row in direct) == int(whole[name])
            assert int(whole[name]) == balance()["figures"][name]

    def test_categories_add_up_to_all_hours(self):
        *rows, whole = read(csv_bytes(balance_table(balance(), "category")))

        assert sum(int(row["total_minutes"]) for row in rows) == 63_000
        assert whole["total_minutes"] == "63000"
        assert whole["share_of_all"] == "1.000000"

    def test_units_say_what_they_are_part_of(self):
        rows = read(csv_bytes(balance_table(balance(), "unit")))

        assert [(row["unit"], row["part_of"]) for row in rows[:3]] == [
            ("All units", ""),
            ("Contact centre", "All units"),
            ("Voice south", "Contact centre"),
        ]

    def test_months_say_whether_they_are_in_the_period(self):
        rows = read(csv_bytes(balance_table(balance(), "month")))

        assert [(row["month"], row["in_period"], row["soft_minutes"]) for row in rows[8:10]] == [
            ("2026-06", "no", "2160"),
            ("2026-07", "yes", "1320"),
        ]

    def test_hidden_rows_say_why_and_show_nothing(self):
        rows = read(csv_bytes(balance_table(document(groups_only=True, guard=guard()), "level")))
        hidden = next(row for row in rows if row["level"] == "Executive")

        assert hidden["hard_minutes"] == "hidden to protect small groups"
        assert {hidden[name] for name in ("soft_minutes", "total_minutes", "people")} == {""}

    def test_a_share_that_is_not_known_says_so(self):
        row = read(csv_bytes(balance_table(document(NOBODY), "unit")))[0]

        assert row["soft_share"] == "unknown"

    def test_the_workbook_has_every_table_and_its_terms(self):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(balance_tables(balance()))))
        about = dict(book["About"].values)

        assert book.sheetnames == [
            "By unit", "By level", "By site", "By category", "By delivery", "By month", "About",
        ]  # fmt: skip
        assert [cell.value for cell in book["By level"][2]][:6] == [
            "All units", None, 54_000, 5_400, 3_600, 63_000,
        ]  # fmt: skip
        assert about["Definition"] == "Narrow"
        assert about["Organisation"] == "Meridian Services, demonstration data"
        assert about["Share"].startswith("Soft hours divided by classified hours")

    def test_groups_of_a_command_are_csv_without_a_mark(self):
        text = groups_csv(balance(), [])

        assert text.startswith('"key","label","hard_minutes"')
        assert '"All units","54000","5400","3600","63000","0.090909"' in text

    def test_people_without_a_soft_hour_are_listed(self):
        people = [Colleague(1, "007", "Ann", True), Colleague(2, "008", "=Bob", False)]

        assert read(csv_bytes(people_table(people))) == [
            {"employee_number": "007", "name": "Ann", "other_training": "yes"},
            {"employee_number": "008", "name": "'=Bob", "other_training": "no"},
        ]


class TestPaper:
    def test_it_says_the_finding_its_terms_and_every_table(self):
        text = text_of(balance_pdf(balance()))

        assert "One training hour in eleven was soft." in text
        assert "9.09 %" in text
        assert "range 8.57 to 14.29 %" in text
        assert "Add 135 soft hours, or swap 108" in text
        assert "154 compliance hours are a floor and stay as they are." in text
        assert "12 titles decide 80 % of the unclassified hours." in text
        assert "Meridian Services, demonstration data" in text
        assert "As recorded on 2 October 2026" in text
        for heading in ("By month", "By unit", "By level", "By site", "By delivery", "By category"):
            assert heading in text
        assert "Voice north 46 130 15 9 154" in text

    def test_two_pages_hold_a_usual_balance(self):
        assert len(PdfReader(io.BytesIO(balance_pdf(balance()))).pages) == 2

    def test_the_same_balance_is_the_same_bytes_also_after_it_was_kept(self):
        kept = json.loads(json.dumps(balance()))

        assert balance_pdf(balance()) == balance_pdf(kept)

    def test_a_published_balance_carries_its_digest_in_groups(self):
        text = text_of(balance_pdf(balance(), SIGNED))

        assert "Published on 2 October 2026, 08:30 by Ingrid Solberg." in text
        assert "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08" in text

    def test_names_of_any_kind_are_printed_on_three_pages_at_most(self):
        names = HOSTILE * 8
        units = [UnitNode(number, None, name, True) for number, name in enumerate(names, 1)]
        full = replace(
            facts(),
            units={number: part(number, 1, 1) for number in range(1, 81)},
            sites={number: part(number, 1, 1) for number in range(1, 81)},
        )
        content = balance_pdf(
            document(
                full,
                units=units,
                unit_paths={unit.id: (unit.id,) for unit in units},
                sites=dict(enumerate(names, 1)),
                categories={n: CategoryName(str(n), names[n - 1], n) for n in range(1, 10)},
                organisation="<b>M & " + "Q" * 500,
                unclassified_note=" ".join(HOSTILE),
            )
        )
        text = text_of(content)

        assert len(PdfReader(io.BytesIO(content)).pages) <= 3
        for name in ("<b>x & <i>", "Zażółć gęślą jaźń", "Ελληνικά", "Кириллица", "Đặng Thị Hằng"):
            assert name in text
        assert "more rows are in the workbook." in text
        assert "root:" not in text

    @pytest.mark.parametrize("label", ["Desk", "w" * 200_000, "Đặng " * 60])
    def test_three_hundred_units_and_sites_stay_on_three_pages_and_say_what_is_left_out(
        self, label
    ):
        tables = balance()["tables"]
        long = {cut: {**tables[cut], "rows": [*tables[cut]["rows"]]} for cut in ("unit", "site")}
        for table in long.values():
            table["rows"] += [{**table["rows"][1], "label": label}] * 300
        content = balance_pdf({**balance(), "tables": {**tables, **long}})

        assert len(PdfReader(io.BytesIO(content)).pages) <= 3
        assert text_of(content).count("more rows are in the workbook.") == 2

    @pytest.mark.parametrize(
        ("facts_", "question", "changes", "said"),
        [
            (None, {"definition": Definition.BROAD}, {}, "is no line for this share"),
            (facts(people=False), {"basis": Basis.CONTACT}, {}, "contact-hours held"),
            (NOBODY, {}, {}, "No training hours are recorded for this choice."),
            (replace(facts(), total=part(0, 0, 50)), {}, {}, "is not known yet"),
            (None, {}, {"target": None}, "No target is set"),
            (
                None,
                {},
                {"groups_only": True, "guard": guard()},
                "hidden to protect small groups",
            ),
            (None, {}, {"demo": False}, "Meridian Services"),
        ],
        ids=["broad", "contact", "empty", "unclassified", "no target", "groups", "own"],
    )
    def test_every_state_of_a_balance_has_its_paper(self, facts_, question, changes, said):
        content = balance_pdf(document(facts_, question, **changes))

        assert 1 <= len(PdfReader(io.BytesIO(content)).pages) <= 3
        assert said in text_of(content)

    def test_a_balance_about_too_few_people_shows_no_figure(self):
        few = facts().people.where(facts().people.employees < 3)
        content = balance_pdf(document(replace(facts(), people=few), groups_only=True))
        text = text_of(content)

        assert "fewer than five people, so its figures are not shown" in text
        for figure in ("9.09", "1 050", "900", "312"):
            assert figure not in text
