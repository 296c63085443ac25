"""The balance on paper and in tables says what its page says."""

import copy
import csv
import io

import pytest
from pypdf import PdfReader

from core.export.sheets import csv_bytes
from planner.exports.pdf import MOST_PAGES, balance_pdf
from planner.exports.sheets import balance_table, balance_tables
from tests.planner.balances import balance

PUBLISHED = {
    "published_at": "2026-10-02T09:05:00+00:00",
    "published_by": "Ingrid Solberg",
    "sha256": "0123abcd" * 8,
}


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def rows_of(document, cut):
    text = csv_bytes(balance_table(document, cut)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def with_rows(document, cut, count, label):
    wide = copy.deepcopy(document)
    row = wide["tables"][cut]["rows"][1]
    wide["tables"][cut]["rows"] += [{**row, "label": label} for _ in range(count)]
    return wide


def test_the_report_says_share_range_gap_method_and_terms():
    said = words_of(balance_pdf(balance()))

    for part in (
        "9.09 %",
        "range 8.57 to 14.29 %",
        "One training hour in eleven was soft.",
        "Add 135 soft hours, or swap 108",
        "Tromsø",
        "1 447 entries, taxonomy of 1 June 2026",
        "As recorded on 2 October 2026",
    ):
        assert part in said


def test_a_published_report_carries_its_digest_in_full():
    said = words_of(balance_pdf(balance(), PUBLISHED))

    assert "by Ingrid Solberg" in said
    assert "0123abcd" * 8 in said.replace(" ", "")


def test_the_same_balance_gives_the_same_bytes():
    assert balance_pdf(balance()) == balance_pdf(balance())


@pytest.mark.parametrize(
    "label", ["Desk", "<b>x & <i>", '<img src="/etc/passwd">', "w" * 200_000, "Đặng " * 60]
)
def test_three_hundred_units_of_any_name_stay_on_three_pages_and_say_what_is_left_out(label):
    document = with_rows(with_rows(balance(), "unit", 300, label), "site", 300, label)

    content = balance_pdf(document)

    assert len(PdfReader(io.BytesIO(content)).pages) <= MOST_PAGES
    assert "more rows are in the workbook." in words_of(content)


def test_hidden_groups_have_no_figures_on_paper_or_in_tables():
    document = balance(groups_only=True)

    assert "fewer than five people" in words_of(balance_pdf(document))
    executive = next(row for row in rows_of(document, "level") if row["level"] == "Executive")
    assert [value for value in executive.values() if value.isdigit()] == []


@pytest.mark.parametrize("cut", ["level", "site", "delivery"])
def test_the_rows_of_a_table_add_up_to_its_first_to_the_minute(cut):
    whole, *parts = rows_of(balance(), cut)

    assert int(whole["total_minutes"]) == sum(int(row["total_minutes"]) for row in parts) == 63_000


def test_categories_add_up_to_all_hours_to_the_minute():
    *parts, whole = rows_of(balance(), "category")

    assert int(whole["total_minutes"]) == sum(int(row["total_minutes"]) for row in parts) == 63_000


def test_every_table_is_handed_out_with_the_terms_it_is_true_for():
    tables = balance_tables(balance())

    assert [table.title for table in tables] == [
        "By unit", "By level", "By site", "By category", "By delivery", "By month",
    ]  # fmt: skip
    assert all("Definition: Narrow" in table.notes for table in tables)
