"""Files of rows are read as they are; what cannot be read is said, never shifted or lost."""

import csv
import datetime
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RefusedError
from core.reading.cells import is_bad_character
from core.tables import COMMAND_LIMITS, WEB_LIMITS, Block, Limits, TableFile, open_table

HEADER = "employee_number,course,date,hours,status,cost"
ROW = "007,Phone basics,2026-03-01,1.5,Completed,0"
TINY = Limits(max_bytes=1_000_000, max_rows=3, max_columns=8, max_cell_chars=20)


@pytest.fixture
def write(tmp_path):
    def write_bytes(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_bytes


@pytest.fixture
def workbook(tmp_path):
    def save(*sheets: list[list[object]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets, start=1):
            sheet = book.create_sheet(f"Sheet {number}")
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "upload.xlsx")
        return tmp_path / "upload.xlsx"

    return save


def read(path: Path, **options: object) -> tuple[TableFile, Block]:
    """Return a small file and all its rows as one block."""
    table = open_table(path, WEB_LIMITS, **options)
    blocks = list(table.blocks())
    assert len(blocks) == 1
    return table, blocks[0]


def refusal(path: Path, limits: Limits = WEB_LIMITS, **options: object) -> str:
    with pytest.raises(RefusedError) as refused:
        for _ in open_table(path, limits, **options).blocks():
            pass
    return refused.value.message


# Text tables


def test_cells_keep_the_text_they_have(write):
    table, block = read(write("id,name,code,amount\n007,NA,1E5,None\n008, null ,1e400,NaN\n"))

    assert table.header == ["id", "name", "code", "amount"]
    assert block.rows == [2, 3]
    assert block.columns == [["007", "008"], ["NA", "null"], ["1E5", "1e400"], ["None", "NaN"]]
    assert block.bad == []


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        pytest.param(
            "name;hours;day\nA;1,5;1\nB;2,5;2\n", ";", id="semicolons with decimal commas"
        ),
        pytest.param("name\thours\tday\nA\t1,5\t1\nB\t2,5\t2\n", "\t", id="tabs"),
        pytest.param("name|hours|day\nA|1,5|1\nB|2,5|2\n", "|", id="bars"),
        pytest.param('name,hours,day\nA,"1,5",1\nB,"2,5",2\n', ",", id="commas"),
    ],
)
def test_the_delimiter_is_found(write, content, delimiter):
    table, block = read(write(content))

    assert table.delimiter == delimiter
    assert block.columns == [["A", "B"], ["1,5", "2,5"], ["1", "2"]]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_announced(write, encoding, named):
    table, block = read(write("name;place\nZoë;Zürich\nJosé;Malmö\n", encoding))

    assert table.encoding == named
    assert table.header == ["name", "place"]
    assert block.columns == [["Zoë", "José"], ["Zürich", "Malmö"]]


def test_bytes_without_a_meaning_are_refused(write):
    assert "81" in refusal(write(b"name,place\nA,\x81\xff\n"))
    assert "not text in UTF-8" in refusal(write(b"name,place\nA,\xff\n"), encoding="UTF-8")
    assert "is not known" in refusal(write("a,b\n1,2\n"), encoding="rot13")


def test_a_file_pasted_together_of_two_encodings_is_refused_with_its_line(write):
    pieces = ["name,place\nZoë,Zürich\n", "José,Malmö\n", "Åsa,Ås\nJürgen,Köln\n"]
    mixed = b"".join(
        text.encode(codec) for text, codec in zip(pieces, ("utf-8", "cp1252", "utf-8"), strict=True)
    )

    told = "Line 3 of the file is not written in UTF-8, but the rest is."
    assert told in refusal(write(mixed))
    assert told in refusal(write(mixed.replace(b"\n", b"\r")))
    table, block = read(write(mixed), encoding="Windows-1252")  # who says so is believed
    assert (table.encoding, block.columns[0][1]) == ("Windows-1252", "José")


def test_a_person_who_knows_the_encoding_is_believed(write):
    _, block = read(write("name,place\nA,Zürich\n", "cp1252"), encoding="windows-1252")

    assert block.columns[1] == ["Zürich"]


def test_quoted_line_breaks_and_blank_lines_keep_the_numbers_of_a_spreadsheet(write):
    _, block = read(write('name,note\nA,"two\nlines"\n\n,\nB,one\n'))

    assert block.rows == [2, 5]
    assert block.columns == [["A", "B"], ["two\nlines", "one"]]


