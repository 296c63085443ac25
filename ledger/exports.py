"""Files of the ledger: refused rows to mend, entries behind a figure, courses."""

from collections.abc import Iterable, Iterator, Sequence

from core.export.refused import RefusedRow, refused_csv
from core.export.sheets import Cell, Column, Table, csv_bytes
from ledger.queries.selections import EntryLine
from ledger.rules.classify_files import ShareChange
from ledger.rules.judging import Refusal


def refused_rows_csv(header: Sequence[str], refusals: Iterable[Refusal]) -> Iterator[bytes]:
    """Yield the refused rows as a file that can be mended and imported again.

    Args:
        header: The columns of the file they come from.
        refusals: The rows, in the order of the file.
    """
    rows = (RefusedRow(r.row, r.reason, r.remedy, r.cells) for r in refusals)
    return refused_csv(header, rows)


def share_changes_csv(changes: Iterable[ShareChange]) -> bytes:
    """Return which courses would count otherwise as CSV: before, after, and from which day."""
    names = ("row", "course_code", "course", "before", "after", "from_on")
    rows = (
        (str(c.row), c.code or "", c.title, c.before, c.after, c.from_on.isoformat())
        for c in changes
    )
    return csv_bytes(Table("Changes", [Column(name, name) for name in names], rows))


ENTRY_COLUMNS = (
    Column("entry", "Entry", "count"),
    Column("date", "Day", "day"),
    Column("employee_number", "Number"),
    Column("name", "Name"),
    Column("course_code", "Course code"),
    Column("course", "Course"),
    Column("minutes", "Minutes", "minutes"),
    Column("hours", "Hours", "decimal hours"),
    Column("hard_minutes", "Hard minutes", "minutes"),
    Column("soft_minutes", "Soft minutes", "minutes"),
    Column("unclassified_minutes", "Unclassified minutes", "minutes"),
    Column("delivery", "Delivery"),
    Column("status", "Status"),
    Column("batch", "Import", "count"),
    Column("file", "File"),
    Column("line", "Line", "count"),
    Column("reverses_entry", "Takes back entry", "count"),
    Column("recorded_at", "Recorded", "moment"),
    Column("recorded_by", "Recorded by"),
    Column("why", "Why"),
)


def entries_table(lines: Iterable[EntryLine], notes: Sequence[str] = ()) -> Table:
    """Return the entries behind a figure; their minutes add up to it."""
    return Table("Entries", ENTRY_COLUMNS, map(_entry_row, lines), notes)


def _entry_row(line: EntryLine) -> tuple[Cell, ...]:
    return (
        line.id,
        line.done_on,
        line.person_number,
        line.person,
        line.course_code,
        line.course,
        line.minutes,
        line.minutes,
        line.hard_minutes,
        line.soft_minutes,
        line.unclassified_minutes,
        line.delivery,
        line.status,
        line.batch_id,
        line.file_name,
        line.line,
        line.reverses_id,
        line.recorded_at,
        line.who,
        line.why,
    )
