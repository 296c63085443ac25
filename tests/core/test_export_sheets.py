"""CSV and XLSX say the same, run nothing and are the same bytes for the same content."""

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest

from core.export.sheets import Column, Table, csv_bytes, csv_stream, xlsx_bytes

COLUMNS = [
    Column("course", "Course"),
    Column("day", "Day", "day"),
    Column("recorded_at", "Recorded", "moment"),
    Column("minutes", "Hours", "hours"),
    Column("soft_share", "Soft share", "share"),
    Column("people", "People", "count"),
    Column("cost", "Cost", "money"),
]
MOMENT = datetime(2026, 10, 2, 8, 30, tzinfo=UTC)
ROW = ("Phone basics", date(2026, 3, 1), MOMENT, 90, 1 / 11, 12, 12_050)


def table(*rows, title="Hours", notes=()):
    return Table(title, COLUMNS, rows, notes)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def read_xlsx(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_csv_keeps_minutes_whole_and_days_plain():
    assert read_csv(csv_bytes(table(ROW)))[1] == [
        "Phone basics", "2026-03-01", "2026-10-02T08:30:00+00:00", "90", "0.090909", "12", "120.50",
    ]  # fmt: skip


def test_csv_begins_with_the_mark_of_its_encoding_and_ends_its_lines_for_every_system():
    content = csv_bytes(table(ROW))

    assert content.startswith(b'\xef\xbb\xbf"course","day"')
    assert content.count(b"\r\n") == 2
    assert content.endswith(b"\r\n")


def test_csv_shows_the_reason_where_there_is_no_figure_and_nothing_for_nothing():
    row = ("Shops", None, None, "fewer than five people", None, None, -5)

    assert read_csv(csv_bytes(table(row)))[1] == [
        "Shops", "", "", "fewer than five people", "", "", "-0.05",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "  @SUM(A1)", "\u200b+1", "a\n=1", "\tx"])
def test_no_text_is_a_formula_in_either_file(name):
    rows = table((name, *ROW[1:]))

    assert read_csv(csv_bytes(rows))[1][0] == f"'{name}"
    cell = read_xlsx(xlsx_bytes([rows]))["Hours"]["A2"]
    assert cell.value == f"'{name}"
    assert cell.data_type == "s"


def test_half_characters_and_control_characters_do_not_break_a_file():
    rows = table(("a\ud800b\x00c\uffff", *ROW[1:]))

    assert read_csv(csv_bytes(rows))[1][0] == "a\ufffdb\ufffdc\ufffd"
    assert read_xlsx(xlsx_bytes([rows]))["Hours"]["A2"].value == "a\ufffdb\ufffdc\ufffd"


def test_csv_of_many_rows_is_streamed():
    rows = ((f"Course {number}", *ROW[1:]) for number in range(50_000))
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in csv_stream(Table("Hours", COLUMNS, rows)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 3_500_000
    assert most < 2_000_000


def test_xlsx_holds_numbers_days_and_shares_as_what_they_are():
    sheet = read_xlsx(xlsx_bytes([table(ROW)]))["Hours"]

    assert [cell.value for cell in sheet[1]] == [column.label for column in COLUMNS]
    assert [cell.value for cell in sheet[2]] == [
        "Phone basics",
        datetime.combine(date(2026, 3, 1), time()),
        MOMENT.replace(tzinfo=None),
        1.5, 1 / 11, 12, 120.5,
    ]  # fmt: skip
    assert sheet["E2"].number_format == "0.0 %"
    assert sheet["B2"].is_date
    assert sheet.freeze_panes == "B2"


def test_xlsx_says_what_it_shows_on_its_last_sheet_and_each_thing_once():
    notes = ("Share: Soft hours divided by classified hours.", "Demonstration data.")
    book = read_xlsx(xlsx_bytes([table(ROW, notes=notes), table(title="Units", notes=notes)]))

    assert book.sheetnames == ["Hours", "Units", "About"]
    assert list(book["About"].values) == [
        ("Share", "Soft hours divided by classified hours."),
        (None, "Demonstration data."),
    ]


def test_sheet_names_are_accepted_and_stay_apart():
    titles = ["By [unit]: a/b*c?", "ABOUT", "About", "x" * 40, "X" * 40, "", "''", "History"]
    book = read_xlsx(xlsx_bytes([table(title=title) for title in titles]))

    assert book.sheetnames == [
        "By unit a b c",
        "ABOUT",
        "About 2",
        "x" * 31,
        "X" * 29 + " 2",
        "Sheet",
        "Sheet 2",
        "History 2",
        "About 3",
    ]


def test_the_same_content_gives_the_same_bytes():
    assert xlsx_bytes([table(ROW)]) == xlsx_bytes([table(ROW)])
    assert b"2000-01-01T00:00:00Z" in (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes([table(ROW)]))).read("docProps/core.xml")
    )
