"""Tables as files: CSV for systems, XLSX for people. The one place that writes either.

Time is given in whole minutes and money in whole cents. CSV keeps them as they are, with the keys
of the columns as header; XLSX shows hours where a column says so, with the labels as header.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

import xlsxwriter

from core.defusing import defuse
from core.hours import MINUTES_PER_HOUR

Kind: TypeAlias = Literal[
    "text", "minutes", "hours", "decimal hours", "share", "count", "score", "day", "moment", "money"
]  # fmt: skip
Cell: TypeAlias = str | int | float | date | datetime | None

ABOUT = "About"
NEVER = datetime(2000, 1, 1)  # noqa: DTZ001  # the file format knows no zones
"""When every workbook says it was made: the same content gives the same bytes."""

_BOM = "\ufeff"
_CHUNK_CHARS = 64 * 1024
_CENTS = 100
_DECIMALS: dict[str, int] = {"share": 6, "score": 2}
_MOST_CHARS = 32_000
_SHEET_NAME_CHARS = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_FILES = re.compile("[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORMATS: dict[str, str] = {
    "text": "@",
    "minutes": "#,##0",
    "hours": "#,##0.0",
    "decimal hours": "#,##0.00",
    "share": "0.0 %",
    "count": "#,##0",
    "score": "0.00",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "money": "#,##0.00",
}
_WIDTHS: dict[str, int] = {
    "text": 30, "minutes": 14, "hours": 11, "decimal hours": 11, "share": 11, "count": 10,
    "score": 10,
    "day": 12, "moment": 17, "money": 13,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        key: Its name in CSV, such as "soft_minutes".
        label: Its name in XLSX, such as "Soft minutes".
        kind: What its values are: minutes and hours take whole minutes, which CSV shows as they
            are and XLSX as hours; decimal hours are hours in both. A score
            has two decimals. Money takes whole cents, share
            0.0 to 1.0, day a date, moment a date and time. A text instead of a value (the reason
            why there is none) is always allowed, and None is an empty cell.
    """

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file.

    Attributes:
        title: Name of its sheet.
        columns: Its columns.
        rows: One value a column; read once, so that it may be a stream.
        notes: What a reader has to know about it; on the last sheet of a workbook.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[tuple[Cell, ...]]
    notes: Sequence[str] = ()


def csv_stream(table: Table) -> Iterator[bytes]:
    """Yield `table` as CSV in pieces, never all rows at once: UTF-8 with its mark, CRLF, quoted."""
    held = io.StringIO(newline="")
    held.write(_BOM)
    writer = csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([defuse(column.key) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [_plain(value, column) for value, column in zip(row, table.columns, strict=True)]
        )
        if held.tell() >= _CHUNK_CHARS:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def csv_bytes(table: Table) -> bytes:
    """Return `table` as one CSV file."""
    return b"".join(csv_stream(table))


def xlsx_bytes(tables: Sequence[Table]) -> bytes:
    """Return `tables` as one workbook, a sheet each, with their notes on the last sheet."""
    held = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"created": NEVER})
        names = _sheet_names([*(table.title for table in tables), ABOUT])
        styles = _Styles(book)
        for name, table in zip(names, tables, strict=False):
            _write_sheet(book.add_worksheet(name), table, styles)
        _write_about(book.add_worksheet(names[-1]), tables, styles)
    return held.getvalue()


def _plain(value: Cell, column: Column) -> str:
    """Return a value as CSV holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _safe(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if column.kind in _DECIMALS:
        return f"{value:.{_DECIMALS[column.kind]}f}"
    if column.kind == "decimal hours":
        return f"{value / MINUTES_PER_HOUR:.4f}".rstrip("0").removesuffix(".")
    if column.kind == "money":
        sign, cents = "-" if value < 0 else "", abs(int(value))
        return f"{sign}{cents // _CENTS}.{cents % _CENTS:02d}"
    return str(value)


def _safe(text: str) -> str:
    """Return a text that files can hold and no spreadsheet runs."""
    return defuse(_NOT_IN_FILES.sub("\ufffd", text))


_DIVISORS = {"hours": MINUTES_PER_HOUR, "decimal hours": MINUTES_PER_HOUR, "money": _CENTS}


class _Styles:
    """The formats of a workbook; they belong to it and are made once."""

    def __init__(self, book: Any) -> None:
        face = {"font_name": "Arial", "font_size": 10}
        self.head = book.add_format(
            {**face, "bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        )
        self.head_right = book.add_format(
            {**face, "bold": True, "bottom": 1, "text_wrap": True, "align": "right"}
        )
        self.cells = {
            kind: book.add_format({**face, "num_format": shown}) for kind, shown in _FORMATS.items()
        }
        self.text = book.add_format({**face, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({**face, "bold": True, "valign": "top"})
        self.reason = book.add_format({**face, "italic": True, "align": "right"})


def _write_sheet(sheet: Any, table: Table, styles: _Styles) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, max(_WIDTHS[column.kind], len(column.label) // 2 + 4))
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        style = styles.head if column.kind == "text" else styles.head_right
        sheet.write_string(0, place, _cut(column.label), style)
    for number, row in enumerate(table.rows, start=1):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, (number, place), value, column.kind, styles)


def _write(sheet: Any, place: tuple[int, int], value: Cell, kind: Kind, styles: _Styles) -> None:
    style = styles.cells[kind]
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(*place, _cut(value), style if kind == "text" else styles.reason)
    elif isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(*place, moment, style)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, style)
    else:
        divisor = _DIVISORS.get(kind, 1)
        sheet.write_number(*place, value / divisor if divisor > 1 else value, style)


def _write_about(sheet: Any, tables: Sequence[Table], styles: _Styles) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 96)
    number = 0
    said: set[str] = set()
    for table in tables:
        for note in table.notes:
            if note in said:
                continue
            said.add(note)
            term, colon, text = note.partition(": ")
            if colon:
                sheet.write_string(number, 0, _cut(term), styles.title)
            sheet.write_string(number, 1, _cut(text if colon else note), styles.text)
            number += 1


def _cut(text: str) -> str:
    return _safe(text)[:_MOST_CHARS]


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Return names that workbooks accept, each once whatever its case."""
    names: list[str] = []
    taken: set[str] = {"history"}
    for title in titles:
        base = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", title).split()).strip("'") or "Sheet"
        base = _NOT_IN_FILES.sub("", base)
        name, number = base[:_SHEET_NAME_CHARS].strip(" '"), 1
        while name.casefold() in taken:
            number += 1
            tail = f" {number}"
            name = base[: _SHEET_NAME_CHARS - len(tail)] + tail
        taken.add(name.casefold())
        names.append(name)
    return names
