"""Rows of people files that were refused, as a file that can be mended and imported again."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.export.refused import RefusedRow, refused_csv


def refused_rows_csv(header: Sequence[str], refusals: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the refused rows with their reasons as CSV, safe to open in a spreadsheet.

    Args:
        header: The columns of the file they come from.
        refusals: As a batch keeps them: row, reason, remedy and cells.
    """
    rows = (RefusedRow(r["row"], r["reason"], r["remedy"], r["cells"]) for r in refusals)
    return b"".join(refused_csv(header, rows))
