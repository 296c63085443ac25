"""Rows of people files that were refused, as a file that can be mended and imported again."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

REASON_COLUMNS = ("refused_row", "refused_because", "what_to_do")
_LIVE = ("=", "+", "-", "@", "|", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def refused_rows_csv(header: Sequence[str], refusals: Iterable[Mapping[str, Any]]) -> str:
    """Return the refused rows with their reasons as CSV, safe to open in a spreadsheet.

    Args:
        header: The columns of the file they come from.
        refusals: As a batch keeps them: row, reason, remedy and cells.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*REASON_COLUMNS, *map(_dead, header)])
    for refusal in refusals:
        about = [str(refusal["row"]), refusal["reason"], refusal["remedy"]]
        writer.writerow([*map(_dead, about), *map(_dead, refusal["cells"])])
    return "\ufeff" + text.getvalue()


def _dead(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    visible = cell.lstrip(" \u00a0\ufeff\u200b")
    return f"'{cell}" if visible.startswith(_LIVE) or cell.startswith(_LIVE) else cell