def test_thirty_cells_in_a_row_of_six_are_a_bad_row_and_move_nothing(write):
    wide = ",".join(str(number) for number in range(30))
    _, block = read(write(f"{HEADER}\n{ROW}\n{wide}\n{ROW}\n"))

    assert block.rows == [2, 4]
    assert block.columns[0] == ["007", "007"]
    assert [(bad.row, bad.reason, len(bad.cells)) for bad in block.bad] == [
        (3, "The row has 30 cells, the header 6.", 30)
    ]
    assert "commas in quotation marks" in block.bad[0].remedy


def test_one_extra_cell_in_every_row_shifts_nothing(write):
    _, block = read(write(f"{HEADER}\n" + f"x,{ROW}\n" * 3))

    assert block.rows == []
    assert [bad.reason for bad in block.bad] == ["The row has 7 cells, the header 6."] * 3


def test_too_few_cells_are_a_bad_row(write):
    _, block = read(write(f"{HEADER}\n{ROW}\nonly,two\n"))

    assert [(bad.row, bad.reason) for bad in block.bad] == [
        (3, "The row has 2 cells, the header 6.")
    ]


def test_empty_cells_at_the_end_are_cut(write):
    table, block = read(write("a,b,c,,,\n1,2,3,,,\n4,5,6,,,\n"))

    assert table.header == ["a", "b", "c"]
    assert block.columns == [["1", "4"], ["2", "5"], ["3", "6"]]
    assert block.bad == []


def test_a_column_without_a_name_is_named_by_its_place(write):
    table, block = read(write("a,,c,\n1,2,3,4\n5,6,7,8\n"))

    assert table.header == ["a", "Column 2", "c", "Column 4"]
    assert block.columns[3] == ["4", "8"]


def test_two_columns_of_one_name_are_refused_by_name(write):
    assert "Two columns are named “Hours”" in refusal(write("name,hours,Hours\nA,1,2\n"))


def test_titles_above_the_header_are_passed_over(write):
    table, block = read(write(f"Training report\nPrinted on,2026-03-02\n\n{HEADER}\n{ROW}\n"))

    assert (table.header_row, table.header) == (4, HEADER.split(","))
    assert block.rows == [5]


def test_merged_group_headings_are_passed_over(write):
    table, _ = read(
        write("Person,,,Training,\nnumber,name,unit,course,day\n1,A,x,y,z\n2,B,x,y,z\n")
    )

    assert (table.header_row, table.header) == (2, ["number", "name", "unit", "course", "day"])


def test_a_file_without_a_header_is_refused(write):
    assert "No row names the columns" in refusal(write(f"{ROW}\n{ROW}\n"))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b" \n"], ids=["nothing", "lines", "mark", "blank"]
)
def test_an_empty_file_is_refused(write, content):
    assert refusal(write(content)).startswith("The file is empty.")


def test_a_header_alone_is_refused(write):
    assert "a header and no rows" in refusal(write(f"{HEADER}\n"))
    assert "a header and no rows" in refusal(write(f"{HEADER}\n,,,,,\n\n"))


def test_one_column_can_be_read(write):
    table, block = read(write("COURSE_IDNUMBER\n1b49aa30-e719\n"))

    assert table.header == ["COURSE_IDNUMBER"]
    assert block.columns == [["1b49aa30-e719"]]


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b'<?xml version="1.0"?>', "web page"),
        (b'{"a": 1}', "JSON"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x00" * 40, "not a table"),
    ],
)
def test_what_is_not_a_table_is_refused_by_its_first_bytes(write, start, word):
    assert word in refusal(write(start + b" " * 50))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a\x00b", "U+0000"),
        ("a\x07b", "U+0007"),
        ("a\u202eb", "U+202E"),
        ("a\u200bb", "U+200B"),
        ("a\ufffeb", "U+FFFE"),
    ],
)
def test_characters_nobody_sees_make_a_bad_row(write, cell, code):
    _, block = read(write(f"name,place\nA,x\n{cell},y\nC,z\n"))

    assert block.rows == [2, 4]
    assert block.bad[0].row == 3
    assert block.bad[0].reason == (
        f"The cell under “name” holds a character that cannot be read ({code})."
    )
    assert block.bad[0].cells == ("a\ufffdb", "y")


def test_a_bad_cell_in_a_column_nobody_uses_refuses_no_row(write):
    table = open_table(write("name,place\nA,x\x00\nC,z\n"), WEB_LIMITS)

    (block,) = table.blocks(used={0})

    assert block.bad == []
    assert block.columns == [["A", "C"], ["x\ufffd", "z"]]


