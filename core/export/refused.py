"""Refused rows of a file, as a file that can be mended and brought again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.defusing import defuse
from core.headers import REASON_COLUMNS

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a file with the reason it was refused for; `cells` as the file has them."""

    row: int
    reason: str
    remedy: str
    cells: Sequence[str]


def refused_csv(header: Sequence[str], rows: Iterable[RefusedRow]) -> Iterator[bytes]:
    """Yield the file: why, what to do, and the row as it was, safe to open in a spreadsheet.

    Reasons of an earlier round are left out, so that a file can go round any number of times. A
    row with more cells than the header keeps them, and is refused again until it is mended.

    Args:
        header: The columns of the file the rows come from.
        rows: The refused rows, in the order of the file.
    """
    kept = [place for place, name in enumerate(header) if name not in REASON_COLUMNS]
    held = io.StringIO()
    writer = csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    held.write("\ufeff")
    writer.writerow([*REASON_COLUMNS, *(defuse(header[place]) for place in kept)])
    for number, row in enumerate(rows, start=1):
        cells = [*row.cells, *[""] * (len(header) - len(row.cells))]
        own = [cells[place] for place in kept] + cells[len(header) :]
        writer.writerow([row.row, row.reason, row.remedy, *map(defuse, own)])
        if number % _ROWS_AT_ONCE == 0:
            yield _taken(held)
    yield _taken(held)


def _taken(held: io.StringIO) -> bytes:
    text = held.getvalue()
    held.seek(0)
    held.truncate()
    return text.encode("utf-8", "replace")
