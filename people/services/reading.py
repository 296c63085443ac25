"""From a people file to rows that say something, and to what is told about how it was read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from core.clock import today
from core.days import DayOrder, day_from_text, decide_order
from core.defusing import undefuse
from core.errors import RefusedError, ValueProblem
from core.headers import as_named_in, listed
from core.tables import BadRow, Limits, TableFile, open_table
from people.rules.cells import fte_percent_from, gender_from, level_from
from people.rules.files import (
    DATE_FIELDS,
    FIELD_LABELS,
    PersonRow,
    Refusal,
    Sheet,
    person_rows,
    without_repeats,
)
from people.rules.headers import PeopleHeader, guess_mapping

EXAMPLE_COUNT = 3
_OPEN_END = re.compile(r"^9999-12-31|^31[./-]12[./-]9999|^12/31/9999")
ORDERS = {"day_first": DayOrder.DAY_FIRST, "month_first": DayOrder.MONTH_FIRST}
CHECKED_GUESSES: dict[str, Callable[[str], object]] = {
    "level": level_from,
    "gender": gender_from,
    "fte": fte_percent_from,
}
"""Fields whose column is only believed when its values make sense, unless it has the very name."""


@dataclass(frozen=True)
class ColumnLook:
    """One column of a file: its name, a few of its texts, what it means and why."""

    name: str
    examples: tuple[str, ...]
    field: str
    because: str


@dataclass(frozen=True)
class FileLook:
    """How a file was read.

    Attributes:
        kind: "csv" or "xlsx".
        date_order: How ambiguous days are read: "day_first", "month_first", or "" when none is.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    columns: tuple[ColumnLook, ...]
    date_order: str

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def mapping(self) -> dict[str, str]:
        """Return the field of each column that is used."""
        return {column.name: column.field for column in self.columns if column.field}


@dataclass(frozen=True)
class PeopleFile:
    """A people file in memory.

    Attributes:
        rows: What its good rows say.
        repeats: How many rows repeat another one word by word.
        bad: Rows that could not be read as rows at all.
    """

    look: FileLook
    sheet: Sheet
    rows: list[PersonRow]
    repeats: int
    bad: list[BadRow]

    @property
    def row_count(self) -> int:
        """Return how many rows the file has."""
        return len(self.sheet.rows) + len(self.bad)

    def refusals(self) -> list[Refusal]:
        """Return every refused row, by row number."""
        bad = [Refusal(one.row, "", "", one.reason, one.remedy, one.cells) for one in self.bad]
        return sorted([*bad, *self.sheet.refusals.values()], key=lambda refusal: refusal.row)


def read_people_file(
    path: Path, limits: Limits, mapping: Mapping[str, str] | None, date_order: str | None
) -> PeopleFile:
    """Read a people file as a whole.

    Raises:
        RefusedError: It cannot be read, has no employee numbers, or its days could be two days.
    """
    table = open_table(path, limits, fits=_fits)
    rows, columns, bad = _read(table)
    fields, reasons = _meanings(table.header, columns, mapping)
    sheet = Sheet(table.header, rows, columns, fields)
    orders = {field: _order(sheet.texts(field), date_order) for field in DATE_FIELDS}
    orders = _agreed(orders, sheet)
    days = {field: _day_from(order) for field, order in orders.items()}
    people = person_rows(sheet, {**days, "left_on": _without_open_end(days["left_on"])})
    people, repeats = without_repeats(people, sheet)
    described = _columns(table.header, columns, fields, reasons)
    look = _look(table, described, _order_told(orders.values()))
    return PeopleFile(look, sheet, people, repeats, bad)


def look_at(path: Path, limits: Limits, mapping: Mapping[str, str] | None) -> FileLook:
    """Return the columns of a file, whether or not it makes a people file.

    Args:
        path: The file.
        limits: How much is read.
        mapping: What the columns were said to mean.

    Raises:
        RefusedError: There is no table in the file.
    """
    table = open_table(path, limits, fits=_fits)
    _, columns, _ = _read(table)
    guess = {
        table.header[m.column]: field for field, m in guess_mapping(table.header).matches.items()
    }
    return _look(table, _columns(table.header, columns, mapping or guess, {}), "")


def _look(table: TableFile, columns: tuple[ColumnLook, ...], date_order: str) -> FileLook:
    return FileLook(
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        columns=columns,
        date_order=date_order,
    )


def _fits(header: list[str]) -> bool:
    return guess_mapping(header).refusal() is None


def _read(table: TableFile) -> tuple[list[int], list[list[str]], list[BadRow]]:
    rows: list[int] = []
    columns: list[list[str]] = [[] for _ in table.header]
    bad: list[BadRow] = []
    known: dict[str, str] = {}
    for block in table.blocks():
        rows += block.rows
        bad += block.bad
        for column, cells in zip(columns, block.columns, strict=True):
            # The same few texts come again and again: each is kept once.
            column += [known.setdefault(cell, undefuse(cell)) for cell in cells]
    return rows, columns, bad


