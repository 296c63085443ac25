"""Files of the ledger: refused rows to mend, entries behind a figure, courses."""

from collections.abc import Iterable, Iterator, Sequence

from core.export.sheets import Cell, Column, Table, csv_stream
from ledger.queries.selections import EntryLine
from ledger.rules.judging import Refusal

REASON_COLUMNS = ("refused_row", "refused_because", "what_to_do")


def refused_rows_csv(header: Sequence[str], refusals: Iterable[Refusal]) -> Iterator[bytes]:
    """Return the refused rows as a file that can be mended and imported again.

    Args:
        header: The columns of the file they come from; a re-import ignores the three before them.
        refusals: The rows, in the order of the file.
    """
    names = [*REASON_COLUMNS, *header]
    return csv_stream(
        Table(
            title="Refused rows",
            columns=[Column(name, name) for name in names],
            rows=(_row(refusal, len(header)) for refusal in refusals),
            notes=(),
        )
    )


def _row(refusal: Refusal, width: int) -> tuple[str, ...]:
    cells = [*refusal.cells, *[""] * width][:width]
    return (str(refusal.row), refusal.reason, refusal.remedy, *cells)


ENTRY_COLUMNS = (
    Column("entry", "Entry", "count"),
    Column("date", "Day", "day"),
    Column("employee_number", "Number"),
    Column("name", "Name"),
    Column("course_code", "Course code"),
    Column("course", "Course"),
    Column("minutes", "Minutes", "minutes"),
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
