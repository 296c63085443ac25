"""Files about people: refused rows to mend, what a file would change, one person's own data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.export.refused import RefusedRow, refused_csv
from core.export.sheets import Column, Table, csv_bytes
from people.queries.auditing import AuditLine
from people.queries.subjects import Section
from people.rules.changes import PersonChange


def refused_rows_csv(header: Sequence[str], refusals: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the refused rows with their reasons as CSV, safe to open in a spreadsheet.

    Args:
        header: The columns of the file they come from.
        refusals: As a batch keeps them: row, reason, remedy and cells.
    """
    rows = (RefusedRow(r["row"], r["reason"], r["remedy"], r["cells"]) for r in refusals)
    return b"".join(refused_csv(header, rows))


CHANGE_COLUMNS = ("row", "employee_number", "name", "field", "before", "after", "from_on")


def changes_csv(changes: Iterable[PersonChange]) -> bytes:
    """Return what a people file would change as CSV: one line for each field of each person."""
    lines = (
        (
            str(one.row),
            one.number,
            one.name,
            field.label,
            field.before,
            field.after,
            field.from_on.isoformat() if field.from_on else "",
        )
        for one in changes
        for field in one.fields
    )
    columns = [Column(name, name) for name in CHANGE_COLUMNS]
    return csv_bytes(Table(title="Changes", columns=columns, rows=lines))


def my_data_csv(sections: Sequence[Section], looks: Sequence[AuditLine]) -> bytes:
    """Return everything held on a person as CSV: one line for each value."""
    names = ("table", "what", "row", "column", "value")
    return csv_bytes(
        Table(
            title="My data",
            columns=[Column(name, name) for name in names],
            rows=(*_values_of(sections), *_looks(looks)),
        )
    )


def _values_of(sections: Sequence[Section]) -> Iterator[tuple[str, ...]]:
    for section in sections:
        for number, row in enumerate(section.rows, start=1):
            for column, value in zip(section.columns, row, strict=True):
                yield section.table, section.what, str(number), column, value


def _looks(looks: Sequence[AuditLine]) -> Iterator[tuple[str, ...]]:
    for number, line in enumerate(looks, start=1):
        what = f"{line.what} by {line.who} as {line.capacity}"
        yield "looks", "Who looked", str(number), line.at.isoformat(timespec="seconds"), what
