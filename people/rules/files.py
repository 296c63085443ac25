"""Rows of a people file: from text to what they say, and the reason where they say nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from core.errors import ValueProblem
from core.totals import is_totals_word
from people.rules.cells import (
    LONGEST_NAME,
    LONGEST_NUMBER,
    email_from,
    fte_percent_from,
    gender_from,
    level_from,
    short_text_from,
    unit_path_from,
)
from people.rules.headers import full_name
from people.rules.levels import Gender, Level

Value = TypeVar("Value")
LONGEST_EMPLOYMENT = 60

FIELD_LABELS = {
    "employee_number": "Employee number",
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "manager_number": "Manager's number",
    "manager_name": "Manager's name",
    "unit": "Unit",
    "site": "Site",
    "level": "Level",
    "job_title": "Job title",
    "gender": "Gender",
    "fte": "Working time",
    "employment": "Kind of employment",
    "hired_on": "Hired on",
    "left_on": "Left on",
    "effective_on": "Counts from",
}
"""The columns a people file may have, and what they are called on pages."""

DATE_FIELDS = ("hired_on", "left_on", "effective_on")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not recorded, why, and what to do about it.

    Attributes:
        row: Row number in the file, as a spreadsheet shows it.
        column: The column of the file that is to blame, or "" for the row as a whole.
        value: The text in that column.
        reason: A sentence.
        remedy: A sentence.
        cells: The whole row as text, so that it can be mended and imported again.
    """

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What one row says about one person; a field without a column is None, see `Sheet.fields`."""

    place: int
    number: str
    name: str | None = None
    email: str | None = None
    manager_number: str | None = None
    manager_name: str | None = None
    unit: tuple[str, ...] = ()
    site: str | None = None
    level: Level | None = None
    job_title: str | None = None
    gender: Gender | None = None
    fte_percent: int | None = None
    employment: str | None = None
    hired_on: date | None = None
    left_on: date | None = None
    effective_on: date | None = None


class Sheet:
    """The rows of a file as text, which column means what, and the rows refused so far."""

    def __init__(
        self,
        header: Sequence[str],
        rows: Sequence[int],
        columns: Sequence[Sequence[str]],
        mapping: Mapping[str, str],
    ) -> None:
        """Take the text of a file.

        Args:
            header: Names of the columns.
            rows: Row numbers in the file.
            columns: One sequence of cells for each name of the header.
            mapping: Name of a column to its field, for the columns that are used.
        """
        self.header = tuple(header)
        self.rows = rows
        self.columns = dict(zip(self.header, columns, strict=True))
        self.column_of = {field: column for column, field in mapping.items() if field}
        self.fields = frozenset(self.column_of)
        self.refusals: dict[int, Refusal] = {}

    def refuse(self, place: int, field: str, reason: str, remedy: str) -> None:
        """Refuse the row at `place`, blaming the column of `field`; the first reason stays."""
        column = self.column_of.get(field, "")
        self.refusals.setdefault(
            place,
            Refusal(
                row=self.rows[place],
                column=column,
                value=self.columns[column][place] if column else "",
                reason=reason,
                remedy=remedy,
                cells=tuple(self.columns[name][place] for name in self.header),
            ),
        )

    def texts(self, field: str) -> Sequence[str]:
        """Return the cells of the column that means `field`, nothing when there is none."""
        column = self.column_of.get(field)
        return self.columns[column] if column else ()

    def values(self, field: str, meaning: Callable[[str], Value | None]) -> list[Value | None]:
        """Return what each cell of a field means; a cell that means nothing refuses its row."""
        known: dict[str, Value | ValueProblem | None] = {}
        found: list[Value | None] = []
        for place, text in enumerate(self.texts(field)):
            if text not in known:
                known[text] = _meaning_or_error(meaning, text)
            value = known[text]
            if isinstance(value, ValueProblem):
                self.refuse(place, field, value.reason, value.remedy)
                value = None
            found.append(value)
        return found or [None] * len(self.rows)


def _meaning_or_error(
    meaning: Callable[[str], Value | None], text: str
) -> Value | ValueProblem | None:
    try:
        return meaning(text)
    except ValueProblem as error:
        return error


def person_rows(
    sheet: Sheet, day_from: Mapping[str, Callable[[str], date | None]]
) -> list[PersonRow]:
    """Return the rows that say something about a person; the others are refused in `sheet`.

    Args:
        sheet: The text of the file.
        day_from: For each of the date fields, how its texts are read.
    """

    def text(longest: int) -> Callable[[str], str | None]:
        return lambda cell: short_text_from(cell, longest)

    cells = zip(
        sheet.values("employee_number", text(LONGEST_NUMBER)),
        _names(sheet, sheet.values("name", text(LONGEST_NAME))),
        sheet.values("email", email_from),
        sheet.values("manager_number", text(LONGEST_NUMBER)),
        sheet.values("manager_name", text(LONGEST_NAME)),
        [path or () for path in sheet.values("unit", unit_path_from)],
        sheet.values("site", text(LONGEST_NAME)),
        sheet.values("level", level_from),
        sheet.values("job_title", text(LONGEST_NAME)),
        sheet.values("gender", gender_from),
        sheet.values("fte", fte_percent_from),
        sheet.values("employment", text(LONGEST_EMPLOYMENT)),
        *(sheet.values(field, day_from[field]) for field in DATE_FIELDS),
        strict=True,
    )
    found = []
    for place, (number, *said) in enumerate(cells):
        if _is_totals_line(sheet, place):
            sheet.refuse(
                place,
                "",
                "This looks like a totals line.",
                "Leave it out; people are counted here.",
            )
        elif number is None:
            _refuse_nobody(sheet, place)
        else:
            found.append(PersonRow(place, number, *said))
    return [row for row in found if _makes_sense(row, sheet)]


def _is_totals_line(sheet: Sheet, place: int) -> bool:
    """Tell whether a row sums up the others: it begins with that word and says little else.

    Somebody may be called Sum or Total: a row that says who they are, where they stand or whom
    they report to is theirs.
    """
    number = sheet.texts("employee_number")[place]
    first = next((text for name in sheet.header if (text := sheet.columns[name][place])), "")
    if not (is_totals_word(number) or is_totals_word(first)):
        return False
    return not any(sheet.texts(field)[place] for field in _OF_PEOPLE if field in sheet.fields)


_OF_PEOPLE = ("email", "manager_number", "manager_name", "first_name", "level", "hired_on")


def _names(sheet: Sheet, whole: list[str | None]) -> list[str | None]:
    first = sheet.values("first_name", lambda cell: short_text_from(cell, LONGEST_NAME // 2))
    last = sheet.values("last_name", lambda cell: short_text_from(cell, LONGEST_NAME // 2))
    parts = zip(whole, first, last, strict=True)
    return [full_name(*(part or "" for part in those)) or None for those in parts]


def _refuse_nobody(sheet: Sheet, place: int) -> None:
    sheet.refuse(
        place,
        "employee_number",
        "The row has no employee number.",
        "Fill in the number, or delete the line if it is a total.",
    )


def _makes_sense(row: PersonRow, sheet: Sheet) -> bool:
    named_by = sheet.fields & {"name", "first_name", "last_name"}
    if named_by and row.name is None:
        sheet.refuse(row.place, max(named_by), "The row has no name.", "Fill in the person's name.")
    if row.hired_on and row.left_on and row.left_on < row.hired_on:
        sheet.refuse(
            row.place,
            "left_on",
            "The person leaves before being hired.",
            "Check both days.",
        )
    if row.manager_number == row.number:
        sheet.refuse(
            row.place,
            "manager_number",
            "The person would report to themself.",
            "Leave the cell empty for the top person, or name the manager.",
        )
    return row.place not in sheet.refusals


def without_repeats(rows: Iterable[PersonRow], sheet: Sheet) -> tuple[list[PersonRow], int]:
    """Return the rows that say something of their own, and how many repeat one word by word.

    A person may stand in several rows that count from different days; two rows that say
    different things about the same day are a contradiction, and the later one is refused.
    """
    kept: dict[tuple[str, date | None], PersonRow] = {}
    repeats = 0
    for row in rows:
        first = kept.setdefault((row.number, row.effective_on), row)
        if first is row:
            continue
        if replace(first, place=row.place) == row:
            repeats += 1
            continue
        sheet.refuse(
            row.place,
            "employee_number",
            f"Row {sheet.rows[first.place]} says something else about the same person.",
            "Keep the row that is right, or write from which day each of them counts.",
        )
    return list(kept.values()), repeats