def test_composed_and_decomposed_letters_become_one(write):
    _, block = read(write("name,place\nZoe\u0308,x\n"))

    assert block.columns[0] == ["Zoë"]


def test_a_cell_that_is_too_long_makes_a_bad_row(write):
    table = open_table(write(f"a,b\n{'x' * 21},1\n{'x' * 20},2\n"), TINY)

    (block,) = table.blocks()

    assert block.rows == [3]
    assert block.bad[0].reason == "The cell under “a” has more than 20 characters."


def test_text_after_a_closing_quotation_mark_is_a_bad_row(write):
    _, block = read(write('a,b\n1,2\n"x" y,3\n4,5\n'))

    assert block.rows == [2, 4]
    assert (block.bad[0].row, block.bad[0].cells) == (3, ('"x" y,3',))


def test_a_quotation_mark_that_is_never_closed_refuses_the_file(write):
    assert "Row 3 of the file opens a quotation mark" in refusal(write('a,b\n1,2\n"x,3\n4,5\n'))


def test_a_quotation_mark_that_closes_far_too_late_refuses_the_file(write):
    text = 'a,b\n1,2\n"x,3\n' + "4,5\n" * 40_000

    assert "Row 3 of the file opens a quotation mark that is not closed within" in refusal(
        write(text)
    )


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "x" * 200_000 + '"'])
def test_a_cell_of_200_000_characters_refuses_its_row_with_the_true_reason(write, cell):
    _, block = read(write(f"a,b\n1,2\n3,{cell}\n4,5\n"))

    assert block.rows == [2, 4]
    bad = block.bad[0]
    assert (bad.row, bad.reason, bad.remedy) == (
        3,
        "A cell of this row has more than 2\u202f000 characters.",
        "Shorten it to 2\u202f000 characters.",
    )


def test_a_cell_over_several_lines_that_is_too_long_is_never_guessed_at(write):
    text = 'a,b\n1,"two\nlines' + "x" * 200_000 + '\n7,8"\n4,5\n'

    assert "Row 2 of the file opens a quotation mark" in refusal(write(text))


def test_a_header_that_is_too_long_is_said_to_be(write):
    assert refusal(write("x" * 200_000 + ",b\n1,2\n")) == (
        "Row 1: A cell of this row has more than 2\u202f000 characters. "
        "Shorten it to 2\u202f000 characters."
    )


def test_columns_are_counted_as_they_are_even_when_there_are_thousands(write):
    names = ",".join(f"c{number}" for number in range(5_000))

    assert refusal(write(f"{names}\n{names}\n")) == (
        "The header has 5\u202f000 columns; 60 are read. Remove the columns that are not needed."
    )
    _, block = read(write(f"a,b\n1,2\n1,2\n{names}\n"))
    assert block.bad[0].reason == "The row has 5\u202f000 cells, the header 2."


def test_limits_are_said_in_a_sentence(write):
    assert "more than 3 rows" in refusal(write("a,b\n" + "1,2\n" * 4), TINY)
    assert "9 columns" in refusal(write("a,b,c,d,e,f,g,h,i\n" + "1," * 8 + "1\n"), TINY)
    small = Limits(max_bytes=10, max_rows=None)
    assert "Split it" in refusal(write("a,b\n" + "1,2\n" * 4), small)
    assert "longer than a million characters" in refusal(write(b"a" * 2_200_000))


def test_absurdly_wide_rows_do_not_fill_the_memory(write):
    table = open_table(write("a,b\n" + "," * 100_000 + "x\n1,2\n"), WEB_LIMITS)

    (block,) = table.blocks()

    assert block.rows == [3]
    assert len(block.bad) == 1
    assert len(block.bad[0].cells) <= 120


def test_blocks_have_the_size_asked_for_and_can_be_read_again(write):
    table = open_table(write("a,b\n" + "1,2\n" * 1_234), COMMAND_LIMITS)

    for _ in range(2):
        sizes = [len(block.rows) for block in table.blocks(500)]
        assert sum(sizes) == 1_234
        assert max(sizes) <= 500


