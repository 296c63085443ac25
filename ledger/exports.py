"""Files of the ledger: refused rows to mend, entries behind a figure, courses."""

from collections.abc import Iterable, Iterator, Sequence

from core.export.sheets import Column, Table, csv_stream
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