def _meanings(
    header: Sequence[str], columns: Sequence[Sequence[str]], mapping: Mapping[str, str] | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the field of each column, and why it is believed."""
    if mapping is not None:
        fields = _told(header, mapping)
        return fields, dict.fromkeys(fields, "you said so")
    guess = guess_mapping(header)
    refusal = guess.refusal()
    if refusal:
        raise RefusedError(refusal, field="mapping")
    fields, reasons = {}, {}
    for field, match in guess.matches.items():
        name = header[match.column]
        if name == field or _makes_sense(field, columns[match.column]):
            fields[name], reasons[name] = field, match.reason
    _believe_numbers(header, columns, guess, fields, reasons)
    return fields, reasons


def _believe_numbers(
    header: Sequence[str],
    columns: Sequence[Sequence[str]],
    guess: PeopleHeader,
    fields: dict[str, str],
    reasons: dict[str, str],
) -> None:
    """Let a column "Manager" that holds employee numbers of the file mean the manager's number."""
    at = guess.columns
    if "manager_name" not in at or "manager_number" in at:
        return
    numbers = set(columns[at["employee_number"]])
    held = set(columns[at["manager_name"]]) - {""}
    if held and 2 * len(held & numbers) > len(held):
        name = header[at["manager_name"]]
        fields[name], reasons[name] = "manager_number", "it holds employee numbers"


def _told(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    fields = {name: field for name, field in as_named_in(header, mapping).items() if field}
    there = {name.casefold().strip() for name in header}
    for name, field in mapping.items():
        if field and name.casefold().strip() not in there:
            raise RefusedError(f"The file has no column “{name}”.", field="mapping")
    for field in fields.values():
        if field not in FIELD_LABELS:
            raise RefusedError(f"“{field}” is no field of a person.", field="mapping")
    doubled = [field for field in fields.values() if list(fields.values()).count(field) > 1]
    if doubled:
        columns = [name for name, field in fields.items() if field == doubled[0]]
        raise RefusedError(
            f"Two columns mean {FIELD_LABELS[doubled[0]].lower()}: {listed(columns)}. Choose one.",
            field="mapping",
        )
    if "employee_number" not in fields.values():
        raise RefusedError("Say which column holds the employee number.", field="mapping")
    return fields


def _makes_sense(field: str, cells: Sequence[str]) -> bool:
    """Tell whether most of the different texts of a column are what a guess takes them for."""
    meaning = CHECKED_GUESSES.get(field)
    if meaning is None:
        return True
    texts = set(cells) - {""}
    return 2 * sum(_is_understood(meaning, text) for text in texts) >= len(texts)


def _is_understood(meaning: Callable[[str], object], text: str) -> bool:
    try:
        meaning(text)
    except ValueProblem:
        return False
    return True


def _order(texts: Sequence[str], told: str | None) -> DayOrder:
    order = decide_order(set(texts))
    if told in ORDERS and order not in (DayOrder.ISO, DayOrder.SERIAL):
        return ORDERS[told]
    return order


def _agreed(orders: Mapping[str, DayOrder], sheet: Sheet) -> dict[str, DayOrder]:
    """Let a column that could be read in two ways follow the others of the same file.

    Raises:
        RefusedError: No column tells.
    """
    clear = {order for order in orders.values() if order in ORDERS.values()}
    unclear = [field for field, order in orders.items() if order is DayOrder.AMBIGUOUS]
    if unclear and len(clear) != 1:
        column = sheet.column_of[unclear[0]]
        raise RefusedError(
            f"In the column “{column}” it is not clear which part of a day is the day and which "
            "the month. Say which comes first, or write the days as 2026-03-31.",
            field="date_order",
        )
    return {
        field: next(iter(clear)) if order is DayOrder.AMBIGUOUS else order
        for field, order in orders.items()
    }


def _order_told(orders: Iterable[DayOrder]) -> str:
    return next((order.value for order in orders if order in ORDERS.values()), "")


def _day_from(order: DayOrder) -> Callable[[str], date | None]:
    return partial(_day, order=order, this_year=today().year)


def _without_open_end(day_from: Callable[[str], date | None]) -> Callable[[str], date | None]:
    """Let 9999-12-31, which some systems write for "no end", mean that the person is here."""
    return lambda text: None if _OPEN_END.search(text) else day_from(text)


def _day(text: str, order: DayOrder, this_year: int) -> date | None:
    return day_from_text(text, order, this_year=this_year) if text else None


def _columns(
    header: Sequence[str],
    columns: Sequence[Sequence[str]],
    fields: Mapping[str, str],
    reasons: Mapping[str, str],
) -> tuple[ColumnLook, ...]:
    return tuple(
        ColumnLook(
            name=name,
            examples=_examples(cells),
            field=fields.get(name, ""),
            because=reasons.get(name, "its name" if fields.get(name) else "no field asks for it"),
        )
        for name, cells in zip(header, columns, strict=True)
    )


def _examples(cells: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in cells:
        if cell:
            found[cell[:40]] = None
        if len(found) == EXAMPLE_COUNT:
            break
    return tuple(found)