def test_a_column_of_many_distinct_texts_is_read_like_any_other(write):
    rows = [f"{number},same é {number}" for number in range(5_000)]
    rows[4_000] = "4000,bad\x00cell"
    table = open_table(write("a,b\n" + "\n".join(rows)), COMMAND_LIMITS)

    (block,) = table.blocks()

    assert block.columns[1][4_321 - 1] == "same é 4321"
    assert [bad.row for bad in block.bad] == [4_002]


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda text: not any(map(is_bad_character, text))
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"])
)
def test_any_text_written_as_csv_is_read_back_unchanged(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("cells") / "upload"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["key", "first", "second"])
        writer.writerows(["k", *row] for row in rows)

    table = open_table(path, WEB_LIMITS, delimiter=delimiter, encoding="UTF-8")
    (block,) = table.blocks()

    assert block.bad == []
    wanted = [
        [unicodedata.normalize("NFC", cell.strip()) for cell in column]
        for column in zip(*rows, strict=True)
    ]
    assert block.columns[1:] == wanted


# Workbooks


def test_numbers_and_days_of_a_workbook_are_the_text_people_see(workbook):
    moments = [
        datetime.date(2026, 3, 1),
        datetime.datetime(2026, 3, 1, 10, 30),  # noqa: DTZ001
        datetime.time(1, 30),
        datetime.timedelta(hours=25, minutes=30),
    ]
    _, block = read(
        workbook(
            [
                ["whole", "part", "tiny", "large", "text", "day", "moment", "clock", "long"],
                [7.0, 1.5, 0.1 + 0.2, 1e20, "007", *moments],
            ]
        )
    )

    assert [column[0] for column in block.columns] == [
        "7", "1.5", "0.3", "100000000000000000000", "007",
        "2026-03-01", "2026-03-01 10:30", "1:30", "25:30",
    ]  # fmt: skip


def test_errors_yes_or_no_and_unstored_formulas_are_bad_rows(tmp_path):
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["#REF!", "x"], [True, "x"], ["=1/0", "x"], ["good", None]):
        book.active.append(row)
    book.active["A2"].data_type = "e"
    book.save(tmp_path / "upload.xlsx")

    _, block = read(tmp_path / "upload.xlsx")

    assert block.rows == [5]
    assert block.columns == [["good"], [""]]
    assert [(bad.row, bad.reason) for bad in block.bad] == [
        (2, "The cell under “a” holds the error #REF!."),
        (3, "The cell under “a” holds TRUE, a yes or no."),
        (4, "The cell under “a” holds a formula without a stored result."),
    ]


def test_a_value_beside_the_table_is_a_bad_row_and_rows_keep_their_numbers(workbook):
    _, block = read(workbook([["Report"], [], ["a", "b"], [1, 2], [], [3, 4, None, "note"]]))

    assert block.rows == [4]
    assert [(bad.row, bad.reason) for bad in block.bad] == [
        (6, "The row has 4 cells, the header 2.")
    ]


def test_the_sheet_that_fits_is_read_and_all_are_named(workbook):
    path = workbook([["Notes"]], [["a", "b"], [1, 2]], [["hours", "date"], [1.5, "x"]])

    assert open_table(path, WEB_LIMITS).sheet == "Sheet 2"
    fitting = open_table(path, WEB_LIMITS, fits=lambda header: "hours" in header)
    assert (fitting.sheet, fitting.sheets) == ("Sheet 3", ["Sheet 1", "Sheet 2", "Sheet 3"])
    assert open_table(path, WEB_LIMITS, sheet="Sheet 3").header == ["hours", "date"]
    assert "Choose one of: “Sheet 1”, “Sheet 2”, “Sheet 3”." in refusal(path, sheet="Other")


def test_one_cell_in_the_last_row_and_column_takes_no_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.active.cell(1_048_576, 16_384).value = "x"
    book.save(tmp_path / "upload.xlsx")

    _, block = read(tmp_path / "upload.xlsx")

    assert block.rows == [2]
    assert block.bad[0].row == 1_048_576
    assert block.bad[0].reason == "The cell in column XFD holds “x”, far to the right of the table."


def test_a_sheet_of_millions_of_empty_cells_is_refused(workbook, monkeypatch):
    monkeypatch.setattr("core.reading.workbook._MOST_EMPTY_CELLS", 5)
    path = workbook([["a", "b"], [1, 2]])
    rebuilt(
        path,
        SHEET,
        lambda xml: xml.replace(b"</row></sheetData>", b"<c/>" * 6 + b"</row></sheetData>"),
    )

    assert "empty cells" in refusal(path)


def rebuilt(path: Path, part: str, change) -> Path:
    """Write the workbook again with one part changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_false_dimension_hides_no_row(workbook):
    path = workbook([["a", "b"], [1, 2], [3, 4]])
    rebuilt(path, SHEET, lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:A1"'))

    _, block = read(path)

    assert block.columns == [["1", "3"], ["2", "4"]]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(workbook, codec):
    doctype = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x/>'
    path = rebuilt(
        workbook([["a", "b"], [1, 2]]), "docProps/app.xml", lambda _: doctype.encode(codec)
    )

    assert "declares XML entities" in refusal(path)


def test_bombs_are_refused_before_they_are_read(workbook):
    path = workbook([["a", "b"], [1, 2]])
    rebuilt(
        path,
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 1_000_000 + b"</sheetData>"),
    )

    assert "far more than its size" in refusal(path)
    few = Limits(max_bytes=10_000_000, max_rows=None, max_unzipped_bytes=2_000_000)
    assert "unpacks to more than 2\u202fMB" in refusal(path, few)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubled_outside_and_too_many_members_are_refused(workbook):
    path = workbook([["a", "b"], [1, 2]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    assert "holds a part twice" in refusal(path)

    path = workbook([["a", "b"], [1, 2]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../evil.xml", "<x/>")
    assert "outside itself" in refusal(path)

    path = workbook([["a", "b"], [1, 2]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(201):
            archive.writestr(f"part{number}.xml", "<x/>")
    assert "200 are read" in refusal(path)


def test_an_encrypted_workbook_is_refused(workbook):
    path = workbook([["a", "b"], [1, 2]])
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)

    assert "encrypted" in refusal(path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda xml: xml[:200], id="cut off"),
        pytest.param(lambda xml: xml.replace(b'r="2"', b'r="1"'), id="a row twice"),
        pytest.param(lambda xml: xml.replace(b'r="2"', b'r="2000000"'), id="beyond the last row"),
        pytest.param(lambda xml: xml.replace(b'r="B2"', b'r="A2"'), id="a cell twice"),
        pytest.param(lambda xml: xml.replace(b'r="B2"', b'r="?2"'), id="no column"),
    ],
)
def test_a_damaged_workbook_is_refused(workbook, change):
    path = rebuilt(workbook([["a", "b"], [1, 2], [3, 4]]), SHEET, change)

    assert "The workbook is damaged." in refusal(path)


def shared_texts(path: Path, **options: object) -> Path:
    """Write a workbook that keeps its texts in one place, as Excel does."""
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "day", "note"])
        day = book.add_format({"num_format": 'dddd, d. mmmm yyyy "at" h'})
        sheet.write_string(1, 0, "Zoë")
        sheet.write_datetime(1, 1, datetime.datetime(2026, 3, 1), day)  # noqa: DTZ001
        sheet.write_rich_string(1, 2, "plain ", book.add_format({"bold": True}), "bold")
    return path


def test_shared_and_rich_texts_and_both_calendars_are_read(tmp_path):
    for is_1904 in (False, True):
        _, block = read(shared_texts(tmp_path / "upload.xlsx", date_1904=is_1904))

        assert block.columns == [["Zoë"], ["2026-03-01"], ["plain bold"]]


def test_a_text_that_is_not_there_is_damage(tmp_path):
    path = shared_texts(tmp_path / "upload.xlsx")
    rebuilt(path, SHEET, lambda xml: xml.replace(b"<v>3</v>", b"<v>99</v>"))

    assert "The workbook is damaged." in refusal(path)


def test_escaped_control_characters_of_a_workbook_make_a_bad_row(workbook):
    path = workbook([["a", "b"], ["x", "y"]])
    rebuilt(path, SHEET, lambda xml: xml.replace(b"<t>x</t>", b"<t>x_x0007_</t>"))

    _, block = read(path)

    assert "U+0007" in block.bad[0].reason


def test_other_zip_files_are_refused(write, tmp_path):
    with zipfile.ZipFile(tmp_path / "upload", "w") as archive:
        archive.writestr("table.csv", "a,b\n1,2\n")
    assert "not an Excel workbook" in refusal(tmp_path / "upload")
    assert "damaged" in refusal(write(b"PK\x03\x04 and nothing more"))
    with zipfile.ZipFile(tmp_path / "upload", "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    assert "xlsb" in refusal(tmp_path / "upload")


def test_a_workbook_with_empty_sheets_is_refused(workbook):
    assert refusal(workbook([], [])).startswith("The file is empty.")
